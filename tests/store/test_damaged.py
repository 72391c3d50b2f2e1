"""A store or data that are damaged: one sentence, on the command line and over HTTP; /health."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from canheal_nb import cli
from canheal_nb.serve import health
from canheal_nb.serve.submission_service import Desk
from canheal_nb.store import checking, comments, engine, open_store, submissions, terms, transfer
from canheal_nb.text import home
from canheal_nb.text.errors import UserError

DAY = dt.date(2026, 3, 2)
OFFER = replace(terms.offered(), topics={"data"})


@pytest.fixture
def file(tmp_path, feedback, priorities) -> Path:
    """Return the file of a store with forty hand-ins, closed."""
    store = open_store(str(tmp_path / "state"))
    for n in range(20):
        submissions.hand_in(store, feedback(text=f"text {n} " * 100), DAY, OFFER)
        submissions.hand_in(store, priorities(), DAY, OFFER)
    store.close()
    return tmp_path / "state" / "canheal.sqlite"


def spoil(file: Path, how: str) -> None:
    whole = file.read_bytes()
    if how == "foreign":
        file.write_bytes(b"hello " * 2000)
    elif how == "half":
        file.write_bytes(whole[: len(whole) // 2])
    elif how == "folder":
        file.unlink()
        file.mkdir()
    elif how == "schema":
        link = sqlite3.connect(file)
        link.execute("DROP TABLE log")
        link.execute("ALTER TABLE feedback DROP COLUMN text")
        link.close()
    else:
        at = len(whole) // 2
        file.write_bytes(whole[:at] + random.Random(1).randbytes(8192) + whole[at + 8192 :])


SPOILT = ("foreign", "half", "folder", "schema", "bytes")
TOLD = dict.fromkeys(SPOILT, "is damaged") | {"folder": "cannot be reached"}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_store_is_one_sentence_on_the_command_line(file, how, capsys):
    spoil(file, how)
    for task in (["list"], ["show", "x"], ["export", str(file.parent / "out")]):
        assert cli.main(["feedback", *task, "--store", str(file.parent)]) == 2
        told = capsys.readouterr()
        (line,) = told.err.splitlines()
        assert TOLD[how] in line
        assert told.out == ""
    assert not (file.parent / "out").exists()


def bytes_at_random(file: Path, seeds: int) -> set[str]:
    """Spoil a store over and over; return what came of reading all of it, other than well."""
    whole, seen = file.read_bytes(), set()
    for seed in range(seeds):
        chance = random.Random(seed)
        at, n = chance.randrange(100, len(whole) - 2000), chance.choice([4, 16, 200, 2000])
        file.write_bytes(whole[:at] + chance.randbytes(n) + whole[at + n :])
        for end in ("-wal", "-shm"):
            file.with_name(file.name + end).unlink(missing_ok=True)
        store = None
        try:
            store = open_store(str(file.parent))
            comments.comments(store)
            submissions.priorities(store)
            list(transfer.export_lines(store))
        except UserError as error:
            seen.add(error.code)
        finally:
            if store is not None:
                store.close()
    return seen


def test_bytes_at_random_are_never_more_than_a_sentence(file):
    assert engine.DAMAGED in bytes_at_random(file, 20)


@pytest.mark.long
def test_hundreds_of_bytes_at_random_are_never_more_than_a_sentence(file):
    assert engine.DAMAGED in bytes_at_random(file, 500)


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_spoilt_store_is_told_over_http_and_the_pages_go_on(served, file, feedback):
    state, told = served.get("/health")
    assert (state, json.loads(told)["store"]) == (200, "well")
    assert set(json.loads(told)) == {
        "ok", "version", "edition", "kernels", "warm", "data", "store", "warnings",
    }  # fmt: skip
    spoil(file, "foreign")
    status, refused = served.post("submissions", feedback(topic="facts"))
    assert (status, refused["code"]) == (503, engine.DAMAGED)
    assert served.get("/yours")[0] == 200
    served.kill()
    served.start()
    status, told = served.get("/health")
    assert (status, json.loads(told)["ok"]) == (503, False)
    assert "is damaged" in json.loads(told)["store"]
    assert json.loads(told)["data"] == "well"


def test_the_store_is_looked_at_and_none_is_made(address, tmp_path, monkeypatch):
    assert checking.check(address) == "none yet"
    assert list(tmp_path.iterdir()) == []
    open_store(address).close()
    assert checking.check(address) == "well"


def test_a_store_that_could_not_be_written_is_told(file, monkeypatch):
    monkeypatch.setattr(checking, "SECONDS", 0.05)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(engine.StoreError, match="busy"):
        checking.check(str(file.parent))
    other.close()
    monkeypatch.setattr(checking.shutil, "disk_usage", lambda _p: shutil._ntuple_diskusage(9, 9, 0))
    with pytest.raises(engine.StoreError, match="no room left"):
        checking.check(str(file.parent))


def test_a_file_that_was_moved_away_does_not_swallow_hand_ins(tmp_path, feedback):
    desk = Desk(str(tmp_path / "state"))

    def hand_in() -> None:
        asyncio.run(desk.do(lambda s, day: submissions.hand_in(s, feedback(), day, OFFER), "en"))

    hand_in()
    (tmp_path / "state").rename(tmp_path / "moved")
    hand_in()
    desk.close()
    for name in ("moved", "state"):
        store = open_store(str(tmp_path / name), make=False)
        assert submissions.count(store)["feedback"] == 1
        store.close()


def test_health_answers_in_time_when_what_it_looks_at_hangs(monkeypatch):
    monkeypatch.setattr(health, "WAIT_SECONDS", 0.05)
    go = threading.Event()

    def hang() -> str:
        go.wait()
        return health.WELL

    async def ask() -> list[str]:
        one = health.Look(hang)
        said = [await one.said(), await one.said()]
        go.set()
        await asyncio.wait({one._running})
        return [*said, await one.said()]

    assert asyncio.run(ask()) == ["no answer within 0.05 s"] * 2 + [health.WELL]


@pytest.fixture
def data(tmp_path, monkeypatch) -> Path:
    """Return a copy of the data, which is in use."""
    folder = tmp_path / "data"
    shutil.copytree(home.data_dir(), folder)
    monkeypatch.setenv("CANHEAL_DATA", str(folder))
    return folder


def test_health_tells_of_a_file_of_data_that_was_spoilt_meanwhile(data, tmp_path, monkeypatch):
    monkeypatch.setattr(health, "FRESH_SECONDS", 0.0)
    monkeypatch.setattr(health, "WAIT_SECONDS", 60.0)
    seen = health.Health(Desk(str(tmp_path / "state")))
    well, parts = asyncio.run(seen.told())
    assert (well, parts["data"], parts["store"]) == (True, "well", "none yet")
    (data / "built" / "journeys.npz").write_bytes(b"x")
    well, parts = asyncio.run(seen.told())
    assert not well
    assert str(parts["data"]).startswith("built/journeys.npz: ")
    shutil.copy(Path(__file__).parents[2] / "data/built/journeys.npz", data / "built")
    assert asyncio.run(seen.told())[0]


def test_faulty_data_stop_the_start_with_file_line_and_column(data, tmp_path):
    areas = data / "facts" / "areas.csv"
    areas.write_text(areas.read_text().replace("SI,Slovenia,member_state", "SI,Slovenia,nonsense"))
    done = subprocess.run(
        [sys.executable, "-m", "canheal_nb.cli", "app", "--no-browser", "--store", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    # Where the tests run as root, that is said first.
    *_root, line = done.stderr.splitlines()
    assert len(_root) <= 1
    assert (done.returncode, done.stdout) == (2, "")
    assert line.startswith("canheal: facts/areas.csv, line ")
    assert "column kind" in line
    assert "nonsense" in line


def test_a_table_that_reads_well_and_is_not_registered_yet_stops_nothing(data):
    (data / "judgements" / "mine.csv").write_text("a,b\n1,2\n")
    health.require_sound_data()


WITHOUT_RIGHTS = """
import os, sys
from canheal_nb import cli
from canheal_nb.store import open_store
open_store(sys.argv[1] + "/other").close()  # loads what is needed while it may be read
os.setgid(65534); os.setuid(65534)
sys.exit(cli.main(["feedback", "list", "--store", sys.argv[1] + "/state"]))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody without rights")
@pytest.mark.parametrize(
    ("folder", "mode", "said"),
    [(0o755, 0o444, "may not be written"), (0o700, 0o600, "cannot be reached")],
)
def test_without_rights_it_is_one_sentence(file, tmp_path, folder, mode, said):
    # Whoever has no rights must still come as far as the store: every folder that the tests made.
    made_by_tests = Path(tempfile.gettempdir())
    for above in (tmp_path, *tmp_path.parents):
        if above == made_by_tests or not above.is_relative_to(made_by_tests):
            break
        above.chmod(0o755)
    file.chmod(mode)
    file.parent.chmod(folder)
    program = [sys.executable, "-c", WITHOUT_RIGHTS, str(tmp_path)]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60)
    (line,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert said in line
