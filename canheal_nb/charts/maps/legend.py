"""The legend of the map picture: a histogram of the classes, as SVG and as one sentence."""

from __future__ import annotations

import textwrap

from markupsafe import Markup, escape

from canheal_nb.charts import style
from canheal_nb.charts.drawing import NO_DATA, fill, tag
from canheal_nb.charts.maps.picture import MapPicture
from canheal_nb.indicators import words
from canheal_nb.text.locale import _

BAR, GAP, APART, TALL = 52, 4, 10, 64
# Room for seven bars and "not known", and below them for four lines of letters.
WIDTH, HEIGHT, LETTERS = 432, TALL + 124, 56


def legend_svg(picture: MapPicture) -> Markup:
    """Return the legend: a histogram of the classes with their bounds and the EU value."""
    scale, unit = _scale(picture)
    most = max([b.count for b in picture.bins] + [picture.unknown, 1])
    classes = len(picture.bins)
    bars = [
        _bar(i * BAR, b.count, most, fill(b.klass, classes), b.text)
        for i, b in enumerate(picture.bins)
    ]
    edges = [
        _text((i + 1) * BAR, TALL + 42, bound, "middle")
        for i, bound in enumerate(words.bound(value / scale) for value in picture.inner)
    ]
    end = classes * BAR + APART
    parts = [*bars, *edges, _bar(end, picture.unknown, most, NO_DATA, _("not known"))]
    parts.append(_text(end + (BAR - GAP) / 2, TALL + 42, _("not known"), "middle"))
    parts.append(_union_mark(picture))
    lines = [_("{unit}; above each bar the number of countries").format(unit=unit)]
    if picture.union is not None:
        lines.append("▲ " + picture.union_text)
    if any(unit.soft for unit in picture.units):
        lines.append(_("Dotted outline: at least so many, for the list is not complete."))
    lines = [part for line in lines for part in textwrap.wrap(line, LETTERS)]
    parts += [_text(0, TALL + 64 + 18 * i, line, "start") for i, line in enumerate(lines)]
    return tag(
        "svg",
        Markup("").join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label=legend_words(picture),
    )


def legend_words(picture: MapPicture) -> str:
    """Return the legend as one sentence."""
    parts = [_("{bounds}: {n}").format(bounds=b.text, n=b.count) for b in picture.bins]
    parts.append(_("not known: {n}").format(n=picture.unknown))
    if any(unit.soft for unit in picture.units):
        parts.append(_("dotted outline: at least so many, for the list is not complete"))
    text = _("Countries by class ({unit}), darker is more: {list}. {union}")
    return text.format(unit=picture.unit, list="; ".join(parts), union=picture.union_text).strip()


def _scale(picture: MapPicture) -> tuple[float, str]:
    """Return what large bounds are divided by so that they have room, and the unit then."""
    largest = max(picture.inner, default=0)
    if largest >= 10_000_000:
        return 1e6, _("million {unit}").format(unit=picture.unit)
    if largest >= 10_000:
        return 1e3, _("thousand {unit}").format(unit=picture.unit)
    return 1.0, picture.unit


def _bar(x: float, count: int, most: int, colour: str, words_: str) -> Markup:
    height = round(TALL * count / most * 0.75, 1)
    base = TALL + 20
    bar = tag(
        "rect",
        tag("title", escape(words_)),
        x=x,
        y=round(base - height - 4, 1),
        width=BAR - GAP,
        height=height + 4,
        fill=colour,
        stroke=style.COAST,
        class_="bar",
    )
    return bar + _text(x + (BAR - GAP) / 2, base - height - 9, str(count), "middle")


def _union_mark(picture: MapPicture) -> Markup:
    if picture.union is None or not picture.inner:
        return Markup("")
    inner = [float(b) for b in picture.inner]
    step = inner[1] - inner[0] if len(inner) > 1 else inner[0] or 1.0
    edges = [inner[0] - step, *inner, inner[-1] + step]
    klass = sum(picture.union >= bound for bound in inner)
    low, high = edges[klass], edges[klass + 1]
    share = min(max((picture.union - low) / (high - low), 0.0), 1.0)
    x = round((klass + share) * BAR, 1)
    place = f"M{x},{TALL + 21}l5,8h-10Z"
    return tag("path", d=place, class_="eu", fill=style.RING, stroke=style.RING)


def _text(x: float, y: float, words_: str, anchor: str) -> Markup:
    return tag("text", escape(words_), x=x, y=y, text_anchor=anchor, font_size=14, fill=style.INK)
