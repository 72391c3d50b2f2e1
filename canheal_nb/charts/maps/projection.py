"""Where things are: from latitude and longitude to a map's own units."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from pyproj import Transformer

EUROPE = "EPSG:3035"
REACH = 2.0


def to_map(points: pd.DataFrame, transform: Mapping[str, Any]) -> pd.DataFrame:
    """Return `x, y` in map units for points with `latitude, longitude` in degrees.

    `transform`: `x0, y0` (metres of the map's upper left corner), `scale` (metres per unit)
    and, where the map is not in EPSG:3035, `proj4`.
    """
    project = _projection(str(transform.get("proj4", EUROPE)))
    east, north = project.transform(points["longitude"], points["latitude"])
    return pd.DataFrame(
        {
            "x": (east - transform["x0"]) / transform["scale"],
            "y": (transform["y0"] - north) / transform["scale"],
        },
        index=points.index,
    )


def spread(points: pd.DataFrame, distance: float, steps: int = 60) -> pd.DataFrame:
    """Return the points pushed apart until few lie nearer than `distance` (map units).

    Always the same answer for the same points: pairs move apart along the line between them,
    points in one place along fixed directions by their order. No point moves further than
    `REACH` times the distance.
    """
    import numpy as np
    from scipy.spatial import cKDTree

    home = points[["x", "y"]].to_numpy(dtype=float)
    xy = home.copy()
    angles = np.arange(len(xy)) * 2.399963
    xy += 0.01 * np.column_stack([np.cos(angles), np.sin(angles)])
    for _step in range(steps):
        pairs = cKDTree(xy).query_pairs(distance, output_type="ndarray")
        if not len(pairs):
            break
        gap = xy[pairs[:, 0]] - xy[pairs[:, 1]]
        length = np.maximum(np.linalg.norm(gap, axis=1, keepdims=True), 1e-9)
        push = 0.25 * (distance - length) * gap / length
        np.add.at(xy, pairs[:, 0], push)
        np.subtract.at(xy, pairs[:, 1], push)
        away = xy - home
        far = np.linalg.norm(away, axis=1, keepdims=True)
        xy = home + away * np.minimum(1.0, REACH * distance / np.maximum(far, 1e-9))
    return pd.DataFrame(xy, index=points.index, columns=["x", "y"])


def clusters(points: pd.DataFrame, distance: float) -> pd.DataFrame:
    """Return groups of points nearer than `distance`: mean `x, y`, and `count` (map units)."""
    from scipy.cluster.hierarchy import fcluster, linkage

    if len(points) < 2:
        return points.assign(count=1)[["x", "y", "count"]]
    label = fcluster(linkage(points[["x", "y"]], "average"), distance, "distance")
    grouped = points.groupby(label)
    return grouped[["x", "y"]].mean().assign(count=grouped.size())


@cache
def _projection(target: str) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:4326", target, always_xy=True)
