"""Tables printed in a report, read back: what the page says, not what the code meant."""

from __future__ import annotations

from html.parser import HTMLParser

import pandas as pd

from canheal_nb.errors import UserError
from canheal_nb.locale import _


class _Reader(HTMLParser):
    """Collects the texts of cells by table and row; captions and the rest are passed over."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tables = 0
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tables += tag == "table"
        if self.tables > 1:
            return
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open and self.tables == 1:
            self.rows[-1][-1] += data


def read_table(block: object) -> pd.DataFrame:
    """Return the first table in a report's block as texts, exactly as they are printed.

    The columns are the table's heads. Where a table is set two rows a line, so that its heads
    repeat, the halves are put under each other. `block` is what a method of a brief returns, or
    HTML. Raises UserError when there is no table in it.
    """
    reader = _Reader()
    reader.feed(block if isinstance(block, str) else str(getattr(block, "markup", "")))
    if not reader.rows:
        sentence = _("There is no table in this part of the report; its tables have a caption.")
        raise UserError(sentence, code="no-table")
    heads, *body = [[" ".join(cell.split()) for cell in row] for row in reader.rows]
    width = heads.index(heads[0], 1) if heads[0] in heads[1:] else len(heads)
    lines = [row[at : at + width] for at in range(0, len(heads), width) for row in body]
    return pd.DataFrame([line for line in lines if any(line)], columns=heads[:width])
