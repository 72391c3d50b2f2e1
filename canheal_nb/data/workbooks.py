"""From the bytes of a spreadsheet (.xlsx) to cells that know where they stand."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from canheal_nb.errors import UserError
from canheal_nb.locale import _

LARGEST, UNPACKED, MOST_ROWS, MOST_COLUMNS = 2_000_000, 40_000_000, 2000, 40


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

    Raises UserError where the file is no spreadsheet, or larger than any answers are.
    """
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter

    if len(content) > LARGEST or _unpacked(content) > UNPACKED:
        text = _("This spreadsheet is too large to hold answers; open the one that was saved here.")
        raise UserError(text, code="too-large")
    try:
        book = load_workbook(io.BytesIO(content), read_only=True)
        sheet = book.worksheets[0]
        most = (sheet.max_row or 0, sheet.max_column or 0)
        rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
        found = []
        for at, row in enumerate(rows, 1):
            line = [
                Cell(
                    _("sheet {sheet}, cell {cell}").format(
                        sheet=sheet.title[:40], cell=f"{get_column_letter(column)}{at}"
                    ),
                    value,
                )
                for column, value in enumerate(row, 1)
            ]
            found += [line] if any(cell.text for cell in line) else []
    except Exception:  # whatever a broken file makes the reader do, it is refused in one sentence
        raise _no_book() from None
    if most[0] > MOST_ROWS or most[1] > MOST_COLUMNS:
        text = _(
            "This sheet has {rows} rows and {columns} columns; answers need at most {most_rows} "
            "and {most_columns}. Delete what stands below and beside them, and open it again."
        )
        raise UserError(
            text.format(
                rows=most[0], columns=most[1], most_rows=MOST_ROWS, most_columns=MOST_COLUMNS
            ),
            code="too-large",
        )
    return found


def _unpacked(content: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return sum(one.file_size for one in packed.infolist())
    except (zipfile.BadZipFile, ValueError):
        raise _no_book() from None


def _no_book() -> UserError:
    text = _("This file is no spreadsheet (.xlsx) that can be read; open one that was saved here.")
    return UserError(text, code="no-spreadsheet")
