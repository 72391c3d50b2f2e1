"""How a modelled driving time comes about: which way, and over which bridges and ferries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from canheal_nb.access.travel.driving import Doors, Ints, Land, Network, _entered, doors


@dataclass(frozen=True, eq=False)
class Way:
    """The best way from one place to another.

    `minutes` over the lattice; `long` says whether it takes trunk roads; `links` are the ids of
    its bridges and ferries in order; `points` (latitude, longitude) are its nodes in order.
    """

    minutes: float
    long: bool
    links: tuple[str, ...]
    points: pd.DataFrame


def way(land: Land, roads: Network, origin: pd.Series, destination: pd.Series) -> Way | None:
    """Return the best way between two places (latitude, longitude); None where there is none."""
    here, there = (doors(roads, pd.DataFrame([place])) for place in (origin, destination))
    found = [
        (cost + entry, nodes, entry > 0)
        for graph, entry in ((roads.local, 0.0), (roads.long, roads.drive.entry))
        for cost, nodes in [_best(_entered(graph, there), len(roads.points), here)]
    ]
    minutes, nodes, long = min(found, key=lambda one: one[0])
    if not np.isfinite(minutes):
        return None
    points = land.nodes.iloc[nodes][["latitude", "longitude"]].reset_index(drop=True)
    return Way(minutes, long, _crossed(land.links, nodes), points)


def _best(graph: object, source: int, here: Doors) -> tuple[float, list[int]]:
    from scipy.sparse.csgraph import dijkstra

    cost, before = dijkstra(graph, indices=source, return_predecessors=True)
    total = cost[here.nodes[0]] + here.minutes[0]
    node = int(here.nodes[0][total.argmin()])
    nodes = []
    while node >= 0 and node != source:
        nodes.append(node)
        node = int(before[node])
    return float(total.min()), nodes


def _crossed(links: pd.DataFrame, nodes: list[int]) -> tuple[str, ...]:
    used = links[links["state"] == "used"]
    ends: list[Ints] = [used[f"{end}_node"].to_numpy(np.int64) for end in ("from", "to")]
    ids = {frozenset(pair): name for *pair, name in zip(*ends, used["link_id"], strict=True)}
    steps = (frozenset(pair) for pair in zip(nodes, nodes[1:], strict=False))
    return tuple(ids[step] for step in steps if step in ids)
