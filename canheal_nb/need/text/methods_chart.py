"""Small multiples: a grid of all ways of counting for each country, filled where it is short.

Rows are shares of patients, low to high; columns are patients a machine, few to many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from canheal_nb.charts import style
from canheal_nb.charts.drawing import tag
from canheal_nb.indicators import words
from canheal_nb.need.model.machine_need import Need
from canheal_nb.text.locale import _

ACROSS, WIDE, TALL, CELL = 9, 110, 92, 19


def svg(needs: Sequence[Need], names: Mapping[str, str]) -> Markup:
    """Return the grids in the order given, nine a line."""
    grids = [
        tag("g", _grid(need, names[need.country]), transform=_place(i))
        for i, need in enumerate(needs)
    ]
    lines = -(-len(needs) // ACROSS)
    return tag(
        "svg",
        Markup("").join(grids),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {ACROSS * WIDE} {max(lines, 1) * TALL}",
        font_family="Noto Sans, Helvetica, Arial, sans-serif",
    )


def describe(needs: Sequence[Need], names: Mapping[str, str]) -> str:
    """Return the picture in words: in how many ways each country is short."""
    said = _("{country}: {short} of {ways}")
    listed = [said.format(country=names[n.country], short=n.short, ways=n.ways) for n in needs]
    text = _("In how many ways of counting machines are too few. {list}.")
    return text.format(list="; ".join(listed))


def _place(i: int) -> str:
    return f"translate({i % ACROSS * WIDE},{i // ACROSS * TALL})"


def _grid(need: Need, name: str) -> Markup:
    cells = [
        tag(
            "rect",
            x=column * CELL,
            y=26 + row * CELL,
            width=CELL - 3,
            height=CELL - 3,
            fill=style.ACCENT if gap > 0 else style.PAPER,
            stroke=style.ACCENT if gap > 0 else style.COAST,
        )
        for row, gaps in enumerate(need.gaps.to_numpy())
        for column, gap in enumerate(gaps)
    ]
    title = tag("text", escape(name), x=0, y=16, font_size=15, fill=style.INK)
    count = words.decimal(need.short)
    number = tag("text", escape(count), x=3 * CELL + 6, y=62, font_size=17, fill=style.INK)
    return title + Markup("").join(cells) + number
