"""Plans nearly as good: they lose little, keep every limit, and differ as much as can be."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from canheal_nb.solver.allocation import Problem, least, solve, worth
from canheal_nb.solver.near_optimal import alternatives, loss, otherwise


def problem(seed: int, **more: object) -> Problem:
    rng = np.random.default_rng(seed)
    given = {
        "need": rng.uniform(300, 500, (2, 2)), "start_units": np.zeros((2, 2)),
        "capacity": np.array([100.0, 90.0]), "cost": rng.uniform(1, 1.1, (2, 2)),
        "budget": np.array([7.0]),
    }  # fmt: skip
    return Problem(**(given | more))


def plans(of: Problem) -> list[np.ndarray]:
    every = (np.array(p, float).reshape(2, 2, 1) for p in itertools.product(range(6), repeat=4))
    return [u for u in every if (u[:, :, 0] * of.cost).sum() <= of.budget[0] + 1e-9]


@pytest.mark.parametrize("seed", range(4))
def test_of_all_plans_that_lose_little_none_spends_less_where_the_plan_spends(seed):
    of = problem(seed)
    plan = solve(of, gap=0)
    (other,) = alternatives(of, plan, slack=0.1)
    assert loss(of, plan, other) <= 0.1 + 1e-6
    assert (other[:, :, 0] * of.cost).sum() <= 7 + 1e-9
    weight = of.cost * plan.units[:, :, 0]
    weight = weight / weight.max()

    def overlap(units):
        return (weight * of.cost * units[:, :, 0]).sum()

    good = [u for u in plans(of) if loss(of, plan, u) <= 0.1]
    assert overlap(other) <= min(map(overlap, good)) * 1.011 + 1e-9
    assert overlap(other) < overlap(plan.units)


@pytest.mark.parametrize("goal", ["max_min", "lexicographic"])
def test_a_fair_plan_has_fair_others(goal):
    of = problem(1)
    plan = solve(of, goal)
    for other in alternatives(of, plan, 2, slack=0.1):
        assert least(of, other).min() >= 0.9 * plan.objective - 1e-6
        assert worth(of, other) >= 0.9 * worth(of, plan.units) - 1e-6


def test_a_cheap_plan_has_cheap_others_that_reach_the_target():
    cost = np.array([[1.0, 2.0], [1.1, 2.2]])  # to buy all otherwise would cost twice as much
    of = problem(2, budget=np.array([1e3]), cost=cost)
    plan = solve(of, "least_cost", 0.5, gap=0)
    found = alternatives(of, plan, 2, slack=0.5, target=0.5)
    assert found
    for other in found:
        assert least(of, other).min() >= 0.5 - 1e-6
        assert (other[:, :, 0] * of.cost).sum() <= plan.objective * 1.5 + 1e-6


def test_years_and_locks_are_kept_and_what_is_locked_is_no_gain():
    of = problem(
        3, budget=np.array([4.0, 4.0]), carry_over=True, locked={(0, 0): 2}, lag=np.array([0, 1.0])
    )
    plan = solve(of, gap=0)
    for other in alternatives(of, plan, 3, slack=0.1):
        assert other[0, 0].sum() == 2
        spent = np.cumsum((of.over_years(of.cost) * other).sum(axis=(0, 1)))
        assert (spent <= np.array([4, 8]) + 1e-9).all()
        assert loss(of, plan, other) <= 0.1 + 1e-6


def test_others_differ_from_each_other_and_there_may_be_none():
    of = problem(0)
    plan = solve(of, gap=0)
    found = [plan.units, *alternatives(of, plan, 3, slack=0.2)]
    for one, two in itertools.combinations(found, 2):
        assert otherwise(of, one, two) > 1e-3
    alone = replace(of, locked={(a, i): 1 for a in (0, 1) for i in (0, 1)})
    assert alternatives(alone, solve(alone)) == ()


def test_the_share_of_money_spent_otherwise():
    of = problem(0, cost=np.ones((2, 2)))
    one, two = np.zeros((2, 2, 1)), np.zeros((2, 2, 1))
    one[0, 0], two[0, 0], two[1, 1] = 4, 3, 1
    assert otherwise(of, one, two) == pytest.approx(0.25)
    assert otherwise(of, one, one) == 0
