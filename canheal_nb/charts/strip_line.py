"""One measure on one line: every country a dot, one ringed, its neighbours dark, the EU a tick."""

from __future__ import annotations

from collections.abc import Collection

from markupsafe import Markup

from canheal_nb.charts import style
from canheal_nb.charts.drawing import tag
from canheal_nb.indicators.measures import Measure

WIDTH, HEIGHT, EDGE = 240, 24, 10


def svg(measure: Measure, chosen: str = "", near: Collection[str] = ()) -> Markup:
    """Return the strip of a measure over its known countries; its ends are lowest and highest.

    Carries no words: the text alternative is the caller's. "At least" is left out.
    """
    values = measure.exact["number"]
    union = measure.union
    ends = [*values, *([union.number] if union and union.how != "sum" else [])]
    low, high = min(ends, default=0.0), max(ends, default=1.0)

    def place(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(EDGE + share * (WIDTH - 2 * EDGE), 1)

    rank = {area: (area == chosen) * 2 + (area in near) for area in map(str, values.index)}
    order = sorted(rank, key=lambda area: (rank[area], area))
    parts = [_base()]
    if union and union.how != "sum":
        parts.append(_tick(place(union.number)))
    parts += [_dot(place(float(values[area])), rank[area]) for area in order]
    return tag(
        "svg",
        Markup("").join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
    )


def _base() -> Markup:
    path = f"M{EDGE},{HEIGHT / 2}H{WIDTH - EDGE}"
    return tag("path", d=path, stroke=style.LINE, stroke_width=1)


def _tick(x: float) -> Markup:
    return tag("path", d=f"M{x},1V{HEIGHT - 1}", stroke=style.INK, stroke_width=1.6)


def _dot(x: float, rank: int) -> Markup:
    """0: any country, 1: a neighbour, 2: the chosen one, which is also ringed."""
    fill = (style.SEQUENTIAL[1], style.SEQUENTIAL[4], style.RING)[min(rank, 2)]
    radius = (4.0, 4.6, 5.0)[min(rank, 2)]
    middle = HEIGHT / 2
    circle = tag("circle", cx=x, cy=middle, r=radius, fill=fill, stroke=style.QUIET)
    if rank < 2:
        return circle
    ring = tag("circle", cx=x, cy=middle, r=9, fill="none", stroke=style.RING, stroke_width=1.6)
    return circle + ring
