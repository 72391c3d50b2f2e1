"""What the plan says beside the table it says it of: smallest, largest, emptiest case."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from canheal_nb import cli
from canheal_nb.data import Dataset, scenario_files
from canheal_nb.funding import scenario_file
from canheal_nb.funding.model import evaluation, plannable, planning, scenario_run
from canheal_nb.funding.model.scenario import Add, Scenario
from canheal_nb.funding.question import PlanFunding, ScenarioBrief
from canheal_nb.funding.report import brief_text, coverage_rows, scenario_brief, scenario_slide
from canheal_nb.funding.screen import plan_funding, plan_run, plan_view
from canheal_nb.funding.screen.plan_run import Funding
from canheal_nb.funding.text import plan_limits, plan_text
from canheal_nb.need.model.inputs import Assumption
from canheal_nb.need.model.services import SERVICES
from canheal_nb.need.text import service_words
from canheal_nb.solver.problem import Problem
from canheal_nb.solver.rules_of_thumb import shared
from canheal_nb.text.errors import UserError
from canheal_nb.text.question import read
from tests.funding.test_evaluation import bought, made

MARIBOR = Path(__file__).parents[1] / "fixtures" / "proton_centre_maribor.yaml"
OLD = re.compile(
    r"\bneed (?:is |not )?met|share met|(?<!growth )of need\b|need is left", re.IGNORECASE
)


@pytest.fixture(scope="module")
def names(dataset: Dataset) -> dict[str, str]:
    return {str(area): str(name) for area, name in dataset.areas["name"].items()}


def asked(dataset: Dataset, **given: str) -> PlanFunding:
    return read(PlanFunding, given, plan_funding.vocabulary(dataset))


def found(dataset: Dataset, **given: str) -> Funding:
    return plan_run.funding(asked(dataset, **given), dataset)


def own(scenario: Scenario) -> dict[str, str]:
    return {"scenario": "own", "own": scenario_file.write(scenario)}


def words(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", markup).split())


@pytest.mark.parametrize("which", ["none", "one", "most"])
def test_what_is_not_known_is_named_and_gains_nothing(
    dataset: Dataset, names: dict[str, str], which: str
) -> None:
    offered = plan_run.offered(dataset)
    everything = replace(offered["today"], services=SERVICES)
    given = {"none": {}, "one": {"scenario": "today"}, "most": own(everything)}[which]
    one = found(dataset, budget="200", years="5", goal="most_need_met", **given)
    out, case = one.planned.left_out, one.run.case
    assert len(out) == {"none": 0, "one": 1, "most": 8}[which]
    told = plan_limits.left_out(one.planned)
    for sentence, (service, gaps) in zip(told, out.items(), strict=True):
        assert service_words.service(service) in sentence
        for gap, name in service_words.LACKS.items():
            assert (name in sentence) == (gap in gaps)
        assert ("what stands today" in sentence) == bool(
            np.isnan(case.start[:, case.services.index(service)]).all()
        )
    bought_of = one.run.units["service"].unique()
    assert not set(bought_of) & set(out)
    view = plan_funding.screen(asked(dataset, budget="200", **given), dataset)
    rows = view.context["union"]
    for row, service in zip(rows, case.services, strict=True):
        assert (row["served"] == "not in this plan") == (service in out)
        assert ("laboratories" in view.context["answer"]) is False
    for sentence, (service, areas) in zip(
        plan_limits.outside(one.planned, case, names),
        plannable.untold(case, one.planned.services).items(),
        strict=True,
    ):
        known = one.run.countries.set_index(["service", "country"])["after"]
        gone = [area for area in case.countries if np.isnan(known[service, area])]
        assert list(areas) == gone
        assert all(names[area] in sentence for area in gone)
        assert not one.run.units["country"].isin(gone).any() or service not in bought_of


def test_a_stock_of_nought_is_planned_where_the_file_states_it_and_is_said(
    dataset: Dataset,
) -> None:
    stated = found(dataset, scenario="ngs_for_all")
    assert stated.planned.left_out == {}
    (sentence,) = plan_text.does(stated.run)
    row = stated.run.services.iloc[0]
    assert service_words.share(float(row["share_after"])) in sentence
    assert "doing nothing (what stands today is assumed: 0 units per million people)" in sentence
    assert "machine" not in sentence
    silent = plan_run.offered(dataset)["ngs_for_all"]
    stands = "molecular_testing.baseline"
    silent = replace(
        silent, assumptions=tuple(one for one in silent.assumptions if one.input != stands)
    )
    with pytest.raises(UserError, match=rf"not known: {re.escape(stands)}\. State"):
        found(dataset, **own(silent))
    assert plan_text.stock(found(dataset).run, "radiotherapy") == ""


def test_a_lag_or_a_running_cost_that_nobody_knows_is_asked_for_and_never_nought(
    dataset: Dataset,
) -> None:
    shipped = {
        name: scenario_file.read(text, scenario_run.vocabulary(dataset), name)
        for name, text in scenario_files.shipped(dataset.path).items()
    }
    for name, one in shipped.items():
        case = scenario_run.prepared(dataset, one)
        for service in one.services:
            for cell in ("lag", "running"):
                assert f"{service}.{cell}" in case.given, f"{name} states no {service}.{cell}"
    first = shipped["equity_first"]
    for cell in ("lag", "running"):
        gone = f"radiotherapy.{cell}"
        kept = tuple(one for one in first.assumptions if one.input != gone)
        part = found(dataset, **own(replace(first, assumptions=kept)))
        assert part.planned.left_out == {"radiotherapy": (cell,)}
        assert service_words.LACKS[cell] in plan_limits.left_out(part.planned)[0]
        assert part.run.units["service"].unique().tolist() == ["pet_ct"]
    told = plan_text.assumes(found(dataset).run)
    for each in first.assumptions:
        service, _dot, cell = each.input.partition(".")
        assert f"{service_words.CELLS[cell].lower()}" in told
        assert service_words.service(service) in told
        assert f"{each.value:,.0f}" in told or f"{each.value:.3f}" in told
    assert "years until it opens 2 years" in told
    assert "years until it opens 1 year " in told
    assert plan_text.assumes(found(dataset, **own(replace(first, assumptions=_known(first)))).run)


def _known(scenario: Scenario) -> tuple[Assumption, ...]:
    return tuple(one for one in scenario.assumptions if one.input.startswith("radiotherapy"))


def test_written_units_whose_lag_nobody_knows_have_no_known_effect_and_no_running_cost() -> None:
    given = {name: value for name, value in made().given.items() if name != "pet_ct.lag"}
    outcome = evaluation.evaluate(made(given=given), bought((0, 1, 2)))
    assert np.isnan(outcome.after[0, 0]).tolist() == [False, True, True]
    assert outcome.after[1, 0].tolist() == outcome.nothing[1, 0].tolist()
    assert float(outcome.spent) == 20, "two units at 10; what they cost to run is not known"
    row = evaluation.by_country(outcome).set_index("country")
    assert np.isnan(row.at["AA", "served"])
    assert row.at["BB", "served"] == 0
    met = evaluation.evaluate(made(given=given, start=np.full((2, 1), 99.0)), bought((0, 0, 2)))
    assert met.after[0, 0].tolist() == met.need[0, 0].tolist(), "all needed stands already"


@pytest.mark.parametrize("given", [{"scenario": "radiotherapy_catch_up"}, {}, {"budget": "0"}])
def test_only_what_binds_holds_the_plan_back(
    dataset: Dataset, names: dict[str, str], given: dict[str, str]
) -> None:
    one = found(dataset, **given)
    case, made_of, plan = one.run.case, one.planned.problem, one.planned.plan
    need = made_of.over_years(made_of.need)[:, :, -1]
    stands = np.minimum(need, made_of.capacity * made_of.start_units)
    weight = made_of.weight
    asked_of = (weight * need).sum(axis=1)
    now = (weight * stands).sum(axis=1) / np.where(asked_of > 0, asked_of, 1.0)
    held = [b for b in plan.binding if b.kind == "target"]
    for each in held:
        area = each.where[0]
        assert now[area] < each.limit, f"{case.countries[area]} has it today"
        assert plan.units[area].sum() > 0, "what holds back makes the plan buy something"
    told = plan_limits.limits(one.planned, one.run, names)
    sentence = next((text for text in told if "share to be reached" in text), "")
    assert bool(sentence) == bool(held)
    assert "Austria" not in " ".join(told)
    if "scenario" in given:
        buying = set(one.run.units["country"])
        assert {case.countries[each.where[0]] for each in held} == buying


def test_the_same_money_only_where_it_is_the_same(dataset: Dataset) -> None:
    for given in ({"budget": "0"}, {"scenario": "spread_evenly"}, {}, {"budget": "2000"}):
        one = found(dataset, rule="per_head", **given)
        assert one.beside is not None
        plan, rule = (float(each.spent) for each in (one.run.outcome, one.beside))
        told, title = (
            plan_view.compared(one, "per_head"),
            plan_view.rule_title(one),
        )
        same = service_words.euros(plan) == service_words.euros(rule)
        assert same == (given.get("budget") == "0" or "scenario" in given)
        assert ("same money (" in title) == same
        assert ("not the same money" in told) != same
        assert service_words.euros(plan) in told
        assert service_words.euros(rule) in told
        assert service_words.euros(rule) in title


def test_how_much_more_is_a_ratio_and_not_a_part(dataset: Dataset) -> None:
    """A plan that misses 89 of 100 of the best gains a ninth: the best gains 9.1 times as much."""
    assert service_words.beaten(0.89) == "9.1 times as much"
    assert service_words.beaten(0.5) == "2.0 times as much"
    assert service_words.beaten(0.2) == "25 % more"
    assert service_words.beaten(0.2, high=True) == "25 % higher"
    assert service_words.beaten(0.0) == "less than 0.001 % more"
    assert service_words.beaten(1.0) == "any number of times as much"
    rule = found(dataset, scenario="spread_evenly").planned
    problem = rule.problem
    nothing = planning.allocation.worth(problem, np.zeros(problem.shape))
    ratio = (rule.plan.bound - nothing) / (rule.plan.objective - nothing)
    assert ratio > 2
    assert f"up to {ratio:.1f} times as much" in plan_text.proof(rule)
    assert "% more" not in plan_text.proof(rule)


def one_area(lag: float, carry: bool) -> Problem:
    return Problem(
        need=np.array([[1000.0]]), start_units=np.zeros((1, 1)), capacity=np.array([100.0]),
        cost=np.array([[2.5]]), budget=np.ones(3), carry_over=carry, lag=np.array([lag]),
    )  # fmt: skip


def test_rules_carry_money_over_and_buy_nothing_that_opens_too_late(dataset: Dataset) -> None:
    assert shared(one_area(0, True), np.ones(1))[0, 0].tolist() == [0, 0, 1]
    assert shared(one_area(1, True), np.ones(1)).sum() == 0
    assert shared(one_area(0, False), np.ones(1)).sum() == 0
    one = found(dataset, scenario="spread_evenly")
    made_of = one.planned.problem
    lag = np.rint(made_of.lag).astype(int)  # type: ignore[union-attr]
    for name, units in planning.by_rules(one.run.case, made_of).items():
        assert units.sum() > 0
        for service, years in enumerate(lag):
            assert units[:, service, made_of.shape[2] - years :].sum() == 0, name
        paid = np.cumsum((units * made_of.cost).sum(axis=(0, 1)))
        assert (paid <= np.cumsum(made_of.budget) + 1).all()
    heads = one.run.case.people / np.nansum(one.run.case.people)
    spent = np.cumsum((one.planned.plan.units * made_of.cost).sum(axis=1), axis=1)
    assert (spent <= heads[:, None] * np.cumsum(made_of.budget)[None, :] + 1).all()
    assert (spent[:, 1] > heads * made_of.budget[0] + 1).any(), "some country saved up"


def test_who_lives_near_a_centre_that_a_scenario_opens_is_said(
    dataset: Dataset, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = scenario_brief.opened(ScenarioBrief(scenario=str(MARIBOR)), dataset)
    table = brief.run.access.set_index(["limit", "area"])
    own_people = table.loc[(60, "SI")]
    assert own_people["state"] == "at_least"
    assert np.isnan(own_people["before"]), "whether anybody is near one today is not known"
    assert 700_000 < own_people["gained"] < 900_000
    assert own_people["gained"] == pytest.approx(own_people["after"] * own_people["people"])
    assert table.loc[(60, "EU"), "gained"] == pytest.approx(own_people["gained"])
    near = service_words.people(float(own_people["gained"]))
    shown = words(brief.access().markup)
    assert re.search(rf"Slovenia not known at least \S+ % \S+ {near}", shown)
    assert "People who gain 0" not in shown
    assert near in brief_text.title(brief)
    assert near in brief_text.plan(brief)[1]
    assert "near no listed centre" in brief_text.plan(brief)[2]
    (series,) = scenario_slide.content(brief).series.values()
    assert series[0] == round(own_people["gained"] / 1000)
    monkeypatch.setattr("canheal_nb.data.load", lambda: dataset)
    assert cli.main(["scenario", "run", str(MARIBOR), "--draws", "100"]) == 0
    lines = [x for x in capsys.readouterr().out.splitlines() if "proton_therapy" in x]
    assert len(lines) == 4, "two limits, Slovenia and the Union"
    assert any(re.search(rf"^60 .* SI .*{round(own_people['gained'])}", x) for x in lines)
    away = replace(brief.scenario, changes=())
    nobody = replace(brief, scenario=away)
    assert coverage_rows.title(nobody) == ""
    assert coverage_rows.gained(nobody) == {}


def test_a_share_of_capacity_is_never_called_need_met(
    dataset: Dataset, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canheal_nb.data.load", lambda: dataset)
    for name in scenario_files.ORDER:
        brief = scenario_brief.opened(ScenarioBrief(scenario=name), dataset)
        blocks = (brief.answer(), brief.services(), brief.bought(), brief.sure(), brief.sources())
        pictures = (brief.picture(0), brief.picture(1), brief.equity())
        text = " ".join(words(block.markup) for block in (*blocks, *pictures))
        slide = scenario_slide.content(brief)
        text += f" {slide.title} {slide.chart_title} {slide.points} {slide.notes}"
        if name in plan_run.offered(dataset):
            text += words(plan_funding.screen(asked(dataset, scenario=name), dataset).markup())
            assert "apacity against the benchmark" in text
        assert cli.main(["scenario", "run", name, "--draws", "100"]) == 0
        text += capsys.readouterr().out
        assert [text[m.start() - 40 : m.end()] for m in OLD.finditer(text)] == [], name
    assert (
        service_words.measure(["radiotherapy", "pet_ct"])
        == "machine capacity against the benchmark"
    )
    assert (
        service_words.measure(["radiotherapy", "molecular_testing"])
        == "capacity against the benchmark"
    )


def test_the_screen_opens_on_a_scenario_whose_inputs_are_known_or_stated(dataset: Dataset) -> None:
    first = plan_run.offered(dataset)[plan_run.FIRST]
    one = found(dataset)
    assert one.planned.left_out == {}
    assert one.run.case.years == tuple(range(first.start, first.start + first.years))
    assert float(planning.budget(one.scenario).sum()) == first.budget.total
    view = plan_funding.screen(asked(dataset), dataset)
    assert f'"{first.title}"' in view.context["about"]
    assert "500 million euros for 27 countries over 2027 to 2031" in view.context["about"]
    assert view.context["about"] in unescape(str(view.markup()))
    other = plan_funding.screen(asked(dataset, budget="200", goal="most_need_met"), dataset)
    assert "200 million euros for 27" in other.context["about"]
    assert service_words.GOALS["most_need_met"] in other.context["about"]


@pytest.mark.parametrize("name", ["equity_first", "radiotherapy_catch_up", "ngs_for_all"])
def test_screen_brief_and_command_line_say_the_same(dataset: Dataset, name: str) -> None:
    mine = found(dataset, scenario=name).run
    brief = scenario_brief.opened(ScenarioBrief(scenario=name), dataset).run
    assert mine.services.equals(brief.services)
    assert mine.units.equals(brief.units)
    assert float(mine.outcome.spent) == float(brief.outcome.spent)
    written = replace(mine.scenario, changes=(Add("radiotherapy", "SI", 1, 2027),))
    assert not scenario_run.searched(written)
