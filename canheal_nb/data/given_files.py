"""Files that a person names: whether their name can be one, and what is in them, within a limit.

Everything that reads a file somebody typed, chose or sent the name of reads it here. Only ordinary
files are read: a device gives without end, and a pipe may never give anything.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from canheal_nb.data.faults import printable, shown
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

LONGEST_PATH, LONGEST_NAME = 4095, 255  # bytes; what systems allow
MOST_SHOWN = 200


def path(given: str | Path) -> Path:
    """Return a path that the system can take, there or not.

    Raises UserError for one that is empty or too long, or has signs that are no text.
    """
    text = str(given)
    if not text:
        raise UserError(_("A path is empty; give the name of a file or folder."), code="wrong-path")
    try:
        spelled = text.encode("utf-8")
    except UnicodeEncodeError:
        spelled = b"\0"
    if b"\0" in spelled:
        said = _("The path {path} has signs that cannot stand in a path; give another name.")
        raise UserError(said.format(path=shown(text)), code="wrong-path")
    if len(spelled) > LONGEST_PATH or max(map(len, spelled.split(b"/"))) > LONGEST_NAME:
        said = _(
            "The path {path} is too long: a name has at most {name} bytes, a path {path_most}."
        )
        words = {"path": shown(text), "name": LONGEST_NAME, "path_most": LONGEST_PATH}
        raise UserError(said.format(**words), code="wrong-path")
    return Path(text)


def read(given: str | Path, most: int) -> bytes:
    """Return the bytes of an ordinary file, at most so many.

    Raises UserError when it is larger, is no ordinary file, or cannot be read.
    """
    with _opened(given, most) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise _too_large(given, most)
    return content


def text(given: str | Path, most: int) -> str:
    """Return the text of an ordinary file in UTF-8, at most so many bytes; see `read`."""
    try:
        return read(given, most).decode("utf-8-sig")
    except UnicodeDecodeError:
        said = _("{file} is not a text in UTF-8; save it so and try again.")
        raise UserError(said.format(file=_name(given)), code="no-text") from None


@contextmanager
def lines(given: str | Path, most: int, longest: int) -> Iterator[Iterator[str]]:
    """Give the lines of an ordinary file in UTF-8, of at most so many bytes; see `read`.

    A line that is longer than `longest` signs is cut after one sign more, and so are its pieces.
    """
    with _opened(given, most) as file, io.TextIOWrapper(file, encoding="utf-8-sig") as read_as:
        yield iter(lambda: read_as.readline(longest + 1), "")


@contextmanager
def _opened(given: str | Path, most: int) -> Iterator[BinaryIO]:
    place = path(given)
    try:
        _refuse_other(place, place.stat(), most)
        # Between the two looks it may have become a pipe: opening one must not wait for a writer.
        descriptor = os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            _refuse_other(place, os.fstat(descriptor), most)
            yield file
    except OSError as error:
        said = _("The file {file} cannot be read ({reason}); check its name and folder.")
        reason = error.strerror or type(error).__name__
        told = said.format(file=_name(given), reason=reason)
        raise UserError(told, code="unreadable-file") from None


def _refuse_other(place: Path, found: os.stat_result, most: int) -> None:
    if stat.S_ISDIR(found.st_mode):
        said = _("{file} is a folder; give the name of a file in it.")
        raise UserError(said.format(file=_name(place)), code="unreadable-file")
    if not stat.S_ISREG(found.st_mode):
        said = _("{file} is a device or a pipe, not a file; save what it gives as a file first.")
        raise UserError(said.format(file=_name(place)), code="unreadable-file")
    if found.st_size > most:
        raise _too_large(place, most)


def _too_large(given: str | Path, most: int) -> UserError:
    said = _("The file {file} is too large: at most {most} bytes are read.")
    return UserError(
        said.format(file=_name(given), most=f"{most:,}".replace(",", " ")), code="too-large"
    )


def _name(given: str | Path) -> str:
    """Return a path as a sentence names it; of a very long one the end, which tells files apart."""
    text = str(given)
    return printable(text if len(text) <= MOST_SHOWN else "…" + text[-MOST_SHOWN:])
