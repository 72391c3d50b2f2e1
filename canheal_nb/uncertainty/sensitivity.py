"""Which input matters most: how much of a result's variance each input accounts for.

Two ways, both by SALib. `of_draws` reads the first-order index from draws that were made anyway
(RBD-FAST on given data: Plischke 2010, corrected for bias as in Tissot and Prieur 2012): free, so
it is live. `sobol` makes its own evaluations, N (k + 2) of them for k inputs (Saltelli 2002,
2010), and gives first-order and total indices: what the input does alone, and with the others.
Inputs are taken as independent: those that share a stream of draws move as one and are one input.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.uncertainty.sampling import Range, quantiles

Floats = NDArray[np.float64]
Function = Callable[[dict[str, Floats]], Mapping[str, Floats]]

LEVEL = 0.95
_HARMONICS = 10
_FEWEST = 64
_RESAMPLES = 100
_LIVE_RESAMPLES = 20
_SMALLEST = 2.0**-52  # the sequence starts at 0, where a log-normal has no value


def of_draws(draws: Mapping[str, ArrayLike], outcome: ArrayLike, *, seed: int) -> pd.DataFrame:
    """Return `first` and `margin` per input that varies, the one that matters most first.

    `first` is the share of the outcome's variance that the input accounts for alone, in the mean
    over the others; `margin` is half of its 95 % interval by bootstrap. With 1,000 draws a share
    below 0.03 is noise. Draws in which the outcome is not known are left out; an outcome that does
    not vary has no shares (NaN). Raises UserError for fewer than 64 known draws.
    """
    from SALib.analyze import rbd_fast

    y = np.asarray(outcome, dtype=float)
    kept = ~np.isnan(y)
    y = y[kept]
    if len(y) < _FEWEST:
        text = _("{count} known draws are too few to say which input matters; {least} are needed.")
        raise UserError(text.format(count=len(y), least=_FEWEST), code="too-few-draws")
    columns = {name: np.asarray(drawn, dtype=float)[kept] for name, drawn in draws.items()}
    columns = {name: drawn for name, drawn in columns.items() if drawn.min() < drawn.max()}
    names = list(columns)
    if not names or not y.min() < y.max():
        return _table(names, {"first": np.full(len(names), math.nan)}, "first")
    problem = {"num_vars": len(names), "names": names}
    found = rbd_fast.analyze(
        problem,
        np.column_stack(list(columns.values())),
        (y - y.mean()) / y.std(),
        M=_HARMONICS,
        num_resamples=_LIVE_RESAMPLES,
        conf_level=LEVEL,
        seed=seed,
    )
    return _table(names, {"first": found["S1"], "margin": found["S1_conf"]}, "first")


def sobol(
    function: Function, given: Sequence[Range], outcome: str, *, n: int = 1_024, seed: int
) -> pd.DataFrame:
    """Return `first`, `first_margin`, `total`, `total_margin` per input; largest total first.

    `total` includes what the input does together with others; the margins are half of the 95 %
    interval by bootstrap. `n` is a power of two; `function` is called once, with n (k + 2) rows.
    An outcome that does not vary has no shares (NaN). Raises UserError for another n, and for an
    outcome that is not known in every draw.
    """
    varying = [one for one in given if one.varies]
    streams = sorted({one.stream or one.name for one in varying})
    if n < _FEWEST or n & (n - 1):
        text = _("The number of draws {n} must be a power of two, 64 or more.")
        raise UserError(text.format(n=n), code="wrong-draws")
    if not streams:
        return _table([], {name: np.zeros(0) for name in ("total", "first")}, "total")
    shares = _saltelli(streams, n, seed)
    column = {stream: np.maximum(shares[:, i], _SMALLEST) for i, stream in enumerate(streams)}
    drawn = {
        one.name: quantiles(one, column[one.stream or one.name])
        if one.varies
        else np.full(len(shares), one.value)
        for one in given
    }
    made = np.asarray(function(drawn)[outcome], dtype=float)
    if np.isnan(made).any():
        text = _("{outcome} is not known for every draw, so its variance has no shares.")
        raise UserError(text.format(outcome=outcome), code="not-known")
    return _analysed(streams, made, seed)


def _saltelli(names: list[str], n: int, seed: int) -> Floats:
    """Return n (k + 2) rows of shares between 0 and 1, in SALib's order; the same per seed."""
    from SALib.sample import sobol as sampling

    # SALib takes no bounds of no width, and a sequence that is not scrambled starts at 0.
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    rows = sampling.sample(problem, n, calc_second_order=False, scramble=True, seed=seed)
    return np.asarray(rows, dtype=float)


def _analysed(names: list[str], made: Floats, seed: int) -> pd.DataFrame:
    from SALib.analyze import sobol as analysis

    shown = {"first": "S1", "first_margin": "S1_conf", "total": "ST", "total_margin": "ST_conf"}
    if not made.min() < made.max():
        return _table(names, {name: np.full(len(names), math.nan) for name in shown}, "total")
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    found = analysis.analyze(
        problem,
        made,
        calc_second_order=False,
        num_resamples=_RESAMPLES,
        conf_level=LEVEL,
        seed=seed + 1,  # with 0, SALib would draw from numpy's shared generator
    )
    return _table(names, {name: found[key] for name, key in shown.items()}, "total")


def _table(names: list[str], columns: Mapping[str, object], by: str) -> pd.DataFrame:
    frame = pd.DataFrame(columns, index=pd.Index(names, dtype=object, name="input"), dtype=float)
    return frame.sort_values(by, ascending=False, kind="stable")
