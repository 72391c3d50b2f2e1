"""How the command line prints tables: for a person to read, or with every digit."""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from canheal_nb.text.locale import _

if TYPE_CHECKING:
    import pandas as pd

Say = Callable[[str], None]


def path_of(given: str) -> Path:
    """Return a path of the command line; UserError, before anything is done, where it can be none.

    For `type` of an argument.
    """
    from canheal_nb.data import given_files

    return given_files.path(given)


def table(
    columns: Sequence[str], lines: list[dict[str, object]], parsed: argparse.Namespace, say: Say
) -> None:
    """Print rows as CSV with every digit, or as a plain table that a person reads."""
    if parsed.csv:
        made = io.StringIO()
        writer = csv.DictWriter(made, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            {name: "" if unknown(value) else value for name, value in row.items()} for row in lines
        )
        say(made.getvalue().rstrip("\n"))
        return
    texts = [[plain(row[name]) for name in columns] for row in lines]
    widths = [max(map(len, column)) for column in zip(columns, *texts, strict=True)]
    for line in (columns, *texts):
        cells = [
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        say("  ".join(cells).rstrip())


def plain(value: object) -> str:
    if unknown(value):
        return "-"
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    from canheal_nb.data.faults import printable

    return printable(str(value))


def unknown(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def rows(table: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]


def as_json(found: object) -> str:
    return json.dumps(found, allow_nan=False, indent=2)


def draws(parsed: argparse.Namespace) -> int:
    from canheal_nb.text.errors import UserError

    if 100 <= parsed.draws <= 100_000:
        return int(parsed.draws)
    text = _("--draws must lie between 100 and 100 000, not {n}.")
    raise UserError(text.format(n=parsed.draws), code="command-line")
