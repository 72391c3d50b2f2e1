"""The night batch without kernels: its workers here are small scripts that do as they are told."""

from __future__ import annotations

import datetime as dt
import errno
import importlib
import multiprocessing
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from canheal_nb import cli
from canheal_nb.data import Dataset, Edition
from canheal_nb.reporting import catalogue, notebook
from canheal_nb.reporting.batch import batch, runs
from canheal_nb.reporting.batch.jobs import Job, jobs
from canheal_nb.reporting.batch.pool import WorkerPool
from canheal_nb.text.errors import UserError

EDITION = Edition("2026.1", dt.date(2026, 11, 24))
WORKER = """
import hashlib, os, signal, sys, time
from pathlib import Path
from types import SimpleNamespace

from canheal_nb.text.errors import UserError
from canheal_nb.reporting.batch import worker

TRIED = Path({tried!r})


def obey(report, given, out, formats):
    TRIED.write_text(TRIED.read_text() + given["country"] + " ")
    out.mkdir(parents=True)
    (out / "half.html").write_text("<p>half")
    orders = given["do"].split()
    if "refuse" in orders:
        raise UserError("Nothing is known of it; ask somebody.", code="too-few")
    if "fill" in orders:
        raise UserError("The disk is full.", code="disk-full")
    if "err" in orders:
        raise KeyError("two\\nlines")
    if "die" in orders:
        os.kill(os.getpid(), signal.SIGKILL)
    if "leave" in orders:
        time.sleep(1)  # so that the pool has heard who works on it
        os._exit(7)
    if "stop" in orders:
        os.kill(os.getppid(), getattr(signal, orders[1]))
    if "stop" in orders or "hang" in orders:
        signal.pause()
    (out / "half.html").rename(out / f"{{report}}-{{given['country']}}.html")
    (out / f"{{report}}-{{given['country']}}.pdf").write_text("%PDF")
    sums = {{one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in out.iterdir()}}
    return SimpleNamespace(sha256=sums)


def make(report, given, out, formats):
    return worker.answer(obey, report, given, out, formats)
"""


def job(country: str, do: str = "make", report: str = "brief", title: str = "") -> Job:
    given = {"country": country, "do": do}
    return Job(report, country, title or country, given, ("html", "pdf"), f"{report} {country}")


