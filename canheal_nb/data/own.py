"""An indicator of one's own: checked by the same contracts, then beside the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

import pandas as pd

from canheal_nb.data import cells, frames, given_files
from canheal_nb.data.contracts import AREAS, INDICATOR_TYPES, SOURCES, TABLES, Column, Table
from canheal_nb.data.dataset import Dataset
from canheal_nb.data.faults import Fault, printable, shown
from canheal_nb.data.rules import Book, fitting_values, known_ids, ordered_ranges, single_rows
from canheal_nb.data.schemas import cell_faults
from canheal_nb.data.sheets import Row, Sheet, parse
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _, ngettext

MOST_BYTES = 5_000_000
INDICATORS = "facts/indicators"
NEEDED = ("area_id", "value")
MAY_LACK = ("year", "sex", "low", "high", "flag", "note")
_RULES = (known_ids, single_rows, fitting_values, ordered_ranges)
_TABLE_NAME = "table"


@dataclass(frozen=True)
class Description:
    """What an own indicator is: the columns of `indicator_types`, its edition and its source."""

    indicator: str
    label: str
    source: str
    unit: str = ""
    kind: str = "number"
    direction: str = "neutral"
    rank: str = "no"
    definition: str = ""
    caveat: str = ""
    group: str = ""
    edition: str = ""
    rights: str = ""

    @property
    def source_id(self) -> str:
        """The id under which the source is cited."""
        return f"own-{self.indicator}"


def describe(**stated: str) -> Description:
    """Return a description; UserError when a name is unknown or a value is no text."""
    known = [field.name for field in fields(Description)]
    for name, value in stated.items():
        if name not in known:
            sentence = _("An indicator has no {name}; it may state: {known}.")
            words = {"name": printable(name), "known": ", ".join(known)}
            raise UserError(sentence.format(**words), code="unknown-parameter")
        if not isinstance(value, str):
            sentence = _("The indicator's {name} must be a text, not {value}.")
            words = {"name": name, "value": shown(repr(value))}
            raise UserError(sentence.format(**words), code="wrong-type")
    return Description(**stated)


def with_indicator(
    dataset: Dataset, given: Path | str | pd.DataFrame, about: Description
) -> Dataset:
    """Return a new dataset that also holds the indicator in a CSV file or a frame.

    Raises UserError with the first fault, its line, and how many more there are.
    """
    name, content = _content(given)
    kind = _type_row(about)
    _refuse_description(dataset, about, kind)
    sheet, faults = parse(name, content)
    faults += _column_faults(sheet, dataset.edition.as_of.year)
    whole = _completed(sheet, about)
    faults += [fault for fault in _faults(dataset, whole, kind) if fault not in faults]
    _refuse(faults or _nobody(dataset, whole))
    return _joined(dataset, whole, kind, about)


def _content(given: Path | str | pd.DataFrame) -> tuple[str, bytes]:
    """Return the name to speak of and the bytes of a CSV; a frame becomes one."""
    if isinstance(given, pd.DataFrame):
        frame = given.reset_index() if given.index.names != [None] else given
        if "year" in frame and pd.api.types.is_float_dtype(frame["year"]):
            frame = frame.assign(year=[_year(year) for year in frame["year"]])
        return _TABLE_NAME, frame.to_csv(index=False, lineterminator="\n").encode()
    return Path(given).name, given_files.read(given, MOST_BYTES)


def _year(number: float) -> str:
    """Return a year as text: beside an empty cell pandas makes 2024.0 of 2024."""
    return "" if pd.isna(number) else f"{number:.10g}"


def _type_row(about: Description) -> dict[str, str]:
    """Return the row of `indicator_types`; what nobody stated is said to be so."""
    stated = {column: getattr(about, column) for column in TABLES[INDICATOR_TYPES].names}
    stated["group"] = about.group or _("Added by you")
    stated["definition"] = about.definition or _("No definition was given.")
    return {name: str(text) for name, text in stated.items()}


def _refuse_description(dataset: Dataset, about: Description, kind: Mapping[str, str]) -> None:
    taken = {*dataset.indicator_types.index, *dataset.capability_types.index}
    if about.indicator in taken:
        sentence = _("There is an indicator {name} already; choose another id for yours.")
        raise UserError(sentence.format(name=about.indicator), code="known-indicator")
    described = {**kind, "source": about.source}
    if not about.source.strip():
        sentence = _("The indicator {name} has no source; say where the figures come from.")
        raise UserError(sentence.format(name=printable(about.indicator)), code="no-source")
    table = TABLES[INDICATOR_TYPES]
    table = replace(table, columns=(*table.columns, Column("source", "its source", required=True)))
    sheet = Sheet(_("the indicator's description"), tuple(described), (Row(0, described),))
    _refuse(list(cell_faults(table, sheet, dataset.edition.as_of.year)))


def _column_faults(sheet: Sheet, last_year: int) -> list[Fault]:
    """List the faults of columns and single cells; columns that may lack are passed over."""
    if not sheet.columns:
        return []
    columns = TABLES[INDICATORS].columns
    wanted = [c for c in columns if c.name in (*NEEDED, *MAY_LACK)]
    present = [c for c in wanted if c.name in NEEDED or c.name in sheet.columns]
    defaults = tuple(replace(c, required=c.name in NEEDED) for c in present)
    found = list(cell_faults(Table(INDICATORS, "", defaults), _cleaned(sheet), last_year))
    return [replace(f, remedy=_columns_remedy(f)) for f in found] + list(_formulas(sheet))


def _formulas(sheet: Sheet) -> Iterator[Fault]:
    remedy = _("begin with a letter or a digit")
    for row in sheet.rows:
        for column, text in row.cells.items():
            if cells.is_formula(cells.cleaned(text)):
                yield Fault(sheet.file, row.line, column, text, "formula", remedy)


def _columns_remedy(fault: Fault) -> str:
    """Tell what to do with a column in the words of somebody who brings a table of their own."""
    if fault.rule == "missing-column" and fault.column == "area_id":
        return _("give this name to the column that holds the countries' codes")
    if fault.rule == "missing-column":
        return _("the table needs the columns {needed}").format(needed=", ".join(NEEDED))
    if fault.rule == "unknown-column" and _("delete the column") == fault.remedy:
        return _("delete it; besides {needed} there may be {more}").format(
            needed=", ".join(NEEDED), more=", ".join(MAY_LACK)
        )
    return fault.remedy


def _cleaned(sheet: Sheet) -> Sheet:
    rows = (Row(r.line, {n: cells.cleaned(t) for n, t in r.cells.items()}) for r in sheet.rows)
    return replace(sheet, rows=tuple(rows))


def _completed(sheet: Sheet, about: Description) -> Sheet:
    """Return the sheet with all columns of `indicators`; without a sex a figure is for both."""
    fixed = {
        "indicator": about.indicator,
        "edition": about.edition,
        "source_id": about.source_id,
    }
    names = TABLES[INDICATORS].names
    rows = []
    for row in _cleaned(sheet).rows:
        filled = {name: row[name] for name in names} | fixed
        rows.append(Row(row.line, {**filled, "sex": filled["sex"] or "T"}))
    return replace(sheet, columns=names, rows=tuple(rows))


def _faults(dataset: Dataset, sheet: Sheet, kind: Mapping[str, str]) -> Iterator[Fault]:
    """Yield what the rules across cells and tables find, and values nobody could read."""
    source = {"source_id": sheet.rows[0]["source_id"] if sheet.rows else ""}
    book = Book(
        {
            INDICATORS: sheet,
            INDICATOR_TYPES: Sheet("", ("indicator",), (Row(0, kind),)),
            AREAS: _ids("facts/areas.csv", "area_id", dataset.areas),
            SOURCES: Sheet("", ("source_id",), (Row(0, source),)),
        }
    )
    for rule in _RULES:
        yield from (_own_words(fault) for fault in rule(book) if fault.file == sheet.file)


def _own_words(fault: Fault) -> Fault:
    """Leave out what only the product's own tables know: whole keys, and files to add to."""
    if fault.rule == "duplicate-key":
        return replace(fault, value="")
    if fault.rule == "unknown-id":
        return replace(fault, remedy=_("write a country's two letters, for example SI"))
    return fault


