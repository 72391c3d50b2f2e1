"""What a share of need costs each area under one budget: relaxed, rounded, and exactly.

Without ties between cells an area can raise its share alone, so the question falls apart: the
least money with which an area reaches a share is a covering knapsack, and the best least share
is the highest whose costs fit the budget. Each knapsack is solved by a list of undominated
states (Nemhauser and Ullmann 1969), kept short by what a state loses against the linear
relaxation (core; Balas and Zemel 1980).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from canheal_nb.solver.exact.marginal_units import capacity, limits, runs
from canheal_nb.solver.problem import Array, Problem

Mask = NDArray[Any]
OPTIONS, STATES = 4_000, 60_000
EASE = 1e-9


@dataclass(frozen=True)
class States:
    """Undominated purchases of one area: money and cover rise together; units [N, I]."""

    money: Array
    cover: Array
    units: Array

    def at(self, wanted: float) -> int:
        """Return the cheapest state that covers `wanted`."""
        return int(np.searchsorted(self.cover, wanted - 2 * EASE))


@dataclass(frozen=True)
class Ground:
    """What every area starts from: weighted need, its cover, and what units bring and cost.

    low, most, price [A, I]; asked, base [A]; runs sorted by euros per person, money and cover
    cumulated [A, K + 1], one unit's cover and money, count and place in the area's runs [A, K].
    """

    low: Array
    most: Array
    price: Array
    need: Array
    size: Array
    start: Array
    weight: Array
    asked: Array
    base: Array
    money: float
    cum_money: Array
    cum_cover: Array
    step: Array
    dear: Array
    count: Array
    order: Mask

    def wanted(self, shares: Array) -> Array:
        """Return the cover to be bought by each area for its share, [A]."""
        return np.maximum(shares * self.asked - self.base - EASE * self.asked, 0.0)

    def relaxed(self, wanted: Array) -> tuple[Array, Array]:
        """Return each area's least money without whole units, and with simple whole units."""
        before, left, _run, pieces, money = self.ended(wanted)
        rows = np.arange(len(wanted))
        cover, dear = self.step[rows, before], self.dear[rows, before]
        part = np.divide(left, cover, out=np.zeros(len(left)), where=cover > 0)
        over = wanted > self.cum_cover[:, -1] * (1 + EASE) + EASE
        base = self.cum_money[rows, before]
        return np.where(over, np.inf, base + dear * part), np.where(over, np.inf, base + money)

    def ended(self, wanted: Array) -> tuple[Mask, Array, Mask, Array, Array]:
        """Return how many runs are bought whole, what is left to cover, and one run to end it.

        The run that covers the rest with the least money, its units and that money.
        """
        last = self.step.shape[1] - 1
        before = (self.cum_cover[:, 1:] < wanted[:, None] * (1 - 1e-12)).sum(axis=1)
        before = np.minimum(before, last)
        rows = np.arange(len(before))
        left = np.maximum(wanted - self.cum_cover[rows, before], 0.0)
        live = (self.step > 0) & (np.arange(last + 1) >= before[:, None])
        units = np.ceil(left[:, None] / np.where(live, self.step, 1.0) - EASE)
        money = np.where(live & (units <= self.count), units * self.dear, np.inf)
        run = money.argmin(axis=1)
        none = left <= 0
        paid = np.where(none, 0.0, money[rows, run])
        return before, left, run, np.where(none, 0.0, units[rows, run]), paid


Known = dict[int, tuple[float, float, States | None]]


