"""People within any number of minutes: a rising line per area, with its slow to fast band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from canheal_nb.charts import plot, style
from canheal_nb.charts.drawing import tag
from canheal_nb.indicators import words
from canheal_nb.text.locale import _

LEFT, RIGHT, TOP, TALL = 44.0, 352.0, 26.0, 220.0
Shares = NDArray[np.float64]


@dataclass(frozen=True)
class Rising:
    """One area's shares (parts of 1) within 0, 1, 2 ... minutes, at three speeds."""

    name: str
    middle: Shares
    slow: Shares
    fast: Shares
    chosen: bool = False


def svg(lines: Sequence[Rising], limit: int, target: float) -> Markup:
    """Return the picture, with the limit as an upright line and the target as a level one."""
    last = len(lines[0].middle) - 1
    parts = [_grid(last), _marks(limit, target, last)]
    for line in lines:
        parts.append(_band(line, last))
    ends = _apart([_y(float(line.middle[-1])) for line in lines])
    for line, end in zip(lines, ends, strict=True):
        parts.append(_line(line, last))
        parts.append(plot.text(RIGHT, end - 6, line.name, "end", bold=line.chosen))
    foot = plot.text(0, TOP + TALL + 40, _("minutes by car; people within them, of a hundred"))
    return plot.canvas([*parts, foot], TOP + TALL + 48, describe(lines, limit))


def describe(lines: Sequence[Rising], limit: int) -> str:
    """Return the curves in words: the shares at the limit and at the end."""
    said = [
        _("{name}: {at} % within {limit} minutes, {end} % within {last}.").format(
            name=line.name,
            at=words.significant(100 * float(line.middle[limit])),
            limit=limit,
            end=words.significant(100 * float(line.middle[-1])),
            last=len(line.middle) - 1,
        )
        for line in lines
    ]
    return " ".join([_("People within any number of minutes by car."), *said])


def _x(minute: float, last: int) -> float:
    return round(LEFT + minute / last * (RIGHT - LEFT), 1)


def _y(share: float) -> float:
    return round(TOP + (1 - share) * TALL, 1)


def _apart(places: list[float]) -> list[float]:
    """Move the two names apart where they would lie over each other."""
    if len(places) == 2 and abs(places[0] - places[1]) < 18:
        high, low = sorted((0, 1), key=lambda i: places[i])
        places[low] = places[high] + 18
    return places


def _grid(last: int) -> Markup:
    parts = []
    for percent in (0, 25, 50, 75, 100):
        y = _y(percent / 100)
        path = f"M{LEFT},{y}H{RIGHT}"
        parts.append(tag("path", d=path, class_="grid", stroke=style.LINE, stroke_width=1))
        parts.append(plot.text(LEFT - 8, y + 5, words.decimal(percent), "end", class_="q"))
    for minute in range(0, last + 1, 30):
        x = _x(minute, last)
        parts.append(plot.text(x, TOP + TALL + 20, words.decimal(minute), "middle", class_="q"))
    return Markup("").join(parts)


def _marks(limit: int, target: float, last: int) -> Markup:
    x, y = _x(limit, last), _y(target)
    limit_line = tag("path", d=f"M{x},{TOP}V{TOP + TALL}", class_="middle", stroke=style.QUIET)
    level = tag(
        "path", d=f"M{LEFT},{y}H{RIGHT}", class_="target", stroke=style.ACCENT,
        stroke_width=2, stroke_dasharray="6 3",
    )  # fmt: skip
    said = _("target {number} %").format(number=words.decimal(100 * target))
    return limit_line + level + plot.text(LEFT + 4, y - 6, said)


def _band(line: Rising, last: int) -> Markup:
    """The area between slow and fast."""
    up = [f"{_x(m, last)},{_y(float(s))}" for m, s in enumerate(line.fast)][::3]
    down = [f"{_x(m, last)},{_y(float(s))}" for m, s in enumerate(line.slow)][::3]
    fill = style.HATCH if line.chosen else style.SEQUENTIAL[2]
    path = "M" + "L".join([*up, *reversed(down)]) + "Z"
    return tag("path", d=path, class_="band", fill=fill, fill_opacity="0.4")


def _line(line: Rising, last: int) -> Markup:
    path = "M" + "L".join(f"{_x(m, last)},{_y(float(s))}" for m, s in enumerate(line.middle))
    colour = style.INK if line.chosen else style.ACCENT
    kind = "own" if line.chosen else "all"
    return tag("path", d=path, class_=kind, fill="none", stroke=colour, stroke_width="2.5")
