"""Units at centres and the people who travel to them: one year, one budget, by HiGHS.

Only roads within the longest journey, the nearest few per area, are columns. Units are whole,
people are not. A centre that is opened must treat at least its smallest volume. Money alone ties
the services, so where there are many units each service is solved by itself at the price of
money of the linear relaxation (Lagrangian; Fisher 1981): these bounds add up to one for all,
and services in turn are solved again with the money that the others leave.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp

from canheal_nb.solver.highs import QUIET
from canheal_nb.solver.problem import Array, Infeasible, Undecided

MANY, THREADS = 1_000, 2
PARTS = 0.6


@dataclass(frozen=True)
class Flows:
    """need[A, I] persons, travel[A, J] minutes, size[I] persons a unit, cost[J, I] of one unit.

    start[J, I] units today; budget; weight[I] of one person served; at most `roads` per area,
    none longer than `longest` minutes; volume[J, I]: the fewest persons each must treat.
    """

    need: Array
    travel: Array
    size: Array
    cost: Array
    start: Array
    budget: float
    weight: Array
    longest: float
    roads: int = 8
    volume: Array | None = None


@dataclass(frozen=True)
class Served:
    """units[J, I] bought, persons treated[J, I], value, a bound on it, and the gap between."""

    units: Array
    treated: Array
    objective: float
    bound: float
    gap: float


@dataclass(frozen=True)
class _Roads:
    """Who arrives at a centre and who leaves an area, [J, roads] and [A, roads]."""

    arrive: Any
    leave: Any


def serve(of: Flows, time_limit: float = 10.0, gap: float = 0.005) -> Served:
    """Return the units that let most people be served; raise Infeasible or Undecided."""
    ends = time.perf_counter() + time_limit
    roads = _roads(of)
    every = np.arange(of.need.shape[1])
    best = None
    if of.cost.size >= MANY and len(every) > 1:
        best = _apart(of, roads, ends, gap)
        if best is not None and (best.gap <= gap or ends - time.perf_counter() < 0.3 * time_limit):
            return best
    try:
        left = max(ends - time.perf_counter(), 1.0)
        whole = _served(of, roads, every, _solve(of, roads, every, of.budget, left, gap))
    except Undecided:
        if best is None:
            raise
        return best
    if best is None:
        return whole
    bound = min(whole.bound, best.bound)
    kept = whole if whole.objective > best.objective else best
    return _gap(kept.units, kept.treated, kept.objective, bound)


def _roads(of: Flows) -> _Roads:
    areas, centres = of.travel.shape
    near = np.argsort(of.travel, axis=1, kind="stable")[:, : of.roads]
    keep = np.take_along_axis(of.travel, near, axis=1) <= of.longest
    area, centre = np.repeat(np.arange(areas), keep.sum(axis=1)), near[keep]
    roads = np.arange(len(area))
    ones = np.ones(len(area))
    return _Roads(
        sparse.csr_array((ones, (centre, roads)), (centres, len(area))),
        sparse.csr_array((ones, (area, roads)), (areas, len(area))),
    )


def _rows(of: Flows, roads: _Roads, services: Any, money: float) -> tuple[Any, Array]:
    """Return matrix and upper limits for these services; the last row is the money.

    Columns: units [services, J], then persons [services, roads].
    """
    count, (centres, width) = len(services), roads.arrive.shape
    arrive, leave = (sparse.block_diag([each] * count) for each in (roads.arrive, roads.leave))
    cells = count * centres
    size = np.repeat(of.size[services], centres)
    none = sparse.csr_array((leave.shape[0], cells))
    parts = [
        sparse.hstack([-sparse.diags_array(size), arrive]),
        sparse.hstack([none, leave]),
    ]
    most = [(of.start * of.size)[:, services].T.ravel(), of.need[:, services].T.ravel()]
    if of.volume is not None:
        parts.append(sparse.hstack([sparse.csr_array((cells, cells)), -arrive]))
        most.append(-of.volume[:, services].T.ravel())
    paid = np.concatenate([of.cost[:, services].T.ravel(), np.zeros(count * width)])
    parts.append(sparse.csr_array(paid[None, :]))
    return sparse.vstack(parts).tocsr(), np.concatenate([*most, [money]])


def _reward(of: Flows, roads: _Roads, services: Any, price: float) -> Array:
    paid = -price * of.cost[:, services].T.ravel()
    return np.concatenate([paid, np.repeat(of.weight[services], roads.arrive.shape[1])])


def _solve(
    of: Flows, roads: _Roads, services: Any, money: float, time_limit: float, gap: float,
    price: float = 0.0,
) -> OptimizeResult:  # fmt: skip
    """Solve these services with this money, each euro spent taking `price` from the value."""
    rows, most = _rows(of, roads, services, money)
    reward = _reward(of, roads, services, price)
    whole = np.zeros(len(reward))
    whole[: len(services) * len(of.cost)] = 1.0
    with QUIET:
        answer = milp(
            -reward,
            integrality=whole,
            bounds=Bounds(0.0, np.inf),
            constraints=LinearConstraint(rows, -np.inf, most),
            options={"time_limit": time_limit, "mip_rel_gap": gap},
        )
    if answer.status == 2:
        raise Infeasible
    if answer.x is None:
        raise Undecided
    return answer


def _fixed(of: Flows, roads: _Roads, services: Any, units: Array) -> OptimizeResult:
    """Return who is served best with these units of one service."""
    rows, most = _rows(of, roads, services, np.inf)
    width = roads.arrive.shape[1]
    room = np.concatenate([units, np.full(width, np.inf)])
    bounds = np.column_stack([np.concatenate([units, np.zeros(width)]), room])
    reward = _reward(of, roads, services, 0.0)
    answer = linprog(-reward, rows[:-1], most[:-1], bounds=bounds, method="highs")
    if answer.status != 0:
        raise Undecided
    return answer


def _served(of: Flows, roads: _Roads, services: Any, answer: OptimizeResult) -> Served:
    """Return what an answer without a price of money says, for its services only."""
    count, centres = len(services), len(of.cost)
    units = np.round(answer.x[: count * centres]).reshape(count, centres).T
    flow = answer.x[count * centres :].reshape(count, -1)
    treated = (roads.arrive @ flow.T).reshape(centres, count)
    value = float((treated * of.weight[services]).sum())
    return _gap(units, treated, value, -float(answer.mip_dual_bound))


def _gap(units: Array, treated: Array, value: float, bound: float) -> Served:
    bound = max(bound, value)
    return Served(units, treated, value, bound, (bound - value) / bound if bound > 0 else 0.0)


def _apart(of: Flows, roads: _Roads, ends: float, gap: float) -> Served | None:
    """Return a plan and a bound from each service by itself; None where time or money is short."""

    def left() -> float:
        return ends - time.perf_counter()

    every = np.arange(of.need.shape[1])
    rows, most = _rows(of, roads, every, of.budget)
    relaxed = linprog(-_reward(of, roads, every, 0.0), rows, most, method="highs-ipm")
    if relaxed.status == 2:
        raise Infeasible
    if relaxed.status != 0:
        return None
    price, roof = max(0.0, -float(relaxed.ineqlin.marginals[-1])), -float(relaxed.fun)
    near = PARTS * gap * roof / len(every)  # how near to its best each service must come
    worth = np.split(_reward(of, roads, every, price) * relaxed.x, [of.cost.size])
    likely = sum(each.reshape(len(every), -1).sum(axis=1) for each in worth)

    def alone(i: int) -> tuple[Served, float, float]:
        began, own = time.perf_counter(), every[i : i + 1]
        share = 0.8 * left() * min(THREADS / (len(every) - i), 1.0)
        try:
            answer = _solve(of, roads, own, np.inf, share, near / max(likely[i], near), price)
        except Undecided:  # whole units below the relaxation's, and its own bound
            parts = relaxed.x[: of.cost.size].reshape(len(every), -1)[i]
            answer = _fixed(of, roads, own, np.floor(parts + 1e-9))
            answer.mip_dual_bound = -float(likely[i])
        seconds = time.perf_counter() - began
        return _served(of, roads, own, answer), float(answer.mip_dual_bound), seconds

    try:
        with ThreadPoolExecutor(THREADS) as pool:
            found, below, seconds = map(list, zip(*pool.map(alone, every), strict=True))
    except Undecided:
        return None
    roof = min(roof, price * of.budget - sum(below))
    spent = np.array([float((of.cost[:, [i]] * found[i].units).sum()) for i in every])
    for i in np.argsort(seconds, kind="stable"):
        rest, value = of.budget - float(spent.sum()), sum(each.objective for each in found)
        if (rest >= 0 and roof - value <= gap * roof) or spent[i] == 0 or left() < 0.3:
            continue
        own = every[i : i + 1]
        try:
            money, close = max(spent[i] + rest, 0.0), near / max(found[i].objective, near)
            answer = _solve(of, roads, own, money, 0.7 * left(), close)
        except (Infeasible, Undecided):  # another service may be the one that can spend less
            continue
        other = _served(of, roads, own, answer)
        if rest < 0 or other.objective > found[i].objective:
            found[i], spent[i] = other, float((of.cost[:, own] * other.units).sum())
    if spent.sum() > of.budget * (1 + 1e-9):
        return None
    units, treated = (np.hstack([getattr(f, n) for f in found]) for n in ("units", "treated"))
    return _gap(units, treated, float(sum(each.objective for each in found)), roof)
