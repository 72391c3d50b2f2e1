"""Units at centres against every plan of small cases, and the smallest volume (H9)."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from canheal_nb.model.allocation_problem import Infeasible
from canheal_nb.model.costs import per_patient
from canheal_nb.model.flows import Flows, serve


@pytest.mark.parametrize("seed", range(6))
def test_units_equal_every_plan(seed):
    rng = np.random.default_rng(seed)
    of = Flows(
        rng.uniform(50, 200, (3, 1)), rng.uniform(10, 90, (3, 2)), np.array([60.0]),
        rng.uniform(1, 3, (2, 1)), np.zeros((2, 1)), 8.0, np.ones(1), 60.0,
    )  # fmt: skip

    def most(units):
        bounds = [(0, None if t <= 60 else 0) for t in of.travel.ravel()]
        rows = np.vstack([np.kron(np.eye(3), np.ones(2)), np.kron(np.ones(3), np.eye(2))])
        high = np.concatenate([of.need.ravel(), 60 * np.array(units)])
        return -linprog(-np.ones(6), rows, high, bounds=bounds).fun

    plans = itertools.product(range(9), repeat=2)
    best = max(most(p) for p in plans if np.array(p) @ of.cost.ravel() <= 8.0)
    found = serve(of, gap=0.0)
    assert found.objective == pytest.approx(best)
    assert found.bound == pytest.approx(best)


def test_h9_smallest_volume():
    # The case names no prices: 15,000 a centre and 200 a patient are ours, and give its 55,000.
    of = Flows(
        np.array([[200.0]]), np.array([[10.0, 20.0]]), np.array([200.0]), np.ones((2, 1)),
        np.zeros((2, 1)), 2.0, np.ones(1), 60.0,
    )  # fmt: skip
    assert serve(replace(of, budget=0.0)).objective == 0
    one = serve(replace(of, budget=1.0, volume=np.array([[150.0], [0.0]])))
    assert one.treated.sum() == pytest.approx(200)
    assert one.treated.sum() * per_patient(15_000, 200, 200) == pytest.approx(55_000)
    with pytest.raises(Infeasible):
        serve(replace(of, volume=np.array([[150.0], [150.0]])))
