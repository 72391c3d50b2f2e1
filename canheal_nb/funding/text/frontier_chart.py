"""The plans between most people and the worst-off as a small curve, with its table.

Across: the worst-off country's share of its benchmark; up: that of the Union, in per cent.
Only what varies is drawn, so neither scale begins at nought; the picture says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from canheal_nb.charts import plot, style
from canheal_nb.charts.drawing import tag
from canheal_nb.indicators import words
from canheal_nb.need.text import service_words
from canheal_nb.text.locale import _

LEFT, TOP, TALL = 48.0, 40.0, 150.0
RIGHT = plot.WIDTH - plot.GAP
Points = Sequence[tuple[float, float]]


def svg(points: Points, here: tuple[float, float]) -> Markup:
    """Return the curve with the plan on the screen in a ring; (share met, least share) each."""
    across = plot.scale([100 * least for _met, least in (*points, here)], zero=False)
    up = plot.scale([100 * met for met, _least in (*points, here)], zero=False)
    bottom = TOP + TALL

    def at(point: tuple[float, float]) -> tuple[float, float]:
        met, least = point
        x = plot.place(across, 100 * least, LEFT, RIGHT)
        return x, plot.place(up, 100 * met, bottom, TOP)

    parts = [
        plot.text(0, 16, _("the Union, per cent of the benchmark (not from nought)"), class_="q")
    ]
    parts.append(plot.axis(across, LEFT, RIGHT, TOP, bottom))
    for tick in up:
        y = plot.place(up, tick, bottom, TOP)
        path = f"M{LEFT:g},{y}H{RIGHT:g}"
        parts.append(tag("path", d=path, class_="grid", stroke=style.LINE, stroke_width=1))
        parts.append(plot.text(LEFT - 8, y + 5, words.bound(tick), "end", class_="q"))
    places = [at(one) for one in points]
    path = "M" + "L".join(f"{x:g},{y:g}" for x, y in places)
    parts.append(
        tag("path", d=path, class_="target", fill="none", stroke=style.ACCENT, stroke_width=2)
    )
    parts += [plot.mark(x, y) for x, y in places]
    x, y = at(here)
    parts += [plot.mark(x, y), plot.ring(x, y)]
    middle = (LEFT + RIGHT) / 2
    anchor, to = ("end", x - 12) if x > middle else ("start", x + 12)
    down = y + 22 if y < bottom - 30 else y - 12
    parts.append(plot.text(to, down, _("this plan"), anchor, bold=True))
    foot = _("the worst-off country, per cent of the benchmark")
    parts.append(plot.text(RIGHT, bottom + 40, foot, "end", class_="q"))
    return plot.canvas(parts, bottom + 48, describe(points, here))


def describe(points: Points, here: tuple[float, float]) -> str:
    """Return the curve in words: its two ends, and where the plan lies."""
    (most, least), (fair, fairest) = points[0], points[-1]
    text = _(
        "From {most} of the Union's benchmark with {least} in the worst-off country, to {fair} "
        "with {fairest}. This plan: {met} with {own}. All plans are in the table."
    )
    return text.format(
        most=service_words.share(most),
        least=service_words.share(least),
        fair=service_words.share(fair),
        fairest=service_words.share(fairest),
        met=service_words.share(here[0]),
        own=service_words.share(here[1]),
    )


def rows(points: Points, place: int | None) -> list[dict[str, str]]:
    """Return one row per plan of the curve; `here`: "yes" for the one the slider is at."""
    return [
        {
            "plan": str(i + 1),
            "met": service_words.share(met),
            "least": service_words.share(least),
            "here": "yes" if i == place else "",
        }
        for i, (met, least) in enumerate(points)
    ]
