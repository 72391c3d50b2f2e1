"""Funding: plans kept to compare, priorities, the curve, and a search that goes on behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from canheal_nb.data import Dataset
from canheal_nb.funding.model import evaluation, scenario_comparison
from canheal_nb.funding.model.planning import Planned
from canheal_nb.funding.question import PlanFunding
from canheal_nb.funding.screen import compared_plans, frontier, long_search, plan_funding, plan_run
from canheal_nb.funding.screen.long_search import Search
from canheal_nb.funding.text import frontier_chart, plan_comparison, priorities_text
from canheal_nb.priorities.model import priority_sets
from canheal_nb.priorities.model.priority_sets import PrioritySet
from canheal_nb.screens import shell
from canheal_nb.screens.background_work import Work, Worker
from canheal_nb.solver.problem import Undecided
from canheal_nb.text.errors import UserError
from canheal_nb.text.question import read
from tests.funding.test_plan_funding import at_once

GROUP = PrioritySet(
    "harbour-2026", {**dict.fromkeys(priority_sets.equal().weights, 0.02), "pet_ct": 0.82},
    "patients", 12, ("bwm",), "2026-11-02", "partly",
)  # fmt: skip


@pytest.fixture
def _group(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"equal": priority_sets.equal(), GROUP.name: GROUP}
    monkeypatch.setattr(frontier, "sets", lambda: known)


def asked(dataset: Dataset, **given: str) -> PlanFunding:
    return read(PlanFunding, given, plan_funding.vocabulary(dataset))


def shown(dataset: Dataset, **given: str) -> shell.Screen:
    return plan_funding.screen(asked(dataset, **given), dataset)


def test_a_kept_plan_stands_beside_another_and_is_put_away(dataset: Dataset) -> None:
    first = shown(dataset)
    assert not first.context["heads"]
    kept = first.context["keep"]
    assert [one["letter"] for one in shown(dataset, kept=kept).context["heads"]] == ["a"]
    view = shown(dataset, kept=kept, names="a:Small", budget="800")
    assert [one["letter"] for one in view.context["heads"]] == ["a", ""]
    rows = {what: told for what, told, _begins in view.context["compared"]}
    assert rows["Money spent"][0].endswith("of 500 million euros")
    assert rows["Money spent"][1].endswith("of 800 million euros")
    assert {len(told) for told in rows.values()} == {2}
    assert '"Small"' in view.context["contrast"]
    assert "kept=a%3A" in view.question.query()
    assert "names=a%3ASmall" in view.question.query()
    assert view.context["heads"][0]["away"] == ""
    two = view.context["keep"]
    assert sorted(compared_plans.split(two)) == ["a", "b"]
    assert compared_plans.without(two, "a") == two.partition(",")[2]
    again = shown(dataset, kept=two, budget="800")
    assert again.context["keep"] == ""
    assert [one["letter"] for one in again.context["heads"]] == ["a", "b"]
    assert "budget=" not in again.context["heads"][0]["link"]
    assert "budget=800" in again.context["heads"][1]["link"]


def test_four_plans_are_the_most(dataset: Dataset) -> None:
    spelled = {
        letter: compared_plans.spell(asked(dataset, budget=str(50 + 50 * i)))
        for i, letter in enumerate(compared_plans.LETTERS)
    }
    view = shown(dataset, kept=compared_plans.joined(spelled), budget="800")
    assert view.context["keep"] == ""
    assert view.context["held"] == 4


def test_how_sure_is_what_a_comparison_of_scenarios_says(dataset: Dataset) -> None:
    small, large = (plan_run.funding(asked(dataset, budget=one), dataset) for one in ("100", "200"))
    plans = [
        compared_plans.Kept("a", "", asked(dataset, budget="100"), small),
        compared_plans.Kept("b", "", asked(dataset, budget="200"), large),
    ]
    nothing, sure = compared_plans.surer(plans)
    assert nothing == {}
    both = scenario_comparison.together({"one": small.run, "two": large.run})
    for service, found in sure.items():
        again = both.beats("two", "one", f"{service}: share")
        assert (found.probability, found.ties) == (again.probability, again.ties)
    assert sure["pet_ct"].probability > 0.5


@pytest.mark.parametrize("wrong", ["a", "z:;;;;;;", "a:;;", "a:x,a:y", "a:nowhere;;;;;;"])
def test_a_link_with_wrong_plans_is_refused_in_a_sentence(dataset: Dataset, wrong: str) -> None:
    with pytest.raises(UserError):
        shown(dataset, kept=wrong)


def test_a_plan_on_a_file_never_turns_into_one_on_another(dataset: Dataset) -> None:
    save = shown(dataset, budget="300").save
    assert save is not None
    text = save("yaml").content.decode()
    kept = shown(dataset, scenario="own", own=text).context["keep"]
    same = shown(dataset, scenario="own", own=text, kept=kept)
    assert same.context["heads"][0]["why"] == ""
    other = shown(dataset, kept=kept, scenario="own", own=text.replace("300000000", "400000000"))
    assert "open that file again" in other.context["heads"][0]["why"]
    assert other.context["compared"][0][1][0] == ""


@pytest.mark.usefixtures("_group")
def test_a_set_of_priorities_changes_the_plan_and_says_whose_it_is(dataset: Dataset) -> None:
    view = shown(dataset, priorities=GROUP.name, budget="150")
    plain = plan_run.funding(asked(dataset, budget="150"), dataset)
    mine = plan_run.funding(asked(dataset, priorities=GROUP.name, budget="150"), dataset)
    assert not np.array_equal(mine.run.outcome.units, plain.run.outcome.units)
    whose, _weights, change = view.context["weighed"]
    assert "12 people, 2026-11-02, bwm; they agree in part" in whose
    assert "with all services alike" in change
    assert ("harbour-2026", "harbour-2026 (12 people, 2026-11-02)") in view.context["weighers"]
    assert "priorities=harbour-2026" in view.question.query()
    assert view.save is not None
    assert "priorities: harbour-2026" in view.save("yaml").content.decode()


@pytest.mark.usefixtures("_group")
def test_priorities_over_one_service_change_nothing_and_it_is_said(dataset: Dataset) -> None:
    view = shown(dataset, scenario="radiotherapy_catch_up", years="5", priorities=GROUP.name)
    assert "about one service alone (Radiotherapy)" in view.context["weighed"][-1]
    run = plan_run.funding(asked(dataset), dataset).run
    alike = priorities_text.changed(run, run)
    assert alike == "They change nothing here: with all services alike the plan is the same."
    assert shown(dataset, priorities="none").context["weighed"] == []


def test_the_curve_has_a_dot_for_each_plan_and_a_ring_for_this_one(dataset: Dataset) -> None:
    question = asked(dataset, budget="200", equity="20", **at_once(dataset))
    found = plan_run.funding(question, dataset)
    points = frontier.along(dataset, found.scenario)
    svg = str(frontier_chart.svg(points, frontier.point(found.planned)))
    assert svg.count("<circle") == len(points) + 2
    assert "this plan" in svg
    view = plan_funding.screen(question, dataset)
    assert [row["here"] for row in view.context["along"]][-1] == "yes"
    assert view.work is None
    markup = view.markup()
    assert markup.count("<svg") == 2
    assert 'data-slides="yes"' in markup


def test_the_frontier_is_drawn_when_the_plan_rests(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frontier, "REST", 0.0)
    question = asked(dataset, budget="210", **at_once(dataset))
    work = plan_funding.screen(question, dataset).work
    assert work is not None
    stopped = threading.Event()
    stopped.set()
    work.run(pytest.fail, stopped)
    told: list[bool] = []
    work.run(lambda: told.append(True), threading.Event())
    assert told == [True]
    assert plan_funding.screen(question, dataset).work is None
    assert plan_funding.screen(question, dataset).context["curve"]


def test_a_plan_of_more_years_is_searched_on_and_stays_with_its_gap(dataset: Dataset) -> None:
    view = shown(dataset, budget="200", goal="most_need_met")
    assert isinstance(view.work, Search)
    going = view.context["going"]
    assert going["state"] == "on"
    assert "The best plan for this money can gain at most" in going["said"]
    view.work.halted = True
    halted = shown(dataset, budget="200", goal="most_need_met")
    assert halted.context["going"]["state"] == "halted"
    assert "Search on" in halted.markup()
    assert shown(dataset).context["going"]["state"] == ""
    assert 'data-slides="no"' in halted.markup()
    view.work.halted = False


@pytest.fixture(scope="module")
def coupled(dataset: Dataset) -> Planned:
    return plan_run.funding(asked(dataset, years="5"), dataset).planned


def test_the_last_year_alone_is_what_the_whole_evaluation_says(coupled: Planned) -> None:
    whole = coupled.outcome
    need, nothing, after = evaluation.at_end(whole.case, whole.units)
    for one, all_years in ((need, whole.need), (nothing, whole.nothing), (after, whole.after)):
        np.testing.assert_array_equal(one, all_years[..., -1])


def with_gap(planned: Planned, gap: float) -> Planned:
    return replace(planned, plan=replace(planned.plan, gap=gap))


def test_a_search_takes_better_plans_only_and_ends_when_near(coupled: Planned) -> None:
    answers: Iterator[object] = iter(
        [with_gap(coupled, 0.2), with_gap(coupled, 0.1), with_gap(coupled, 0.3), Undecided()]
    )
    limits = []

    def ask(seconds: float, stop: object) -> Planned:
        limits.append(seconds)
        found = next(answers)
        if isinstance(found, Undecided):
            raise found
        assert isinstance(found, Planned)
        return found

    search = Search("one", ask)
    assert not search.over
    search.run(lambda: None, threading.Event())
    assert limits == [long_search.FIRST, *long_search.ROUNDS]
    assert (search.best.plan.gap, search.version, search.rounds) == (0.1, 1, 3)
    assert search.over
    assert Search("two", lambda _s, _stop: with_gap(coupled, 0.0005)).over


def test_a_stopped_search_keeps_the_plan_it_has(coupled: Planned) -> None:
    stop = threading.Event()
    asked_for = []

    def ask(_seconds: float, watched: object) -> Planned:
        asked_for.append(watched)
        if callable(watched):
            assert watched() is False
            stop.set()
            assert watched() is True
            return with_gap(coupled, 0.0)
        return with_gap(coupled, 0.2)

    search = Search("three", ask)
    search.run(pytest.fail, stop)
    assert search.best.plan.gap == 0.2
    assert (search.rounds, search.version, len(asked_for)) == (0, 0, 2)


def test_one_piece_of_work_at_a_time_and_none_when_halted() -> None:
    begun, ended = [], []
    go = threading.Event()

    def run(tell: object, stop: threading.Event) -> None:
        begun.append(stop)
        go.wait(5)
        stop.wait(5)
        ended.append(stop)
        assert callable(tell)
        tell()  # stopped, so nobody is told

    worker = Worker(pytest.fail)
    first, second = Work("first", run), Work("second", run)
    worker.follow(first)
    worker.follow(Work("first", run))
    go.set()
    worker.follow(second)
    second.halted = True
    worker.follow(second)
    worker.wait(5)
    worker.follow(None)
    assert len(begun) == 2
    assert all(stop.is_set() for stop in begun)


def test_a_plan_has_a_name_before_somebody_gives_it_one(dataset: Dataset) -> None:
    scenario = plan_run.asked(asked(dataset, budget="250"), dataset)
    assert plan_comparison.name(scenario) == (
        "250 million euros, 5 years, the least share as high as it can be"
    )
