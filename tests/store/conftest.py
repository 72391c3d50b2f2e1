"""A store on each engine: an SQLite file, and a PostgreSQL server of our own for the session."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from canheal_nb import doctor
from canheal_nb.store import open_store
from canheal_nb.store.engine import Store

ENGINES = ("sqlite", "postgresql")


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


PROGRAM = """
import sys
from canheal_nb.text.home import notebooks_dir
from canheal_nb.serve import run
run(
    notebooks_dir() / "apps",
    port=int(sys.argv[1]) or None,
    preheat=False,
    store=sys.argv[2],
    for_team=True,
    trusted_proxies=["127.0.0.1"],
    announce_team=lambda address: print(address, flush=True),
    announce=lambda address: print(address, flush=True),
)
"""


def _free_port() -> int:
    """Return a port that no other test's server takes while this one is down: not the usual."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


class Served:
    """A real server on a store; it can be killed and started again on the same port."""

    def __init__(self, store: str) -> None:
        self.store, self.port = store, _free_port()
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start the server and wait until its first page answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(self.port), self.store],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        assert self.process.stdout is not None
        self.token = self.process.stdout.readline().strip().rpartition("#token=")[2]
        line = self.process.stdout.readline().strip()
        assert line.startswith("http://"), line
        self.port = urlsplit(line).port or 0

    def team(self) -> tuple[int, str]:
        """Fetch the team's page, as its own script does."""
        return self.get("/team", **{"X-Team-Token": self.token})

    def kill(self) -> None:
        """End the server as the system does when memory runs out."""
        assert self.process is not None
        self.process.kill()
        self.process.communicate()

    def post(
        self, path: str, body: object, address: str = "10.0.0.1", **headers: str
    ) -> tuple[int, dict[str, Any]]:
        """Send an object as JSON, as a proxy passes it on; return the status and the answer."""
        link = HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        usual = {"Content-Type": "application/json", "X-Forwarded-For": address}
        try:
            link.request("POST", f"/canheal/{path}", sent, {**usual, **headers})
            answer = link.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            link.close()

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Fetch a page."""
        link = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            link.request("GET", path, headers=headers)
            answer = link.getresponse()
            return answer.status, answer.read().decode()
        finally:
            link.close()


@pytest.fixture
def served(address: str) -> Iterator[Served]:
    """Serve an empty store, once for each engine."""
    server = Served(address)
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def hostile() -> list[str]:
    """Return 500 texts made of what runs somewhere, always the same ones."""
    cores = [
        "<script>window.hit=1</script>", "<img src=x onerror=window.hit=1>", "</textarea>",
        "</blockquote></article><svg onload=window.hit=1>", "javascript:window.hit=1",
        '" autofocus onfocus="window.hit=1', "' onmouseover='window.hit=1", "]]><!--", "-->",
        "</style><style>*{display:none}", "</title><base href=//example.org>", "{{ 7*7 }}",
        "{% raw %}{0} %s %(x)s 100 %", "${window.hit=1}", "`window.hit=1`", "&lt;b&gt; &#60;",
        "=1+1", "+1", "-2+3", "@SUM(A1)", '=HYPERLINK("http://example.org","x")', "=cmd|' /C x'!A0",
        "\uff1d1+1", "'; DROP TABLE feedback; --", '" OR 1=1 --', "\x00\x1b[31m\x07",
        "\u202eabc\u202c",
        "\u2028\u2029\u0085", "\ud800", "e\u0301" * 40, "\U0001f600" * 30, "../../etc/passwd",
        "%0d%0aSet-Cookie: a=b", "a\r\nb\rc", "\ufeff\ufffe", "x" * 1500,
    ]  # fmt: skip
    chance = random.Random(6)
    joints = ["", " ", "\n", "\t", ";", ",", "|", '"', "'"]
    made = [*cores]
    while len(made) < 500:
        parts = chance.choices(cores, k=chance.randint(2, 4))
        text = parts[0] + "".join(chance.choice(joints) + part for part in parts[1:])
        made.append(chance.choice(joints) + text[:1900])
    return made


@pytest.fixture
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let five people's weights be published, so that a test need not make two thousand."""
    from canheal_nb.priorities import snapshot_store

    least = {"points": 5, "pairs": 5, "order": 5}
    monkeypatch.setattr(snapshot_store, "least_people", lambda: least)
