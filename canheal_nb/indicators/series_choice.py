"""One value per area: choosing a series, and ratios computed from two series."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

COLUMNS = ["number", "value", "low", "high", "year", "source_id", "flag", "note"]
NEARLY_ALL = 0.9


@dataclass(frozen=True)
class Series:
    """Which figures are meant: one indicator, sex, edition and year ("" or None = the default)."""

    indicator: str
    sex: str = ""
    edition: str = ""
    year: int | None = None


def layer(indicators: pd.DataFrame, series: Series) -> pd.DataFrame:
    """Return one row per area for a series.

    `indicators`: columns as in `Dataset.indicators`. Returns a frame indexed by `area_id`
    with `number, value, low, high, year, source_id, flag, note` (units: the indicator's).
    Without a year: the newest year that nearly all known areas share, and where there is
    no such year the newest year of each area; an undated figure stands only where an area
    has no dated one. Where two sources contradict each other for one area the first by
    source_id is taken and `flag` gains "contradicted".
    """
    rows = indicators[indicators["indicator"] == series.indicator]
    rows = rows[rows["edition"] == (series.edition or default_edition(rows))]
    rows = rows[rows["sex"] == (series.sex or default_sex(rows))]
    year = series.year if series.year is not None else common_year(rows)
    if year is not None:
        rows = rows[rows["year"] == year]
    rows = rows.sort_values(["area_id", "year", "source_id"], ascending=[True, False, True])
    newest = rows.groupby("area_id")["year"].transform("max")
    rows = rows[(rows["year"] == newest).fillna(False) | newest.isna()]
    said = rows["number"].astype(object).where(rows["number"].notna(), rows["value"])
    differ = said.groupby(rows["area_id"]).transform("nunique") > 1
    rows = rows.assign(flag=rows["flag"].mask(differ, rows["flag"].map(contradicted)))
    return rows.drop_duplicates("area_id").set_index("area_id")[COLUMNS]


def nearest_year(rows: pd.DataFrame, years: pd.Series, within: int = 1) -> pd.DataFrame:
    """Return for each area of `years` the row whose year is nearest, as a layer.

    `rows`: one indicator; `years`: area_id -> year. No row within so many years: no figure.
    Of two as near the earlier is taken.
    """
    rows = rows[rows["area_id"].isin(years.index)]
    away = (rows["year"] - rows["area_id"].map(years)).abs()
    rows = rows.assign(away=away)[(away <= within).fillna(False)]
    rows = rows.sort_values(["area_id", "away", "year", "source_id"])
    return rows.drop_duplicates("area_id").set_index("area_id")[COLUMNS]


def contradicted(flag: str) -> str:
    """Return the flag of a figure with the word that another source says otherwise."""
    return f"{flag},contradicted".lstrip(",")


def default_sex(rows: pd.DataFrame) -> str:
    """Return T (both sexes) where the series has it, else the only or first sex."""
    found = sorted(rows["sex"].unique())
    return "T" if "T" in found or not found else str(found[0])


def only_sex(indicators: pd.DataFrame, indicator: str) -> str:
    """Return F or M where a series has both but no total, so that a layer holds one; else ""."""
    rows = indicators[indicators["indicator"] == indicator]
    both = {"F", "M"} <= set(rows["sex"]) and "T" not in set(rows["sex"])
    return default_sex(rows) if both else ""


def default_edition(rows: pd.DataFrame) -> str:
    """Return the edition that knows most (areas, sexes, years); the later name of two alike."""
    if rows.empty:
        return ""
    known = rows.groupby("edition").size()
    return str(known[known == known.max()].index.max())


def common_year(rows: pd.DataFrame) -> int | None:
    """Return the newest year in which nearly all areas of the series are known, or None."""
    known = rows.groupby("year")["area_id"].nunique()
    shared = known[known >= NEARLY_ALL * rows["area_id"].nunique()]
    return int(shared.index.max()) if len(shared) else None


def has_flag(flags: pd.Series, word: str) -> pd.Series:
    """Return for each comma-separated `flag` whether it holds `word`."""
    return flags.map(lambda flag: word in [part.strip() for part in flag.split(",")]).astype(bool)


def per_million(
    counts: pd.DataFrame, people: pd.DataFrame, overseas: pd.Series, belongs: pd.Series
) -> pd.DataFrame:
    """Return counts per million people, where count and people cover the same ground.

    `counts`, `people`: layers (see `layer`); `overseas`: people by outermost region, of the same
    year, and `belongs`: each region's country. A count flagged "metropolitan" is divided by the
    country's people without its outermost regions, and only where all of these are known; one
    flagged "whole_island" or "area_not_stated" is not divided at all, for the people counted
    may live on another area.
    """
    both = counts.join(people.add_suffix("_people"), how="inner")
    for word in ("whole_island", "area_not_stated"):
        both = both[~has_flag(both["flag"], word)]
    regions = overseas.reindex(belongs.index)
    away = regions.groupby(belongs).agg(lambda people: people.sum(skipna=False))
    away = away.reindex(both.index).where(has_flag(both["flag"], "metropolitan"), 0.0)
    base = both["number_people"] - away
    result = both.assign(number=1e6 * both["number"] / base, base=base, count=both["number"])
    result["value"] = ""
    result["low"] = result["high"] = np.nan
    result["source_id"] = both["source_id"] + "+" + both["source_id_people"]
    return result.loc[base > 0, [*COLUMNS, "base", "count"]]


def members_only(table: pd.DataFrame, members: Iterable[str]) -> pd.DataFrame:
    """Return the rows of the member states that have a number, in the members' order."""
    return table.loc[[area for area in members if area in table.index]].dropna(subset=["number"])


@dataclass(frozen=True)
class UnionValue:
    """One figure for the Union and how it came about: ratio, sum or median of countries.

    `at_least`: the sum leaves something out that is not known.
    """

    number: float
    how: str
    known: int
    at_least: bool = False


def union_value(known: pd.DataFrame, unit: str) -> UnionValue | None:
    """Return the Union's figure from its members' layer (rows that are known).

    A computed ratio (columns `count`, `base`): the sum of counts over the sum of people, per
    million. A count: the sum, and only where all 27 are known. Any other published rate is not
    averaged; its median country is given instead.
    """
    if known.empty:
        return None
    if "base" in known:
        number = 1e6 * known["count"].sum() / known["base"].sum()
        return UnionValue(float(number), "ratio", len(known))
    if is_count(unit):
        total = UnionValue(float(known["number"].sum()), "sum", len(known))
        return total if len(known) == 27 else None
    return UnionValue(float(known["number"].median()), "median", len(known))


def is_count(unit: str) -> bool:
    """Return whether a unit counts things (can be added over countries)."""
    rate_words = ("per ", "%", "percent", "index", "eu100", "years", "euro", "eur", "ppp", "band")
    return not any(word in unit.lower() for word in (*rate_words, "dollar"))
