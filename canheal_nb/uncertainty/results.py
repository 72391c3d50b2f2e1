"""How sure a result is: intervals, which option wins, regret, and what would change the choice.

All of it works on draws: one number per future and option, made with common random numbers, so
that option A and option B are compared within the same future. Draws that are not known (NaN) are
left out and counted, never taken as 0. Methods: Wilson 1927 (share of draws), Savage 1951 (minimax
regret), Raiffa and Schlaifer 1961 (value of information), Strong and Oakley 2013 (value of one
input, by regression on the draws).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.uncertainty.sampling import Range, centres

Floats = NDArray[np.float64]
Function = Callable[[dict[str, Floats]], Mapping[str, Floats]]

LEVEL = 0.9
_Z95 = 1.959963984540054
_DEGREE = 3
_GRID = 33
_ROUNDS = 6


@dataclass(frozen=True)
class Beats:
    """How often A is better than B. `low` and `high`: 95 % interval of the sampling alone."""

    probability: float
    ties: float
    low: float
    high: float
    draws: int


@dataclass(frozen=True)
class Regret:
    """What each option would lose in each future beside the best there.

    `table` is futures by options; `worst` is each option's largest loss; `choice` names the
    options whose largest loss is the smallest (more than one when they tie).
    """

    table: pd.DataFrame
    worst: pd.Series
    choice: tuple[str, ...]


def intervals(outcomes: Mapping[str, ArrayLike], level: float = LEVEL) -> pd.DataFrame:
    """Return where each outcome lies: `low`, `median`, `high`, `mean`, `draws`, indexed by outcome.

    `level` is the share of draws between low and high (0.9: from the 5th to the 95th of a
    hundred). `draws` counts the known ones; an outcome that no draw knows is NaN throughout.
    Raises UserError for a level that is not between 0 and 1.
    """
    if not 0 < level < 1:
        text = _("The level {level} must lie between 0 and 1, as 0.9 does.")
        raise UserError(text.format(level=level), code="wrong-level")
    ends = ((1 - level) / 2, 0.5, (1 + level) / 2)
    rows = {}
    for name, drawn in outcomes.items():
        known = _known(drawn)
        found = np.quantile(known, ends) if len(known) else np.full(3, np.nan)
        mean = float(known.mean()) if len(known) else math.nan
        rows[name] = (*map(float, found), mean, len(known))
    columns = ["low", "median", "high", "mean", "draws"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def beats(a: ArrayLike, b: ArrayLike, *, more_is_better: bool = True) -> Beats:
    """Return in which share of the futures A is better than B; ties are counted apart.

    Futures in which either is not known are left out; where none is left all is NaN. Raises
    UserError when the two do not have the same number of draws.
    """
    first, second = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if first.shape != second.shape:
        text = _("A has {a} draws and B has {b}: compare them over the same futures.")
        raise UserError(text.format(a=first.size, b=second.size), code="wrong-length")
    gap = _known(first - second) * (1 if more_is_better else -1)
    if not len(gap):
        return Beats(math.nan, math.nan, math.nan, math.nan, 0)
    won, tied = float((gap > 0).mean()), float((gap == 0).mean())
    return Beats(won, tied, *_wilson(won, len(gap)), draws=len(gap))


def best(options: Mapping[str, ArrayLike], *, more_is_better: bool = True) -> pd.Series:
    """Return in which share of the futures each option is the best; a tie is shared equally.

    Futures in which any option is not known are left out; NaN where none is left.
    """
    values = _side_by_side(options, more_is_better)
    if not len(values):
        return pd.Series(math.nan, index=list(options), dtype=float)
    top = values == values.max(axis=1, keepdims=True)
    return pd.Series((top / top.sum(axis=1, keepdims=True)).mean(axis=0), index=list(options))


def regret(outcomes: pd.DataFrame, *, more_is_better: bool = True) -> Regret:
    """Return the regret of every option (column) in every named future (row), and who wins.

    Raises UserError where a figure is not known: a loss beside an unknown is no loss.
    """
    missing = outcomes.isna()
    if not outcomes.size or missing.to_numpy().any():
        where = missing.stack()
        place = _("the table") if not outcomes.size else " / ".join(map(str, where.idxmax()))
        text = _("Regret needs a figure for every option in every future; {place} has none.")
        raise UserError(text.format(place=place), code="not-known")
    signed = outcomes if more_is_better else -outcomes
    table = signed.rsub(signed.max(axis=1), axis=0)
    worst = table.max(axis=0)
    choice = tuple(map(str, worst.index[worst == worst.min()]))
    return Regret(table, worst, choice)


def perfect_information(options: Mapping[str, ArrayLike], *, more_is_better: bool = True) -> float:
    """Return what knowing everything before choosing would add on average, in the outcome's unit.

    The mean of the best of each future less the best mean (expected value of perfect information).
    """
    values = _side_by_side(options, more_is_better)
    if not len(values):
        return math.nan
    return max(0.0, float(values.max(axis=1).mean() - values.mean(axis=0).max()))


def information(
    draws: Mapping[str, ArrayLike],
    options: Mapping[str, ArrayLike],
    *,
    more_is_better: bool = True,
) -> pd.Series:
    """Return what knowing one input before choosing would add, for each input that varies.

    Same unit as `perfect_information`, and never above it; sorted, largest first. The mean
    outcome given the input is a cubic in its rank, fitted to the draws by least squares, so that
    what is below some three hundredths of the spread is noise at 1,000 draws.
    """
    values, kept = _paired(options, more_is_better)
    most = perfect_information(options, more_is_better=more_is_better)
    found: dict[str, float] = {}
    for name, drawn in draws.items():
        x = np.asarray(drawn, dtype=float)[kept]
        if len(x) <= _DEGREE + 1 or not x.min() < x.max():
            continue
        rank = pd.Series(x).rank().to_numpy() / len(x) * 2 - 1
        powers = np.polynomial.legendre.legvander(rank, _DEGREE)
        fitted = powers @ np.linalg.lstsq(powers, values, rcond=None)[0]
        gain = float(fitted.max(axis=1).mean() - values.mean(axis=0).max())
        found[name] = min(max(0.0, gain), most)
    return pd.Series(found, dtype=float).sort_values(ascending=False, kind="stable")


def break_even(
    function: Function,
    given: Sequence[Range],
    a: str,
    b: str,
    *,
    more_is_better: bool = True,
) -> pd.DataFrame:
    """Return, per input that varies, where in its range the better of A and B would change.

    `a` and `b` name two outcomes of `function`; the other inputs stay at their centre. Indexed by
    input: `centre`, `low`, `high` (of the range; a log-normal one is followed over its 95 %
    interval), `gap_low`, `gap_high` (A less B there, in the direction that is better),
    `break_even` (the nearest to the centre; NaN when the conclusion holds in the whole range) and
    `changes` (whether it changes). A change that comes and goes between two of 33 places of the
    grid is not seen.
    """
    varying = [one for one in given if one.varies]
    columns = ["centre", "low", "high", "gap_low", "gap_high", "break_even", "changes"]
    if not varying:
        return pd.DataFrame(columns=columns)
    base, sign = centres(given), 1.0 if more_is_better else -1.0

    def gaps(places: Floats) -> Floats:
        """Return A less B with input i at each of places[i], all in one call."""
        drawn = {name: np.full(places.size, centre) for name, centre in base.items()}
        for row, one in enumerate(varying):
            span = slice(row * places.shape[1], (row + 1) * places.shape[1])
            drawn[one.name][span] = places[row]
        made = function(drawn)
        gap = np.asarray(made[a], dtype=float) - np.asarray(made[b], dtype=float)
        return np.asarray(gap.reshape(places.shape) * sign)

    middle = np.array([one.centre for one in varying])
    places = np.array([_grid(one) for one in varying])
    found = gaps(places)
    ends = found[:, [0, -1]]
    left, right, changed = _nearest_change(places, found, middle)
    for _round in range(_ROUNDS):
        if not changed.any():
            break
        places = np.linspace(left, right, _GRID, axis=1)
        new_left, new_right, still = _nearest_change(places, gaps(places), middle)
        left, right = np.where(still, new_left, left), np.where(still, new_right, right)
    rows = {
        one.name: (one.centre, one.low, one.high, *ends[row])
        + (((left[row] + right[row]) / 2 if changed[row] else math.nan), bool(changed[row]))
        for row, one in enumerate(varying)
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def _grid(one: Range) -> Floats:
    """Return places over a range; its centre is one of them."""
    half = _GRID // 2
    below = np.linspace(one.low, one.centre, half + 1)
    above = np.linspace(one.centre, one.high, half + 1)[1:]
    return np.asarray(np.concatenate([below, above]))


def _nearest_change(
    places: Floats, gaps: Floats, middle: Floats
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return the step of each row, nearest to its middle, over which the winner changes."""
    signs = np.sign(np.where(np.isnan(gaps), 0.0, gaps))
    steps = (signs[:, :-1] != signs[:, 1:]) & ~np.isnan(gaps[:, :-1]) & ~np.isnan(gaps[:, 1:])
    far = np.maximum(places[:, :-1] - middle[:, None], middle[:, None] - places[:, 1:])
    nearest = np.where(steps, far, np.inf).argmin(axis=1)
    row = np.arange(len(places))
    return places[row, nearest], places[row, nearest + 1], steps.any(axis=1)


def _known(drawn: ArrayLike) -> Floats:
    values = np.asarray(drawn, dtype=float)
    return np.asarray(values[~np.isnan(values)])


def _side_by_side(options: Mapping[str, ArrayLike], more_is_better: bool) -> Floats:
    values, _kept = _paired(options, more_is_better)
    return values


def _paired(
    options: Mapping[str, ArrayLike], more_is_better: bool
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return futures by options, more being better, where all are known; and which those are."""
    columns = [np.asarray(drawn, dtype=float) for drawn in options.values()]
    if len({column.shape for column in columns}) != 1:
        text = _("Give every option the same number of draws, and one option at least.")
        raise UserError(text, code="wrong-length")
    values = np.column_stack(columns) * (1 if more_is_better else -1)
    kept = ~np.isnan(values).any(axis=1)
    return values[kept], kept


def _wilson(share: float, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share seen in n draws."""
    z = _Z95**2 / n
    middle = (share + z / 2) / (1 + z)
    half = _Z95 / (1 + z) * math.sqrt(share * (1 - share) / n + z / (4 * n))
    return max(0.0, middle - half), min(1.0, middle + half)
