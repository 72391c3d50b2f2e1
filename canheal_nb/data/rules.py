"""Rules that look at more than one cell: pure functions from tables to faults.

Each rule takes the book of all tables and yields faults; cells are read cleaned, and what
another rule has said already (an empty key, a number that is none) is passed over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from canheal_nb.data import cells, travel_tables
from canheal_nb.data.contracts import (
    AREAS,
    CAPABILITY_TYPES,
    CENTRES,
    INDICATOR_TYPES,
    LISTS,
    SOURCES,
    TABLES,
    Column,
    Table,
)
from canheal_nb.data.faults import Fault, nearest
from canheal_nb.data.places import Boxes
from canheal_nb.data.sheets import Row, Sheet
from canheal_nb.text.locale import _

Known = Mapping[str, Row]
_SOURCE = Column("source_id", "", "id", refers=SOURCES, joined=True)


@dataclass(frozen=True)
class Book:
    """All tables of one data folder, cleaned, and the countries' boxes where they are known."""

    sheets: Mapping[str, Sheet]
    boxes: Boxes = field(default_factory=dict)

    def rows(self, name: str) -> tuple[Row, ...]:
        """Return the rows of a table; none when the file is missing."""
        sheet = self.sheets.get(name)
        return sheet.rows if sheet else ()

    def is_whole(self, name: str) -> bool:
        """Could every row of a table be read?"""
        sheet = self.sheets.get(name)
        return sheet is not None and sheet.whole and not sheet.stray

    def by_id(self, name: str) -> dict[str, Row]:
        """Return the rows of a table with a single key by that key."""
        (key,) = TABLES[name].key
        return {row[key]: row for row in self.rows(name)}


Rule = Callable[[Book], Iterator[Fault]]


def known_ids(book: Book) -> Iterator[Fault]:
    """Every id that refers to another table stands there."""
    for name, sheet in book.sheets.items():
        table = TABLES.get(name)
        columns = table.columns if table else (_SOURCE,)
        for column in columns:
            target = book.sheets.get(column.refers)
            if target and target.whole and column.name in sheet.columns:
                yield from _unknown(sheet, column, target)


def _unknown(sheet: Sheet, column: Column, target: Sheet) -> Iterator[Fault]:
    (key,) = TABLES[column.refers].key
    if key not in target.columns:
        return
    ids = [row[key] for row in target.rows]
    known = {*ids, *target.stray}

    @cache
    def meant(text: str) -> str:
        return nearest(text, ids)

    for row in sheet.rows:
        for part in _parts(row[column.name], column):
            if part not in known:
                remedy = _add(meant(part), target.file)
                yield _at(sheet, row, column.name, part or "+", "unknown-id", remedy)


def _parts(text: str, column: Column) -> list[str]:
    """Return the ids in a cell, without those whose form is wrong already."""
    if not text:
        return []
    if column.joined:
        return text.split("+")
    form = {"area": cells.is_area, "id": cells.is_id}[column.kind]
    return [text] if form(text) else []


def _add(meant: str, file: str) -> str:
    if meant:
        return _("write {id}, or add it to {file}").format(id=meant, file=file)
    return _("write one that is in {file}, or add it there").format(file=file)


def single_rows(book: Book) -> Iterator[Fault]:
    """No two rows of a table share its key."""
    for table in (*TABLES.values(), *travel_tables.TABLES.values()):
        sheet = book.sheets.get(table.name)
        if sheet and table.key and set(table.key) <= set(sheet.columns):
            yield from _doubles(table, sheet)


def _doubles(table: Table, sheet: Sheet) -> Iterator[Fault]:
    first: dict[tuple[str, ...], Row] = {}
    required = {column.name for column in table.columns if column.required}
    for row in sheet.rows:
        key = tuple(row[name] for name in table.key)
        if any(not row[name] for name in required.intersection(table.key)):
            continue
        other = first.setdefault(key, row)
        if other is not row:
            if "source_id" in table.key and row["value"] != other["value"]:
                yield _two_values(sheet, row, other)
                continue
            remedy = _("line {line} has the same key; delete one").format(line=other.line)
            yield _at(sheet, row, "", " ".join(key), "duplicate-key", remedy)


def _two_values(sheet: Sheet, row: Row, other: Row) -> Fault:
    remedy = _("line {line} says {value}; keep the one that the source states").format(
        line=other.line, value=other["value"]
    )
    return _at(sheet, row, "value", row["value"], "two-values", remedy)


def single_values(book: Book) -> Iterator[Fault]:
    """One source says one thing about a centre's capability in a year; categories may differ."""
    types = book.by_id(CAPABILITY_TYPES)
    first: dict[tuple[str, ...], Row] = {}
    for row in book.rows("facts/capabilities"):
        kind = types[row["capability"]]["kind"] if row["capability"] in types else "category"
        if kind == "category" or not row["value"]:
            continue
        key = tuple(row[n] for n in ("centre_id", "capability", "year", "source_id"))
        other = first.setdefault(key, row)
        if other["value"] != row["value"]:
            yield _two_values(book.sheets["facts/capabilities"], row, other)


