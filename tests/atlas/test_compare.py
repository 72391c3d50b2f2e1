"""The comparison without a browser: what is chosen, what is said, what is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from canheal_nb.atlas.question import Compare
from canheal_nb.atlas.screen import compare
from canheal_nb.charts import style
from canheal_nb.charts.drawing import NO_DATA
from canheal_nb.data import Dataset
from canheal_nb.screens.shell import App, Screen
from canheal_nb.text.errors import UserError
from canheal_nb.text.question import read, read_query

Build = Callable[..., Dataset]
RATIO = "radiotherapy_machines_dirac_per_million"
MACHINES = "radiotherapy_machines_dirac_number"
HOSTILE = "<img src=x onerror=alert(1)>\"'`"


def asked(dataset: Dataset, **given: object) -> Screen:
    known = compare.vocabulary(dataset)
    return compare.screen(read(Compare, given, known), dataset)


def plain(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def region(shown: Screen, name: str) -> str:
    return shown.state()["regions"][name]


# --- choosing -----------------------------------------------------------------------------


def test_a_seventh_is_refused_in_one_sentence_and_the_view_stays(dataset: Dataset) -> None:
    known = compare.vocabulary(dataset)
    app = App(Compare, compare.screen, known, dataset, read(Compare, {}, known))
    six = ",".join(known["country"][:6])
    app.handle("countries", six)
    shown = app.handle("countries", six + ",SE")
    assert app.question.countries == six
    assert "countries: at most 6 can be chosen, not 7; take some away first." in plain(
        region(shown, "notice")
    )
    assert region(app.handle("countries", "SE"), "notice") == ""


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("countries=EL", "unknown-countries"),
        ("countries=PL,XX", "unknown-countries"),
        ("measures=nothing", "unknown-measures"),
        ("view=three", "unknown-view"),
        ("countries=AT,BE,BG,HR,CY,CZ,DK", "too-many-countries"),
    ],
)
def test_a_wrong_link_is_refused(dataset: Dataset, query: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        read_query(Compare, query, compare.vocabulary(dataset))
    assert caught.value.code == code


def test_a_list_is_read_once_each_and_survives_the_link(dataset: Dataset) -> None:
    known = compare.vocabulary(dataset)
    question = read(Compare, {"countries": " SI, PL,SI,", "measures": ""}, known)
    assert question.countries == "SI,PL"
    assert read_query(Compare, question.query(), known) == question


@pytest.mark.parametrize("view", ["dots", "two"])
@pytest.mark.parametrize("countries", ["", "PL,SI"])
@pytest.mark.parametrize("measures", ["", "physicians_per_1000", "cancer_deaths,oeci_accredited"])
def test_any_choice_has_a_screen_with_one_question(
    dataset: Dataset, view: str, countries: str, measures: str
) -> None:
    shown = asked(dataset, view=view, countries=countries, measures=measures)
    markup = str(shown.markup())
    assert markup.count("<h1") == 1
    assert plain(region(shown, "answer"))
    ids = re.findall(r'\sid="([^"]+)"', markup)
    assert len(ids) == len(set(ids))


def test_live_regions_are_those_of_the_first_picture(dataset: Dataset) -> None:
    for view in ("dots", "two"):
        shown = asked(dataset, view=view)
        markup = str(shown.markup())
        for name, part in shown.state()["regions"].items():
            assert markup.count(f'data-region="{name}"') == 1
            assert part in markup


# --- rows of dots -------------------------------------------------------------------------


def test_the_finding_counts_measures_below_the_median(build: Build) -> None:
    shown = asked(build(), countries="MT,SI", measures=f"waiting,{RATIO}")
    assert shown.context["answer"] == (
        "Malta lies below the median in 1 of 1 measures; Slovenia in 1 of 2."
    )
    assert shown.context["directions"] == [
        "More is better: Machines per million.",
        "Less is better: People who wait.",
    ]


def test_a_strip_shows_all_known_the_chosen_by_shape_median_target_and_interval(
    build: Build,
) -> None:
    shown = asked(build(), countries="SI,FR,GR", measures="waiting")
    (strip,) = shown.context["strips"]
    root = ElementTree.fromstring(str(strip["svg"]))
    kinds = [element.get("class") for element in root.iter()]
    assert kinds.count("other") == 3
    assert kinds.count("mark") == 4
    assert kinds.count("range") == 1
    assert kinds.count("target") == 1
    shapes = {e.get("d") for e in root.iter() if e.get("class") == "mark"}
    assert len(shapes) == 2
    said = root.attrib["aria-label"]
    assert "Greece: not known." in said
    for part in ("median 8.25", "target 10 (Dream 2030)", "Slovenia: 12.5 %", "France: 8.25 %"):
        assert part in said
    assert strip["said"] == "Above the median: Slovenia. On the median: France."
    assert "Not known: Greece." in strip["known"]


def test_what_is_not_ranked_shows_figures_without_place_or_line(build: Build) -> None:
    shown = asked(build(), countries="FR,SI", measures=MACHINES)
    (strip,) = shown.context["strips"]
    assert strip["svg"] == ""
    assert [name for name, _figure in strip["figures"]] == ["France", "Slovenia"]
    (row,) = shown.context["rows"]
    assert row["reference"] == ""
    assert "median:" not in plain(region(shown, "strips"))


def test_the_table_says_year_note_interval_and_not_known(build: Build) -> None:
    shown = asked(build(), countries="FR,GR", measures="waiting")
    (row,) = shown.context["rows"]
    france, greece = row["cells"]
    assert france == {"text": "8.25", "small": "between 7.5 and 9; 2024; modelled"}
    assert greece == {"text": "not known", "small": ""}


def test_every_measure_says_where_it_is_from(dataset: Dataset) -> None:
    shown = asked(dataset)
    assert region(shown, "strips").count('class="from"') == 5
    hpv = next(s for s in shown.context["strips"] if s["id"].startswith("hpv"))
    assert "target 90 (EBCP 2030)" in str(hpv["svg"])
    assert hpv["target"]


# --- two measures -------------------------------------------------------------------------


def test_the_map_has_the_colours_of_the_square(dataset: Dataset) -> None:
    shown = asked(dataset, view="two")
    picture = shown.context["picture"]
    fills = [shown.marks[f"u-{unit.area_id}"]["fill"] for unit in picture.units]
    for row in shown.context["square"].rows:
        for cell in row:
            assert fills.count(cell.colour) == cell.count
    assert fills.count(NO_DATA) == shown.context["square"].unknown > 0
    assert set(fills) <= {*style.BIVARIATE, NO_DATA}


def test_marks_are_what_is_drawn(dataset: Dataset) -> None:
    shown = asked(dataset, view="two", countries="PL,CY")
    root = ElementTree.fromstring(str(shown.context["map_svg"]))
    drawn = {e.attrib["id"]: dict(e.attrib) for e in root.iter() if "id" in e.attrib}
    assert "u-PL" in drawn
    for element, attributes in shown.marks.items():
        if element in drawn:
            assert attributes.items() <= drawn[element].items()
    chosen = [a for a, e in drawn.items() if e.get("aria-selected") == "true"]
    assert sorted(chosen) == ["u-CY", "u-PL"]


def test_points_have_names_for_the_chosen_and_both_sizes_agree(dataset: Dataset) -> None:
    shown = asked(dataset, view="two", countries="PL,SI,GR")
    for drawn in shown.context["scatters"]:
        root = ElementTree.fromstring(str(drawn))
        texts = [e.text for e in root.iter() if e.get("font-weight")]
        assert sorted(filter(None, texts)) == ["Poland", "Slovenia"]
        assert sum(e.get("class") == "other" for e in root.iter()) == 21


def test_two_measures_warn_and_give_the_rank_correlation_with_its_number(
    dataset: Dataset,
) -> None:
    said = plain(region(asked(dataset, view="two"), "square"))
    assert "show no cause" in said
    assert re.search(r"Rank correlation \(Spearman\) [−0-9.]+ over 23 countries", said)
    assert "It is no proof" in said


def test_few_pairs_have_no_rank_correlation(build: Build) -> None:
    shown = asked(build(), view="two", countries="SI", measures=f"waiting,{RATIO}")
    assert "Spearman" not in plain(region(shown, "square"))


def test_counts_are_not_set_against_a_rate(dataset: Dataset) -> None:
    shown = asked(dataset, view="two", measures="cancer_deaths,physicians_per_1000")
    assert shown.marks["compare"] == {"data-view": "none"}
    assert "All cancers: deaths: countries are not put in an order" in shown.context["answer"]
    assert shown.context["scatters"] == []
    assert "Spearman" not in plain(region(shown, "square"))
    assert region(shown, "table").count("<tr") == 28


def test_the_measures_on_offer_for_two_may_be_ranked(dataset: Dataset) -> None:
    groups: dict[str, Any] = asked(dataset, view="two").context["pairable"]
    ids = {show for items in groups.values() for show, _label in items}
    ranks = dataset.indicator_types["rank"]
    assert len(ids) > 10
    assert all(ranks[show] != "no" for show in ids)


# --- to take along ------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["dots", "two"])
@pytest.mark.parametrize("kind", ["svg", "png", "csv", "xlsx"])
def test_what_is_seen_can_be_saved_with_its_citation(
    dataset: Dataset, view: str, kind: str
) -> None:
    shown = asked(dataset, view=view, countries="PL,CY")
    assert shown.save
    file = shown.save(kind)
    assert file.name == f"canheal-compare.{kind}"
    if kind != "xlsx":
        text = file.content.decode()
        assert "edition 2026.1" in text
        assert "Eurostat" in text
    if kind == "svg":
        root = ElementTree.fromstring(text)
        assert float(root.attrib["height"]) > 800


def test_a_sheet_says_what_its_terms_leave_out(dataset: Dataset) -> None:
    saved = asked(dataset).save
    assert saved
    text = saved("csv").content.decode()
    assert "Doctors per 1,000 people" in text
    assert "IAEA directory),left out: the terms of its source" in text
    alone = asked(dataset, measures=RATIO).save
    assert alone
    with pytest.raises(UserError, match="do not allow it to be passed on"):
        alone("csv")


def test_names_are_escaped(build: Build) -> None:
    areas = [
        ("EU", "European Union", "union", "EU"),
        ("FR", HOSTILE, "member_state", "FR"),
        ("GR", "Greece", "member_state", "GR"),
        ("MT", "Malta", "member_state", "MT"),
        ("SI", "Slovenia", "member_state", "SI"),
    ]
    for view in ("dots", "two"):
        shown = asked(build(areas=areas), countries="FR,SI", measures=f"waiting,{RATIO}", view=view)
        assert "<img" not in str(shown.markup())
        assert "<img" not in "".join(map(str, shown.state()["regions"].values()))
