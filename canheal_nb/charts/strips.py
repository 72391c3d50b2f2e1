"""One measure as a strip: all known countries as quiet dots, the chosen ones as rows below.

The chosen are told apart by shape and by their names in the rows, never by colour alone. Scale,
axis and lines are those of `plot`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from canheal_nb.charts import dots, plot, style
from canheal_nb.charts.drawing import GLYPHS, tag
from canheal_nb.indicators import comparison, words
from canheal_nb.indicators.measures import Measure, Target
from canheal_nb.text.locale import _, ngettext

SHAPES = ("diamond", "square", "triangle", "wedge", "plus", "saltire")
ROW, CROWD = 24, 30


@dataclass(frozen=True)
class Strip:
    """One measure as it is drawn.

    `crowd`: every known country; `chosen`: shape and row of each chosen country that is known,
    the highest first; `missing`: the chosen ones that are not known.
    """

    title: str
    unit: str
    crowd: tuple[dots.Dot, ...]
    chosen: tuple[tuple[str, dots.Dot], ...]
    lines: tuple[plot.Line, ...]
    missing: tuple[dots.Dot, ...] = ()


def shapes(chosen: Sequence[str]) -> dict[str, str]:
    """Return the shape of each chosen country, by the order of choosing."""
    return dict(zip(chosen, SHAPES, strict=False))


def compose(
    measure: Measure,
    names: Mapping[str, str],
    chosen: Sequence[str],
    target: Target | None = None,
) -> Strip:
    """Compose the strip of a measure that may be ranked, with its median, EU value and target."""
    crowd = tuple(dots.dot(measure, area, names[area]) for area in measure.table.index)
    by_area = {dot.key: dot for dot in crowd}
    shape = shapes(chosen)
    rows = [(shape[area], by_area[area]) for area in chosen if area in by_area]
    rows.sort(key=lambda row: (row[1].soft, -(row[1].value or 0.0)))
    lines = tuple(reference_lines(measure, target))
    missing = tuple(dots.dot(measure, a, names[a]) for a in chosen if a not in by_area)
    return Strip(_(measure.label), words.unit(measure), crowd, tuple(rows), lines, missing)


def reference_lines(measure: Measure, target: Target | None) -> list[plot.Line]:
    """Return the median of the known countries, the Union's own figure and the policy target."""
    lines = []
    middle = comparison.median(measure)
    if middle is not None:
        lines.append(
            plot.Line(middle, _("median {figure}").format(figure=_number(measure, middle)))
        )
    if measure.union is not None and measure.union.how == "ratio":
        text = _("European Union {figure}").format(figure=words.significant(measure.union.number))
        lines.append(plot.Line(measure.union.number, text))
    if target is not None:
        text = _("target {figure}").format(figure=words.bound(target.number))
        text += f" ({target.policy} {target.year})".replace(" )", ")")
        lines.append(plot.Line(target.number, text, "target"))
    return lines


def svg(strip: Strip) -> Markup:
    """Return the strip; its text alternative is `describe`."""
    ends = [*dots.extent(strip.crowd), *(line.value for line in strip.lines)]
    ticks = plot.scale(ends)
    crowd = _crowd_words(len(strip.crowd))
    names = [crowd, *(dot.name for _shape, dot in strip.chosen)]
    names += [dot.name for dot in strip.missing]
    shorts = [dot.short for _shape, dot in strip.chosen]
    left = plot.LETTER * max(map(len, names)) + plot.GAP
    right = plot.WIDTH - plot.LETTER * max(map(len, shorts), default=2) - plot.GAP
    top = plot.ROW * len(strip.lines) + 6
    bottom = top + CROWD + ROW * len(strip.chosen)
    parts = [plot.axis(ticks, left, right, top, bottom)]
    parts += [
        plot.reference(line, plot.place(ticks, line.value, left, right), plot.ROW * i + 14, bottom)
        for i, line in enumerate(strip.lines)
    ]
    parts.append(_crowd(strip, ticks, (left, right), top + CROWD / 2, crowd))
    parts += [
        _row(shape, dot, ticks, (left, right), top + CROWD + ROW * (i + 0.5))
        for i, (shape, dot) in enumerate(strip.chosen)
    ]
    for i, dot in enumerate(strip.missing):
        y = bottom + 40 + plot.ROW * i
        parts += [plot.text(0, y, dot.name, bold=True), plot.text(left, y, dot.text, class_="q")]
    height = bottom + 26 + plot.ROW * len(strip.missing)
    return plot.canvas(parts, height, describe(strip))


