"""Modelled driving times: least-cost ways over a lattice of land, bridges and car ferries.

Every way has two costs. At the *local* speed of each country it is all local roads. At the *long*
speed it is trunk roads and motorways, which take `entry` minutes to reach and to leave. The
minutes between two places are min(local, entry + long), each over its own best way; a ferry costs
the same in both. So long ways are faster, a longer way never takes less time, and no way between
two nodes is longer than one by a third. Times are by car, without rush hours, lakes or mountains.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array
    from scipy.spatial import cKDTree

Pace = Literal["slow", "middle", "fast"]
PACES: tuple[Pace, ...] = ("slow", "middle", "fast")
LIMIT = 240.0
EARTH_KM = 6371.0
DOORS = 4
AT_ONCE = 32

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]


class Land(Protocol):
    """The lattice (columns as in `canheal_nb.data.travel.Lattice`)."""

    @property
    def nodes(self) -> pd.DataFrame: ...
    @property
    def edges(self) -> pd.DataFrame: ...
    @property
    def shores(self) -> pd.DataFrame: ...
    @property
    def links(self) -> pd.DataFrame: ...


@dataclass(frozen=True)
class Drive:
    """How fast one drives.

    `speeds` by area_id: local and long, km/h on the road; areas without a row are not passable.
    Detours turn straight km into km on the road. `entry` are minutes. `ferry` is the column of
    the links that holds a ferry's minutes. Places farther than `snap_km` from every node have no
    times.
    """

    speeds: pd.DataFrame
    detour_local: float
    detour_long: float
    entry: float
    ferry: str = "minutes"
    snap_km: float = 10.0


@dataclass(frozen=True, eq=False)
class Network:
    """Graphs ready for searching: a row and a column a node, minutes on the edges, both ways.

    `points` are the nodes on a ball (km), `per_km` minutes for a straight km at the local speed.
    Each point of the search tree `tree` stands for the node `at`. `beside` are the neighbours of
    node i from `starts[i]` to `starts[i + 1]`.
    """

    local: csr_array
    long: csr_array
    drive: Drive
    points: Floats
    per_km: Floats
    tree: cKDTree
    at: Ints
    beside: Ints
    starts: Ints


@dataclass(frozen=True, eq=False)
class Doors:
    """Places tied to nodes: `home` (-1: none near), and the nearest of its surroundings.

    `nodes` and `minutes` have one row a place and DOORS columns (infinite where there are fewer).
    """

    points: Floats
    home: Ints
    nodes: Ints
    minutes: Floats


def network(land: Land, drive: Drive) -> Network:
    """Return the roads and ferries of all areas that have a speed."""
    from scipy.spatial import cKDTree

    area = land.nodes["area_id"].astype("str")
    local = drive.detour_local * 60 / area.map(drive.speeds["local"]).to_numpy(np.float64)
    long = drive.detour_long * 60 / area.map(drive.speeds["long"]).to_numpy(np.float64)
    drivable = np.isfinite(local)
    plain = _plain(land, drivable)
    links = usable(land, drivable, plain)
    graphs = [_paced(plain, pace, links, drive.ferry) for pace in (local, long)]
    points, shore = on_ball(land.nodes), land.shores["node"].to_numpy()
    dry = drivable[shore]
    at = np.concatenate([np.flatnonzero(drivable), shore[dry]])
    tree = cKDTree(np.concatenate([points[drivable], on_ball(land.shores)[dry]]))
    return Network(
        graphs[0], graphs[1], drive, points, local, tree, at, plain.indices, plain.indptr
    )


def usable(land: Land, drivable: NDArray[np.bool_], plain: csr_array) -> pd.DataFrame:
    """Return the bridges and ferries between drivable nodes that no edge of land joins already."""
    links = land.links[land.links["state"] == "used"]
    start, end = (links[f"{side}_node"].to_numpy(np.int64) for side in ("from", "to"))
    joined = np.asarray(plain[start, end]).ravel() > 0 if len(links) else np.zeros(0, bool)
    return links[drivable[start] & drivable[end] & ~joined]


def _plain(land: Land, drivable: NDArray[np.bool_]) -> csr_array:
    """Return the edges of drivable land, in km."""
    start, end = land.edges["start"].to_numpy(), land.edges["end"].to_numpy()
    both = drivable[start] & drivable[end]
    km = land.edges["metres"].to_numpy()[both] / 1000
    return _graph(len(drivable), start[both], end[both], km)


def _paced(plain: csr_array, pace: Floats, links: pd.DataFrame, ferry: str) -> csr_array:
    """Return the minutes of every edge and link, where `pace` is minutes for a straight km."""
    from scipy.sparse import csr_array

    start = np.repeat(np.arange(len(pace)), np.diff(plain.indptr))
    minutes = plain.data * (pace[start] + pace[plain.indices]) / 2
    roads = csr_array((minutes, plain.indices, plain.indptr), plain.shape)
    start, end = (links[f"{side}_node"].to_numpy(np.int64) for side in ("from", "to"))
    bridge = links["metres"].to_numpy(np.float64, na_value=np.nan) / 1000
    bridge *= (pace[start] + pace[end]) / 2
    boat = (links["kind"] == "ferry").to_numpy()
    cost = np.where(boat, links[ferry].to_numpy(np.float64), bridge)
    return csr_array(roads + _graph(len(pace), start, end, cost))


def _graph(size: int, start: Ints, end: Ints, cost: Floats) -> csr_array:
    from scipy.sparse import coo_array

    both = (np.concatenate([start, end]), np.concatenate([end, start]))
    return coo_array((np.concatenate([cost, cost]), both), (size, size)).tocsr()


def on_ball(places: pd.DataFrame) -> Floats:
    """Return points (latitude, longitude in degrees) on a ball with the earth's radius, in km."""
    lat = np.radians(places["latitude"].to_numpy(np.float64))
    lon = np.radians(places["longitude"].to_numpy(np.float64))
    flat = np.cos(lat)
    return EARTH_KM * np.column_stack([flat * np.cos(lon), flat * np.sin(lon), np.sin(lat)])


