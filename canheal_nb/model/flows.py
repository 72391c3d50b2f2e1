"""Units at centres and the people who travel to them: one year, one budget, by HiGHS.

Only roads within the longest journey, the nearest few per area, are columns. Units are whole,
people are not. A centre that is opened must treat at least its smallest volume.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from canheal_nb.model.allocation_problem import Array, Infeasible, Undecided


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


def serve(of: Flows, time_limit: float = 10.0, gap: float = 0.005) -> Served:
    """Return the units that let most people be served; raise Infeasible or Undecided."""
    areas, services = of.need.shape
    centres = len(of.cost)
    near = np.argsort(of.travel, axis=1, kind="stable")[:, : of.roads]
    keep = np.take_along_axis(of.travel, near, axis=1) <= of.longest
    area, centre = np.repeat(np.arange(areas), keep.sum(axis=1)), near[keep]
    roads, units = len(area), centres * services
    size = np.broadcast_to(of.size, (centres, services)).ravel()
    column = np.arange(roads * services)
    road, service = np.divmod(column, services)
    ones, at = np.ones(len(column)), centre[road] * services + service
    arrive = sparse.csr_array((ones, (at, column)), (units, len(column)))
    leave = sparse.csr_array(
        (ones, (area[road] * services + service, column)), (areas * services, len(column))
    )
    none = sparse.csr_array((areas * services, units))
    today = (of.start * of.size).ravel()
    rows = [
        LinearConstraint(sparse.hstack([-sparse.diags_array(size), arrive]), -np.inf, today),
        LinearConstraint(sparse.hstack([none, leave]), -np.inf, of.need.ravel()),
        LinearConstraint(
            np.concatenate([of.cost.ravel(), np.zeros(len(column))])[None, :], -np.inf, of.budget
        ),
    ]
    if of.volume is not None:
        blank = sparse.csr_array((units, units))
        rows.append(LinearConstraint(sparse.hstack([blank, arrive]), of.volume.ravel(), np.inf))
    reward = np.concatenate([np.zeros(units), of.weight[service]])
    answer = milp(
        -reward,
        integrality=np.concatenate([np.ones(units), np.zeros(len(column))]),
        bounds=Bounds(0.0, np.inf),
        constraints=rows,
        options={"time_limit": time_limit, "mip_rel_gap": gap},
    )
    if answer.status == 2:
        raise Infeasible
    if answer.x is None:
        raise Undecided
    value = float(reward @ answer.x)
    bound = max(value, -float(answer.mip_dual_bound))
    return Served(
        np.round(answer.x[:units]).reshape(centres, services),
        (arrive @ answer.x[units:]).reshape(centres, services),
        value, bound, (bound - value) / bound if bound > 0 else 0.0,
    )  # fmt: skip
