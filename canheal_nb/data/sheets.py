"""From the bytes of a CSV file to rows that know their physical line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from canheal_nb.data.cells import cleaned
from canheal_nb.data.faults import Fault
from canheal_nb.text.locale import _

_NO_CELLS: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """One row: the line it starts on and its cells by column."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return the cell; a column that the file lacks is an empty cell."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Sheet:
    """A table as it stands in its file, all text.

    `stray` holds the cells of rows with too few or too many fields; `whole` is False when
    some rows could not be told apart, so that nothing can be said about what is missing.
    """

    file: str
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    stray: frozenset[str] = field(default=_NO_CELLS)
    whole: bool = True


def parse(file: str, data: bytes) -> tuple[Sheet, list[Fault]]:
    """Read a CSV file (comma, UTF-8, header) and list what is wrong with its form.

    A byte order mark, Windows line ends and blank lines are harmless and skipped.
    """
    text, faults = _decoded(file, data)
    records = list(_records(file, text, faults))
    if not records:
        remedy = _("write the columns' names on the first line")
        return Sheet(file, whole=False), [*faults, Fault(file, 1, "", "", "syntax", remedy)]
    (first, raw), body = records[0], records[1:]
    header = [cleaned(name) for name in raw]
    faults += _header_faults(file, first, raw)
    faults += _field_faults(file, first, header, body)
    sheet = Sheet(
        file,
        tuple(dict.fromkeys(header)),
        tuple(Row(n, _by_name(header, r)) for n, r in body if len(r) == len(header)),
        frozenset(cleaned(cell) for _n, r in body if len(r) != len(header) for cell in r),
        whole=not any(fault.rule == "quotes" for fault in faults),
    )
    return sheet, faults


def _decoded(file: str, data: bytes) -> tuple[str, list[Fault]]:
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        fault = encoding_fault(file, data, error)
        return data.decode("utf-8-sig", errors="replace").replace("\ufffd", "?"), [fault]


def encoding_fault(file: str, data: bytes, error: UnicodeDecodeError) -> Fault:
    """Say on which line and at which byte the text stops being UTF-8."""
    start = len(data) - len(error.object) + error.start
    line = data.count(b"\n", 0, start) + 1
    remedy = _("byte {at} of the file is {byte}; save the file as UTF-8").format(
        at=start + 1, byte=f"0x{data[start]:02x}"
    )
    return Fault(file, line, "", "", "encoding", remedy)


def _records(file: str, text: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with its first line; add a fault for a record that has no end."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            remedy = _("close the quotation mark, and write a quotation mark in a text twice")
            faults.append(Fault(file, line, "", "", "quotes", remedy))
            continue
        if record:
            yield line, record


def _header_faults(file: str, line: int, header: list[str]) -> Iterator[Fault]:
    names = [cleaned(name) for name in header]
    for place, name in enumerate(names):
        if name in names[:place]:
            remedy = _("delete one of the two")
            yield Fault(file, line, name, "", "double-column", remedy)
        if name != header[place]:
            remedy = _("write the column's name alone")
            yield Fault(file, line, name, header[place], "characters", remedy)


def _field_faults(
    file: str, first: int, header: list[str], body: list[tuple[int, list[str]]]
) -> Iterator[Fault]:
    """Yield a fault per row of another length; one for the header when it alone is wrong."""
    lengths = {len(record) for _line, record in body}
    if len(lengths) == 1 and len(header) not in lengths and len(body) > 1:
        remedy = _("it has {found} names and every row has {wanted} fields; make them agree")
        remedy = remedy.format(found=len(header), wanted=lengths.pop())
        yield Fault(file, first, "", "", "fields", remedy)
        return
    for line, record in body:
        if len(record) != len(header):
            remedy = _("it has {found} fields, not {wanted}; put a text with commas in quotes")
            remedy = remedy.format(found=len(record), wanted=len(header))
            yield Fault(file, line, "", "", "fields", remedy)


def _by_name(header: list[str], record: list[str]) -> dict[str, str]:
    """Pair names and cells; of a double column the first counts."""
    return dict(zip(reversed(header), reversed(record), strict=True))
