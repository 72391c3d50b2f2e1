"""The screen of access: its words, its map, its cells, and what it does not say."""

from __future__ import annotations

from base64 import b64decode

import numpy as np
import pandas as pd
import pytest

from canheal_nb import data
from canheal_nb.apps import access, shell
from canheal_nb.model import reached
from canheal_nb.questions import Access, read
from canheal_nb.views import hexes
from canheal_nb.views import reaching as said


@pytest.fixture(scope="module")
def dataset() -> data.Dataset:
    return data.load()


def screen(dataset: data.Dataset, **given: str) -> shell.Screen:
    return access.screen(read(Access, given, access.vocabulary(dataset)), dataset)


def row(share: float, low: float, high: float, state: str = "exact") -> pd.Series:
    return pd.Series({"share": share, "low": low, "high": high, "state": state})


@pytest.mark.parametrize(
    ("given", "weak", "text"),
    [
        (row(0.273, 0.24, 0.306), False, "27 % (24 to 31 %)"),
        (row(0.273, 0.24, 0.306), True, "between 24 and 31 %"),
        (row(0.0, 0.0, 0.0), True, "0 %"),
        (row(0.5, 0.4, 0.6, "at_least"), False, "at least 50 % (40 to 60 %)"),
        (row(0.0, 0.0, 0.0, "at_least"), False, "none known so near"),
        (row(0.997, 0.96, 0.9999, "at_least"), False, "over 99 % (96 to over 99 %)"),
        (row(np.nan, np.nan, np.nan, "unknown"), False, "not known"),
    ],
)
def test_a_share_in_words(given: pd.Series, weak: bool, text: str) -> None:
    assert said.spoken(given, weak) == text


def test_the_answer_says_where_what_and_how_many_with_the_band(dataset: data.Dataset) -> None:
    shown = screen(dataset)
    assert shown.context["answer"].startswith("27 % (24 to 31 %) of the people in the European Un")
    assert "in their own country" in shown.context["answer"]
    assert "any member state" in screen(dataset, borders="open").context["answer"]
    assert "by car" in shown.markup()


def test_a_list_of_two_of_thirty_gives_no_figure_anywhere(dataset: data.Dataset) -> None:
    shown = screen(dataset, centres="eunetccc", borders="open")
    assert "is not known" in shown.context["answer"]
    assert {r["share"] for r in shown.context["rows"]} == {"not known"}
    assert shown.context["equal"] is None
    assert shown.context["crossing"] is None
    assert set(_classes(shown)) == {hexes.UNSEEN}
    assert shown.markup()


def test_lower_bounds_are_said_dotted_and_not_ranked(dataset: data.Dataset) -> None:
    shown = screen(dataset, centres="any")
    assert {unit.soft for unit in shown.context["picture"].units} == {True}
    shares = {r["share"] for r in shown.context["rows"]}
    assert all(s.startswith(("at least", "over", "none known")) for s in shares)
    beyond = set(_classes(shown)) - {0, 1, 2}
    assert beyond == {hexes.UNKNOWN}


def test_every_cell_has_one_class_one_name_and_at_least_three_corners(
    dataset: data.Dataset,
) -> None:
    shown = screen(dataset)
    sizes = np.frombuffer(b64decode(shown.cells["sizes"]), dtype=np.uint8)
    corners = np.frombuffer(b64decode(shown.cells["corners"]), dtype="<i4")
    names = shown.cells["names"].split("\n")
    assert len(_classes(shown)) == len(sizes) == len(names) > 13_000
    assert sizes.min() >= 3
    assert len(corners) == 2 * sizes.sum()
    assert all(names)
    frames = shown.cells["frames"]
    assert sum(count for _start, count, _width in frames.values()) == len(sizes)
    assert {"main", "GP", "PT-20"} <= set(frames)


def test_cells_and_countries_add_up_to_the_same_share(dataset: data.Dataset) -> None:
    shown = screen(dataset, borders="open")
    drawn = access.cells(dataset)
    near = _classes(shown) <= 2
    share = drawn.loc[near, "population"].sum() / dataset.settlements["population"].sum()
    exact = reached.shares(dataset, "oeci", 60, True, "middle").at["EU", "share"]
    assert share == pytest.approx(exact, abs=0.02)


def test_the_cells_of_the_first_answer_are_those_of_the_whole_one(dataset: data.Dataset) -> None:
    question = Access(limit="90", borders="open")
    assert access.first(question, dataset) == access.screen(question, dataset).canvas
    assert access.first(question.changed(show="countries"), dataset) == {"classes": ""}


def test_colours_turn_at_the_limit() -> None:
    for limit in hexes.BOUNDS[:-1]:
        paint, place = hexes.colours(limit), hexes.BOUNDS.index(limit) + 1
        assert len(paint) == len(hexes.BOUNDS) + 2
        assert set(paint[:place]) <= set(hexes.NEAR)
        assert set(paint[place:-1]) <= set(hexes.FAR)
        assert len(set(paint)) == len(paint)


def test_an_outline_is_read_with_its_relative_steps() -> None:
    assert hexes.corners("M1,2l3,-.5 -1,1z").tolist() == [[1.0, 2.0], [4.0, 1.5], [3.0, 2.5]]


def test_where_people_are_placed_roughly_only_a_band_is_said(dataset: data.Dataset) -> None:
    rows = {r["id"]: r for r in screen(dataset).context["rows"]}
    assert rows["IE"]["share"].startswith("between")
    assert "GeoNames names few villages" in rows["IE"]["note"]


def test_the_table_can_be_taken_along_and_the_picture_too(dataset: data.Dataset) -> None:
    shown = screen(dataset, country="BE")
    assert shown.save is not None
    assert "Belgium" in shown.save("csv").content.decode("utf-8-sig")
    assert shown.save("svg").content.startswith(b"<svg")


def test_only_what_changed_is_sent_and_the_shapes_never_again(dataset: data.Dataset) -> None:
    before = screen(dataset).state()
    same = shell.changes(before, screen(dataset, country="BE").state())
    other = shell.changes(before, screen(dataset, limit="90").state())
    assert "canvas" not in same
    assert other["canvas"]["classes"] == before["canvas"]["classes"]
    assert other["canvas"]["colours"] != before["canvas"]["colours"]
    assert "cells" not in other


def _classes(shown: shell.Screen) -> np.ndarray:
    return np.frombuffer(b64decode(shown.canvas["classes"]), dtype=np.uint8)
