"""Why no plan keeps every limit: a smallest set of limits that clash, and the least that helps.

The least relaxation is elastic: every limit may give at a price of 1 per its own size, and the
least total price says which give and by how much. Limits that carry a price in its linear
relaxation clash among themselves (Gleeson and Ryan 1990); of these, or of all where only whole
units clash, every one without which no plan is found either is left out (deletion filter;
Chinneck and Dravnieks 1991), so that of what is left none can be spared.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from canheal_nb.solver.milp_model import Model
from canheal_nb.solver.problem import Array, Binding, Infeasible, Relaxation

EASE = 1e-6
LONGEST = 10.0
Solver = Callable[..., tuple[int, Array | None, float | None]]


@dataclass(frozen=True)
class _Elastic:
    """The rows with what lets each limit give, and the columns' room."""

    matrix: Any
    below: Array
    above: Array
    cost: Array
    lower: Array
    upper: Array
    whole: Array
    soft: list[int]
    scale: Array


def explain(model: Model, time_limit: float, solver: Solver) -> Infeasible:
    """Return which limits clash, none to spare unless time ran out, and by how little one gives."""
    ends = time.perf_counter() + min(time_limit, LONGEST)
    of = _elastic(model)
    width, many = len(model.upper), len(of.soft)
    _status, columns, _bound = solver(
        of.cost, of.matrix, of.below, of.above, of.lower, of.upper, of.whole,
        max(ends - time.perf_counter(), 0.5), 1e-6,
    )  # fmt: skip
    gives = []
    if columns is not None:
        slack = columns[width : width + many] + columns[width + many :]
        for n, row in enumerate(of.soft):
            if slack[n] > EASE * of.scale[n]:
                kind, where = model.labels[row]
                gives.append(Relaxation(kind, where, _limit(model, row), float(slack[n])))
    clash, least = _deleted(of, _priced(of) or list(of.soft), ends, solver)
    told = (Binding(*model.labels[row], 0.0, _limit(model, row)) for row in sorted(clash))
    return Infeasible(tuple(told), tuple(gives), least)


def _limit(model: Model, row: int) -> float:
    limit = model.above[row] if np.isfinite(model.above[row]) else model.below[row]
    return float(limit + model.base_of.get(row, 0.0))


def _elastic(model: Model) -> _Elastic:
    soft = [n for n, (kind, _where) in enumerate(model.labels) if kind]
    matrix, size, width, many = model.matrix(), len(model.below), len(model.upper), len(soft)
    below, above = np.array(model.below), np.array(model.above)
    limit = np.abs([_limit(model, row) for row in soft])
    scale = np.where(limit > 0, limit, 1.0)
    lift = sparse.csr_array((np.ones(many), (soft, np.arange(many))), (size, many))
    give = np.zeros(2 * many)
    # Only rows may stand in the way here, so a column of units is given room.
    upper = np.where(model.upper > 0, np.inf, 0.0)
    upper[model.units : -1], upper[-1] = model.upper[model.units : -1], 1.0
    return _Elastic(
        sparse.hstack([matrix, lift, -lift]).tocsr(), below, above,
        np.concatenate([np.zeros(width), 1 / scale, 1 / scale]),
        np.concatenate([model.lower, give]), np.concatenate([upper, give + np.inf]),
        np.concatenate([model.whole, give]), soft, scale,
    )  # fmt: skip


def _priced(of: _Elastic) -> list[int]:
    """Return the limits that carry a price in the linear relaxation; none where it fits."""
    up, down = np.isfinite(of.above), np.isfinite(of.below)
    rows = sparse.vstack([of.matrix[up], -of.matrix[down]]).tocsr()
    relaxed = linprog(
        of.cost, rows, np.concatenate([of.above[up], -of.below[down]]),
        bounds=np.column_stack([of.lower, of.upper]), method="highs",
    )  # fmt: skip
    if relaxed.status != 0 or relaxed.fun <= EASE:
        return []
    which = np.concatenate([np.flatnonzero(up), np.flatnonzero(down)])
    priced = {int(which[n]) for n in np.flatnonzero(np.abs(relaxed.ineqlin.marginals) > 1e-12)}
    return [row for row in of.soft if row in priced]


def _deleted(
    of: _Elastic, rows: list[int], ends: float, solver: Solver
) -> tuple[list[int], bool]:  # fmt: skip
    """Return rows of which none can be spared, and whether there was time to make sure."""

    def clash(kept: list[int]) -> bool | None:
        free = np.array([float(row not in kept) for row in of.soft])
        upper = of.upper.copy()
        upper[-2 * len(free) :] = np.where(np.tile(free, 2) > 0, np.inf, 0.0)
        left = ends - time.perf_counter()
        if left <= 0:
            return None
        none = np.zeros(len(of.cost))
        status, columns, _bound = solver(
            none, of.matrix, of.below, of.above, of.lower, upper, of.whole, left, 1.0
        )
        return True if status == 2 else (False if columns is not None else None)

    if len(rows) < len(of.soft) and not clash(rows):
        rows = list(of.soft)  # the prices were too small to tell
    kept = list(rows)
    for row in rows:
        rest = [each for each in kept if each != row]
        found = clash(rest)
        if found is None:
            return kept, False
        kept = rest if found else kept
    return kept, True
