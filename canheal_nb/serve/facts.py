"""What the shell says about the data: its edition and its sources."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from canheal_nb.data.sheets import parse
from canheal_nb.home import data_dir


@dataclass(frozen=True)
class Edition:
    """The edition of the data and the day it stands for."""

    name: str
    as_of: dt.date


@cache
def edition() -> Edition:
    """Return the edition of the data that this server uses."""
    said = tomllib.loads((data_dir() / "edition.toml").read_text(encoding="utf-8"))
    return Edition(said["edition"], said["as_of"])


@cache
def sources() -> tuple[Mapping[str, str], ...]:
    """Return every source, by title: columns of sources.csv, all text, empty if not stated."""
    file = "sources.csv"
    sheet, _faults = parse(file, (data_dir() / file).read_bytes())
    return tuple(sorted((row.cells for row in sheet.rows), key=lambda cells: cells["title"]))
