"""Numbers and sentences: as published, "at least", "not known", one and many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from canheal_nb.data import Dataset
from canheal_nb.indicators import facts, words
from canheal_nb.indicators.measures import Measure, measure
from canheal_nb.indicators.series_choice import UnionValue
from canheal_nb.text import locale, numbers

Build = Callable[..., Dataset]
NAMES = {"FR": "France", "GR": "Greece", "MT": "Malta", "SI": "Slovenia"}
RATIO = "radiotherapy_machines_dirac_per_million"


def made(
    values: dict[str, str],
    unit: str = "machines",
    kind: str = "indicator",
    union: UnionValue | None = None,
    **columns: Any,
) -> Measure:
    """Return a measure by hand, of four countries at most."""
    table = pd.DataFrame({"value": pd.Series(values, dtype="str")})
    table["number"] = pd.to_numeric(table["value"]).astype("float64")
    table = table.assign(flag="", source_id="S1", year=2025).assign(**columns)
    return Measure("x", kind, "Things", unit, "", "", "neutral", "yes", table, union, tuple(NAMES))


# --- numbers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [(4.2236, "4.2"), (8.561, "8.6"), (9.96, "10"), (123.4, "120"), (0.0456, "0.046")]
    + [(0, "0"), (1234567, "1,200,000"), (-4.26, "-4.3"), (0.999, "1.0"), (2.0, "2.0")],
)
def test_computed_numbers_have_two_figures(value: float, text: str) -> None:
    assert words.significant(value) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_no_number_is_not_zero(value: float) -> None:
    assert words.significant(value) == "not known"


@pytest.mark.parametrize(
    ("text", "spoken"),
    [("12", "12"), ("4.20", "4.20"), ("1234567", "1,234,567"), ("-0.5", "-0.5"), ("0", "0")]
    + [("0.125", "0.125"), ("1000.0", "1,000.0")],
)
def test_published_numbers_keep_their_decimals(text: str, spoken: str) -> None:
    assert words.as_published(text) == spoken


@pytest.mark.parametrize(
    ("text", "spoken"),
    [("5.2914", "5.29"), ("5.446", "5.45"), ("4.20", "4.20"), ("0.0312", "0.031"), ("12", "12")],
)
def test_what_division_adds_is_not_said(text: str, spoken: str) -> None:
    assert numbers.as_shown(text) == spoken


@pytest.mark.parametrize(
    ("value", "text"), [(2.0, "2"), (2.5, "2.5"), (12000.0, "12,000"), (0.0005, "0.0005")]
)
def test_bounds_have_no_needless_decimals(value: float, text: str) -> None:
    assert words.bound(value) == text


def test_numbers_follow_the_language(bracketed: str) -> None:
    with locale.use(bracketed):
        assert words.as_published("1234.5") == "1\xa0234,5"


# --- figures ------------------------------------------------------------------------------


def test_what_is_not_known_is_said_so() -> None:
    measure = made({"SI": "0"})
    assert words.figure(measure, "SI") == "0 machines"
    assert words.figure(measure, "FR") == "not known"
    assert words.value_text(measure, "FR") == "not known"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [("1", "machines", "1 machine"), ("2", "machines", "2 machines"), ("0", "units", "0 units")]
    + [("1", "centres", "1 centre"), ("3", "centres", "3 centres"), ("1", "%", "1 %")]
    + [("1", "cases a year", "1 case a year"), ("1", "scanners", "1 scanner")]
    + [("1", "per 1,000", "1 per 1,000"), ("1.0", "% of GDP", "1.0 % of GDP")],
)
def test_one_and_many(value: str, unit: str, text: str) -> None:
    assert words.figure(made({"SI": value}, unit), "SI") == text


def test_a_partial_list_reads_at_least() -> None:
    measure = made({"SI": "1", "FR": "3"}, "centres", "centres", at_least=[True, False])
    assert words.figure(measure, "SI") == "at least 1 centre"
    assert words.figure(measure, "FR") == "3 centres"


def test_women_only_is_said_with_every_figure(build: Build) -> None:
    rows = [("SI", "waiting", "", 2024, sex, "5", None, None, "S1", "", "") for sex in "FM"]
    found = measure(build(indicators=rows), "waiting")
    assert words.figure(found, "SI") == "5 %, women only"
    assert words.union_line(found) == "Median country: 5 %, women only, of 1 known."


@pytest.mark.parametrize(
    ("flag", "year", "text"),
    [("", 2024, "2024"), ("", pd.NA, "year not stated"), ("x,record_2019", 2026, "entry of 2019")],
)
def test_the_age_of_a_figure(flag: str, year: object, text: str) -> None:
    assert words.age({"flag": flag, "year": year}) == text


def test_flags_are_said_in_words_and_unknown_ones_left_out() -> None:
    assert facts.note("metropolitan, contradicted,record_2023") == (
        "metropolitan France only; another source differs"
    )
    assert facts.note("") == ""


# --- sentences ----------------------------------------------------------------------------


def test_who_is_known_and_who_is_not() -> None:
    text = words.known_line(made({"FR": "1", "SI": "2"}), NAMES)
    assert text == "Known for 2 of 4. Not known: Greece and Malta."
    assert words.known_line(made(dict.fromkeys(NAMES, "1")), NAMES) == "Known for 4 of 4."


def test_the_answer_names_the_countries_of_the_lowest_class() -> None:
    measure = made({"FR": "570", "MT": "3", "SI": "9"})
    assert words.answer(measure, NAMES, [10.0, 100.0]) == (
        "In 2 of the 3 countries whose figures can be used, there are fewer than 10 machines: "
        "Malta and Slovenia."
    )


def test_one_does_not_say_fewer_of_a_rate() -> None:
    text = words.answer(made({"FR": "5", "SI": "9"}, "% of GDP"), NAMES, [6.0])
    assert "the figure is below 6 % of GDP: France." in text
    assert "fewer" not in text


def test_where_nobody_is_below_the_lowest_bound_the_lowest_are_named() -> None:
    measure = made({"FR": "570", "MT": "7", "SI": "7"})
    assert words.answer(measure, NAMES, [5.0, 100.0]) == (
        "Things: no country known is below 5 machines; lowest: Malta and Slovenia."
    )


def test_where_all_are_alike_or_nobody_is_known() -> None:
    alike, one = made({"FR": "5", "SI": "5"}), made({"FR": "5"})
    assert words.answer(alike, NAMES, []) == "Things: all 2 countries known have the same figure."
    assert words.answer(one, NAMES, []) == "Things: only 1 country is known."
    assert words.answer(made({}), NAMES, []) == "Nothing is known about this for any country."


def centres(at_least: bool) -> Measure:
    numbers = {"FR": "2", "SI": "0"}
    union = UnionValue(2.0, "sum", 2, at_least)
    return made(numbers, "centres", "centres", union, at_least=False)


def test_a_count_of_centres_says_who_has_none_and_not_who_is_not_known() -> None:
    assert words.answer(centres(at_least=False), NAMES, []) == (
        "2 centres in the European Union are Things. 1 country has none: Slovenia."
    )


def test_a_sum_that_leaves_something_out_says_at_least() -> None:
    assert words.answer(centres(at_least=True), NAMES, []).startswith("At least 2 centres")
    assert words.union_line(centres(at_least=True)) == "European Union: at least 2 centres in all."
    assert words.union_line(centres(at_least=False)) == "European Union: 2 centres in all."


def test_the_unions_figure_says_what_it_is(build: Build) -> None:
    data = build()
    assert words.union_line(measure(data, RATIO)) == (
        "European Union: 7.3 machines per million people, over the 2 countries known."
    )
    assert words.union_line(measure(data, "waiting")) == "Median country: 8.25 %, of 3 known."
    assert words.union_line(made({"SI": "1"})) == ""


@pytest.mark.parametrize(
    ("country", "text"),
    [("FR", "no other of the 3 countries known has less")]
    + [("SI", "no other of the 3 countries known has more")]
    + [("MT", "more than in 2 and less than in 1 of the 3 other countries known")],
)
def test_a_countrys_place_among_those_known(country: str, text: str) -> None:
    assert words.place(made({"FR": "1", "GR": "1", "MT": "2", "SI": "3"}), country) == text


def test_a_place_among_few() -> None:
    assert words.place(made({"FR": "1"}), "FR") == "no other country is known"
    two = made({"FR": "1", "SI": "2"})
    assert words.place(two, "FR") == "the one other country known has no less"
    assert words.place(two, "SI") == "the one other country known has no more"


def test_at_least_is_left_out_of_places_and_spans() -> None:
    numbers = {"FR": "1", "GR": "9", "MT": "2", "SI": "3"}
    measure = made(numbers, "centres", "centres", at_least=[False, True, False, False])
    assert words.place(measure, "SI") == "no other of the 2 countries known has more"
    assert words.span(measure, NAMES) == "1 (France) to 3 (Slovenia)"


def test_the_span_of_nothing_is_not_known() -> None:
    assert words.span(made({}), NAMES) == "not known"


@pytest.mark.parametrize(
    ("names", "kinds", "text"),
    [
        ([], [], "No cancer centre in Slovenia is in our list."),
        (["Hill"], [], "One cancer centre in Slovenia is in our list, Hill. None has an OECI "),
        (["Hill"], ["CC"], "OECI has designated 1 Cancer Centre."),
        (["A", "B", "C"], ["CCC", "CCC", "CC"], "3 cancer centres in Slovenia are in our list. "),
        (["A", "B"], ["CCC", "CCC"], "OECI has designated 2 Comprehensive Cancer Centres."),
        (["A", "B"], ["CCC", "CC"], "1 Comprehensive Cancer Centre and 1 Cancer Centre."),
    ],
)
def test_the_centres_of_a_country(names: list[str], kinds: list[str], text: str) -> None:
    sentence = words.centres_sentence("Slovenia", pd.Series(names), pd.Series(kinds, dtype="str"))
    assert text in sentence


def test_braces_in_a_name_are_only_signs() -> None:
    names = NAMES | {"MT": "{known} {0} %s", "GR": "%(x)s"}
    assert "{known} {0} %s" in words.known_line(made({"FR": "1", "SI": "2"}), names)
    assert "%(x)s and {known}" in words.known_line(made({"FR": "1", "SI": "2"}), names)


def test_sources_that_do_not_say_are_cited_as_such(build: Build) -> None:
    (found,) = facts.cited(build().sources, ["S2"])
    assert (found.publisher, found.year, found.rights) == ("not stated",) * 3
    assert found.via == "a friend's copy"


def test_every_flag_in_the_data_is_worded_or_about_the_reading_only(dataset: Dataset) -> None:
    flags = {part.strip() for flag in dataset.indicators["flag"] for part in flag.split(",")}
    silent = {flag for flag in flags if flag and not facts.note(flag)}
    records = {flag for flag in silent if words.RECORD.fullmatch(flag)}
    assert silent - records == {"compiled", "not_re_read", "not_significant", "part_of_FR"}
