"""What to fund: whole units of each intervention in each area and year, with a proven gap.

Method: without ties between cells, runs sorted by gain per euro give the exact linear bound
and a whole-unit plan (Dantzig 1957), with prices per area where shares are to be kept, and
states area by area for the fairest; where that leaves more than the gap asked, or years,
staff and money tie cells together, HiGHS solves the same model over runs of whole units.
Max-min and lexicographic plans follow section 6 of the model (Ogryczak); infeasible ones are
explained by an elastic relaxation.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from canheal_nb.solver.bounds import relative, silent, spent
from canheal_nb.solver.exact.greedy import greedy
from canheal_nb.solver.exact.marginal_units import least, worth
from canheal_nb.solver.milp import Found, binding, maximise
from canheal_nb.solver.milp_model import Model, build
from canheal_nb.solver.problem import (
    Array,
    Binding,
    Cofunding,
    Infeasible,
    Plan,
    Problem,
    Progress,
    Relaxation,
    Staff,
    Stop,
    Undecided,
    check,
)
from canheal_nb.solver.single_budget import fair_plan, floor_plans

__all__ = [
    "Binding", "Cofunding", "Infeasible", "Plan", "Problem", "Relaxation", "Staff", "Undecided",
    "solve", "worth", "least",
]  # fmt: skip

Mask = NDArray[np.bool_]


def solve(
    problem: Problem,
    objective: str = "most_need_met",
    target: float | Array | None = None,
    time_limit: float = 10.0,
    gap: float = 1e-3,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Plan:
    """Return a plan and how far it can be from the best.

    target: the least share of need to meet in the last year, one number or one per area: what
    least_cost must reach, and a floor for most_need_met. progress(words, seconds) is told each
    step; `stop` is asked about twenty times a second and ends a long solve with what is known.
    Raise Infeasible when no plan keeps all constraints, Undecided when time ran out first.
    """
    check(problem, objective, target)
    began = time.perf_counter()
    tell = progress or (lambda _words, _seconds: None)
    shares = (
        None
        if target is None
        else np.broadcast_to(np.asarray(target, float), problem.need.shape[:1])
    )
    tell(objective, 0.0)
    if objective == "most_need_met":
        plan = _most(problem, shares, time_limit, gap, stop)
    elif objective == "least_cost":
        plan = _cheapest(problem, shares, time_limit, gap, stop)
    elif objective == "max_min":
        plan = _fairest(problem, time_limit, gap, stop)
    else:
        plan = _lexicographic(problem, time_limit, gap, stop)
    seconds = time.perf_counter() - began
    tell(plan.method, seconds)
    return replace(plan, seconds=seconds, goal=objective, not_modelled=silent(problem))


def _most(
    problem: Problem,
    shares: Array | None,
    time_limit: float,
    gap: float,
    stop: Stop | None,
    known: Array | None = None,
) -> Plan:
    """Return the most need met; `known` is a plan that keeps all, to fall back on."""
    units, bound, method = known, np.inf, "greedy" if known is None else "HiGHS"
    if not problem.coupled and shares is None:
        units, bound = greedy(problem)
        done = worth(problem, units)
        if relative(problem, done, bound) <= gap:
            plan = Plan(units, done, max(bound, done), relative(problem, done, bound), 0.0, method)
            return replace(plan, binding=spent(problem, units))
    elif not problem.coupled and shares is not None and known is None:
        (near,) = floor_plans(problem, shares[None, :])
        if near is not None and near.gap <= gap:
            return near
        if near is not None:
            units, bound, method = near.units, near.bound, near.method
    model, stopped, trained = build(problem, shares), False, None
    nothing = worth(problem, np.zeros(problem.shape))
    try:
        found = maximise(model, model.gain, time_limit, gap / 2, stop)
    except Undecided:
        idle = np.zeros(problem.shape)
        if units is None and not _keeps(model, idle):
            raise
        units, stopped = (idle if units is None else units), True
        bound = min(bound, nothing + float(model.gain @ model.upper))
    else:
        better, method = bought(model, found), "HiGHS"
        if units is None or worth(problem, better) > worth(problem, units):
            units, trained = better, places(model, problem, found)
        bound = min(bound, nothing + found.bound)
    done = worth(problem, units)
    bound = max(bound, done)
    return Plan(
        units, done, bound, relative(problem, done, bound), 0.0, method,
        binding=binding(model, _columns(model, units, trained)), stopped=stopped, trained=trained,
    )  # fmt: skip


def _cheapest(
    problem: Problem, shares: Array | None, time_limit: float, gap: float, stop: Stop | None
) -> Plan:
    model = build(problem, shares)
    found = maximise(model, -model.money, time_limit, gap, stop)
    cost, bound = -found.reached, -found.bound
    behind = (cost - bound) / cost if cost > 0 else 0.0
    return Plan(
        bought(model, found), cost, bound, behind, 0.0, "HiGHS",
        binding=binding(model, found.columns), trained=places(model, problem, found),
    )  # fmt: skip


def _fairest(problem: Problem, time_limit: float, gap: float, stop: Stop | None) -> Plan:
    """Raise the least share as far as it goes, then meet the most need with what is left."""
    quick = None if problem.coupled else fair_plan(problem, False, gap)
    if quick is not None and quick.gap <= gap:
        return quick
    try:
        return _fairest_solved(problem, time_limit, gap, stop, quick)
    except Undecided:
        if quick is None:
            raise
        return replace(quick, stopped=True)


def _fairest_solved(
    problem: Problem, time_limit: float, gap: float, stop: Stop | None, quick: Plan | None
) -> Plan:
    model = build(problem, theta=0.0)
    found = maximise(model, _least(model), time_limit / 2, gap, stop)
    first = bought(model, found)
    shares = np.full(problem.shape[0], floor(problem, first))
    filled = _most(problem, shares, time_limit / 2, gap, stop, first)
    theta = floor(problem, filled.units)
    roof = found.bound if quick is None else min(found.bound, quick.bound)
    if quick is not None and quick.objective >= theta:
        filled, theta = quick, quick.objective
    bound = max(roof, theta)
    behind = (bound - theta) / bound if bound > 0 else 0.0
    return replace(filled, objective=theta, bound=bound, gap=behind, method="HiGHS")


def _lexicographic(problem: Problem, time_limit: float, gap: float, stop: Stop | None) -> Plan:
    """Raise the least share; fix the areas that can go no higher; repeat with the others."""
    if not problem.coupled:
        quick = fair_plan(problem, True, gap)
        if quick.gap <= gap:
            return quick
    areas = problem.shape[0]
    fixed, held = np.zeros(areas), np.zeros(areas, dtype=bool)
    first = _fairest(problem, time_limit / 2, gap, stop)
    plan, theta = first, first.objective
    for _round in range(areas):
        plan, risen = _risen(problem, np.where(held, fixed, theta), held, time_limit / 4, gap, stop)
        stuck = ~held & ~risen
        if not stuck.any():
            break
        fixed[stuck], held = theta, held | stuck
        if held.all():
            break
        model = build(problem, np.where(held, fixed, 0.0), theta=theta)
        _free(model, held)
        found = maximise(model, _least(model), time_limit / 4, gap, stop)
        reached = least(problem, bought(model, found))
        theta = float(np.nanmin(np.where(held, np.nan, reached)))
    return replace(
        plan, objective=first.objective, bound=first.bound, gap=first.gap, method="HiGHS"
    )


def _risen(
    problem: Problem, shares: Array, held: Mask, time_limit: float, gap: float, stop: Stop | None
) -> tuple[Plan, Mask]:
    """Return a plan in which as many free areas as can be rise above their share."""
    areas = problem.shape[0]
    step, model = 1e-4, build(problem, shares)
    width = len(model.upper)
    for name in ("upper", "lower", "whole", "gain", "persons", "money"):
        fill = step if name == "upper" else 0.0
        setattr(model, name, np.append(getattr(model, name), np.full(areas, fill)))
    bound_to = [a for a in range(areas) if model.asked[a] > 0]
    per_area = np.flatnonzero(model.persons > 0)
    total = (per_area - model.units) * areas // max(1, _filled(model, problem))
    for a in bound_to:
        columns = per_area[total == a]
        values = np.append(model.persons[columns] / model.asked[a], -1.0)
        start = float(shares[a] * (1 - 1e-9) - model.base[a] / model.asked[a])
        model.add("", (a, -1, -1), np.append(columns, width + a), values, start, np.inf)
    reward = np.zeros(len(model.upper))
    reward[width:] = np.where(held, 0.0, 1.0)
    found = maximise(model, reward, time_limit, gap, stop)
    units = bought(model, found)
    risen = least(problem, units) > shares + step / 2
    done = worth(problem, units)
    return Plan(
        units, done, np.inf, np.nan, 0.0, "HiGHS", binding=binding(model, found.columns)
    ), risen


def _filled(model: Model, problem: Problem) -> int:
    roles = 0 if problem.staff is None else problem.staff.per_unit.shape[1]
    return (
        len(model.upper)
        - problem.shape[0]
        - model.units
        - 1
        - roles * problem.shape[0] * problem.shape[2]
    )


def _free(model: Model, held: Mask) -> None:
    """Let areas already fixed lie below the least share that is raised now."""
    for row, (kind, where) in enumerate(model.labels):
        if not kind and where[1:] == (-1, -1) and held[where[0]]:
            model.below[row] = -np.inf


def _least(model: Model) -> Array:
    reward = np.zeros(len(model.upper))
    reward[-1] = 1.0
    return reward


def floor(problem: Problem, units: Array) -> float:
    """Return the least share of need covered of any area."""
    return float(np.nanmin(least(problem, units)))


def bought(model: Model, found: Found) -> Array:
    """Return the units bought [A, I, T]."""
    return found.columns[: model.units].reshape(model.shape)


def places(model: Model, problem: Problem, found: Found) -> Array | None:
    """Return the training places opened [A, R, T]."""
    if problem.staff is None:
        return None
    areas, _services, years = problem.shape
    roles = problem.staff.per_unit.shape[1]
    size = areas * roles * years
    return found.columns[-1 - size : -1].reshape(areas, roles, years)


def _columns(model: Model, units: Array, trained: Array | None) -> Array:
    """Return columns for a plan: the units, and each cell's runs filled in order."""
    columns = np.zeros(len(model.upper))
    columns[: model.units] = units.ravel()
    if trained is not None:
        columns[-1 - trained.size : -1] = trained.ravel()
    matrix, size = model.matrix(), model.units
    for row, (kind, where) in enumerate(model.labels):
        if kind or where[1] < 0:
            continue
        span = slice(matrix.indptr[row], matrix.indptr[row + 1])
        index, values = matrix.indices[span], matrix.data[span]
        left = -float(values[index < size] @ columns[index[index < size]])
        for column in sorted(index[index >= size]):
            columns[column] = min(left, model.upper[column])
            left -= columns[column]
    return columns


def _keeps(model: Model, units: Array) -> bool:
    done = model.matrix() @ _columns(model, units, None)
    return bool(np.all(done >= np.array(model.below)) and np.all(done <= np.array(model.above)))
