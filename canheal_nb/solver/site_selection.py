"""Which sites to open: the most people within reach, or the least travel, by HiGHS.

Maximal covering (Church and ReVelle 1974) and p-median (Hakimi 1964), exact for a few hundred
areas and sites; each returns the gap that is left when time runs out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from canheal_nb.solver.highs import QUIET
from canheal_nb.solver.problem import Array, Undecided


@dataclass(frozen=True)
class Sites:
    """Indices of the sites to open, what they reach, and the gap to the best (a share)."""

    open: tuple[int, ...]
    objective: float
    gap: float


def most_covered(
    within: NDArray[np.bool_], people: Array, count: int, time_limit: float = 10.0
) -> Sites:
    """Return `count` sites with the most people[A] within reach; within[A, sites]."""
    areas, sites = within.shape
    link = sparse.hstack([-sparse.csr_array(within.astype(float)), sparse.eye_array(areas)])
    cost = np.concatenate([np.zeros(sites), -people])
    rows = [LinearConstraint(link.tocsr(), -np.inf, 0.0)]
    found = _solve(cost, rows, sites, count, time_limit)
    reached = float(people[within[:, list(found.open)].any(axis=1)].sum())
    return Sites(found.open, reached, found.gap)


def least_travel(travel: Array, people: Array, count: int, time_limit: float = 10.0) -> Sites:
    """Return `count` sites with the least travel[A, sites] times people[A], each to its nearest."""
    areas, sites = travel.shape
    each = sparse.hstack(
        [
            sparse.csr_array((areas, sites)),
            sparse.kron(sparse.eye_array(areas), np.ones((1, sites))),
        ]
    )
    only = sparse.hstack(
        [
            -sparse.kron(np.ones((areas, 1)), sparse.eye_array(sites)),
            sparse.eye_array(areas * sites),
        ]
    )
    cost = np.concatenate([np.zeros(sites), (travel * people[:, None]).ravel()])
    rows = [LinearConstraint(each.tocsr(), 1.0, 1.0), LinearConstraint(only.tocsr(), -np.inf, 0.0)]
    found = _solve(cost, rows, sites, count, time_limit)
    total = float((travel[:, list(found.open)].min(axis=1) * people).sum())
    return Sites(found.open, total, found.gap)


def _solve(
    cost: Array, rows: list[LinearConstraint], sites: int, count: int, time_limit: float
) -> Sites:
    number = np.concatenate([np.ones(sites), np.zeros(len(cost) - sites)])
    with QUIET:
        answer = milp(
            cost,
            integrality=number,
            bounds=Bounds(0.0, 1.0),
            constraints=[*rows, LinearConstraint(number[None, :], count, count)],
            options={"time_limit": time_limit, "mip_rel_gap": 0.0},
        )
    if answer.x is None:
        raise Undecided
    chosen = tuple(int(n) for n in np.flatnonzero(answer.x[:sites] > 0.5))
    return Sites(chosen, float(answer.fun), float(answer.mip_gap or 0.0))