def doors(roads: Network, places: pd.DataFrame) -> Doors:
    """Tie places (latitude, longitude) to the node of their land and to those beside it."""
    points = on_ball(places)
    km, near = roads.tree.query(points, distance_upper_bound=roads.drive.snap_km)
    home = np.where(np.isfinite(km), np.append(roads.at, -1)[near], -1)
    nodes = _surroundings(roads, home)
    away = np.linalg.norm(roads.points[nodes] - points[:, None, :], axis=2)
    minutes = np.where(nodes >= 0, away * roads.per_km[nodes], np.inf)
    nearest = np.argsort(minutes, axis=1, kind="stable")[:, :DOORS]
    chosen = np.take_along_axis(minutes, nearest, axis=1)
    return Doors(points, home, np.take_along_axis(nodes, nearest, axis=1), chosen)


def _surroundings(roads: Network, home: Ints) -> Ints:
    """Return each home and the nodes beside it, a row a place, filled up with -1."""
    first = np.where(home >= 0, roads.starts[home], 0)
    count = np.where(home >= 0, roads.starts[home + 1] - first, 0)
    place = np.arange(max(DOORS - 1, int(count.max(initial=0))))
    last = max(len(roads.beside) - 1, 0)
    beside = np.append(roads.beside, -1)[np.minimum(first[:, None] + place, last)]
    return np.column_stack([home, np.where(place < count[:, None], beside, -1)])


def minutes(
    roads: Network,
    origins: pd.DataFrame,
    destinations: pd.DataFrame,
    *,
    limit: float = LIMIT,
    across_borders: bool = True,
) -> pd.DataFrame:
    """Return origin_id, destination_id and minutes of every pair within the limit (inside).

    Both frames have latitude and longitude (degrees) and the id as index. `across_borders` False
    keeps only pairs of one country (column `country` of both); ways may pass through a neighbour.
    """
    parts = list(_reached(roads, doors(roads, origins), doors(roads, destinations), limit))
    origin, destination, time = (np.concatenate(part) for part in zip(*parts, strict=True))
    if not across_borders:
        home = origins["country"].to_numpy()[origin]
        same = home == destinations["country"].to_numpy()[destination]
        origin, destination, time = origin[same], destination[same], time[same]
    ids = (
        pd.Categorical.from_codes(origin, origins.index),
        pd.Categorical.from_codes(destination, destinations.index),
    )
    return pd.DataFrame({"origin_id": ids[0], "destination_id": ids[1], "minutes": time})


def _reached(
    roads: Network, here: Doors, there: Doors, limit: float
) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Yield origins, destinations (positions) and minutes, some destinations at a time."""
    graphs = [_entered(graph, there) for graph in (roads.local, roads.long)]
    order = np.argsort(here.home, kind="stable")
    yield (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    for first in range(0, len(there.home), AT_ONCE):
        some = np.arange(first, min(first + AT_ONCE, len(there.home)))
        cost = _least(graphs, len(roads.points) + some, roads.drive.entry, limit)
        for row, destination in zip(cost, some, strict=True):
            time = (row[here.nodes] + here.minutes).min(axis=1)
            close = _close(roads, here, there.home[destination], order)
            straight = np.linalg.norm(here.points[close] - there.points[destination], axis=1)
            per_km = (roads.per_km[here.home[close]] + roads.per_km[there.home[destination]]) / 2
            time[close] = np.minimum(time[close], straight * per_km)
            origin = np.flatnonzero(time <= limit)
            yield origin, np.full(len(origin), destination), time[origin]


def _entered(graph: csr_array, there: Doors) -> csr_array:
    """Return the graph with a row more for each destination, from which its doors are reached."""
    from scipy.sparse import csr_array

    size, extra = graph.shape[0], len(there.home)
    open_ = np.isfinite(there.minutes)
    starts = graph.indptr[-1] + np.cumsum(open_.sum(axis=1))
    parts = (
        np.concatenate([graph.data, there.minutes[open_]]),
        np.concatenate([graph.indices, there.nodes[open_]]),
        np.concatenate([graph.indptr, starts]),
    )
    return csr_array(parts, (size + extra, size + extra))


def _least(graphs: list[csr_array], sources: Ints, entry: float, limit: float) -> Floats:
    """Return the least minutes from each source to each node; infinite beyond the limit."""
    from scipy.sparse.csgraph import dijkstra

    local = dijkstra(graphs[0], indices=sources, limit=limit)
    if entry < limit:
        long = dijkstra(graphs[1], indices=sources, limit=limit - entry)
        np.minimum(local, long + entry, out=local)
    return np.asarray(local)


def _close(roads: Network, here: Doors, home: int, order: Ints) -> Ints:
    """Return the places whose home is a node or beside it: the straight line may be shortest."""
    if home < 0:
        return order[:0]
    nodes = np.append(roads.beside[roads.starts[home] : roads.starts[home + 1]], home)
    left = np.searchsorted(here.home, nodes, sorter=order)
    right = np.searchsorted(here.home, nodes, side="right", sorter=order)
    return np.concatenate([order[a:b] for a, b in zip(left, right, strict=True)])
