"""Two measures against each other as points; the chosen ones have shapes and names."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from canheal_nb.charts import labels, plot, strips, style
from canheal_nb.charts.drawing import tag
from canheal_nb.indicators import words
from canheal_nb.indicators.comparison import Pair
from canheal_nb.indicators.measures import Measure
from canheal_nb.text.locale import _, ngettext

BOLD, HIGH, REACH = 8.2, 18.0, 8.0
LEFT, EDGE = 46, 10


@dataclass(frozen=True)
class Point:
    """One country: what a hover says, and its shape where it is chosen (else empty)."""

    area_id: str
    name: str
    x: float
    y: float
    text: str
    shape: str = ""


@dataclass(frozen=True)
class Scatter:
    """The picture as data: `across` and `up` name the scales with their units."""

    across: str
    up: str
    points: tuple[Point, ...]
    middle: tuple[float, float] | None

    @property
    def chosen(self) -> list[Point]:
        """The points that have a shape."""
        return [point for point in self.points if point.shape]


@dataclass(frozen=True)
class Frame:
    """The field of the points in the picture's units, and the ticks of its two scales."""

    box: labels.Box
    across: tuple[float, ...]
    up: tuple[float, ...]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a pair of figures lies."""
        box = self.box
        return (
            plot.place(self.across, x, box.x, box.x + box.width),
            plot.place(self.up, y, box.y + box.height, box.y),
        )


def compose(pair: Pair, names: Mapping[str, str], chosen: Sequence[str]) -> Scatter:
    """Compose the picture of a pair of measures."""
    shape = strips.shapes(chosen)
    points = tuple(
        Point(area, names[area], x, y, said(pair, area, names), shape.get(area, ""))
        for area, x, y in zip(pair.both.index, pair.both["x"], pair.both["y"], strict=True)
    )
    middle = pair.both.median()
    return Scatter(
        across=scale_words(pair.first),
        up=scale_words(pair.second),
        points=points,
        middle=(float(middle["x"]), float(middle["y"])) if points else None,
    )


def scale_words(measure: Measure) -> str:
    """Return a measure's label with its unit."""
    return _("{label}, {unit}").format(label=_(measure.label), unit=words.unit(measure))


def said(pair: Pair, area: str, names: Mapping[str, str]) -> str:
    """Return what a hover says of a country: its two figures."""
    return f"{names[area]}. {figures(pair, area)}"


def figures(pair: Pair, area: str) -> str:
    """Return a country's two figures, each with its measure's label."""
    return "; ".join(f"{_(m.label)}: {words.figure(m, area)}" for m in (pair.first, pair.second))


def svg(scatter: Scatter, width: int, height: int) -> Markup:
    """Return the picture in a size of its own; the text alternative is `describe`."""
    up = textwrap.wrap("↑ " + scatter.up, int(width / plot.LETTER))
    across = textwrap.wrap("→ " + scatter.across, int(width / plot.LETTER))
    top = 18 * len(up) + 10
    frame = _frame(scatter, labels.Box(LEFT, top, width - LEFT - EDGE, height - top - 24))
    parts = [plot.text(0, 14 + 18 * i, line, class_="q") for i, line in enumerate(up)]
    parts += _grid(frame)
    medians, taken = _medians(scatter, frame)
    parts += medians
    parts += [_point(point, frame) for point in scatter.points if not point.shape]
    parts += _chosen(scatter, frame, taken)
    parts += [
        plot.text(width, height + 16 + 18 * i, line, "end", class_="q")
        for i, line in enumerate(across)
    ]
    return tag(
        "svg",
        Markup("").join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height + 18 * len(across) + 4}",
        class_="dots scatter",
        role="img",
        aria_label=describe(scatter),
        font_family="Noto Sans, Helvetica, Arial, sans-serif",
    )


def describe(scatter: Scatter) -> str:
    """Return the picture in words: what is set against what, and the chosen countries."""
    count = len(scatter.points)
    text = ngettext(
        "{n} country by {across} (from left to right) and {up} (from bottom to top).",
        "{n} countries by {across} (from left to right) and {up} (from bottom to top).",
        count,
    ).format(n=count, across=scatter.across, up=scatter.up)
    return " ".join([text, *(f"{point.text}." for point in scatter.chosen)])


