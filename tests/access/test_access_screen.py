"""The screen of access: its words, its map, its cells, and what it does not say."""

from __future__ import annotations

from base64 import b64decode
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from canheal_nb import data
from canheal_nb.access.model import access_tables, crowding
from canheal_nb.access.question import Access
from canheal_nb.access.screen import access_map
from canheal_nb.access.text import coverage_text
from canheal_nb.access.text.crowding_text import METHODS
from canheal_nb.charts.maps import hexagons
from canheal_nb.screens import shell
from canheal_nb.text.question import read


def screen(dataset: data.Dataset, **given: str) -> shell.Screen:
    return access_map.screen(read(Access, given, access_map.vocabulary(dataset)), dataset)


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
    assert coverage_text.spoken(given, weak) == text


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
    assert set(_classes(shown)) == {hexagons.UNSEEN}
    assert shown.markup()


def test_lower_bounds_are_said_dotted_and_not_ranked(dataset: data.Dataset) -> None:
    shown = screen(dataset, centres="any")
    assert {unit.soft for unit in shown.context["picture"].units} == {True}
    shares = {r["share"] for r in shown.context["rows"]}
    assert all(s.startswith(("at least", "over", "none known")) for s in shares)
    beyond = set(_classes(shown)) - {0, 1, 2}
    assert beyond == {hexagons.UNKNOWN}


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
    drawn = access_map.cells(dataset)
    near = _classes(shown) <= 2
    share = drawn.loc[near, "population"].sum() / dataset.settlements["population"].sum()
    exact = access_tables.shares(dataset, "oeci", 60, True, "middle").at["EU", "share"]
    assert share == pytest.approx(exact, abs=0.02)


def test_the_cells_of_the_first_answer_are_those_of_the_whole_one(dataset: data.Dataset) -> None:
    question = Access(limit="90", borders="open")
    assert access_map.first(question, dataset) == access_map.screen(question, dataset).canvas
    assert access_map.first(question.changed(show="countries"), dataset) == {"classes": ""}
    crowded = question.changed(view="crowding", method="3sfca", decay="step")
    assert access_map.first(crowded, dataset) == access_map.screen(crowded, dataset).canvas
    assert access_map.first(crowded, dataset) != access_map.first(
        crowded.changed(decay="power"), dataset
    )


def test_colours_turn_at_the_limit() -> None:
    for limit in hexagons.BOUNDS[:-1]:
        paint, place = hexagons.colours(limit), hexagons.BOUNDS.index(limit) + 1
        assert len(paint) == len(hexagons.BOUNDS) + 2
        assert set(paint[:place]) <= set(hexagons.NEAR)
        assert set(paint[place:-1]) <= set(hexagons.FAR)
        assert len(set(paint)) == len(paint)


def test_an_outline_is_read_with_its_relative_steps() -> None:
    assert hexagons.corners("M1,2l3,-.5 -1,1z").tolist() == [[1.0, 2.0], [4.0, 1.5], [3.0, 2.5]]


def test_where_people_are_placed_roughly_only_a_band_is_said(dataset: data.Dataset) -> None:
    rows = {r["id"]: r for r in screen(dataset).context["rows"]}
    assert rows["IE"]["share"].startswith("between")
    assert "GeoNames names few villages" in rows["IE"]["note"]


def test_the_table_can_be_taken_along_and_the_picture_too(dataset: data.Dataset) -> None:
    shown = screen(dataset, country="BE")
    assert shown.save is not None
    assert "Belgium" in shown.save("csv").content.decode("utf-8-sig")
    assert shown.save("svg").content.startswith(b"<svg")


def test_hexagons_are_saved_as_a_picture_that_stands_alone(dataset: data.Dataset) -> None:
    shown = screen(dataset)
    cells = ElementTree.fromstring(_svg(shown))
    countries = ElementTree.fromstring(_svg(screen(dataset, show="countries")))
    fills = _fills(cells)
    assert set(hexagons.colours(60)[:-1]) <= set(fills)  # grey: only where a list is not whole
    assert not set(hexagons.colours(60)) & set(_fills(countries))
    outlines = access_map.cells(dataset)["path"].str.count("M").sum()
    drawn = "".join(mark.get("d", "") for mark in cells.iter() if mark.get("stroke-width") == "0.3")
    assert drawn.count("M") == outlines > 13_000
    text = " ".join(t.text or "" for t in cells.iter("{http://www.w3.org/2000/svg}text"))
    for part in ("People within 60 minutes by car", "Blue: within the limit", "▲ the limit"):
        assert part in text
    assert "Organisation of European Cancer Institutes" in text
    assert "edition" in text


