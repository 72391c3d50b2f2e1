"""Where a country stands: how far from the middle it is, and how wide the middle is."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from canheal_nb.indicators.measures import Measure

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
