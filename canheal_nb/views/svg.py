"""The map picture as SVG: the same marks and words for the screen, the report and the download."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup, escape

from canheal_nb.locale import _
from canheal_nb.views import style, words
from canheal_nb.views.picture import MapPicture, Symbol, Unit

NO_DATA = "url(#hatch)"
BAR, GAP, TALL = 52, 4, 64
LEGEND_WIDTH, LEGEND_HEIGHT, LETTERS = 432, TALL + 104, 56
GLYPHS = {
    "diamond": "M0,-6 6,0 0,6 -6,0Z",
    "circle": "M-5,0a5,5 0 1,0 10,0a5,5 0 1,0 -10,0Z",
    "square": "M-4,-4H4V4H-4Z",
}
PATTERN = Markup(
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<path d="M0,0H6V6H0Z" fill="{paper}"/>'
    '<path d="M-1,7L7,-1M-1,1L1,-1M5,7L7,5" stroke="{hatch}" stroke-width="1.1"/></pattern>'
)


def tag(name: str, inner: str = "", **attributes: Any) -> Markup:
    """Return one element with escaped attributes (`class_` for class, `_` for a hyphen)."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{given}>{inner}</{name}>" if inner else f"<{name}{given}/>")


def fill(picture: MapPicture, klass: int | None) -> str:
    """Return the colour of a class, or the hatching of "not known"."""
    return NO_DATA if klass is None else style.sequence(len(picture.bins))[klass]


def unit_attributes(picture: MapPicture, unit: Unit, selected: str) -> dict[str, str]:
    """Return what changes about a country when the view changes; the live widget sets the same."""
    return {
        "class": "u soft" if unit.soft else "u",
        "fill": fill(picture, unit.klass),
        "aria-label": unit.label,
        "aria-selected": "true" if unit.area_id == selected else "false",
    }


def map_svg(picture: MapPicture, selected: str = "", live: bool = False) -> Markup:
    """Return the main map. `live`: with roles, focus order and selection for the screen."""
    shape = picture.geometry
    parts = [
        Markup("<defs>") + pattern() + Markup("</defs>"),
        tag("g", _others(shape), class_="others", aria_hidden="true"),
        tag("g", _countries(picture, selected, live), **_listbox(picture, live)),
        tag("path", d=shape["borders"], class_="b", fill="none", stroke="#ffffff"),
        _ring(picture, selected),
        _marks(picture, live),
        tag("g", Markup("").join(map(_point, picture.symbols)), class_="near", id="points-near"),
    ]
    if live:
        parts.append(tag("g", Markup("").join(map(_group, picture.groups)), class_="far"))
    return tag(
        "svg",
        Markup("").join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {shape['width']} {shape['height']}",
        class_="map",
        role="group" if live else "img",
        aria_label=picture.title if live else picture.description,
    )


def inset_svg(picture: MapPicture, unit: Unit) -> Markup:
    """Return one outermost region in its own small frame."""
    shape = next(i for i in picture.geometry["insets"] if i["id"] == unit.area_id)
    path = tag(
        "path",
        d=shape["path"],
        id=f"o-{unit.area_id}",
        class_="u",
        fill=fill(picture, unit.klass),
        stroke=style.COAST,
        stroke_width="0.7",
        data_area=shape["country"],
    )
    return tag(
        "svg",
        path,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {shape['width']} {shape['height']}",
        class_="map",
        role="img",
        aria_label=unit.label,
    )


def legend_svg(picture: MapPicture) -> Markup:
    """Return the legend: a histogram of the classes with their bounds and the EU value."""
    most = max([b.count for b in picture.bins] + [picture.unknown, 1])
    bars = [
        _bar(i, b.count, most, fill(picture, b.klass), b.text) for i, b in enumerate(picture.bins)
    ]
    edges = [
        _text((i + 1) * BAR, TALL + 42, bound, "middle")
        for i, bound in enumerate(_edges(picture))
    ]
    end = len(picture.bins) * BAR + 24
    parts = [*bars, *edges, _bar_at(end, picture.unknown, most, NO_DATA, _("not known"))]
    parts.append(_text(end, TALL + 42, _("not known"), "start"))
    parts.append(_union_mark(picture))
    lines = [_("{unit}; above each bar the number of countries").format(unit=picture.unit)]
    if picture.union is not None:
        lines.append("▲ " + picture.union_text)
    lines = [part for line in lines for part in textwrap.wrap(line, LETTERS)]
    parts += [_text(0, TALL + 64 + 18 * i, line, "start") for i, line in enumerate(lines)]
    return tag(
        "svg",
        Markup("").join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {LEGEND_WIDTH} {LEGEND_HEIGHT}",
        role="img",
        aria_label=legend_words(picture),
    )


def legend_words(picture: MapPicture) -> str:
    """Return the legend as one sentence."""
    parts = [_("{bounds}: {n}").format(bounds=b.text, n=b.count) for b in picture.bins]
    parts.append(_("not known: {n}").format(n=picture.unknown))
    text = _("Countries by class ({unit}), darker is more: {list}. {union}")
    return text.format(unit=picture.unit, list="; ".join(parts), union=picture.union_text).strip()


def figure_svg(picture: MapPicture, selected: str = "") -> Markup:
    """Return map, outermost regions and legend as one picture that stands alone.

    No style sheet is needed: fonts and colours are in the marks. 1000 units wide, meant to be
    read at 10 cm and more.
    """
    height = int(picture.geometry["height"])
    insets = Markup("").join(
        _placed(inset_svg(picture, unit), 8, 8 + 98 * i, 112, 70, unit.name)
        for i, unit in enumerate(picture.overseas)
    )
    body = (
        tag("rect", width=1000, height=height, fill=style.SEA)
        + _nested(map_svg(picture, selected), 0, 0, 1000, height)
        + insets
        + _nested(legend_svg(picture), 0, height + 16, 950, LEGEND_HEIGHT * 950 / LEGEND_WIDTH)
    )
    return tag(
        "svg",
        body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 1000 {height + 20 + LEGEND_HEIGHT * 950 / LEGEND_WIDTH:.0f}",
        role="img",
        aria_label=picture.description,
        font_family="Noto Sans, Helvetica, Arial, sans-serif",
    )


