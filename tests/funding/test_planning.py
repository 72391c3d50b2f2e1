"""A scenario becomes a problem, its plan a scenario; evaluator and allocator agree."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from canheal_nb.funding.model import evaluation, model_inputs, plannable, planning
from canheal_nb.funding.model.scenario import (
    Add,
    Budget,
    Cofunding,
    Constraints,
    Goal,
    Limit,
    Role,
    Scenario,
    Spending,
)
from canheal_nb.text.errors import UserError
from tests.funding.test_evaluation import NAN, made


def scenario(goal: str = "most_need_met", total: float = 60.0, years: int = 1) -> Scenario:
    return Scenario("t", "a", "w", "e", 2027, years, Budget(total), ("pet_ct",), goal=Goal(goal))


def one_year() -> model_inputs.Case:
    return made(years=(2027,), growth=np.ones((2, 1, 1)))


def test_most_need_met_is_what_counting_by_hand_gives() -> None:
    """A unit costs 11 and serves 100; 60 buys five: one for BB's 100 unmet, four for AA's 400."""
    found = planning.plan(one_year(), scenario())
    assert found.outcome.served[:, 0, 0].sum() == 500
    assert found.plan.gap <= 1e-3
    assert float(found.outcome.spent) == 55
    assert found.plan.objective == pytest.approx(1.0)


@pytest.mark.parametrize("goal", ["most_need_met", "max_min", "lexicographic", *planning.RULES])
def test_evaluator_and_allocator_agree_on_every_goal(goal: str) -> None:
    found = planning.plan(one_year(), scenario(goal, total=40))
    again = planning.met(found.outcome, found.services, found.problem.weight)
    assert again == pytest.approx(found.plan.objective if found.rule else again)
    assert float(found.outcome.spent) <= 40
    assert found.plan.gap >= 0


@pytest.mark.parametrize("goal", ["max_min", "lexicographic", "least_cost", *planning.RULES])
def test_they_agree_over_years_too(goal: str) -> None:
    """What is planned is checked again or refused, so a plan here is one that agreed."""
    target = 0.5 if goal == "least_cost" else None
    asked = dataclasses.replace(scenario(total=90, years=3), goal=Goal(goal, target))
    found = planning.plan(made(), asked)
    paid = float((found.problem.over_years(found.problem.cost) * found.plan.units).sum())
    assert float(found.outcome.spent) == pytest.approx(paid)
    assert found.plan.gap >= 0
    others = planning.with_others(made(), asked, found).plan.alternatives
    assert (others == ()) if found.rule else (len(others) <= 1)


def test_a_plan_that_its_check_does_not_confirm_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(planning, "met", lambda *_given: 0.25)
    with pytest.raises(UserError, match="differ in need"):
        planning.plan(one_year(), scenario())


def test_priorities_choose_between_services() -> None:
    case = one_year()
    two = dataclasses.replace(
        case,
        services=("pet_ct", "mri"),
        count=np.repeat(case.count, 2, axis=1),
        growth=np.ones((2, 2, 1)),
        start=np.zeros((2, 2)),
        given=dict(case.given) | {f"mri.{c}": case.given[f"pet_ct.{c}"] for c in
                                  ("need", "capacity", "capital", "running", "life", "lag")},
    )  # fmt: skip
    asked = dataclasses.replace(scenario(total=22), services=two.services)
    for first, second in (("pet_ct", "mri"), ("mri", "pet_ct")):
        found = planning.plan(two, asked, {first: 0.9, second: 0.1})
        units = found.outcome.units.sum(axis=(0, 2))
        assert units[two.services.index(first)] == 2


def test_only_the_proportions_of_priorities_count() -> None:
    plans = [planning.plan(one_year(), scenario(), {"pet_ct": weight}) for weight in (1.0, 7.0)]
    assert plans[0].plan.objective == plans[1].plan.objective == pytest.approx(1.0)
    with pytest.raises(UserError, match="at least a weight above nought"):
        planning.plan(one_year(), scenario(), {"pet_ct": 0.0})


def test_services_without_need_capacity_or_price_are_named_and_left_out() -> None:
    case = one_year()
    assert plannable.lacking(case) == {}
    for cell, missing in (
        ("need", "need"), ("capacity", "capacity"), ("capital", "price"), ("running", "running"),
        ("lag", "lag"),
    ):  # fmt: skip
        given = {name: value for name, value in case.given.items() if name != f"pet_ct.{cell}"}
        bare = dataclasses.replace(case, given=given)
        assert plannable.lacking(bare) == {"pet_ct": (missing,)}
        with pytest.raises(UserError, match=rf"not known: pet_ct\.{cell}\. State them"):
            planning.plan(bare, scenario())


def test_a_service_whose_stock_nobody_knows_is_not_searched_and_a_country_is_named() -> None:
    unknown = {"start": np.array([[NAN], [NAN]])}
    case = made(years=(2027,), growth=np.ones((2, 1, 1)), **unknown)
    assert plannable.lacking(case) == {"pet_ct": ("stock",)}
    with pytest.raises(UserError, match=r"not known: pet_ct\.baseline"):
        planning.plan(case, scenario(total=22))
    stated = made(years=(2027,), growth=np.ones((2, 1, 1)), start=np.zeros((2, 1)))
    assert planning.plan(stated, scenario(total=22)).outcome.units.sum() == 2
    one = made(years=(2027,), growth=np.ones((2, 1, 1)), start=np.array([[NAN], [1.0]]))
    found = planning.plan(one, scenario(total=60))
    assert found.outcome.units[:, 0, 0].tolist() == [0, 1]
    assert plannable.untold(one, found.services) == {"pet_ct": ("AA",)}
    assert plannable.untold(one_year(), ("pet_ct",)) == {}


def test_a_plan_becomes_changes_that_give_the_same_outcome() -> None:
    case = made()
    asked = scenario(total=90, years=3)
    found = planning.plan(case, asked)
    again = evaluation.evaluate(
        case, model_inputs.units(case, planning.scenario_of(case, asked, found))
    )
    assert np.array_equal(again.units, found.outcome.units)
    assert float(again.spent) == float(found.outcome.spent)


def test_money_by_year_is_as_given_or_in_equal_parts() -> None:
    assert planning.budget(scenario(total=90, years=3)).tolist() == [30, 30, 30]
    given = dataclasses.replace(scenario(years=3), budget=Budget(by_year=((2028, 5.0),)))
    assert planning.budget(given).tolist() == [0, 5, 0]


@pytest.mark.parametrize(
    ("constraints", "units"),
    [
        (Constraints(), [4, 1]),
        (Constraints(caps=(Limit("pet_ct", "AA", 1),)), [1, 1]),
        (Constraints(floors=(Limit("pet_ct", "BB", 2),)), [3, 2]),
        (Constraints(locked=(Add("pet_ct", "AA", 2, 2027),)), [2, 1]),
        (Constraints(absorption=(Spending("AA", 25.0),)), [2, 1]),
        (Constraints(cofunding=(Cofunding("AA", 0.5, 17.0),)), [3, 1]),
        (Constraints(staff=(Role("r", (("pet_ct", 2.0),), (("AA", 5.0),)),)), [2, 1]),
        (Constraints(caps=(Limit("mri", "AA", 0),)), [4, 1]),
    ],
)
def test_what_the_scenario_says_must_hold_holds(constraints: Constraints, units: list[int]) -> None:
    """60 buys five units at 11: four for AA's 400 unmet and one for BB's 100."""
    asked = dataclasses.replace(scenario(), constraints=constraints)
    found = planning.plan(one_year(), asked)
    assert found.outcome.units[:, 0, 0].tolist() == units
