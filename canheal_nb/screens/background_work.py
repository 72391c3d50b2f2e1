"""What goes on behind a screen while it is used: one long piece of work at a time, that stops."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass

Tell = Callable[[], None]
LOG = logging.getLogger(__name__)


@dataclass(eq=False)
class Work:
    """Something long that a screen waits for without standing still.

    `key` tells one work from another; `run(tell, stop)` does it: it calls `tell` when there is
    something new to show, and ends soon after `stop` is set. `halted`: a person stopped it.
    """

    key: Hashable
    run: Callable[[Tell, threading.Event], None]
    halted: bool = False


class Worker:
    """Does the work of the present screen in a thread, and leaves it when the screen goes on."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._key: Hashable = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def follow(self, work: Work | None) -> None:
        """Go on with this work, begin it, or leave what was going on."""
        wanted = None if work is None or work.halted else work
        if wanted is not None and wanted.key == self._key and self._busy():
            return
        self._stop.set()
        self._key = None
        if wanted is None:
            return
        self._key, self._stop = wanted.key, threading.Event()
        arguments = (wanted, self._stop)
        self._thread = threading.Thread(target=self._run, args=arguments, daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Wait until the work is done, at most so long; for those who check it."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _busy(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _run(self, work: Work, stop: threading.Event) -> None:
        def tell() -> None:
            if not stop.is_set():
                self._tell()

        try:
            work.run(tell, stop)
        except Exception:  # the screen stays as it is
            LOG.exception("the work behind a screen ended early: %r", work.key)
