"""Two values per row, joined by a line: women and men, before and after, as SVG.

A `Pairs` is plain data, `svg` draws it and `describe` says it in one sentence. The first value is
a filled dot, the second a hollow diamond, so that neither needs a colour. Rows without both values
are `Pairs.missing`, to be listed under the picture. Drawn like `dots`: 360 units wide, classes of
`screens/dots.css`, no style sheet needed.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from canheal_nb.charts import plot, style
from canheal_nb.charts.drawing import GLYPHS, tag
from canheal_nb.indicators import words
from canheal_nb.text.locale import _

HEAD = 44


@dataclass(frozen=True)
class Pair:
    """One row: `text` is said in full on hover, `short` stands at the row's end."""

    key: str
    name: str
    first: float | None
    second: float | None
    text: str
    short: str = ""

    @property
    def known(self) -> bool:
        """Whether both values are known."""
        return self.first is not None and self.second is not None

    @property
    def ends(self) -> tuple[float, float]:
        """Both values of a known row."""
        return self.first or 0.0, self.second or 0.0


@dataclass(frozen=True)
class Pairs:
    """A picture of pairs: `first` and `second` name the values, `last` what `short` is.

    `ranked`: the widest difference first; else the order given.
    """

    title: str
    unit: str
    first: str
    second: str
    last: str
    rows: tuple[Pair, ...]
    highlight: tuple[str, ...] = ()
    ranked: bool = True

    @property
    def drawn(self) -> list[Pair]:
        """The rows that are known, in the order in which they are drawn."""
        known = [row for row in self.rows if row.known]
        if not self.ranked:
            return known
        return sorted(known, key=lambda row: -abs(row.ends[0] - row.ends[1]))

    @property
    def missing(self) -> list[str]:
        """The names of the rows without both values, in the order given."""
        return [row.name for row in self.rows if not row.known]

    @property
    def ticks(self) -> list[float]:
        """The scale's ticks over all values."""
        return plot.scale([value for row in self.drawn for value in row.ends])


def svg(pairs: Pairs) -> Markup:
    """Return the picture; its text alternative is `describe`."""
    rows, ticks = pairs.drawn, pairs.ticks
    left = plot.room([row.name for row in rows]) + plot.GAP
    right = plot.WIDTH - plot.room([row.short for row in rows]) - plot.GAP
    bottom = HEAD + plot.ROW * len(rows)
    drawn = [
        _row(row, ticks, (left, right), HEAD + plot.ROW * (i + 0.5), row.key in pairs.highlight)
        for i, row in enumerate(rows)
    ]
    unit = textwrap.wrap(pairs.unit, plot.LETTERS)
    foot = [plot.text(0, bottom + 40 + 17 * i, said, class_="q") for i, said in enumerate(unit)]
    parts = [plot.axis(ticks, left, right, HEAD, bottom), _key(pairs), *drawn, *foot]
    return plot.canvas(parts, bottom + 28 + 17 * len(unit), describe(pairs))


def describe(pairs: Pairs) -> str:
    """Return the picture in words: the widest and narrowest pair, the highlight, the missing."""
    rows = pairs.drawn
    if not rows:
        return _("{title}: nothing is known.").format(title=pairs.title)
    parts = [_("{title}, {unit}.").format(title=pairs.title, unit=pairs.unit)]
    if pairs.ranked and len(rows) > 1:
        ends = _("Widest difference: {top}, {most}. Narrowest: {bottom}, {least}.")
        names = {"top": rows[0].name, "bottom": rows[-1].name}
        parts.append(ends.format(**names, most=rows[0].text, least=rows[-1].text))
    parts += [f"{row.name}: {row.text}." for row in rows if row.key in pairs.highlight]
    if pairs.missing:
        parts.append(_("Not known: {list}.").format(list=words.listed(pairs.missing)))
    return " ".join(parts)


def _key(pairs: Pairs) -> Markup:
    """The two signs with their names, and what stands at the end of each row."""
    second = 44 + plot.room([pairs.first])
    parts = [plot.mark(6, 10), plot.text(16, 15, pairs.first), _diamond(second, 10)]
    parts.append(plot.text(second + 10, 15, pairs.second))
    parts.append(plot.text(plot.WIDTH, 36, pairs.last, "end", class_="q"))
    return Markup("").join(parts)


def _diamond(x: float, y: float) -> Markup:
    return tag(
        "path",
        d=GLYPHS["diamond"],
        transform=f"translate({x:g},{y:g})",
        class_="dot second",
        fill=style.PAPER,
        stroke=style.ACCENT,
        stroke_width="1.8",
    )


def _row(
    row: Pair, ticks: Sequence[float], ends: tuple[float, float], y: float, chosen: bool
) -> Markup:
    x1, x2 = (plot.place(ticks, value, *ends) for value in row.ends)
    tip = f"{row.name}: {row.text}"
    parts = [
        plot.backdrop(y),
        plot.text(0, y + 5, row.name, bold=chosen),
        plot.text(plot.WIDTH, y + 5, row.short, "end", bold=chosen),
        tag("path", d=f"M{x1},{y:g}H{x2}", class_="join", stroke=style.COAST, stroke_width=2),
        _diamond(x2, y),
        plot.mark(x1, y),
    ]
    if chosen:
        parts += [plot.ring(x1, y), plot.ring(x2, y)]
    return tag("g", Markup("").join(parts), class_="line", data_area=row.key or None, data_tip=tip)
