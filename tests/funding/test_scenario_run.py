"""One scenario from inputs to outcome: fictional countries by hand, real tables for the whole."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

from canheal_nb.data import Dataset
from canheal_nb.funding.model import (
    evaluation,
    planning,
    run_figures,
    scenario_comparison,
    scenario_run,
)
from canheal_nb.funding.model.scenario import Add, Budget, Goal, Scenario
from canheal_nb.need.model.inputs import Assumption
from tests.funding.test_evaluation import NAN, bought, made

LAG = Assumption("radiotherapy.lag", 1.0, 0.0, 2.0, "years", "a tester", "for the test")
COST = Assumption("radiotherapy.running", 1e5, 1e5, 1e5, "EUR a year", "a tester", "for the test")


def written(*changes: Add, total: float | None = None) -> Scenario:
    return Scenario(
        "Machines", "a tester", "w", "e", 2027, 3, Budget(total), ("radiotherapy",),
        changes=changes, assumptions=(LAG, COST), seed=4,
    )  # fmt: skip


def matrix() -> pd.DataFrame:
    row = {"service": "pet_ct", "cell": "capacity", "value": 100.0, "low": 50.0, "high": 150.0,
           "unit": "", "range_kind": "interval", "key": "", "basis": "assumed"}  # fmt: skip
    return pd.DataFrame([row])


def test_shares_over_draws_by_hand() -> None:
    """Need 1,000 and 200 today, 1,200 and 200 in the last year; 6 and 1 units of 100 each."""
    case = made(matrix=matrix())
    found = scenario_run.followed(evaluation.evaluate(case, bought((0, 0, 2))))
    assert float(found["pet_ct: today"]) == pytest.approx(700 / 1200)
    assert float(found["pet_ct: nothing"]) == pytest.approx(700 / 1400)
    assert float(found["pet_ct: share"]) == pytest.approx(900 / 1400)
    assert float(found["cost"]) == 2 * 10 + 3 * 2 * 1


def test_the_plan_and_doing_nothing_meet_the_same_draws() -> None:
    case, units = made(matrix=matrix()), bought((0, 0, 2))
    run = scenario_run.Run(
        written(), case, evaluation.evaluate(case, units), None, draws=200
    )  # fmt: skip
    values = run.futures.values["pet_ct.capacity"]
    direct = (np.minimum(1200, 8 * values) + np.minimum(200, values)) / 1400
    assert run.futures.of("pet_ct: share")["plan"] == pytest.approx(direct)
    none = (np.minimum(1200, 6 * values) + np.minimum(200, values)) / 1400
    assert run.futures.of("pet_ct: share")["nothing"] == pytest.approx(none)
    assert run.intervals.loc["pet_ct: share", "low"] == pytest.approx(np.quantile(direct, 0.05))
    ends = run.country_intervals.set_index("country")
    one = np.minimum(1200, 8 * values) / 1200
    assert ends.loc["AA", "after_high"] == pytest.approx(np.quantile(one, 0.95))


def test_years_of_waiting_are_whole_so_that_the_best_guess_lies_among_its_draws() -> None:
    one = bought((0, 0, 1))[:, 0]
    forever = np.array(np.inf)
    for lag, opened in ((1.0, [0, 1, 1]), (1.2, [0, 1, 1]), (1.7, [0, 0, 1])):
        assert evaluation.open_units(one, np.array(lag), forever)[0].tolist() == opened


def test_a_country_whose_units_are_not_told_gets_none_where_others_are() -> None:
    case = made(
        years=(2027,), growth=np.ones((2, 1, 1)), start=np.array([[6.0], [NAN]])
    )  # fmt: skip
    asked = dataclasses.replace(written(total=40.0), services=("pet_ct",), years=1)
    found = planning.plan(case, asked)
    assert found.outcome.units[1].sum() == 0
    assert found.outcome.units[0].sum() == 3


@pytest.mark.parametrize(
    ("changes", "total", "goal", "expected"),
    [
        ((), None, Goal(), False),
        ((), 5.0, Goal(), True),
        ((), None, Goal("least_cost", 0.9), True),
        ((Add("radiotherapy", "SI", 1, 2027),), 5.0, Goal(), False),
    ],
)
def test_when_a_plan_is_searched_for(
    changes: tuple[Add, ...], total: float | None, goal: Goal, expected: bool
) -> None:
    asked = dataclasses.replace(written(*changes, total=total), goal=goal)
    assert scenario_run.searched(asked) is expected


def test_written_changes_are_taken_as_they_are(dataset: Dataset) -> None:
    run = scenario_run.run(dataset, written(Add("radiotherapy", "SI", 2, 2028)), draws=100)
    assert run.planned is None
    assert run.units.to_dict("records") == [
        {"country": "SI", "service": "radiotherapy", "year": 2028, "units": 2.0}
    ]
    row = run.countries.set_index("country").loc["SI"]
    assert row["after"] == pytest.approx(row["nothing"] + 2 * 450)
    assert set(run.matrix["service"]) == {"radiotherapy"}


def test_a_plan_run_again_as_written_gives_the_same_figures(dataset: Dataset) -> None:
    run = scenario_run.run(dataset, written(total=4e7), draws=100)
    assert run.planned is not None
    again = scenario_run.run(dataset, run.scenario, draws=100)
    assert again.planned is None
    ours, theirs = run_figures.figures(run), run_figures.figures(again)
    for name in ("services", "countries", "units", "intervals", "cost"):
        assert ours[name] == theirs[name]
    text = json.dumps(ours, allow_nan=False)
    assert json.loads(text) == ours
    other = dataclasses.replace(run.scenario, seed=5)
    assert run_figures.figures(scenario_run.run(dataset, other, draws=100)) != theirs


def test_scenarios_beside_each_other_meet_the_same_futures(dataset: Dataset) -> None:
    few = scenario_run.run(dataset, written(Add("radiotherapy", "SI", 1, 2027)), draws=100)
    more = scenario_run.run(dataset, written(Add("radiotherapy", "SI", 2, 2027)), draws=100)
    assert scenario_comparison.names([few, more]) == ["Machines", "Machines (2)"]
    both = scenario_comparison.together({"few": few, "more": more}, draws=100)
    assert both.beats("more", "few", "radiotherapy: share").probability == 1.0
