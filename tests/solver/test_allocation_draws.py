"""Thousands of plans at once equal the same plans one by one, and every bound holds."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from canheal_nb.solver.allocation import Infeasible, Problem, worth
from canheal_nb.solver.draw_plans import plans_of_draws
from canheal_nb.solver.exact.greedy import greedy
from canheal_nb.text.errors import UserError

THREE = ((0.5, 1.0), (0.3, 0.6), (0.2, 0.25))


def drawn(areas, services, draws, budget):
    rng = np.random.default_rng(4)
    of = Problem(
        rng.uniform(50, 300, (areas, services)), np.ones((areas, services)),
        rng.uniform(40, 90, services), rng.uniform(1, 4, (areas, services)),
        np.array([float(budget)]), segments=THREE, floors=np.eye(areas, services),
    )  # fmt: skip
    return of, of.need * rng.lognormal(0, 0.3, (draws, areas, services))


def test_draws_equal_single_plans():
    of, needs = drawn(5, 4, 30, 30)
    many = plans_of_draws(of, needs)
    for need, units, met, bound in zip(needs, many.units, many.met, many.bound, strict=True):
        alone = replace(of, need=need)
        one, roof = greedy(alone)
        assert met == pytest.approx(worth(alone, units[:, :, None].astype(float)))
        assert met == pytest.approx(worth(alone, one))
        assert bound == pytest.approx(roof)
        assert (units * of.cost).sum() <= 30 + 1e-6


def test_no_plan_of_a_draw_beats_its_bound():
    of, needs = drawn(2, 2, 12, 9)
    many = plans_of_draws(of, needs)
    plans = [np.array(p, float).reshape(2, 2, 1) for p in itertools.product(range(6), repeat=4)]
    keep = [u for u in plans if (u[:, :, 0] * of.cost).sum() <= 9 and u[0, 0] >= 1 and u[1, 1] >= 1]
    for need, met, bound in zip(needs, many.met, many.bound, strict=True):
        best = max(worth(replace(of, need=need), units) for units in keep)
        assert met <= best * (1 + 1e-9) <= bound * (1 + 2e-9)


def test_what_cannot_be_drawn_is_refused():
    of, needs = drawn(2, 2, 3, 9)
    with pytest.raises(UserError):
        plans_of_draws(replace(of, budget=np.array([1.0, 1.0])), needs)
    with pytest.raises(Infeasible):
        plans_of_draws(replace(of, budget=np.array([0.5])), needs)