def pattern() -> Markup:
    """Return the hatching that means "not known"."""
    return PATTERN.format(paper=style.PAPER, hatch=style.HATCH)


def _others(shape: Any) -> Markup:
    return Markup("").join(
        tag("path", d=other["path"], class_="o", fill=style.LAND, stroke=style.PAPER)
        for other in shape["others"]
    )


def _countries(picture: MapPicture, selected: str, live: bool) -> Markup:
    shapes = {country["id"]: country for country in picture.geometry["countries"]}
    first = selected or picture.units[0].area_id
    marks = []
    for unit in picture.units:
        given: dict[str, Any] = unit_attributes(picture, unit, selected)
        if live:
            given |= {"role": "option", "tabindex": 0 if unit.area_id == first else -1}
            given |= {"data-area": unit.area_id, "data-tip": ""}
        else:
            given = {"fill": given["fill"]}
        path = shapes[unit.area_id]["path"]
        outline = {"stroke": style.COAST, "stroke-width": "0.7"}
        if unit.soft:
            outline["stroke-dasharray"] = "2 2"
        marks.append(tag("path", d=path, id=f"u-{unit.area_id}", **given, **outline))
    return Markup("").join(marks)


def _listbox(picture: MapPicture, live: bool) -> dict[str, Any]:
    if not live:
        return {"class_": "countries"}
    return {
        "class_": "countries",
        "role": "listbox",
        "aria_label": _("Countries: {title}").format(title=picture.title),
    }


def ring(picture: MapPicture, selected: str) -> str:
    """Return the outline of the chosen country, which is drawn over all others."""
    shapes = picture.geometry["countries"]
    return next((str(shape["path"]) for shape in shapes if shape["id"] == selected), "")


def _ring(picture: MapPicture, selected: str) -> Markup:
    return tag(
        "path",
        id="ring",
        class_="ring",
        d=ring(picture, selected),
        fill="none",
        stroke=style.RING,
        stroke_width=3,
        aria_hidden="true",
    )


def _marks(picture: MapPicture, live: bool) -> Markup:
    """Small states: an enlarged hit area, and a swatch with the code where they vanish."""
    units = {unit.area_id: unit for unit in picture.units}
    parts = []
    for country in picture.geometry["countries"]:
        if "mark" not in country:
            continue
        area = country["id"]
        if "swatch" in country:
            (x1, y1), (x2, y2) = country["leader"]
            x, y, w, h = country["swatch"]
            parts.append(
                tag("path", d=f"M{x1},{y1}L{x2},{y2}", class_="lead", stroke=style.QUIET)
            )
            parts.append(
                tag(
                    "rect",
                    id=f"s-{area}",
                    x=x,
                    y=y,
                    width=w,
                    height=h,
                    class_="u",
                    fill=fill(picture, units[area].klass),
                    stroke=style.COAST,
                    data_area=area if live else None,
                )
            )
            parts.append(
                tag("text", escape(area), x=x + w + 5, y=y + h - 3, class_="tag", font_size=24)
            )
        if live:
            cx, cy, r = country["mark"]
            parts.append(tag("circle", cx=cx, cy=cy, r=r, class_="hit", data_area=area))
    return tag("g", Markup("").join(parts), aria_hidden="true")


def _point(symbol: Symbol) -> Markup:
    return tag(
        "path",
        tag("title", escape(symbol.label)),
        d=GLYPHS[symbol.shape],
        transform=f"translate({symbol.x},{symbol.y})scale(1.35)",
        class_="pt",
        fill=style.PAPER,
        stroke=style.RING,
        stroke_width="1.4",
    )


def _group(symbol: Symbol) -> Markup:
    circle = tag("circle", r=15 if symbol.count > 1 else 9, class_="pt", fill=style.PAPER)
    number = tag("text", escape(symbol.count), class_="ct", y=9) if symbol.count > 1 else ""
    title = tag("title", escape(symbol.label))
    return tag("g", title + circle + number, transform=f"translate({symbol.x},{symbol.y})")


def _edges(picture: MapPicture) -> Iterable[str]:
    return (words.bound(value) for value in picture.inner)


def _bar(position: int, count: int, most: int, colour: str, words_: str) -> Markup:
    return _bar_at(position * BAR, count, most, colour, words_)


def _bar_at(x: float, count: int, most: int, colour: str, words_: str) -> Markup:
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
    return tag("path", d=f"M{x},{TALL + 21}l5,8h-10Z", class_="eu", fill=style.RING,
               stroke=style.RING)


def _text(x: float, y: float, words_: str, anchor: str) -> Markup:
    return tag("text", escape(words_), x=x, y=y, text_anchor=anchor, font_size=14, fill=style.INK)


def _nested(svg: Markup, x: float, y: float, width: float, height: float) -> Markup:
    place = f'<svg x="{x}" y="{y}" width="{width}" height="{height}" '
    return Markup(place + str(svg)[len("<svg ") :])


def _placed(svg: Markup, x: float, y: float, width: float, height: float, name: str) -> Markup:
    frame = tag("rect", x=x, y=y, width=width, height=height, fill=style.PAPER, stroke=style.LINE)
    words_ = tag("text", escape(name), x=x, y=y + height + 20, font_size=20, fill=style.QUIET)
    return frame + _nested(svg, x, y, width, height) + words_
