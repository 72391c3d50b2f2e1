"""Every fault of a data folder: form, contracts, rules across tables, registry."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from canheal_nb.data import built, cells, edition, places, registry, travel_tables
from canheal_nb.data.contracts import TABLES
from canheal_nb.data.faults import Fault
from canheal_nb.data.rules import RULES, Book
from canheal_nb.data.schemas import cell_faults
from canheal_nb.data.sheets import Row, Sheet, encoding_fault, parse
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

NEEDED = (edition.FILE, *(table.file for table in TABLES.values()))
_ANY_YEAR = 9999


def verify(folder: Path) -> list[Fault]:
    """List every fault of every file under a data folder, by file and line.

    Tables without a contract are checked by the general rules (UTF-8, fields, stray spaces,
    hidden characters, formulas, known sources). The order of columns and rows is free. That
    a file differs from the registry is a fault of its own ("registry"), listed only for
    files that have no other. Raises UserError when there is no such folder.
    """
    if not folder.is_dir():
        sentence = _("There is no folder {folder}; name the folder that holds sources.csv.")
        raise UserError(sentence.format(folder=folder), code="missing-folder")
    present = registry.files(folder)
    contents, faults = _read(folder, sorted({*present, *NEEDED}))
    faults += _faults(contents)
    faults += _built_faults(contents, registry.read(folder))
    faults += _registry_faults(contents, {fault.file for fault in faults})
    return _sorted(faults)


def loaded_faults(folder: Path) -> list[Fault]:
    """List the faults of what `load` reads: the edition and the tables with a contract."""
    contents, faults = _read(folder, NEEDED)
    built = [file for file in places.FILES if (folder / file).is_file()]
    contents |= {file: (folder / file).read_bytes() for file in built}
    return _sorted(faults + _faults(contents))


def carried_faults(file: str, data: bytes) -> list[Fault]:
    """List what the general rules find in one table."""
    sheet, faults = parse(file, data)
    return _sorted([*faults, *_text_faults(sheet)])


def _read(folder: Path, files: Collection[str]) -> tuple[dict[str, bytes], list[Fault]]:
    contents, faults = {}, []
    for file in files:
        try:
            contents[file] = (folder / file).read_bytes()
        except FileNotFoundError:
            remedy = _("put it back; a table without rows keeps its header")
            faults.append(Fault(file, 0, "", "", "missing-file", remedy))
        except OSError as error:
            remedy = _("make it readable ({reason})").format(reason=error.strerror)
            faults.append(Fault(file, 0, "", "", "unreadable", remedy))
    return contents, faults


def _faults(contents: Mapping[str, bytes]) -> list[Fault]:
    """Check the form of every file, then contracts and rules; the registry is left out."""
    faults: list[Fault] = []
    sheets: dict[str, Sheet] = {}
    for file, data in contents.items():
        if file.endswith(".csv"):
            sheet, found = parse(file, data)
            sheets[file.removesuffix(".csv")] = _cleaned(sheet)
            faults += [*found, *_text_faults(sheet)]
        elif file.endswith((".json", ".geojson")):
            faults += _json_faults(file, data)
    known, found = edition.parse(contents[edition.FILE]) if edition.FILE in contents else (None, [])
    last_year = known.as_of.year if known else _ANY_YEAR
    for name, table in (TABLES | travel_tables.TABLES).items():
        if name in sheets and sheets[name].columns:
            faults += cell_faults(table, sheets[name], last_year)
    book = Book(sheets, places.boxes(contents[file] for file in places.FILES if file in contents))
    return [*faults, *found, *(fault for rule in RULES for fault in rule(book))]


def _text_faults(sheet: Sheet) -> Iterator[Fault]:
    """Yield the faults that any text cell can have, whatever the table."""
    table = TABLES.get(sheet.file.removesuffix(".csv"))
    for name in sheet.columns:
        column = table.column(name) if table else None
        runs = column is None or (column.kind in ("text", "value") and not column.allowed)
        for row in sheet.rows:
            yield from _cell_faults(sheet.file, row, name, runs)


def _cell_faults(file: str, row: Row, column: str, runs: bool) -> Iterator[Fault]:
    text = row[column]
    if text != text.strip():
        yield Fault(file, row.line, column, text, "spaces", _("delete the space"))
    if cells.has_hidden(text):
        remedy = _("delete them, or write the text again")
        yield Fault(file, row.line, column, text, "characters", remedy)
    if runs and cells.is_formula(cells.cleaned(text)):
        remedy = _("begin with a letter or a digit")
        yield Fault(file, row.line, column, text, "formula", remedy)


def _json_faults(file: str, data: bytes) -> Iterator[Fault]:
    try:
        json.loads(data.decode())
    except UnicodeDecodeError as error:
        yield encoding_fault(file, data, error)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        yield Fault(file, line, "", "", "syntax", _("make the file again with `make data`"))


def _built_faults(contents: Mapping[str, bytes], known: Mapping[str, str]) -> Iterator[Fault]:
    """Look into the gzipped tables that the registry does not know; they are long."""
    for file, data in contents.items():
        if file.endswith(built.SUFFIX) and known.get(file) != registry.digest(data):
            yield from built.faults(file, data)


def _registry_faults(contents: Mapping[str, bytes], faulty: Collection[str]) -> Iterator[Fault]:
    if registry.FILE not in contents:
        yield registry.missing()
        return
    sheet, _found = parse(registry.FILE, contents[registry.FILE])
    others = {file: data for file, data in contents.items() if file != registry.FILE}
    digests = {file: registry.digest(data) for file, data in others.items()}
    yield from registry.faults(sheet, digests, faulty)


def _cleaned(sheet: Sheet) -> Sheet:
    rows = (
        Row(row.line, {name: cells.cleaned(text) for name, text in row.cells.items()})
        for row in sheet.rows
    )
    return replace(sheet, rows=tuple(rows))


def _sorted(faults: list[Fault]) -> list[Fault]:
    return sorted(faults, key=lambda fault: (fault.file, fault.line, fault.column, fault.rule))