def _frame(scatter: Scatter, box: labels.Box) -> Frame:
    across = plot.scale([point.x for point in scatter.points])
    up = plot.scale([point.y for point in scatter.points])
    return Frame(box, tuple(across), tuple(up))


def _grid(frame: Frame) -> list[Markup]:
    box, parts = frame.box, []
    for tick in frame.across:
        x, low = frame.at(tick, frame.up[0])
        path = f"M{x},{box.y}V{low}"
        parts.append(tag("path", d=path, class_="grid", stroke=style.LINE, stroke_width=1))
        parts.append(plot.text(x, low + 18, words.bound(tick), "middle", class_="q"))
    for tick in frame.up:
        _x, y = frame.at(frame.across[0], tick)
        path = f"M{box.x},{y}H{box.x + box.width}"
        parts.append(tag("path", d=path, class_="grid", stroke=style.LINE, stroke_width=1))
        parts.append(plot.text(box.x - 6, y + 5, words.bound(tick), "end", class_="q"))
    return parts


def _medians(scatter: Scatter, frame: Frame) -> tuple[list[Markup], list[labels.Box]]:
    """Return the two median lines with their word, and the room that the words take."""
    if scatter.middle is None:
        return [], []
    box, word = frame.box, _("median")
    x, y = frame.at(*scatter.middle)
    wide = plot.LETTER * len(word)
    paths = (f"M{x},{box.y}V{box.y + box.height}", f"M{box.x},{y}H{box.x + box.width}")
    parts = [
        tag("path", d=path, class_="middle", stroke=style.QUIET, stroke_width=1.5) for path in paths
    ]
    left = x + 4 if x + 4 + wide < box.x + box.width else x - 4 - wide
    above = y - 5 if y - 5 - HIGH > box.y else y + 16
    parts.append(plot.text(left, box.y + 12, word, class_="q"))
    parts.append(plot.text(box.x + box.width, above, word, "end", class_="q"))
    return parts, [
        labels.Box(left, box.y, wide, HIGH),
        labels.Box(box.x + box.width - wide, above - 14, wide, HIGH),
    ]


def _point(point: Point, frame: Frame) -> Markup:
    x, y = frame.at(point.x, point.y)
    circle = tag("circle", cx=x, cy=y, r=5.5, class_="other", fill=style.HATCH)
    return tag("g", circle, data_area=point.area_id, data_tip=point.text)


def _chosen(scatter: Scatter, frame: Frame, taken: Sequence[labels.Box]) -> list[Markup]:
    """Return the chosen points with their names, which cover neither each other nor a mark."""
    chosen = scatter.chosen
    at = [frame.at(point.x, point.y) for point in chosen]
    quiet = [labels.around(*frame.at(p.x, p.y), 6.0) for p in scatter.points if not p.shape]
    found = labels.placed(
        at,
        [(BOLD * len(point.name), HIGH) for point in chosen],
        frame.box,
        [*taken, *(labels.around(x, y, REACH) for x, y in at)],
        quiet,
    )
    parts = []
    for point, (x, y), box in zip(chosen, at, found, strict=True):
        mark = strips.marker(point.shape, x, y, 1.3)
        name = _name(point.name, x, y, box) if box else Markup("")
        parts.append(tag("g", name + mark, data_area=point.area_id, data_tip=point.text))
    return parts


def _name(name: str, x: float, y: float, box: labels.Box) -> Markup:
    """Return a name in its box, with a fine line to its point where that is further away."""
    near_x = min(max(x, box.x), box.x + box.width)
    near_y = min(max(y, box.y), box.y + box.height)
    leader = Markup("")
    if abs(near_x - x) + abs(near_y - y) > 2.5 * labels.NEAR:
        path = f"M{x:g},{y:g}L{near_x:g},{near_y:g}"
        leader = tag("path", d=path, class_="lead", stroke=style.QUIET, stroke_width=1)
    return leader + plot.text(box.x, box.y + 14, name, bold=True)
