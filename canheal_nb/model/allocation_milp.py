"""HiGHS through scipy: the model solved within a time limit, and stopped when asked."""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from canheal_nb.model.allocation_problem import (
    Array,
    Binding,
    Infeasible,
    Relaxation,
    Stop,
    Undecided,
)
from canheal_nb.model.allocation_rows import Model
from canheal_nb.model.quiet import QUIET

EASE = 1e-6


@dataclass(frozen=True)
class Found:
    """The columns found, the best any could reach (both of `reward`), and whether stopped."""

    columns: Array
    reached: float
    bound: float
    stopped: bool = False


def maximise(
    model: Model, reward: Array, time_limit: float, gap: float, stop: Stop | None = None
) -> Found:
    """Return the best columns for `reward`; raise Infeasible or Undecided if there are none."""
    asked = (
        -reward, model.matrix(), np.array(model.below), np.array(model.above),
        model.lower, model.upper, model.whole, time_limit, gap,
    )  # fmt: skip
    answer = _solve(*asked) if stop is None else _watched(asked, stop)
    if answer is not None and answer[0] == 2:
        raise explain(model, time_limit)
    columns, bound = (None, None) if answer is None else answer[1:]
    if columns is None:
        raise Undecided
    reached = float(reward @ columns)
    return Found(columns, reached, reached if bound is None else max(reached, -bound))


def _solve(
    cost: Array, matrix: Any, below: Array, above: Array, lower: Array, upper: Array,
    whole: Array, time_limit: float, gap: float,
) -> tuple[int, Array | None, float | None]:  # fmt: skip
    with QUIET:
        answer = milp(
            cost,
            integrality=whole,
            bounds=Bounds(lower, np.maximum(upper, lower)),
            constraints=LinearConstraint(matrix, below, above),
            options={"time_limit": time_limit, "mip_rel_gap": gap},
        )
    columns = answer.x
    if columns is not None:
        columns = np.where(whole > 0, np.round(columns), columns)
    return int(answer.status), columns, answer.mip_dual_bound


def _child(pipe: Any, asked: tuple[Any, ...]) -> None:
    pipe.send(_solve(*asked))
    pipe.close()


def _watched(asked: tuple[Any, ...], stop: Stop) -> tuple[int, Array | None, float | None] | None:
    """Solve in a process of its own, ended as soon as `stop` says so; None if it was."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    worker = context.Process(target=_child, args=(theirs, asked), daemon=True)
    worker.start()
    theirs.close()
    try:
        while not ours.poll(0.05):
            if stop() or not worker.is_alive():
                return None
        answer: tuple[int, Array | None, float | None] = ours.recv()
        return answer
    except EOFError:
        return None
    finally:
        worker.terminate()
        worker.join()
        ours.close()


def explain(model: Model, time_limit: float) -> Infeasible:
    """Return which rows clash and by how little they must give (elastic relaxation).

    Every limit may give at a price of 1 per its own size; the least total price says by how
    much; the rows that carry a price in the linear relaxation are those that clash.
    """
    soft = [n for n, (kind, _where) in enumerate(model.labels) if kind]
    matrix, size, width = model.matrix(), len(model.below), len(model.upper)
    below, above = np.array(model.below), np.array(model.above)
    scale = np.where(np.isfinite(above), np.abs(above), np.abs(below))
    scale = np.maximum(scale, 1.0)[soft]
    lift = sparse.csr_array((np.ones(len(soft)), (soft, np.arange(len(soft)))), (size, len(soft)))
    wide = sparse.hstack([matrix, lift, -lift]).tocsr()
    many = 2 * len(soft)
    cost = np.concatenate([np.zeros(width), 1 / scale, 1 / scale])
    lower = np.concatenate([model.lower, np.zeros(many)])
    # Only rows may stand in the way here, so a column is given room.
    upper = np.concatenate([np.where(model.upper > 0, np.inf, 0.0)])
    upper[model.units : -1] = model.upper[model.units : -1]
    upper[-1] = 1.0
    upper = np.concatenate([upper, np.full(many, np.inf)])
    whole = np.concatenate([model.whole, np.zeros(many)])
    _status, columns, _bound = _solve(
        cost, wide, below, above, lower, upper, whole, min(time_limit, 10.0), 1e-6
    )
    up, down = np.isfinite(above), np.isfinite(below)
    rows = sparse.vstack([wide[up], -wide[down]]).tocsr()
    relaxed = linprog(
        cost, rows, np.concatenate([above[up], -below[down]]),
        bounds=np.column_stack([lower, upper]), method="highs",
    )  # fmt: skip
    priced: set[int] = set()
    if relaxed.status == 0:
        which = np.concatenate([np.flatnonzero(up), np.flatnonzero(down)])
        priced = {int(which[n]) for n in np.flatnonzero(np.abs(relaxed.ineqlin.marginals) > 1e-12)}
    limit = np.where(up, above, below)
    gives = []
    if columns is not None:
        slack = columns[width : width + len(soft)] + columns[width + len(soft) :]
        for n, row in enumerate(soft):
            if slack[n] > EASE * scale[n]:
                kind, where = model.labels[row]
                gives.append(Relaxation(kind, where, float(limit[row]), float(slack[n])))
                priced.add(row)
    clash = tuple(
        Binding(*model.labels[row], 0.0, float(limit[row])) for row in sorted(priced)
        if model.labels[row][0]
    )  # fmt: skip
    return Infeasible(clash, tuple(gives))


def binding(model: Model, columns: Array) -> tuple[Binding, ...]:
    """Return the rows with no room for one more unit of what they limit."""
    matrix = model.matrix()
    done = matrix @ columns
    found = []
    for row, (kind, where) in enumerate(model.labels):
        if not kind:
            continue
        values = np.abs(matrix.data[matrix.indptr[row] : matrix.indptr[row + 1]])
        step = values[values > 0].min(initial=np.inf)
        over = np.isfinite(model.above[row])
        limit = model.above[row] if over else model.below[row]
        slack = float(abs(limit - done[row]))
        if slack < step * (1 - 1e-9):
            found.append(Binding(kind, where, slack, float(limit)))
    return tuple(found)
