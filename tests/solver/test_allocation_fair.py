"""Fair plans without a solver, and floors with bounds, against every plan of small problems."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from canheal_nb.solver.allocation import Problem, least, solve, worth
from canheal_nb.solver.exact.least_share import floored
from canheal_nb.solver.exact.max_min import fairest
from canheal_nb.solver.frontier import frontier

THREE = ((0.5, 1.0), (0.3, 0.6), (0.2, 0.25))


def small(seed, scale=1.0):
    rng = np.random.default_rng(seed)
    return Problem(
        rng.uniform(50, 300, (3, 2)), rng.integers(0, 2, (3, 2)).astype(float),
        rng.uniform(40, 160, 2), rng.uniform(1, 4, (3, 2)), rng.uniform(5, 14, 1),
        weights=scale * rng.uniform(0.2, 1, (3, 2)), segments=THREE, caps=np.full((3, 2), 3.0),
    )  # fmt: skip


def fitting(of):
    for flat in itertools.product(range(4), repeat=6):
        units = np.array(flat, float).reshape(3, 2, 1)
        if (units[:, :, 0] * of.cost).sum() <= of.budget[0] + 1e-9:
            yield units


@pytest.mark.parametrize("seed", range(20))
def test_the_fairest_and_the_fairest_in_order_equal_every_plan(seed):
    of = small(seed, 1e-7)
    shares = [np.sort(least(of, units)) for units in fitting(of)]
    units, share, bound = fairest(of)
    assert share == pytest.approx(max(each[0] for each in shares))
    assert bound == pytest.approx(share)
    assert least(of, units[:, :, None]).min() == pytest.approx(share)
    plan = solve(of, "lexicographic")
    assert plan.method == "greedy"
    best = max(tuple(np.round(each, 7)) for each in shares)
    assert np.sort(least(of, plan.units)) == pytest.approx(best, abs=1e-6)
    assert (plan.units[:, :, 0] * of.cost).sum() <= of.budget[0] + 1e-9


@pytest.mark.parametrize("seed", range(20))
def test_a_floor_holds_and_no_plan_beats_its_bound(seed):
    of = small(seed)
    plans = [(least(of, units).min(), worth(of, units)) for units in fitting(of)]
    levels = np.linspace(0, max(share for share, _met in plans), 6)
    found = floored(of, np.repeat(levels[:, None], 3, axis=1))
    for level, each in zip(levels, found, strict=True):
        best = max(met for share, met in plans if share >= level - 1e-9)
        assert each.bound >= best * (1 - 1e-9)
        if each.units is not None:
            assert least(of, each.units).min() >= level - 1e-6
            assert (each.units[:, :, 0] * of.cost).sum() <= of.budget[0] + 1e-9
            assert worth(of, each.units) <= each.bound * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_a_frontier_at_once_has_true_gaps(seed):
    of = small(seed)
    plans = [(least(of, units).min(), worth(of, units)) for units in fitting(of)]
    points = frontier(of, 8)
    assert points[-1].least == pytest.approx(max(share for share, _met in plans))
    for point in points:
        best = max(met for share, met in plans if share >= point.least - 1e-9)
        assert point.bound >= best * (1 - 1e-9)
        assert point.met <= best * (1 + 1e-9)


def test_areas_without_need_do_not_stand_in_the_way():
    need = np.array([[100.0], [0.0], [50.0]])
    of = Problem(
        need, np.zeros((3, 1)), np.array([10.0]), np.ones((3, 1)), np.array([9.0])
    )  # fmt: skip
    plan = solve(of, "max_min")
    assert plan.objective == pytest.approx(0.6)
    assert plan.units.ravel().tolist() == [6, 0, 3]
