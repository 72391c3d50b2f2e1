"""What one person's priorities do to a plan: what is bought with them, and with all alike.

All is bought in the first year and counts in every year in which it is open, so the plan is made
by sorting (`allocation_greedy`) and stands while somebody answers; how far it can be from the best
plan is part of the answer. Pure; no solver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from canheal_nb.funding.model import planning
from canheal_nb.funding.model.model_inputs import Case
from canheal_nb.funding.model.scenario import Budget, Goal, Scenario
from canheal_nb.solver.bounds import relative
from canheal_nb.solver.exact.greedy import fill
from canheal_nb.solver.exact.marginal_units import Runs, capacity, covered, worth
from canheal_nb.solver.milp_model import alive
from canheal_nb.solver.problem import Array, Problem

MILLION = 1e6


@dataclass(frozen=True)
class Bought:
    """What money buys: units and the share of the Union's need newly met in the last year.

    By service. `speed`: the share of that need that a million euros meets at first, whatever the
    weights; `gap`: how far the plan can be from the best one, as a share of what could be gained.
    """

    units: dict[str, float]
    met: dict[str, float]
    speed: dict[str, float]
    gap: float


def example(scenario: Scenario, million_euros: float, years: int) -> Scenario:
    """Return a scenario that spends so much in its first year and counts over so many years."""
    return replace(
        scenario,
        years=years,
        changes=(),
        budget=Budget(by_year=((scenario.start, million_euros * MILLION),), carry_over=False),
        goal=Goal("most_need_met"),
    )


def bought(case: Case, scenario: Scenario, weights: Mapping[str, float] | None = None) -> Bought:
    """Return what the first year's money buys under weights by service; None: all alike.

    Raises UserError where no service can be planned, or the weights of all planned ones are 0.
    """
    made, kept = planning.problem(case, scenario, weights)
    nothing, units = np.zeros(made.shape), np.zeros(made.shape)
    cost, money = made.over_years(made.cost)[..., 0], float(made.budget[0])
    last, before = made.over_years(made.need)[..., -1], covered(made, nothing)[..., -1]
    some = np.where(last > 0, last, 1.0)
    units[..., 0], gained = fill(_runs(made), cost, money, (before / some, capacity(made) / some))
    bound = worth(made, nothing) + gained
    whole = last.sum(axis=0)
    new = (covered(made, units)[..., -1] - before).sum(axis=0)
    first = capacity(made).max(axis=0) / np.where(whole > 0, whole, np.inf)
    price = cost.min(axis=0)
    shares = np.divide(new, whole, out=np.zeros(len(kept)), where=whole > 0)
    return Bought(
        dict(zip(kept, map(float, units.sum(axis=(0, 2))), strict=True)),
        dict(zip(kept, map(float, shares), strict=True)),
        dict(zip(kept, map(float, MILLION * first / price), strict=True)),
        max(0.0, relative(made, worth(made, units), bound)),
    )


def _runs(made: Problem) -> Runs:
    """Return the runs of units bought in the first year, by what they gain over all years.

    Each year's gain never rises with units, so neither does their sum between the years' kinks.
    """
    on = alive(made)  # [I, T]
    need, size = made.over_years(made.need), capacity(made)
    start = np.asarray(made.start_units, float)
    kinks = need / size[..., None] - start[..., None]
    points = np.concatenate([np.floor(kinks + 1e-9), np.ceil(kinks - 1e-9)], axis=-1)
    points = np.sort(np.maximum(np.insert(points, 0, 0.0, axis=-1), 0.0), axis=-1)
    able: Array = size[..., None] * (start[..., None] + points)
    persons = np.minimum(need[..., None, :], able[..., None])
    people = (persons * on[None, :, None, :]).sum(axis=-1)
    count = np.diff(points)
    cover = np.diff(people) / np.where(count > 0, count, 1.0)
    return Runs(count, cover * made.weight[..., None], cover)
