"""The fixed part of the map picture: paths, frames and places for small states.

Pure functions from polygons to plain data; build/geometry.py writes the result.
"""

import re
from itertools import combinations
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

Transform = dict[str, Any]

WIDTH, HEIGHT = 1000, 890
FRAME: Transform = {"x0": 2_100_000, "y0": 5_355_000, "scale": 4500}
MARGIN = 10  # units that the grey neighbours reach beyond the frame, so that no edge is seen
INSET_WIDTH, INSET_HEIGHT, INSET_PADDING = 100, 80, 6
LEAST_AREA = 0.05  # square units; a smaller ring is not drawn
MARK_RADIUS = 14
SCALEBAR_KM = 500
SWATCH_WIDTH, SWATCH_HEIGHT = 20, 14
# Top left corners of the swatches of the states that stand in the sea, by eye.
SWATCHES = {"MT": (614, 858), "CY": (925, 842)}
MARKED = ("CY", "LU", "MT")
DISCLAIMER_URL = (
    "https://github.com/eurostat/eurostat-map/blob/"
    "03f27273eed741ef17a47919efab8ed84fb3fe3e/README.md#disclaimer"
)
NOTES = {
    "neutrality": (
        "As Eurostat's map library puts it: “The designations employed and the presentation of"
        " material on these maps do not imply the expression of any opinion whatsoever on the"
        " part of the European Union concerning the legal status of any country, territory, city"
        " or area or of its authorities, or concerning the delimitation of its frontiers or"
        " boundaries.”"
    ),
    "kosovo": (
        "Kosovo*: “This designation is without prejudice to positions on status, and is in line"
        " with UNSCR 1244/1999 and the ICJ Opinion on the Kosovo declaration of independence.”"
    ),
    "cyprus": (
        "The map shows the whole island of Cyprus. Figures for Cyprus may cover only the area"
        " under the effective control of its government."
    ),
    "source_url": DISCLAIMER_URL,
}


def frame_box(margin: float) -> BaseGeometry:
    """Return the picture's frame with a margin in units, in EPSG:3035."""
    box = shapely.box(-margin, -margin, WIDTH + margin, HEIGHT + margin)
    x0, y0, scale = FRAME["x0"], FRAME["y0"], FRAME["scale"]
    return shapely.transform(box, lambda c: c * (scale, -scale) + (x0, y0))


def to_units(shape: BaseGeometry, transform: Transform) -> BaseGeometry:
    """Turn metres into units of the picture, y downwards."""
    x0, y0, scale = transform["x0"], transform["y0"], transform["scale"]
    return shapely.transform(shape, lambda c: (c - (x0, y0)) * (1 / scale, -1 / scale))


def pair(x: int, y: int) -> str:
    """Write a point given in tenths of a unit."""
    return ",".join(re.sub(r"^(-?)0\.", r"\1.", f"{value / 10:g}") for value in (x, y))


def line(points: np.ndarray) -> str:
    """Write points as a path: the first absolute, the steps after it relative, none of length 0."""
    tenths = np.round(points * 10).astype(int)
    steps = [step for step in np.diff(tenths, axis=0).tolist() if step != [0, 0]]
    return f"M{pair(*tenths[0].tolist())}l{' '.join(pair(*step) for step in steps)}"


def path(shape: BaseGeometry) -> str:
    """Write the rings of polygons as closed paths."""
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    drawn = [ring for ring in rings if shapely.Polygon(ring).area >= LEAST_AREA]
    return "".join(line(shapely.get_coordinates(ring)[:-1]) + "z" for ring in drawn)


def tenths(*values: float) -> list[float]:
    """Round to one decimal."""
    return [round(float(value), 1) for value in values]


def label_point(shape: BaseGeometry) -> list[float]:
    """Return the centre of the largest circle inside the main part."""
    main = max(shapely.get_parts(shape), key=lambda part: part.area)
    circle = shapely.maximum_inscribed_circle(main, tolerance=0.05)
    return tenths(*shapely.get_coordinates(circle)[0])


def mark(area: str, label: list[float]) -> dict[str, Any]:
    """Return the enlarged hit area of a small state, and its swatch in the sea."""
    if area not in MARKED:
        return {}
    marked: dict[str, Any] = {"mark": [*label, MARK_RADIUS]}
    if area in SWATCHES:
        x, y = SWATCHES[area]
        near = [min(max(label[0], x), x + SWATCH_WIDTH), min(max(label[1], y), y + SWATCH_HEIGHT)]
        marked["leader"] = [label, tenths(*near)]
        marked["swatch"] = [x, y, SWATCH_WIDTH, SWATCH_HEIGHT]
    return marked


def country(area: str, shape: BaseGeometry, neighbours: list[str]) -> dict[str, Any]:
    """Return one member state of the picture."""
    units = to_units(shape, FRAME)
    west, north, east, south = shapely.bounds(units)
    label = label_point(units)
    return {
        "id": area,
        "path": path(units),
        "label": label,
        "bbox": tenths(west, north, east - west, south - north),
        "neighbours": neighbours,
        **mark(area, label),
    }


def other(area: str, name: str, shape: BaseGeometry) -> dict[str, Any]:
    """Return one area outside the Union."""
    return {"id": area, "name": name, "path": path(to_units(shape, FRAME))}


def frame() -> dict[str, Any]:
    """Return the size of the picture, its transform and its scale bar."""
    return {
        "crs": "EPSG:3035",
        "width": WIDTH,
        "height": HEIGHT,
        "transform": FRAME,
        "scalebar": {"km": SCALEBAR_KM, "length": round(SCALEBAR_KM * 1000 / FRAME["scale"], 1)},
    }


def borders(areas: dict[str, BaseGeometry]) -> str:
    """Write the lines between areas as one path."""
    shared = [areas[a] & areas[b] for a, b in combinations(sorted(areas), 2)]
    lines = [p for s in shared for p in shapely.get_parts(s) if p.geom_type == "LineString"]
    merged = shapely.line_merge(shapely.MultiLineString(lines))
    return "".join(
        line(shapely.get_coordinates(part)) for part in shapely.get_parts(to_units(merged, FRAME))
    )


def local_projection(degrees: BaseGeometry) -> str:
    """Return an equal-area projection centred on a shape."""
    west, south, east, north = shapely.bounds(degrees)
    lat, lon = round((south + north) / 2, 1), round((west + east) / 2, 1)
    return f"+proj=laea +lat_0={lat:g} +lon_0={lon:g} +datum=WGS84 +units=m +no_defs"


def project(degrees: BaseGeometry, crs: str) -> BaseGeometry:
    """Project degrees to metres."""
    there = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform
    return shapely.transform(degrees, there, interleaved=False)


def inset(area: str, of: str, name: str, degrees: BaseGeometry) -> dict[str, Any]:
    """Return the inset of an outermost region, fitted into its frame."""
    proj4 = local_projection(degrees)
    metres = project(degrees, proj4)
    west, south, east, north = shapely.bounds(metres)
    room = INSET_WIDTH - 2 * INSET_PADDING, INSET_HEIGHT - 2 * INSET_PADDING
    scale = int(np.ceil(max((east - west) / room[0], (north - south) / room[1])))
    x0 = round((west + east) / 2 - scale * INSET_WIDTH / 2)
    y0 = round((south + north) / 2 + scale * INSET_HEIGHT / 2)
    transform = {"proj4": proj4, "x0": x0, "y0": y0, "scale": scale}
    return {
        "id": area,
        "country": of,
        "name": name,
        "width": INSET_WIDTH,
        "height": INSET_HEIGHT,
        "path": path(to_units(metres, transform)),
        "transform": transform,
    }
