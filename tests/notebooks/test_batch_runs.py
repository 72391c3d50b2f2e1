"""Batches of real reports: real workers, one kernel each; all of them only in the long tests."""

from __future__ import annotations

import importlib
import re
import shutil
import tempfile
from pathlib import Path

import psutil
import pytest

from canheal_nb import cli, data
from canheal_nb.data import registry
from canheal_nb.reporting.batch import batch, runs
from canheal_nb.reporting.batch.jobs import Job
from canheal_nb.reporting.notebook import known_reports
from canheal_nb.text import home

FIXTURES = Path(__file__).parent / "fixtures"
LOST = "SI"
FAULTY = """
import datetime
from pathlib import Path

from canheal_nb.reporting.batch import worker
from canheal_nb.reporting import production, notebook
from canheal_nb.reporting.contract import Cover


def run(report, given, out, formats):
    notebook.notebooks_dir = lambda: Path({fixtures!r})
    cover = Cover("SI", datetime.date(2026, 11, 24))
    return production.run(report, given, out, formats, cover=cover)


def make(report, given, out, formats):
    return worker.answer(run, report, given, out, formats)
"""


def brief(out: Path, *countries: str, workers: int = 2) -> tuple[int, dict[str, str]]:
    """Make some countries' briefs as pages; return the exit code and what the log says."""
    order = batch.Order(["country_brief"], out, ("html",), workers=workers)
    edition, planned = batch.plan(order)
    chosen = [job for job in planned if job.subject in countries]
    code = batch.carry_out(order, chosen, edition, lambda _line: None)
    lines = runs.read_log(runs.latest(out) or out)
    return code, {str(line["subject"]): str(line["status"]) for line in lines}


def kernels(scratch: Path) -> list[psutil.Process]:
    """Return the processes that work in a folder for passing files."""
    found = psutil.process_iter(["cmdline"])
    return [one for one in found if str(scratch) in " ".join(one.info["cmdline"] or [])]


def test_two_briefs_come_out_whole_and_a_second_run_keeps_them(tmp_path: Path) -> None:
    assert brief(tmp_path, "SI", "MT") == (0, {"SI": "made", "MT": "made"})
    made = (tmp_path / "latest" / "country_brief-MT.html").read_text(encoding="utf-8")
    assert "<h1>Malta</h1>" in made
    assert brief(tmp_path, "SI", "MT") == (0, {"SI": "unchanged", "MT": "unchanged"})
    again = (tmp_path / "latest" / "country_brief-MT.html").read_text(encoding="utf-8")
    assert again == made


def test_a_country_without_data_says_not_known_and_the_others_come_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = without_country(tmp_path / "data")
    monkeypatch.setenv("CANHEAL_DATA", str(bare))
    assert brief(tmp_path / "out", LOST, "MT") == (0, {LOST: "made", "MT": "made"})
    page = (tmp_path / "out" / "latest" / f"country_brief-{LOST}.html").read_text(encoding="utf-8")
    assert "not known" in page
    assert "Slovenia has" not in page
    assert not re.search(r"\bnan\b|\bNaN\b|<NA>|\bNone\b(?! of)", page)
    other = (tmp_path / "out" / "latest" / "country_brief-MT.html").read_text(encoding="utf-8")
    assert "<h1>Malta</h1>" in other


def without_country(folder: Path) -> Path:
    """Copy the data without anything about one country but its name and its place on the map."""
    shutil.copytree(home.data_dir(), folder)
    centres = data.load().centres
    gone = [f"{centre}," for centre in centres[centres["country"] == LOST].index]
    drop_lines(folder / "facts" / "indicators.csv", f"{LOST},")
    for name in ("centres", "capabilities"):
        drop_lines(folder / "facts" / f"{name}.csv", *gone)
    (folder / "registry.csv").write_text(registry.text(folder), encoding="utf-8")
    return folder


def drop_lines(path: Path, *starts: str) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(starts)]
    assert len(kept) < len(lines)
    path.write_text("".join(kept), encoding="utf-8")


def test_a_report_that_hangs_is_stopped_and_its_kernel_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    (tmp_path / "faulty_worker.py").write_text(FAULTY.format(fixtures=str(FIXTURES)))
    monkeypatch.syspath_prepend(str(tmp_path))
    make = importlib.import_module("faulty_worker").make
    order = batch.Order(["lingers"], tmp_path / "out", ("html",), limit=6)
    planned = [Job("lingers", "SI", "Slovenia", {"country": "SI"}, ("html",), "")]
    edition = data.load().edition
    assert batch.carry_out(order, planned, edition, lambda _line: None, make) == 1
    _gone, alive = psutil.wait_procs(kernels(scratch), timeout=10)
    assert alive == []
    assert list(scratch.iterdir()) == []
    (line,) = runs.read_log(tmp_path / "out" / "runs" / f"{edition.name}-1")
    assert line["error"]["code"] == "too-slow"  # type: ignore[index]


@pytest.mark.long
def test_every_report_there_is_comes_out_and_is_kept(tmp_path: Path) -> None:
    words = ["report", *known_reports(), "--all", "--out", str(tmp_path)]
    assert cli.main(words) == 0
    first = runs.latest(tmp_path)
    assert first is not None
    made = list(runs.read_log(first))
    assert {line["status"] for line in made} == {"made"}
    assert len([line for line in made if line["report"] == "country_brief"]) == 27
    assert cli.main(words) == 0
    again = runs.latest(tmp_path)
    assert again is not None
    assert {line["status"] for line in runs.read_log(again)} == {"unchanged"}


@pytest.mark.long
def test_one_process_or_two_give_the_same_bytes(tmp_path: Path) -> None:
    words = ["report", "country_brief", "--all", "--out"]
    sums = []
    for jobs in ("1", "2"):
        assert cli.main([*words, str(tmp_path / jobs), "--jobs", jobs]) == 0
        lines = runs.read_log(tmp_path / jobs / "latest")
        sums.append({line["subject"]: line["sha256"] for line in lines})
    assert sums[0] == sums[1]
