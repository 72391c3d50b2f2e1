"""Where a centre is: its country and what lies around it, the country's other centres beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from canheal_nb.charts import style
from canheal_nb.charts.drawing import tag
from canheal_nb.charts.maps import projection

WIDTH, HEIGHT = 360.0, 240.0
AROUND, LEAST = 1.25, 60.0


def svg(
    geometry: Mapping[str, Any], centres: pd.DataFrame, chosen: str, country: str
) -> Markup | None:
    """Return the map of one country with its centres, the chosen one ringed and filled.

    `centres`: indexed by centre_id with `latitude, longitude`; None where the place of the chosen
    one is not known or off the map.
    """
    placed = centres.dropna(subset=["latitude", "longitude"])
    if chosen not in placed.index:
        return None
    where = projection.to_map(placed, geometry["transform"])
    x, y = (float(where.at[chosen, name]) for name in ("x", "y"))
    if not (0 <= x <= geometry["width"] and 0 <= y <= geometry["height"]):
        return None
    left, top, scale = _window(geometry, country, x, y)
    shapes = [*geometry["others"], *geometry["countries"]]
    land = Markup("").join(_land(shape, shape["id"] == country, scale) for shape in shapes)
    borders = tag("path", d=geometry["borders"], fill="none", stroke=style.PAPER)
    others = [_dot(float(r["x"]), float(r["y"]), scale) for i, r in where.iterrows() if i != chosen]
    sea = tag("rect", x=left, y=top, width=WIDTH * scale, height=HEIGHT * scale, fill=style.SEA)
    return tag(
        "svg",
        sea + land + borders + Markup("").join(others) + _ring(x, y, scale),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"{left:.1f} {top:.1f} {WIDTH * scale:.1f} {HEIGHT * scale:.1f}",
        width=WIDTH,
        height=HEIGHT,
    )


def _window(
    geometry: Mapping[str, Any], country: str, x: float, y: float
) -> tuple[float, float, float]:
    """Return the left and upper edge and the map units a picture unit: the country with air."""
    shapes = {shape["id"]: shape for shape in geometry["countries"]}
    left, top, wide, high = shapes.get(country, {}).get("bbox", [x - LEAST, y - LEAST, 0, 0])
    right, bottom = max(left + wide, x), max(top + high, y)
    left, top = min(left, x), min(top, y)
    wide, high = max(right - left, LEAST) * AROUND, max(bottom - top, LEAST) * AROUND
    scale = max(wide / WIDTH, high / HEIGHT)
    middle = ((left + right) / 2, (top + bottom) / 2)
    return middle[0] - WIDTH * scale / 2, middle[1] - HEIGHT * scale / 2, scale


def _land(shape: Mapping[str, Any], own: bool, scale: float) -> Markup:
    return tag(
        "path",
        d=shape["path"],
        fill=style.SEQUENTIAL[1] if own else style.LAND,
        stroke=style.COAST if own else style.PAPER,
        stroke_width=round(0.9 * scale, 3),
    )


def _dot(x: float, y: float, scale: float) -> Markup:
    return tag(
        "circle",
        cx=round(x, 1),
        cy=round(y, 1),
        r=round(3.4 * scale, 2),
        fill=style.PAPER,
        stroke=style.QUIET,
        stroke_width=round(1.1 * scale, 3),
    )


def _ring(x: float, y: float, scale: float) -> Markup:
    at: dict[str, Any] = {"cx": round(x, 1), "cy": round(y, 1)}
    dot = tag("circle", **at, r=round(4.4 * scale, 2), fill=style.ACCENT)
    ring = round(2 * scale, 3)
    return dot + tag(
        "circle", **at, r=round(8.5 * scale, 2), fill="none", stroke=style.RING, stroke_width=ring
    )
