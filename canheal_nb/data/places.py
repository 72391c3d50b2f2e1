"""Where countries are, roughly: boxes around their polygons."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

MARGIN = 0.5
Box = tuple[float, float, float, float]
Boxes = Mapping[str, Sequence[Box]]


def boxes(geojson: bytes) -> dict[str, list[Box]]:
    """Return for each area a box (west, south, east, north, in degrees) per polygon.

    Nothing is returned for what is not a collection of features in degrees whose properties
    hold `area_id`.
    """
    try:
        features = json.loads(geojson)["features"]
        found = {_area(feature): _of(feature["geometry"]["coordinates"]) for feature in features}
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    degrees = all(max(map(abs, box)) <= 180 for several in found.values() for box in several)
    return found if degrees else {}


def is_far(latitude: float, longitude: float, around: Sequence[Box]) -> bool:
    """Does the point lie more than `MARGIN` degrees outside all the boxes?"""
    return not any(
        west - MARGIN <= longitude <= east + MARGIN and south - MARGIN <= latitude <= north + MARGIN
        for west, south, east, north in around
    )


def _area(feature: dict[str, Any]) -> str:
    return str(feature["properties"]["area_id"])


def _of(coordinates: list[Any]) -> list[Box]:
    return [_box(ring) for ring in _rings(coordinates)]


def _rings(coordinates: list[Any]) -> Iterator[list[Any]]:
    """Yield every list of points, however deep it lies."""
    if coordinates and isinstance(coordinates[0][0], int | float):
        yield coordinates
        return
    for inner in coordinates:
        yield from _rings(inner)


def _box(points: list[Any]) -> Box:
    east_west, north_south = [p[0] for p in points], [p[1] for p in points]
    return min(east_west), min(north_south), max(east_west), max(north_south)
