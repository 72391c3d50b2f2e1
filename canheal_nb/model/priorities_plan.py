"""What one person's priorities do to a plan: what is bought with them, and with all alike.

One budget and one year, so the plan is made by sorting (`allocation_greedy`) and stands while
somebody answers; how far it can be from the best plan is part of the answer. Pure; no solver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from canheal_nb.model import planning
from canheal_nb.model.allocation_bounds import relative
from canheal_nb.model.allocation_greedy import greedy
from canheal_nb.model.allocation_runs import capacity, covered, worth
from canheal_nb.model.case import Case
from canheal_nb.model.scenario import Budget, Goal, Scenario

MILLION = 1e6


@dataclass(frozen=True)
class Bought:
    """What money buys: units and the share of the Union's need newly met, by service.

    `speed`: the share of need that a million euros meets at first, whatever the weights; `gap`:
    how far the plan can be from the best one, as a share of the need that could be met.
    """

    units: dict[str, float]
    met: dict[str, float]
    speed: dict[str, float]
    gap: float


def example(scenario: Scenario, million_euros: float, years: int) -> Scenario:
    """Return a scenario that buys what meets most need with so much money in so many years."""
    return replace(
        scenario,
        years=years,
        changes=(),
        budget=Budget(total=million_euros * MILLION),
        goal=Goal("most_need_met"),
    )


def bought(case: Case, scenario: Scenario, weights: Mapping[str, float] | None = None) -> Bought:
    """Return what a scenario of one year buys under weights by service; None: all alike.

    Raises UserError where no service can be planned, or the weights of all planned ones are 0.
    """
    made, kept = planning.problem(case, scenario, weights)
    units, bound = greedy(made)
    whole = made.need.sum(axis=(0, 2))
    new = covered(made, units) - covered(made, np.zeros(made.shape))
    first = capacity(made).max(axis=0) / np.where(whole > 0, whole, np.inf)
    price = made.over_years(made.cost)[..., 0].min(axis=0)
    shares = np.divide(new.sum(axis=(0, 2)), whole, out=np.zeros(len(kept)), where=whole > 0)
    return Bought(
        dict(zip(kept, map(float, units.sum(axis=(0, 2))), strict=True)),
        dict(zip(kept, map(float, shares), strict=True)),
        dict(zip(kept, map(float, MILLION * first / price), strict=True)),
        max(0.0, relative(made, worth(made, units), bound)),
    )
