"""Rules of thumb to compare a plan with: shares of the money, then the best buys in each area.

A rule carries what an area has not spent into the next year where the plan may, and buys nothing
that opens after the last year, as a plan would not. It knows floors, caps and locks over all years
as limits from above only; it keeps no other tie (absorption, purse, staff).
"""

from __future__ import annotations

import numpy as np

from canheal_nb.solver.exact.greedy import fill
from canheal_nb.solver.exact.marginal_units import Runs, capacity, limits, runs
from canheal_nb.solver.problem import Array, Problem


def rules(
    problem: Problem,
    heads: Array | None = None,
    cases: Array | None = None,
    only: tuple[str, ...] = (),
) -> dict[str, Array]:
    """Return the units bought [A, I, T] by each rule.

    per_head and per_case share the money by people[A] and new cases[A], where given; by_need
    by the need not yet met; todays_shares by the capacity each area has today, where known.
    `only`: the rules that are wanted; all, where none is named.
    """
    need = problem.over_years(problem.need)[:, :, 0]
    size = capacity(problem)
    today = size * np.nan_to_num(problem.start_units)
    unmet = (problem.weight * np.maximum(need - today, 0.0)).sum(axis=1)
    known = not np.isnan(problem.start_units).any()
    keys = {
        "per_head": heads,
        "per_case": cases,
        "by_need": unmet,
        "todays_shares": today.sum(axis=1) if known else None,
    }
    return {
        name: shared(problem, key)
        for name, key in keys.items()
        if key is not None and np.sum(key) > 0 and (not only or name in only)
    }


def shared(problem: Problem, key: Array) -> Array:
    """Return the units bought when each area gets its share of the money and buys the best.

    A unit is judged by the need of the year in which it opens.
    """
    areas, services, years = problem.shape
    part = np.asarray(key, float) / np.sum(key)
    _low, high = limits(problem)
    need, cost = problem.over_years(problem.need), problem.over_years(problem.cost)
    if problem.cofunding is not None:
        cost = cost * problem.cofunding.eu_share[:, None, None]
    lag = np.zeros(services) if problem.lag is None else np.asarray(problem.lag, float)
    units, so_far = np.zeros((areas, services, years)), np.zeros((areas, services))
    purse = np.zeros(areas)
    for year in range(years):
        opens = (year + np.ceil(lag)).astype(int)
        then = need[:, np.arange(services), np.minimum(opens, years - 1)]
        found = runs(problem, then, so_far, np.where(opens < years, high, so_far))
        money = float(np.atleast_1d(problem.budget)[year]) * part
        purse = purse + money if problem.carry_over else money
        for area in range(areas):
            own = slice(area, area + 1)
            mine = Runs(found.count[own], found.gain[own], found.cover[own])
            bought, _most = fill(mine, cost[own, :, year], float(purse[area]))
            units[own, :, year] = bought
        purse = purse - (units[:, :, year] * cost[:, :, year]).sum(axis=1)
        so_far = so_far + units[:, :, year]
    return units
