"""How unequally something is spread over people: the usual measures, weighted by population.

All take `values` (what each area has, not negative) and `people` (its population) of equal
length. Areas that are not known (NaN) or without people are left out; where nothing is left, or
nobody has anything, the answer is NaN. Definitions: Cowell, Measuring Inequality; concentration
index: Kakwani, Wagstaff and van Doorslaer 1997; Erreygers 2009; Wagstaff 2005 (as in Erreygers,
Clarke and Van Ourti 2012).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

Floats = NDArray[np.float64]


def gini(values: ArrayLike, people: ArrayLike) -> float:
    """Return the Gini coefficient: 0 all alike, towards 1 one has all; NaN when all have 0.

    Exact, also live: a histogram in place of the sorting is hardly faster, and wrong in the
    second decimal where one small place has a thousand times the mean.
    """
    y, p = _known(values, people)
    if _nothing(y):
        return float("nan")
    order = np.argsort(y)
    y, p = y[order], p[order]
    if y[0] == y[-1]:
        return 0.0
    held = np.cumsum(p * y)
    before = np.concatenate([[0.0], held[:-1]])
    return max(0.0, float(1.0 - _dot(p, held + before) / (p.sum() * held[-1])))


def mean_log_deviation(values: ArrayLike, people: ArrayLike) -> float:
    """Return the mean log deviation (Theil L): infinite where somebody has 0, NaN when all do."""
    y, p = _known(values, people)
    if _nothing(y):
        return float("nan")
    if (y == 0).any():
        return float("inf")
    p = p / p.sum()
    return max(0.0, _dot(p, np.log(_dot(p, y) / y)))


@dataclass(frozen=True)
class Theil:
    """Theil's T and its two parts, which add up to it: within groups and between them."""

    total: float
    within: float
    between: float


def theil(values: ArrayLike, people: ArrayLike, groups: ArrayLike | None = None) -> Theil:
    """Return Theil's T, split by `groups` (a label per area; None: left out) if they are given."""
    y, p, member = _known_groups(values, people, groups)
    if _nothing(y):
        return Theil(*[float("nan")] * 3)
    p = p / p.sum()
    mean = _dot(p, y)
    weight: Floats = np.bincount(member, p).astype(np.float64)
    means: Floats = np.bincount(member, p * y) / np.where(weight > 0, weight, 1.0)
    own = means[member]
    ratio = np.divide(y, own, out=np.zeros_like(y), where=own > 0)
    within = max(0.0, _dot(p, own / mean * _xlogx(ratio)))
    between = max(0.0, _dot(weight, _xlogx(means / mean)))
    return Theil(within + between, within, between)


def atkinson(values: ArrayLike, people: ArrayLike, aversion: float) -> float:
    """Return Atkinson's index for an aversion above 0; 1 where somebody has 0 and aversion >= 1."""
    if not 0 < aversion < float("inf"):
        text = _("An aversion to inequality of {value} is not possible: give a number above 0.")
        raise UserError(text.format(value=aversion), code="impossible-aversion")
    y, p = _known(values, people)
    if _nothing(y):
        return float("nan")
    p = p / p.sum()
    y = y / _dot(p, y)
    if aversion >= 1 and (y == 0).any():
        return 1.0
    if aversion == 1:
        return max(0.0, float(1.0 - np.exp(_dot(p, np.log(y)))))
    power = 1.0 - aversion
    least = y.min() or 1.0  # taken out of the sum, so that no power of it overflows
    return max(0.0, float(1.0 - least * _dot(p, (y / least) ** power) ** (1.0 / power)))


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
    y, p, by = _numbers(values, people, ranked_by)
    if _nothing(y):
        return Concentration(*[float("nan")] * 3)
    p = p / p.sum()
    _steps, place = np.unique(by, return_inverse=True)
    weight = np.bincount(place, p)
    middle = (np.cumsum(weight) - weight / 2)[place]
    mean = _dot(p, y)
    index = 2.0 / mean * _dot(p, (y - mean) * (middle - 0.5))
    if y.max() > 1.0:
        return Concentration(index, float("nan"), float("nan"))
    wagstaff = index / (1.0 - mean) if mean < 1.0 else float("nan")
    return Concentration(index, 4.0 * mean * index, wagstaff)


