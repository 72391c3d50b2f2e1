"""Finished files put in their folder: all of them whole, or none."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from canheal_nb.reporting.contract import ReportError
from canheal_nb.text.locale import _

_FULL = (errno.ENOSPC, errno.EDQUOT)


def put(out: Path, contents: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write files into `out`, made when missing, and return their paths.

    Every file is written whole into a folder beside its place before the first one is
    moved there. ReportError when `out` cannot be written, OSError when the disk is full;
    a folder made here is then taken away again.
    """
    missing = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        _place(out, contents)
    except OSError as error:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()
        if error.errno in _FULL:
            raise
        sentence = _("Nothing was written to {out}: {reason}. Choose another folder.")
        reason = error.strerror or type(error).__name__
        raise ReportError(sentence.format(out=out, reason=reason), code="cannot-write") from None
    return tuple(out / name for name in contents)


@contextmanager
def plain_full_disk(out: Path) -> Iterator[None]:
    """Say in one sentence when the disk fills up inside the `with` block."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        sentence = _("The disk is full; nothing was written to {out}. Free some space.")
        raise ReportError(sentence.format(out=out), code="disk-full") from None


def _place(out: Path, contents: Mapping[str, bytes]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".canheal-") as beside:
        for name, content in contents.items():
            _refuse_other(out / name)
            _write(Path(beside) / name, content)
        for name in contents:
            (Path(beside) / name).replace(out / name)


def _refuse_other(place: Path) -> None:
    """Refuse to put a file in the place of a folder, a device or a pipe."""
    if place.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(place))
    if place.exists() and not place.is_file():
        said = _("{name} there is a device or a pipe").format(name=ascii(place.name)[:60])
        raise FileExistsError(errno.EEXIST, said, str(place))


def _write(path: Path, content: bytes) -> None:
    """Write and wait for the disk: a full one may say so only then."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