def describe(strip: Strip) -> str:
    """Return the strip in words: its lines, its ends and the chosen countries."""
    parts = [_("{title}, {unit}.").format(title=strip.title, unit=strip.unit)]
    exact = [dot for dot in strip.crowd if not dot.soft]
    if len(exact) > 1:
        exact = sorted(exact, key=lambda dot: dot.value or 0.0)
        ends = _("{known}: {low} ({low_name}) to {high} ({high_name}).")
        names = {"low_name": exact[0].name, "high_name": exact[-1].name}
        figures = {"low": exact[0].short, "high": exact[-1].short}
        parts.append(ends.format(known=_crowd_words(len(strip.crowd)), **figures, **names))
    parts += [f"{line.text}." for line in strip.lines]
    rows = [*(dot for _shape, dot in strip.chosen), *strip.missing]
    parts += [f"{dot.name}: {dot.text}." for dot in rows]
    return " ".join(parts)


def marker(shape: str, x: float, y: float, size: float = 1.0, soft: bool = False) -> Markup:
    """Return the mark of a chosen country; hollow and dotted for "at least"."""
    return tag(
        "path",
        d=GLYPHS[shape],
        transform=f"translate({x:g},{y:g})scale({size:g})",
        class_="mark soft" if soft else "mark",
        fill=style.PAPER if soft else style.ACCENT,
        stroke=style.ACCENT if soft else style.PAPER,
        stroke_width=1,
        stroke_dasharray="2 2" if soft else None,
    )


def _number(measure: Measure, number: float) -> str:
    if measure.kind == "ratio":
        return words.significant(number)
    return words.decimal(number, words.decimals(measure))


def _crowd_words(count: int) -> str:
    return ngettext("{n} known", "{n} known", count).format(n=count)


def _crowd(
    strip: Strip, ticks: Sequence[float], ends: tuple[float, float], y: float, said: str
) -> Markup:
    """All known countries on one line; the chosen are drawn over the others."""
    parts = [plot.text(0, y + 5, said, class_="q")]
    for dot in strip.crowd:
        x = plot.place(ticks, dot.value or 0.0, *ends)
        circle = tag("circle", cx=f"{x:g}", cy=f"{y:g}", r=4.5, class_="other", fill=style.HATCH)
        tip = f"{dot.name}: {dot.text}"
        parts.append(tag("g", circle, data_area=dot.key, data_tip=tip))
    parts += [
        tag("g", marker(shape, plot.place(ticks, dot.value or 0.0, *ends), y), data_area=dot.key)
        for shape, dot in strip.chosen
    ]
    return Markup("").join(parts)


def _row(
    shape: str, dot: dots.Dot, ticks: Sequence[float], ends: tuple[float, float], y: float
) -> Markup:
    x = plot.place(ticks, dot.value or 0.0, *ends)
    parts = [plot.text(0, y + 5, dot.name, bold=True)]
    parts.append(plot.text(plot.WIDTH, y + 5, dot.short, "end", bold=True))
    if dot.low is not None and dot.high is not None:
        low, high = (plot.place(ticks, end, *ends) for end in (dot.low, dot.high))
        path = f"M{low:g},{y:g}H{high:g}"
        parts.append(tag("path", d=path, class_="range", stroke=style.ACCENT, stroke_width=2))
    parts.append(marker(shape, x, y, 1.2, dot.soft))
    return tag("g", Markup("").join(parts), class_="line", data_tip=f"{dot.name}: {dot.text}")
