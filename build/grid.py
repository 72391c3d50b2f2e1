"""The H3 grid: which cells are land, who lives in them, how they are drawn.

A large place is no point: its people are spread evenly over the land of its own area on the disc
that they would need at the density of data/judgements/settlement_rule.csv. Sums are exact to a
tenth of a person.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import h3
import map_picture
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from settlements import EARTH_KM, ball, radius
from shapely.geometry.base import BaseGeometry

VERSION = h3.__version__
RESOLUTION = 5
SAMPLES = 200  # points of a disc: the share of a cell is within half a percent
GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
EUROPE = "EPSG:3035"


@cache
def land(built: Path) -> dict[str, BaseGeometry]:
    """Return the polygons of member states and outermost regions, in degrees."""
    found = {}
    for file, crs in (("countries.geojson", EUROPE), ("outermost.geojson", "EPSG:4326")):
        degrees = Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform
        for feature in json.loads((built / file).read_text(encoding="utf-8"))["features"]:
            if feature["properties"]["kind"] != "other":
                shape = shapely.geometry.shape(feature["geometry"])
                found[feature["id"]] = shapely.transform(shape, degrees, interleaved=False)
    return found


def cells(points: pd.DataFrame) -> list[str]:
    """Return the cell of each point."""
    pairs = zip(points["latitude"].tolist(), points["longitude"].tolist(), strict=True)
    return [h3.latlng_to_cell(lat, lon, RESOLUTION) for lat, lon in pairs]


def disc(latitude: float, longitude: float, km: float) -> np.ndarray:
    """Return points (longitude, latitude) evenly spread over a disc around a point."""
    step = np.arange(SAMPLES)
    away = km * np.sqrt((step + 0.5) / SAMPLES) / EARTH_KM
    north = away * np.cos(step * GOLDEN_ANGLE)
    east = away * np.sin(step * GOLDEN_ANGLE) / np.cos(np.radians(latitude))
    return np.degrees(np.column_stack([east, north])) + (longitude, latitude)


def shares(place: Any, shape: BaseGeometry, shut: set[str], density: float) -> dict[str, int]:
    """Return how many points of a place's disc each cell holds; its own cell where none is land.

    No people are put into the cells in `shut`.
    """
    points = disc(place.latitude, place.longitude, radius(place.population, density))
    ashore = points[shapely.contains_xy(shape, points)]
    found: dict[str, int] = {}
    for lon, lat in ashore.tolist():
        cell = h3.latlng_to_cell(lat, lon, RESOLUTION)
        if cell not in shut:
            found[cell] = found.get(cell, 0) + 1
    return found or {place.h3: 1}


def apportioned(tenths: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Share out whole tenths of people by weight; what is over goes to the largest remainders."""
    total = sum(weights.values())
    whole = {cell: tenths * weight // total for cell, weight in weights.items()}
    rest = {cell: tenths * weight % total for cell, weight in weights.items()}
    for cell in sorted(rest, key=lambda cell: (-rest[cell], cell))[: tenths - sum(whole.values())]:
        whole[cell] += 1
    return whole


def spread(
    kept: pd.DataFrame, uncounted: pd.DataFrame, built: Path, rule: Mapping[str, float]
) -> pd.DataFrame:
    """Return geonameid, h3, population of the large places that cover more than one cell.

    Cells in which all places are left out of the official count (`uncounted`) take nobody.
    """
    shut = set(cells(uncounted)) - set(kept["h3"])
    shapes = land(built)
    for shape in shapes.values():
        shapely.prepare(shape)
    rows = []
    for place in kept[kept["population"] >= rule["spread_least"]].itertuples():
        weights = shares(place, shapes[place.area_id], shut, rule["spread_density"])
        if set(weights) != {place.h3}:
            held = apportioned(round(place.population * 10), weights)
            rows += [(place.geonameid, cell, held[cell] / 10) for cell in sorted(held)]
    return pd.DataFrame(rows, columns=["geonameid", "h3", "population"])


def people(kept: pd.DataFrame, spread_out: pd.DataFrame) -> pd.DataFrame:
    """Return area_id, h3, tenths: the people of each area in each cell."""
    columns = ["geonameid", "h3", "population"]
    still = kept.loc[~kept["geonameid"].isin(spread_out["geonameid"]), columns]
    every = pd.concat([still, spread_out])
    every["area_id"] = every["geonameid"].map(kept.set_index("geonameid")["area_id"])
    every["tenths"] = (every["population"] * 10).round().astype("int64")
    return every.groupby(["area_id", "h3"], as_index=False)["tenths"].sum()


def hexagons(
    kept: pd.DataFrame, spread_out: pd.DataFrame, uncounted: pd.DataFrame, built: Path
) -> pd.DataFrame:
    """Return every cell with people or with its centre on land, by h3.

    Its area is that of most of its people, else of the land. Population is 0 where GeoNames
    names no place: whoever lives there stands on the named places of the region. In Cyprus it is
    not stated where the nearest place is one that the official count leaves out.
    """
    held = people(kept, spread_out)
    most = held.sort_values(["tenths", "area_id"]).drop_duplicates("h3", keep="last")
    empty = [
        (area, cell)
        for area, shape in land(built).items()
        for cell in h3.geo_to_cells(shape, RESOLUTION)
    ]
    rest = pd.DataFrame(empty, columns=["area_id", "h3"]).drop_duplicates("h3")
    rest = rest[~rest["h3"].isin(most["h3"])]
    found = pd.concat([most[["area_id", "h3"]], rest]).sort_values("h3", ignore_index=True)
    tenths = held.groupby("h3")["tenths"].sum()
    found["population"] = found["h3"].map(tenths).fillna(0) / 10
    centre = np.array([h3.cell_to_latlng(cell) for cell in found["h3"]])
    found["latitude"], found["longitude"] = centre[:, 0], centre[:, 1]
    unknown = not_counted(found, kept, uncounted)
    found["population"] = found["population"].mask(unknown)
    found[["latitude", "longitude"]] = found[["latitude", "longitude"]].round(4)
    columns = ["h3", "area_id", "latitude", "longitude", "population"]
    return found[columns].join(drawn(found, built))


def not_counted(found: pd.DataFrame, kept: pd.DataFrame, uncounted: pd.DataFrame) -> pd.Series:
    """Is the nearest place of a cell without people, in Cyprus, one that is not counted?"""
    asked = (found["area_id"] == "CY") & (found["population"] == 0)
    places = pd.concat([kept[kept["area_id"] == "CY"], uncounted])
    gaps = np.linalg.norm(ball(found[asked])[:, None] - ball(places)[None], axis=2)
    answer = pd.Series(False, index=found.index)
    answer[asked] = gaps.argmin(axis=1) >= len(places) - len(uncounted)
    return answer


def drawn(found: pd.DataFrame, built: Path) -> pd.DataFrame:
    """Return x, y and path in units of the map, or of the area's inset; none outside its frame."""
    picture = json.loads((built / "map.json").read_text(encoding="utf-8"))
    frames = {inset["id"]: inset for inset in picture["insets"]}
    parts = []
    for area, rows in found.groupby("area_id"):
        frame = frames.get(str(area), picture)
        outlines = units([h3.cell_to_boundary(cell) for cell in rows["h3"]], frame)
        centres = units([[point] for point in rows[["latitude", "longitude"]].to_numpy()], frame)
        cells = [cell(*one, frame) for one in zip(centres, outlines, strict=True)]
        parts.append(pd.DataFrame(cells, columns=["x", "y", "path"], index=rows.index))
    return pd.concat(parts)


def units(outlines: list[Any], frame: Mapping[str, Any]) -> list[np.ndarray]:
    """Turn lists of points (latitude, longitude) into units of a frame."""
    transform = frame["transform"]
    project = Transformer.from_crs("EPSG:4326", transform.get("proj4", EUROPE), always_xy=True)
    points = np.concatenate([np.asarray(outline) for outline in outlines])
    east, north = project.transform(points[:, 1], points[:, 0])
    x, y = east - transform["x0"], transform["y0"] - north
    ends = np.cumsum([len(outline) for outline in outlines])[:-1]
    return np.split(np.column_stack([x, y]) / transform["scale"], ends)


def cell(centre: np.ndarray, outline: np.ndarray, frame: Mapping[str, Any]) -> tuple[Any, Any, str]:
    """Return x, y and the closed path of one cell."""
    (x, y), most = centre[0], (frame["width"], frame["height"])
    if (outline.max(axis=0) < 0).any() or (outline.min(axis=0) > most).any():
        return None, None, ""
    return round(x, 1), round(y, 1), map_picture.line(outline) + "z"
