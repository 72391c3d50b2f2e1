"""The trade-off between the most need met and the least share of any area.

Epsilon-constraint with an augmented objective (AUGMECON, Mavrotas 2009): at each least share
the most need is met, and of equals the fairer one is taken; dominated points are dropped.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from canheal_nb.solver.allocation import Plan, bought, floor, solve
from canheal_nb.solver.bounds import idle, relative
from canheal_nb.solver.exact.greedy import greedy
from canheal_nb.solver.exact.least_share import floored
from canheal_nb.solver.exact.marginal_units import worth
from canheal_nb.solver.milp import maximise
from canheal_nb.solver.milp_model import build
from canheal_nb.solver.problem import Array, Infeasible, Problem, Stop, Undecided
from canheal_nb.solver.single_budget import fair_plan

AUGMENT = 1e-4
FAIR = 1e-4


@dataclass(frozen=True)
class Point:
    """One plan on the frontier: value of all cover, its bound, and the least share covered."""

    units: Array
    met: float
    bound: float
    gap: float
    least: float


def frontier(
    problem: Problem,
    points: int = 21,
    time_limit: float = 30.0,
    gap: float | None = None,
    stop: Stop | None = None,
) -> tuple[Point, ...]:
    """Return the frontier from most need met to fairest, no point worse in both.

    Without ties between cells all points are found at once by prices and rounding, each with
    its proven gap; `gap` asks the solver for more where that is not enough. Otherwise the first
    and last are solved with `solve`; time is shared between the points, and a point that finds
    no plan in its time is left out.
    """
    began = time.perf_counter()
    if not problem.coupled and gap is None:
        return tuple(_best(_at_once(problem, points)))
    gap = 1e-3 if gap is None else gap
    each = time_limit / (points + 2)
    ends = [
        solve(problem, goal, None, each, gap, None, stop) for goal in ("most_need_met", "max_min")
    ]
    found = [_point(problem, plan) for plan in ends]
    low, high = found[0].least, found[1].least
    for theta in np.linspace(low, high, points)[1:-1]:
        left = time_limit - (time.perf_counter() - began)
        if left <= 0 or (stop is not None and stop()):
            break
        model = build(problem, theta=float(theta) * (1 - 1e-9))
        reward = model.gain.copy()
        reward[-1] = AUGMENT * max(found[0].met - found[1].met, 1e-9) / max(high - low, 1e-9)
        nothing = worth(problem, np.zeros(problem.shape))
        try:
            best = maximise(model, reward, min(left, each * 2), gap / 2, stop)
        except (Infeasible, Undecided):
            continue
        units = bought(model, best)
        met = worth(problem, units)
        # The augmented part is never below its value at theta, so this stays a bound.
        bound = max(met, nothing + best.bound - reward[-1] * float(theta) * (1 - 1e-9))
        behind = relative(problem, met, bound)
        found.append(Point(units, met, bound, behind, floor(problem, units)))
    return tuple(_best(found))


def _at_once(problem: Problem, points: int) -> list[Point]:
    """Return the points of an uncoupled problem, the fairest exactly."""
    most, roof = greedy(problem)
    least = idle(problem)
    fair = fair_plan(problem, False, FAIR)
    low = floor(problem, most)
    if not fair.objective > low:
        return [_told(problem, most, roof, least)]
    levels = np.linspace(low, fair.objective, points)[1:] * (1 - 1e-9)
    found = floored(problem, np.repeat(levels[:, None], problem.shape[0], axis=1))
    given = [(most, roof), *((each.units, each.bound) for each in found)]
    given.append((fair.units, found[-1].bound))
    return [_told(problem, units, bound, least) for units, bound in given if units is not None]


def _told(problem: Problem, units: Array, bound: float, least: float) -> Point:
    met = worth(problem, units)
    bound = max(bound, met)
    return Point(units, met, bound, relative(problem, met, bound, least), floor(problem, units))


def _point(problem: Problem, plan: Plan) -> Point:
    met = worth(problem, plan.units)
    fair = plan.goal == "max_min"
    bound = max(met, plan.bound) if not fair else float("nan")
    gap = float("nan") if fair else plan.gap
    return Point(plan.units, met, bound, gap, floor(problem, plan.units))


def _best(found: list[Point]) -> list[Point]:
    """Return the points that no other equals or beats in both, by rising least share."""
    kept: list[Point] = []
    for point in sorted(found, key=lambda each: (-each.least, -each.met)):
        if not kept or point.met > kept[-1].met * (1 + 1e-9):
            kept.append(point)
    return kept[::-1]
