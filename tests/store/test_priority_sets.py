"""A scenario names a published snapshot, and its plan weighs services as the group does."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from canheal_nb import cli, data
from canheal_nb.data import Dataset
from canheal_nb.funding import scenario_file
from canheal_nb.funding.model import scenario_run
from canheal_nb.funding.report import priorities_rows, scenario_brief
from canheal_nb.need.model.services import SERVICES
from canheal_nb.priorities import named_sets
from canheal_nb.priorities.model import priority_sets
from canheal_nb.priorities.model.snapshot_rules import Snapshot
from canheal_nb.priorities.snapshot_store import Published, _put
from canheal_nb.store import open_store
from canheal_nb.text.errors import UserError

TOLD = Snapshot(12, 0.05, {"radiotherapy": 0.05, "pet_ct": 0.75}, ("swing",), "agree")
NAME = "patient-2026-11-01"


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return data.load()


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few_are_enough: None) -> None:
    """Keep one snapshot in a store of the test's own."""
    monkeypatch.setenv("CANHEAL_STORE", str(tmp_path))
    store = open_store()
    with store.transaction() as connection:
        published = Published(NAME, "patient", dt.date(2026, 11, 1), TOLD)
        _put(connection, published, {"item": "print"})
    store.close()


def test_a_set_sums_to_one_and_names_what_nobody_weighed() -> None:
    made = priority_sets.of_snapshot(NAME, "patient", "2026-11-01", TOLD)
    assert made is not None
    assert sum(made.weights.values()) == pytest.approx(1)
    assert made.weights["pet_ct"] == pytest.approx(15 * made.weights["radiotherapy"])
    assert set(made.untold) == set(SERVICES) - {"radiotherapy", "pet_ct"}
    assert made.weights["mri"] == pytest.approx(0.4 / (0.8 + 8 * 0.4))
    assert priority_sets.of_snapshot("x", "patient", "d", Snapshot(5, 0.1, {})) is None


@pytest.mark.usefixtures("kept")
def test_a_scenario_reads_plans_and_refuses_by_the_sets_that_there_are(
    dataset: Dataset,
) -> None:
    assert list(named_sets.known()) == ["equal", NAME]
    base = scenario_file.load("equity_first", dataset)
    goal = dataclasses.replace(base.goal, objective="most_need_met")
    at_once = tuple(
        dataclasses.replace(one, value=0.0, low=0.0, high=0.0)
        if one.input.endswith(".lag")
        else one
        for one in base.assumptions
    )
    base = dataclasses.replace(base, years=1, goal=goal, assumptions=at_once)
    named = dataclasses.replace(base, priorities=NAME)
    known = scenario_file.vocabulary(dataset)
    assert scenario_file.read(scenario_file.write(named), known) == named
    with pytest.raises(UserError, match="priorities: 'nobody'"):
        scenario_file.read(
            scenario_file.write(dataclasses.replace(base, priorities="nobody")), known
        )
    plans = {
        one.priorities: scenario_run.run(
            dataset, one, weights=scenario_file.weights(one), draws=20
        ).outcome.units.sum(axis=(0, 2))
        for one in (base, named)
    }
    at = base.services.index("pet_ct")
    assert plans[NAME][at] > plans[""][at]


@pytest.mark.usefixtures("kept")
def test_the_brief_says_whose_priorities_they_are_and_the_plan_without(
    dataset: Dataset, tmp_path: Path
) -> None:
    named = dataclasses.replace(
        scenario_file.load("equity_first", dataset), priorities=NAME, years=1
    )
    goal = dataclasses.replace(named.goal, objective="most_need_met")
    path = tmp_path / "mine.yaml"
    path.write_text(scenario_file.write(dataclasses.replace(named, goal=goal)), "utf-8")
    brief = scenario_brief.open_scenario(scenario=str(path))
    whose, weights, plans = priorities_rows.lines(brief)
    assert f"{NAME}: 12 people, 2026-11-01, swing; they largely agree." in whose
    assert weights.startswith("Points of 100 among the services here: Radiotherapy 6 and PET-CT")
    assert "with all services alike" in plans
    assert whose in str(brief.answer().markup)
    plain = scenario_brief.open_scenario(scenario="equity_first")
    assert priorities_rows.lines(plain) == []


@pytest.mark.usefixtures("kept")
def test_the_plan_under_each_set_is_printed_in_words(
    dataset: Dataset, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canheal_nb.load", lambda: dataset)
    assert cli.main(["priorities", "plan", "radiotherapy_catch_up", "equal", NAME]) == 0
    said = capsys.readouterr().out
    assert said.count("The money buys 122 machines in 8 countries") == 2
    assert f"by the priorities {NAME}: 12 people, 2026-11-01, swing; they largely agree." in said
    assert "one service alone: whatever weighs more, it buys that." in said
    assert cli.main(["priorities", "plan", "today", "nobody"]) == 2
    assert f"there are: equal, {NAME}" in capsys.readouterr().err


def test_without_its_set_no_plan_is_shown(dataset: Dataset) -> None:
    named = dataclasses.replace(scenario_file.load("equity_first", dataset), priorities=NAME)
    with pytest.raises(UserError, match="not at hand"):
        scenario_run.run(dataset, named)


def test_where_nobody_handed_in_there_is_only_equal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANHEAL_STORE", str(tmp_path / "none"))
    assert list(named_sets.known()) == ["equal"]
    assert not (tmp_path / "none").exists()
