"""Before and after by country: a hollow dot, a full one, the line between, and the interval.

One row per country, least share first; 360 units wide like the other pictures (see `plot`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from canheal_nb.charts import plot, style
from canheal_nb.charts.drawing import tag
from canheal_nb.text.locale import _

_ROW = 15


@dataclass(frozen=True)
class Pair:
    """One country's shares, 0 to 100: before, after, and where after lies in 90 of 100 draws."""

    name: str
    before: float
    after: float
    low: float
    high: float


def svg(pairs: Sequence[Pair], description: str, unit: str = "") -> Markup:
    """Return the picture; `description` is its text alternative, `unit` says of what it is."""
    values = [v for pair in pairs for v in (pair.before, pair.after, pair.low, pair.high)]
    ticks = plot.scale([*values, 100.0])
    left = plot.room([pair.name for pair in pairs]) + plot.GAP
    right = plot.WIDTH - plot.GAP
    bottom = 6 + _ROW * len(pairs)
    rows = [_row(pair, ticks, (left, right), 6 + _ROW * (i + 0.5)) for i, pair in enumerate(pairs)]
    foot = plot.text(0, bottom + 38, unit or _("per cent of the benchmark"), class_="q")
    return plot.canvas(
        [plot.axis(ticks, left, right, 6, bottom), *rows, foot], bottom + 44, description
    )


def _row(pair: Pair, ticks: Sequence[float], ends: tuple[float, float], y: float) -> Markup:
    before, after, low, high = (
        plot.place(ticks, value, *ends) for value in (pair.before, pair.after, pair.low, pair.high)
    )
    parts = [plot.text(0, y + 5, pair.name)]
    if high > low:
        path = f"M{low},{y:g}H{high}"
        parts.append(tag("path", d=path, stroke=style.LINE, stroke_width=7))
    if after != before:
        path = f"M{before},{y:g}H{after}"
        parts.append(tag("path", d=path, stroke=style.ACCENT, stroke_width=2))
    parts += [_dot(before, y, style.PAPER), _dot(after, y, style.ACCENT)]
    return tag("g", Markup("").join(parts))


def _dot(x: float, y: float, fill: str) -> Markup:
    return tag(
        "circle", cx=f"{x:g}", cy=f"{y:g}", r=4, fill=fill, stroke=style.ACCENT, stroke_width=1.4
    )
