"""Write docs/DICTIONARY.md: every table, column, indicator and capability, with counts and rights.

The contracts say what a column is, the tables say how much of it is known. Usage:
    python build/dictionary.py [FILE]
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from canheal_nb.data import Dataset, built, load, registry
from canheal_nb.data.contracts import TABLES, Column, Table
from canheal_nb.evidence import model
from canheal_nb.indicators import measures

TARGET = Path(__file__).resolve().parent.parent / "docs" / "DICTIONARY.md"
FORMS = {
    "text": "text",
    "id": "id: letters, digits, `.` `_` `-`",
    "area": "ISO 3166 code",
    "number": "number with a decimal point",
    "year": "year in four digits",
    "web": "web address",
    "value": "as its type's `kind` says",
}
DIRECTIONS = {
    "more_is_better": "more is better",
    "more_is_worse": "more is worse",
    "neutral": "neither",
}


def text(dataset: Dataset) -> str:
    """Return the dictionary of a dataset as Markdown; the same data give the same text."""
    parts = [
        _opening(dataset),
        _overview(dataset),
        *(_table(dataset, table) for table in TABLES.values()),
        _built(dataset),
        _carried(dataset),
        _indicators(dataset),
        _capabilities(dataset),
        _rights(dataset),
        _left_out(dataset),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _opening(dataset: Dataset) -> str:
    return f"""
# Data dictionary

