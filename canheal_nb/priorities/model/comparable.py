"""Which answers may be averaged with each other: those made in ways that mean the same.

Three pools, told apart in every snapshot. `points`: swing and euros give every service a part of
one whole, and nought can be said. `pairs`: best-worst and two at a time compare a few chosen
services by ratios from 1 to 9, so nought cannot be said and weights lie closer together. `order`:
a ranking says no distance; its weights stand for all that keep the order (rank-order centroid).
A mean over pools would tell the mix of ways as much as what people want.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from canheal_nb.priorities.model.priority_answers import Method

POINTS, PAIRS, ORDER = "points", "pairs", "order"
POOLS: dict[Method, str] = {
    "swing": POINTS,
    "euros": POINTS,
    "bwm": PAIRS,
    "ahp": PAIRS,
    "ranking": ORDER,
}


def evened(weights: Mapping[str, float], services: Sequence[str]) -> dict[str, float]:
    """Return one person's weights so that they can be averaged with those of others.

    Who spoke about k of n services has k parts of n to give: without that, whoever compared three
    services would seem to want each of them three times as much as somebody who weighed ten. What
    nobody spoke about stays unknown.
    """
    part = len(weights) / len(services) if services else 0.0
    return {service: weight * part for service, weight in weights.items()}


def cells(groups: Sequence[str]) -> dict[str, tuple[str, tuple[Method, ...]]]:
    """Return the fixed cells that snapshots are made of, by name: group, and ways in the pool.

    Everybody is in one cell; the pool of points goes by the group's own name.
    """
    ways = {
        pool: tuple(method for method, own in POOLS.items() if own == pool)
        for pool in dict.fromkeys(POOLS.values())
    }
    return {cell(group, pool): (group, kept) for pool, kept in ways.items() for group in groups}


def cell(group: str, pool: str) -> str:
    """Return the name of a group's cell in one pool."""
    return group if pool == POINTS else f"{group}-{pool}"


def split(name: str) -> tuple[str, str]:
    """Return the group and the pool of a cell."""
    group, _dash, pool = name.partition("-")
    return group, pool or POINTS
