"""`canheal scenario run --draws`: the digits of a live run, stopped and gone on from, kept."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from distributed.protocol.pickle import dumps, loads

from canheal_nb import cli
from canheal_nb.data import Dataset
from canheal_nb.funding import scenario_file
from canheal_nb.funding.commands import scenario_sweep
from canheal_nb.funding.model import evaluation, run_figures, scenario_run
from canheal_nb.funding.model.scenario import Add, Scenario
from canheal_nb.funding.model.scenario_run import Run
from canheal_nb.need.model.inputs import Assumption
from canheal_nb.text.errors import UserError
from canheal_nb.uncertainty.sweeps import BLOCK

WRITTEN = Scenario(
    "Three machines", "a tester", "To test.", "2026.1", 2027, 3, services=("radiotherapy",),
    changes=(Add("radiotherapy", "SI", 3.0, 2027),), seed=4,
    assumptions=(Assumption("radiotherapy.lag", 1.0, 0.0, 2.0, "years", "a tester", "to test"),),
)  # fmt: skip


@pytest.fixture
def run(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr("canheal_nb.data.load", lambda: dataset)
    return scenario_run.run(dataset, WRITTEN)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "written.yaml"
    path.write_text(scenario_file.write(WRITTEN), encoding="utf-8")
    return str(path)


def test_a_sweep_gives_the_digits_of_a_live_run(run: Run, tmp_path: Path) -> None:
    made = scenario_sweep.swept(run, 1_000, folder=tmp_path)
    assert made is not None
    assert run_figures.figures(made) == run_figures.figures(run)
    assert made.futures.made.keys() == run.futures.made.keys()
    for name, drawn in run.futures.values.items():
        assert made.futures.values[name].tobytes() == drawn.tobytes()
    more = scenario_sweep.swept(run, 2_000)
    assert more is not None
    assert more.draws == 2_000
    assert more.intervals.loc["cost", "draws"] == 2_000
    assert not more.intervals.equals(made.intervals)


def test_the_command_keeps_its_draws_and_makes_none_twice(
    run: Run, file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["scenario", "run", file, "--draws", "3000", "--keep", str(tmp_path / "kept")]
    assert cli.main(words) == 0
    first = capsys.readouterr()
    assert first.err.splitlines() == [f"{n} of 3000 draws" for n in (1000, 2000, 3000)]
    assert "of 100 draws (3000), 90 lie between low and high" in first.out
    assert cli.main([*words, "--json"]) == 0
    again = capsys.readouterr()
    assert again.err.splitlines() == ["3000 of 3000 draws"]
    made = scenario_sweep.swept(run, 3_000)
    assert made is not None
    assert json.loads(again.out) == run_figures.figures(made)


def test_ctrl_c_is_one_sentence_and_the_next_call_goes_on(
    run: Run,
    file: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plain, blocks = evaluation.evaluate, [0]
    calls = 2  # of each block: the plan and doing nothing

    def evaluate(*given: object) -> evaluation.Outcome:
        outcome = plain(*given)  # type: ignore[arg-type]
        if np.ndim(outcome.spent):
            blocks[0] += 1
            if blocks[0] == calls * 6:
                raise KeyboardInterrupt
        return outcome

    monkeypatch.setattr(evaluation, "evaluate", evaluate)
    words = ["scenario", "run", file, "--draws", "2000", "--keep", str(tmp_path / "kept")]
    assert cli.main(words) == 130
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines()[-1] == (
        f"Stopped after 1000 of 2000 draws. They are in {tmp_path / 'kept'}; the same command "
        "goes on from there."
    )
    blocks[0] = 1_000
    assert cli.main(words) == 0
    assert blocks[0] - 1_000 == calls * 1_000 / BLOCK, "only what was not finished"
    assert capsys.readouterr().err.splitlines()[0] == "1000 of 2000 draws"
    blocks[0] = calls * 5
    assert cli.main(words[:-2]) == 130
    assert "nothing is kept without --keep FOLDER" in capsys.readouterr().err


def test_a_folder_of_another_plan_is_refused(run: Run, dataset: Dataset, tmp_path: Path) -> None:
    scenario_sweep.swept(run, 250, folder=tmp_path)
    other = scenario_run.run(dataset, dataclasses.replace(WRITTEN, changes=()))
    with pytest.raises(UserError, match="draws of another sweep .of is scenario "):
        scenario_sweep.swept(other, 250, folder=tmp_path)
    renamed = scenario_run.run(dataset, dataclasses.replace(WRITTEN, title="Another name"))
    assert scenario_sweep.named(renamed) == scenario_sweep.named(run)


def test_a_stopped_sweep_gives_no_figures_and_nothing_uncertain_needs_no_sweep(run: Run) -> None:
    assert scenario_sweep.swept(run, 2_000, stop=lambda: True) is None
    certain = dataclasses.replace(run.case, matrix=run.case.matrix.assign(low=np.nan, high=np.nan))
    still = scenario_sweep.swept(dataclasses.replace(run, case=certain), 5_000)
    assert still is not None
    assert (still.draws, still.seen) == (5_000, None)


def test_what_is_swept_travels_to_a_worker(run: Run) -> None:
    from canheal_nb.uncertainty import sampling
    from canheal_nb.uncertainty.futures import Together

    function = Together(run.options)
    there = loads(dumps(function))
    values = sampling.sample(function.given, 4, 0, 250)
    for name, drawn in function(values).items():
        assert there(values)[name].tobytes() == drawn.tobytes()


def test_no_cluster_at_the_address_is_told(
    run: Run, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["scenario", "run", file, "--cluster", "nowhere://1"]) == 2
    assert "No Dask scheduler answers at nowhere://1" in capsys.readouterr().err
