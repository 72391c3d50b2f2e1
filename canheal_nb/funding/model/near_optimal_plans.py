"""Plans nearly as good as the one proposed: what they lose, and what they buy instead."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from canheal_nb.funding.model import planning
from canheal_nb.funding.model.scenario_run import Run
from canheal_nb.solver.near_optimal import loss, otherwise
from canheal_nb.solver.problem import Array, Stop

COLUMNS = ["country", "service", "year", "plan", "other"]


@dataclass(frozen=True, eq=False)
class Other:
    """One plan beside the proposed one.

    `loses`: the part of its gain that is lost (below 0 where more need is met); `otherwise`: the
    share of the money spent on other things or elsewhere; `cost`: euros; `table`: country,
    service, year, and the units that each buys, where they differ.
    """

    loses: float
    otherwise: float
    cost: float
    table: pd.DataFrame


def others(run: Run, count: int = 1, time_limit: float = 5.0, stop: Stop | None = None) -> Run:
    """Return the run with plans nearly as good in `planned.plan.alternatives`."""
    if run.planned is None:
        return run
    made = planning.with_others(run.case, run.scenario, run.planned, count, time_limit, stop)
    return replace(run, planned=made)


def beside(run: Run) -> tuple[Other, ...]:
    """Return what the plans nearly as good (see `others`) do otherwise."""
    if run.planned is None:
        return ()
    made, plan = run.planned.problem, run.planned.plan
    cost = made.over_years(made.cost)
    return tuple(
        Other(
            loss(made, plan, units), otherwise(made, plan.units, units),
            float((cost * units).sum()), _table(run, run.planned, units),
        )
        for units in plan.alternatives
    )  # fmt: skip


def figures(run: Run) -> list[dict[str, object]]:
    """Return the same as plain values: loses, otherwise, cost, units (rows of the table)."""
    return [
        {
            "loses": one.loses, "otherwise": one.otherwise, "cost": one.cost,
            "units": [{str(k): v for k, v in row.items()} for row in one.table.to_dict("records")],
        }
        for one in beside(run)
    ]  # fmt: skip


def _table(run: Run, planned: planning.Planned, units: Array) -> pd.DataFrame:
    plan, case = planned.plan.units, run.case
    rows = [
        (
            case.countries[a], planned.services[i], case.years[t],
            float(plan[a, i, t]), float(units[a, i, t]),
        )
        for a, i, t in np.argwhere(plan != units)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)
