"""Where a country stands: how far from the middle, how wide the span, how men and women differ."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from canheal_nb.model.indicators import Series, is_count, layer
from canheal_nb.model.measures import Measure

FEWEST = 20
UNLIKE = frozenset({"definition_differs", "contradicted", "break"})


def distance(measure: Measure, country: str) -> float:
    """Return how far a country is from the median, in spreads of the middle half; NaN if unknown.

    Also NaN where fewer than 20 countries are known, where half of them say the same, or where
    the country's figure is flagged as not quite like the others'.
    """
    known = measure.exact["number"]
    if country not in known.index or len(known) < FEWEST:
        return float("nan")
    if UNLIKE & set(str(measure.table.loc[country, "flag"]).split(",")):
        return float("nan")
    half = _half(known)
    return float(abs(known[country] - known.median()) / half) if half else float("nan")


def most_unlike(measures: Iterable[Measure], country: str) -> Measure | None:
    """Return the measure on which a country is furthest from the median; None if none can say.

    Only measures by which countries may be ranked (rank "yes") are looked at.
    """
    pairs = [(distance(m, country), m) for m in measures if m.rank == "yes"]
    known = [pair for pair in pairs if not np.isnan(pair[0])]
    return max(known, key=lambda pair: (pair[0], pair[1].id))[1] if known else None


def widest(measures: Iterable[Measure]) -> Measure | None:
    """Return the measure whose middle half of countries is widest for its median.

    Only measures with rank "yes", known for at least 20 countries.
    """
    pairs = [
        (_half(m.exact["number"]) / abs(m.exact["number"].median()), m)
        for m in measures
        if m.rank == "yes" and len(m.exact) >= FEWEST and m.exact["number"].median()
    ]
    return max(pairs, key=lambda pair: (pair[0], pair[1].id))[1] if pairs else None


def _half(known: pd.Series) -> float:
    return float(known.quantile(0.75) - known.quantile(0.25))


def by_sex(
    indicators: pd.DataFrame, types: pd.DataFrame, members: Iterable[str], edition: str
) -> dict[str, pd.DataFrame]:
    """Return men's and women's figures for each series of one edition that has both.

    By indicator: a frame indexed by area_id with `men`, `women` (units: the indicator's),
    `ratio` (men for each woman), `year`, `source_id`, `flag`, for the member states known.
    Crude rates and populations are left out: there age, not cancer, makes the difference.
    """
    rows = indicators[indicators["edition"] == edition]
    both = rows.groupby("indicator")["sex"].agg(lambda sexes: {"M", "F"} <= set(sexes))
    wanted = types[types["group"].str.startswith("Cancer burden")].index
    found = {}
    for indicator in [str(name) for name in wanted if both.get(name, False)]:
        if is_count(str(types.loc[indicator, "unit"])) or types.loc[indicator, "rank"] != "no":
            found[indicator] = _halves(rows, indicator, edition, members)
    return found


def _halves(
    rows: pd.DataFrame, indicator: str, edition: str, members: Iterable[str]
) -> pd.DataFrame:
    men = layer(rows, Series(indicator, "M", edition))
    women = layer(rows, Series(indicator, "F", edition))
    joined = men.join(women[["number"]].add_suffix("_women"), how="inner")
    table = joined.rename(columns={"number": "men", "number_women": "women"})
    table["ratio"] = (table["men"] / table["women"]).where(table["women"] > 0)
    known = [area for area in members if area in table.index]
    return table.loc[known, ["men", "women", "ratio", "year", "source_id", "flag"]]
