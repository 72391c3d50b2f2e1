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


METHODS = ("steps", "quantiles", "equal", "natural", "fixed")


def bounds(
    values: pd.Series, whole: bool = False, method: str = "steps", given: Sequence[float] = ()
) -> list[float]:
    """Return the inner class bounds, ascending, for the known values.

    `method`: "steps" (below), "quantiles", "equal" (equal intervals), "natural" (Fisher and
    Jenks), all five classes by mapclassify and rounded so that they can be said, or "fixed"
    (`given`). A bound belongs to the class above it. Fewer than two distinct values: no bound.
    """
    known = values.dropna()
    if method == "fixed" and given:
        return sorted(set(given))
    if known.nunique() < 2:
        return []
    if method in ("quantiles", "equal", "natural"):
        return classified(known, whole, method)
    return steps(known, whole)


def steps(known: pd.Series, whole: bool) -> list[float]:
    """Return round steps (1, 2, 2.5, 5 times a power of ten), three to six of them.

    Where more than 60 % of the values would lie in one class, rounded quantiles instead, if
    there are three or more. `whole`: the values are whole numbers, so are the bounds; a span
    of fewer than three has as many as fit.
    """
    even = round_steps(float(known.min()), float(known.max()), whole)
    if classify(known, even).value_counts(normalize=True).max() <= CROWDED:
        return even
    cuts = rounded_quantiles(known, whole)
    return cuts if len(cuts) >= FEWEST else even


def classified(known: pd.Series, whole: bool, method: str, classes: int = 5) -> list[float]:
    """Return mapclassify's inner bounds, rounded as far as every value stays in its class.

    mapclassify's bounds belong to the class below; each is moved to the lowest value above it
    before it is rounded.
    """
    import mapclassify

    named = {"quantiles": "Quantiles", "equal": "EqualInterval", "natural": "FisherJenks"}
    classifier = getattr(mapclassify, named[method])
    made = classifier(known.to_numpy(), k=min(classes, known.nunique()))
    ordered = np.sort(known.unique())
    inner = []
    for below in made.bins[:-1]:
        under, over = ordered[ordered <= below], ordered[ordered > below]
        if len(under) and len(over):
            inner.append(_between(float(under[-1]), float(over[0]), float(below), whole))
    return sorted(set(inner))


def _between(under: float, over: float, wanted: float, whole: bool) -> float:
    """Return the roundest number above `under`, at most `over`, near `wanted`."""
    for figures in range(1, 12):
        number = float(f"{wanted:.{figures}g}")
        if under < number <= over and (not whole or number == round(number)):
            return number
    return over


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