def quantile_share_ratio(values: ArrayLike, people: ArrayLike, share: float = 0.2) -> float:
    """Return what the best-off fifth (or `share`) of people have over what the worst-off have.

    An area at the edge counts in part. Infinite where the worst off have nothing.
    """
    if not 0 < share <= 0.5:
        text = _("A share of {value} is not possible: give one above 0 and not above a half.")
        raise UserError(text.format(value=share), code="impossible-share")
    y, p = _known(values, people)
    if _nothing(y):
        return float("nan")
    order = np.argsort(y, kind="stable")
    y, p = y[order], p[order] / p.sum()
    reached, held = np.concatenate([[0.0], np.cumsum(p)]), np.concatenate([[0.0], np.cumsum(y * p)])
    low = float(np.interp(share, reached, held))
    high = float(held[-1] - np.interp(1.0 - share, reached, held))
    return high / low if low > 0 else float("inf")


def by_group(values: ArrayLike, people: ArrayLike, groups: ArrayLike) -> pd.DataFrame:
    """Return `people`, `mean` and `gini` of each group of areas, sorted by its label.

    Areas that are not known do not count as people; a group none of which is known is missing.
    """
    y, p = np.asarray(values, dtype=float), np.asarray(people, dtype=float)
    member, names = pd.factorize(np.asarray(groups, dtype=object), sort=True)
    rows = {}
    for place, name in enumerate(names):
        known, persons = _known(y[member == place], p[member == place])
        if len(known):
            mean = _dot(persons, known) / persons.sum()
            rows[name] = (float(persons.sum()), mean, gini(known, persons))
    columns = ["people", "mean", "gini"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype=float)


def _known(values: ArrayLike, people: ArrayLike) -> tuple[Floats, Floats]:
    y, p, _same = _numbers(values, people, None)
    return y, p


def _known_groups(
    values: ArrayLike, people: ArrayLike, groups: ArrayLike | None
) -> tuple[Floats, Floats, NDArray[np.integer]]:
    if groups is None:
        y, p = _known(values, people)
        return y, p, np.zeros(len(y), dtype=np.int64)
    member, _names = pd.factorize(np.asarray(groups, dtype=object), sort=True)
    y, p, place = _numbers(values, people, np.where(member < 0, np.nan, member))
    return y, p, place.astype(np.int64)


def _numbers(
    values: ArrayLike, people: ArrayLike, third: ArrayLike | None
) -> tuple[Floats, Floats, Floats]:
    """Return the three where all are known and people live; values below 0 are refused."""
    y, p = np.asarray(values, dtype=float), np.asarray(people, dtype=float)
    other = y if third is None else np.asarray(third, dtype=float)
    if not y.shape == p.shape == other.shape:
        text = _("There are {a} values but people for {b}: give both for each area.")
        raise UserError(text.format(a=y.size, b=p.size), code="wrong-length")
    kept = ~(np.isnan(y) | np.isnan(other)) & (p > 0)
    if not kept.all():
        y, p, other = y[kept], p[kept], other[kept]
    if (y < 0).any() or np.isinf(y).any() or np.isinf(p).any():
        text = _("Inequality is measured of finite values from 0 up, and {value} is among them.")
        value = min(y.min(), p.min()) if (y < 0).any() else float("inf")
        raise UserError(text.format(value=value), code="wrong-number")
    return y, p, other


def _nothing(y: Floats) -> bool:
    """Tell whether there is nothing to share."""
    return not y.any()


def _dot(p: Floats, x: Floats) -> float:
    """Return the sum of p times x, without BLAS: its threads wait for each other when busy."""
    return float((p * x).sum())


def _xlogx(x: Floats) -> Floats:
    return np.asarray(x * np.log(x, out=np.zeros_like(x), where=x > 0))
