"""What pictures with one scale share: the scale, its ticks, texts, marks and reference lines.

A picture is 360 units wide and needs no style sheet: fonts and colours are in the marks. The
classes of `screens/dots.css` serve dark and forced colours.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from canheal_nb.charts import style
from canheal_nb.charts.drawing import tag
from canheal_nb.indicators import words

WIDTH, ROW, RADIUS = 360, 20, 4.5
LETTER, LETTERS, GAP = 7.3, 48, 14
STEPS = (1.0, 2.0, 2.5, 5.0)
MOST_TICKS = 5


@dataclass(frozen=True)
class Line:
    """A vertical line over all rows with its few words; kind "middle" or "target"."""

    value: float
    text: str
    kind: str = "middle"


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


def room(texts: Iterable[str]) -> float:
    """Return the width that the longest of some texts takes, in the picture's units."""
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


def backdrop(y: float) -> Markup:
    """Return the unseen ground of a row, so that all of it can be pointed at."""
    return tag(
        "rect", x=0, y=f"{y - ROW / 2:g}", width=WIDTH, height=ROW, class_="row", fill="none"
    )


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