Made by `build/dictionary.py` from the contracts and the tables of edition {dataset.edition.name},
as of {dataset.edition.as_of}; do not edit it, run `make data`. An empty cell means that nothing is
stated, a missing row means that it is not known: never no, never zero."""


def _overview(dataset: Dataset) -> str:
    sizes = model.sizes(dataset.tables)
    rows = [
        (
            f"`{table.file}`",
            table.meaning,
            sizes.at[table.short, "rows"],
            _percent(sizes.at[table.short, "empty"], sizes.at[table.short, "cells"]),
            ", ".join(f"`{name}`" for name in table.key),
        )
        for table in TABLES.values()
    ]
    return "## Tables\n\n" + _lines("file|one row is|rows|empty cells|key", rows)


def _table(dataset: Dataset, table: Table) -> str:
    empty = model.empty_by_column(dataset.tables[table.short])
    rows = [
        (
            f"`{column.name}`" + (" (key)" if column.name in table.key else ""),
            column.meaning,
            _form(column),
            "must be stated" if column.required else "",
            f"`{column.refers}.csv`" if column.refers else "",
            f"{100 * empty[column.name]:.0f} %" if len(dataset.tables[table.short]) else "",
        )
        for column in table.columns
    ]
    heads = "column|meaning|form|required|vocabulary|empty"
    return f"### `{table.file}`\n\n{table.meaning}\n\n" + _lines(heads, rows)


def _form(column: Column) -> str:
    if column.allowed:
        return "one of: " + ", ".join(column.allowed)
    form = FORMS[column.kind]
    if column.low is not None and column.high is not None:
        form += f", {column.low:g} to {column.high:g}"
    elif column.low is not None:
        form += f", from {column.low:g}"
    if column.years_ahead:
        form += f" to {column.years_ahead} after the edition's"
    return form + ("; two may be joined with +" if column.joined else "")


def _built(dataset: Dataset) -> str:
    """Describe the tables that are read when they are asked for."""
    parts = ["## Large tables\n\nMade by `build/population.py`, gzipped, read when asked for."]
    for table in built.BUILT.values():
        rows = [(f"`{c.name}`", c.meaning, _form(c)) for c in table.columns]
        size = len(getattr(dataset, table.short))
        opening = f"### `{built.file(table)}`\n\n{table.meaning} {size} rows.\n\n"
        parts.append(opening + _lines("column|meaning|form", rows))
    return "\n\n".join(parts)


def _carried(dataset: Dataset) -> str:
    """List the tables without a contract: they are carried as texts."""
    files = [f.removesuffix(".csv") for f in registry.files(dataset.path) if f.endswith(".csv")]
    rows = []
    for name in files:
        if name not in TABLES and name != "registry":
            table = dataset.table(name)
            empty = int((table == "").sum().sum())
            columns = ", ".join(f"`{column}`" for column in table.columns)
            rows.append((f"`{name}.csv`", len(table), _percent(empty, table.size), columns))
    opening = "Read as texts by `Dataset.table(name)`; only the general rules hold for them.\n\n"
    return "## Other tables\n\n" + opening + _lines("file|rows|empty cells|columns", rows)


def _indicators(dataset: Dataset) -> str:
    types, states = dataset.indicator_types, measures.members(dataset.areas)
    known = model.known_indicators(dataset.indicators, types, states)
    opening = (
        "`known` counts the member states with at least one published figure, of 27; an indicator "
        "without one is computed here from two others. Editions are never mixed in one line.\n"
    )
    heads = "id|label|unit|better|rank|edition|years|known|figures|caveat"
    parts = [f"## Indicators\n\n{opening}"]
    for group, part in types.groupby("group", sort=True):
        rows = [
            (
                f"`{name}`",
                kind["label"],
                kind["unit"] or kind["kind"],
                DIRECTIONS[kind["direction"]],
                kind["rank"],
                "; ".join(one for one in known.at[name, "editions"]),
                _years(known.loc[name]),
                known.at[name, "known"] or _computed(dataset, str(name)),
                known.at[name, "facts"],
                kind["caveat"],
            )
            for name, kind in part.iterrows()
        ]
        parts.append(f"### {group}\n\n" + _lines(heads, rows))
    return "\n\n".join(parts)


def _computed(dataset: Dataset, indicator: str) -> str:
    return f"{len(measures.measure(dataset, indicator).table)}, computed"


def _capabilities(dataset: Dataset) -> str:
    types, centres = dataset.capability_types, dataset.centres
    known = model.known_capabilities(dataset.capabilities, types, centres.index)
    opening = (
        f"`known` counts the centres with some fact, of {len(centres)}; `lists` says in which "
        "countries the list behind it is complete, partial or anecdotal, where anybody said so. "
        "Without a complete list a count reads *at least*, and absence is not known.\n"
    )
    heads = "id|label|form|lists|years|known|yes|no|caveat"
    parts = [f"## Capabilities of centres\n\n{opening}"]
    for group, part in types.groupby("group", sort=True):
        rows = [
            (
                f"`{name}`",
                kind["label"],
                kind["unit"] or kind["kind"],
                _completeness(dataset.capability_lists, str(name)),
                _years(known.loc[name]),
                *(known.at[name, column] for column in ("known", "yes", "no")),
                kind["caveat"],
            )
            for name, kind in part.iterrows()
        ]
        parts.append(f"### {group}\n\n" + _lines(heads, rows))
    return "\n\n".join(parts)


def _completeness(lists: pd.DataFrame, capability: str) -> str:
    rows = lists[lists["capability"] == capability]
    said = rows.groupby("completeness")["country"].agg(lambda names: ", ".join(sorted(names)))
    return "; ".join(f"{word}: {names}" for word, names in said.items()) or "none named"


def _years(row: pd.Series) -> str:
    if pd.isna(row["first"]):
        return "not stated" if row["facts"] else ""
    span = {str(row["first"]): None, str(row["last"]): None}
    undated = f"; {row['undated']} undated" if row["undated"] else ""
    return "–".join(span) + undated


def _rights(dataset: Dataset) -> str:
    sources = dataset.sources
    tables = [table for name, table in dataset.tables.items() if name != "sources"]
    counts = model.facts_by_source(tables, sources)
    permitted = counts.groupby(sources["redistribute"]).agg(["size", "sum"])
    terms = counts.groupby(sources["rights"]).agg(["size", "sum"])
    terms = terms.sort_values("size", ascending=False, kind="stable")
    return "\n\n".join(
        [
            "## Rights",
            "Each source's terms as they were found (`sources.csv`); rows that name two sources "
            "count for both. *unknown* is not a permission.",
            _lines("may be passed on whole|sources|rows", permitted.itertuples()),
            _lines("terms as found|sources|rows", terms.itertuples()),
        ]
    )


def _left_out(dataset: Dataset) -> str:
    found = model.left_out(dataset.left_out)
    rows = [
        (row["table"], row["facts"], ", ".join(f"`{one}`" for one in row["what"]), row["reason"])
        for row in found.to_dict("records")
    ]
    opening = f"{len(dataset.left_out)} facts were found and are not shown.\n\n"
    return "## Found and left out\n\n" + opening + _lines("table|facts|about|reason", rows)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else ""


def _lines(heads: str, rows: Iterable[Iterable[object]]) -> str:
    names = heads.split("|")
    return "\n".join(_row(cells) for cells in [names, ["---"] * len(names), *rows])


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(_cells(cells)) + " |"


def _cells(cells: Iterable[object]) -> Iterator[str]:
    """Yield cells that stay in their cell: no line breaks, bars or marks of HTML."""
    for cell in cells:
        plain = " ".join(str(cell).split())
        yield plain.replace("|", "\\|").replace("<", "&lt;")


def main(target: Path = TARGET) -> int:
    """Write the dictionary of the embedded data."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text(load()), encoding="utf-8", newline="\n")
    print(f"{target}: {len(target.read_text(encoding='utf-8').splitlines())} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
