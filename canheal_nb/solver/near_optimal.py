"""Plans nearly as good as the one proposed that spend the money as otherwise as can be.

Modelling to generate alternatives (Brill, Chang and Hopkins 1982): of all plans that lose at most
a small part of what was reached, the one that spends least where the plans so far spend most.
"""

from __future__ import annotations

import numpy as np

from canheal_nb.solver.allocation import Plan, bought
from canheal_nb.solver.bounds import idle
from canheal_nb.solver.exact.marginal_units import least, worth
from canheal_nb.solver.milp import maximise
from canheal_nb.solver.milp_model import Model, build
from canheal_nb.solver.problem import Array, Infeasible, Problem, Stop, Undecided

SLACK = 0.01
ALIKE = 1e-3


def alternatives(
    problem: Problem,
    plan: Plan,
    count: int = 1,
    slack: float = SLACK,
    time_limit: float = 10.0,
    stop: Stop | None = None,
    target: float | Array | None = None,
) -> tuple[Array, ...]:
    """Return up to `count` plans [A, I, T], each as different as can be from those before.

    Each loses at most `slack` of the plan's gain over doing nothing more, and of its least share
    where the goal is fairness; for least_cost it costs at most that much more. `target` as given
    to `solve`. Fewer are returned where time runs out or no plan spends a thousandth otherwise.
    """
    shares = (
        None
        if target is None
        else np.broadcast_to(np.asarray(target, float), problem.need.shape[:1])
    )
    if plan.goal in ("max_min", "lexicographic"):
        shares = np.nan_to_num(np.minimum(least(problem, plan.units), plan.objective) * (1 - slack))
    cost = problem.over_years(problem.cost)
    where = _places(cost * plan.units)
    found: list[Array] = []
    for _turn in range(count):
        model = build(problem, shares)
        _hold(model, problem, plan, slack)
        reward = np.zeros(len(model.upper))
        reward[: model.units] = -(where[:, :, None] * cost).ravel()
        try:
            best = maximise(model, reward, time_limit / count, 0.01, stop)
        except (Infeasible, Undecided):
            break
        units = bought(model, best)
        if any(otherwise(problem, units, other) < ALIKE for other in (plan.units, *found)):
            break
        found.append(units)
        where = where + _places(cost * units)
    return tuple(found)


def otherwise(problem: Problem, one: Array, other: Array) -> float:
    """Return the share of the money that two plans spend on other things or elsewhere, 0 to 1."""
    cost = problem.over_years(problem.cost)
    first, second = ((cost * units).sum(axis=2) for units in (one, other))
    most = max(float(first.sum()), float(second.sum()))
    return 1 - float(np.minimum(first, second).sum()) / most if most > 0 else 0.0


def loss(problem: Problem, plan: Plan, units: Array) -> float:
    """Return the part of the plan's gain over doing nothing more that other units lose."""
    nothing, met = idle(problem), worth(problem, plan.units)
    gain = met - nothing
    return (met - worth(problem, units)) / gain if gain > 0 else 0.0


def _places(spent: Array) -> Array:
    """Return how much of the most spent in one place is spent in each, [A, I]."""
    total: Array = spent.sum(axis=2)
    return total / max(float(total.max()), 1e-300)


def _hold(model: Model, problem: Problem, plan: Plan, slack: float) -> None:
    if plan.goal == "least_cost":
        columns = np.flatnonzero(model.money > 0)
        most = (
            float((problem.over_years(problem.cost) * plan.units).sum())
            if (problem.cofunding is None)
            else plan.objective
        )
        model.add(
            "target", (-1, -1, -1), columns, model.money[columns], -np.inf, most * (1 + slack)
        )
        return
    # What is bought because floors and locks say so is no gain.
    nothing, base = idle(problem), worth(problem, np.zeros(problem.shape))
    met = worth(problem, plan.units)
    enough = (nothing - base) + (met - nothing) * (1 - slack)
    columns, scale = np.flatnonzero(model.gain > 0), max(met - base, 1e-300)
    model.add("target", (-1, -1, -1), columns, model.gain[columns] / scale, enough / scale, np.inf)
