"""Where countries are, roughly: boxes around their built polygons."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FILES = ("built/countries.geojson", "built/outermost.geojson")
MARGIN_DEGREES = 0.5
MARGIN_METRES = 60_000
_RADIUS = 6_371_007
_CENTRE = (math.radians(52), math.radians(10))
_FALSE = (4_321_000, 3_210_000)


@dataclass(frozen=True)
class Box:
    """A box around one polygon: metres of EPSG:3035 when `projected`, else degrees."""

    projected: bool
    west: float
    south: float
    east: float
    north: float

    def holds(self, latitude: float, longitude: float) -> bool:
        """Does the point lie in the box or within a generous margin around it?"""
        x, y = metres(latitude, longitude) if self.projected else (longitude, latitude)
        margin = MARGIN_METRES if self.projected else MARGIN_DEGREES
        inside = self.west - margin <= x <= self.east + margin
        return inside and self.south - margin <= y <= self.north + margin


Boxes = Mapping[str, Sequence[Box]]


def boxes(contents: Iterable[bytes]) -> dict[str, list[Box]]:
    """Return for each area a box per polygon, from GeoJSON files in degrees or EPSG:3035.

    The features' properties hold `area_id`. A file of another shape gives nothing.
    """
    found: dict[str, list[Box]] = defaultdict(list)
    for geojson in contents:
        try:
            for area, box in list(_boxes(json.loads(geojson))):
                found[area].append(box)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            continue
    return dict(found)


def metres(latitude: float, longitude: float) -> tuple[float, float]:
    """Return the point in EPSG:3035 as if the earth were a ball: within 10 km in Europe.

    Source: Snyder, Map Projections: A Working Manual (1987), equations 24-2 to 24-4.
    """
    north, east = math.radians(latitude), math.radians(longitude) - _CENTRE[1]
    upward, along = math.sin(_CENTRE[0]), math.cos(_CENTRE[0])
    facing = 1 + upward * math.sin(north) + along * math.cos(north) * math.cos(east)
    scale = _RADIUS * math.sqrt(2 / max(facing, 1e-9))
    x = scale * math.cos(north) * math.sin(east)
    y = scale * (along * math.sin(north) - upward * math.cos(north) * math.cos(east))
    return _FALSE[0] + x, _FALSE[1] + y


def _boxes(collection: dict[str, Any]) -> Iterator[tuple[str, Box]]:
    projected = "3035" in str(collection.get("crs"))
    for feature in collection["features"]:
        for ring in _rings(feature["geometry"]["coordinates"]):
            across, along = [point[0] for point in ring], [point[1] for point in ring]
            sides = (min(across), min(along), max(across), max(along))
            yield str(feature["properties"]["area_id"]), Box(projected, *map(float, sides))


def _rings(coordinates: list[Any]) -> Iterator[list[Any]]:
    """Yield every list of points, however deep it lies."""
    if isinstance(coordinates[0][0], int | float):
        yield coordinates
        return
    for inner in coordinates:
        yield from _rings(inner)
