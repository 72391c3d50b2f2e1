"""Most need met while every area keeps a least share: whole plans and their exact bound.

One budget and one floor per area leave a linear relaxation whose dual has one price of money
and, given that, one price per area found by sorting (Lagrangian; Fisher 1981): the bound. The
plan takes what the prices say in whole units, then spends what is left by sorting. All points
of a frontier are done at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from canheal_nb.solver.exact.greedy import greedy
from canheal_nb.solver.exact.marginal_units import limits, runs, worth
from canheal_nb.solver.exact.share_cost import Ground, filled, ground
from canheal_nb.solver.problem import Array, Problem

TURNS, ROUNDING = 7, 8


@dataclass(frozen=True)
class Floored:
    """A plan [A, I, 1] that keeps the floors (none if no rounding fits), and a bound."""

    units: Array | None
    bound: float


@dataclass(frozen=True)
class Pieces:
    """All runs by area [A, M]: whole units, gain, weighted cover and euros of one, its service."""

    count: Array
    gain: Array
    cover: Array
    price: Array
    service: NDArray[np.int64]


def pieces(problem: Problem, of: Ground) -> Pieces:
    """Return the runs of an uncoupled problem, area by area."""
    low, high = limits(problem)
    found = runs(problem, of.need, low, np.minimum(high, low + of.most))
    width = found.count.shape[2]
    weight, price = (np.repeat(each, width, axis=1) for each in (of.weight, of.price))
    count, gain, cover = (
        each.reshape(len(low), -1) for each in (found.count, found.gain, found.cover)
    )
    live = (count > 0) & ((gain > 0) | (cover > 0))
    order = np.argsort(~live, axis=1, kind="stable")[:, : max(1, int(live.sum(axis=1).max()))]
    count, gain, cover, price = (
        np.take_along_axis(each, order, axis=1)
        for each in (np.where(live, count, 0.0), gain, cover * weight, price)
    )
    return Pieces(count, gain, cover, price, order // width)


def priced(of: Pieces, wanted: Array, price: Array) -> tuple[Array, Array, Array]:
    """Return at each price of money [P]: the dual without the budget, the spending, the units.

    wanted[P, A]: cover each area must buy. Units [P, A, M] are not whole where a floor ends.
    """
    net = of.gain - price[:, None, None] * of.price
    live = (of.count > 0) & (of.cover > 0)
    turn = np.where(live, -net / np.where(live, of.cover, 1.0), np.inf)
    order = np.argsort(turn, axis=2)
    at = np.take_along_axis(turn, order, axis=2)
    wide = np.broadcast_to(np.where(live, of.count * of.cover, 0.0), turn.shape)
    cover = np.cumsum(np.take_along_axis(wide, order, axis=2), axis=2)
    place = np.minimum((cover < wanted[..., None] * (1 - 1e-12)).sum(axis=2), turn.shape[-1] - 1)
    nu = np.take_along_axis(at, place[..., None], axis=2)[..., 0]
    nu = np.where((wanted > 0) & np.isfinite(nu), np.maximum(nu, 0.0), 0.0)
    reduced = np.where(of.count > 0, net + nu[..., None] * np.where(live, of.cover, 0.0), 0.0)
    # Runs before the one where the floor ends are needed, also where their price is a tie.
    rank: NDArray[np.int64] = np.empty(order.shape, dtype=np.int64)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(rank.shape[-1]), rank.shape), axis=2)
    ends = rank == place[..., None]
    worthy = (reduced > 1e-12 * np.abs(net)) & ~(ends & (nu > 0)[..., None])
    bought = np.where(worthy | (live & (rank < place[..., None])), of.count, 0.0)
    missing = np.maximum(wanted - (bought * of.cover).sum(axis=2), 0.0)
    part = missing[..., None] / np.where(live, of.cover, 1.0)
    bought = np.where(ends & live & ~worthy, np.minimum(part, of.count), bought)
    dual = (np.maximum(reduced, 0.0) * of.count).sum(axis=(1, 2)) - (nu * wanted).sum(axis=1)
    return dual, (bought * of.price).sum(axis=(1, 2)), bought


def bounds(of: Pieces, wanted: Array, money: float) -> tuple[Array, Array]:
    """Return for each row of `wanted` [P, A] the best gain without whole units, and its price.

    The dual is convex in the price of money: its two nearest tangents give the next price.
    """
    points = len(wanted)
    low = np.zeros(points)
    steep = np.where(of.count > 0, of.gain / of.price, 0.0).max()
    high = np.full(points, max(float(steep), 1e-12))
    flat, spent, _units = priced(of, wanted, low)
    best, fits = flat.copy(), spent <= money
    left, left_slope = flat, money - spent
    dual, spent, _units = priced(of, wanted, high)
    for _turn in range(8):  # floors may need a higher price than any gain
        short = spent > money * (1 + 1e-12)
        if not short.any():
            break
        high = np.where(short, 8 * high, high)
        dual, spent, _units = priced(of, wanted, high)
    right, right_slope = dual + high * money, money - spent
    best = np.minimum(best, right)
    for turn in range(TURNS):
        gap = left_slope - right_slope
        cross = np.divide(
            right - left + left_slope * low - right_slope * high, gap,
            out=(low + high) / 2, where=gap < -1e-12 * money,
        )  # fmt: skip
        middle = np.clip(cross, low, high)
        if turn % 4 == 3:
            middle = (low + high) / 2
        dual, spent, _units = priced(of, wanted, middle)
        value, slope = dual + middle * money, money - spent
        best = np.minimum(best, value)
        up = slope < 0
        low, left, left_slope = (
            np.where(up, a, b) for a, b in ((middle, low), (value, left), (slope, left_slope))
        )
        high, right, right_slope = (
            np.where(up, b, a) for a, b in ((middle, high), (value, right), (slope, right_slope))
        )
    return best, np.where(fits, 0.0, high)


def floored(problem: Problem, shares: Array) -> list[Floored]:
    """Return, for each row of shares [P, A], a plan and a bound on the value of all cover."""
    of = ground(problem)
    parts = pieces(problem, of)
    wanted = np.array([of.wanted(row) for row in shares])
    base = worth(problem, of.low[:, :, None])
    best, price = bounds(parts, wanted, of.money)
    found = _whole(of, parts, wanted, price)
    return [
        Floored(None if each is None else greedy(filled(problem, of.low + each))[0], base + value)
        for each, value in zip(found, best.tolist(), strict=True)
    ]


def _whole(of: Ground, parts: Pieces, wanted: Array, price: Array) -> list[Array | None]:
    """Round up where a floor ends; where that is too dear, at a higher price of money."""
    points = len(wanted)
    low, high = np.ones(points), np.ones(points)
    found: list[Array | None] = [None] * points
    live = np.arange(points)
    for turn in range(ROUNDING):
        known = np.array([found[p] is not None for p in live])
        factor = np.where(known, (low[live] + high[live]) / 2, high[live])
        units, spent = _at(of, parts, wanted[live], np.maximum(price[live], 1e-300) * factor)
        done = np.zeros(len(live), dtype=bool)
        for n, p in enumerate(live):
            if spent[n] <= of.money * (1 + 1e-12):
                found[p], high[p] = units[n], factor[n]
                done[n] = turn == 0 or high[p] - low[p] < 1e-3
            elif known[n]:
                low[p] = factor[n]
            else:
                low[p], high[p] = factor[n], high[p] + 0.002 * 4**turn
        live = live[~done]
        if not len(live):
            break
    return found


def _at(of: Ground, parts: Pieces, wanted: Array, price: Array) -> tuple[Array, Array]:
    """Return whole units [P, A, I] at each price, and their cost, infinite where a floor fails."""
    _dual, _spent, bought = priced(parts, wanted, price)
    whole = np.ceil(bought - 1e-9)
    short = ((whole * parts.cover).sum(axis=2) < wanted * (1 - 1e-8) - 1e-8).any(axis=1)
    points, (areas, services) = len(wanted), of.price.shape
    place = (np.arange(points * areas).reshape(points, areas, 1) * services + parts.service).ravel()
    summed = np.bincount(place, whole.ravel(), points * areas * services)
    cells: Array = summed.astype(np.float64).reshape(points, areas, services)
    cells = np.minimum(cells, of.most)
    return cells, np.where(short, np.inf, (cells * of.price).sum(axis=(1, 2)))
