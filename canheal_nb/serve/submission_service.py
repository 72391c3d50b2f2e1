"""The desk where hand-ins are taken: the store behind it is opened by the first of them."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from canheal_nb.serve.hand_in_limits import Limiter
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _, use

if TYPE_CHECKING:
    from canheal_nb.store.days import Day
    from canheal_nb.store.engine import Store

THREADS = 4
MOST_WAITING = 500
LOOK_SECONDS = 60
CLOSED_SECONDS = 2.0  # so long a store that could not be opened is not tried again
LOG = logging.getLogger("canheal")
T = TypeVar("T")


@dataclass
class Desk:
    """Takes requests one after the other to the store, off the server's own thread."""

    place: str = ""
    limiter: Limiter = field(default_factory=Limiter)
    day: Day | None = None
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS))
    _lock: Lock = field(default_factory=Lock)
    _store: Store | None = None
    _number: int = 0
    _swept: dt.date | None = None
    _waiting: int = 0
    _refused: UserError | None = None
    _refused_at: float = 0.0
    _said: str = ""

    def admit(self, address: str) -> int:
        """Count a request; return 0 when it may go on, else how many seconds it should wait."""
        now = time.monotonic()
        return 0 if self.limiter.allows(address, now) else self.limiter.wait(now)

    async def do(self, task: Callable[[Store, dt.date], T], language: str) -> T:
        """Run a task on the store with today's date; refusals are in that language.

        The date is the one that the store believes (`canheal_nb.store.days`). Raises UserError,
        also when too many requests wait already.
        """
        if self._waiting >= MOST_WAITING:
            sentence = _("Too many people hand in at this moment: nothing was kept. Try again.")
            raise UserError(sentence, code="store-busy")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, self._done, task, language)
        finally:
            self._waiting -= 1

    async def look(self) -> None:
        """Do what is due without anybody handing in: delete by age, empty what was deleted.

        Nothing happens where there is no store yet; a store in trouble is written to the log once.
        """
        loop = asyncio.get_running_loop()
        self._tell(await loop.run_in_executor(self._pool, self._looked))

    def close(self) -> None:
        """Let the tasks end that run, empty what was deleted, and close the store."""
        self._pool.shutdown(cancel_futures=True)
        if self._store is not None:
            from canheal_nb.store import erasing

            erasing.erase(self._store)
            self._store.close()

    def _looked(self) -> str:
        from canheal_nb.store import address, erasing
        from canheal_nb.store.location import require_file

        try:
            if self._store is None:
                require_file(address(self.place))
            store, day = self._opened()
            erasing.erase(store)
            return day.sentence()
        except UserError as error:
            return "" if error.code == "no-store" else str(error)
        except Exception as error:
            return f"{type(error).__name__}"

    def _tell(self, sentence: str) -> None:
        if sentence and sentence != self._said:
            LOG.error("canheal: %s", sentence)
        self._said = sentence

    def _done(self, task: Callable[[Store, dt.date], T], language: str) -> T:
        with use(language):
            store, day = self._opened()
            return task(store, day.day)

    def _opened(self) -> tuple[Store, Day]:
        """Return the store, opened once, and its day; once a day what is past its time goes."""
        from canheal_nb.store import days

        with self._lock:
            store = self._open()
            clock = days.today()
            if self.day is None or self.day.clock != clock or self.day.doubt:
                self.day = days.trusted(store, clock)
            day = self.day
            if self._swept != day.day and not day.doubt:
                from canheal_nb.store import terms

                days.sweep(store, day.day, terms.offered().kept_days)
                self._swept = day.day
            return store, day

    def _open(self) -> Store:
        if self._store is not None and self._store.number() != self._number:
            self._store.close()  # its file was moved, deleted, or put back from a copy
            self._store = self.day = self._swept = None
        if self._store is None:
            from canheal_nb.store import open_store

            if self._refused and time.monotonic() < self._refused_at + CLOSED_SECONDS:
                raise self._refused
            try:
                self._store = open_store(self.place)
                self._number, self._refused = self._store.number(), None
            except UserError as error:
                self._refused, self._refused_at = error, time.monotonic()
                raise
        return self._store
