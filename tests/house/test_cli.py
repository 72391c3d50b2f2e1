"""The command line: it refuses in one plain sentence, with exit code 2, and writes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import pytest

from canheal_nb import cli, doctor
from canheal_nb.data import Dataset
from canheal_nb.reporting import catalogue
from canheal_nb.reporting.contract import Outcome
from canheal_nb.text.errors import UserError

ROOT = Path(__file__).resolve().parents[2]
FICTION = ROOT / "tests" / "fixtures" / "data"
HOSTILE = ["<script>alert(1)</script>", "'; import os; '", "a\nb\x1b[31m\x00", "`id` $(id)"]
HOSTILE += [
    "{0} {country} %s",
    "\u202eRTL\u200f",
    "e\u0301" * 50,
    "\U0001f600" * 99,
    "\udc80",
    "../../etc",
    "{{7*7}}",
]


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run a command; return the one sentence that refuses it."""
    assert cli.main(words) == 2
    told = capsys.readouterr()
    assert told.out == ""
    (line,) = told.err.splitlines()
    assert line.startswith("canheal: ")
    assert line.endswith((".", "?"))
    assert line.isprintable()
    assert "Traceback" not in line
    assert len(line) < 400
    return line


@pytest.fixture
def out(tmp_path: Path) -> str:
    return str(tmp_path / "out")


@pytest.fixture(autouse=True)
def _nothing_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """No kernel starts here, and whatever is refused has written nothing."""
    monkeypatch.setattr("canheal_nb.reporting.production.execute", lambda *_: pytest.fail("it ran"))
    monkeypatch.chdir(tmp_path)
    yield
    assert list(tmp_path.iterdir()) == []


# --- the five refusals --------------------------------------------------------------------


def test_an_unknown_country(capsys: pytest.CaptureFixture[str], out: str) -> None:
    line = refused(capsys, "report", "country_brief", "--country", "XX", "--out", out)
    assert "'XX' is not known" in line
    assert "SI" in line


def test_greece_by_another_code(capsys: pytest.CaptureFixture[str], out: str) -> None:
    line = refused(capsys, "report", "country_brief", "--country=EL", "--out", out)
    assert "Greece is written GR here." in line


def test_an_unknown_parameter(capsys: pytest.CaptureFixture[str], out: str) -> None:
    line = refused(capsys, "report", "country_brief", "--contry", "SI", "--out", out)
    assert "Did you mean country?" in line


def test_a_missing_parameter(capsys: pytest.CaptureFixture[str], out: str) -> None:
    assert "--country SI" in refused(capsys, "report", "country_brief", "--out", out)


def test_a_value_left_out(capsys: pytest.CaptureFixture[str], out: str) -> None:
    line = refused(capsys, "report", "country_brief", "--out", out, "--country")
    assert "'' is not known" in line


def test_a_wrong_type(capsys: pytest.CaptureFixture[str], out: str) -> None:
    """The command line knows texts only, so the type is wrong where an option wants a number."""
    assert "invalid int value" in refused(capsys, "app", "--port", "many")
    line = refused(capsys, "report", "country_brief", "--format", "odt", "--out", out)
    assert "html" in line


@pytest.mark.parametrize("value", [5, None, ["SI"], True])
def test_a_wrong_type_from_a_file(out: str, value: object) -> None:
    with pytest.raises(UserError) as caught:
        catalogue.make("country_brief", {"country": value}, Path(out))
    assert caught.value.code == "wrong-type"
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("report", ["country_brif", "country_brief.ipynb", "../country_brief", ""])
def test_an_unknown_report(capsys: pytest.CaptureFixture[str], out: str, report: str) -> None:
    line = refused(capsys, "report", report, "--country", "SI", "--out", out)
    assert "country_brief" in line


