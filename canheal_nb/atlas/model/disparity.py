"""How unequal: gaps between countries and between women and men; not known is never zero."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from canheal_nb.indicators import series_choice

FEWEST_FOR_QUARTERS = 8
PER = 100_000
FEW_PEOPLE = 1_000_000
OLD_YEARS = 5


@dataclass(frozen=True)
class Gap:
    """How far apart the known values of one measure are, in its unit.

    `lowest`, `highest`: the areas at the ends, all of them where several are alike, sorted.
    `difference`: highest minus lowest. `ratio`: highest over lowest, None unless all are above
    zero. `quarters`: the bounds of the middle half of areas (each counts once) and
    `middle_ratio` the upper over the lower; None for fewer than eight areas.
    """

    known: int
    low: float
    lowest: tuple[str, ...]
    high: float
    highest: tuple[str, ...]
    difference: float
    ratio: float | None
    quarters: tuple[float, float] | None
    middle_ratio: float | None


def gap(values: pd.Series) -> Gap | None:
    """Return how far apart values by area are; those without a number are left out.

    None where fewer than two are known.
    """
    known = values.dropna()
    if len(known) < 2:
        return None
    low, high = float(known.min()), float(known.max())
    quarters = None
    if len(known) >= FEWEST_FOR_QUARTERS:
        quarters = (float(known.quantile(0.25)), float(known.quantile(0.75)))
    return Gap(
        known=len(known),
        low=low,
        lowest=tuple(sorted(map(str, known.index[known == low]))),
        high=high,
        highest=tuple(sorted(map(str, known.index[known == high]))),
        difference=high - low,
        ratio=ratio(high, low),
        quarters=quarters,
        middle_ratio=ratio(quarters[1], quarters[0]) if quarters else None,
    )


def ratio(more: float, less: float) -> float | None:
    """Return one value over another; None where a value is not above zero."""
    return more / less if less > 0 and more > 0 else None


def part(values: pd.Series, area: str) -> str:
    """Return where an area lies: "low", "middle" or "high" quarter; "" where it is not known.

    On a bound counts as the middle half. "" too where there are too few for quarters.
    """
    found = gap(values)
    if found is None or found.quarters is None or area not in values.dropna().index:
        return ""
    value = float(values[area])
    if value < found.quarters[0]:
        return "low"
    return "high" if value > found.quarters[1] else "middle"


def reached(values: pd.Series, operator: str, goal: float) -> pd.Index:
    """Return the areas whose known value reaches a goal.

    `operator`: "<" or "<=" for a goal to stay under, else the goal is a least value.
    """
    known = values.dropna()
    if operator in ("<", "<="):
        return known.index[known < goal] if operator == "<" else known.index[known <= goal]
    return known.index[known > goal] if operator == ">" else known.index[known >= goal]


def published_sexes(indicators: pd.DataFrame, indicator: str) -> str:
    """Return what a series gives: "both" sexes apart, "F" or "M" only, or "T" (total only)."""
    rows = indicators[indicators["indicator"] == indicator]
    rows = rows[rows["edition"] == series_choice.default_edition(rows)]
    found = set(rows["sex"])
    if {"F", "M"} <= found:
        return "both"
    return "T" if "T" in found or not found else str(found.pop())


def by_sex(
    indicators: pd.DataFrame, indicator: str, members: Iterable[str], people: str = ""
) -> pd.DataFrame:
    """Return women and men of one series side by side, for areas where both are known.

    Indexed by `area_id`: `women, men, difference` (women minus men, the indicator's unit),
    `ratio` (women over men, NaN where men are zero), `year, flag, source_id`. Both are of one
    edition and year. `people`: the indicator that counts people by sex; counts are then divided
    by it, per 100,000 of that sex, and areas without people of the same year are left out.
    """
    halves = {sex: _half(indicators, indicator, sex, people) for sex in ("F", "M")}
    both = halves["F"].add_suffix("_f").join(halves["M"].add_suffix("_m"), how="inner")
    both = both[(both["year_f"] == both["year_m"]).fillna(False)]
    both = both.dropna(subset=["number_f", "number_m"])
    table = pd.DataFrame({"women": both["number_f"], "men": both["number_m"]})
    table["difference"] = table["women"] - table["men"]
    table["ratio"] = table["women"] / table["men"].where(table["men"] > 0)
    table[["year", "flag", "source_id"]] = both[["year_f", "flag_f", "source_id_f"]]
    return table.loc[[area for area in members if area in table.index]]


def _half(indicators: pd.DataFrame, indicator: str, sex: str, people: str) -> pd.DataFrame:
    rows = indicators[indicators["indicator"] == indicator]
    series = series_choice.Series(indicator, sex, series_choice.default_edition(rows))
    table = series_choice.layer(indicators, series)[["number", "year", "flag", "source_id"]]
    if not people:
        return table
    base = series_choice.layer(indicators, series_choice.Series(people, sex))[["number", "year"]]
    both = table.join(base.add_suffix("_people"), how="inner")
    both = both[(both["year"] == both["year_people"]).fillna(False) & (both["number_people"] > 0)]
    both["number"] = PER * both["number"] / both["number_people"]
    return both[table.columns]


def few_people(people: pd.Series, areas: Iterable[str]) -> list[str]:
    """Return those of the areas that have under a million people, where few cases move a rate."""
    return [area for area in areas if area in people.index and people[area] < FEW_PEOPLE]


def years(table: pd.DataFrame) -> tuple[int, int] | None:
    """Return the first and last year of a layer's figures; None where none is dated."""
    dated = table["year"].dropna()
    return (int(dated.min()), int(dated.max())) if len(dated) else None


def old(table: pd.DataFrame, as_of: int) -> bool:
    """Return whether even the newest figure of a layer is five years old or older."""
    span = years(table)
    return span is not None and as_of - span[1] >= OLD_YEARS
