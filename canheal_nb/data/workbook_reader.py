"""The program that unpacks and reads one spreadsheet; `workbooks` runs it, one process per file.

A spreadsheet of some kilobytes can take gigabytes and minutes to read. So this runs by itself,
within limits that the system enforces, and its process ends with the file: bytes from the
standard input, one line of JSON to the standard output. It imports nothing of this package, whose
tables take longer to load than a sheet to read.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import sys
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

PACKED, UNPACKED, MOST_PARTS = 2_000_000, 4_000_000, 500
MOST_ROWS, MOST_COLUMNS, LONGEST_TEXT, MOST_TEXT = 2000, 40, 2000, 500_000
MEMORY, SECONDS = 256 * 2**20, 8
EXACT = 2**53
TOO_LARGE, NO_BOOK = "too-large", "no-spreadsheet"
# openpyxl takes them where it finds them, and does without where not: half a second less.
UNNEEDED = ("numpy", "lxml", "PIL")


class RefusedError(Exception):
    """The file is not read; its argument is the code."""


def main() -> None:
    """Read the standard input as a spreadsheet and write what is in it."""
    _limit()
    for name in UNNEEDED:
        sys.modules[name] = None  # type: ignore[assignment]
    content = sys.stdin.buffer.read(PACKED + 1)
    try:
        found: dict[str, Any] = read(content)
    except RefusedError as refused:
        found = {"refused": refused.args[0]}
    except MemoryError:
        found = {"refused": TOO_LARGE}
    except Exception:  # whatever a broken file makes the reader do
        found = {"refused": NO_BOOK}
    sys.stdout.write(json.dumps(found))


def read(content: bytes) -> dict[str, Any]:
    """Return `title` of the first sheet, `most` rows and columns, `rows`: number and values.

    A value is a text, a number, true or false, null, or a date as a list of its ISO text; a
    formula is its text. Raises RefusedError.
    """
    if len(content) > PACKED:
        raise RefusedError(TOO_LARGE)
    packed = _packed_anew(content)
    from openpyxl import load_workbook

    book = load_workbook(packed, read_only=True, keep_links=False)
    sheet = book.worksheets[0]
    most = (sheet.max_row or 0, sheet.max_column or 0)
    rows, signs = [], 0
    # One more of each than may be: not every sheet says how large it is.
    cells = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + 1, values_only=True)
    for at, row in enumerate(cells, 1):
        values = [_plain(value) for value in row]
        signs += sum(len(value) for value in values if isinstance(value, str))
        if signs > MOST_TEXT:
            raise RefusedError(TOO_LARGE)
        if any(value not in (None, "") for value in values):
            if max(most) == 0 and (at > MOST_ROWS or values[MOST_COLUMNS:] not in ([], [None])):
                raise RefusedError(TOO_LARGE)
            rows.append([at, values[:MOST_COLUMNS]])
    return {"title": sheet.title[:LONGEST_TEXT], "most": most, "rows": rows}


def _packed_anew(content: bytes) -> io.BytesIO:
    """Return the book with its parts as they are when unpacked, all of them within UNPACKED.

    What a file says of its own sizes is not believed, and openpyxl never sees that file.
    """
    made, left = io.BytesIO(), UNPACKED
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        if len(old.infolist()) > MOST_PARTS:
            raise RefusedError(TOO_LARGE)
        for part in old.infolist():
            # Other ways of packing are unpacked by Python without a limit.
            if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise RefusedError(NO_BOOK)
            whole = b"".join(_pieces(old, part, left))
            left -= len(whole)
            _refuse_document_type(whole)
            new.writestr(part.filename, whole)
    return made


def _pieces(packed: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
    with packed.open(part) as file:
        while piece := file.read(2**16):
            most -= len(piece)
            if most < 0:
                raise RefusedError(TOO_LARGE)
            yield piece


def _refuse_document_type(part: bytes) -> None:
    """Refuse a part that defines entities: those can name files, or grow a thousand million fold.

    No program writes any into a spreadsheet. What is no XML is left to those who need it.
    """

    def refuse(*_given: object) -> None:
        raise RefusedError(NO_BOOK)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    with contextlib.suppress(expat.ExpatError):
        parser.Parse(part, True)


def _plain(value: Any) -> object:
    """Return a cell's value as JSON can say it; a number too large to be counted is a text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)) and math.isfinite(value) and abs(value) <= EXACT:
        return value
    if hasattr(value, "isoformat") and hasattr(value, "year"):
        return [value.isoformat()]
    return str(value)[:LONGEST_TEXT]


def _limit() -> None:
    """Set what this process may use; a system without such limits still has the time limit."""
    with contextlib.suppress(ImportError):
        import resource

        wanted = {resource.RLIMIT_AS: MEMORY, resource.RLIMIT_CPU: SECONDS}
        wanted |= {resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0}
        for name, most in wanted.items():
            hard = resource.getrlimit(name)[1]
            least = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(name, (least, least))


if __name__ == "__main__":
    main()
