"""A store on each engine: an SQLite file, and a PostgreSQL server of our own for the session."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from canheal_nb import doctor
from canheal_nb.store import open_store
from canheal_nb.store.engine import Store

ENGINES = ("sqlite", "postgresql")
TOPICS = frozenset({"data", "other"})


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Start a server on a socket file alone, in a new cluster; yield its folder.

    PostgreSQL refuses to run as root: there it runs as its own user.
    """
    programs = doctor.postgresql()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed; `canheal doctor` names the line to run")
    folder = Path(tempfile.mkdtemp(prefix="canheal-pg-"))
    as_postgres: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_postgres = ["runuser", "-u", "postgres", "--"]

    def run(program: str, *arguments: str) -> None:
        command = [*as_postgres, f"{programs}/{program}", *arguments]
        subprocess.run(command, check=True, cwd="/", capture_output=True, timeout=60)

    data, log = str(folder / "data"), str(folder / "log")
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=40"
    try:
        run("initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        # The server must not hold the pipes that `run` reads to their end.
        run("pg_ctl", "start", "-D", data, "-l", log, "-w", "-o", options)
        yield str(folder)
    finally:
        run("pg_ctl", "stop", "-D", data, "-m", "immediate")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=ENGINES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty store, once for each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state' / 'canheal.sqlite'}"
    folder = request.getfixturevalue("postgresql")
    name = f"t{uuid4().hex}"
    create_database(folder, name)
    return f"postgresql://postgres@/{name}?host={folder}"


def create_database(folder: str, name: str) -> None:
    """Make an empty database on the server of the session."""
    import psycopg

    with psycopg.connect(f"postgresql://postgres@/postgres?host={folder}", autocommit=True) as link:
        link.execute(f'CREATE DATABASE "{name}"')


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    """Open an empty store, once for each engine, and close it."""
    opened = open_store(address)
    yield opened
    opened.close()


@pytest.fixture
def feedback() -> Callable[..., dict[str, object]]:
    """Return a maker of comments as a browser sends them; any field can be replaced."""

    def made(**other: object) -> dict[str, object]:
        usual = {
            "kind": "feedback",
            "key": str(uuid4()),
            "lang": "en",
            "consent": "1",
            "topic": "data",
            "sort": "idea",
            "text": "Show the trains as well.",
            "screen": "atlas",
            "link": "/app/atlas?country=SI",
        }
        return {**usual, **other}

    return made


@pytest.fixture
def priorities() -> Callable[..., dict[str, object]]:
    """Return a maker of priorities as a browser sends them; any field can be replaced."""

    def made(**other: object) -> dict[str, object]:
        usual = {
            "kind": "priorities",
            "key": str(uuid4()),
            "lang": "en",
            "consent": "1",
            "group": "patient",
            "country": "SI",
            "method": "swing",
            "answers": {"radiotherapy": "100", "mri": "40"},
        }
        return {**usual, **other}

    return made
