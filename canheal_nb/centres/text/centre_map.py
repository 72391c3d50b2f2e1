"""Centres on a map that can be zoomed: symbols keep their size, groups fall apart as one nears."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from canheal_nb.centres.model import map_scales
from canheal_nb.charts import style
from canheal_nb.charts.drawing import GLYPHS, tag
from canheal_nb.charts.maps import projection
from canheal_nb.charts.maps.picture import SHAPES
from canheal_nb.text.locale import ngettext

APART, ROOM, LINE, LETTERS = 30, 190, 20, 27  # pixels, but for the letters of a name
FIRST = 1.35  # map units per pixel before the live screen has measured its own
NEAREST = map_scales.SCALES[-1] * 0.95
MARGIN, NEAR = 1.2, 60.0


@dataclass(frozen=True)
class Point:
    """A centre as it is drawn, in map units; `label` is what hover says."""

    centre_id: str
    name: str
    label: str
    shape: str
    x: float
    y: float


def located(centres: pd.DataFrame, geometry: Mapping[str, Any]) -> pd.DataFrame:
    """Return `x, y` in map units of the centres whose place is known.

    Centres in one and the same place are set apart by less than their symbols' size on the
    nearest view. The same centre always lies in the same place, whatever is chosen.
    """
    placed = centres.dropna(subset=["latitude", "longitude"])
    if placed.empty:
        return pd.DataFrame({"x": [], "y": []}, dtype="float64")
    return projection.spread(
        projection.to_map(placed, geometry["transform"]), APART * map_scales.SCALES[-1]
    )


def points(where: pd.DataFrame, centres: pd.DataFrame, kinds: Mapping[str, str]) -> list[Point]:
    """Return the centres of `where` as they are drawn; `kinds`: OECI's CCC or CC by centre_id."""
    told = centres.loc[where.index, ["name", "city"]].join(where)
    return [
        Point(
            str(one.Index),
            str(one.name),
            ", ".join(filter(None, [one.name, one.city])),
            SHAPES[kinds.get(str(one.Index), "")],
            round(float(one.x), 2),
            round(float(one.y), 2),
        )
        for one in told.itertuples()
    ]


def base_svg(
    geometry: Mapping[str, Any], names: Mapping[str, str], symbols: str, chosen: str, country: str
) -> Markup:
    """Return the map: land, borders, the chosen country's outline, symbols, the chosen centre.

    The regions "symbols" and "chosen" and the path "ring" are what changes.
    """
    own = [
        tag("path", d=c["path"], class_="m", fill=style.PAPER, data_tip=names[c["id"]])
        for c in geometry["countries"]
    ]
    others = [
        tag("path", d=o["path"], class_="o", fill=style.LAND, data_tip=o["name"])
        for o in geometry["others"]
    ]
    outline = tag("path", d=ring(geometry, country), id="ring", class_="ring", fill="none")
    return tag(
        "svg",
        Markup("").join([*others, *own])
        + outline
        + tag("g", symbols or " ", data_region="symbols")
        + tag("g", chosen or " ", data_region="chosen"),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {geometry['width']} {geometry['height']}",
        class_="map",
        aria_hidden="true",
    )


def ring(geometry: Mapping[str, Any], country: str) -> str:
    """Return the outline of a country; empty where none is chosen."""
    shapes = [*geometry["countries"], *geometry["others"]]
    return next((str(shape["path"]) for shape in shapes if shape["id"] == country), "")


def symbols(shown: list[Point]) -> Markup:
    """Return the symbols of the centres, alone and in groups, with names where there is room."""
    if not shown:
        return Markup("")
    by_id = {point.centre_id: point for point in shown}
    where = pd.DataFrame({"x": [p.x for p in shown], "y": [p.y for p in shown]}, index=list(by_id))
    named = map_scales.named_below(where, ROOM, LINE)
    marks = []
    for group in map_scales.groups(where, APART):
        if len(group.ids) > 1:
            marks.append(_group(group))
            continue
        point = by_id[group.ids[0]]
        marks.append(_single(point, group.high))
        marks.append(_name(point, min(group.high, float(named[point.centre_id]))))
    return Markup("").join(marks)


def chosen(point: Point | None) -> Markup:
    """Return the chosen centre's own mark, which is drawn at every scale and over all others."""
    if point is None:
        return Markup("")
    circle = tag("circle", r=14, class_="halo", fill="none", stroke=style.RING, stroke_width=3)
    side = "start" if point.x < 200 else "end" if point.x > 800 else "middle"
    name = tag("text", escape(_short(point.name)), y=-20, text_anchor=side)
    inner = circle + _glyph(point.shape) + name
    return tag("g", inner, class_="sym chosen", **_place(point.x, point.y))


def frame(where: pd.DataFrame, geometry: Mapping[str, Any]) -> str:
    """Return the part of the map that holds these points: "x y width" in map units."""
    x, y = where["x"], where["y"]
    shape = geometry["width"] / geometry["height"]
    width = max((x.max() - x.min()) * MARGIN, (y.max() - y.min()) * MARGIN * shape, NEAR)
    return f"{(x.max() + x.min()) / 2:.1f} {(y.max() + y.min()) / 2:.1f} {width:.1f}"


def _place(x: float, y: float) -> dict[str, str]:
    return {"style": f"--x:{x}px;--y:{y}px"}


def _scales(low: float, high: float) -> dict[str, str]:
    shown = low <= FIRST < high
    return {"data_scales": f"{low:g} {high:g}", "class_": "sym" if shown else "sym off"}


def _glyph(shape: str) -> Markup:
    return tag("path", d=GLYPHS[shape], class_="pt", fill=style.PAPER, stroke=style.RING)


def _single(point: Point, high: float) -> Markup:
    hit = tag("circle", r=13, class_="hit", fill="transparent")
    return tag(
        "g",
        hit + _glyph(point.shape),
        **_scales(0.0, high),
        **_place(point.x, point.y),
        data_set=f"centre={point.centre_id}",
        data_tip=point.label,
    )


def _name(point: Point, high: float) -> Markup:
    left = point.x > 620  # near the right edge the name stands before its symbol
    x, anchor = (-12, "end") if left else (12, "start")
    text = tag("text", escape(_short(point.name)), x=x, y=5, text_anchor=anchor)
    return tag("g", text, **_scales(0.0, high), **_place(point.x, point.y))


def _short(name: str) -> str:
    return name if len(name) <= LETTERS else name[: LETTERS - 1].rstrip() + "…"


def _group(group: map_scales.Group) -> Markup:
    count = len(group.ids)
    circle = tag("circle", r=12 + 2 * (count > 9) + 2 * (count > 99), class_="pt many")
    number = tag("text", escape(count), class_="count", y=5, text_anchor="middle")
    label = ngettext("{n} centre: come nearer", "{n} centres: come nearer", count)
    return tag(
        "g",
        circle + number,
        **_scales(group.low, group.high),
        **_place(group.x, group.y),
        data_zoom_near=f"{group.x} {group.y} {group.low:g}",
        data_tip=label.format(n=count),
    )
