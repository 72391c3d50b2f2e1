"""`canheal scenario`: the same figures as from Python, and one sentence for what is wrong."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from canheal_nb import api, cli
from canheal_nb.data import Dataset
from canheal_nb.funding import scenario_file
from canheal_nb.funding.model import openings, run_figures, scenario_comparison
from canheal_nb.funding.model.scenario import Add, Budget, Give, Scenario
from canheal_nb.funding.question import Inputs
from canheal_nb.funding.screen import inputs_page
from canheal_nb.need.model.inputs import Assumption
from canheal_nb.text.question import read

LAG = Assumption("radiotherapy.lag", 1.0, 0.0, 2.0, "years", "a tester", "for the test")
COST = Assumption("radiotherapy.running", 1e5, 1e5, 1e5, "EUR a year", "a tester", "for the test")
WRITTEN = Scenario(
    "Three machines", "a tester", "To test.", "2026.1", 2027, 3, services=("radiotherapy",),
    changes=(Add("radiotherapy", "SI", 3.0, 2027),), assumptions=(LAG, COST), seed=4,
)  # fmt: skip
OPEN = Scenario(
    "Forty \x1b[31mmillions", "a tester", "To test.", "2026.1", 2027, 3, Budget(4e7),
    services=("radiotherapy",), assumptions=(LAG, COST), seed=4,
)  # fmt: skip


@pytest.fixture(autouse=True)
def loaded(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the data once for all commands."""
    monkeypatch.setattr("canheal_nb.data.load", lambda: dataset)


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """One scenario whose units are written, one with money only."""
    paths = []
    for name, scenario in (("written", WRITTEN), ("open", OPEN)):
        path = tmp_path / f"{name}.yaml"
        path.write_text(scenario_file.write(scenario), encoding="utf-8")
        paths.append(str(path))
    return paths[0], paths[1]


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.main(["scenario", *words]) == 0
    return capsys.readouterr().out


