"""The worker processes of a batch: given jobs, watched, stopped when they hang, replaced."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from canheal_nb.locale import _
from canheal_nb.reports import batch_worker
from canheal_nb.reports.batch_jobs import Job

COMMAND = (sys.executable, "-P", str(Path(batch_worker.__file__).resolve()))
SECONDS_TO_END = 5.0


@dataclass(frozen=True)
class Result:
    """How a job went: the SHA-256 of each file it left in `folder`, or a code and a sentence."""

    job: Job
    seconds: float
    folder: Path
    sha256: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    sentence: str = ""


class Worker:
    """One process and the job it has in hand."""

    def __init__(self, command: Sequence[str], scratch: str) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "TMPDIR": scratch},
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.asking, self.answers = self.process.stdin, self.process.stdout
        self.job: Job | None = None
        self.folder = Path()
        self.began = 0.0

    def take(self, job: Job, folder: Path) -> None:
        """Send a job to the process; a dead one is noticed when its answer is awaited."""
        self.job, self.folder, self.began = job, folder, time.monotonic()
        wanted = {"report": job.report, "given": dict(job.given), "out": str(folder)}
        line = json.dumps({**wanted, "formats": list(job.formats)}) + "\n"
        with suppress(BrokenPipeError):
            self.asking.write(line.encode())
            self.asking.flush()

    def give_up(self) -> None:
        """Ask the process to end; `bury` makes sure that it does."""
        self._signal(signal.SIGTERM)

    def bury(self) -> None:
        """Wait for the end; a process that takes too long over it is killed with its own."""
        try:
            self.process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self.process.wait()
        with suppress(OSError):
            self.asking.close()
        self.answers.close()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


class Crew:
    """Up to `size` workers; a context manager that leaves no process behind."""

    def __init__(
        self, size: int, limit: float, folders: Path, command: Sequence[str] = COMMAND
    ) -> None:
        """Let each job write into a folder of its own under `folders`, for `limit` seconds."""
        self.size, self.limit, self.folders, self.command = size, limit, folders, command
        self.busy: list[Worker] = []
        self.idle: list[Worker] = []
        self.scratch = tempfile.TemporaryDirectory(prefix="canheal-", ignore_cleanup_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        everybody = [*self.busy, *self.idle]
        for worker in everybody:
            worker.give_up()
        for worker in everybody:
            worker.bury()
        self.scratch.cleanup()

    def work(self, jobs: Sequence[Job], wake: int) -> Iterator[Result]:
        """Yield results as they come, until all is done or the descriptor `wake` is readable."""
        waiting = deque(jobs)
        while waiting or self.busy:
            while waiting and len(self.busy) < self.size:
                self._hand_out(waiting.popleft())
            ready = self._wait(wake)
            if ready is None:
                return
            for worker in ready:
                yield self._collect(worker)

    def _hand_out(self, job: Job) -> None:
        worker = self._rested() or Worker(self.command, self.scratch.name)
        worker.take(job, self.folders / job.name)
        self.busy.append(worker)

    def _rested(self) -> Worker | None:
        """Return a worker that waits for a job, not one that died over it."""
        while self.idle:
            worker = self.idle.pop()
            if worker.process.poll() is None:
                return worker
            worker.bury()
        return None

    def _wait(self, wake: int) -> list[Worker] | None:
        """Return the workers that answered, ended or are too late; None to stop."""
        first = min(worker.began for worker in self.busy) + self.limit
        with selectors.DefaultSelector() as selector:
            selector.register(wake, selectors.EVENT_READ)
            for worker in self.busy:
                selector.register(worker.answers, selectors.EVENT_READ, worker)
            ready = [key.data for key, _mask in selector.select(max(0.0, first - time.monotonic()))]
        if None in ready:
            return None
        late = [w for w in self.busy if time.monotonic() - w.began >= self.limit]
        return ready + [worker for worker in late if worker not in ready]

    def _collect(self, worker: Worker) -> Result:
        self.busy.remove(worker)
        assert worker.job is not None
        seconds = time.monotonic() - worker.began
        line = b"" if seconds >= self.limit else worker.answers.readline()
        if line.endswith(b"\n"):
            self.idle.append(worker)
            return Result(worker.job, seconds, worker.folder, **json.loads(line))
        late = worker.process.poll() is None and seconds >= self.limit
        worker.give_up()
        worker.bury()
        code, sentence = self._too_late() if late else _ended(worker.process.returncode)
        return Result(worker.job, seconds, worker.folder, code=code, sentence=sentence)

    def _too_late(self) -> tuple[str, str]:
        sentence = _(
            "It was not ready after {seconds} seconds and was stopped; try again, or give it "
            "more time with --time-limit."
        )
        return "too-slow", sentence.format(seconds=round(self.limit))


def _ended(status: int) -> tuple[str, str]:
    how = _("was ended by signal {number}") if status < 0 else _("ended with status {number}")
    sentence = _(
        "Its process {how}, perhaps for lack of memory; if it happens twice, try {option}."
    )
    text = sentence.format(how=how.format(number=abs(status)), option="--jobs 1")
    return "worker-ended", text
