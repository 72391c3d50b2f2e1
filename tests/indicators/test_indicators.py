"""One value per area: which rows are taken, what is never mixed, and ratios on common ground."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from canheal_nb.indicators import series_choice
from canheal_nb.indicators.series_choice import Series

Rows = Callable[..., pd.DataFrame]


def row(
    area: str,
    value: str,
    year: int | None = 2024,
    *,
    sex: str = "T",
    edition: str = "",
    source: str = "S1",
    flag: str = "",
) -> tuple[Any, ...]:
    return (area, "x", edition, year, sex, value, None, None, source, flag, "")


def frame(numbers: dict[str, float], **columns: Any) -> pd.DataFrame:
    """Return a layer by hand."""
    table = pd.DataFrame({"number": pd.Series(numbers, dtype="float64")})
    for name in ("value", "source_id", "flag", "note"):
        table[name] = ""
    table["low"] = table["high"] = float("nan")
    table["year"] = pd.array([2025] * len(table), dtype="Int64")
    return table.assign(**columns)


def regions(people: dict[str, float], belongs: dict[str, str]) -> tuple[pd.Series, pd.Series]:
    return pd.Series(people, dtype="float64"), pd.Series(belongs, dtype="str")


# --- which rows ---------------------------------------------------------------------------


def test_a_missing_area_has_no_row(indicators: Rows) -> None:
    table = series_choice.layer(indicators(row("SI", "1"), row("FR", "0")), Series("x"))
    assert list(table.index) == ["FR", "SI"]
    assert table.loc["FR", "number"] == 0


def test_an_unknown_series_is_an_empty_layer(indicators: Rows) -> None:
    table = series_choice.layer(indicators(row("SI", "1")), Series("y"))
    assert table.empty
    assert list(table.columns) == series_choice.COLUMNS


def test_the_newest_year_that_nearly_all_share(indicators: Rows) -> None:
    areas = [f"A{i}" for i in range(10)]
    rows = [row(a, "1", 2020) for a in areas] + [row(a, "2", 2021) for a in areas[:9]]
    rows += [row(a, "3", 2022) for a in areas[:8]]
    table = series_choice.layer(indicators(*rows), Series("x"))
    assert set(table["year"]) == {2021}
    assert len(table) == 9  # the tenth is not known for that year, not carried over


def test_without_a_shared_year_each_area_has_its_newest(indicators: Rows) -> None:
    rows = [row("A", "1", 2019), row("A", "2", 2020), row("B", "3", 2022), row("C", "4", 2015)]
    table = series_choice.layer(indicators(*rows), Series("x"))
    assert table["value"].to_dict() == {"A": "2", "B": "3", "C": "4"}


def test_a_year_that_is_asked_for_is_the_only_one(indicators: Rows) -> None:
    rows = [row("A", "1", 2019), row("A", "2", 2020), row("B", "3", 2020)]
    table = series_choice.layer(indicators(*rows), Series("x", year=2019))
    assert table["value"].to_dict() == {"A": "1"}


def test_an_undated_figure_stands_only_alone(indicators: Rows) -> None:
    rows = [row("A", "1", None), row("A", "2", 2020), row("B", "3", None), row("C", "4", 2012)]
    table = series_choice.layer(indicators(*rows), Series("x"))
    assert table["value"].to_dict() == {"A": "2", "B": "3", "C": "4"}
    assert pd.isna(table.loc["B", "year"])
    assert set(table["flag"]) == {""}


def test_editions_are_never_mixed(indicators: Rows) -> None:
    old = [row(a, "1", 2022, edition="G 2022") for a in "ABC"]
    new = [row(a, "2", 2024, edition="G 2024") for a in "AB"]
    table = series_choice.layer(indicators(*old, *new), Series("x"))
    assert table["value"].to_dict() == {"A": "1", "B": "1", "C": "1"}
    table = series_choice.layer(indicators(*old, *new), Series("x", edition="G 2024"))
    assert table["value"].to_dict() == {"A": "2", "B": "2"}


def test_of_two_editions_that_know_as_many_the_later_one(indicators: Rows) -> None:
    rows = [row("A", "1", 2022, edition="G 2022"), row("A", "2", 2024, edition="G 2024")]
    assert series_choice.layer(indicators(*rows), Series("x")).loc["A", "value"] == "2"


@pytest.mark.parametrize(
    ("sexes", "shown", "only"),
    [("TFM", "T", ""), ("FM", "F", "F"), ("M", "M", ""), ("F", "F", ""), ("FT", "T", "")],
)
def test_both_sexes_first_and_never_added(
    indicators: Rows, sexes: str, shown: str, only: str
) -> None:
    rows = indicators(*[row("A", str(i), sex=sex) for i, sex in enumerate(sexes)])
    table = series_choice.layer(rows, Series("x"))
    assert table["value"].to_dict() == {"A": str(sexes.index(shown))}
    assert series_choice.only_sex(rows, "x") == only


def test_sources_that_contradict_each_other_are_flagged(indicators: Rows) -> None:
    rows = [row("A", "1", source="S2"), row("A", "2", source="S1", flag="old")]
    rows += [row("B", "3", source="S1"), row("B", "3.0", source="S2")]
    table = series_choice.layer(indicators(*rows), Series("x"))
    taken = table.loc["A", ["value", "source_id", "flag"]].tolist()
    assert taken == ["2", "S1", "old,contradicted"]
    assert table.loc["B", "flag"] == ""


def test_contradicting_words_are_flagged_too(indicators: Rows) -> None:
    rows = indicators(row("A", "yes", source="S1"), row("A", "no", source="S2"))
    assert series_choice.layer(rows, Series("x")).loc["A", "flag"] == "contradicted"


def test_an_older_figure_is_no_contradiction(indicators: Rows) -> None:
    rows = indicators(row("A", "1", 2020), row("A", "2", 2021))
    assert series_choice.layer(rows, Series("x")).loc["A", "flag"] == ""


def test_the_given_frame_is_left_alone(indicators: Rows) -> None:
    rows = indicators(row("A", "1", source="S1"), row("A", "2", source="S2"))
    before = rows.copy()
    series_choice.layer(rows, Series("x"))
    pd.testing.assert_frame_equal(rows, before)


# --- ratios -------------------------------------------------------------------------------


def test_counts_per_million_people() -> None:
    counts = frame({"SI": 9}, source_id="S1", flag="record_2026")
    people = frame({"SI": 2_000_000, "MT": 500_000}, source_id="S2")
    table = series_choice.per_million(counts, people, *regions({}, {}))
    assert table.loc["SI", "number"] == pytest.approx(4.5)
    assert table.loc["SI", ["base", "count"]].tolist() == [2_000_000, 9]
    assert table.loc["SI", "source_id"] == "S1+S2"
    assert list(table.index) == ["SI"]  # people alone make no ratio: Malta is not 0


def test_a_metropolitan_count_goes_by_metropolitan_people() -> None:
    counts = frame({"FR": 600, "PT": 50}, flag=["record_2023,metropolitan", ""])
    people = frame({"FR": 68e6, "PT": 10e6})
    away = regions({"GP": 3e6, "RE": 5e6, "MD": 1e6}, {"GP": "FR", "RE": "FR", "MD": "PT"})
    table = series_choice.per_million(counts, people, *away)
    assert table["base"].to_dict() == {"FR": 60e6, "PT": 10e6}
    assert table["number"].to_dict() == {"FR": 10.0, "PT": 5.0}


def test_where_an_outermost_region_is_not_known_nothing_is_divided() -> None:
    counts, people = frame({"FR": 600}, flag="metropolitan"), frame({"FR": 68e6})
    table = series_choice.per_million(
        counts, people, *regions({"GP": 3e6}, {"GP": "FR", "RE": "FR"})
    )
    assert table.empty


@pytest.mark.parametrize("flag", ["area_not_stated", "whole_island", "old, area_not_stated"])
def test_a_count_of_another_area_is_not_divided(flag: str) -> None:
    counts, people = frame({"CY": 10}, flag=flag), frame({"CY": 1e6})
    assert series_choice.per_million(counts, people, *regions({}, {})).empty


@pytest.mark.parametrize(("count", "base"), [(float("nan"), 1e6), (1, float("nan")), (1, 0)])
def test_without_count_or_people_there_is_no_ratio(count: float, base: float) -> None:
    table = series_choice.per_million(frame({"SI": count}), frame({"SI": base}), *regions({}, {}))
    assert series_choice.members_only(table, ["SI"]).empty


def test_a_flag_is_a_whole_word() -> None:
    flags = pd.Series(["old", "very_old, x", "", "x,old"])
    assert series_choice.has_flag(flags, "old").tolist() == [True, False, False, True]


# --- the Union ----------------------------------------------------------------------------


def test_members_without_a_number_are_not_known() -> None:
    table = frame({"SI": 1, "NO": 5, "FR": float("nan")})
    assert list(series_choice.members_only(table, ["FR", "GR", "SI"]).index) == ["SI"]


def test_a_ratio_of_the_union_is_a_ratio_of_sums() -> None:
    table = frame({"A": 1, "B": 10}, count=[1.0, 90.0], base=[1e6, 9e6])
    union = series_choice.union_value(table, "per million")
    assert union == series_choice.UnionValue(pytest.approx(9.1), "ratio", 2)


def test_a_sum_needs_all_twenty_seven() -> None:
    numbers = {f"A{i}": float(i) for i in range(27)}
    assert series_choice.union_value(frame(numbers), "machines") == series_choice.UnionValue(
        351.0, "sum", 27
    )
    del numbers["A0"]
    assert series_choice.union_value(frame(numbers), "machines") is None


@pytest.mark.parametrize(
    "unit",
    ["%", "% of GDP", "per 1,000", "euro a year, current prices", "constant international dollars"],
)
def test_a_published_rate_is_never_added_nor_averaged(unit: str) -> None:
    union = series_choice.union_value(frame({"A": 1, "B": 2, "C": 30}), unit)
    assert union == series_choice.UnionValue(2.0, "median", 3)


def test_of_nothing_there_is_no_union_value() -> None:
    assert series_choice.union_value(frame({}), "machines") is None


@pytest.mark.parametrize("unit", ["machines", "cases a year", "deaths a year", "people, 1 January"])
def test_things_can_be_added(unit: str) -> None:
    assert series_choice.is_count(unit)
