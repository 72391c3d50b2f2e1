"""A piece of the lattice around one place, small enough to search while somebody waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from canheal_nb.access.travel.driving import Land, on_ball


@dataclass(frozen=True, eq=False)
class Piece:
    """Nodes, edges, shores and links as in a lattice, numbered anew."""

    nodes: pd.DataFrame
    edges: pd.DataFrame
    shores: pd.DataFrame
    links: pd.DataFrame


def around(land: Land, place: pd.DataFrame, km: float) -> Piece:
    """Return the nodes within so many straight km of a place, and what joins them.

    `place`: one row, latitude and longitude in degrees. Times of ways that stay within are those
    of the whole lattice.
    """
    away = np.linalg.norm(on_ball(land.nodes) - on_ball(place), axis=1)
    kept = away <= km
    new = np.where(kept, np.cumsum(kept) - 1, -1)
    return Piece(
        land.nodes[kept].reset_index(drop=True),
        _joined(land.edges, ("start", "end"), new),
        _joined(land.shores, ("node",), new),
        _joined(land.links[land.links["state"] == "used"], ("from_node", "to_node"), new),
    )


def _joined(
    rows: pd.DataFrame, ends: tuple[str, ...], new: NDArray[np.integer[Any]]
) -> pd.DataFrame:
    """Return the rows whose ends are all kept, with their new numbers."""
    numbers = {end: new[rows[end].to_numpy(np.int64)] for end in ends}
    inside = np.all([found >= 0 for found in numbers.values()], axis=0)
    return rows.assign(**numbers)[inside].reset_index(drop=True)
