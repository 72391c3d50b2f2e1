"""From the bytes of a spreadsheet (.xlsx) to cells that know where they stand."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import Any

from canheal_nb.data import workbook_reader
from canheal_nb.data.workbook_reader import MOST_COLUMNS, MOST_ROWS, PACKED, TOO_LARGE
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

SECONDS = 20  # by the clock: on a busy machine more than the seconds of work that are allowed
MOST_SAID = 4_000_000


@dataclass(frozen=True)
class Cell:
    """One cell: `place` names sheet and cell; a value of Python, a formula as its text."""

    place: str
    value: object

    @property
    def text(self) -> str:
        """The value as text, without spaces at its ends; "" for an empty cell."""
        return "" if self.value is None else str(self.value).strip()


def cells(content: bytes) -> list[list[Cell]]:
    """Return the rows of a spreadsheet's first sheet that hold anything.

    The file is unpacked and read in a process of its own, with limits of memory and time.
    Raises UserError where it is no spreadsheet, or larger than any answers are.
    """
    if len(content) > PACKED:
        raise _too_large()
    try:
        found = json.loads(_read_apart(content))
        if "refused" in found:
            raise _too_large() if found["refused"] == TOO_LARGE else _no_book()
        rows = [_row(str(found["title"]), int(at), values) for at, values in found["rows"]]
        most_rows, most_columns = map(int, found["most"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise _too_large() from None  # the reader was ended before it could say anything
    if most_rows > MOST_ROWS or most_columns > MOST_COLUMNS:
        text = _(
            "This sheet has {rows} rows and {columns} columns; answers need at most {most_rows} "
            "and {most_columns}. Delete what stands below and beside them, and open it again."
        )
        raise UserError(
            text.format(
                rows=most_rows, columns=most_columns, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS
            ),
            code="too-large",
        )
    return rows


def _read_apart(content: bytes) -> bytes:
    """Return what the reader says of a file, at most so much; its process has ended by then."""
    # -I: neither this folder nor what the environment names is where it imports from; -B: it may
    # write no file, so it does not try to.
    command = [sys.executable, "-IB", workbook_reader.__file__]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    try:
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere) as reader:
            end = threading.Timer(SECONDS, reader.kill)
            end.start()
            try:
                assert reader.stdin is not None
                assert reader.stdout is not None
                with contextlib.suppress(BrokenPipeError), reader.stdin as file:
                    file.write(content)
                return reader.stdout.read(MOST_SAID)
            finally:
                end.cancel()
                reader.kill()
    except OSError:
        text = _("The spreadsheet cannot be read just now; try again in a minute.")
        raise UserError(text, code="busy") from None


def _row(title: str, at: int, values: list[Any]) -> list[Cell]:
    place = _("sheet {sheet}, cell {cell}")
    return [
        Cell(place.format(sheet=title[:40], cell=f"{_letters(column)}{at}"), _value(value))
        for column, value in enumerate(values, 1)
    ]


def _value(said: Any) -> object:
    return dt.datetime.fromisoformat(said[0]) if isinstance(said, list) else said


def _letters(column: int) -> str:
    """Return a column's letters, as A, Z, AA."""
    before, last = divmod(column - 1, 26)
    return (_letters(before) if before else "") + chr(ord("A") + last)


def _too_large() -> UserError:
    text = _("This spreadsheet is too large to hold answers; open the one that was saved here.")
    return UserError(text, code=TOO_LARGE)


def _no_book() -> UserError:
    text = _("This file is no spreadsheet (.xlsx) that can be read; open one that was saved here.")
    return UserError(text, code="no-spreadsheet")
