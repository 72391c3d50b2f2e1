"""Points on a map that is zoomed: which stand together at which scale, and who may be named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

import pandas as pd

NEVER = 1e9
# Map units per pixel, from a phone that shows all of Europe to a region of 100 km.
SCALES = (4.0, 2.8, 2.0, 1.4, 1.0, 0.7, 0.5, 0.35, 0.25, 0.18, 0.13, 0.09, 0.06, 0.04, 0.03)


@dataclass(frozen=True)
class Group:
    """Centres drawn as one mark at `x, y` (map units) while `low` <= units per pixel < `high`."""

    ids: tuple[str, ...]
    x: float
    y: float
    low: float
    high: float


def groups(points: pd.DataFrame, apart: float, scales: Sequence[float] = SCALES) -> list[Group]:
    """Return the marks for points with `x, y`: together where nearer than `apart` pixels.

    Groups only fall apart as one comes nearer; nearer than the last scale each point stands
    alone. At every scale each point is in exactly one mark. Sorted by the ids' first.
    """
    ranges: dict[tuple[str, ...], tuple[float, float]] = {}
    highs = (NEVER, *scales)
    for high, low in zip(highs, (*scales, 0.0), strict=True):
        for ids in _together(points, apart * min(high, 2 * scales[0]), alone=low == 0.0):
            ranges[ids] = (low, ranges.get(ids, (low, high))[1])
    xs, ys = ({str(i): float(v) for i, v in points[axis].items()} for axis in "xy")
    return [
        Group(ids, _mean(xs[i] for i in ids), _mean(ys[i] for i in ids), low, high)
        for ids, (low, high) in sorted(ranges.items())
    ]


def named_below(points: pd.DataFrame, wide: float, tall: float) -> pd.Series:
    """Return for each point the scale below which its name covers no other point or name.

    `wide, tall`: room of a name in pixels. The only point can be named at any scale.
    """
    import numpy as np

    xy = points[["x", "y"]].to_numpy(dtype=float)
    gap = np.abs(xy[:, None, :] - xy[None, :, :])
    free = np.maximum(gap[..., 0] / wide, gap[..., 1] / tall)
    np.fill_diagonal(free, NEVER)
    return pd.Series(free.min(axis=1, initial=NEVER), index=points.index, dtype="float64")


def _together(points: pd.DataFrame, distance: float, alone: bool) -> list[tuple[str, ...]]:
    if alone or len(points) < 2:
        return [(str(i),) for i in points.index]
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import pdist

    label = fcluster(linkage(pdist(points[["x", "y"]]), "average"), distance, "distance")
    ids = pd.Series(points.index.astype(str), index=points.index)
    return [tuple(sorted(part)) for _label, part in ids.groupby(label)]


def _mean(values: Iterable[float]) -> float:
    return round(fmean(values), 2)
