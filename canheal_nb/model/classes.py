"""Class bounds for a map, rounded so that they can be said aloud."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pandas as pd

NICE = (1.0, 2.0, 2.5, 5.0)
FEWEST, MOST = 3, 6
CROWDED = 0.6


def bounds(values: pd.Series, whole: bool = False) -> list[float]:
    """Return three to six inner class bounds, ascending, for the known values.

    Round steps (1, 2, 2.5, 5 times a power of ten); where more than 60 % of the values would
    lie in one class, rounded quantiles instead, if there are three or more. `whole`: the values
    are whole numbers, so are the bounds; a span of fewer than three has as many as fit. A bound
    belongs to the class above it. Fewer than two distinct values: no bound.
    """
    known = values.dropna()
    if known.nunique() < 2:
        return []
    steps = round_steps(float(known.min()), float(known.max()), whole)
    if classify(known, steps).value_counts(normalize=True).max() <= CROWDED:
        return steps
    cuts = rounded_quantiles(known, whole)
    return cuts if len(cuts) >= FEWEST else steps


def round_steps(low: float, high: float, whole: bool) -> list[float]:
    """Return multiples of one round step inside (low, high], at most six.

    `whole`: steps are whole numbers, 3 in place of 2.5.
    """
    power = math.floor(math.log10(high - low)) - 1
    for step in (n * 10.0**p for p in (power, power + 1, power + 2) for n in NICE):
        step = 3.0 if whole and step == 2.5 else step
        if whole and step != int(step):
            continue
        first = math.floor(low / step) + 1
        inner = [_tidy(step * i) for i in range(first, math.ceil(high / step) + 1)]
        inner = [bound for bound in inner if low < bound <= high]
        if len(inner) <= MOST:
            return inner
    return []


def rounded_quantiles(values: pd.Series, whole: bool, classes: int = 6) -> list[float]:
    """Return sixth-parts of the values, rounded to one or two figures, without repeats."""
    cuts = values.quantile(np.linspace(0, 1, classes + 1)[1:-1]).tolist()
    rounded = sorted({_sayable(cut, whole) for cut in cuts})
    return [bound for bound in rounded if values.min() < bound <= values.max()]


def classify(values: pd.Series, inner: Sequence[float]) -> pd.Series:
    """Return the class of each value, 0 for the lowest; values without a number are left out."""
    known = values.dropna()
    return pd.Series(np.searchsorted(inner, known, side="right"), index=known.index, dtype=int)


def _sayable(value: float, whole: bool) -> float:
    """Round to two figures: in decimals, so that 1.15 and 11.5 are rounded alike."""
    rounded = float(f"{Decimal(str(_tidy(value))):.2g}")
    return float(round(rounded)) if whole else rounded


def _tidy(value: float) -> float:
    return float(f"{value:.10g}")
