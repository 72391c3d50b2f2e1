"""Ranked dots as SVG: one row per area, with intervals, reference lines and a highlight.

A `Chart` is plain data, `svg` draws it and `describe` says it in one sentence. Rows without a
value are never drawn: they are `Chart.missing`, to be listed under the picture. For a measure::

    target = Line(90, "target 90 %", "target")
    chart = of_measure(measure, names, highlight=("SI",), lines=(target,))
    svg(chart), describe(chart), chart.missing

For anything else fill `Dot` rows by hand; six rows are drawn as well as 27. The picture is 360
units wide, needs no style sheet (fonts and colours are in the marks), and has the classes of
`screens/dots.css` for dark and forced colours. `scale` and `axis` serve other pictures too.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from canheal_nb.locale import _
from canheal_nb.model.measures import Measure
from canheal_nb.views import style, words
from canheal_nb.views.drawing import tag

WIDTH, ROW, RADIUS = 360, 20, 4.5
LETTER, LETTERS, GAP = 7.3, 48, 14
STEPS = (1.0, 2.0, 2.5, 5.0)
MOST_TICKS = 5


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
class Line:
    """A vertical line over all rows with its few words; kind "middle" or "target"."""

    value: float
    text: str
    kind: str = "middle"


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
        return scale([*extent(self.rows), *(line.value for line in self.lines)], self.zero)


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


def scale(values: Sequence[float], zero: bool | None = None) -> list[float]:
    """Return two to five round ticks that hold all values.

    Begins at zero when told so, or when the lowest value is under half of the highest.
    """
    if not values:
        return [0.0, 1.0]
    low, high = min(values), max(values)
    if zero or (zero is None and 0 <= low < high / 2):
        low = 0.0
    if high == low:
        low, high = min(low, 0.0), max(high, 0.0) or 1.0
    power = math.floor(math.log10(high - low)) - 1
    for step in (n * 10.0**p for p in range(power, power + 4) for n in STEPS):
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first < MOST_TICKS:
            break
    return [float(f"{step * i:.10g}") for i in range(first, last + 1)]


def place(ticks: Sequence[float], value: float, left: float, right: float) -> float:
    """Return where a value lies between two ends of a scale, in the picture's units."""
    share = (value - ticks[0]) / (ticks[-1] - ticks[0])
    return round(left + share * (right - left), 1)


def svg(chart: Chart) -> Markup:
    """Return the picture; its text alternative is `describe`. Rows carry what a hover says."""
    rows, ticks = chart.rows, chart.ticks
    left = _room([row.name for row in rows]) + GAP
    right = WIDTH - _room([row.short for row in rows]) - GAP
    top = ROW * len(chart.lines) + 6
    bottom = top + ROW * len(rows)
    lines = [
        reference(line, place(ticks, line.value, left, right), ROW * i + 14, bottom)
        for i, line in enumerate(chart.lines)
    ]
    drawn = [
        _row(row, ticks, (left, right), top + ROW * (i + 0.5), row.key in chart.highlight)
        for i, row in enumerate(rows)
    ]
    unit = textwrap.wrap(chart.unit, LETTERS)
    foot = [text(0, bottom + 40 + 17 * i, part, class_="q") for i, part in enumerate(unit)]
    parts = [axis(ticks, left, right, top, bottom), *lines, *drawn, *foot]
    return canvas(parts, bottom + 28 + 17 * len(unit), describe(chart))


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


def canvas(parts: Iterable[Markup], height: float, description: str) -> Markup:
    """Return a picture of this room's width made of parts, with its text alternative."""
    return tag(
        "svg",
        Markup("").join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height:g}",
        class_="dots",
        role="img",
        aria_label=description,
        font_family="Noto Sans, Helvetica, Arial, sans-serif",
    )


def axis(ticks: Sequence[float], left: float, right: float, top: float, bottom: float) -> Markup:
    """Return the scale: a fine line per tick and its number below."""
    parts = []
    for i, tick in enumerate(ticks):
        x = place(ticks, tick, left, right)
        ends = {0: "start", len(ticks) - 1: "end"}
        path = f"M{x},{top:g}V{bottom:g}"
        parts.append(tag("path", d=path, class_="grid", stroke=style.LINE, stroke_width=1))
        parts.append(text(x, bottom + 18, words.bound(tick), ends.get(i, "middle"), class_="q"))
    return Markup("").join(parts)


def text(
    x: float, y: float, said: str, anchor: str = "start", bold: bool = False, class_: str = "t"
) -> Markup:
    """Return a piece of text; class "q" is quiet."""
    return tag(
        "text",
        escape(said),
        x=f"{x:g}",
        y=f"{y:g}",
        class_=class_,
        text_anchor=anchor,
        font_size=14,
        font_weight=700 if bold else None,
        fill=style.QUIET if class_ == "q" else style.INK,
    )


def _room(texts: Iterable[str]) -> float:
    return round(LETTER * max((len(said) for said in texts), default=0), 1)


def reference(line: Line, x: float, y: float, bottom: float) -> Markup:
    """Return a line over all rows; its words stand on that side where they have room."""
    wide = LETTER * len(line.text) / 2
    anchor = "end" if x + wide > WIDTH else "start" if x - wide < 0 else "middle"
    at = {"end": min(x + wide, WIDTH), "start": 0.0, "middle": x}[anchor]
    target = line.kind == "target"
    stroke = tag(
        "path",
        d=f"M{x:g},{y + 4:g}V{bottom:g}",
        class_=line.kind,
        stroke=style.ACCENT if target else style.QUIET,
        stroke_width=2 if target else 1.5,
        stroke_dasharray="6 3" if target else None,
    )
    return stroke + text(at, y, line.text, anchor, class_="t" if target else "q")


def _row(
    row: Dot, ticks: Sequence[float], ends: tuple[float, float], y: float, chosen: bool
) -> Markup:
    left, right = ends
    x = place(ticks, row.value or 0.0, left, right)
    parts = [
        tag("rect", x=0, y=f"{y - ROW / 2:g}", width=WIDTH, height=ROW, class_="row", fill="none"),
        text(0, y + 5, row.name, bold=chosen),
        text(WIDTH, y + 5, row.short, "end", bold=chosen),
    ]
    if row.low is not None and row.high is not None:
        low, high = (place(ticks, end, left, right) for end in (row.low, row.high))
        path = f"M{low},{y:g}H{high}"
        parts.append(tag("path", d=path, class_="range", stroke=style.ACCENT, stroke_width=2))
    parts.append(mark(x, y, soft=row.soft))
    if chosen:
        parts.append(ring(x, y))
    tip = f"{row.name}: {row.text}"
    key = row.key or None
    return tag("g", Markup("").join(parts), class_="line", data_area=key, data_tip=tip)


def mark(x: float, y: float, soft: bool = False, kind: str = "dot") -> Markup:
    """Return one dot; hollow and dotted for "at least"."""
    return tag(
        "circle",
        cx=f"{x:g}",
        cy=f"{y:g}",
        r=RADIUS,
        class_=f"{kind} soft" if soft else kind,
        fill=style.PAPER if soft else style.ACCENT,
        stroke=style.ACCENT,
        stroke_width="1.4",
        stroke_dasharray="2 2" if soft else None,
    )


def ring(x: float, y: float) -> Markup:
    """Return the dark ring of what is chosen."""
    return tag(
        "circle",
        cx=f"{x:g}",
        cy=f"{y:g}",
        r=RADIUS + 3.5,
        class_="ring",
        fill="none",
        stroke=style.RING,
        stroke_width=2,
    )
