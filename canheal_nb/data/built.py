"""The large tables that build/population.py makes: gzipped CSV files, read when asked for.

As with the other tables a file whose SHA-256 the registry knows is trusted; any other is checked
by its contract first.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from canheal_nb.data.contracts import AREAS, Column, Table
from canheal_nb.data.faults import Fault
from canheal_nb.data.sheets import parse
from canheal_nb.text.locale import _

SUFFIX = ".csv.gz"
ANY_YEAR = 9999


def _place(*, required: bool) -> tuple[Column, Column]:
    return (
        Column("latitude", "degrees north", "number", required, low=-90, high=90),
        Column("longitude", "degrees east", "number", required, low=-180, high=180),
    )


_GEONAMEID = Column("geonameid", "its number at GeoNames", "id", required=True)
_AREA = Column("area_id", "its country or outermost region", "area", required=True, refers=AREAS)
_CELL = Column("h3", "a cell of the H3 grid, resolution 5", "id", required=True)
_MEANT = "people; sums are the official ones of 1 January 2025 by region"
_CELL_PEOPLE = "people; 0 where no place is named, empty where the official count does not reach"
_PEOPLE = Column("population", _MEANT, "number", required=True, low=0, high=1e8)

SETTLEMENTS = Table(
    "built/settlements",
    "A settlement: a place of GeoNames that lies in no other, scaled to official populations.",
    (
        _GEONAMEID,
        Column("name", "its main name at GeoNames", required=True),
        _AREA,
        Column("unit", "the region to which it is scaled", required=True),
        *_place(required=True),
        _PEOPLE,
        Column("size", "by its people", "text", True, ("city", "town", "rural")),
        _CELL,
    ),
    ("geonameid",),
)
NAMES = Table(
    "built/settlement_names",
    "What else a settlement is searched for, spelled as "
    "`canheal_nb.access.travel.settlements.fold` does.",
    (_GEONAMEID, Column("searched", "spellings with a | between them", required=True)),
    ("geonameid",),
)
SPREAD = Table(
    "built/spread",
    "People of a settlement that covers more than one cell, by cell.",
    (_GEONAMEID, _CELL, _PEOPLE),
    ("geonameid", "h3"),
)
HEXAGONS = Table(
    "built/hexagons",
    "A cell of the H3 grid with people or with its centre on land.",
    (
        _CELL,
        Column("area_id", "where most of its people live", "area", required=True, refers=AREAS),
        *_place(required=True),
        Column("population", _CELL_PEOPLE, "number", low=0, high=1e8),
        Column("x", "its centre in units of the map or of its inset", "number"),
        Column("y", "the same, downwards", "number"),
        Column("path", "its outline there; empty outside the frame"),
    ),
    ("h3",),
)
BUILT = {table.name: table for table in (SETTLEMENTS, NAMES, SPREAD, HEXAGONS)}


def file(table: Table) -> str:
    """Return the path of a table's file under the data folder."""
    return table.name + SUFFIX


def faults(name: str, data: bytes) -> list[Fault]:
    """List what is wrong with a gzipped table, by its contract where it has one."""
    try:
        sheet, found = parse(name, gzip.decompress(data))
    except (OSError, EOFError, zlib.error):
        return [Fault(name, 0, "", "", "unreadable", _("make the file again with `make data`"))]
    table = BUILT.get(name.removesuffix(SUFFIX))
    if table and not found:
        from canheal_nb.data.schemas import cell_faults

        found += cell_faults(table, sheet, ANY_YEAR)
        found += _doubles(table, name, [tuple(row[k] for k in table.key) for row in sheet.rows])
    return found


def _doubles(table: Table, name: str, keys: list[tuple[str, ...]]) -> Iterator[Fault]:
    if len(set(keys)) < len(keys):
        remedy = _("make the file again with `make data`")
        yield Fault(name, 0, ", ".join(table.key), "", "duplicate-key", remedy)


def frame(table: Table, data: bytes) -> pd.DataFrame:
    """Return a table's columns, typed; a single key is the index."""
    numbers = [column.name for column in table.columns if column.kind == "number"]
    found = pd.read_csv(
        io.BytesIO(gzip.decompress(data)),
        usecols=list(table.names),
        dtype={name: "float64" if name in numbers else "str" for name in table.names},
        keep_default_na=False,
        na_values={name: [""] for name in numbers},
    )[list(table.names)]
    return found.set_index(table.key[0]) if len(table.key) == 1 else found


def packed(text: str) -> bytes:
    """Return a CSV text as these files hold it; the same text gives the same bytes."""
    return gzip.compress(text.encode(), 9, mtime=0)


def plain(folder: Path, table: Table) -> str:
    """Return the CSV text of a table's file."""
    return gzip.decompress((folder / file(table)).read_bytes()).decode()
