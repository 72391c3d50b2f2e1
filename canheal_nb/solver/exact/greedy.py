"""One budget, no other tie: the exact bound and a whole-unit plan, by sorting.

The linear relaxation over runs of whole units is a continuous knapsack: its optimum is the
runs in falling order of gain per euro until the money ends (Dantzig 1957), so the bound is
exact. The plan is those runs in whole units, then whatever still fits. Where the money ends
among runs that gain the same per euro, whom it goes to changes nothing in the sum: it goes to
those with the least of their need met, unit by unit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from canheal_nb.solver.exact.marginal_units import Runs, capacity, limits, runs, value
from canheal_nb.solver.problem import Array, Binding, Infeasible, Problem, Relaxation

TIED = 1e-9  # as much as sums of the same numbers may differ


def greedy(problem: Problem) -> tuple[Array, float]:
    """Return the units bought [A, I, 1], and a bound on the value of all cover."""
    low, high = limits(problem)
    need, cost = problem.over_years(problem.need)[:, :, 0], problem.over_years(problem.cost)[..., 0]
    money = float(np.atleast_1d(problem.budget)[0]) - float((low * cost).sum())
    refuse(problem, low, high, cost, money)
    start = problem.open_units(low[:, :, None])[:, :, 0]
    size = capacity(problem)
    persons = np.minimum(need, size * start)
    base = float((problem.weight * value(problem, need, persons)).sum())
    asked = np.where(need > 0, need, 1.0)
    given = runs(problem, need, low, high)
    units, gained = fill(given, cost, money, (persons / asked, size / asked))
    return (low + units)[:, :, None], base + gained


def fill(
    given: Runs, cost: Array, money: float, reached: tuple[Array, Array] | None = None
) -> tuple[Array, float]:
    """Return the whole units bought per cell, and the most that money could gain.

    `reached`: the share of each cell's need that is met, and what a unit adds to it [A, I];
    without them, cells that gain the same per euro are served as they come.
    """
    shape = given.count.shape
    count, gain = given.count.ravel(), given.gain.ravel()
    price = np.repeat(cost.ravel(), shape[-1])
    live = np.flatnonzero((count > 0) & (gain > 0))
    order = live[np.argsort(-(gain[live] / price[live]), kind="stable")]
    count, gain, price = count[order], gain[order], price[order]
    spent = np.cumsum(count * price)
    last = int(np.searchsorted(spent, money * (1 + 1e-12) + 1e-9, side="right"))
    bought = np.zeros(len(order))
    bought[:last] = count[:last]
    left = money - (spent[last - 1] if last else 0.0)
    best = float((bought * gain).sum())
    if last < len(order):
        best += left * gain[last] / price[last]
        if reached is not None:
            _evenly(bought, given, order, gain / price, price, left, last, reached)
            left = money - float((bought * price).sum())
        _rest(bought, count, price, left, last)
    cells = np.bincount(order // shape[-1], weights=bought, minlength=cost.size)
    return cells.astype(np.float64).reshape(cost.shape), best


def _evenly(
    bought: Array,
    given: Runs,
    order: NDArray[np.intp],
    worth: Array,
    price: Array,
    left: float,
    at: int,
    reached: tuple[Array, Array],
) -> None:
    """Share the money among the runs that gain as much per euro as that at which it ends.

    Each unit goes where the least of the need is met before it, for as long as money lasts.
    """
    first = int(np.searchsorted(-worth, -worth[at] * (1 + TIED)))
    last = int(np.searchsorted(-worth, -worth[at] * (1 - TIED), side="right"))
    if last - first < 2:
        return
    tied = np.arange(first, last)
    most = np.floor((left + bought[tied] @ price[tied]) / price[tied] + 1e-9)
    some = np.minimum(given.count.ravel()[order[tied]], most).astype(int)
    earlier = (np.cumsum(given.count, axis=-1) - given.count).ravel()[order[tied]]
    met, step = (part.ravel()[order[tied] // given.count.shape[-1]] for part in reached)
    unit = np.repeat(np.arange(len(tied)), some)
    nth = np.arange(len(unit)) - np.repeat(np.cumsum(some) - some, some)
    before = met[unit] + step[unit] * (earlier[unit] + nth)
    unit = unit[np.argsort(before, kind="stable")]
    money = left + float(bought[tied] @ price[tied])
    paid = np.cumsum(price[tied][unit]) <= money * (1 + 1e-12) + 1e-9
    bought[tied] = np.bincount(unit[: int(paid.sum())], minlength=len(tied))


def _rest(bought: Array, count: Array, price: Array, left: float, at: int) -> None:
    """Buy, in order, what still fits into the rest of the money."""
    slack = 1e-9 * max(1.0, left)
    while at < len(price):
        fits = price[at:] <= left + slack
        step = int(np.argmax(fits))
        if not fits[step]:
            return
        at += step
        take = min(count[at] - bought[at], np.floor((left + slack) / price[at]))
        bought[at] += take
        left -= take * price[at]
        at += 1


def refuse(problem: Problem, low: Array, high: Array, cost: Array, money: float) -> None:
    """Raise Infeasible where floors cross caps or cost more than the budget."""
    crossed = [(int(a), int(i)) for a, i in np.argwhere(low > high)]
    if crossed:
        # One pair is enough to stand in the way; each pair must give.
        (a, i), *_more = crossed
        clash = tuple(
            Binding(kind, (a, i, -1), 0.0, float(limit))
            for kind, limit in (("floor", low[a, i]), ("cap", high[a, i]))
        )
        needs = tuple(
            Relaxation("cap", (a, i, -1), float(high[a, i]), float(low[a, i] - high[a, i]))
            for a, i in crossed
        )
        raise Infeasible(clash, needs)
    total = float(np.atleast_1d(problem.budget)[0])
    if money < -1e-9 * max(1.0, total):
        # The dearest first, until they cost more than there is: then none can be spared.
        paid, places = low * cost, np.argsort(-(low * cost), axis=None, kind="stable")
        enough = int(np.searchsorted(np.cumsum(paid.ravel()[places]), total, side="right")) + 1
        found = [tuple(map(int, np.unravel_index(n, low.shape))) for n in places[:enough]]
        fixed = tuple(
            Binding("locked" if (a, i) in problem.locked else "floor", (a, i, -1), 0.0, low[a, i])
            for a, i in sorted(found)
        )
        budget = Binding("budget", (-1, -1, 0), 0.0, total)
        raise Infeasible((budget, *fixed), (Relaxation("budget", (-1, -1, 0), total, -money),))
