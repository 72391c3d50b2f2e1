"""Whether the store can be used, found out without making one and within a bounded time."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import text

from canheal_nb.store.engine import Store, damaged, full, told, unreachable
from canheal_nb.store.location import address, file_of

LEAST_FREE_BYTES = 1024 * 1024  # a hand-in has at most 32 kB, the write-ahead file a few pages more
SECONDS = 1.5
_STEPS = 10_000  # of SQLite's machine, between two looks at the clock


def check(given: str = "") -> str:
    """Return "well", or "none yet" where nothing was handed in so far.

    Raises StoreError with what a hand-in would be told; UserError for an address that is none.
    """
    place = address(given)
    path = file_of(place)
    if path is None:
        return _check_database(place)
    there = _nearest(path)
    if path == there:
        if path.is_dir():
            raise unreachable()
        check_file(path, writing=True)
    elif not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise unreachable()
    if shutil.disk_usage(there).free < LEAST_FREE_BYTES:
        raise full()
    return "well" if path == there and path.stat().st_size else "none yet"


def check_file(path: Path, *, writing: bool = False) -> None:
    """Read an SQLite file through, as far as that goes in `SECONDS`; StoreError where it is faulty.

    `writing`: also see whether it could be written now.
    """
    until = time.monotonic() + SECONDS
    try:
        link = sqlite3.connect(
            f"file:{quote(str(path))}?mode=rw", uri=True, timeout=SECONDS, isolation_level=None
        )
    except sqlite3.Error as error:
        raise told(error) or damaged() from error
    try:
        link.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        try:
            found = link.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            found = ("ok",)  # so far
        if found != ("ok",):
            raise damaged()
        link.set_progress_handler(None, 0)
        if writing:
            link.execute("BEGIN IMMEDIATE")
            link.execute("ROLLBACK")
    except sqlite3.Error as error:
        raise told(error) or damaged() from error
    except UnicodeDecodeError as error:  # what SQLite says of a damage repeats what it found
        raise damaged() from error
    finally:
        link.close()


def _check_database(place: str) -> str:
    store = Store.at(place)
    try:
        with store.transaction() as connection:
            there = connection.execute(text("SELECT to_regclass('alembic_version')")).scalar()
            if there is None:
                return "none yet"
            connection.execute(text("SELECT version_num FROM alembic_version"))
            connection.execute(text("SELECT count(*) FROM upkeep"))
        return "well"
    finally:
        store.close()


def _nearest(path: Path) -> Path:
    """Return the path, or the nearest folder above it that there is."""
    try:
        return next(one for one in (path, *path.parents) if os.path.lexists(one))
    except OSError as error:
        raise unreachable() from error
