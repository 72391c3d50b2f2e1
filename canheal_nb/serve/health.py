"""Whether data and store are well: looked at now and then, told at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from canheal_nb.data import soundness
from canheal_nb.data.faults import Fault
from canheal_nb.serve.submission_service import Desk
from canheal_nb.text.errors import UserError
from canheal_nb.text.home import data_dir
from canheal_nb.text.locale import _, ngettext

FRESH_SECONDS = 15.0
WAIT_SECONDS = 5.0
OLD_SECONDS = 120.0  # on a busy machine what was found so long ago still counts
WELL = "well"


@dataclass
class Look:
    """One thing looked at in a thread of its own, so that one that hangs holds up nothing else."""

    look: Callable[[], str]
    found: str = ""
    at: float = float("-inf")
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _running: asyncio.Future[str] | None = None

    async def said(self) -> str:
        """Return what was found at most 15 s ago; where that takes over 5 s, at most 2 min ago."""
        if time.monotonic() < self.at + FRESH_SECONDS:
            return self.found
        if self._running is None:
            loop = asyncio.get_running_loop()
            self._running = loop.run_in_executor(self._pool, self._looked)
            self._running.add_done_callback(self._keep)
        done, _late = await asyncio.wait({self._running}, timeout=WAIT_SECONDS)
        if done:
            return done.pop().result()
        if time.monotonic() < self.at + OLD_SECONDS:
            return self.found
        return _("no answer within {n} s").format(n=f"{WAIT_SECONDS:g}")

    def _looked(self) -> str:
        try:
            return self.look()
        except UserError as error:
            return str(error)
        except Exception as error:
            return type(error).__name__

    def _keep(self, done: asyncio.Future[str]) -> None:
        self.found, self.at, self._running = done.result(), time.monotonic(), None


class Health:
    """What /health says of data, store and clock."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._seen: soundness.Signature | None = None
        self._said = WELL
        # The server starts with data that are well, or not at all (`require_sound_data`).
        self.data = Look(self._look_at_data, WELL, time.monotonic())
        self.store = Look(self._look_at_store)

    async def told(self) -> tuple[bool, dict[str, object]]:
        """Return whether all is well, and its parts: data, store, and warnings."""
        data, store = await asyncio.gather(self.data.said(), self.store.said())
        doubt = self.desk.day.sentence() if self.desk.day else ""
        warnings = [doubt] if doubt else []
        parts: dict[str, object] = {"data": data, "store": store, "warnings": warnings}
        return data == WELL and store in (WELL, "none yet"), parts

    def _look_at_data(self) -> str:
        folder = data_dir()
        seen = soundness.signature(folder)
        if seen != self._seen:
            found = soundness.faults(folder)
            self._said, self._seen = sentence(found) if found else WELL, seen
        return self._said

    def _look_at_store(self) -> str:
        from canheal_nb.store import checking

        return checking.check(self.desk.place)


def require_sound_data() -> None:
    """Raise UserError with the first fault of the data in use; it says how many more there are."""
    found = soundness.faults(data_dir())
    if found:
        raise UserError(sentence(found), code="faulty-data")


def sentence(faults: list[Fault]) -> str:
    """Say the first fault as `canheal data verify` does, and how many more there are."""
    more = len(faults) - 1
    if not more:
        return faults[0].sentence()
    others = ngettext("{n} more fault", "{n} more faults", more).format(n=more)
    return _("{fault} There is {others}: run `canheal data verify`.").format(
        fault=faults[0].sentence(), others=others
    )
