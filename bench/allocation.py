"""What is measured about the allocator, beside plain models in HiGHS (scipy) and CBC (PuLP)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pulp
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from bench.access import OURS, Line
from bench.timing import race
from canheal_nb.model.allocation import Problem, solve, worth

SIZES = ((27, 12), (1_000, 12))
GAP, LIMIT = 1e-3, 15.0
SEGMENTS = ((0.5, 1.0), (0.3, 0.6), (0.2, 0.25))


def lines() -> Iterator[Line]:
    """Measure plans under one budget, to a proven 0.1 %."""
    for areas, services in SIZES:
        of = example(areas, services)
        contenders: dict[str, Callable[[], Any]] = {
            OURS: lambda of=of: solve(of).units,
            "scipy.milp (HiGHS)": lambda of=of: by_highs(of),
            "PuLP + CBC": lambda of=of: by_cbc(of),
        }
        runs = race(contenders)
        ours = runs[OURS]
        own = worth(of, ours.answer)
        for name, run in runs.items():
            if name == OURS:
                continue
            checked = "no plan in 15 s"
            if run.answer is not None:
                checked = f"{worth(of, run.answer) / own - 1:+.4%} met"
            yield Line(
                "plan under one budget", f"{areas:,} x {services}", name,
                round(1e3 * ours.median, 2), round(1e3 * run.median, 2),
                round(run.median / ours.median, 1), "ms", checked,
                round(1e3 * ours.best, 2), round(1e3 * run.best, 2),
                round(run.best / ours.best, 1), (len(ours.seconds), len(run.seconds)),
            )  # fmt: skip


def example(areas: int, services: int) -> Problem:
    """Return a made-up problem: two fifths of what all would cost."""
    rng = np.random.default_rng(1)
    need, size = rng.lognormal(8, 1, (areas, services)), rng.uniform(50, 500, services)
    cost = rng.uniform(1, 5, (areas, services))
    start = np.floor(need / size * rng.uniform(0, 0.6, (areas, services)))
    full = float((np.maximum(need / size - start, 0) * cost).sum())
    weights = rng.uniform(0.2, 1, (areas, services))
    budget = np.array([0.4 * full])
    return Problem(need, start, size, cost, budget, weights=weights, segments=SEGMENTS)


def by_highs(of: Problem) -> Any:
    """Solve the plain model, units and segments, with scipy."""
    cells, parts = of.need.size, len(SEGMENTS)
    slopes, shares = (np.array(each) for each in zip(*[(b, a) for a, b in SEGMENTS], strict=True))
    size = np.broadcast_to(of.capacity, of.need.shape).ravel()
    link = sparse.hstack(
        [-sparse.diags_array(size), sparse.kron(sparse.eye_array(cells), np.ones((1, parts)))]
    )
    money = sparse.csr_array(np.concatenate([of.cost.ravel(), np.zeros(cells * parts)])[None, :])
    high = np.concatenate([size * of.start_units.ravel(), of.budget])
    upper = np.concatenate([np.full(cells, np.inf), np.outer(of.need.ravel(), shares).ravel()])
    reward = np.concatenate([np.zeros(cells), np.outer(of.weight.ravel(), slopes).ravel()])
    answer = milp(
        -reward,
        integrality=np.concatenate([np.ones(cells), np.zeros(cells * parts)]),
        bounds=Bounds(np.zeros(len(upper)), upper),
        constraints=LinearConstraint(sparse.vstack([link, money]).tocsr(), -np.inf, high),
        options={"time_limit": LIMIT, "mip_rel_gap": GAP},
    )
    return None if answer.x is None else np.round(answer.x[:cells]).reshape(of.shape)


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
    status = model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=LIMIT, gapRel=GAP, threads=1))
    values = np.array([unit.value() or 0.0 for unit in units])
    if status != pulp.LpStatusOptimal or np.abs(values - np.round(values)).max() > 1e-6:
        return None
    return np.round(values).reshape(of.shape)
