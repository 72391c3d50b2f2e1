"""Fair plans under one budget, without a solver: exact, or with the gap that is left."""

from __future__ import annotations

import numpy as np

from canheal_nb.solver.bounds import relative, spent
from canheal_nb.solver.exact.greedy import greedy
from canheal_nb.solver.exact.least_share import Floored, floored
from canheal_nb.solver.exact.marginal_units import least, worth
from canheal_nb.solver.exact.max_min import fairest, in_turn
from canheal_nb.solver.exact.share_cost import filled
from canheal_nb.solver.problem import Array, Plan, Problem


def fair_plan(problem: Problem, in_order: bool, gap: float) -> Plan:
    """Return a plan of the highest least share (and the next least, in order), then most need.

    Raise Infeasible when the budget cannot pay what is fixed.
    """
    greedy(problem)  # refuses what cannot be paid
    if not np.any(problem.over_years(problem.need) * problem.weight[:, :, None] > 0):
        units, _bound = greedy(problem)
        return Plan(units, 0.0, 0.0, 0.0, 0.0, "greedy", binding=spent(problem, units))
    found, share, bound = in_turn(problem) if in_order else fairest(problem, gap)
    units, _bound = greedy(filled(problem, found))
    if not in_order:
        (other,) = floored(problem, np.full((1, problem.shape[0]), share))
        if other.units is not None and worth(problem, other.units) > worth(problem, units):
            units = other.units
    share = float(np.nanmin(least(problem, units)))
    bound = max(bound, share)
    behind = (bound - share) / bound if bound > 0 else 0.0
    return Plan(units, share, bound, behind, 0.0, "greedy", binding=spent(problem, units))


def floor_plans(problem: Problem, shares: Array) -> list[Plan | None]:
    """Return, for each row of shares [P, A], a plan of most need met, or none if none was found."""
    return [_plan(problem, each) for each in floored(problem, shares)]


def _plan(problem: Problem, found: Floored) -> Plan | None:
    if found.units is None:
        return None
    done = worth(problem, found.units)
    bound = max(found.bound, done)
    gap = relative(problem, done, bound)
    return Plan(found.units, done, bound, gap, 0.0, "greedy", binding=spent(problem, found.units))
