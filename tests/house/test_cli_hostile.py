"""What may be typed for a file, a folder or an address: one line, code 2, and nothing written."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from canheal_nb import cli
from canheal_nb.data import Dataset

Make = Callable[[Path], str]


def _pipe(folder: Path) -> str:
    os.mkfifo(folder / "pipe.yaml")
    return str(folder / "pipe.yaml")


def _huge(folder: Path) -> str:
    with (folder / "huge.yaml").open("wb") as file:
        file.truncate(2**30)
    return str(folder / "huge.yaml")


def _holding(name: str, content: bytes) -> Make:
    def make(folder: Path) -> str:
        (folder / name).write_bytes(content)
        return str(folder / name)

    return make


def _folder(folder: Path) -> str:
    (folder / "folder.yaml").mkdir()
    return str(folder / "folder.yaml")


PATHS: dict[str, Make] = {
    "null": lambda _folder: "a/\0b.yaml",
    "overlong": lambda _folder: f"{'a/' * 3000}b.yaml",
    "overlong name": lambda _folder: f"./{'a' * 300}.yaml",
    "no text": lambda _folder: "a/\udcff.yaml",
}
FILES: dict[str, Make] = PATHS | {
    "device": lambda _folder: "/dev/zero",
    "pipe": _pipe,
    "folder": _folder,
    "huge": _huge,
    "missing": lambda folder: str(folder / "none.yaml"),
    "empty": _holding("empty.yaml", b""),
    "binary": _holding("binary.yaml", bytes(range(256))),
    "deep": _holding("deep.yaml", b"[" * 100_000),
    "aliases": _holding("aliases.yaml", b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n"),
}
READING: dict[str, list[str]] = {
    "check": ["scenario", "check", "{}"],
    "run": ["scenario", "run", "{}"],
    "import": ["feedback", "import", "{}", "--store", "store"],
}
WRITING: dict[str, list[str]] = {
    "plan": ["scenario", "plan", "today", "--out", "{}"],
    "keep": ["scenario", "run", "today", "--keep", "{}"],
    "verify": ["data", "verify", "{}"],
    "report": ["report", "country_brief", "--country", "SI", "--out", "{}"],
    "export": ["feedback", "export", "{}"],
    "store": ["feedback", "import", "none", "--store", "{}"],
}
PAIRS = [(READING[c], FILES[f]) for c in READING for f in FILES]
PAIRS += [(WRITING[c], PATHS[f]) for c in WRITING for f in PATHS]
NAMES = [f"{c} {f}" for c in READING for f in FILES] + [f"{c} {f}" for c in WRITING for f in PATHS]


@pytest.fixture
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dataset: Dataset) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr("canheal_nb.data.load", lambda: dataset)


def refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    code = cli.main(words)
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err.startswith("canheal: ")
    assert err.count("\n") == 1
    assert len(err) < 1_000
    assert not list(Path().iterdir()), "nothing is written"
    return err


@pytest.mark.usefixtures("_here")
@pytest.mark.parametrize(("command", "make"), PAIRS, ids=NAMES)
def test_it_is_one_line_and_nothing_is_written(
    command: list[str], make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = make(tmp_path)
    refused([word.format(given) for word in command], capsys)


@pytest.mark.usefixtures("_here")
@pytest.mark.parametrize("make", [FILES["device"], FILES["pipe"], FILES["huge"]])
def test_answers_are_read_from_plain_files_alone(
    make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link = tmp_path / "answers.json"
    link.symlink_to(make(tmp_path))
    words = ["report", "designation_check", "--answers", str(link), "--out", "out"]
    assert "answers.json" in refused(words, capsys)


@pytest.mark.usefixtures("_here")
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "silent", "a" * 5000, "tcp://", "x\0y"])
def test_a_cluster_that_does_not_answer(
    address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canheal_nb.uncertainty.sweeps.dask_cluster._ANSWER_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        if address == "silent":
            address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        words = ["scenario", "run", "today", "--draws", "100", "--keep", "kept", "--cluster"]
        assert "No Dask scheduler answers" in refused([*words, address], capsys)
