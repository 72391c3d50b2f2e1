"""What the shell says about the data: its edition and its sources."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from canheal_nb.data.edition import FILE as EDITION
from canheal_nb.data.edition import Edition
from canheal_nb.data.edition import parse as parse_edition
from canheal_nb.data.sheets import parse as parse_table
from canheal_nb.text.home import data_dir

SOURCES = "sources.csv"


@cache
def edition() -> Edition | None:
    """Return the edition of the data that this server uses; None when its file is faulty."""
    found, _faults = parse_edition((data_dir() / EDITION).read_bytes())
    return found


@cache
def sources() -> tuple[Mapping[str, str], ...]:
    """Return every source, by title: columns of sources.csv, all text, empty if not stated."""
    sheet, _faults = parse_table(SOURCES, (data_dir() / SOURCES).read_bytes())
    return tuple(sorted((row.cells for row in sheet.rows), key=lambda cells: cells["title"]))