def _nobody(dataset: Dataset, sheet: Sheet) -> list[Fault]:
    """A table without one member state could not be shown."""
    areas = dataset.areas
    states = set(areas.index[areas["kind"] == "member_state"])
    if any(row["area_id"] in states for row in sheet.rows):
        return []
    remedy = _("write at least one row for a country of the European Union")
    return [Fault(sheet.file, 0, "", "", "empty", remedy)]


def _ids(file: str, key: str, frame: pd.DataFrame) -> Sheet:
    return Sheet(file, (key,), tuple(Row(0, {key: str(one)}) for one in frame.index))


def _refuse(faults: list[Fault]) -> None:
    """Raise the first fault by line; the others are counted."""
    if not faults:
        return
    first, *others = sorted(faults, key=lambda fault: (fault.line, fault.column))
    said = first.sentence()
    if others:
        more = ngettext("{n} more fault follows.", "{n} more faults follow.", len(others))
        said = f"{said.removesuffix('.')}; " + more.format(n=len(others))
    raise UserError(said, code="own-indicator")


def _joined(dataset: Dataset, sheet: Sheet, kind: Mapping[str, str], about: Description) -> Dataset:
    source = {
        "source_id": about.source_id,
        "title": about.source,
        "rights": about.rights or _("not stated"),
        "redistribute": "unknown",
    }
    own = {
        "indicators": sheet,
        "indicator_types": Sheet("", TABLES[INDICATOR_TYPES].names, (Row(0, kind),)),
        "sources": Sheet("", TABLES[SOURCES].names, (Row(0, source),)),
    }
    by_short = {table.short: table for table in TABLES.values()}
    grown = {
        name: pd.concat([dataset.tables[name], frames.typed(by_short[name], added)])
        for name, added in own.items()
    }
    grown["indicators"] = grown["indicators"].reset_index(drop=True)
    return replace(dataset, tables={**dataset.tables, **grown})
