"""The brief in named futures, in a country's own money, and where centres gain a title."""

from __future__ import annotations

import base64
import dataclasses
import html
import re

import pytest

from canheal_nb.data import Dataset
from canheal_nb.funding import scenario_file
from canheal_nb.funding.model.rule_comparison import COST, SHARE
from canheal_nb.funding.model.scenario import Add, Scenario
from canheal_nb.funding.model.scenario_run import NOTHING, PLAN, Run
from canheal_nb.funding.question import ScenarioBrief
from canheal_nb.funding.report.scenario_brief import Brief
from canheal_nb.need.model import prices
from canheal_nb.need.model.inputs import Assumption
from canheal_nb.need.text import service_words
from canheal_nb.text.numbers import decimal, significant
from canheal_nb.uncertainty.named_futures import GUESS

WRITTEN = Scenario(
    "Two machines", "a tester", "To test.", "2026.1", 2027, 3, services=("radiotherapy",), seed=4,
    changes=(Add("radiotherapy", "PL", 2.0, 2027),),
    assumptions=(Assumption("radiotherapy.lag", 1.0, 0.0, 4.0, "years", "a tester", "to test"),),
)  # fmt: skip


def brief(dataset: Dataset, scenario: Scenario) -> Brief:
    return Brief(ScenarioBrief(scenario="x"), dataset, scenario)


def words(markup: str) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", markup).split()))


@pytest.fixture
def shipped(dataset: Dataset, six: dict[str, Run]) -> dict[str, Brief]:
    """The briefs of the shipped scenarios; their runs are those of the session."""
    return {name: brief(dataset, scenario_file.load(name, dataset)) for name in six}


def test_a_plan_for_one_country_is_told_in_its_own_money(dataset: Dataset) -> None:
    made = brief(dataset, WRITTEN)
    currency, rate = prices.own_money("PL", prices.of(dataset))
    assert (currency, made.own_money) == ("PLN", ("PL", "PLN", rate, "S201"))
    told = words(made.bought().markup)
    amount = significant(float(made.run.outcome.spent) * rate / 1e6, 3)
    assert f"In the money of Poland: {amount} million PLN, at {rate:.3f} PLN for one euro" in told
    assert "the yearly mean of 2023. " + made.marks(["S201"]) in told
    assert "S201" in made.source_ids
    made.check()


def test_euro_countries_and_several_have_no_other_money(dataset: Dataset) -> None:
    for areas in (("SI",), ("PL", "SE")):
        changes = tuple(Add("radiotherapy", area, 1.0, 2027) for area in areas)
        made = brief(dataset, dataclasses.replace(WRITTEN, changes=changes))
        assert made.own_money is None
        assert "In the money of" not in made.bought().markup


def test_in_a_future_where_all_opens_late_what_is_bought_adds_nothing(dataset: Dataset) -> None:
    made = brief(dataset, WRITTEN)
    assert made.faced is not None
    shares, cost = made.faced.outcome(SHARE), made.faced.outcome(COST)
    assert shares.loc["late", PLAN] == shares.loc["late", NOTHING] < shares.loc[GUESS, PLAN]
    after = made.run.services.iloc[0]["share_after"]
    assert shares.loc[GUESS, PLAN] == pytest.approx(after, rel=1e-12)
    assert cost.loc[GUESS, PLAN] == float(made.run.outcome.spent)
    told = words(made.sure().markup)
    (idle,) = re.findall(
        r"adds nothing to the machine capacity against the benchmark .* year in: ([^.]*)\.",
        told,
    )
    more = shares[PLAN] - shares[NOTHING]
    labels = [made.faced.labels[name] for name in more.index[more <= 5e-4]]
    assert idle == "; ".join(labels)
    assert {"Everything opens late", "All of this goes wrong at once"} <= set(labels)
    assert made.faced.labels[GUESS] not in labels
    assert "Beside the best of plan and rules" not in told, "nothing was searched for"
    assert f"Table {made.numbers['futures']}. The scenario in named futures." in told


def test_the_plan_and_the_best_rule_are_set_against_each_other(shipped: dict[str, Brief]) -> None:
    made = shipped["equity_first"]
    assert made.faced is not None
    assert made.rivals is not None
    shares = made.faced.outcome(SHARE)
    rule = made.rivals.best
    assert shares.loc[GUESS, rule] == pytest.approx(made.rivals.table.at[rule, "share"], rel=1e-12)
    lost = shares.drop(columns=NOTHING)
    lost = (-lost).add(lost.max(axis=1), axis=0).max()
    told = words(made.sure().markup)
    points = f"{100 * lost[PLAN]:.1f} points of machine capacity against the benchmark"
    assert f"the plan loses at most {points}" in told
    assert (
        f"the best rule ({service_words.GOALS[rule]}) {100 * lost[rule]:.1f}; least at worst: "
        in told
    )
    adds = "The scenario adds capacity that is needed in every future; least in: All of this"
    assert adds in told
    assert told.endswith("says nothing of waiting, quality or survival.")
    sized = words(shipped["ngs_for_all"].answer().markup)
    assert "0.0 % doing nothing (what stands today is assumed: 0 units per million people)" in sized


def test_nothing_bought_and_nothing_moved_are_not_padded(
    shipped: dict[str, Brief], dataset: Dataset
) -> None:
    today = words(shipped["today"].sure().markup)
    assert "Future Doing nothing Scenario, million euros Every input" in today
    assert "adds nothing" not in today
    still = dataclasses.replace(WRITTEN, services=("specialist_nurses",), changes=())
    made = brief(dataset, dataclasses.replace(still, assumptions=()))
    assert made.futures is None
    assert "futures" not in made.numbers
    assert "named futures" not in made.sure().markup


def test_titles_are_named_with_their_year_and_who_gains_is_pictured(
    shipped: dict[str, Brief], dataset: Dataset
) -> None:
    made = shipped["access_90_by_2030"]
    told = words(made.bought().markup)
    for change in made.openings:
        assert dataset.centres.at[change.centre, "name"] in told  # type: ignore[union-attr]
    assert "More people within reach of a centre Austria, France, Germany, Poland" in told
    assert "Nobody more within reach Belgium" in told
    far, near = made.picture(0).markup, made.picture(1).markup
    assert "Within 120 minutes" in far
    assert "Within 60 minutes" in near
    (packed,) = re.findall(r"base64,([^\"]*)", far)
    assert "per cent of people" in base64.b64decode(packed).decode()
    row = made.run.access.set_index(["limit", "area"]).loc[(120, "PL")]
    assert f"Poland {decimal(100 * row['before'])}–{decimal(100 * row['after'])} %" in far
    assert made.picture(2).markup == ""
    assert made.equity().markup == ""
    assert list(made.numbers.values()) == list(range(1, len(made.numbers) + 1))
    assert "equity" not in made.numbers
    assert "Malta 0–100 %" in shipped["ngs_for_all"].picture(0).markup