@pytest.mark.parametrize("method", ["2sfca", "e2sfca", "m2sfca", "3sfca"])
@pytest.mark.parametrize("decay", ["gaussian", "step", "power"])
def test_crowding_is_said_beside_the_mean_for_every_method(
    dataset: data.Dataset, method: str, decay: str
) -> None:
    shown = screen(dataset, view="crowding", method=method, decay=decay, country="BE")
    assert "times" in shown.context["answer"]
    assert "29 % of them have none in reach" in shown.context["answer"]
    rows = {r["id"]: r for r in shown.context["rows"]}
    assert rows["DE"]["share"] == "none in reach"
    assert rows["EU"]["persons"] == "8.8 million" or method == "m2sfca"
    assert _classes(shown).max() < crowding.CLASSES
    paper = shown.context["methods"]["rows"][METHODS.index(method)]["paper"]
    assert paper.split(" ")[0] in _svg(shown).decode()
    assert shown.markup()


def test_four_methods_stand_side_by_side_with_their_papers(dataset: data.Dataset) -> None:
    methods = screen(dataset).context["methods"]
    rows = {row["id"]: row for row in methods["rows"]}
    assert list(rows) == ["2sfca", "e2sfca", "m2sfca", "3sfca"]
    assert rows["e2sfca"]["chosen"]
    assert "Luo and Qi 2009" in rows["e2sfca"]["paper"]
    assert "Delamater 2013" in rows["m2sfca"]["paper"]
    # what E2SFCA hands out in full, M2SFCA loses a part of: more people share a centre
    assert (rows["e2sfca"]["per"], rows["m2sfca"]["per"]) == ("8.8 million", "14 million")
    assert float(rows["m2sfca"]["gini"]) > float(rows["e2sfca"]["gini"])


def test_the_chosen_method_is_the_one_whose_inequality_is_said(dataset: data.Dataset) -> None:
    for method in ("e2sfca", "m2sfca"):
        context = screen(dataset, method=method).context
        row = next(r for r in context["methods"]["rows"] if r["id"] == method)
        assert context["equal"]["gini"] == row["gini"]


@pytest.mark.parametrize("show", ["hexagons", "countries"])
def test_crowding_is_not_shown_where_a_list_is_not_whole(dataset: data.Dataset, show: str) -> None:
    shown = screen(dataset, view="crowding", centres="national", show=show, country="FR")
    assert "is not shown" in shown.context["answer"]
    whole = {"CZ", "DE"}
    assert {r["id"] for r in shown.context["rows"] if r["share"] != "not shown"} == whole
    units = shown.context["picture"].units
    assert {unit.area_id for unit in units if unit.klass is not None} == whole
    if show == "hexagons":
        countries = access_map.cells(dataset)["country"]
        assert set(countries[_classes(shown) != hexagons.UNSEEN]) == whole
    union = screen(dataset, view="crowding", centres="national")
    assert "Czechia and Germany" in union.context["answer"]
    assert "Union" not in union.context["answer"]


def test_over_open_borders_a_list_that_is_not_whole_leaves_nothing_to_show(
    dataset: data.Dataset,
) -> None:
    shown = screen(dataset, view="crowding", centres="national", borders="open")
    assert set(_classes(shown)) == {hexagons.UNSEEN}
    assert "choose “own country only”" in shown.context["seen"].beside
    assert {r["share"] for r in shown.context["rows"]} == {"not shown"}
    assert not shown.context["methods"]["known"]
    nowhere = screen(dataset, view="crowding", centres="any")
    assert nowhere.context["seen"].beside == "No country's list of these centres is whole."
    assert shown.markup()


def test_only_what_changed_is_sent_and_the_shapes_never_again(dataset: data.Dataset) -> None:
    before = screen(dataset).state()
    same = shell.changes(before, screen(dataset, country="BE").state())
    other = shell.changes(before, screen(dataset, limit="90").state())
    assert "canvas" not in same
    assert other["canvas"]["classes"] == before["canvas"]["classes"]
    assert other["canvas"]["colours"] != before["canvas"]["colours"]
    assert "cells" not in other


def _svg(shown: shell.Screen) -> bytes:
    assert shown.save is not None
    return shown.save("svg").content


def _fills(picture: ElementTree.Element) -> list[str]:
    """Return the colours of the marks that lie on the land."""
    return [mark.get("fill", "") for mark in picture.iter() if mark.get("stroke-width") == "0.3"]


def _classes(shown: shell.Screen) -> np.ndarray:
    return np.frombuffer(b64decode(shown.canvas["classes"]), dtype=np.uint8)
