"""How unequally something is spread over people: the usual measures, weighted by population.

All take `values` (what each area has, not negative) and `people` (its population) of equal
length. Areas that are not known (NaN) or without people are left out; where nothing is left the
answer is NaN. Definitions: Cowell, Measuring Inequality; concentration index: Kakwani, Wagstaff
and van Doorslaer 1997; Erreygers 2009; Wagstaff 2005 (as in Erreygers, Clarke, Van Ourti 2012).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def gini(values: ArrayLike, people: ArrayLike) -> float:
    """Return the Gini coefficient: 0 all alike, towards 1 one has all; NaN when all have 0."""
    y, p = _known(values, people)
    if not len(y) or not (y * p).sum():
        return float("nan")
    order = np.argsort(y, kind="stable")
    y, p = y[order], p[order] / p.sum()
    share = np.cumsum(y * p) / (y * p).sum()
    before = np.concatenate([[0.0], share[:-1]])
    return float(1.0 - (p * (share + before)).sum())


def binned_gini(values: ArrayLike, people: ArrayLike, bins: int = 8192) -> float:
    """Return the Gini coefficient from a histogram: no sorting, equal to six decimals or so.

    Within a bin the bin's own mean is taken, so the sums are exact; what is lost is the
    inequality inside a bin, at most 1 / bins of the range.
    """
    y, p = _known(values, people)
    if not len(y) or not (y * p).sum():
        return float("nan")
    low, high = float(y.min()), float(y.max())
    if low == high:
        return 0.0
    where = np.minimum(((y - low) * (bins / (high - low))).astype(np.int64), bins - 1)
    weight = np.bincount(where, p, bins)
    total = np.bincount(where, p * y, bins)
    weight, share = weight / p.sum(), np.cumsum(total) / (p * y).sum()
    before = np.concatenate([[0.0], share[:-1]])
    return float(1.0 - (weight * (share + before)).sum())


def mean_log_deviation(values: ArrayLike, people: ArrayLike) -> float:
    """Return the mean log deviation (Theil L); infinite where somebody has 0."""
    y, p = _known(values, people)
    p = p / p.sum()
    mean = _mean(y, p)
    with np.errstate(divide="ignore"):
        return float((p * np.log(mean / y)).sum())


@dataclass(frozen=True)
class Theil:
    """Theil's T and its two parts, which add up to it: within groups and between them."""

    total: float
    within: float
    between: float


def theil(values: ArrayLike, people: ArrayLike, groups: ArrayLike | None = None) -> Theil:
    """Return Theil's T, split by `groups` (a label per area) where they are given."""
    y, p, g = _known_groups(values, people, groups)
    if not len(y) or not (y * p).sum():
        return Theil(*[float("nan")] * 3)
    p = p / p.sum()
    mean = _mean(y, p)
    total = float((p * _xlogx(y / mean)).sum())
    _labels, member = np.unique(g, return_inverse=True)
    weight = np.bincount(member, p)
    means = np.bincount(member, p * y) / weight
    between = float((weight * _xlogx(means / mean)).sum())
    return Theil(total, total - between, between)


def atkinson(values: ArrayLike, people: ArrayLike, aversion: float) -> float:
    """Return Atkinson's index for an aversion above 0; 1 where somebody has 0 and aversion >= 1."""
    y, p = _known(values, people)
    p = p / p.sum()
    mean = _mean(y, p)
    if not mean:
        return float("nan")
    if aversion >= 1 and (y == 0).any():
        return 1.0
    if aversion == 1:
        return float(1.0 - np.exp((p * np.log(y)).sum()) / mean)
    power = 1.0 - aversion
    return float(1.0 - (p * (y / mean) ** power).sum() ** (1.0 / power))


@dataclass(frozen=True)
class Concentration:
    """The concentration index and its two corrections for a share between 0 and 1.

    Below 0: the worse off have more. `erreygers` and `wagstaff` are NaN for values above 1.
    """

    index: float
    erreygers: float
    wagstaff: float


def concentration(values: ArrayLike, people: ArrayLike, ranked_by: ArrayLike) -> Concentration:
    """Return how `values` lean to the rich or poor, ranked by for example GDP per head.

    Areas of the same rank share its middle.
    """
    by = np.asarray(ranked_by, dtype=float)
    y, p = np.asarray(values, dtype=float), np.asarray(people, dtype=float)
    kept = ~(np.isnan(y) | np.isnan(p) | np.isnan(by)) & (p > 0)
    y, p, by = y[kept], p[kept], by[kept]
    if not len(y) or not (y * p).sum():
        return Concentration(*[float("nan")] * 3)
    p = p / p.sum()
    _steps, place = np.unique(by, return_inverse=True)
    weight = np.bincount(place, p)
    middle = (np.cumsum(weight) - weight / 2)[place]
    mean = _mean(y, p)
    index = 2.0 / mean * float((p * (y - mean) * (middle - 0.5)).sum())
    if y.max() > 1.0:
        return Concentration(index, float("nan"), float("nan"))
    wagstaff = index / (1.0 - mean) if mean < 1.0 else float("nan")
    return Concentration(index, 4.0 * mean * index, wagstaff)


def quantile_share_ratio(values: ArrayLike, people: ArrayLike, share: float = 0.2) -> float:
    """Return what the best-off fifth (or `share`) of people have over what the worst-off have.

    An area at the edge counts in part. Infinite where the worst off have nothing.
    """
    y, p = _known(values, people)
    if not len(y):
        return float("nan")
    order = np.argsort(y, kind="stable")
    y, p = y[order], p[order] / p.sum()
    reached, held = np.concatenate([[0.0], np.cumsum(p)]), np.concatenate([[0.0], np.cumsum(y * p)])
    low = float(np.interp(share, reached, held))
    high = float(held[-1] - np.interp(1.0 - share, reached, held))
    if low == 0:
        return float("inf") if high else float("nan")
    return high / low


def _known(values: ArrayLike, people: ArrayLike) -> tuple[Floats, Floats]:
    y, p, _groups = _known_groups(values, people, None)
    return y, p


def _known_groups(
    values: ArrayLike, people: ArrayLike, groups: ArrayLike | None
) -> tuple[Floats, Floats, NDArray[np.object_]]:
    y, p = np.asarray(values, dtype=float), np.asarray(people, dtype=float)
    g = np.zeros(len(y), dtype=object) if groups is None else np.asarray(groups, dtype=object)
    kept = ~(np.isnan(y) | np.isnan(p)) & (p > 0)
    return y[kept], p[kept], g[kept]


def _mean(y: Floats, p: Floats) -> float:
    return float((p * y).sum())


def _xlogx(x: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(x > 0, x * np.log(x), 0.0)
