"""A sheet's rows as a frame: typed by the table's contract, or all texts."""

from __future__ import annotations

import pandas as pd

from canheal_nb.data import cells
from canheal_nb.data.contracts import Column, Table
from canheal_nb.data.sheets import Sheet


def typed(table: Table, sheet: Sheet) -> pd.DataFrame:
    """Return a table's contract columns, typed; a single key is the index."""
    frame = pd.DataFrame({column.name: _typed(column, sheet) for column in table.columns})
    if any(column.kind == "value" for column in table.columns):
        numbers = [cells.number(text) for text in frame["value"]]
        place = table.names.index("value") + 1
        frame.insert(place, "number", pd.Series(numbers, dtype="float64"))
    return frame.set_index(table.key[0]) if len(table.key) == 1 else frame


def _typed(column: Column, sheet: Sheet) -> pd.Series:
    texts = [row[column.name] for row in sheet.rows]
    if column.kind == "number":
        return pd.Series([cells.number(text) for text in texts], dtype="float64")
    if column.kind == "year":
        return pd.Series(
            [int(text) if cells.is_year(text) else None for text in texts], dtype="Int64"
        )
    return pd.Series(texts, dtype="str")


def texts(sheet: Sheet) -> pd.DataFrame:
    """Return every column as text."""
    rows = [[row[name] for name in sheet.columns] for row in sheet.rows]
    return pd.DataFrame(rows, columns=list(sheet.columns), dtype="str")
