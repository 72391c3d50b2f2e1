"""One batch at a time in one folder: a lock that the system lets go when its process dies."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from canheal_nb.locale import _
from canheal_nb.reports.contract import ReportError

FILE = ".lock"


class BusyError(ReportError):
    """Another run holds the lock; nothing was done."""


@contextmanager
def hold(out: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of `out` inside the `with` block; BusyError names the process that has it.

    The file says who holds it and is emptied at the end: a lock that is free but not empty
    belonged to a process that died, which is said.
    """
    with _opened(out) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise _busy(out, _holder(file)) from None
        left = _holder(file)
        if left:
            took = _("An earlier run ({who}) ended without tidying up; its lock is taken over.")
            say(took.format(who=left))
        _write(file, _myself())
        try:
            yield
        finally:
            _write(file, "")


def _opened(out: Path) -> IO[bytes]:
    try:
        return (out / FILE).open("a+b", buffering=0)
    except OSError as error:
        sentence = _("Nothing was made: {out} cannot be used, {reason}. Choose another folder.")
        reason = error.strerror or type(error).__name__
        raise ReportError(sentence.format(out=out, reason=reason), code="cannot-write") from None


def _myself() -> str:
    now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
    return _("process {number}, since {time}").format(number=os.getpid(), time=now)


def _holder(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(200).decode("utf-8", "replace").strip()


def _write(file: IO[bytes], text: str) -> None:
    """Say who holds the lock; on a full disk it holds without saying so."""
    with suppress(OSError):
        file.truncate(0)
        file.write(text.encode())


def _busy(out: Path, who: str) -> BusyError:
    sentence = _(
        "Another run is writing to {out} ({who}); wait until it has ended, or choose another "
        "folder."
    )
    return BusyError(sentence.format(out=out, who=who or _("which has just begun")), code="busy")
