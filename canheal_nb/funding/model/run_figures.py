"""Every figure of a run of a scenario as plain values, as the command line prints them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from canheal_nb.funding.model import plannable
from canheal_nb.funding.model.scenario_run import Run
from canheal_nb.need.model import inputs


def figures(found: Run) -> dict[str, object]:
    """Return every figure of a run as plain values, what is not known as None.

    Keys title, author, edition, years, plan, gap, bound, objective, method (None where the
    changes were written), cost, inputs (counts of sourced, assumed, none), not_modelled, left_out
    (service -> what is not known, as `plannable.lacking`), not_searched (planned service ->
    countries, as `plannable.untold`); services, countries, units, access, intervals: lists of rows.
    """
    planned = found.planned
    kept = found.intervals.rename_axis("outcome").reset_index()
    return {
        "title": found.scenario.title,
        "author": found.scenario.author,
        "edition": found.scenario.edition,
        "years": list(found.case.years),
        "planned": planned is not None,
        "goal": found.scenario.goal.objective,
        "gap": None if planned is None else _plain(planned.plan.gap),
        "bound": None if planned is None else _plain(planned.plan.bound),
        "objective": None if planned is None else _plain(planned.plan.objective),
        "method": None if planned is None else planned.plan.method,
        "cost": _plain(float(found.outcome.spent)),
        "inputs": inputs.share(found.matrix),
        "not_modelled": list(found.case.not_modelled),
        "left_out": {} if planned is None else {k: list(v) for k, v in planned.left_out.items()},
        "not_searched": {}
        if planned is None
        else {k: list(v) for k, v in plannable.untold(found.case, planned.services).items()},
        "services": plain_rows(found.services),
        "countries": plain_rows(found.countries),
        "units": plain_rows(found.units),
        "access": plain_rows(found.access),
        "intervals": plain_rows(kept),
    }


def plain_rows(table: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows of a table as plain values, what is not known as None."""
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _plain(value: object) -> object:
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value
