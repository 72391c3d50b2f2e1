"""The plan of most need met in each of many draws, under one budget.

Each draw is solved by sorting, as one plan is (allocation_greedy); draws are worked through in
blocks so that memory stays small. Every draw has its own exact bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from canheal_nb.solver.exact.greedy import refuse
from canheal_nb.solver.exact.marginal_units import capacity, limits
from canheal_nb.solver.problem import Array, Problem
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

BLOCK = 250


@dataclass(frozen=True)
class Drawn:
    """Plans by draw: units [D, A, I], value of all cover [D], and a bound on it [D]."""

    units: NDArray[np.float32]
    met: Array
    bound: Array


def plans_of_draws(problem: Problem, need: Array, cost: Array | None = None) -> Drawn:
    """Return the plan for each draw of need [D, A, I] (persons a year) and cost (as given).

    Only for problems without ties between cells (one year, one budget); raises UserError for
    others, and Infeasible where what is fixed costs more than the budget.
    """
    if problem.coupled:
        text = _("Only plans of one year and one budget can be drawn in thousands.")
        raise UserError(text, code="draws-coupled")
    draws = len(need)
    units = np.empty((draws, *problem.shape[:2]), dtype=np.float32)
    met, bound = np.empty(draws), np.empty(draws)
    price = problem.over_years(problem.cost)[:, :, 0]
    for span in _blocks(draws):
        paid = np.broadcast_to(price if cost is None else cost[span], need[span].shape)
        units[span], met[span], bound[span] = _block(problem, need[span], paid)
    return Drawn(units, met, bound)


def _blocks(draws: int) -> Iterator[slice]:
    for start in range(0, draws, BLOCK):
        yield slice(start, min(start + BLOCK, draws))


def _block(problem: Problem, need: Array, cost: Array) -> tuple[Array, Array, Array]:
    low, high = limits(problem)
    budget = float(np.atleast_1d(problem.budget)[0])
    money = budget - (low * cost).sum(axis=(1, 2))
    worst = int(money.argmin())
    refuse(problem, low, high, cost[worst], float(money[worst]))
    draws, cells = len(need), low.size
    count, gain, base = _pieces(problem, need, low, high)
    wide = count.shape[-1]
    count, gain = count.reshape(draws, -1), gain.reshape(draws, -1)
    price = np.repeat(cost.reshape(draws, cells), wide, axis=1)
    ratio = np.where(count > 0, gain / price, 0.0)
    used = np.flatnonzero((ratio > 0).any(axis=0))
    count, gain, price, ratio = (each[:, used] for each in (count, gain, price, ratio))
    order = np.argsort(-ratio, axis=1)
    rows = np.arange(draws)
    amount, value, each = (np.take_along_axis(x, order, axis=1) for x in (count, gain, price))
    amount = np.where(value > 0, amount, 0.0)
    spent = np.cumsum(amount * each, axis=1)
    gained = np.cumsum(amount * value, axis=1)
    inside = spent <= money[:, None] * (1 + 1e-12) + 1e-9
    last = inside.sum(axis=1)
    before = np.maximum(last - 1, 0)
    left = money - np.where(last > 0, spent[rows, before], 0.0)
    done = np.where(last > 0, gained[rows, before], 0.0)
    at = np.minimum(last, amount.shape[1] - 1)
    rest = np.where(last < amount.shape[1], left * value[rows, at] / each[rows, at], 0.0)
    bought = np.where(inside, amount, 0.0)
    for row in rows[(last < amount.shape[1])]:
        done[row] += _spend(bought[row], amount[row], value[row], each[row], left[row], last[row])
    best = base + np.where(last > 0, gained[rows, before], 0.0) + rest
    place = (rows[:, None] * cells + used[order] // wide).ravel()
    units = np.bincount(place, bought.ravel(), draws * cells).reshape(draws, *low.shape)
    return units + low, base + done, np.maximum(best, base + done)


def _spend(
    bought: Array, amount: Array, value: Array, price: Array, left: float, at: int
) -> float:  # fmt: skip
    """Buy, in order, what still fits; return what that gains."""
    gained, slack = 0.0, 1e-9 * max(1.0, left)
    while at < len(price):
        fits = (price[at:] <= left + slack) & (amount[at:] > 0)
        step = int(fits.argmax())
        if not fits[step]:
            break
        at += step
        take = min(amount[at], np.floor((left + slack) / price[at]))
        bought[at] = take
        left -= take * price[at]
        gained += take * value[at]
        at += 1
    return float(gained)


def _pieces(problem: Problem, need: Array, low: Array, high: Array) -> tuple[Array, Array, Array]:
    """Return runs of units and the value of one, [D, A, I, K], and today's value, [D]."""
    size, start = capacity(problem), np.nan_to_num(problem.start_units)
    shares = np.cumsum([share for share, _slope in problem.segments])
    kinks = [need * share / size - start for share in shares]
    points = [low + np.zeros(need.shape)]
    for kink in kinks:
        for end in (np.floor(kink + 1e-9), np.ceil(kink - 1e-9)):
            points.append(np.maximum(np.clip(end, low, high), points[-1]))
    worths = [problem.weight * _value(problem, need, size * (start + p)) for p in points]
    count = np.stack([b - a for a, b in zip(points[:-1], points[1:], strict=True)], axis=-1)
    gains = np.stack([b - a for a, b in zip(worths[:-1], worths[1:], strict=True)], axis=-1)
    gain = np.divide(gains, count, out=np.zeros(count.shape), where=count > 0)
    return count, gain, worths[0].sum(axis=(1, 2))


def _value(problem: Problem, need: Array, persons: Array) -> Array:
    """Return the value of cover: a concave line is the lowest of its pieces' lines."""
    found, before, height = None, 0.0, 0.0
    for share, slope in problem.segments:
        line = slope * persons + (height - slope * before) * need
        found = line if found is None else np.minimum(found, line)
        before, height = before + share, height + slope * share
    assert found is not None
    top: Array = np.minimum(found, height * need)
    return top
