"""What a plan does, by hand on fictional countries; and the ground it stands on."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from canheal_nb.access.model import inequality_measures
from canheal_nb.data import Dataset
from canheal_nb.funding.model import evaluation, model_inputs
from canheal_nb.funding.model.model_inputs import Case
from canheal_nb.funding.model.scenario import Add, Scenario
from canheal_nb.need.model import inputs
from canheal_nb.need.model.inputs import Assumption
from canheal_nb.text.errors import UserError

NAN = math.nan


def made(**changes: object) -> Case:
    """Return two countries, one service, three years: need 1,000 and 200, growing in the first."""
    given = {"pet_ct.need": 0.5, "pet_ct.capacity": 100.0, "pet_ct.capital": 10.0}
    case = Case(
        countries=("AA", "BB"),
        services=("pet_ct",),
        years=(2027, 2028, 2029),
        people=np.array([3.0, 1.0]),
        count=np.array([[2000.0], [400.0]]),
        growth=np.array([[[1.0, 1.1, 1.2]], [[1.0, 1.0, 1.0]]]),
        start=np.array([[6.0], [1.0]]),
        given=given | {"pet_ct.running": 1.0, "pet_ct.life": 10.0, "pet_ct.lag": 0.0},
        per_use=frozenset(),
        matrix=pd.DataFrame(),
        not_modelled=(),
    )
    return dataclasses.replace(case, **changes)  # type: ignore[arg-type]


def bought(*cells: tuple[int, int, float]) -> np.ndarray:
    units = np.zeros((2, 1, 3))
    for area, year, number in cells:
        units[area, 0, year] = number
    return units


def test_need_met_today_doing_nothing_and_after_by_hand() -> None:
    found = evaluation.evaluate(made(), bought((0, 0, 2), (1, 1, 3)))
    assert found.need[:, 0].tolist() == [[1000, 1100, 1200], [200, 200, 200]]
    assert found.today[:, 0].tolist() == [600, 100]
    assert found.nothing[:, 0].tolist() == [[600] * 3, [100] * 3]
    assert found.after[:, 0].tolist() == [[800] * 3, [100, 200, 200]]
    assert found.served[:, 0].tolist() == [[200] * 3, [0, 100, 100]]
    assert found.added[1, 0].tolist() == [0, 300, 300]


def test_spare_capacity_of_today_serves_the_cases_that_come() -> None:
    found = evaluation.evaluate(made(start=np.array([[11.0], [1.0]])), bought())
    assert found.today[:, 0].tolist() == [1000, 100]
    assert found.nothing[0, 0].tolist() == [1000, 1100, 1100]


def test_money_is_capital_when_bought_and_running_while_open() -> None:
    found = evaluation.evaluate(made(), bought((0, 0, 2), (1, 1, 3)))
    assert found.capital[:, 0].tolist() == [[20, 0, 0], [0, 30, 0]]
    assert found.running[:, 0].tolist() == [[2, 2, 2], [0, 3, 3]]
    assert found.spent == 62


def test_units_open_after_their_lag_and_close_after_their_life() -> None:
    given = dict(made().given) | {"pet_ct.lag": 1.0, "pet_ct.life": 1.0}
    found = evaluation.evaluate(made(given=given), bought((0, 0, 2)))
    assert found.open[0, 0].tolist() == [0, 2, 0]
    assert found.running[0, 0].tolist() == [0, 2, 0]
    assert found.capital[0, 0].tolist() == [20, 0, 0]


def test_a_price_for_one_use_is_paid_for_the_capacity() -> None:
    found = evaluation.evaluate(made(per_use=frozenset({"pet_ct.running"})), bought((0, 2, 1)))
    assert found.running[0, 0].tolist() == [0, 0, 100]


def test_what_is_not_known_stays_not_known() -> None:
    unknown = made(start=np.array([[NAN], [1.0]]))
    found = evaluation.evaluate(unknown, bought((0, 0, 2)))
    assert np.isnan(found.after[0]).all()
    assert found.added[0, 0].tolist() == [200] * 3
    row = evaluation.by_service(found).iloc[0]
    assert (row["known"], row["after"], row["added"]) == (1, 100, 200)
    without = {"pet_ct.need": 0.5, "pet_ct.capacity": 100.0}
    found = evaluation.evaluate(made(given=without), bought((0, 0, 2)))
    assert np.isnan(found.cost).all()
    assert math.isnan(evaluation.by_service(found).iloc[0]["cost"])


def test_sums_shares_and_equity_of_a_service() -> None:
    found = evaluation.evaluate(made(), bought((0, 0, 2), (1, 1, 3)))
    row = evaluation.by_service(found).iloc[0]
    assert (row["need"], row["nothing"], row["after"], row["served"]) == (1400, 700, 1000, 300)
    assert row["person_years"] == 800
    assert row["cost_per_person"] == pytest.approx(62 / 800)
    assert row["share_today"] == pytest.approx(700 / 1200)
    assert row["share_after"] == pytest.approx(1000 / 1400)
    assert (row["least"], row["least_country"]) == (pytest.approx(800 / 1200), "AA")
    assert row["gini"] == pytest.approx(inequality_measures.gini([800 / 1200, 1.0], [3.0, 1.0]))


def test_inequality_of_cover_is_that_of_the_model_document() -> None:
    """H11: cover 0.9 and 0.5 of three people and one: Gini 3/32."""
    even = made(growth=np.ones((2, 1, 3)), start=np.array([[9.0], [1.0]]))
    row = evaluation.by_service(evaluation.evaluate(even, bought())).iloc[0]
    assert row["gini"] == pytest.approx(0.09375)


def test_draws_lead_every_result_and_each_is_what_it_would_be_alone() -> None:
    drawn = {"pet_ct.capacity": np.array([80.0, 100.0, 150.0])}
    units = bought((0, 0, 2), (1, 1, 3))
    together = evaluation.outcomes(evaluation.evaluate(made(), units, drawn))
    for place, size in enumerate(drawn["pet_ct.capacity"]):
        alone = evaluation.by_service(
            evaluation.evaluate(made(), units, {"pet_ct.capacity": size})
        ).iloc[0]
        for name in ("served", "cost", "cost_per_person", "gini", "least"):
            assert together[f"pet_ct: {name}"][place] == pytest.approx(alone[name]), name
        assert together["pet_ct: share"][place] == pytest.approx(alone["share_after"])


def scenario(*changes: Add, services: tuple[str, ...] = ("radiotherapy",)) -> Scenario:
    return Scenario("t", "a", "w", "e", 2027, 2, services=services, changes=changes)


def test_the_ground_of_one_country_by_hand(dataset: Dataset) -> None:
    made_ = model_inputs.case(dataset, inputs.matrix(dataset), scenario())
    place = made_.countries.index("AT")
    assert made_.count[place, 0] == 45525
    assert made_.growth[place, 0, 0] == pytest.approx(
        (47534 + 2 * (by_year(dataset, 2030) - 47534) / 5) / 45525
    )
    assert "lag:radiotherapy" in made_.not_modelled
    assert made_.given["radiotherapy.capacity"] == 450


def by_year(dataset: Dataset, year: int) -> float:
    rows = dataset.indicators
    rows = rows[rows["indicator"] == "cancer_new_cases_excl_nmsc_projected"]
    return float(rows[(rows["area_id"] == "AT") & (rows["year"] == year)]["number"].iloc[0])


def test_changes_are_added_up_and_refused_outside(dataset: Dataset) -> None:
    twice = scenario(Add("radiotherapy", "AT", 2, 2028), Add("radiotherapy", "AT", 1, 2028))
    made_ = model_inputs.case(dataset, inputs.matrix(dataset), twice)
    assert model_inputs.units(made_, twice)[made_.countries.index("AT"), 0].tolist() == [0, 3]
    outside = scenario(Add("radiotherapy", "AT", 2, 2031))
    with pytest.raises(UserError, match="a year between 2027 and 2028"):
        model_inputs.units(made_, outside)
    with pytest.raises(UserError, match="names no service"):
        model_inputs.case(dataset, inputs.matrix(dataset), scenario(services=()))


def test_an_assumption_gives_need_where_no_source_does(dataset: Dataset) -> None:
    table = inputs.matrix(dataset, [Assumption("mri.need", 0.1)])
    made_ = model_inputs.case(dataset, table, scenario(services=("mri",)))
    found = evaluation.evaluate(made_, np.zeros(made_.shape))
    at = made_.countries.index("AT")
    assert found.need[at, 0, 0] == pytest.approx(0.1 * 45525 * made_.growth[at, 0, 0])
    assert np.isnan(found.after).all()
