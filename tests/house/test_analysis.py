"""The public names: what they return, what they refuse, and that they are all there is."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

import canheal_nb
from canheal_nb import UserError
from canheal_nb.data import Dataset

UNMET = "unmet_medical_need_pct"
MACHINES = "radiotherapy_machines_dirac_per_million"


@pytest.fixture(scope="module")
def unmet(dataset: Dataset) -> canheal_nb.MapFigure:
    return canheal_nb.map_figure(dataset, UNMET, country="SI")


@pytest.mark.parametrize("name", canheal_nb.__all__)
def test_every_public_name_is_there_and_described(name: str) -> None:
    found = getattr(canheal_nb, name)
    assert name in dir(canheal_nb)
    assert isinstance(found, str) or (found.__doc__ or "").strip().endswith(".")


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'laod'"):
        canheal_nb.laod  # noqa: B018


def test_all_in_the_catalogue_can_be_measured(dataset: Dataset) -> None:
    listed = canheal_nb.catalogue(dataset)
    assert listed.index.is_unique
    assert {UNMET, MACHINES, "oeci_accredited"} <= set(listed.index)
    row = listed.loc[MACHINES]
    found = canheal_nb.measure(dataset, MACHINES)
    assert (row["known"], row["unit"]) == (len(found.table), found.unit)
    assert listed["known"].between(0, 27).all()


def test_a_series_can_be_chosen_and_is_not_mixed(dataset: Dataset) -> None:
    found = canheal_nb.measure(dataset, UNMET, year=2020)
    assert set(found.table["year"]) == {2020}
    assert canheal_nb.measure(dataset, UNMET).table["year"].min() == 2025


def test_the_figure_says_the_same_in_picture_table_and_words(
    unmet: canheal_nb.MapFigure,
) -> None:
    table = unmet.table
    assert len(table) == 27
    assert table["known"].sum() == len(unmet.measure.table)
    labels = {unit.area_id: unit.text for unit in unmet.picture.units}
    assert table["text"].to_dict() == labels
    root = ET.fromstring(unmet.svg)
    assert root.get("aria-label") == unmet.picture.description
    page = unmet._repr_html_()
    assert page.count("<img") == page.count("<figcaption") == 1
    assert "Sources: Eurostat" in page


def test_what_is_not_known_has_no_number(dataset: Dataset) -> None:
    row = canheal_nb.map_figure(dataset, MACHINES).table.loc["CY"]
    assert (row["text"], row["known"], row["number"] == row["number"]) == (
        "not known",
        False,
        False,
    )


def test_the_picture_is_saved_as_it_is_shown(unmet: canheal_nb.MapFigure, tmp_path: Path) -> None:
    saved = unmet.save(tmp_path / "map.svg")
    assert saved.read_text(encoding="utf-8") == unmet.svg


def test_hostile_names_are_text_in_the_caption(build: Callable[..., Dataset]) -> None:
    bad = "<script>alert(1)</script>"
    data = build().with_indicator(_csv(build), indicator="own", label=bad, source=bad)
    figure = canheal_nb.map_figure(data, canheal_nb.Measure(**_fields(data)))
    assert "<script" not in figure._repr_html_()


def _csv(build: Callable[..., Dataset]) -> object:
    return build().indicators[["area_id", "value"]].drop_duplicates("area_id")


def _fields(data: Dataset) -> dict[str, object]:
    from canheal_nb.indicators import measures

    return vars(measures.measure(data, "own"))


def test_a_printed_table_is_read_back_as_it_stands() -> None:
    page = (
        "<table><caption>T</caption><thead><tr><th>Country</th><th>Figure</th>"
        "<th>Country</th><th>Figure</th></tr></thead><tbody>"
        "<tr><th>Austria</th><td>4.2</td><th>Malta</th><td>not  known</td></tr>"
        "<tr><th>Spain &amp; more</th><td>5<sup>a</sup></td><td></td><td></td></tr></tbody></table>"
        "<table><tr><td>another</td></tr></table>"
    )
    read = canheal_nb.read_table(page)
    assert list(read.columns) == ["Country", "Figure"]
    assert read.to_numpy().tolist() == [
        ["Austria", "4.2"],
        ["Spain & more", "5a"],
        ["Malta", "not known"],
    ]


def test_a_brief_prints_the_figures_of_the_measure(dataset: Dataset) -> None:
    brief = canheal_nb.country_brief("SI")
    printed = canheal_nb.read_table(brief.map_table()).set_index("Country")["Figure"]
    figure = canheal_nb.map_figure(dataset, MACHINES).table.set_index("name")["text"]
    spoken = figure.str.replace(" machines per million people", "")
    assert printed.to_dict() == spoken.to_dict()


REFUSED: dict[str, tuple[Callable[[Dataset], object], str]] = {
    "part of an id": (lambda d: canheal_nb.measure(d, "unmet"), "did you mean unmet_medical"),
    "no id at all": (lambda d: canheal_nb.measure(d, "zzz"), "`catalogue(dataset)` lists all"),
    "a year": (lambda d: canheal_nb.measure(d, UNMET, year=1990), "no year 1990; there is: 2019"),
    "a sex": (lambda d: canheal_nb.measure(d, UNMET, sex="M"), "no sex M; there is: T."),
    "EL": (lambda d: canheal_nb.map_figure(d, UNMET, country="EL"), "Greece is written GR"),
    "centres": (lambda d: canheal_nb.map_figure(d, UNMET, centres="x"), "Use one of: oeci, all"),
    "a brief": (lambda _d: canheal_nb.country_brief("XX"), "country: 'XX' is not known"),
    "no table": (lambda _d: canheal_nb.read_table("<p>none</p>"), "There is no table"),
    "a PNG": (lambda d: canheal_nb.map_figure(d, UNMET).save("a.png"), "write a.svg, not a.png"),
    "no folder": (
        lambda d: canheal_nb.map_figure(d, UNMET).save("absent/a.svg"),
        "cannot be written",
    ),
}


@pytest.mark.parametrize(("ask", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_refused_in_one_sentence(
    dataset: Dataset, ask: Callable[[Dataset], object], words: str
) -> None:
    with pytest.raises(UserError, match=re.escape(words)) as refused:
        ask(dataset)
    assert "\n" not in str(refused.value)