def ground(problem: Problem) -> Ground:
    """Return what the areas start from, and the linear relaxation of each."""
    low, high = limits(problem)
    need, price = (problem.over_years(each)[:, :, 0] for each in (problem.need, problem.cost))
    start, size, weight = np.nan_to_num(problem.start_units), capacity(problem), problem.weight
    # The largest area asks for 1, so that one tolerance fits all.
    weight = weight / max(float((weight * need).sum(axis=1).max()), 1e-300)
    full = np.ceil(np.maximum(need / size - start - low, 0.0) - EASE)
    most = np.maximum(np.minimum(full, high - low), 0.0)
    found = runs(problem, need, low, low + most)
    areas = len(need)
    count, cover = (each.reshape(areas, -1) for each in (found.count, found.cover))
    cover = cover * np.repeat(weight, found.count.shape[2], axis=1)
    cost = np.repeat(price, found.count.shape[2], axis=1)
    dear = np.divide(cost, cover, out=np.full(cost.shape, np.inf), where=(cover > 0) & (count > 0))
    order = np.argsort(dear, axis=1, kind="stable")
    live = np.isfinite(np.take_along_axis(dear, order, axis=1))
    count, cover, cost = (
        np.where(live, np.take_along_axis(each, order, axis=1), 0.0)
        for each in (count, cover, cost)
    )
    none = np.zeros((areas, 1))
    return Ground(
        low, most, price, need, size, start + low, weight,
        (weight * need).sum(axis=1),
        (weight * np.minimum(need, size * (start + low))).sum(axis=1),
        float(np.atleast_1d(problem.budget)[0]) - float((low * price).sum()),
        np.concatenate([none, np.cumsum(count * cost, axis=1)], axis=1),
        np.concatenate([none, np.cumsum(count * cover, axis=1)], axis=1),
        cover, cost, count, order,
    )  # fmt: skip


def states(
    of: Ground, area: int, low: float, high: float, costly: float | None = None
) -> States | None:
    """Return the states that hold the cheapest for every cover wanted from low to high.

    costly: money known to be enough for `high`. None where there are too many to list.
    """
    total = of.cum_cover[area]
    high = min(high, float(total[-1]))
    at = min(max(int(np.searchsorted(total, high * (1 - 1e-12))), 1), len(total) - 1)
    wide = total[at] - total[at - 1]
    dual = float((of.cum_money[area, at] - of.cum_money[area, at - 1]) / wide) if wide > 0 else 0.0
    if costly is None:
        wanted = np.zeros(len(of.asked))
        wanted[area] = high
        costly = float(of.relaxed(wanted)[1][area])
    if of.most[area].max() > OPTIONS:
        return None
    # All purchases of each service at once: [I, units], those beyond its most never taken.
    x = np.arange(of.most[area].max() + 1)
    need, size, start, weight, dear, most = (
        each[area][:, None] for each in (of.need, of.size, of.start, of.weight, of.price, of.most)
    )
    open_ = np.minimum(need, size * (start + x))
    gains, price = weight * (open_ - open_[:, :1]), dear * x
    score = np.where(x <= most, price - dual * gains, np.inf)
    least = score.min(axis=1)
    slack = (costly - float(least.sum()) - dual * low) * (1 + EASE) + EASE * max(1.0, costly)
    lost = score - least[:, None]
    fits = lost <= slack
    money, cover, loss = np.zeros(1), np.zeros(1), np.zeros(1)
    kept: list[tuple[Mask, Mask]] = []
    for i in range(len(fits)):
        keep = np.flatnonzero(fits[i])
        if len(money) * len(keep) > 20 * STATES:
            return None
        both = (loss[:, None] + lost[i, keep]).ravel()
        inside = np.flatnonzero(both <= slack)
        parent, own = np.divmod(inside, len(keep))
        bought = keep[own]
        m, c = money[parent] + price[i, bought], cover[parent] + gains[i, bought]
        order = np.argsort(m, kind="stable")
        c = c[order]
        better = np.ones(len(c), dtype=bool)
        better[1:] = c[1:] > np.maximum.accumulate(c)[:-1]
        order = order[better]
        if len(order) > STATES:
            return None
        money, cover, loss = m[order], c[better], both[inside[order]]
        kept.append((parent[order], bought[order]))
    units = np.empty((len(money), len(kept)))
    back = np.arange(len(money))
    for i in reversed(range(len(kept))):
        parent, bought = kept[i]
        units[:, i] = bought[back]
        back = parent[back]
    return States(money, cover, units)


def rounded(of: Ground, area: int, wanted: float) -> Array:
    """Return whole units bought by euros per person until `wanted` is covered."""
    asked = np.zeros(len(of.asked))
    asked[area] = wanted
    before, _left, run, pieces, _money = (each[area] for each in of.ended(asked))
    bought = np.zeros(of.step.shape[1])
    bought[of.order[area, :before]] = of.count[area, :before]
    bought[of.order[area, run]] += pieces
    units: Array = bought.reshape(of.price.shape[1], -1).sum(axis=1)
    return units


def filled(problem: Problem, units: Array) -> Problem:
    """Return the problem in which these units [A, I] are floors, so that the rest is spent."""
    _low, high = limits(problem)
    return replace(problem, floors=units, caps=np.maximum(high, units), locked={})
