"""HiGHS through scipy: the model solved within a time limit, and stopped when asked."""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from canheal_nb.solver.highs import QUIET
from canheal_nb.solver.infeasibility import explain
from canheal_nb.solver.milp_model import Model
from canheal_nb.solver.problem import Array, Binding, Stop, Undecided


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
    # The solver's tolerances are absolute: rewards far below 1 would be lost in them.
    scale = 100 / max(float(np.abs(reward).max(initial=0.0)), 1e-300)
    scale = scale if scale > 1 and np.any(reward) else 1.0
    asked = (
        -scale * reward, model.matrix(), np.array(model.below), np.array(model.above),
        model.lower, model.upper, model.whole, time_limit, gap,
    )  # fmt: skip
    answer = _solve(*asked) if stop is None else _watched(asked, stop)
    if answer is not None and answer[0] == 2:
        raise explain(model, time_limit, _solve)
    columns, bound = (None, None) if answer is None else answer[1:]
    if columns is None:
        raise Undecided
    reached = float(reward @ columns)
    return Found(columns, reached, reached if bound is None else max(reached, -bound / scale))


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


def binding(model: Model, columns: Array) -> tuple[Binding, ...]:
    """Return the rows with no room for one more unit of what they limit.

    A row that nothing can move has no step, and a lower limit that holds with nothing bought, as
    where the need is met today, asks for nothing: neither binds.
    """
    matrix = model.matrix()
    done = matrix @ columns
    found = []
    for row, (kind, where) in enumerate(model.labels):
        if not kind:
            continue
        values = np.abs(matrix.data[matrix.indptr[row] : matrix.indptr[row + 1]])
        over = np.isfinite(model.above[row])
        limit = model.above[row] if over else model.below[row]
        if not np.any(values > 0) or not (over or limit > 0):
            continue
        step = values[values > 0].min()
        slack = float(abs(limit - done[row]))
        if slack < step * (1 - 1e-9):
            found.append(Binding(kind, where, slack, float(limit + model.base_of.get(row, 0.0))))
    return tuple(found)
