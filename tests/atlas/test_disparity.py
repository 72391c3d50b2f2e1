"""Gaps between countries and sexes: by hand, and for any numbers."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canheal_nb.atlas.model import disparity

VALUES = st.dictionaries(
    st.text("ABCDEFGH", min_size=1, max_size=3),
    st.one_of(st.none(), st.floats(0.001, 1e6)),
    max_size=30,
)


def series(values: dict[str, float | None]) -> pd.Series:
    return pd.Series(values, dtype="float64")


def rows(*cells: tuple[str, str, float, int], indicator: str = "lung") -> pd.DataFrame:
    """Build an indicator's rows from area, sex, number and year."""
    table = pd.DataFrame(cells, columns=["area_id", "sex", "number", "year"])
    table["year"] = table["year"].astype("Int64")
    table["value"] = table["number"].map(str)
    for column in ("low", "high"):
        table[column] = math.nan
    fixed = {"indicator": indicator, "edition": "E", "source_id": "s", "flag": "", "note": ""}
    return table.assign(**fixed)


def test_gap_by_hand() -> None:
    gap = disparity.gap(series({"A": 10, "B": 40, "C": 10, "D": None, "E": 20}))
    assert gap is not None
    assert (gap.known, gap.lowest, gap.highest) == (4, ("A", "C"), ("B",))
    assert (gap.difference, gap.ratio) == (30, 4)
    assert gap.quarters is None
    assert gap.middle_ratio is None


def test_the_middle_half_is_not_swayed_by_the_ends() -> None:
    even = {f"A{i}": float(i) for i in range(1, 10)}
    wild = {**even, "A9": 900.0}
    for values in (even, wild):
        gap = disparity.gap(series(values))
        assert gap is not None
        assert gap.quarters == (3.0, 7.0)
        assert gap.middle_ratio == pytest.approx(7 / 3)


def test_no_ratio_to_zero_and_none_from_one_value() -> None:
    gap = disparity.gap(series({"A": 0, "B": 5}))
    assert gap is not None
    assert gap.ratio is None
    assert gap.difference == 5
    assert disparity.gap(series({"A": 3, "B": None})) is None
    assert disparity.gap(series({})) is None


@given(VALUES, st.randoms())
def test_order_and_unknown_areas_change_nothing(values: dict[str, float], random: object) -> None:
    shuffled = list(values.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    more = {**dict(shuffled), "unknown": None}
    assert disparity.gap(series(more)) == disparity.gap(series(values))


@given(VALUES, st.sampled_from([0.001, 2.0, 1000.0]))
def test_ratios_do_not_depend_on_the_unit(values: dict[str, float], factor: float) -> None:
    gap, scaled = disparity.gap(series(values)), disparity.gap(series(values) * factor)
    assert (gap is None) == (scaled is None)
    if gap is None or scaled is None:
        return
    assert (scaled.lowest, scaled.highest) == (gap.lowest, gap.highest)
    assert scaled.ratio == pytest.approx(gap.ratio)
    assert scaled.difference == pytest.approx(gap.difference * factor)
    if gap.middle_ratio is not None:
        assert scaled.middle_ratio == pytest.approx(gap.middle_ratio)
        assert 1 <= gap.middle_ratio <= (gap.ratio or 0) * (1 + 1e-9)


@given(VALUES)
def test_what_is_not_known_is_in_no_part_and_reaches_nothing(values: dict[str, float]) -> None:
    known = {area for area, value in values.items() if value is not None}
    for area in values:
        part = disparity.part(series(values), area)
        assert (part in ("low", "middle", "high")) == (area in known and len(known) >= 8)
    assert set(disparity.reached(series(values), "=", 0)) == known
    assert set(disparity.reached(series(values), "<", 2e6)) == known


def test_goals_count_the_bound_as_their_sign_says() -> None:
    values = series({"A": 89, "B": 90, "C": 91, "D": None})
    assert list(disparity.reached(values, "=", 90)) == ["B", "C"]
    assert list(disparity.reached(values, ">", 90)) == ["C"]
    assert list(disparity.reached(values, "<", 90)) == ["A"]
    assert list(disparity.reached(values, "<=", 90)) == ["A", "B"]


def test_part_by_hand() -> None:
    values = series({f"A{i}": i for i in range(1, 10)})
    said = [disparity.part(values, f"A{i}") for i in (2, 3, 7, 8)]
    assert said == ["low", "middle", "middle", "high"]


def test_sexes_by_hand() -> None:
    table = rows(("A", "F", 30, 2022), ("A", "M", 60, 2022), ("B", "F", 5, 2022))
    both = disparity.by_sex(table, "lung", ["B", "A"])
    assert list(both.index) == ["A"]
    assert both.loc["A", ["women", "men", "difference", "ratio"]].tolist() == [30, 60, -30, 0.5]


def test_sexes_of_two_years_are_never_compared() -> None:
    table = rows(("A", "F", 30, 2021), ("A", "M", 60, 2022))
    assert disparity.by_sex(table, "lung", ["A"]).empty


def test_counts_are_divided_by_the_people_of_that_sex() -> None:
    cases = rows(
        ("A", "F", 30, 2022), ("A", "M", 60, 2022), ("B", "F", 1, 2022), ("B", "M", 2, 2022)
    )
    people = rows(("A", "F", 100_000, 2022), ("A", "M", 300_000, 2022), indicator="people")
    both = disparity.by_sex(pd.concat([cases, people]), "lung", ["A", "B"], "people")
    assert list(both.index) == ["A"], "without people nothing is divided"
    assert both.loc["A", ["women", "men", "ratio"]].tolist() == pytest.approx([30, 20, 1.5])


def test_no_men_means_no_ratio_and_not_a_zero() -> None:
    both = disparity.by_sex(rows(("A", "F", 3, 2022), ("A", "M", 0, 2022)), "lung", ["A"])
    assert math.isnan(both.at["A", "ratio"])
    assert both.at["A", "difference"] == 3


@pytest.mark.parametrize(
    ("sexes", "said"), [("FM", "both"), ("FMT", "both"), ("T", "T"), ("F", "F"), ("M", "M")]
)
def test_which_sexes_are_published(sexes: str, said: str) -> None:
    table = rows(*[("A", sex, 1.0, 2022) for sex in sexes])
    assert disparity.published_sexes(table, "lung") == said


def test_few_people_and_old_figures() -> None:
    people = series({"MT": 570_000, "DE": 84e6})
    assert disparity.few_people(people, ["DE", "MT", "XX"]) == ["MT"]
    table = rows(("A", "T", 1, 2017), ("B", "T", 1, 2019))
    assert disparity.years(table) == (2017, 2019)
    assert disparity.old(table, 2024)
    assert not disparity.old(table, 2023)
    assert disparity.years(table.assign(year=pd.array([pd.NA, pd.NA], dtype="Int64"))) is None
