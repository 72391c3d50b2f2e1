"""A batch: every subject of some reports, overnight, in a folder that shows only what is whole.

out/latest               names the last run in which all was well
out/FAILED.txt           why a later run did not end well, when there is one
out/runs/2026.1-3/       one run: its reports, index.html, log.jsonl
"""

from __future__ import annotations

import errno
import shutil
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from canheal_nb import data
from canheal_nb.data import Edition
from canheal_nb.reporting import typeset
from canheal_nb.reporting.batch import runs, text, worker
from canheal_nb.reporting.batch.jobs import Job, jobs
from canheal_nb.reporting.batch.pool import Make, Result, WorkerPool
from canheal_nb.reporting.batch.runs import FAILED, MADE, STOPPED, UNCHANGED, BusyError, Entry
from canheal_nb.reporting.contract import FORMATS, ReportError
from canheal_nb.text.locale import _

__all__ = [
    "ALL_WELL",
    "BUSY",
    "FORMATS",
    "NOT_WELL",
    "STOPPED_BY_HAND",
    "BusyError",
    "Order",
    "dry_run",
    "run",
]

ALL_WELL, NOT_WELL, BUSY, STOPPED_BY_HAND = 0, 1, 3, 130
SECONDS_A_REPORT = 600.0
SIGNALS = (signal.SIGINT, signal.SIGTERM)
_FULL = (errno.ENOSPC, errno.EDQUOT)
Say = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What is to be made, where, and how; `common` are parameters all reports share."""

    reports: Sequence[str]
    out: Path
    formats: Sequence[str] = ()
    common: Mapping[str, object] = field(default_factory=dict)
    workers: int = 2
    limit: float = SECONDS_A_REPORT
    force: bool = False


def run(order: Order, say: Say) -> int:
    """Make what is ordered and return the exit code: 0, 1, or 130 when stopped by hand.

    Goes on after a failure; reports whose inputs and files are unchanged are kept. UserError
    when it is refused before anything ran, BusyError when another run holds the folder.
    """
    edition, planned = plan(order)
    return carry_out(order, planned, edition, say)


def dry_run(order: Order, say: Say) -> int:
    """Say what `run` would do, one line per report; write nothing."""
    _edition, planned = plan(order)
    kept = {} if order.force else runs.intact(order.out, {job.inputs for job in planned})
    for number, job in enumerate(planned, start=1):
        say(text.dry(job, number, len(planned), job.inputs in kept))
    return ALL_WELL


def plan(order: Order) -> tuple[Edition, list[Job]]:
    """Return the edition and the jobs of an order; UserError for whatever must be refused."""
    dataset = data.load()
    planned = jobs(order.reports, order.common, order.formats, dataset)
    if not order.formats or "pdf" in order.formats:
        typeset.require()
    return dataset.edition, planned


def carry_out(
    order: Order,
    planned: Sequence[Job],
    edition: Edition,
    say: Say,
    make: Make = worker.make,
) -> int:
    """Make the planned jobs, each by `make` in another process; return the exit code."""
    runs.prepare(order.out)
    with runs.lock(order.out, say), _stop_signals() as stopped:
        _require_all_of_latest(order)
        try:
            folder = runs.begin(order.out, edition.name)
            run = BatchRun(order, planned, edition, folder, say)
            run.work(stopped, make)
            return run.end(stopped)
        except OSError as error:
            say(_cannot_go_on(error, order.out))
            return NOT_WELL


@dataclass
class Stopped:
    """Whether Ctrl-C or SIGTERM came, and whom to tell at once."""

    asked: bool = False
    listeners: list[Callable[[], None]] = field(default_factory=list)

    def note(self, _number: int, _frame: FrameType | None) -> None:
        """Note a signal instead of raising it, so that nothing is cut off in the middle."""
        self.asked = True
        for tell in self.listeners:
            tell()


@contextmanager
def _stop_signals() -> Iterator[Stopped]:
    """Note Ctrl-C and SIGTERM inside the `with` block; other threads than the first hear none."""
    stopped = Stopped()
    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return
    before = {number: signal.signal(number, stopped.note) for number in SIGNALS}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass
class BatchRun:
    """One run: its jobs, its folder, and what has become of each job so far."""

    order: Order
    planned: Sequence[Job]
    edition: Edition
    folder: Path
    say: Say
    entries: dict[str, Entry] = field(default_factory=dict)

    def work(self, stopped: Stopped, make: Make) -> None:
        """Keep what is unchanged, make the rest, until all is done, stopped or the disk full."""
        waiting = self._keep_unchanged()
        if not waiting:
            return
        making = self.folder / runs.MAKING
        size = min(self.order.workers, len(waiting))
        try:
            with WorkerPool(size, self.order.limit, making, make) as pool:
                stopped.listeners.append(pool.stop)
                for result in () if stopped.asked else pool.run(waiting):
                    self._note(self._entry(result))
                    if result.code == "disk-full":
                        break
        finally:
            shutil.rmtree(making, ignore_errors=True)

    def end(self, stopped: Stopped) -> int:
        """Close the log, write the index, switch `latest` or say why not; return the exit code."""
        for job in self.planned:
            if job.name not in self.entries:
                self._note(Entry(job, STOPPED))
        entries = [self.entries[job.name] for job in self.planned]
        page = text.index(entries, self.edition, self.folder)
        (self.folder / text.INDEX).write_text(page, encoding="utf-8")
        if all(entry.well for entry in entries):
            runs.switch(self.order.out, self.folder)
            place = _("They are in {folder}.").format(folder=self.order.out / runs.LATEST)
            self.say(f"{text.summary(entries)} {place}")
            return ALL_WELL
        before = runs.latest(self.order.out)
        note = text.reasons(entries, self.folder, before)
        runs.note_failure(self.order.out, self.folder, note)
        self.say(note)
        return STOPPED_BY_HAND if stopped.asked else NOT_WELL

    def _keep_unchanged(self) -> list[Job]:
        """Take over what an earlier run made from the same inputs; return the other jobs."""
        wanted = set() if self.order.force else {job.inputs for job in self.planned}
        kept = runs.intact(self.order.out, wanted)
        for job in self.planned:
            if job.inputs in kept:
                old, sums = kept[job.inputs]
                runs.keep(sums, old, self.folder)
                self._note(Entry(job, UNCHANGED, sha256=sums))
        return [job for job in self.planned if job.inputs not in kept]

    def _entry(self, result: Result) -> Entry:
        if result.code:
            sentence = _disk_full() if result.code == "disk-full" else result.sentence
            return Entry(result.job, FAILED, result.seconds, {}, result.code, sentence)
        runs.take(result.folder, self.folder, result.sha256)
        return Entry(result.job, MADE, result.seconds, result.sha256)

    def _note(self, entry: Entry) -> None:
        runs.write_log(self.folder, entry, self.edition.name)
        self.entries[entry.job.name] = entry
        if entry.status != STOPPED:
            number, count = len(self.entries), len(self.planned)
            self.say(text.progress(entry, number, count, self._left()))

    def _left(self) -> float | None:
        """Return about how many seconds are left, where one can tell."""
        took = [e.seconds for e in self.entries.values() if e.status in (MADE, FAILED)]
        left = len(self.planned) - len(self.entries)
        workers = min(self.order.workers, left)
        return sum(took) / len(took) * left / workers if took and left else None


def _require_all_of_latest(order: Order) -> None:
    """Refuse to let `latest` lose a kind of report that it shows now."""
    shown = runs.latest(order.out)
    kinds = {str(line.get("report")) for line in runs.read_log(shown)} if shown else set()
    lost = sorted(kinds - set(order.reports))
    if lost:
        sentence = _(
            "{out} shows {lost} too, which this run would take away; name it as well, or choose "
            "another folder."
        )
        raise ReportError(sentence.format(out=order.out, lost=lost[0]), code="other-reports")


def _disk_full() -> str:
    return _("The disk is full, so the run ends here. Free some space.")


def _cannot_go_on(error: OSError, out: Path) -> str:
    if error.errno in _FULL:
        reason = _disk_full()
    else:
        reason = _("The run ends here: {reason}.").format(reason=error.strerror or str(error))
    rest = _("{latest} in {out} is as it was; run the same command again to go on.")
    return reason + " " + rest.format(latest=runs.LATEST, out=out)
