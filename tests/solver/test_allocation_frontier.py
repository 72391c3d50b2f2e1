"""The frontier, plans nearly as good, and rules of thumb."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from canheal_nb.solver.allocation import Problem, least, worth
from canheal_nb.solver.frontier import frontier
from canheal_nb.solver.rules_of_thumb import rules


def two(need, cost, budget, start=(0, 0)):
    return Problem(
        np.array(need, float)[:, None],
        np.array(start, float)[:, None],
        np.array([100.0]),
        np.array(cost, float)[:, None],
        np.array([float(budget)]),
    )


def test_h3_the_whole_frontier():
    points = frontier(two([1000, 200], [1, 2], 4), points=5)
    got = [(each.met, each.least) for each in points]
    assert got == [(pytest.approx(400), 0), (pytest.approx(300), pytest.approx(0.2))]


@pytest.mark.parametrize("seed", range(4))
def test_no_plan_beats_a_point_and_its_bound_holds(seed):
    rng = np.random.default_rng(seed)
    of = two(rng.uniform(200, 900, 2), rng.uniform(1, 3, 2), 9)
    points = frontier(of, points=7, gap=0)
    plans = [
        np.array(each, float).reshape(2, 1, 1) for each in itertools.product(range(10), repeat=2)
    ]
    fits = [u for u in plans if (u[:, 0, 0] * of.cost[:, 0]).sum() <= 9]
    for point in points:
        fair = [worth(of, u) for u in fits if least(of, u).min() >= point.least - 1e-9]
        assert point.met == pytest.approx(max(fair))
    assert all(a.least < b.least and a.met > b.met for a, b in itertools.pairwise(points))


def test_rules_share_the_money():
    of = two([1000, 3000], [1, 1], 8, start=(2, 2))
    found = rules(of, heads=np.array([3.0, 1.0]), cases=np.array([1.0, 1.0]))
    assert {name: units.ravel().tolist() for name, units in found.items()} == {
        "per_head": [6, 2],
        "per_case": [4, 4],
        "by_need": [1, 6],
        "todays_shares": [4, 4],
    }


def test_a_rule_without_its_numbers_is_left_out():
    assert set(rules(two([1000, 3000], [1, 1], 8, start=(np.nan, 1)))) == {"by_need"}
