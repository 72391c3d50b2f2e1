"""Finished files put in their folder: all of them whole, or none."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from canheal_nb.locale import _
from canheal_nb.reports.contract import ReportError

_FULL = (errno.ENOSPC, errno.EDQUOT)


def put(out: Path, contents: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write files into `out`, made when missing, and return their paths.

    Every file is written whole into a folder beside its place before the first one is
    moved there. OSError when the disk is full or `out` cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".canheal-") as beside:
        for name, content in contents.items():
            if (out / name).is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(out / name))
            _write(Path(beside) / name, content)
        for name in contents:
            os.replace(Path(beside) / name, out / name)
    return tuple(out / name for name in contents)


def _write(path: Path, content: bytes) -> None:
    """Write and wait for the disk: a full one may say so only then."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def plain_disk_errors(out: Path) -> Iterator[None]:
    """Turn what a disk or a folder refuses inside the `with` block into one plain sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            sentence = _("The disk is full; nothing was written to {out}. Free some space.")
            raise ReportError(sentence.format(out=out), code="disk-full") from None
        sentence = _("Nothing was written to {out}: {reason}. Choose another folder.")
        reason = error.strerror or type(error).__name__
        raise ReportError(sentence.format(out=out, reason=reason), code="cannot-write") from None
