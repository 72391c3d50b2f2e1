"""The allocator against exact cases and against every plan of small problems."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from canheal_nb.need.model import costs
from canheal_nb.solver import allocation
from canheal_nb.solver.allocation import (  # fmt: skip
    Cofunding,
    Infeasible,
    Problem,
    Staff,
    Undecided,
    least,
    solve,
    worth,
)
from canheal_nb.solver.exact import greedy
from canheal_nb.solver.milp import maximise

THREE = ((0.5, 1.0), (0.3, 0.6), (0.2, 0.25))


def problem(need, capacity, cost, budget, **more):
    need = np.array(need, float)
    start = more.pop("start", np.zeros(need.shape[:2]))
    return Problem(
        need, np.array(start, float), np.array(capacity, float), np.array(cost, float),
        np.atleast_1d(np.array(budget, float)), **more,
    )  # fmt: skip


def test_h1_concave_value_is_exact():
    two = problem([[100], [100]], [1], [[1], [1]], 120, segments=THREE)
    assert solve(two).objective == pytest.approx(112)
    weights = np.array([[0.75], [0.25]])
    uneven = problem([[100], [100]], [1], [[1], [1]], 90, segments=THREE, weights=weights)
    plan = solve(uneven)
    assert plan.objective == pytest.approx(53.5)
    assert plan.units.ravel().tolist() == [80, 10]


@pytest.mark.parametrize(("budget", "best"), [(2, 900), (3, 1150)])
def test_h2_whole_units(budget, best):
    plan = solve(problem([[700], [500]], [450], [[1], [1]], budget))
    assert plan.objective == pytest.approx(best)
    assert plan.units.ravel().tolist() == ([1, 1] if budget == 2 else [2, 1])


def test_of_equals_those_with_the_least_come_first():
    """Ten units that gain the same anywhere even out what is met."""
    of = problem([[100], [100], [100]], [[10]], np.ones((3, 1)), 10, start=[[6], [0], [3]])
    plan = solve(of)
    assert plan.units[:, 0, 0].tolist() == [1, 6, 3]
    assert plan.objective == plan.bound == 190
    few = problem([[100], [100], [100]], [[10]], np.ones((3, 1)), 2, start=[[6], [0], [3]])
    assert solve(few).units[:, 0, 0].tolist() == [0, 2, 0]


def test_equals_of_unlike_size_keep_their_caps_and_their_bends():
    large = problem([[100], [100]], [[50], [10]], [[5], [1]], 9, caps=np.array([[9], [3]]))
    assert solve(large).units[:, 0, 0].tolist() == [1, 3]
    halves = ((0.5, 1.0), (0.5, 1.0))
    bent = problem([[100], [100]], [[10]], np.ones((2, 1)), 6, start=[[4], [0]], segments=halves)
    assert solve(bent).units[:, 0, 0].tolist() == [1, 5]


@pytest.mark.parametrize("seed", range(6))
def test_who_comes_first_among_equals_costs_nothing(seed, monkeypatch):
    """As much is met as when they are served as they come, for no more money."""
    rng = np.random.default_rng(seed)
    need, start = rng.integers(20, 200, (6, 2)), rng.integers(0, 3, (6, 2))
    cost, money = np.full((6, 2), rng.integers(1, 4)), rng.integers(5, 60)
    of = problem(need, [[10, 10]], cost, money, start=start)
    evened, bound = greedy.greedy(of)
    monkeypatch.setattr(greedy, "_evenly", lambda *_given: None)
    plain, other = greedy.greedy(of)
    assert worth(of, evened) == pytest.approx(worth(of, plain))
    assert bound == pytest.approx(other)
    assert evened.sum() * cost[0, 0] <= money
    assert np.ptp(evened) <= np.ptp(plain)


def test_h3_most_need_and_the_fairest_part_ways():
    two = problem([[1000], [200]], [100], [[1], [2]], 4)
    assert solve(two).units.ravel().tolist() == [4, 0]
    fair = solve(two, "max_min")
    assert fair.units.ravel().tolist() == [2, 1]
    assert fair.objective == pytest.approx(0.2)
    assert fair.gap == pytest.approx(0, abs=1e-6)


def test_h4_lexicographic():
    caps = np.array([[1e9], [1e9], [40]])
    three = problem([[100], [100], [200]], [1], [[1], [1], [1]], 200, caps=caps)
    assert least(three, solve(three, "lexicographic").units) == pytest.approx([0.8, 0.8, 0.2])


def test_h10_the_national_purse_binds():
    money = Cofunding(np.array([0.6]), np.array([[8.0]]))
    plan = solve(problem([[1000]], [100], [[10]], 100, cofunding=money))
    assert plan.units.sum() == 2
    assert {each.kind for each in plan.binding} == {"purse"}


def every_plan(of, most):
    shape = of.shape
    for flat in itertools.product(range(most + 1), repeat=int(np.prod(shape))):
        yield np.array(flat, float).reshape(shape)


def spends(of, units):
    return (of.over_years(of.cost) * units).sum(axis=(0, 1))


@pytest.mark.parametrize("seed", range(12))
def test_one_budget_equals_every_plan(seed):
    rng = np.random.default_rng(seed)
    of = problem(
        rng.uniform(50, 300, (2, 2)), rng.uniform(40, 120, 2), rng.uniform(1, 4, (2, 2)),
        rng.uniform(4, 12), segments=THREE, weights=rng.uniform(0.2, 1, (2, 2)),
        start=rng.integers(0, 2, (2, 2)), caps=np.full((2, 2), 4.0),
    )  # fmt: skip
    plan = solve(of, gap=0)
    fits = [u for u in every_plan(of, 4) if spends(of, u)[0] <= of.budget[0]]
    best = max(worth(of, u) for u in fits)
    assert plan.objective == pytest.approx(best)
    assert plan.bound >= best - 1e-6
    assert spends(of, plan.units)[0] <= of.budget[0] + 1e-9
    fair = max(least(of, u).min() for u in fits)
    assert solve(of, "max_min", gap=0).objective == pytest.approx(fair)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("carry", [False, True])
def test_years_staff_and_absorption_equal_every_plan(seed, carry):
    rng = np.random.default_rng(seed)
    of = problem(
        rng.uniform(50, 300, (2, 1, 3)), [90], rng.uniform(1, 3, (2, 1, 3)),
        rng.uniform(2, 6, 3), carry_over=carry, absorption=rng.uniform(2, 5, (2, 3)),
        lag=np.array([1.0]), life=np.array([1.0 if seed % 2 else 9.0]), segments=THREE,
        staff=Staff(np.array([[1.5]]), rng.uniform(0, 5, (2, 1, 3)), np.array([1])),
        caps=np.full((2, 1), 3.0),
    )  # fmt: skip
    budget = np.cumsum(of.budget) if carry else of.budget

    def keeps(units):
        spent = spends(of, units)
        spent = np.cumsum(spent) if carry else spent
        people = 1.5 * of.open_units(units)[:, 0, :]
        return (
            (spent <= budget + 1e-9).all() and (units.sum(axis=2) <= 3).all()
            and ((of.cost * units).sum(axis=1) <= of.absorption + 1e-9).all()
            and (people <= of.staff.have[:, 0] + 1e-9).all()
        )  # fmt: skip

    best = max(worth(of, u) for u in every_plan(of, 3) if keeps(u))
    plan = solve(of, gap=0)
    assert keeps(plan.units)
    assert plan.objective == pytest.approx(best)


@pytest.mark.parametrize("seed", range(6))
def test_least_cost_equals_every_plan(seed):
    rng = np.random.default_rng(seed)
    of = problem(
        rng.uniform(50, 300, (2, 2)), [90, 120], rng.uniform(1, 3, (2, 2)), 1e6,
    )  # fmt: skip
    fits = [u for u in every_plan(of, 4) if (least(of, u) >= 0.7 - 1e-12).all()]
    best = min(spends(of, u)[0] for u in fits)
    plan = solve(of, "least_cost", 0.7, gap=0)
    assert plan.objective == pytest.approx(best)
    assert (least(of, plan.units) >= 0.7 - 1e-6).all()


def test_training_comes_late():
    people = Staff(
        np.array([[1.0]]), np.zeros((1, 1, 3)), np.array([2]), np.full((1, 1, 3), 1.0),
        np.array([1.0]),
    )  # fmt: skip
    of = problem([[1000]], [100], [[1]], [10, 10, 10], staff=people)
    assert solve(of).units.ravel().tolist() == [0, 0, 1]


def test_locks_and_floors_are_kept():
    floors, locked = np.array([[0.0], [2.0]]), {(0, 0): 1}
    of = problem([[1000], [10]], [10], [[1], [1]], 5, floors=floors, locked=locked)
    assert solve(of).units.ravel().tolist() == [1, 2]


def test_what_clashes_and_by_how_much():
    of = problem([[100], [100]], [10], [[1], [1]], 12)
    with pytest.raises(Infeasible) as caught:
        solve(of, "least_cost", 0.9)
    assert {each.kind for each in caught.value.clash} >= {"budget", "target"}
    assert caught.value.relaxation
    many = problem([[100], [100]], [10], [[1], [1]], 3, floors=np.array([[3.0], [2.0]]))
    with pytest.raises(Infeasible) as caught:
        solve(many)
    (gives,) = caught.value.relaxation
    assert (gives.kind, gives.needs) == ("budget", 2)


def test_what_is_not_modelled_is_said():
    of = problem([[100]], [10], [[1]], 3, start=[[np.nan]])
    assert solve(of).not_modelled == (
        "staff", "absorption", "cofunding", "lag", "life", "todays_capacity",
    )  # fmt: skip


def test_a_stopped_solve_keeps_what_is_known():
    rng = np.random.default_rng(5)
    of = problem(rng.uniform(50, 300, (9, 4)), [90] * 4, rng.uniform(5, 9, (9, 4)), 30)
    plan = solve(of, gap=0, stop=lambda: True)
    assert plan.stopped
    assert plan.gap > 0
    assert plan.units.sum() > 0


def test_g7_equivalent_annual_cost():
    assert costs.annuity(0.045, 5) == pytest.approx(4.390, abs=5e-4)
    assert costs.annuity(0.045, 10) == pytest.approx(7.913, abs=5e-4)
    assert round(206_654 / round(costs.annuity(0.045, 5), 2), 2) == 47_073.80
    assert costs.yearly(206_654, 0.045, 5) == pytest.approx(47_073.80, rel=1e-4)


@pytest.mark.parametrize(("n", "cost"), [(25, 3442), (50, 1962), (100, 1222), (200, 852)])
def test_g8_fixed_cost_is_shared(n, cost):
    assert costs.per_patient(74_000, 482, n) == pytest.approx(cost)


def test_g10_deaths_avoided_by_volume():
    steps = [(5, 0.089), (40, 0.043)]
    avoided = 100 * (costs.at_volume(steps, 19) - costs.at_volume(steps, 40))
    assert avoided == pytest.approx(4.6)
    assert np.isnan(costs.at_volume(steps, 4))


def test_a_fair_plan_that_runs_out_of_time_is_still_a_plan(monkeypatch):
    rounds = []

    def once(*asked):
        if rounds:
            raise Undecided
        rounds.append(asked)
        return maximise(*asked)

    monkeypatch.setattr(allocation, "maximise", once)
    of = problem([[1000], [200]], [100], [[1], [2]], 4, absorption=np.full((2, 1), 9.0))
    plan = solve(of, "max_min")
    assert plan.units.ravel().tolist() == [2, 1]
    assert plan.stopped


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("goal", ["max_min", "lexicographic", "least_cost"])
def test_every_goal_over_years_equals_every_plan(seed, goal):
    """Carry-over, absorption, a lag and a purse tie the cells in every one."""
    rng = np.random.default_rng(seed)
    of = problem(
        rng.uniform(150, 300, (2, 1, 2)), [90], rng.uniform(1, 3, (2, 1, 2)), rng.uniform(4, 8, 2),
        carry_over=True, absorption=rng.uniform(3, 7, (2, 2)), lag=np.array([float(seed % 2)]),
        cofunding=Cofunding(np.array([0.5, 1.0]), np.full((2, 2), 3.0)),
        start=rng.integers(0, 2, (2, 1)),
    )  # fmt: skip
    share = np.array([0.5, 1.0])[:, None, None]

    def keeps(units):
        cost = of.cost * units
        eu = np.cumsum((cost * share).sum(axis=(0, 1)))
        return (
            (eu <= np.cumsum(of.budget) + 1e-9).all()
            and (cost.sum(axis=1) <= of.absorption + 1e-9).all()
            and ((cost * (1 - share)).sum(axis=1) <= 3 + 1e-9).all()
        )  # fmt: skip

    fits = [u for u in every_plan(of, 4) if keeps(u)]
    shares = np.sort([least(of, u) for u in fits], axis=1)
    if goal == "least_cost":
        target = float(shares[:, 0].max()) * 0.8
        euros = [(of.cost * u * share).sum() for u in fits if least(of, u).min() >= target - 1e-12]
        plan, best = solve(of, goal, target, gap=0), min(euros)
        assert least(of, plan.units).min() >= target - 1e-6
    else:
        plan, best = solve(of, goal, gap=0), shares[:, 0].max()
    assert keeps(plan.units)
    assert plan.objective == pytest.approx(best, rel=1e-5)
    if goal == "lexicographic":
        second = shares[shares[:, 0] >= best - 1e-9, 1].max()
        assert np.sort(least(of, plan.units)) == pytest.approx([best, second], abs=2e-4)
