"""The processes of a batch: as many jobs at once as there are workers, each within its time."""

from __future__ import annotations

import multiprocessing
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Self

from pebble import ProcessExpired, ProcessPool

from canheal_nb.reporting.batch import worker
from canheal_nb.reporting.batch.jobs import Job
from canheal_nb.text.locale import _

# Called in a process of its own with report, question, folder and formats, as `worker.make`.
Make = Callable[[str, Mapping[str, object], Path, Sequence[str]], Mapping[str, Any]]


@dataclass(frozen=True)
class Result:
    """How a job went: the SHA-256 of each file it left in `folder`, or a code and a sentence."""

    job: Job
    seconds: float
    folder: Path
    sha256: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    sentence: str = ""


class WorkerPool:
    """Up to `size` processes; a context manager that leaves none behind."""

    def __init__(self, size: int, limit: float, folders: Path, make: Make = worker.make) -> None:
        """Let each job write into a folder of its own under `folders`, for `limit` seconds."""
        self.size, self.limit, self.folders, self._make = size, limit, folders, make
        self._ended: SimpleQueue[Future[Any] | None] = SimpleQueue()
        self._scratch = tempfile.TemporaryDirectory(prefix="canheal-", ignore_cleanup_errors=True)
        self._pool = self._new_pool()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._close()
        self._scratch.cleanup()

    def stop(self) -> None:
        """Let `run` end without waiting for what is still being made; safe in a signal handler."""
        self._ended.put(None)

    def run(self, jobs: Sequence[Job]) -> Iterator[Result]:
        """Yield results as they come, until all is done or `stop` was called."""
        waiting = deque((job, False) for job in jobs)
        running: dict[Future[Any], tuple[Job, bool, float]] = {}
        while waiting or running:
            # No job waits inside the pool: its time begins when a process is there for it.
            while waiting and len(running) < self.size:
                job, again = waiting.popleft()
                running[self._schedule(job)] = job, again, time.monotonic()
            future = self._next(running)
            if future is None:
                return
            job, again, began = running.pop(future)
            if not again and isinstance(future.exception(), BrokenProcessPool):
                shutil.rmtree(self.folders / job.name, ignore_errors=True)
                waiting.appendleft((job, True))
                continue
            yield self._result(future, job, time.monotonic() - began)

    def _next(self, running: Iterable[Future[Any]]) -> Future[Any] | None:
        """Wait for the next job that ended; None when `stop` was called."""
        while True:
            try:
                return self._ended.get(timeout=1.0)
            except Empty:
                # A pool whose processes died while they had nothing to do forgets what came after.
                for future in () if self._pool.active else running:
                    if not future.done():
                        future.set_exception(BrokenProcessPool())

    def _schedule(self, job: Job) -> Future[Any]:
        if not self._pool.active:
            self._close()
            self._pool = self._new_pool()
        arguments = (job.report, dict(job.given), self.folders / job.name, job.formats)
        future = self._pool.schedule(self._make, arguments, timeout=self.limit)
        future.add_done_callback(self._ended.put)
        return future

    def _close(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _new_pool(self) -> ProcessPool:
        # Spawned, not forked: a copy of a process with threads may stand still for ever.
        return ProcessPool(
            self.size,
            initializer=worker.prepare,
            initargs=[self._scratch.name],
            context=multiprocessing.get_context("spawn"),
        )

    def _result(self, future: Future[Any], job: Job, seconds: float) -> Result:
        folder = self.folders / job.name
        try:
            return Result(job, seconds, folder, **future.result())
        except TimeoutError:
            code, sentence = "too-slow", _too_slow(self.limit)
        except ProcessExpired as error:
            code, sentence = "worker-ended", _ended(error.exitcode)
        except BrokenProcessPool:
            code, sentence = "worker-ended", _ended(None)
        return Result(job, seconds, folder, code=code, sentence=sentence)


def _too_slow(limit: float) -> str:
    sentence = _(
        "It was not ready after {seconds} seconds and was stopped; try again, or give it "
        "more time with --time-limit."
    )
    return sentence.format(seconds=round(limit))


def _ended(status: int | None) -> str:
    if status is None:
        how = _("ended before it began")
    elif status < 0:
        how = _("was ended by signal {number}").format(number=-status)
    else:
        how = _("ended with status {number}").format(number=status)
    sentence = _(
        "Its process {how}, perhaps for lack of memory; if it happens twice, try {option}."
    )
    return sentence.format(how=how, option="--jobs 1")
