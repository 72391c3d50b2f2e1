"""Countries beside each other: against the median, in thirds and in quarters of two measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from canheal_nb.indicators.measures import Measure

THIRDS = 3
FEWEST_FOR_RANKS = 10
QUARTERS = ("both above", "first above", "second above", "both below", "on a line")


@dataclass(frozen=True)
class Standing:
    """In how many measures one country lies below and above the median, of how many known."""

    area_id: str
    below: int
    above: int
    known: int


@dataclass(frozen=True)
class Pair:
    """Two measures set against each other over the countries known for both.

    `both`: see `pairs`; `cells`: see `cells`, empty where the two cannot be split into thirds.
    """

    first: Measure
    second: Measure
    both: pd.DataFrame
    cells: pd.Series

    @property
    def unknown(self) -> list[str]:
        """The members for which not both figures are known and comparable."""
        return [area for area in self.first.members if area not in self.both.index]

    @property
    def unrankable(self) -> list[Measure]:
        """Those of the two by which countries are not put in an order."""
        return [measure for measure in (self.first, self.second) if not may_rank(measure)]


def pair(first: Measure, second: Measure) -> Pair:
    """Set two measures against each other; measures that are not ranked have no cells."""
    both = pairs(first, second)
    ranked = may_rank(first) and may_rank(second)
    return Pair(first, second, both, cells(both if ranked else both.head(0)))


def may_rank(measure: Measure) -> bool:
    """Return whether countries may be put in an order by this measure."""
    return measure.rank != "no"


def median(measure: Measure) -> float | None:
    """Return the median of the countries that may be compared; None where order means nothing."""
    numbers = measure.exact["number"].dropna()
    return float(numbers.median()) if may_rank(measure) and len(numbers) else None


def standing(measures: Sequence[Measure], area: str) -> Standing:
    """Return where a country lies in the measures that may be ranked and know it."""
    below = above = known = 0
    for measure in measures:
        middle = median(measure)
        if middle is None or area not in measure.exact.index:
            continue
        number = float(measure.exact.loc[area, "number"])
        known, below, above = known + 1, below + (number < middle), above + (number > middle)
    return Standing(area, below, above, known)


def pairs(first: Measure, second: Measure) -> pd.DataFrame:
    """Return the countries for which both figures are known and may be compared.

    Indexed by area_id in the members' order, columns `x` (first) and `y` (second) in the
    measures' units. "At least" is not a figure to set against another.
    """
    both = pd.DataFrame({"x": first.exact["number"], "y": second.exact["number"]}).dropna()
    return both.loc[[area for area in first.members if area in both.index]]


def thirds(values: pd.Series) -> pd.Series:
    """Return for each value its third by rank: 0 low, 1 middle, 2 high.

    Equal values share one third, so thirds can be uneven or empty. Fewer than three distinct
    values have no thirds: an empty answer.
    """
    if values.nunique() < THIRDS:
        return pd.Series(dtype=int)
    twice = (2 * values.rank(method="average")).round().astype(int)
    return (THIRDS * (twice - 1)) // (2 * len(values))


def cells(both: pd.DataFrame) -> pd.Series:
    """Return the cell of each pair in the square of thirds: x's third + 3 times y's third.

    Empty where one of the two has no thirds.
    """
    across, up = thirds(both["x"]), thirds(both["y"])
    if across.empty or up.empty:
        return pd.Series(dtype=int)
    return across + THIRDS * up


def quarters(both: pd.DataFrame) -> pd.Series:
    """Return for each pair on which side of the two medians of the pairs it lies (`QUARTERS`)."""
    x, y = (both[name] - both[name].median() for name in ("x", "y"))
    return pd.Series(map(_quarter, x, y), index=both.index, dtype="str")


def rank_correlation(both: pd.DataFrame) -> float | None:
    """Return Spearman's rank correlation, -1 to 1; None under ten pairs or without any order."""
    if len(both) < FEWEST_FOR_RANKS or both.nunique().min() < 2:
        return None
    return float(both["x"].rank().corr(both["y"].rank()))


def _quarter(x: float, y: float) -> str:
    if not x or not y:
        return "on a line"
    if x > 0:
        return "both above" if y > 0 else "first above"
    return "second above" if y > 0 else "both below"
