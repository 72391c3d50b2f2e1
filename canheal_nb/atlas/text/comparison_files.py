"""A comparison to take along: one picture that stands alone, and one sheet of figures."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping, Sequence

from markupsafe import Markup, escape

from canheal_nb.atlas.text import bivariate_map
from canheal_nb.charts import plot, scatter, strips, style
from canheal_nb.charts.drawing import NO_DATA, nested, tag
from canheal_nb.charts.maps import map_svg
from canheal_nb.charts.maps.picture import MapPicture
from canheal_nb.indicators import facts
from canheal_nb.indicators.comparison import THIRDS, Pair
from canheal_nb.indicators.measures import Measure
from canheal_nb.text.locale import _

MARGIN, TITLE, FOOT, LETTERS = 16, 44, 18, 54
CELL, SIDE = 90, 110
POINTS = (560, 420)


def sheet(
    shown: Sequence[Measure],
    areas: Collection[str],
    names: Mapping[str, str],
    closed: Sequence[Measure] = (),
) -> tuple[list[str], list[list[str]]]:
    """Return head and lines: one line per measure and country, known or not.

    `closed`: measures that are left out because of their sources' terms, which is said.
    """
    lines = []
    head = [_("Measure")]
    for measure in shown:
        label = _(measure.label)
        found, rows = facts.sheet(measure, names)
        lines += [[label, *row] for row in rows if row[0] in areas]
        head = [_("Measure"), *(_("Figure") if cell == label else cell for cell in found)]
    said = _("left out: the terms of its source do not allow it to be passed on")
    lines += [[_(measure.label), said] for measure in closed]
    return head, lines


def dots_figure(drawn: Sequence[strips.Strip], foot: Sequence[str]) -> Markup:
    """Return the strips below each other, each with its title and unit, and the foot."""
    parts, y = [], float(MARGIN)
    for strip in drawn:
        picture = strips.svg(strip)
        height = float(str(picture).split('viewBox="0 0 ')[1].split('"')[0].split()[1])
        for part in textwrap.wrap(strip.title, LETTERS):
            parts.append(plot.text(MARGIN, y + 16, part, bold=True))
            y += FOOT
        parts.append(plot.text(MARGIN, y + 14, strip.unit, class_="q"))
        parts.append(nested(picture, MARGIN, y + FOOT, plot.WIDTH, height))
        y += height + TITLE
    return _paper(parts, plot.WIDTH + 2 * MARGIN, y, foot, " ".join(map(strips.describe, drawn)))


def pair_figure(
    pair: Pair,
    picture: MapPicture,
    names: Mapping[str, str],
    chosen: Sequence[str],
    foot: Sequence[str],
) -> Markup:
    """Return the map of two measures with the square and the points under it, and the foot."""
    across, up = scatter.scale_words(pair.first), scatter.scale_words(pair.second)
    points = scatter.svg(scatter.compose(pair, names, chosen), *POINTS)
    lines = [part for said in (f"→ {across}", f"↑ {up}") for part in textwrap.wrap(said, 40)]
    top = FOOT * len(lines) + 10
    parts = [plot.text(0, 16 + FOOT * i, line) for i, line in enumerate(lines)]
    parts += _square(bivariate_map.square(pair, names), top)
    height = max(top + CELL * THIRDS + 70, POINTS[1] + 40)
    key = tag(
        "svg",
        Markup("").join(parts) + nested(points, 400, 0, 550, POINTS[1] + 30),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 950 {height}",
    )
    return map_svg.figure_svg(picture, ",".join(chosen), foot, (key, height))


def _square(square: bivariate_map.Square, top: float) -> list[Markup]:
    """Return the nine cells with their counts, the ranges of the thirds, and the hatched rest."""
    parts = []
    for row, cells in enumerate(square.rows):
        y = top + CELL * row
        parts.append(plot.text(SIDE - 8, y + CELL / 2 + 5, square.up[2 - row], "end"))
        for column, cell in enumerate(cells):
            x = SIDE + CELL * column
            parts.append(_box(x, y, CELL - 2, CELL - 2, cell.colour))
            round_ = tag("circle", cx=x + CELL / 2, cy=y + CELL / 2, r=14, fill=style.PAPER)
            parts.append(round_)
            parts.append(plot.text(x + CELL / 2, y + CELL / 2 + 5, str(cell.count), "middle", True))
    low = top + CELL * THIRDS
    for column, said in enumerate(square.across):
        for i, part in enumerate(textwrap.wrap(said, 11)):
            parts.append(plot.text(SIDE + CELL * (column + 0.5), low + 18 + 16 * i, part, "middle"))
    parts.append(_box(0, low + 52, 20, 14, NO_DATA))
    said = _("not both known: {n}").format(n=square.unknown)
    parts.append(plot.text(28, low + 64, said))
    return parts


def _box(x: float, y: float, width: float, height: float, colour: str) -> Markup:
    size = {"width": f"{width:g}", "height": f"{height:g}"}
    return tag("rect", x=f"{x:g}", y=f"{y:g}", fill=colour, stroke=style.COAST, **size)


def _paper(
    parts: Sequence[Markup], width: float, height: float, foot: Sequence[str], description: str
) -> Markup:
    """Return parts on white paper with a foot of sources and citation."""
    lines = [part for line in foot for part in textwrap.wrap(line, LETTERS)]
    said = [
        tag("text", escape(line), x=MARGIN, y=height + 16 * i, font_size=12, fill=style.QUIET)
        for i, line in enumerate(lines)
    ]
    tall = height + 16 * len(lines) + MARGIN
    paper = tag("rect", width=f"{width:g}", height=f"{tall:g}", fill=style.PAPER)
    return tag(
        "svg",
        paper + Markup("").join([*parts, *said]),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {tall:g}",
        width=f"{width:g}",
        height=f"{tall:g}",
        role="img",
        aria_label=description,
        font_family="Noto Sans, Helvetica, Arial, sans-serif",
    )
