"""pandera schemas made from the contracts: columns and single cells, every failure at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pandera.pandas as pa

from canheal_nb.data import cells
from canheal_nb.data.contracts import Column, Table
from canheal_nb.data.faults import Fault, nearest
from canheal_nb.data.sheets import Sheet
from canheal_nb.text.locale import _

Test = Callable[[str], bool]
_ALL = "*"


def schema(table: Table, last_year: int) -> pa.DataFrameSchema:
    """Return the schema of a table of texts; `last_year` is the edition's year.

    The columns are exactly the contract's, in any order. Cells are texts whose form the
    checks ask for, so columns have no type; each check's error is a fault's rule.
    """
    columns = {
        column.name: pa.Column(None, [_check(r, t) for r, t in tests(column, last_year).items()])
        for column in table.columns
    }
    return pa.DataFrameSchema(columns, strict=True, ordered=False)


def tests(column: Column, last_year: int) -> dict[str, Test]:
    """Return what each filled cell of a column must pass, by rule, at most one failing."""
    found: dict[str, Test] = {"empty": bool} if column.required else {}
    if column.allowed:
        return found | {"vocabulary": _or_empty(lambda text: text in column.allowed)}
    form = _FORMS.get(column.kind)
    if form and not column.joined:
        found[column.kind] = _or_empty(form)
    low, high = bounds(column, last_year)
    if low is not None or high is not None:
        found["range"] = lambda text: not (form and form(text)) or _within(text, low, high)
    return found


def bounds(column: Column, last_year: int) -> tuple[float | None, float | None]:
    """Return the lowest and the highest number that a column takes; None is no bound."""
    if column.kind == "year":
        return column.low, last_year + column.years_ahead
    return column.low, column.high


def cell_faults(table: Table, sheet: Sheet, last_year: int) -> Iterator[Fault]:
    """Yield every fault in the columns and single cells of one table, its cells cleaned."""
    try:
        schema(table, last_year).validate(_frame(sheet), lazy=True)
    except pa.errors.SchemaErrors as errors:
        meant = {_meant(table, sheet, name) for name in sheet.columns}
        for failure in errors.failure_cases.to_dict("records"):
            explained = not meant.isdisjoint({failure["failure_case"], _ALL})
            if failure["check"] != "column_in_dataframe" or not explained:
                yield _fault(table, sheet, failure, last_year)


def _frame(sheet: Sheet) -> pd.DataFrame:
    """Return the cells as texts; the index is the line."""
    rows = [[row[name] for name in sheet.columns] for row in sheet.rows]
    lines = [row.line for row in sheet.rows]
    return pd.DataFrame(rows, columns=list(sheet.columns), index=lines, dtype="str")


def _fault(table: Table, sheet: Sheet, failure: dict[str, Any], last_year: int) -> Fault:
    rule, value = str(failure["check"]), str(failure["failure_case"])
    if rule == "column_in_schema":
        return Fault(sheet.file, 1, value, "", "unknown-column", _rename(table, sheet, value))
    if rule == "column_in_dataframe":
        remedy = _("put the column back; empty cells are allowed where nothing is stated")
        return Fault(sheet.file, 1, value, "", "missing-column", remedy)
    column = table.column(str(failure["column"]))
    if column is None:
        message = f"{table.name} has no contract for {failure['column']}"
        raise LookupError(message)
    remedy = _remedy(column, rule, value, last_year)
    return Fault(sheet.file, int(failure["index"]), column.name, value, rule, remedy)


def _meant(table: Table, sheet: Sheet, column: str) -> str:
    """Return the missing column that an unknown one stands for, `_ALL` for a whole header."""
    if column in table.names:
        return ""
    if ";" in column or "\t" in column:
        return _ALL
    return nearest(column, [name for name in table.names if name not in sheet.columns])


def _rename(table: Table, sheet: Sheet, column: str) -> str:
    """Tell what to do with a column that the contract does not have."""
    meant = _meant(table, sheet, column)
    if meant == _ALL:
        return _("save the file with commas between the fields")
    return _("rename it {name}").format(name=meant) if meant else _("delete the column")


def _remedy(column: Column, rule: str, value: str, last_year: int) -> str:
    """Tell what to write instead of `value`."""
    if rule == "vocabulary":
        return _write_one(value, column.allowed)
    if rule == "range":
        low, high = bounds(column, last_year)
        return _("write a number from {low:g} to {high:g}").format(low=low, high=high)
    if rule == "area" and cells.iso(value):
        return _("write {code}").format(code=cells.iso(value))
    remedies = {
        "empty": _("fill it: {meaning}").format(meaning=column.meaning),
        "area": _("write the ISO 3166 code, for example GR or PT-20"),
        "id": _("use letters, digits, dots, hyphens and low lines only"),
        "number": _("write digits with a decimal point and no other signs, or leave it empty"),
        "year": _("write four digits, or leave it empty"),
        "web": _("write an address that begins with https://, or leave it empty"),
    }
    return remedies[rule]


def _write_one(value: str, allowed: tuple[str, ...]) -> str:
    meant = nearest(value.lower(), allowed)
    if meant:
        return _("write {word}").format(word=meant)
    return _("write one of: {words}").format(words=", ".join(allowed))


def _check(rule: str, test: Test) -> pa.Check:
    return pa.Check(lambda texts: texts.map(test).astype(bool), error=rule)


def _or_empty(test: Test) -> Test:
    return lambda text: not text or test(text)


def _within(text: str, low: float | None, high: float | None) -> bool:
    number = float(text)
    return (low is None or low <= number) and (high is None or number <= high)


_FORMS: dict[str, Test] = {
    "area": cells.is_area,
    "id": cells.is_id,
    "number": cells.is_number,
    "web": cells.is_web,
    "year": cells.is_year,
}