@pytest.fixture
def _loaded(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the data once for many refusals."""
    monkeypatch.setattr("canheal_nb.data.load", lambda: dataset)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.usefixtures("_loaded")
def test_hostile_text(capsys: pytest.CaptureFixture[str], out: str, text: str) -> None:
    for words in (
        ("report", "country_brief", f"--country={text}"),
        ("report", "country_brief", "--country", "SI", f"--{text}", "1"),
        ("report", text, "--country", "SI"),
        ("report", "country_brief", "--country", "SI", text),
    ):
        assert refused(capsys, *words, "--out", out).isascii()


# --- other refusals -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [(), ("rport",), ("data",), ("data", "check"), ("report",), ("report", "country_brief")],
)
def test_an_incomplete_command_names_the_help(
    capsys: pytest.CaptureFixture[str], words: Sequence[str]
) -> None:
    assert "--help" in refused(capsys, *words)


@pytest.mark.parametrize("words", [("doctor", "--loud"), ("data", "verify", "a", "b")])
def test_what_is_too_much_is_named(
    capsys: pytest.CaptureFixture[str], words: Sequence[str]
) -> None:
    assert f"'{words[-1]}' is not understood" in refused(capsys, *words)


def test_a_word_that_stands_alone(capsys: pytest.CaptureFixture[str], out: str) -> None:
    line = refused(capsys, "report", "country_brief", "--out", out, "SI")
    assert "'SI' stands alone" in line
    assert "--all" in refused(capsys, "report", "country_brief", "SI", "--out", out)


def test_an_unknown_language(capsys: pytest.CaptureFixture[str], out: str) -> None:
    words = ("report", "country_brief", "--country", "SI", "--lang", "tlh", "--out", out)
    assert "lang: 'tlh' is not known" in refused(capsys, *words)


def test_a_folder_without_data(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    monkeypatch.setenv("CANHEAL_DATA", str(ROOT / "nowhere"))
    assert "nowhere" in refused(capsys, "report", "country_brief", "--country", "SI", "--out", out)


# --- what is done -------------------------------------------------------------------------


def test_a_report_is_asked_for_and_its_files_are_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    asked: list[object] = []

    def make(
        report: str, given: Mapping[str, object], folder: Path, formats: Sequence[str]
    ) -> Outcome:
        asked.extend([report, dict(given), folder, list(formats)])
        return Outcome((folder / "a.html", folder / "a.pdf"), 0.0, {})

    monkeypatch.setattr(catalogue, "make", make)
    words = ["report", "x", "--out", out, "--country=SI", "--as-of", "a=b", "--format", "html"]
    assert cli.main(words) == 0
    assert asked == ["x", {"country": "SI", "as_of": "a=b"}, Path(out), ["html"]]
    assert capsys.readouterr().out.splitlines() == [f"{out}/a.html", f"{out}/a.pdf"]


def test_a_report_is_made_in_all_formats_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(catalogue, "make", lambda *given: asked.extend(given) or Outcome((), 0, {}))
    assert cli.main(["report", "x", "--out", "y"]) == 0
    assert asked[-1] is None


def test_data_without_faults(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", "verify", str(FICTION)]) == 0
    assert capsys.readouterr().out == f"0 faults in {FICTION}.\n"


def test_faults_in_the_data_are_listed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = ROOT / "tests" / "house"
    assert cli.main(["data", "verify", str(folder)]) == 1
    *faults, count = capsys.readouterr().out.splitlines()
    assert len(faults) > 1
    assert count == f"{len(faults)} faults in {folder}."


@pytest.mark.parametrize("fine", [True, False])
def test_the_doctor(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, fine: bool
) -> None:
    finding = doctor.Finding("Pango", "reports", fine, "It is there.", "apt-get install pango")
    monkeypatch.setattr(doctor, "examine", lambda: [finding])
    assert cli.main(["doctor"]) == (0 if fine else 1)
    told = capsys.readouterr().out
    assert told.startswith("well" if fine else "MISSING")
    assert ("do this: apt-get install pango" in told) is not fine


def test_the_apps_are_started_and_their_address_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}

    def run(folder: Path, *, announce: Any, **given: Any) -> None:
        asked.update(given, folder=folder.name)
        announce("http://localhost:1/")

    monkeypatch.setattr("canheal_nb.serve.run", run)
    assert cli.main(["app", "--port", "1", "--base-url", "/x/", "--no-browser"]) == 0
    expected = {"folder": "apps", "port": 1, "base_url": "/x/"}
    usual = {"open_browser": False, "preheat": True, "store": "", "for_team": False}
    usual |= {"host": "127.0.0.1", "host_names": [], "trusted_proxies": [], "log": ""}
    assert callable(asked.pop("announce_team"))
    assert asked == expected | usual
    assert capsys.readouterr().out == "The apps are at http://localhost:1/\n"


def test_stopping_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_given: object) -> Outcome:
        raise KeyboardInterrupt

    monkeypatch.setattr(catalogue, "make", stopped)
    assert cli.main(["report", "x", "--out", "y"]) == 130


@pytest.mark.parametrize("word", ["--version", "--help"])
def test_version_and_help_are_told(capsys: pytest.CaptureFixture[str], word: str) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main([word])
    assert caught.value.code == 0
    assert "canheal" in capsys.readouterr().out


def test_a_refusal_reaches_the_shell() -> None:
    """The whole way once, as a process: even a sign that no terminal knows is said."""
    words = [sys.executable, "-m", "canheal_nb.cli", "report", "\u202e\udcff", "--out", "never"]
    done = subprocess.run(words, capture_output=True, check=False, env={"PYTHONPATH": str(ROOT)})
    assert done.returncode == 2
    assert done.stdout == b""
    assert len(done.stderr.splitlines()) == 1
    assert b"There is no report" in done.stderr


def test_a_reader_that_leaves_sees_no_traceback() -> None:
    """As `canheal ... | head` does once it has seen enough; help ends before any command runs."""
    with left_pipe() as writes:
        words = [sys.executable, "-m", "canheal_nb.cli", "--help"]
        env = {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(words, stdout=writes, stderr=subprocess.PIPE, check=False, env=env)
    assert (done.stderr, done.returncode) == (b"", cli.LEFT)


def test_a_reader_that_leaves_a_command_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_doctor", lambda _parsed: sys.stdout.write("much " * 99_999))
    with left_pipe() as writes:
        monkeypatch.setattr(sys, "stdout", writes)
        assert cli.main(["doctor"]) == cli.LEFT
        writes.flush()


@contextmanager
def left_pipe() -> Iterator[TextIO]:
    """A pipe that nobody reads any more."""
    reads, writes = os.pipe()
    os.close(reads)
    with os.fdopen(writes, "w") as stream:
        yield stream
