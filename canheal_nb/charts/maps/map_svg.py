"""The map picture as SVG: the same marks and words for the screen, the report and the download."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from canheal_nb.charts import style
from canheal_nb.charts.drawing import GLYPHS, nested, pattern, tag
from canheal_nb.charts.maps import legend
from canheal_nb.charts.maps.picture import MapPicture, Symbol, Unit
from canheal_nb.text.locale import _

FOOT_LETTERS = 100
NOTHING = Markup()


def points(picture: MapPicture) -> Markup:
    """Return the centres as single symbols."""
    return Markup("").join(map(_point, picture.symbols))


def groups(picture: MapPicture) -> Markup:
    """Return the centres as groups with their counts, for a small screen."""
    return Markup("").join(map(_group, picture.groups))


def unit_attributes(picture: MapPicture, unit: Unit, selected: str) -> dict[str, str]:
    """Return what changes about a country when the view changes; the live widget sets the same."""
    return {
        "class": "u soft" if unit.soft else "u",
        "fill": picture.colour(unit.klass),
        "aria-label": unit.label,
        "aria-selected": "true" if unit.area_id in selected.split(",") else "false",
    }


def map_svg(
    picture: MapPicture,
    selected: str = "",
    live: bool = False,
    many: bool = False,
    cells: Markup = NOTHING,
) -> Markup:
    """Return the main map. `live`: with roles, focus order and selection for the screen.

    `selected`: an area's id, or several joined by commas where `many` can be chosen; `cells`:
    marks that lie on the countries, under symbols.
    """
    shape = picture.geometry
    parts = [
        Markup("<defs>") + pattern() + Markup("</defs>"),
        tag("g", _others(shape), class_="others", aria_hidden="true"),
        tag("g", _countries(picture, selected, live), **_listbox(picture, live, many)),
        tag("path", d=shape["borders"], class_="b", fill="none", stroke="#ffffff"),
        cells,
        _ring(picture, selected),
        _marks(picture, live),
        tag("g", points(picture), class_="near", data_region="points" if live else None),
    ]
    if live:
        parts.append(tag("g", groups(picture), class_="far", data_region="groups"))
        parts.append(tag("path", id="halo", class_="halo", d="", aria_hidden="true"))
    return tag(
        "svg",
        Markup("").join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {shape['width']} {shape['height']}",
        class_="map",
        role="group" if live else "img",
        aria_label=picture.title if live else picture.description,
    )


def inset_svg(picture: MapPicture, unit: Unit, cells: Markup = NOTHING) -> Markup:
    """Return one outermost region in its own small frame."""
    shape = next(i for i in picture.geometry["insets"] if i["id"] == unit.area_id)
    path = tag(
        "path",
        d=shape["path"],
        id=f"o-{unit.area_id}",
        class_="u",
        fill=picture.colour(unit.klass),
        stroke=style.COAST,
        stroke_width="0.7",
        data_area=shape["country"],
    )
    return tag(
        "svg",
        path + cells,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {shape['width']} {shape['height']}",
        class_="map",
        role="img",
        aria_label=unit.label,
    )


def figure_svg(
    picture: MapPicture,
    selected: str = "",
    foot: Sequence[str] = (),
    key: tuple[Markup, float] | None = None,
    cells: Mapping[str, Markup] | None = None,
) -> Markup:
    """Return map, outermost regions and legend as one picture that stands alone.

    `foot`: title and source lines under it, for a picture that leaves its page; `key`: a legend of
    its own and its height at 950 wide; `cells`: marks on the land, of the map ("main") and of
    outermost regions by id (`hexagons.outlines`). No style sheet is needed: fonts and colours are
    in the marks. 1000 units wide, read at 10 cm and more.
    """
    height, cells = int(picture.geometry["height"]), cells or {}
    drawn, low = key or (legend.legend_svg(picture), legend.HEIGHT * 950 / legend.WIDTH)
    insets = Markup("").join(
        _placed(
            inset_svg(picture, unit, cells.get(unit.area_id, NOTHING)),
            8,
            8 + 98 * i,
            112,
            70,
            unit.name,
        )
        for i, unit in enumerate(picture.overseas)
    )
    lines = [part for line in foot for part in textwrap.wrap(line, FOOT_LETTERS)]
    end = height + 20 + low
    body = (
        tag("rect", width=1000, height=height, fill=style.SEA)
        + nested(map_svg(picture, selected, cells=cells.get("main", NOTHING)), 0, 0, 1000, height)
        + insets
        + nested(drawn, 0, height + 16, 950, low)
        + Markup("").join(
            tag("text", escape(line), x=0, y=end + 22 * i, font_size=18, fill=style.QUIET)
            for i, line in enumerate(lines)
        )
    )
    return tag(
        "svg",
        body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 1000 {end + 22 * len(lines):.0f}",
        width=1000,
        height=f"{end + 22 * len(lines):.0f}",
        role="img",
        aria_label=picture.description,
        font_family="Noto Sans, Helvetica, Arial, sans-serif",
    )


def _others(shape: Any) -> Markup:
    return Markup("").join(
        tag("path", d=other["path"], class_="o", fill=style.LAND, stroke=style.PAPER)
        for other in shape["others"]
    )


def _countries(picture: MapPicture, selected: str, live: bool) -> Markup:
    shapes = {country["id"]: country for country in picture.geometry["countries"]}
    first = selected.split(",")[0] or picture.units[0].area_id
    marks = []
    for unit in picture.units:
        given: dict[str, Any] = unit_attributes(picture, unit, selected)
        if live:
            given |= {"role": "option", "tabindex": 0 if unit.area_id == first else -1}
            given |= {"data-area": unit.area_id, "data-tip": ""}
        else:
            given = {"fill": given["fill"]}
            given |= {"stroke-dasharray": "2 2"} if unit.soft else {}
        path = shapes[unit.area_id]["path"]
        outline = {"stroke": style.COAST, "stroke-width": "0.7"}
        marks.append(tag("path", d=path, id=f"u-{unit.area_id}", **given, **outline))
    return Markup("").join(marks)


def _listbox(picture: MapPicture, live: bool, many: bool) -> dict[str, Any]:
    if not live:
        return {"class_": "countries"}
    return {
        "class_": "countries",
        "role": "listbox",
        "aria_multiselectable": "true" if many else None,
        "aria_label": _("Countries: {title}").format(title=picture.title),
    }


def ring(picture: MapPicture, selected: str) -> str:
    """Return the outline of the chosen countries, which is drawn over all others."""
    shapes = picture.geometry["countries"]
    return "".join(str(shape["path"]) for shape in shapes if shape["id"] in selected.split(","))


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
            parts.append(tag("path", d=f"M{x1},{y1}L{x2},{y2}", class_="lead", stroke=style.QUIET))
            parts.append(
                tag(
                    "rect",
                    id=f"s-{area}",
                    x=x,
                    y=y,
                    width=w,
                    height=h,
                    class_="u",
                    fill=picture.colour(units[area].klass),
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
        d=GLYPHS[symbol.shape],
        transform=f"translate({symbol.x},{symbol.y})scale(1.35)",
        class_="pt",
        fill=style.PAPER,
        stroke=style.RING,
        stroke_width="1.4",
        data_area=symbol.area_id,
        data_tip=symbol.label,
    )


def _group(symbol: Symbol) -> Markup:
    circle = tag("circle", r=15 if symbol.count > 1 else 9, class_="pt", fill=style.PAPER)
    number = tag("text", escape(symbol.count), class_="ct", y=9) if symbol.count > 1 else ""
    place = f"translate({symbol.x},{symbol.y})"
    return tag("g", circle + number, transform=place, data_tip=symbol.label)


def _placed(svg: Markup, x: float, y: float, width: float, height: float, name: str) -> Markup:
    frame = tag("rect", x=x, y=y, width=width, height=height, fill=style.PAPER, stroke=style.LINE)
    words_ = tag("text", escape(name), x=x, y=y + height + 20, font_size=20, fill=style.QUIET)
    return frame + nested(svg, x, y, width, height) + words_
