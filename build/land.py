"""Cut land into the nodes and edges of a lattice, so that no edge crosses water.

The land is cut by a square grid. Each piece of land in a square is a node: the two shores of a
fjord are two nodes of one square. Nodes of squares side by side are joined where their land meets;
nodes one step apart across the corner, or a knight's move apart, where the straight line between
them stays on land. All lengths are metres in the projection of the land that is given.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

LEAST_PIECE_M2 = 10_000
LEAST_SHORE_M = 20
TILE = 16  # squares along a tile's side
BESIDE = ((1, 0), (0, 1))
ACROSS = ((1, 1), (1, -1), (1, 2), (2, 1), (1, -2), (2, -1))

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Land:
    """One lattice: `nodes` with column, row, x, y, whole (is the square all land?) and piece;
    `edges` with start, end (row numbers of nodes) and metres.
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame
    step: float

    @cached_property
    def tree(self) -> shapely.STRtree:
        """A search tree of the nodes' pieces of land."""
        return shapely.STRtree(self.nodes["piece"].to_numpy())


def cut(land: BaseGeometry, step: float) -> Land:
    """Return the lattice of a land whose coordinates are metres."""
    nodes = _nodes(land, step)
    edges = pd.concat([_beside(nodes, step), _across(nodes, land)], ignore_index=True)
    edges = edges.sort_values(["start", "end"], ignore_index=True)
    return Land(nodes, edges, step)


def _nodes(land: BaseGeometry, step: float) -> pd.DataFrame:
    rows = [row for box in _tiles(land, step) for row in _tile(land, box, step)]
    nodes = pd.DataFrame(rows, columns=["column", "row", "whole", "piece"])
    points = shapely.points((nodes[["column", "row"]].to_numpy() + 0.5) * step)
    outside = ~shapely.covers(nodes["piece"].to_numpy(), points)
    inner = shapely.point_on_surface(nodes.loc[outside, "piece"].to_numpy())
    points[outside] = inner
    nodes["x"], nodes["y"] = shapely.get_x(points).round(), shapely.get_y(points).round()
    nodes["area"] = shapely.area(nodes["piece"].to_numpy())
    order = nodes.sort_values(["row", "column", "area"], ascending=[True, True, False])
    return order.reset_index(drop=True)


def _tiles(land: BaseGeometry, step: float) -> Iterator[Box]:
    """Yield the tiles (in squares) that may hold land."""
    bounds = np.array([part.bounds for part in shapely.get_parts(land)]) / (step * TILE)
    seen = set()
    for west, south, east, north in np.floor(bounds).astype(int):
        seen |= {(i, j) for i in range(west, east + 1) for j in range(south, north + 1)}
    for i, j in sorted(seen):
        yield (i * TILE, j * TILE, (i + 1) * TILE, (j + 1) * TILE)


def _tile(land: BaseGeometry, box: Box, step: float) -> Iterator[list[Any]]:
    near = shapely.clip_by_rect(land, *(edge * step for edge in box))
    if near.is_empty:
        return
    west, south, east, north = (int(edge) for edge in box)
    columns, rows = np.meshgrid(np.arange(west, east), np.arange(south, north))
    columns, rows = columns.ravel(), rows.ravel()
    squares = shapely.box(columns * step, rows * step, (columns + 1) * step, (rows + 1) * step)
    shapely.prepare(near)
    whole = shapely.covers(near, squares)
    for i in np.flatnonzero(whole):
        yield [columns[i], rows[i], True, squares[i]]
    for i in np.flatnonzero(shapely.intersects(near, squares) & ~whole):
        inside = shapely.intersection(near, squares[i])
        for piece in shapely.get_parts(shapely.get_parts(inside)):
            if piece.geom_type == "Polygon" and piece.area >= LEAST_PIECE_M2:
                yield [columns[i], rows[i], False, piece]


def _pairs(nodes: pd.DataFrame, right: int, up: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the nodes of all squares and those of the squares so many columns and rows off."""
    here = nodes[["column", "row"]].assign(start=nodes.index)
    there = nodes[["column", "row"]].assign(end=nodes.index)
    there[["column", "row"]] -= [right, up]
    both = here.merge(there, on=["column", "row"])
    return both["start"].to_numpy(), both["end"].to_numpy()


def _beside(nodes: pd.DataFrame, step: float) -> pd.DataFrame:
    """Join what meets on the side of two squares; the way leads over the middle of the side."""
    found = []
    piece, whole = nodes["piece"].to_numpy(), nodes["whole"].to_numpy()
    points = nodes[["x", "y"]].to_numpy()
    for right, up in BESIDE:
        start, end = _pairs(nodes, right, up)
        plain = whole[start] & whole[end]
        found.append(_rows(start[plain], end[plain], np.full(plain.sum(), step)))
        start, end = start[~plain], end[~plain]
        corner = nodes[["column", "row"]].to_numpy()[end] * step
        other = corner + [0 if right else step, step if right else 0]
        side = shapely.linestrings(np.stack([corner, other], axis=1))
        shore = shapely.intersection(side, piece[start])
        shore = shapely.intersection(shore, piece[end])
        meets = shapely.length(shore) >= LEAST_SHORE_M
        middle = shapely.get_coordinates(shapely.point_on_surface(shore[meets]))
        start, end = start[meets], end[meets]
        metres = np.hypot(*(points[start] - middle).T) + np.hypot(*(points[end] - middle).T)
        found.append(_rows(start, end, metres))
    return pd.concat(found)


def _across(nodes: pd.DataFrame, land: BaseGeometry) -> pd.DataFrame:
    """Join what sees each other over land, across a corner or a knight's move apart."""
    points = nodes[["x", "y"]].to_numpy()
    inland = _inland(nodes)
    parts = shapely.get_parts(land)
    tree = shapely.STRtree(parts)
    found = []
    for right, up in ACROSS:
        start, end = _pairs(nodes, right, up)
        plain = inland[start] & inland[end]
        lines = shapely.linestrings(np.stack([points[start], points[end]], axis=1)[~plain])
        seen = plain.copy()
        seen[np.flatnonzero(~plain)[tree.query(lines, "covered_by")[0]]] = True
        start, end = start[seen], end[seen]
        found.append(_rows(start, end, np.hypot(*(points[start] - points[end]).T)))
    return pd.concat(found)


def _inland(nodes: pd.DataFrame) -> NDArray[np.bool_]:
    """Say of each node whether its square and the eight around it are all land."""
    whole = nodes.loc[nodes["whole"], ["column", "row"]]
    inland = nodes["whole"].to_numpy(copy=True)
    index = pd.MultiIndex.from_frame(whole)
    for right in (-1, 0, 1):
        for up in (-1, 0, 1):
            moved = pd.MultiIndex.from_frame(nodes[["column", "row"]] + [right, up])
            inland &= moved.isin(index)
    return inland


def _rows(start: NDArray[Any], end: NDArray[Any], metres: NDArray[Any]) -> pd.DataFrame:
    """Return edges, each from the lower number to the higher."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    return pd.DataFrame({"start": low, "end": high, "metres": metres})
