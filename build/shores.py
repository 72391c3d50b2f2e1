"""Where two shores are close: points that say which land a place near the water lies on.

The nearest node of the lattice may lie across a strait. Wherever nodes of a square and of the
eight around it are not joined within the twenty-five around, the square gets a grid of points,
each with the node of the nearest land.
"""

from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd
import shapely
from land import Land
from numpy.typing import NDArray

SIDE = 5  # points along a square's side
FARTHEST_M = 2500  # from land

Square = tuple[int, int]


def points(lattice: Land) -> pd.DataFrame:
    """Return x, y and node of the points that tell shores apart."""
    squares = parted(lattice)
    offsets = (np.arange(SIDE) + 0.5) / SIDE
    right, up = np.meshgrid(offsets, offsets)
    x = (squares[:, :1] + right.ravel()).ravel() * lattice.step
    y = (squares[:, 1:] + up.ravel()).ravel() * lattice.step
    point, node = lattice.tree.query_nearest(shapely.points(x, y), FARTHEST_M, all_matches=False)
    return pd.DataFrame({"x": x[point].round(), "y": y[point].round(), "node": node})


def parted(lattice: Land) -> NDArray[np.int64]:
    """Return the squares (column, row) around which land falls apart."""
    nodes = lattice.nodes
    at: dict[Square, list[int]] = defaultdict(list)
    squares = list(zip(nodes["column"].tolist(), nodes["row"].tolist(), strict=True))
    for node, square in enumerate(squares):
        at[square].append(node)
    joined: dict[int, list[int]] = defaultdict(list)
    for start, end in lattice.edges[["start", "end"]].to_numpy().tolist():
        joined[start].append(end)
        joined[end].append(start)
    shore = {squares[node] for node in np.flatnonzero(~nodes["whole"].to_numpy())}
    near = {square for one in shore for square in _around(one, 1)}
    found = [one for one in sorted(near) if one in at and _falls_apart(one, at, squares, joined)]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _around(square: Square, reach: int) -> list[Square]:
    column, row = square
    steps = range(-reach, reach + 1)
    return [(column + right, row + up) for right in steps for up in steps]


def _falls_apart(square: Square, at: Any, squares: list[Square], joined: Any) -> bool:
    close = {node for one in _around(square, 1) for node in at.get(one, ())}
    wide = set(_around(square, 2))
    reached, open_ = set(), [next(iter(close))]
    while open_:
        node = open_.pop()
        if node not in reached:
            reached.add(node)
            open_ += [other for other in joined[node] if squares[other] in wide]
    return not close <= reached
