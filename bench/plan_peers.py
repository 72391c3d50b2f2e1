"""The same plans by other solvers, from plain models as one would write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pulp
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from spopt.locate import MCLP, PMedian

from bench.plan_examples import SEGMENTS
from canheal_nb.solver.allocation import Problem, worth
from canheal_nb.solver.flows import Flows
from canheal_nb.solver.frontier import Point
from canheal_nb.solver.milp_model import Model

HIGHS, CBC, SPOPT = "scipy.milp (HiGHS)", "PuLP + CBC", "spopt (PySAL) + CBC"
GAP, LIMIT = 1e-3, 15.0


def by_highs(of: Problem, least: float = 0.0, limit: float = LIMIT) -> Any:
    """Solve the plain model, units and segments, with scipy; `least`: the share of every area."""
    (areas, services), cells, parts = of.need.shape, of.need.size, len(SEGMENTS)
    slopes, shares = (np.array(each) for each in zip(*[(b, a) for a, b in SEGMENTS], strict=True))
    size = np.broadcast_to(of.capacity, of.need.shape).ravel()
    link = sparse.hstack(
        [-sparse.diags_array(size), sparse.kron(sparse.eye_array(cells), np.ones((1, parts)))]
    )
    money = sparse.csr_array(np.concatenate([of.cost.ravel(), np.zeros(cells * parts)])[None, :])
    above = [size * of.start_units.ravel(), of.budget]
    rows = [link, money]
    if least > 0:
        each = sparse.kron(sparse.eye_array(areas), np.ones((1, services * parts)))
        met = each.multiply(np.repeat(of.weight.ravel(), parts)[None, :])
        rows.append(sparse.hstack([sparse.csr_array((areas, cells)), -met]))
        above.append(-least * (of.weight * of.need).sum(axis=1))
    upper = np.concatenate([np.full(cells, np.inf), np.outer(of.need.ravel(), shares).ravel()])
    reward = np.concatenate([np.zeros(cells), np.outer(of.weight.ravel(), slopes).ravel()])
    answer = milp(
        -reward,
        integrality=np.concatenate([np.ones(cells), np.zeros(cells * parts)]),
        bounds=Bounds(np.zeros(len(upper)), upper),
        constraints=LinearConstraint(sparse.vstack(rows).tocsr(), -np.inf, np.concatenate(above)),
        options={"time_limit": limit, "mip_rel_gap": GAP},
    )
    return None if answer.x is None else np.round(answer.x[:cells]).reshape(of.shape)


def frontier_by_highs(of: Problem, points: Sequence[Point], limit: float) -> list[float | None]:
    """Return the need met at the least share of each point, one model after the other."""
    found = [by_highs(of, point.least * (1 - 1e-9), limit) for point in points]
    return [None if units is None else worth(of, units) for units in found]


def by_cbc(of: Problem) -> Any:
    """Solve the plain model with CBC through PuLP."""
    model = pulp.LpProblem("plan", pulp.LpMaximize)
    units: list[Any] = []
    gains: list[Any] = []
    for a, i in np.ndindex(of.need.shape):
        unit = pulp.LpVariable(f"x_{a}_{i}", 0, cat="Integer")
        covered = [
            pulp.LpVariable(f"u_{a}_{i}_{s}", 0, float(share * of.need[a, i]))
            for s, (share, _slope) in enumerate(SEGMENTS)
        ]
        units.append(unit)
        gains += [
            float(of.weight[a, i] * slope) * each
            for each, (_share, slope) in zip(covered, SEGMENTS, strict=True)
        ]
        model += pulp.lpSum(covered) <= float(of.capacity[i]) * (unit + float(of.start_units[a, i]))
    costs = [float(price) * unit for price, unit in zip(of.cost.ravel(), units, strict=True)]
    model += pulp.lpSum(costs) <= float(of.budget[0])
    model.setObjective(pulp.lpSum(gains))
    values = _solved(model, units, np.ones(len(units)), LIMIT)
    return None if values is None else np.round(values).reshape(of.shape)


def rows_by_cbc(of: Model, limit: float) -> float | None:
    """Solve the rows of a whole model with CBC through PuLP; return the gain reached."""
    model = pulp.LpProblem("plan", pulp.LpMaximize)
    columns = [
        pulp.LpVariable(
            f"c{n}", float(low), None if np.isinf(high) else float(high),
            "Integer" if whole else "Continuous",
        )
        for n, (low, high, whole) in enumerate(zip(of.lower, of.upper, of.whole, strict=True))
    ]  # fmt: skip
    matrix = of.matrix()
    for row, (below, above) in enumerate(zip(of.below, of.above, strict=True)):
        span = slice(matrix.indptr[row], matrix.indptr[row + 1])
        terms = [
            float(value) * columns[n]
            for n, value in zip(matrix.indices[span], matrix.data[span], strict=True)
        ]
        if np.isfinite(above):
            model += pulp.lpSum(terms) <= float(above)
        if np.isfinite(below):
            model += pulp.lpSum(terms) >= float(below)
    model.setObjective(pulp.lpSum(float(of.gain[n]) * columns[n] for n in np.flatnonzero(of.gain)))
    values = _solved(model, columns, of.whole, limit)
    return None if values is None else float(of.gain @ values)


def _solved(model: Any, columns: list[Any], whole: Any, limit: float) -> Any:
    """Return the columns, or None: at its limit CBC may hand back values that are not whole."""
    model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=limit, gapRel=GAP, threads=1))
    values = np.array([column.value() or 0.0 for column in columns])
    off = np.abs(values - np.round(values))[np.asarray(whole) > 0].max()
    known = (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
    return values if model.sol_status in known and off <= 1e-6 else None


def travel_by_highs(of: Flows, limit: float, gap: float) -> tuple[float, float] | None:
    """Solve units and journeys of all services in one model; return value and bound."""
    (areas, services), centres = of.need.shape, len(of.cost)
    near = np.argsort(of.travel, axis=1, kind="stable")[:, : of.roads]
    keep = np.take_along_axis(of.travel, near, axis=1) <= of.longest
    area, centre = np.repeat(np.arange(areas), keep.sum(axis=1)), near[keep]
    column = np.arange(len(area) * services)
    road, service = np.divmod(column, services)
    units, ones = centres * services, np.ones(len(column))
    arrive = sparse.csr_array(
        (ones, (centre[road] * services + service, column)), (units, len(column))
    )
    leave = sparse.csr_array(
        (ones, (area[road] * services + service, column)), (areas * services, len(column))
    )
    size = np.broadcast_to(of.size, (centres, services)).ravel()
    rows = [
        sparse.hstack([-sparse.diags_array(size), arrive]),
        sparse.hstack([sparse.csr_array((areas * services, units)), leave]),
        sparse.csr_array(np.concatenate([of.cost.ravel(), np.zeros(len(column))])[None, :]),
    ]
    most = np.concatenate([(of.start * of.size).ravel(), of.need.ravel(), [of.budget]])
    reward = np.concatenate([np.zeros(units), of.weight[service]])
    answer = milp(
        -reward,
        integrality=np.concatenate([np.ones(units), np.zeros(len(column))]),
        bounds=Bounds(0.0, np.inf),
        constraints=LinearConstraint(sparse.vstack(rows).tocsr(), -np.inf, most),
        options={"time_limit": limit, "mip_rel_gap": gap},
    )
    if answer.x is None:
        return None
    return float(reward @ answer.x), -float(answer.mip_dual_bound)


def covered_by_spopt(travel: Any, people: Any, limit: float, count: int) -> float:
    """Return the people whom spopt's MCLP brings within reach."""
    model = MCLP.from_cost_matrix(travel, people, limit, count)
    model = model.solve(pulp.PULP_CBC_CMD(msg=False, threads=1))
    return float(model.problem.objective.value())


def median_by_spopt(travel: Any, people: Any, count: int) -> float:
    """Return people times travel of spopt's p-median."""
    model = PMedian.from_cost_matrix(travel, people, count)
    model = model.solve(pulp.PULP_CBC_CMD(msg=False, threads=1))
    return float(model.problem.objective.value())
