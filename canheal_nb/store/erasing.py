"""What was deleted leaves the files too, not only the tables.

SQLite overwrites what it deletes (secure_delete), but earlier pages stay in the write-ahead file,
and texts that it once moved from page to page stay in the gaps between others. So after a deletion
the file is written anew (VACUUM) and the write-ahead file emptied. Who reads at that moment holds
the write-ahead file: then it is emptied after the next transaction, by the server's next look, or
when the store is closed or opened; the store itself remembers that it is owed.

PostgreSQL has its own ways (autovacuum, its write-ahead log, its backups): they are its
administrator's.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Connection, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from canheal_nb.store.engine import BUSY_SECONDS, Store
from canheal_nb.store.tables import UPKEEP

WAIT_SECONDS = 0.2
# Up to this size the new file is put together in memory, so that no copy of it passes through the
# folder of temporary files.
IN_MEMORY_BYTES = 64 * 1024 * 1024


def owe(connection: Connection) -> None:
    """Remember, in the transaction that deletes, that the file is to be written anew."""
    connection.execute(update(UPKEEP).values(erasures=UPKEEP.c.erasures + 1))


def erase(store: Store) -> bool:
    """Take what was deleted out of the files if that is owed; return whether nothing is owed now.

    Never raises for a store that is busy or full: then it stays owed.
    """
    if not store.is_sqlite:
        return True
    if not store.erasing.acquire(blocking=False):
        return False  # one rewriting at a time; what it misses stays owed
    try:
        return _erase(store)
    finally:
        store.erasing.release()


def _erase(store: Store) -> bool:
    try:
        raw = store.engine.raw_connection()
    except (DBAPIError, PoolTimeout):
        return False
    try:
        return _erased(raw.driver_connection)
    except (sqlite3.Error, ValueError):  # damaged: whoever reads next is told
        return False
    finally:
        raw.close()


def _erased(connection: Any) -> bool:
    ((owed,),) = connection.execute("SELECT erasures FROM upkeep")
    if not owed:
        return True
    connection.execute(f"PRAGMA busy_timeout={round(1000 * WAIT_SECONDS)}")
    try:
        if not _emptied(connection):  # somebody reads: a rewriting now would only pile up
            return False
        ((size,),) = connection.execute(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        )
        connection.execute(f"PRAGMA temp_store={'MEMORY' if size < IN_MEMORY_BYTES else 'FILE'}")
        connection.execute("VACUUM")
        if not _emptied(connection):
            return False
        # Less what was owed before the file was written anew: somebody may delete meanwhile.
        connection.execute("UPDATE upkeep SET erasures = erasures - ?", (owed,))
        return True
    finally:
        connection.execute(f"PRAGMA busy_timeout={round(1000 * BUSY_SECONDS)}")


def _emptied(connection: Any) -> bool:
    ((busy, _pages, _done),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return not busy
