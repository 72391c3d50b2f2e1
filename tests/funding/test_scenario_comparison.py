"""The six scenarios in one table and in named futures; the same digits wherever they are asked."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re

import numpy as np
import pandas as pd
import pytest

from canheal_nb import api, cli
from canheal_nb.data import Dataset
from canheal_nb.funding import scenario_file
from canheal_nb.funding.model import run_figures, scenario_comparison
from canheal_nb.funding.model.scenario_run import Run
from canheal_nb.funding.question import PlanFunding, ScenarioBrief
from canheal_nb.funding.report.scenario_brief import Brief
from canheal_nb.funding.screen import plan_run
from canheal_nb.need.text import service_words
from canheal_nb.text.errors import UserError
from canheal_nb.uncertainty import named_futures
from canheal_nb.uncertainty.futures import Option
from canheal_nb.uncertainty.named_futures import GUESS
from canheal_nb.uncertainty.sampling import Range

PLANNED = ("radiotherapy_catch_up", "ngs_for_all", "equity_first", "spread_evenly")


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.main(["scenario", *words]) == 0
    return capsys.readouterr().out


@pytest.fixture(autouse=True)
def loaded(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the data once for all commands."""
    monkeypatch.setattr("canheal_nb.data.load", lambda: dataset)


@pytest.fixture
def listed(six: dict[str, Run], capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    return json.loads(told(capsys, "list", "--run", "--futures", "--json"))  # type: ignore[no-any-return]


def test_command_line_function_and_brief_give_the_same_digits(
    six: dict[str, Run],
    kept_runs: dict[object, Run],
    dataset: Dataset,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = len(kept_runs)
    listed = json.loads(told(capsys, "list", "--run", "--json"))
    assert list(listed["scenarios"]) == list(six)
    for name, run in six.items():
        figures = listed["scenarios"][name]
        brief = Brief(ScenarioBrief(scenario=name), dataset, scenario_file.load(name, dataset))
        assert figures == run_figures.figures(brief.run) == run_figures.figures(run)
        shown = re.sub(r"<[^>]*>", " ", brief.services().markup)
        for row in figures["services"]:
            if row["share_after"] is not None:
                assert service_words.share(row["share_after"]) in shown
                assert service_words.people(row["served"]) in shown
    assert len(kept_runs) == before, "all three asked for the very same run"


@pytest.mark.parametrize("name", PLANNED)
def test_the_app_gives_the_same_digits(name: str, six: dict[str, Run], dataset: Dataset) -> None:
    shown = plan_run.funding(PlanFunding(scenario=name), dataset).run
    assert run_figures.figures(shown) == run_figures.figures(six[name])


def test_the_table_holds_the_six_and_the_shape_changes_no_digit(
    six: dict[str, Run], capsys: pytest.CaptureFixture[str]
) -> None:
    table = scenario_comparison.table(six)
    assert list(dict.fromkeys(table["scenario"])) == list(six)
    rows = list(csv.DictReader(io.StringIO(told(capsys, "list", "--run", "--csv"))))
    assert [row["result"] for row in rows] == list(table["result"])
    for name in ("after", "low", "served", "cost", "gap", "least"):
        for row, known in zip(rows, table[name], strict=True):
            assert float(row[name]) == known if row[name] else np.isnan(known)
    by_result = table.set_index(["scenario", "result"])
    equity = by_result.loc[("equity_first", "pet_ct")]
    run = six["equity_first"]
    assert equity["after"] == run.services.set_index("service").at["pet_ct", "share_after"]
    assert equity["low"] == run.intervals.loc["pet_ct: share", "low"]
    assert run.planned is not None
    assert equity["gap"] == run.planned.plan.gap
    assert equity[["sourced", "assumed", "none"]].sum() == 8
    reach = by_result.loc[("access_90_by_2030", "reach: oeci, 120")]
    union = six["access_90_by_2030"].access.set_index(["limit", "area"]).loc[(120, "EU")]
    assert (reach["today"], reach["after"]) == (union["before"], union["after"])
    assert np.isnan(by_result.loc[("today", "radiotherapy"), "gap"])


def test_the_plain_table_says_what_meets_most_and_what_is_lost(
    six: dict[str, Run], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(capsys, "list", "--run", "--futures").splitlines()
    assert sum(line.split(" ")[0] in six for line in lines) == 12
    assert any(
        line.startswith("pet_ct: most machine capacity against the benchmark, in draws of 100: ")
        for line in lines
    )
    still = [line for line in lines if line.startswith("as at the best guess: ")]
    assert len(still) == 2
    assert "Everything is dear" in still[0]
    assert [line for line in lines if line.startswith("loses least at worst: ")] == [
        f"loses least at worst: {name}; money is not weighed in this"
        for name in ("radiotherapy_catch_up", "equity_first")
    ]


def test_the_list_names_the_six_without_running_them(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys, "list").splitlines()
    assert [line.split(":")[0] for line in lines] == scenario_file.shipped()
    assert "Nothing new is bought (2027 to 2031; radiotherapy pet_ct molecular_testing)" in lines[0]
    assert [row["scenario"] for row in json.loads(told(capsys, "list", "--json"))] == [
        line.split(":")[0] for line in lines
    ]
    assert told(capsys, "list", "--csv").startswith("scenario,first_year,last_year,")
    assert cli.main(["scenario", "list", "--futures"]) == 2
    assert "`canheal scenario list --run --futures`" in capsys.readouterr().err


def test_losses_are_those_beside_the_best_of_each_future(
    listed: dict[str, dict[str, object]],
) -> None:
    found = listed["futures"]
    assert list(found) == ["radiotherapy", "pet_ct"]
    one: dict[str, object] = found["radiotherapy"]  # type: ignore[assignment]
    met = pd.DataFrame(one["need_met"]).T
    assert list(met.columns) == ["today", "radiotherapy_catch_up", "equity_first", "spread_evenly"]
    lost = (-met).add(met.max(axis=1), axis=0)
    assert (lost - pd.DataFrame(one["lost"]).T).abs().max().max() < 1e-15
    worst = lost.max()
    assert one["most_lost"] == pytest.approx(worst.to_dict(), abs=1e-15)
    assert one["choice"] == [worst.idxmin()]
    late = met.loc["late"]
    assert late["radiotherapy_catch_up"] == late["today"], "what opens after the end serves nobody"
    assert met.loc["observed_units", "today"] > met.loc[GUESS, "today"]
    assert met.loc["dear"].equals(met.loc[GUESS])


def test_only_scenarios_that_know_a_service_and_end_together_are_set_against_each_other(
    six: dict[str, Run],
) -> None:
    kept = scenario_comparison.sharing(six)
    assert kept["pet_ct"] == ["today", "equity_first", "spread_evenly"]
    assert "molecular_testing" not in kept
    assert "accreditation" not in kept
    case = six["equity_first"].case
    short = dataclasses.replace(
        six["equity_first"], case=dataclasses.replace(case, years=(*case.years[:-1], 2040))
    )
    assert scenario_comparison.sharing({"a": six["today"], "b": short}) == {}
    parts = scenario_comparison.best(six)["pet_ct"]
    assert set(parts) == set(kept["pet_ct"])
    assert sum(parts.values()) == pytest.approx(1)


class Few:
    """Two parameters and a table of futures."""

    parameters = pd.DataFrame({"low": [2.0], "value": [3.0], "high": [7.0]}, index=["sourced"])

    def __init__(self, *lines: str) -> None:
        columns = ["future", "place", "label", "input", "bound", "parameter"]
        self._rows = pd.DataFrame([line.split(",") for line in lines], columns=columns)

    def table(self, name: str) -> pd.DataFrame:
        assert name == named_futures.TABLE
        return self._rows


GIVEN = (
    Range("mri.capacity", 5.0, 4.0, 6.0, "pert", "mri.capacity"),
    Range("mri.lag", 1.0, 1.0, 3.0, "pert", "mri.lag"),
    Range("pet_ct.lag", 2.0, 1.0, 9.0),  # two cases, no range
)


def test_a_future_holds_what_it_names_and_nothing_else() -> None:
    seen: dict[str, list[float]] = {}

    def function(values: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        seen.update({name: list(drawn) for name, drawn in values.items()})
        return {"share": values["mri.capacity"]}

    tables = Few(
        "idle,3,Nothing,*.life,low,",
        "late,1,Late,*.lag,high,",
        "other,2,Another source,*.capacity,low,",
        "other,2,Another source,mri.capacity,high,sourced",
        "same,4,The same,mri.lag,low,",
    )
    found = named_futures.faced([Option("a", function, GIVEN)], tables)
    assert list(found.labels) == [GUESS, "late", "other"]
    assert found.idle == ("idle", "same"), "life has no range here, and the guess lies at its low"
    assert seen["mri.lag"] == [1.0, 3.0, 1.0]
    assert seen["pet_ct.lag"] == [2.0, 2.0, 2.0], "an input without a range stays"
    assert seen["mri.capacity"] == [5.0, 5.0, 7.0], "the later line wins"
    assert found.still("share") == ["late"]
    assert found.labels["late"] == "Late"


@pytest.mark.parametrize(
    "line", ["x,1,X,*.lag,most,", "x,1,X,mri.lag,high,not_there", "x,1,X,*.lag,value,"]
)
def test_a_faulty_line_is_refused(line: str) -> None:
    with pytest.raises(UserError, match="judgements/futures: "):
        named_futures.listed(Few(line))


def test_the_shipped_futures_name_inputs_bounds_and_sources_that_exist(dataset: Dataset) -> None:
    from canheal_nb.need.model.services import CELLS, SERVICES

    rows = dataset.table(named_futures.TABLE)
    assert list(named_futures.listed(dataset)) == list(dict.fromkeys(rows["future"]))
    assert (rows["chosen_by"] == "canheal_nb project").all()
    assert (rows["why"].str.len() > 20).all()
    for name in rows["input"]:
        service, _dot, cell = name.partition(".")
        assert service in ("*", *SERVICES)
        assert cell in CELLS
    for name, lines in rows.groupby("future"):
        assert lines["label"].nunique() == lines["place"].nunique() == 1, name


def test_eight_can_be_compared_and_nine_cannot(dataset: Dataset) -> None:
    with pytest.raises(UserError, match="two to 8 scenarios, not 9"):
        api.compare_scenarios(dataset, ["today"] * 9)
