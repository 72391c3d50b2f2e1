"""Comments as sheets: what people wrote stays text, in whatever program opens it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from canheal_nb.screens.exports import File, table_file
from canheal_nb.text.locale import _

# A cell that starts like a formula; also after a sign at which a program may split a line anew.
_FORMULA = re.compile(r"(\A|[;,|\n])([\s\"']*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


def sheet(kind: str, stem: str, made: Sequence[Mapping[str, Any]], said: str) -> File:
    """Return the rows of `comments.rows` as CSV or XLSX, a line each, under `said`."""
    head = [
        _("Item"), _("Received"), _("Work package"), _("Topic"), _("What it is"), _("Page"),
        _("Part"), _("Address"), _("Text"), _("State"), _("Owner"), _("Answer"),
        _("What changed"), _("Due"), _("Late"), _("Fact"), _("Proposed value"),
        _("Proposed source"), _("Decision"), _("Why"),
    ]  # fmt: skip
    names = (
        "item", "received", "package", "topic_label", "sort_label", "screen",
        "part", "link", "text", "state_label", "owner", "answer",
        "changed", "due", "late",
    )  # fmt: skip
    lines = []
    for row in made:
        proposal = row["proposal"]
        cells = [str(row[name]) for name in names]
        cells += [proposal.get(name, "") for name in ("fact", "proposed", "source")]
        lines.append([as_text(cell) for cell in [*cells, row["decision"], proposal.get("why", "")]])
    return table_file(kind, stem, head, lines, (), said)


def as_text(cell: str) -> str:
    """Return a text that no spreadsheet runs, nor a program that splits its line elsewhere."""
    plain = cell.replace("\t", " ")
    seen = "".join(c for c in plain if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
    return _FORMULA.sub(r"\1\2'", seen)
