"""The desk where hand-ins are taken: the store behind it is opened by the first of them."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from canheal_nb.errors import UserError
from canheal_nb.locale import _, use
from canheal_nb.serve import telling
from canheal_nb.serve.limits import Limiter

if TYPE_CHECKING:
    from canheal_nb.store.engine import Store

THREADS = 4
MOST_WAITING = 500
T = TypeVar("T")


@dataclass
class Desk:
    """Takes requests one after the other to the store, off the server's own thread."""

    place: str = ""
    limiter: Limiter = field(default_factory=Limiter)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS))
    _lock: Lock = field(default_factory=Lock)
    _store: Store | None = None
    _swept: dt.date | None = None
    _waiting: int = 0

    def admit(self, address: str) -> int:
        """Count a request; return 0 when it may go on, else how many seconds it should wait."""
        now = time.monotonic()
        return 0 if self.limiter.allows(address, now) else self.limiter.wait(now)

    async def do(self, task: Callable[[Store, dt.date], T], language: str) -> T:
        """Run a task on the store with today's date; refusals are in that language.

        Raises UserError, also when too many requests wait already.
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

    def _done(self, task: Callable[[Store, dt.date], T], language: str) -> T:
        with use(language):
            today = dt.datetime.now(dt.UTC).date()
            return task(self._opened(today), today)

    def _opened(self, today: dt.date) -> Store:
        """Return the store, opened once; once a day what is past its time is deleted."""
        with self._lock:
            if self._store is None:
                from canheal_nb.store import open_store

                self._store = open_store(self.place)
            if self._swept != today:
                _sweep(self._store, today)
                self._swept = today
            return self._store


def _sweep(store: Store, today: dt.date) -> None:
    """Delete answered comments and priorities that were kept as long as was agreed."""
    from canheal_nb.store import comments, handing

    agreed, days = telling.terms(), telling.priorities_kept_days()
    if agreed is not None:
        comments.forget_old(store, today - dt.timedelta(days=agreed.kept_days))
    if days is not None:
        handing.forget_before(store, today - dt.timedelta(days=days), "priorities")