class Bench:
    """A folder for batches, a worker that obeys, and what was said and tried."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "out"
        self.tried = folder / "tried"
        self.said: list[str] = []
        self.script = folder / f"worker_{folder.name}.py"
        self.script.write_text(WORKER.format(tried=str(self.tried)))
        self.make = importlib.import_module(self.script.stem).make

    def run(self, *planned: Job, workers: int = 1, limit: float = 60, force: bool = False) -> int:
        """Carry the jobs out; `tried` then names the subjects that a worker began."""
        self.tried.write_text("")
        self.said.clear()
        reports = sorted({job.report for job in planned})
        order = batch.Order(reports, self.out, workers=workers, limit=limit, force=force)
        return batch.carry_out(order, planned, EDITION, self.said.append, self.make)

    def log(self, run: int) -> list[dict[str, object]]:
        return list(runs.read_log(self.out / "runs" / f"2026.1-{run}"))

    def status(self, run: int) -> dict[object, object]:
        return {line["subject"]: line["status"] for line in self.log(run)}

    def names(self, run: int) -> list[str]:
        folder = self.out / "runs" / f"2026.1-{run}"
        return sorted(path.name for path in folder.iterdir())

    def latest(self) -> str | None:
        found = runs.latest(self.out)
        return found.name if found else None

    def told(self) -> list[str]:
        return self.tried.read_text().split()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.syspath_prepend(str(tmp_path))
    return Bench(tmp_path)


# --- all well -----------------------------------------------------------------------------


def test_when_all_is_well_latest_names_the_run(bench: Bench) -> None:
    assert bench.run(job("SI"), job("HR"), job("MT"), workers=2) == batch.ALL_WELL == 0
    assert bench.latest() == "2026.1-1"
    assert (bench.out / "latest").readlink() == Path("runs/2026.1-1")
    files = [f"brief-{c}.{kind}" for c in ("HR", "MT", "SI") for kind in ("html", "pdf")]
    assert bench.names(1) == [*files, "index.html", "log.jsonl"]
    assert sorted(path.name for path in bench.out.iterdir()) == [".lock", "latest", "runs"]


def test_the_log_has_one_line_per_job_with_all_that_one_asks_in_the_morning(bench: Bench) -> None:
    bench.run(job("SI"), job("HR", "refuse"))
    well, failed = bench.log(1)
    assert well["files"] == ["brief-SI.html", "brief-SI.pdf"]
    assert set(well["sha256"]) == set(well["files"])  # type: ignore[call-overload]
    assert (well["report"], well["status"], well["error"]) == ("brief", "made", None)
    assert (well["edition"], well["version"]) == ("2026.1", "0.1.0")
    assert isinstance(well["seconds"], float)
    assert failed["error"] == {
        "code": "too-few",
        "sentence": "Nothing is known of it; ask somebody.",
    }
    assert (failed["status"], failed["files"]) == ("failed", [])


def test_progress_says_the_how_manieth_and_about_how_long(bench: Bench) -> None:
    bench.run(job("SI"), job("HR"), job("MT"))
    assert re.fullmatch(
        r"1 of 3: brief-SI made in [\d.]+ s; about \d+ seconds? left", bench.said[0]
    )
    assert re.fullmatch(r"3 of 3: brief-MT made in [\d.]+ s", bench.said[2])
    assert bench.said[3] == f"3 reports: 3 made. They are in {bench.out / 'latest'}."


# --- failures -----------------------------------------------------------------------------


def test_it_goes_on_after_every_kind_of_failure(bench: Bench) -> None:
    bad = [job("BG", "refuse"), job("CY", "err"), job("DE", "die")]
    assert bench.run(job("AT"), *bad, job("SI")) == batch.NOT_WELL == 1
    assert bench.status(1) == {
        "AT": "made",
        "BG": "failed",
        "CY": "failed",
        "DE": "failed",
        "SI": "made",
    }
    codes = [line["error"]["code"] for line in bench.log(1) if line["error"]]  # type: ignore[index]
    assert codes == ["too-few", "unexpected", "worker-ended"]
    assert "brief-SI.pdf" in bench.names(1)
    assert bench.latest() is None


def test_a_failed_run_is_visible_says_why_and_leaves_latest(bench: Bench) -> None:
    bench.run(job("SI"), job("HR"))
    assert bench.run(job("SI"), job("CY", "err"), force=True) == 1
    assert bench.latest() == "2026.1-1"
    note = (bench.out / "FAILED.txt").read_text(encoding="utf-8")
    assert note == (bench.out / "runs" / "2026.1-2" / "FAILED.txt").read_text(encoding="utf-8")
    assert "2 reports: 1 made, 1 failed." in note
    assert "latest still names the run before, 2026.1-1." in note
    assert "- brief-CY: An error that nobody foresaw: KeyError: 'two\\nlines'." in note
    page = (bench.out / "runs" / "2026.1-2" / "index.html").read_text(encoding="utf-8")
    assert "<b>CY</b> (Brief): An error that nobody foresaw" in page


def test_the_next_good_run_takes_the_note_away(bench: Bench) -> None:
    bench.run(job("SI"), job("CY", "refuse"))
    assert (bench.out / "FAILED.txt").exists()
    assert bench.run(job("SI"), job("CY")) == 0
    assert not (bench.out / "FAILED.txt").exists()
    assert bench.latest() == "2026.1-2"


def test_what_a_failing_worker_left_half_written_is_not_kept(bench: Bench) -> None:
    bench.run(job("BG", "refuse"), job("DE", "die"))
    assert bench.names(1) == ["FAILED.txt", "index.html", "log.jsonl"]


def test_a_report_that_hangs_is_stopped_and_its_worker_replaced(bench: Bench) -> None:
    assert bench.run(job("HR", "hang"), job("SI"), limit=4) == 1
    assert bench.status(1) == {"HR": "failed", "SI": "made"}
    error = bench.log(1)[0]["error"]
    assert error["code"] == "too-slow"  # type: ignore[index]
    assert "not ready after 4 seconds" in error["sentence"]  # type: ignore[index]


def test_a_worker_that_cannot_start_fails_each_job_and_ends(bench: Bench) -> None:
    bench.script.write_text("raise SystemExit(7)")
    assert bench.run(job("HR"), job("SI")) == 1
    assert bench.status(1) == {"HR": "failed", "SI": "failed"}
    assert bench.log(1)[0]["error"]["code"] == "worker-ended"  # type: ignore[index]


def test_a_worker_that_ends_over_a_job_is_named_with_its_status(bench: Bench) -> None:
    assert bench.run(job("HR", "leave"), job("SI")) == 1
    assert bench.status(1) == {"HR": "failed", "SI": "made"}
    assert "ended with status 7" in str(bench.log(1)[0]["error"])


def test_a_worker_that_died_while_it_waited_is_replaced_before_the_next_job(
    bench: Bench, tmp_path: Path
) -> None:
    bench.tried.write_text("")
    with WorkerPool(1, 60, tmp_path / "making", bench.make) as pool:
        assert [result.code for result in pool.run([job("SI")])] == [""]
        (worker,) = multiprocessing.active_children()
        worker.kill()
        worker.join(10)
        assert [result.code for result in pool.run([job("HR")])] == [""]
    assert workers() == []


def workers() -> list[psutil.Process]:
    """Return the processes started by this one, but for the one that Python keeps for itself."""
    found = psutil.Process().children()
    return [one for one in found if "resource_tracker" not in " ".join(one.cmdline())]


# --- once more ----------------------------------------------------------------------------


def test_a_second_run_makes_only_what_failed(bench: Bench) -> None:
    bench.run(job("AT"), job("BG", "refuse"), job("SI"))
    assert bench.run(job("AT"), job("BG"), job("SI")) == 0
    assert bench.told() == ["BG"]
    assert bench.status(2) == {"AT": "unchanged", "SI": "unchanged", "BG": "made"}
    assert {"brief-AT.html", "brief-BG.html", "brief-SI.pdf"} <= set(bench.names(2))


def test_unchanged_reports_need_no_worker(bench: Bench) -> None:
    bench.run(job("SI"))
    bench.script.write_text("raise SystemExit(7)")
    assert bench.run(job("SI")) == 0
    assert bench.run(job("SI"), force=True) == 1


def test_other_inputs_are_made_again(bench: Bench) -> None:
    bench.run(job("SI"), job("HR"))
    other = Job("brief", "SI", "SI", {"country": "SI", "do": "make"}, ("html", "pdf"), "other")
    bench.run(other, job("HR"))
    assert bench.told() == ["SI"]


@pytest.mark.parametrize("spoil", [lambda p: p.unlink(), lambda p: p.write_text("<p>spoilt")])
def test_a_report_of_which_a_file_is_gone_or_spoilt_is_made_again(
    bench: Bench, spoil: Callable[[Path], None]
) -> None:
    bench.run(job("SI"), job("HR"))
    spoil(bench.out / "latest" / "brief-SI.html")
    assert bench.run(job("SI"), job("HR")) == 0
    assert bench.told() == ["SI"]
    assert (bench.out / "latest" / "brief-SI.html").read_text() == "<p>half"


def test_an_old_run_can_be_deleted_and_a_log_cut_off_is_read_as_far_as_it_goes(
    bench: Bench,
) -> None:
    bench.run(job("SI"), job("HR"))
    log = bench.out / "runs" / "2026.1-1" / "log.jsonl"
    log.write_text(log.read_text()[:-40])
    assert bench.run(job("SI"), job("HR")) == 0
    assert bench.told() == ["HR"]
    for path in (bench.out / "runs" / "2026.1-1").iterdir():
        path.unlink()
    (bench.out / "runs" / "2026.1-1").rmdir()
    assert bench.run(job("SI"), job("HR")) == 0
    assert bench.told() == []
    assert bench.latest() == "2026.1-3"


# --- stopped by hand ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_stopped_by_hand_it_says_what_is_left_and_goes_on_from_there(
    bench: Bench, name: str
) -> None:
    before = signal.getsignal(signal.SIGINT)
    others = workers()
    stopped = job("HR", f"stop {name}")
    assert bench.run(job("SI"), stopped, job("MT")) == batch.STOPPED_BY_HAND == 130
    assert signal.getsignal(signal.SIGINT) is before
    assert workers() == others
    assert bench.status(1) == {"SI": "made", "HR": "stopped", "MT": "stopped"}
    assert "3 reports: 1 made, 2 not made." in bench.said[-1]
    assert "stopped before these: brief-HR, brief-MT" in bench.said[-1]
    files = ["FAILED.txt", "brief-SI.html", "brief-SI.pdf", "index.html", "log.jsonl"]
    assert bench.names(1) == files
    assert bench.latest() is None
    assert bench.run(job("SI"), job("HR"), job("MT")) == 0
    assert bench.told() == ["HR", "MT"]


# --- a full disk --------------------------------------------------------------------------


def test_a_worker_on_a_full_disk_ends_the_run(bench: Bench) -> None:
    bench.run(job("AT"))
    assert bench.run(job("AT"), job("HR", "fill"), job("SI")) == 1
    assert bench.status(2) == {"AT": "unchanged", "HR": "failed", "SI": "stopped"}
    assert bench.latest() == "2026.1-1"
    assert "- brief-HR: The disk is full, so the run ends here. Free some space." in bench.said[-1]


def test_a_disk_full_for_the_log_is_one_sentence_and_latest_is_as_it_was(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.run(job("AT"))

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    assert bench.run(job("AT"), job("SI")) == 1
    assert bench.said[-1].startswith("The disk is full, so the run ends here. Free some space.")
    assert len(bench.said) == 1
    assert bench.latest() == "2026.1-1"


def test_the_sentence_for_a_full_disk_also_comes_when_nothing_at_all_can_be_written(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", full)
    assert batch.carry_out(batch.Order(["brief"], bench.out), [], EDITION, bench.said.append) == 1
    assert bench.said[-1].startswith("The disk is full, so the run ends here.")
    assert "latest in" in bench.said[-1]
    assert bench.latest() is None


# --- two at once ----------------------------------------------------------------------------


def test_a_second_run_at_the_same_time_is_refused_and_names_the_first(bench: Bench) -> None:
    bench.run(job("SI"))
    with (
        runs.lock(bench.out, bench.said.append),
        pytest.raises(batch.BusyError, match=f"process {os.getpid()}, since 20"),
    ):
        bench.run(job("SI"))
    assert bench.names(1)
    assert not (bench.out / "runs" / "2026.1-2").exists()


def test_the_lock_of_a_dead_process_is_recognised_and_said(bench: Bench) -> None:
    bench.out.mkdir()
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from canheal_nb.reporting.batch import runs\n"
        "with runs.lock(Path(sys.argv[1]), print): os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(bench.out)], capture_output=True)
    assert done.returncode == -signal.SIGKILL
    assert bench.run(job("SI")) == 0
    assert re.match(
        r"An earlier run \(process \d+, since .*\) ended without tidying up", bench.said[0]
    )
    assert bench.run(job("SI")) == 0
    assert "is unchanged" in bench.said[0]


def test_the_command_has_an_exit_code_of_its_own_for_a_held_lock(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with runs.lock(tmp_path, print):
        words = ["report", "country_brief", "--all", "--out", str(tmp_path), "--format", "html"]
        assert cli.main(words) == batch.BUSY == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("canheal: Another run is writing to ")
    assert err.count("\n") == 1


# --- the folder -----------------------------------------------------------------------------


def test_without_links_latest_is_a_file_that_names_the_run(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unable(*_args: object, **_named: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    bench.run(job("SI"))
    monkeypatch.setattr(Path, "symlink_to", unable)
    monkeypatch.setattr(os, "link", unable)
    assert bench.run(job("SI"), job("HR")) == 0
    assert (bench.out / "latest").read_text() == "runs/2026.1-2\n"
    assert bench.latest() == "2026.1-2"
    assert bench.told() == ["HR"]
    monkeypatch.undo()
    assert bench.run(job("SI"), job("HR")) == 0
    assert (bench.out / "latest").is_symlink()


def test_somebody_elses_folder_called_latest_is_left_alone(bench: Bench) -> None:
    (bench.out / "latest").mkdir(parents=True)
    with pytest.raises(UserError, match="somebody else's"):
        bench.run(job("SI"))
    assert list((bench.out / "runs").iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_refused(bench: Bench) -> None:
    bench.out.write_text("x")
    with pytest.raises(UserError, match="Choose another folder"):
        bench.run(job("SI"))


def test_a_kind_of_report_is_not_lost_from_latest(bench: Bench) -> None:
    bench.run(job("SI"), job("EU", report="overview"))
    with pytest.raises(UserError, match="shows overview too"):
        bench.run(job("SI"))
    assert bench.run(job("SI"), job("EU", report="overview"), job("x", report="profile")) == 0


def test_runs_are_numbered_across_editions_with_plain_names(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    assert runs.begin(tmp_path, "2026.1").name == "2026.1-1"
    assert runs.begin(tmp_path, "../a b/é").name == "a-b-2"
    assert runs.begin(tmp_path, "2026.2").name == "2026.2-3"


# --- the index ------------------------------------------------------------------------------


def test_the_index_lists_every_report_and_asks_nobody_for_anything(bench: Bench) -> None:
    hostile = "<script>x</script>\"'`{{7*7}}"
    bench.run(job("SI", title=hostile), job("HR", title="Hrvatska"), job("EU", report="eu_view"))
    page = (bench.out / "latest" / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"#]+)"', page)
    assert links == [
        f"{name}.{kind}"
        for name in ("brief-SI", "brief-HR", "eu_view-EU")
        for kind in ("html", "pdf")
    ]
    assert all((bench.out / "latest" / link).is_file() for link in links)
    assert "&lt;script&gt;x&lt;/script&gt;&#34;&#39;`{{7*7}}" in page
    assert not re.search(r"<script|<link|<img|src=|url\(|@import|https?://", page)
    assert '<html lang="en">' in page
    assert re.findall(r"<h(\d)>(.*?)</h", page) == [
        ("1", "Reports of edition 2026.1"),
        ("2", "Brief"),
        ("2", "Eu view"),
    ]


# --- which jobs -----------------------------------------------------------------------------


def test_every_country_has_a_brief(dataset: Dataset) -> None:
    planned = jobs(["country_brief"], {}, ("html",), dataset)
    members = dataset.areas[dataset.areas["kind"] == "member_state"].index
    assert {job.subject for job in planned} == set(members)
    assert len(planned) == 27
    assert len({job.inputs for job in planned}) == 27
    assert next(job.title for job in planned if job.subject == "SI") == "Slovenia"


def test_inputs_change_with_formats_parameters_notebook_data_and_code(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def inputs(*formats: str) -> str:
        return jobs(["country_brief"], {}, formats, dataset)[0].inputs

    first = inputs("html", "pdf")
    assert inputs("pdf", "html") == first
    seen = {first, inputs("html")}
    seen.add(jobs(["country_brief"], {"lang": "en"}, ("html", "pdf"), dataset)[0].inputs)
    assert len(seen) == 2
    for name in ("_data", "_code"):
        with monkeypatch.context() as patch:
            patch.setattr(f"canheal_nb.reporting.batch.jobs.{name}", lambda *_: "other")
            seen.add(inputs("html", "pdf"))
    (tmp_path / "reports").mkdir()
    changed = notebook.find("country_brief").read_bytes() + b"\n"
    (tmp_path / "reports" / "country_brief.ipynb").write_bytes(changed)
    monkeypatch.setattr(notebook, "notebooks_dir", lambda: tmp_path)
    seen.add(inputs("html", "pdf"))
    assert len(seen) == 5


def test_a_subject_that_is_refused_fails_alone_and_a_refusal_of_all_is_raised(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, sentence = catalogue.ask, "Its name is missing; add it."

    def ask(report: str, given: dict[str, object], dataset: Dataset) -> object:
        if given["country"] == "SI":
            raise UserError(sentence, code="no-name")
        return plain(report, given, dataset)

    monkeypatch.setattr(catalogue, "ask", ask)
    planned = jobs(["country_brief"], {}, ("html",), dataset)
    assert len(planned) == 27
    assert [job.title for job in planned if job.subject == "SI"] == ["SI"]
    monkeypatch.setattr(catalogue, "subjects", lambda *_: [{"country": "SI"}])
    with pytest.raises(UserError, match="Its name is missing"):
        jobs(["country_brief"], {}, ("html",), dataset)
    monkeypatch.setattr(catalogue, "subjects", lambda *_: [])
    with pytest.raises(UserError, match="nothing that the report country_brief could be about"):
        jobs(["country_brief"], {}, ("html",), dataset)


def test_data_that_differ_from_the_registry_are_other_data(tmp_path: Path) -> None:
    from canheal_nb.reporting.batch.jobs import _data

    for folder, text in (("a", "1"), ("b", "2")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "registry.csv").write_text("path,sha256\nfacts.csv,0\n")
        (tmp_path / folder / "facts.csv").write_text(text)
    assert _data(tmp_path / "a") != _data(tmp_path / "b")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["country_brief", "--all", "--country", "SI"], "leave out --country"),
        (["country_brief", "--all", "--contry", "SI"], "no parameter 'contry'"),
        (["country_brief", "--all", "--lang", "tlh"], "lang: 'tlh' is not known"),
        (["contry_brief", "--all"], "Did you mean country_brief"),
        (["country_brief", "--all", "--jobs", "0"], "--jobs must be 1 or more"),
        (["country_brief", "--all", "--time-limit", "-1"], "--time-limit must be 1 or more"),
        (["country_brief", "--country", "SI", "--dry-run"], "go with --all"),
        (["country_brief", "--country", "SI", "--jobs", "0"], "go with --all"),
        (["country_brief", "country_brief", "--country", "SI"], "go with --all"),
    ],
)
def test_a_refusal_is_one_sentence_and_leaves_nothing(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert cli.main(["report", *words, "--out", str(out)]) == 2
    said, err = capsys.readouterr()
    assert told in err
    assert (said, err.count("\n")) == ("", 1)
    assert not out.exists()


def test_a_dry_run_says_all_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert cli.main(["report", "country_brief", "--all", "--out", str(out), "--dry-run"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 27
    assert said[-1].startswith("27 of 27: country_brief-")
    assert all(line.endswith(" would be made") for line in said)
    assert not out.exists()


def test_a_dry_run_knows_what_is_unchanged(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.run(job("SI"))
    planned = [job("SI"), job("HR")]
    monkeypatch.setattr(batch, "plan", lambda _order: (EDITION, planned))
    for force, first in ((False, "is unchanged"), (True, "would be made")):
        said: list[str] = []
        order = batch.Order(["brief"], bench.out, force=force)
        assert batch.dry_run(order, said.append) == 0
        assert said == [f"1 of 2: brief-SI {first}", "2 of 2: brief-HR would be made"]
    assert bench.names(1) == ["brief-SI.html", "brief-SI.pdf", "index.html", "log.jsonl"]


def test_every_report_with_a_question_can_be_a_batch(dataset: Dataset) -> None:
    for report in notebook.known_reports():
        assert catalogue.subjects(report, dataset)
