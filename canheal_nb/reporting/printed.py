"""Tables printed in a report, read back: what the page says, not what the code meant."""

from __future__ import annotations

import pandas as pd
from lxml import html

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _


def read_table(block: object) -> pd.DataFrame:
    """Return the first table in a report's block as texts, exactly as they are printed.

    The columns are the table's heads. Where a table is set two rows a line, so that its heads
    repeat, the halves are put under each other. `block` is what a method of a brief returns, or
    HTML. Raises UserError when there is no table in it.
    """
    text = block if isinstance(block, str) else str(getattr(block, "markup", ""))
    table = html.fromstring(f"<div>{text}</div>").find(".//table")
    rows = [] if table is None else [row.xpath("./td | ./th") for row in table.iter("tr")]
    if not rows:
        sentence = _("There is no table in this part of the report; its tables have a caption.")
        raise UserError(sentence, code="no-table")
    heads, *body = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    width = heads.index(heads[0], 1) if heads[0] in heads[1:] else len(heads)
    lines = [row[at : at + width] for at in range(0, len(heads), width) for row in body]
    return pd.DataFrame([line for line in lines if any(line)], columns=heads[:width])
