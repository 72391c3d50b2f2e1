"""What is said about a plan: how far from the best, what binds, what is not modelled."""

from __future__ import annotations

import numpy as np

from canheal_nb.solver.exact.marginal_units import limits, worth
from canheal_nb.solver.problem import Array, Binding, Problem


def relative(problem: Problem, done: float, bound: float, least: float | None = None) -> float:
    """Return the part of the gain over the fewest units allowed that a plan may be missing.

    least: what the fewest units are worth, where that is known already.
    """
    span = bound - min(idle(problem) if least is None else least, done)
    return max(0.0, (bound - done) / span) if span > 1e-12 * max(1.0, abs(bound)) else 0.0


def idle(problem: Problem) -> float:
    """Return the value of all cover with the fewest units that floors and locks allow."""
    low, _high = limits(problem)
    units = np.zeros(problem.shape)
    units[:, :, 0] = low
    return worth(problem, units)


def spent(problem: Problem, units: Array) -> tuple[Binding, ...]:
    """Return what binds a plan without ties: the money, caps, floors and locks."""
    low, high = limits(problem)
    total, cost = float(np.atleast_1d(problem.budget)[0]), problem.over_years(problem.cost)
    slack, whole = total - float((units * cost).sum()), units[:, :, 0]
    found = []
    if slack < cost.min():
        found.append(Binding("budget", (-1, -1, 0), slack, total))
    for a, i in np.argwhere((whole >= high) | ((whole <= low) & (low > 0))):
        kind = (
            "locked"
            if (a, i) in problem.locked
            else "cap"
            if whole[a, i] >= high[a, i]
            else "floor"
        )
        limit = high[a, i] if kind == "cap" else low[a, i]
        found.append(Binding(kind, (int(a), int(i), -1), 0.0, float(limit)))
    return tuple(found)


def silent(problem: Problem) -> tuple[str, ...]:
    """Return what this problem does not model, as ids."""
    absent = {
        "staff": problem.staff is None,
        "absorption": problem.absorption is None,
        "cofunding": problem.cofunding is None,
        "lag": problem.lag is None,
        "life": problem.life is None,
        "todays_capacity": bool(np.isnan(problem.start_units).any()),
    }
    return tuple(name for name, missing in absent.items() if missing)
