"""Ranked dots as SVG: one row per area, with intervals, reference lines and a highlight.

A `Chart` is plain data, `svg` draws it and `describe` says it in one sentence. Rows without a
value are never drawn: they are `Chart.missing`, to be listed under the picture. For a measure::

    target = Line(90, "target 90 %", "target")
    chart = of_measure(measure, names, highlight=("SI",), lines=(target,))
    svg(chart), describe(chart), chart.missing

For anything else fill `Dot` rows by hand; six rows are drawn as well as 27. The picture is 360
units wide, needs no style sheet (fonts and colours are in the marks), and has the classes of
`screens/dots.css` for dark and forced colours. What other pictures share with it is `plot`.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from canheal_nb.charts import plot, style
from canheal_nb.charts.drawing import tag
from canheal_nb.charts.plot import Line
from canheal_nb.indicators import words
from canheal_nb.indicators.measures import Measure
from canheal_nb.text.locale import _

__all__ = ["Chart", "Dot", "Line", "describe", "dot", "of_measure", "svg"]


@dataclass(frozen=True)
class Dot:
    """One row: `text` is said in full on hover, `short` stands at the row's end.

    `value` None: not known. `low`, `high`: a published interval. `soft`: "at least", drawn hollow
    and never ranked. `key`: the area that a click chooses; empty for none.
    """

    key: str
    name: str
    value: float | None
    text: str
    short: str = ""
    low: float | None = None
    high: float | None = None
    soft: bool = False


@dataclass(frozen=True)
class Chart:
    """A picture of ranked dots. `ranked` False keeps the rows in the order given.

    `zero`: whether the scale begins at zero; None lets `scale` decide.
    """

    title: str
    unit: str
    dots: tuple[Dot, ...]
    lines: tuple[Line, ...] = ()
    highlight: tuple[str, ...] = ()
    ranked: bool = True
    zero: bool | None = None

    @property
    def rows(self) -> list[Dot]:
        """The rows as drawn: the known ones, highest first where ranked, "at least" last."""
        known = [dot for dot in self.dots if dot.value is not None]
        if not self.ranked:
            return known
        exact = [dot for dot in known if not dot.soft]
        return sorted(exact, key=lambda dot: -(dot.value or 0.0)) + [d for d in known if d.soft]

    @property
    def missing(self) -> list[str]:
        """The names of the rows without a value, in the order given."""
        return [dot.name for dot in self.dots if dot.value is None]

    @property
    def ticks(self) -> list[float]:
        """The scale's ticks over values, intervals and lines; the first and last are its ends."""
        return plot.scale([*extent(self.rows), *(line.value for line in self.lines)], self.zero)


def of_measure(
    measure: Measure,
    names: Mapping[str, str],
    highlight: tuple[str, ...] = (),
    lines: tuple[Line, ...] = (),
    areas: Sequence[str] = (),
) -> Chart:
    """Return the chart of a measure over its members, or over some of them in the order given.

    Ranked unless the measure's rank is "no".
    """
    return Chart(
        title=_(measure.label),
        unit=words.unit(measure),
        dots=tuple(dot(measure, area, names[area]) for area in areas or measure.members),
        lines=lines,
        highlight=highlight,
        ranked=measure.rank != "no",
    )


def dot(measure: Measure, area: str, name: str) -> Dot:
    """Return one area's row of a measure, known or not."""
    text, short = words.figure(measure, area), words.value_text(measure, area)
    if area not in measure.table.index:
        return Dot(area, name, None, text, short)
    row = measure.table.loc[area]
    ends = [None if math.isnan(float(row[end])) else float(row[end]) for end in ("low", "high")]
    soft = bool(row.get("at_least", False))
    return Dot(area, name, float(row["number"]), text, short, ends[0], ends[1], soft)


def extent(dots: Iterable[Dot]) -> list[float]:
    """Return every number that must find room: values and the ends of intervals."""
    return [v for dot in dots for v in (dot.value, dot.low, dot.high) if v is not None]


def svg(chart: Chart) -> Markup:
    """Return the picture; its text alternative is `describe`. Rows carry what a hover says."""
    rows, ticks = chart.rows, chart.ticks
    left = plot.room([row.name for row in rows]) + plot.GAP
    right = plot.WIDTH - plot.room([row.short for row in rows]) - plot.GAP
    top = plot.ROW * len(chart.lines) + 6
    bottom = top + plot.ROW * len(rows)
    lines = [
        plot.reference(line, plot.place(ticks, line.value, left, right), plot.ROW * i + 14, bottom)
        for i, line in enumerate(chart.lines)
    ]
    drawn = [
        _row(row, ticks, (left, right), top + plot.ROW * (i + 0.5), row.key in chart.highlight)
        for i, row in enumerate(rows)
    ]
    unit = textwrap.wrap(chart.unit, plot.LETTERS)
    foot = [plot.text(0, bottom + 40 + 17 * i, part, class_="q") for i, part in enumerate(unit)]
    parts = [plot.axis(ticks, left, right, top, bottom), *lines, *drawn, *foot]
    return plot.canvas(parts, bottom + 28 + 17 * len(unit), describe(chart))


def describe(chart: Chart) -> str:
    """Return the picture in words: its ends, the lines, the highlighted rows, who is missing."""
    rows = chart.rows
    if not rows:
        return _("{title}: nothing is known.").format(title=chart.title)
    parts = [_("{title}, {unit}.").format(title=chart.title, unit=chart.unit)]
    exact = [row for row in rows if not row.soft]
    if chart.ranked and len(exact) > 1:
        ends = _("Highest: {top}, {most}. Lowest: {bottom}, {least}.")
        top, bottom = exact[0], exact[-1]
        names = {"top": top.name, "bottom": bottom.name}
        parts.append(ends.format(**names, most=top.text, least=bottom.text))
    parts += [f"{line.text}." for line in chart.lines]
    parts += [f"{row.name}: {row.text}." for row in rows if row.key in chart.highlight]
    if chart.missing:
        parts.append(_("Not known: {list}.").format(list=words.listed(chart.missing)))
    return " ".join(parts)


def _row(
    row: Dot, ticks: Sequence[float], ends: tuple[float, float], y: float, chosen: bool
) -> Markup:
    left, right = ends
    x = plot.place(ticks, row.value or 0.0, left, right)
    parts = [
        plot.backdrop(y),
        plot.text(0, y + 5, row.name, bold=chosen),
        plot.text(plot.WIDTH, y + 5, row.short, "end", bold=chosen),
    ]
    if row.low is not None and row.high is not None:
        low, high = (plot.place(ticks, end, left, right) for end in (row.low, row.high))
        path = f"M{low},{y:g}H{high}"
        parts.append(tag("path", d=path, class_="range", stroke=style.ACCENT, stroke_width=2))
    parts.append(plot.mark(x, y, soft=row.soft))
    if chosen:
        parts.append(plot.ring(x, y))
    tip = f"{row.name}: {row.text}"
    key = row.key or None
    return tag("g", Markup("").join(parts), class_="line", data_area=key, data_tip=tip)
