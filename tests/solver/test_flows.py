"""Units at centres against every plan of small cases, and the smallest volume (H9)."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from canheal_nb.need.model.costs import per_patient
from canheal_nb.solver import flows
from canheal_nb.solver.flows import Flows, serve
from canheal_nb.solver.problem import Infeasible


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


def three_services(seed: int, **more: object) -> Flows:
    rng = np.random.default_rng(seed)
    return Flows(
        rng.uniform(50, 200, (3, 3)), rng.uniform(10, 90, (3, 4)), np.array([60.0, 90.0, 40.0]),
        rng.uniform(1, 3, (4, 3)), rng.integers(0, 2, (4, 3)).astype(float), 9.0,
        np.array([1.0, 0.6, 0.8]), 60.0, **more,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_services_apart_hold_the_true_best_between_plan_and_bound(seed, monkeypatch):
    of = three_services(seed, volume=np.full((4, 3), 10.0 * (seed % 2)))
    try:
        best = serve(of, gap=0.0)
    except Infeasible:
        monkeypatch.setattr(flows, "MANY", 1)
        with pytest.raises(Infeasible):
            serve(of)
        return
    monkeypatch.setattr(flows, "MANY", 1)
    found = serve(of, gap=0.02)
    assert found.objective <= best.objective * (1 + 1e-9) <= found.bound * (1 + 2e-9)
    assert found.gap <= 0.02 + 1e-9
    assert (found.units * of.cost).sum() <= of.budget + 1e-6
    room = of.size * (of.start + found.units)
    assert (found.treated <= room + 1e-6).all()
    assert (found.treated * of.weight).sum() == pytest.approx(found.objective)


def test_services_apart_are_not_given_what_the_money_cannot_pay(monkeypatch):
    """Each price of money alone would overspend or leave most; the money is kept and used."""
    of = replace(three_services(9), budget=4.0)
    monkeypatch.setattr(flows, "MANY", 1)
    apart = flows._apart(of, flows._roads(of), flows.time.perf_counter() + 10, 1e-6)
    assert apart is not None
    assert (apart.units * of.cost).sum() <= 4.0 + 1e-6
    assert apart.objective <= serve(of, gap=0.0).objective * (1 + 1e-9) <= apart.bound * (1 + 2e-9)


def test_a_service_without_a_plan_in_time_keeps_whole_units_and_a_true_bound(monkeypatch):
    of = three_services(2)
    best = serve(of, gap=0.0)
    plain = flows._solve

    def late(of, roads, services, money, *rest):
        if np.isinf(money) and services[0] == 1:
            raise flows.Undecided
        return plain(of, roads, services, money, *rest)

    monkeypatch.setattr(flows, "_solve", late)
    found = flows._apart(of, flows._roads(of), flows.time.perf_counter() + 10, 0.5)
    assert found.objective <= best.objective * (1 + 1e-9) <= found.bound * (1 + 2e-9)
    assert (found.units == np.round(found.units)).all()
    assert (found.units * of.cost).sum() <= of.budget + 1e-6
