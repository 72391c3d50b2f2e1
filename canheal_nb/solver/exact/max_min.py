"""The fairest plan under one budget, and the fairest in order, exactly.

The highest least share is the highest whose cheapest states, area by area, fit the budget.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from canheal_nb.solver.exact.share_cost import (
    EASE,
    Ground,
    Known,
    Mask,
    States,
    ground,
    rounded,
    states,
)
from canheal_nb.solver.problem import Array, Problem


@dataclass(frozen=True)
class Level:
    """The best least share of the free areas, a bound on it, and each area's states there."""

    share: float
    bound: float
    lists: tuple[States | None, ...]


def raise_least(
    of: Ground,
    fixed: Array,
    held: Mask,
    after: float = 0.0,
    known: Known | None = None,
    gap: float = -1.0,
) -> Level:
    """Return how far the areas that are not held can rise; held areas keep their fixed share.

    fixed[A]: the share each held area must have; after: a least share known to fit; known:
    states listed before, used again where they hold what is wanted now; gap: no states are
    listed where rounding already comes as near as this share of the bound.
    """
    asked, free = of.asked > 0, ~held & (of.asked > 0)
    top = (of.base + of.cum_cover[:, -1])[free] / of.asked[free]
    roof = min(1.0, float(top.min(initial=1.0)))

    def shares(level: float) -> Array:
        return np.where(free, level, np.where(asked, fixed, 0.0))

    def over(level: float, whole: int) -> float:
        return float(of.relaxed(of.wanted(shares(level)))[whole].sum()) - of.money

    bound = _crossing(lambda level: over(level, 0), after, roof, EASE * of.money)
    lower, high = (after, bound) if over(bound, 1) > EASE * of.money else (bound, bound)
    for _turn in range(16 if lower < high else 0):
        middle = (lower + high) / 2
        lower, high = (middle, high) if over(middle, 1) <= 0 else (lower, middle)
    cheap, dear = of.wanted(shares(lower)), of.wanted(shares(bound))
    if bound - lower <= gap * bound:
        return Level(lower, bound, (None,) * len(asked))
    known = {} if known is None else known
    costly = of.relaxed(np.minimum(dear, of.cum_cover[:, -1]))[1]
    lists = tuple(
        _listed(of, a, float(cheap[a]), float(dear[a]), float(costly[a]), known)
        if asked[a]
        else None
        for a in range(len(asked))
    )
    if any(each is None for each, need in zip(lists, asked, strict=True) if need):
        return Level(lower, bound, lists)
    levels = [
        (of.base[a] + listed.cover) / of.asked[a]
        for a, listed in enumerate(lists) if listed is not None and free[a]
    ]  # fmt: skip
    steps = np.unique(np.concatenate([*levels, [lower]]))
    steps = steps[(steps >= lower) & (steps <= bound + EASE)]
    left, right = 0, len(steps)
    while right - left > 1:
        middle = (left + right) // 2
        money = cost(of, lists, shares(float(steps[middle])))
        left, right = (middle, right) if money <= of.money * (1 + EASE) else (left, middle)
    return Level(float(steps[left]), float(steps[left]), lists)


def _crossing(over: Callable[[float], float], low: float, high: float, ease: float) -> float:
    """Return where rising `over` crosses 0, from above; `high` where it never does.

    False position that halves the end which stays (Illinois; Dowell and Jarratt 1971).
    """
    upper = over(high)
    if upper <= ease:
        return high
    lower = over(low)
    for turn in range(36):
        steep = np.isfinite(upper) and lower < 0 and turn % 4 != 3
        part = -lower / (upper - lower) if steep else 0.5
        middle = low + (high - low) * min(max(part, 1e-9), 1 - 1e-9)
        value = over(middle)
        if value > 0:
            high, upper, lower = middle, value, lower / 2
        else:
            low, lower, upper = middle, value, upper / 2
        if high - low <= 1e-12 * high or 0 < value <= 1e-3 * ease:
            break
    return high


def _listed(
    of: Ground, area: int, low: float, high: float, costly: float, known: Known
) -> States | None:
    if area in known:
        start, end, listed = known[area]
        if start <= low and high <= end:
            return listed
    listed = states(of, area, low, high, costly)
    known[area] = (low, high, listed)
    return listed


def cost(of: Ground, lists: tuple[States | None, ...], shares: Array) -> float:
    """Return the least money with which every area has its share; infinite where none is."""
    total = 0.0
    for listed, wanted in zip(lists, of.wanted(shares), strict=True):
        if listed is not None:
            at = listed.at(float(wanted))
            total += float(listed.money[at]) if at < len(listed.money) else np.inf
    return total


def cheapest(of: Ground, level: Level, shares: Array) -> Array:
    """Return the units [A, I], floors included, with which every area has its share."""
    units = of.low.copy()
    for a, wanted in enumerate(of.wanted(shares)):
        listed = level.lists[a]
        if of.asked[a] <= 0 or wanted <= 0:
            continue
        if listed is None:
            units[a] += rounded(of, a, float(wanted))
            continue
        units[a] += listed.units[min(listed.at(float(wanted)), len(listed.money) - 1)]
    return units


def fairest(problem: Problem, gap: float = 0.0) -> tuple[Array, float, float]:
    """Return units [A, I] of a fairest plan, its least share and a bound; nothing filled."""
    of = ground(problem)
    none = np.zeros(len(of.asked), dtype=bool)
    level = raise_least(of, np.zeros(len(none)), none, gap=gap)
    return cheapest(of, level, np.full(len(none), level.share)), level.share, level.bound


def in_turn(problem: Problem) -> tuple[Array, float, float]:
    """Return units [A, I] of a lexicographic plan, its least share and a bound on that.

    Raise the least; of the areas that stand exactly there, let as many rise as the money
    allows; hold the others and go on.
    """
    of = ground(problem)
    areas = len(of.asked)
    held, fixed = of.asked <= 0, np.zeros(areas)
    known: Known = {}
    first, level = None, None
    while level is None or not held.all():
        level = raise_least(of, fixed, held, 0.0 if level is None else level.share, known)
        first = first or level
        fixed = np.where(held, fixed, level.share)
        extra = _to_rise(of, level, fixed, held)
        left = of.money - cost(of, level.lists, fixed)
        rising = held.copy()
        for a in np.argsort(extra, kind="stable"):
            if not held[a] and extra[a] <= left + EASE * max(1.0, of.money):
                rising[a], left = True, left - extra[a]
        stuck = ~rising
        held = np.ones(areas, dtype=bool) if not stuck.any() else held | stuck
    assert first is not None
    return cheapest(of, level, fixed), first.share, first.bound


def _to_rise(of: Ground, level: Level, shares: Array, held: Mask) -> Array:
    """Return what each free area must pay to stand above its share."""
    extra = np.full(len(shares), np.inf)
    for a, wanted in enumerate(of.wanted(shares)):
        listed = level.lists[a]
        if held[a] or listed is None:
            continue
        at, over = listed.at(float(wanted)), wanted * (1 + 1e-8) + 1e-8
        top = float(of.cum_cover[a, -1])
        if top > over:
            wide = states(of, a, float(wanted), over)
            if wide is None:
                continue
            above = wide.at(float(over))
            if above < len(wide.money):
                extra[a] = float(wide.money[above]) - float(listed.money[at])
    return extra