def test_json_equals_the_analysis_digit_for_digit(
    files: tuple[str, str], dataset: Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in files:
        told = json.loads(said(capsys, "run", path, "--json"))
        run = api.run_scenario(dataset, path)
        assert told == run_figures.figures(run)
        row = run.services.iloc[0]
        assert told["services"][0]["after"] == row["after"]
        low = run.intervals.loc["radiotherapy: share", "low"]
        by_name = {each["outcome"]: each for each in told["intervals"]}
        assert by_name["radiotherapy: share"]["low"] == low


def test_csv_has_every_digit_and_leaves_empty_what_is_not_known(
    files: tuple[str, str], dataset: Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = list(csv.DictReader(io.StringIO(said(capsys, "run", files[0], "--csv"))))
    countries = api.run_scenario(dataset, files[0]).countries
    assert [row["country"] for row in rows] == list(countries["country"])
    for row, (_place, known) in zip(rows, countries.iterrows(), strict=True):
        told = row["after"]
        assert (float(told) == known["after"]) if told else known["after"] != known["after"]


def test_the_plain_table_names_gap_cost_and_what_is_left_out(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    told = said(capsys, "run", files[1], "--draws", "100")
    assert "planned: most_need_met, gap " in told
    assert "euros of 2023" in told
    assert "not modelled: staff" in told
    assert "\x1b" not in told
    assert "planned" not in said(capsys, "run", files[0], "--draws", "100")


def test_a_plan_written_to_a_file_runs_to_the_same_figures(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "plan.yaml")
    planned = json.loads(said(capsys, "plan", files[1], "--out", out, "--json"))
    again = json.loads(said(capsys, "run", out, "--json"))
    assert planned["gap"] is not None
    assert again["gap"] is None
    for name in ("services", "countries", "units", "intervals", "cost"):
        assert planned[name] == again[name]


def test_a_plan_names_another_nearly_as_good(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(said(capsys, "plan", files[1], "--json", "--draws", "100"))
    (other,) = told["alternatives"]
    assert -1e-9 <= other["loses"] <= 0.0101
    assert 0 < other["otherwise"] <= 1
    assert other["cost"] <= 4e7
    bought = {(row["country"], row["year"]): row["units"] for row in told["units"]}
    assert all(row["plan"] != row["other"] for row in other["units"])
    assert all(
        row["plan"] == bought.get((row["country"], row["year"]), 0.0) for row in other["units"]
    )
    assert "nearly as good: loses " in said(capsys, "plan", files[1], "--draws", "100")
    none = said(capsys, "plan", files[1], "--draws", "100", "--others", "0")
    assert "nearly as good" not in none
    assert cli.main(["scenario", "plan", files[1], "--others", "9"]) == 2


def test_scenarios_beside_each_other(
    files: tuple[str, str], dataset: Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(said(capsys, "compare", *files, "--json", "--draws", "200"))
    runs = api.compare_scenarios(dataset, files, draws=200)
    assert told["scenarios"] == {name: run_figures.figures(run) for name, run in runs.items()}
    assert told["best"] == scenario_comparison.best(runs, 200)
    assert sum(told["best"]["radiotherapy"].values()) == pytest.approx(1.0)
    table = said(capsys, "compare", *files, "--draws", "200")
    assert (
        "radiotherapy: most machine capacity against the benchmark, in draws of 100: Three "
        in table
    )


def test_the_matrix_is_that_of_the_screen(
    files: tuple[str, str], dataset: Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(said(capsys, "inputs", "equity_first", "--json"))
    question = read(Inputs, {"scenario": "equity_first"}, inputs_page.vocabulary(dataset))
    view = inputs_page.screen(question, dataset)
    assert view.save is not None
    sheet = view.save("csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sheet)))[:80]
    states = [
        (cell.service, cell.cell, cell.state) for r in view.context["rows"] for cell in r.cells
    ]
    assert [(row["service"], row["cell"], row["state"]) for row in told["inputs"]] == states
    for row, saved in zip(told["inputs"], rows, strict=True):
        for name, head in (("value", "Value"), ("low", "Low"), ("high", "High")):
            number = float(saved[head]) if saved[head] else None
            assert row[name] == (None if number is None else pytest.approx(number, rel=1e-9))
        assert (row["source_id"] or "").replace("+", " ") == saved["Sources"]
    assert told["share"] == {"sourced": 19, "assumed": 6, "none": 55}
    text = said(capsys, "inputs", "equity_first")
    assert text.splitlines()[-1] == view.context["shares"]
    assert re.search(r"^pet_ct +assumed +sourced +assumed +weak source +assumed", text, re.M)
    own = list(csv.DictReader(io.StringIO(said(capsys, "inputs", files[0], "--csv"))))
    lag = next(row for row in own if (row["service"], row["cell"]) == ("radiotherapy", "lag"))
    assert (lag["basis"], lag["value"], lag["by"]) == ("assumed", "1.0", "a tester")
    assert [row["basis"] for row in own].count("assumed") == 2


def test_a_good_file_is_well(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "check", *files).splitlines()
    assert told[0].endswith(
        "written.yaml: well. Three machines, 2027 to 2029; services: radiotherapy."
    )
    assert len(told) == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["check", "none.yaml"], "The file none.yaml cannot be read (No such file"),
        (["run", "nowhere"], "There is no scenario nowhere; there is: "),
        (["run", "FILE", "--draws", "5"], "--draws must lie between 100 and 100 000, not 5."),
        (["compare", "FILE"], "Compare two to 8 scenarios, not 1."),
        (["check", "BROKEN"], "line 2"),
        (["check", "BYTES"], "is not a text in UTF-8"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_exit_code_2(
    words: list[str],
    sentence: str,
    files: tuple[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    broken, binary = tmp_path / "broken.yaml", tmp_path / "bytes.yaml"
    broken.write_text("schema: 1\ntitel: x\n", encoding="utf-8")
    binary.write_bytes(b"\xff\xfe\x00")
    places = {"FILE": files[0], "BROKEN": str(broken), "BYTES": str(binary)}
    assert cli.main(["scenario", *(places.get(word, word) for word in words)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("canheal: ")
    assert sentence in told.err
    assert told.err.count("\n") == 1


def test_the_shipped_titles_are_those_that_bring_most_people_near(
    dataset: Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file says so of its ten centres; the command gives them, and who comes near."""
    assert cli.main(["scenario", "titles", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    written = scenario_file.load("access_90_by_2030", dataset)
    assert {one["centre"] for one in found["centres"]} == {
        change.centre for change in written.changes if isinstance(change, Give)
    }
    assert found["gap"] == 0
    near = openings.by_area(dataset, written, limit=120).set_index("area")
    assert found["people"] == pytest.approx(near.at["EU", "gained"])
    assert cli.main(["scenario", "titles"]) == 0
    told = capsys.readouterr().out
    assert f"With these titles {found['people']:.0f} more people live within 120 min" in told
    for wrong in (["--count", "0"], ["--minutes", "0"], ["--of", "beds_total"]):
        assert cli.main(["scenario", "titles", *wrong]) != 0