def fitting_values(book: Book) -> Iterator[Fault]:
    """A value has the form that its type's kind asks for; percentages lie between 0 and 100."""
    for name, types, column in (
        ("facts/capabilities", book.by_id(CAPABILITY_TYPES), "capability"),
        ("facts/indicators", book.by_id(INDICATOR_TYPES), "indicator"),
    ):
        for row in book.rows(name):
            if row[column] in types:
                yield from _misfit(book.sheets[name], row, types[row[column]])
    for row in book.rows("facts/parameters"):
        yield from _no_percentage(book.sheets["facts/parameters"], row, row["unit"])


def _misfit(sheet: Sheet, row: Row, kind_row: Row) -> Iterator[Fault]:
    value = row["value"]
    fits: dict[str, tuple[bool, str]] = {
        "yes_no": (value in ("yes", "no"), _("write yes or no")),
        "number": (cells.is_number(value), _("write digits with a decimal point")),
        "year": (cells.is_year(value), _("write a year in four digits")),
    }
    fine, remedy = fits.get(kind_row["kind"], (True, ""))
    if value and not fine and not cells.is_formula(value):
        yield _at(sheet, row, "value", value, "value-kind", remedy)
    yield from _no_percentage(sheet, row, kind_row["unit"])


def _no_percentage(sheet: Sheet, row: Row, unit: str) -> Iterator[Fault]:
    for name in ("value", "low", "high") if unit.startswith("%") else ():
        number = cells.number(row[name])
        if number is not None and not 0 <= number <= 100:
            remedy = _("a percentage lies between 0 and 100; correct it or the type's unit")
            yield _at(sheet, row, name, row[name], "range", remedy)


def proven_no(book: Book) -> Iterator[Fault]:
    """A centre's *no* stands only where a list for its country, or for the EU, may say it."""
    if not all(book.is_whole(name) for name in (AREAS, LISTS)):
        return
    centres, areas = book.by_id(CENTRES), book.by_id(AREAS)
    lists = {(r["capability"], r["country"]): r for r in book.rows(LISTS)}
    types = book.by_id(CAPABILITY_TYPES)
    for row in book.rows("facts/capabilities"):
        kind, centre = types.get(row["capability"]), centres.get(row["centre_id"])
        if row["value"] != "no" or not kind or kind["kind"] != "yes_no" or not centre:
            continue
        country = centre["country"]
        inside = country not in areas or areas[country]["kind"] == "member_state"
        union = lists.get((row["capability"], "EU")) if inside else None
        said = lists.get((row["capability"], country), union)
        if said is None or said["may_say_no"] != "yes":
            remedy = _(
                "delete the row (not known is not no), "
                "or state in facts/capability_lists.csv which list for {country} proves it"
            ).format(country=country)
            sheet = book.sheets["facts/capabilities"]
            yield _at(sheet, row, "value", row["value"], "unproven-no", remedy)


def ordered_ranges(book: Book) -> Iterator[Fault]:
    """low <= value <= high, except where a parameter's low and high are a contrast."""
    for name in ("facts/indicators", "facts/parameters"):
        for row in book.rows(name):
            if row["range_kind"] == "contrast":
                continue
            numbers = [cells.number(row[column]) for column in ("low", "value", "high")]
            stated = [number for number in numbers if number is not None]
            if stated != sorted(stated):
                words = " / ".join(row[column] or "–" for column in ("low", "value", "high"))
                remedy = _("low must not be above the value, nor the value above high")
                yield _at(book.sheets[name], row, "value", words, "order", remedy)


def fitting_areas(book: Book) -> Iterator[Fault]:
    """Centres are in countries; lists hold for a country or the Union."""
    kinds = {area: row["kind"] for area, row in book.by_id(AREAS).items()}
    for name, fit in (
        (CENTRES, ("member_state", "other")),
        (LISTS, ("member_state", "union", "other")),
    ):
        for row in book.rows(name):
            kind = kinds.get(row["country"], fit[0])
            if kind in ("union", "member_state", "outermost_region", "other") and kind not in fit:
                remedy = _("write the code of an area whose kind is {kinds}").format(
                    kinds=" / ".join(fit)
                )
                yield _at(book.sheets[name], row, "country", row["country"], "area-kind", remedy)


def near_home(book: Book) -> Iterator[Fault]:
    """A centre lies in or near its country, or one of that country's outermost regions."""
    areas = defaultdict(list)
    for row in book.rows(AREAS):
        areas[row["country"]].append(row["area_id"])
    for row in book.rows(CENTRES):
        latitude, longitude = cells.number(row["latitude"]), cells.number(row["longitude"])
        if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
            continue
        boxes = [box for area in areas[row["country"]] for box in book.boxes.get(area, ())]
        if boxes and not any(box.holds(latitude, longitude) for box in boxes):
            where = f"{row['latitude']} {row['longitude']}"
            remedy = _("check latitude, longitude (not swapped?) and country {country}").format(
                country=row["country"]
            )
            yield _at(book.sheets[CENTRES], row, "latitude", where, "far-away", remedy)


def _at(sheet: Sheet, row: Row, column: str, value: str, rule: str, remedy: str) -> Fault:
    return Fault(sheet.file, row.line, column, value, rule, remedy)


RULES: tuple[Rule, ...] = (
    known_ids,
    single_rows,
    single_values,
    fitting_values,
    proven_no,
    ordered_ranges,
    fitting_areas,
    near_home,
)
