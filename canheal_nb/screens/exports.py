"""What is seen, to take along: as CSV, XLSX or SVG, each with its citation."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from canheal_nb.indicators.facts import Source
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

FORMULA = ("=", "+", "-", "@", "\t", "\r")
TYPES = {
    "csv": "text/csv;charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml",
    "png": "image/svg+xml",
}


@dataclass(frozen=True)
class File:
    """A file to be saved: its name, media type and bytes. A .png is drawn from its SVG."""

    name: str
    type: str
    content: bytes


def table_file(
    kind: str,
    stem: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    sources: Sequence[Source],
    citation: str,
) -> File:
    """Return a table as CSV or XLSX, followed by its sources and how to cite it.

    Raises UserError where a source's terms forbid passing on the whole table.
    """
    closed = [source for source in sources if source.redistribute == "no"]
    if closed:
        sentence = _(
            "The table cannot be saved: the terms of {title} ({publisher}) do not allow it to be "
            "passed on as a whole; save the picture, or cite single figures."
        )
        words = {"title": closed[0].title, "publisher": closed[0].publisher}
        raise UserError(sentence.format(**words), code="closed-source")
    foot = [[], [_("How to cite"), citation]]
    foot += [[_("Source"), s.source_id, s.title, s.publisher, s.year, s.rights] for s in sources]
    lines = [[inert(cell) for cell in line] for line in [list(head), *map(list, rows), *foot]]
    made = _csv(lines) if kind == "csv" else _xlsx(lines)
    return File(f"{safe(stem)}.{kind}", TYPES[kind], made)


def picture_file(kind: str, stem: str, svg: str) -> File:
    """Return a picture as SVG (a .png is drawn from it where it is saved)."""
    return File(f"{safe(stem)}.{kind}", TYPES[kind], svg.encode())


def inert(cell: str) -> str:
    """Return a text that no spreadsheet runs as a formula; numbers stay numbers."""
    number = re.fullmatch(r"-?\d+(\.\d+)?", cell)
    return f"'{cell}" if cell.startswith(FORMULA) and not number else cell


def safe(stem: str) -> str:
    """Return a file name without signs that a system may refuse."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-")[:80] or "canheal"


def citation(parts: Mapping[str, str]) -> str:
    """Return how to cite a view: title, edition, address of the view."""
    text = _("{title}. canheal_nb, edition {edition}, as of {as_of}. View: {view}")
    return text.format(**parts)


def _csv(lines: Sequence[Sequence[str]]) -> bytes:
    sheet = io.StringIO(newline="")
    csv.writer(sheet, lineterminator="\r\n").writerows(lines)
    return sheet.getvalue().encode("utf-8-sig")


def _xlsx(lines: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for line in lines:
        sheet.append([float(c) if re.fullmatch(r"-?\d+(\.\d+)?", c) else c for c in line])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
