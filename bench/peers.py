"""The same sums by other packages, and by the few lines one would write with scipy or numpy.

What a peer may prepare once for all questions (a matrix of weights, a table of costs) is
prepared outside the time that is measured.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
from access import fca, weights
from numpy.typing import NDArray
from planx.spatial import accessibility
from scipy.sparse import csr_array

from bench.points import LIMIT, Points

Floats = NDArray[np.float64]
Contender = Callable[[], Floats]


def pysal(points: Points, width: float, stages: int) -> Contender:
    """PySAL's `access`: two_stage_fca or three_stage_fca with Gaussian weights."""
    demand, supply = (
        pd.DataFrame({"value": values}).rename_axis("geoid").rename(columns={"value": name})
        for name, values in (("demand", points.people), ("supply", points.supply))
    )
    names = {"origin_id": "origin", "destination_id": "dest", "minutes": "cost"}
    cost, weight = points.table.rename(columns=names), weights.gaussian(width)
    method = fca.two_stage_fca if stages == 2 else fca.three_stage_fca

    def run() -> Floats:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = method(
                demand,
                supply,
                cost,
                LIMIT,
                demand_index=True,
                demand_name="demand",
                supply_name="supply",
                weight_fn=weight,
            )
        return found.reindex(points.people.index).fillna(0.0).to_numpy()

    return run


def planx(points: Points, width: float) -> Contender:
    """planx-sdk's enhanced_2sfca on a dense table of times."""
    shape = (len(points.people), len(points.supply))
    dense = np.full(shape, np.inf)
    dense[points.origin, points.destination] = points.table["minutes"]
    supply, people = points.supply.to_numpy(), points.people.to_numpy()
    return lambda: accessibility.enhanced_2sfca(dense, supply, people, LIMIT, "gaussian", width)


def plain_scipy(points: Points, width: float) -> Contender:
    """Two lines of scipy on a sparse matrix of weights made beforehand."""
    weight = np.exp(-0.5 * (points.table["minutes"].to_numpy() / width) ** 2)
    shape = (len(points.people), len(points.supply))
    matrix = csr_array((weight, (points.origin, points.destination)), shape)
    turned, supply, people = matrix.T, points.supply.to_numpy(), points.people.to_numpy()
    return lambda: matrix @ (supply / (turned @ people))


def plain_numpy(points: Points, width: float) -> Contender:
    """Two lines of numpy over the pairs, with weights made beforehand."""
    weight = np.exp(-0.5 * (points.table["minutes"].to_numpy() / width) ** 2)
    a, j = points.origin, points.destination
    supply, people = points.supply.to_numpy(), points.people.to_numpy()

    def run() -> Floats:
        ratio = supply / np.bincount(j, people[a] * weight, len(supply))
        return np.bincount(a, ratio[j] * weight, len(people))

    return run


def plain_summary(points: Points, scores: Floats) -> tuple[Floats, float, bytes]:
    """The mean by country with pandas, the Gini by sorting, the bytes to draw."""
    frame = pd.DataFrame({"people": points.people.to_numpy(), "country": points.country})
    frame["held"] = frame["people"] * scores
    sums = frame.groupby("country")[["held", "people"]].sum()
    order = np.argsort(scores, kind="stable")
    people, held = (frame[name].to_numpy()[order] for name in ("people", "held"))
    share = np.concatenate([[0.0], np.cumsum(held) / held.sum()])
    gini = 1.0 - ((share[1:] + share[:-1]) * people / people.sum()).sum()
    return (sums["held"] / sums["people"]).to_numpy(), float(gini), scores.astype("<f4").tobytes()
