"""The connection to the store: one transaction at a time is whole, or it is not there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from traceback import walk_tb
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

BUSY_SECONDS = 5
CONNECTIONS = 4
FULL, BUSY, UNREACHABLE = "store-full", "store-busy", "store-unreachable"
DAMAGED, READ_ONLY = "store-damaged", "store-read-only"
_FULL_STATES = ("53100",)  # disk full
_DAMAGE = (
    "not a database", "malformed", "no such table", "no such column", "has no column named",
    "unsupported file format", "could not decode", "disk i/o error", "already exists",
)  # fmt: skip
_DAMAGED_STATES = ("42P01", "42703", "42P07", "XX001", "XX002")  # no table, no column, corrupted
_READ_ONLY_STATES = ("25006", "42501")
_BUSY_STATES = ("55P03", "57014", "40001", "40P01", "53300")  # locks, time limits, connections


class StoreError(UserError):
    """The store could not do it; nothing was written. `code`: one of those above."""


@dataclass(frozen=True)
class Store:
    """An open store; the functions of this floor take it first."""

    engine: Engine
    file: Path | None = None
    erasing: Lock = field(default_factory=Lock, compare=False)

    @classmethod
    def at(cls, url: str) -> Store:
        """Return the store at a database's address; nothing is opened yet.

        Raises StoreError where the address cannot be read or its folder cannot be made.
        """
        try:
            parsed = make_url(url)
            if parsed.get_backend_name() != "sqlite":
                return cls(_postgresql(url))
            if parsed.database:
                Path(parsed.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return cls(_sqlite(url), Path(parsed.database) if parsed.database else None)
        except (ArgumentError, OSError, ValueError) as error:
            raise unreachable() from error

    @property
    def is_sqlite(self) -> bool:
        """Whether the store is an SQLite file."""
        return self.engine.dialect.name == "sqlite"

    def number(self) -> int:
        """Return the number under which the system knows the SQLite file; 0 where there is none."""
        try:
            return self.file.stat().st_ino if self.file else 0
        except OSError:
            return 0

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give a connection whose work is kept as a whole when the block ends without an error.

        Raises StoreError, in one plain sentence, when the disk is full, the database locked, or
        out of reach.
        """
        try:
            with self.engine.begin() as connection:
                yield connection
        except (DBAPIError, PoolTimeout) as error:
            sentence = told(error)
            if sentence is None:
                raise
            raise sentence from error
        except ValueError as error:
            if not _is_of_a_cell(error):
                raise
            raise damaged() from error

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def told(error: Exception) -> StoreError | None:
    """Return what a person is told about a database's error; None where it is a fault of ours."""
    if isinstance(error, PoolTimeout):
        return _busy()
    original = getattr(error, "orig", error)
    words, state = str(original).lower(), getattr(original, "sqlstate", None)
    if state in _FULL_STATES or "database or disk is full" in words:
        return full()
    if state in _BUSY_STATES or "locked" in words or "busy" in words:
        return _busy()
    if state in _DAMAGED_STATES or (state is None and any(one in words for one in _DAMAGE)):
        return damaged()
    if state in _READ_ONLY_STATES or "readonly database" in words:
        return _read_only()
    kind = type(original).__name__
    lost = state is None or state.startswith(("08", "57", "53", "28", "3D"))
    return unreachable() if kind == "OperationalError" and lost else None


def read_json(text: str) -> Any:
    """Return what a cell holds as JSON; StoreError where it holds none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise damaged() from error


def _is_of_a_cell(error: ValueError) -> bool:
    """Say whether SQLAlchemy could not make a value of a cell, such as a day of letters."""
    *_outer, (frame, _line) = walk_tb(error.__traceback__)
    return str(frame.f_globals.get("__name__", "")).startswith("sqlalchemy")


def damaged() -> StoreError:
    """Return what is told where the store holds something else than it should."""
    sentence = _(
        "The store is damaged, or not one of canheal_nb: nothing was kept. Whoever runs this page "
        "finds its address in --store or CANHEAL_STORE, and puts back a copy or names another one."
    )
    return StoreError(sentence, code=DAMAGED)


def _read_only() -> StoreError:
    sentence = _(
        "The store may not be written: nothing was kept or deleted. Whoever runs this page finds "
        "its address in --store or CANHEAL_STORE, and lets the server write there."
    )
    return StoreError(sentence, code=READ_ONLY)


def full() -> StoreError:
    """Return what is told where the disk has no room."""
    sentence = _("The store has no room left: nothing was kept or deleted. Try later.")
    return StoreError(sentence, code=FULL)


def _busy() -> StoreError:
    sentence = _("The store is busy: nothing was kept. Try again in a minute.")
    return StoreError(sentence, code=BUSY)


def unreachable() -> StoreError:
    """Return what is told where nothing can be reached at the store's address."""
    sentence = _(
        "The store cannot be reached: nothing was kept. Try again later; whoever runs this page "
        "finds its address in --store or CANHEAL_STORE."
    )
    return StoreError(sentence, code=UNREACHABLE)


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS},
        pool_size=CONNECTIONS,
        pool_timeout=2 * BUSY_SECONDS,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are ours, also around CREATE TABLE
        for line in (
            f"PRAGMA busy_timeout={1000 * BUSY_SECONDS}",
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            "PRAGMA foreign_keys=ON",
            "PRAGMA secure_delete=ON",
        ):
            connection.execute(line)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _postgresql(url: str) -> Engine:
    limits = f"-c lock_timeout={BUSY_SECONDS}s -c statement_timeout={3 * BUSY_SECONDS}s"
    return create_engine(
        url,
        connect_args={"connect_timeout": BUSY_SECONDS, "options": limits},
        pool_size=CONNECTIONS,
        pool_timeout=2 * BUSY_SECONDS,
        pool_pre_ping=True,
    )
