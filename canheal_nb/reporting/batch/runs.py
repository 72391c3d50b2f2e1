"""The folders of a batch: one per run, the log in it, and `latest`, which names a good one."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from canheal_nb import __version__
from canheal_nb.data import registry
from canheal_nb.reporting.batch.jobs import Job
from canheal_nb.reporting.contract import ReportError
from canheal_nb.text.locale import _

RUNS, LATEST, LOG, NOTE, MAKING = "runs", "latest", "log.jsonl", "FAILED.txt", ".making"
LOCK = ".lock"
MADE, UNCHANGED, FAILED, STOPPED = "made", "unchanged", "failed", "stopped"
WELL = (MADE, UNCHANGED)
_RUN = re.compile(r"(.+)-(\d+)")


@dataclass(frozen=True)
class Entry:
    """One line of a run's log."""

    job: Job
    status: str
    seconds: float = 0.0
    sha256: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    sentence: str = ""

    @property
    def well(self) -> bool:
        """Whether the report's files are there."""
        return self.status in WELL


def prepare(out: Path) -> None:
    """Make `out` when it is missing; ReportError when it cannot hold runs."""
    place = out / LATEST
    try:
        (out / RUNS).mkdir(parents=True, exist_ok=True)
        if not os.access(out, os.W_OK):
            raise PermissionError(None, _("it may not be written"))
    except OSError as error:
        raise _unusable(out, error) from None
    if place.is_dir() and not place.is_symlink():
        sentence = _("{place} is a folder of somebody else's; move it, or choose another folder.")
        raise ReportError(sentence.format(place=place), code="cannot-write")


class BusyError(ReportError):
    """Another run holds the lock of the folder; nothing was done."""


@contextmanager
def lock(out: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of `out` inside the `with` block; BusyError names the process that has it.

    The system lets the lock go when its process dies. The file says who holds it and is emptied
    at the end: a lock that is free but not empty belonged to a process that died, which is said.
    """
    place = out / LOCK
    held = FileLock(place, timeout=0)
    try:
        held.acquire()
    except Timeout:
        sentence = _(
            "Another run is writing to {out} ({who}); wait until it has ended, or choose another "
            "folder."
        )
        who = _lock_holder(place) or _("which has just begun")
        raise BusyError(sentence.format(out=out, who=who), code="busy") from None
    except OSError as error:
        raise _unusable(out, error) from None
    try:
        left = _lock_holder(place)
        if left:
            took = _("An earlier run ({who}) ended without tidying up; its lock is taken over.")
            say(took.format(who=left))
        now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
        _write(place, _("process {number}, since {time}").format(number=os.getpid(), time=now))
        yield
    finally:
        _write(place, "")
        held.release()


def _write(place: Path, text: str) -> None:
    """Say who holds the lock; on a full disk it holds without saying so."""
    with suppress(OSError):
        place.write_text(text, encoding="utf-8")


def _lock_holder(place: Path) -> str:
    with suppress(OSError):
        return place.read_text(encoding="utf-8", errors="replace")[:200].strip()
    return ""


def _unusable(out: Path, error: OSError) -> ReportError:
    sentence = _("Nothing was made: {out} cannot be used, {reason}. Choose another folder.")
    reason = error.strerror or type(error).__name__
    return ReportError(sentence.format(out=out, reason=reason), code="cannot-write")


def begin(out: Path, edition: str) -> Path:
    """Make the folder of a new run, numbered after all runs there are, and return it."""
    last = max((_number(folder) for folder in _folders(out)), default=0)
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", edition).strip(".-") or "edition"
    folder = out / RUNS / f"{name}-{last + 1}"
    folder.mkdir()
    return folder


def write_log(folder: Path, entry: Entry, edition: str) -> None:
    """Add a job's line to the log of a run and see it on the disk."""
    line = {
        "report": entry.job.report,
        "subject": entry.job.subject,
        "status": entry.status,
        "seconds": round(entry.seconds, 2),
        "files": sorted(entry.sha256),
        "sha256": dict(entry.sha256),
        "error": {"code": entry.code, "sentence": entry.sentence} if entry.code else None,
        "inputs": entry.job.inputs,
        "edition": edition,
        "version": __version__,
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }
    with (folder / LOG).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_log(folder: Path) -> Iterator[dict[str, object]]:
    """Yield the lines of a run's log; a line that was cut off is passed over."""
    with suppress(OSError):
        for line in (folder / LOG).read_text(encoding="utf-8", errors="replace").splitlines():
            with suppress(ValueError):
                found = json.loads(line)
                if isinstance(found, dict):
                    yield found


def intact(out: Path, wanted: Collection[str]) -> dict[str, tuple[Path, dict[str, str]]]:
    """Return, for wanted inputs, the folder and SHA-256 of files that are as they were made."""
    found: dict[str, tuple[Path, dict[str, str]]] = {}
    for folder in _folders(out):
        for line in read_log(folder):
            inputs, sums = str(line.get("inputs")), line.get("sha256")
            asked = inputs in wanted and inputs not in found and line.get("status") in WELL
            if asked and isinstance(sums, dict) and sums and _as_made(folder, sums):
                found[inputs] = folder, sums
    return found


def keep(names: Mapping[str, str], old: Path, folder: Path) -> None:
    """Let files of an earlier run be in this one too: linked, or copied where that fails."""
    for name in names:
        try:
            os.link(old / name, folder / name)
        except OSError:
            shutil.copyfile(old / name, folder / name)


def take(made: Path, folder: Path, names: Mapping[str, str]) -> None:
    """Move a job's finished files into the run's folder."""
    for name in names:
        (made / name).replace(folder / name)
    shutil.rmtree(made)


def latest(out: Path) -> Path | None:
    """Return the folder of the run that `latest` names, by its link or by its text."""
    place = out / LATEST
    if place.is_symlink():
        return out / place.readlink()
    return out / place.read_text(encoding="utf-8").strip() if place.is_file() else None


def switch(out: Path, folder: Path) -> None:
    """Let `latest` name this run, in one step: a link, or its text where there are no links."""
    target, beside = folder.relative_to(out), out / f".{LATEST}"
    beside.unlink(missing_ok=True)
    try:
        beside.symlink_to(target, target_is_directory=True)
    except (OSError, NotImplementedError):
        beside.write_text(f"{target.as_posix()}\n", encoding="utf-8")
    beside.replace(out / LATEST)
    (out / NOTE).unlink(missing_ok=True)


def note_failure(out: Path, folder: Path, text: str) -> None:
    """Leave the reasons in the run's folder and, to be seen, beside `latest`."""
    for place in (folder, out):
        (place / NOTE).write_text(text, encoding="utf-8")


def _folders(out: Path) -> list[Path]:
    """Return the folders of all runs, the newest first."""
    found = [path for path in (out / RUNS).glob("*") if path.is_dir() and _RUN.fullmatch(path.name)]
    return sorted(found, key=_number, reverse=True)


def _number(folder: Path) -> int:
    match = _RUN.fullmatch(folder.name)
    return int(match[2]) if match else 0


def _as_made(folder: Path, sums: Mapping[str, str]) -> bool:
    try:
        return all(
            name == Path(name).name and registry.digest((folder / name).read_bytes()) == digest
            for name, digest in sums.items()
        )
    except OSError:
        return False
