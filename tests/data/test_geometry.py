"""The committed polygons and the map picture made from them (data/built)."""

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

BUILT = Path(__file__).resolve().parents[2] / "data" / "built"
EUROPE = json.loads((BUILT / "countries.geojson").read_text(encoding="utf-8"))
FAR = json.loads((BUILT / "outermost.geojson").read_text(encoding="utf-8"))
MAP = json.loads((BUILT / "map.json").read_text(encoding="utf-8"))
KINDS = {f["id"]: f["properties"]["kind"] for f in EUROPE["features"] + FAR["features"]}
AREAS = {f["id"]: shape(f["geometry"]) for f in EUROPE["features"]}
OUTERMOST = {f["id"]: shape(f["geometry"]) for f in FAR["features"]}
MEMBERS = {area: AREAS[area] for area in AREAS if KINDS[area] == "member_state"}
COUNTRIES = {country["id"]: country for country in MAP["countries"]}
INSETS = {inset["id"]: inset for inset in MAP["insets"]}
TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:3035", always_xy=True).transform

THE_27 = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
]  # fmt: skip
TOWNS = {
    "Simferopol": (34.10, 44.95, "UA"),
    "Kyrenia": (33.319, 35.336, "CY"),
    "Famagusta": (33.94, 35.12, "CY"),
    "Ceuta": (-5.316, 35.889, "ES"),
    "Melilla": (-2.938, 35.292, "ES"),
    "Pristina": (21.166, 42.663, "XK"),
    "Cayenne": (-52.326, 4.922, "GF"),
    "Saint-Denis": (55.448, -20.879, "RE"),
    "Mamoudzou": (45.228, -12.780, "YT"),
    "Ponta Delgada": (-25.668, 37.741, "PT-20"),
    "Funchal": (-16.909, 32.650, "PT-30"),
    "Las Palmas": (-15.430, 28.124, "ES-CN"),
}
# The source's shore leaves these two harbour towns up to 800 m out at sea.
AFLOAT = {"Mamoudzou", "Ponta Delgada"}
NEIGHBOURS = {
    "AT": "CH CZ DE HU IT LI SI SK",
    "CY": "",
    "DE": "AT BE CH CZ DK FR LU NL PL",
    "DK": "DE",
    "ES": "AD FR GI MA PT",
    "FI": "NO RU SE",
    "IE": "GB",
    "IT": "AT CH FR SI SM VA",
    "LU": "BE DE FR",
    "MT": "",
    "PT": "ES",
    "RO": "BG HU MD RS UA",
    "SI": "AT HR HU IT",
}


def holding(longitude: float, latitude: float, tolerance: float = 0) -> list[str]:
    """Areas within some metres of a point in degrees (outermost regions: roughly metres)."""
    here, there = shapely.Point(TO_METRES(longitude, latitude)), shapely.Point(longitude, latitude)
    near = [area for area, polygon in AREAS.items() if polygon.distance(here) <= tolerance]
    far = [a for a, polygon in OUTERMOST.items() if polygon.distance(there) <= tolerance / 110_000]
    return near + far


def drawn(path: str) -> BaseGeometry:
    """Polygon of a path of closed rings: one absolute point, then relative steps."""
    rings = []
    for ring in re.findall(r"M([^z]+)z", path):
        steps = np.array(re.findall(r"-?[\d.]+", ring), dtype=float).reshape(-1, 2)
        rings.append(shapely.Polygon(np.cumsum(steps, axis=0)))
    return shapely.make_valid(shapely.build_area(shapely.GeometryCollection(rings)))


def to_units(polygon: BaseGeometry, transform: dict[str, Any]) -> BaseGeometry:
    x0, y0, scale = transform["x0"], transform["y0"], transform["scale"]
    return shapely.transform(polygon, lambda c: (c - (x0, y0)) * (1 / scale, -1 / scale))


def in_picture(area: str) -> BaseGeometry:
    return to_units(AREAS[area], MAP["transform"])


@pytest.mark.parametrize("town", TOWNS)
def test_a_town_lies_in_the_area_the_union_puts_it_in(town: str) -> None:
    longitude, latitude, area = TOWNS[town]
    assert holding(longitude, latitude, 1000 if town in AFLOAT else 0) == [area]


def test_nothing_but_the_27_is_a_member_state() -> None:
    assert list(MEMBERS) == THE_27
    assert list(COUNTRIES) == THE_27


def test_outermost_regions_name_their_country_and_have_an_inset() -> None:
    countries = {f["id"]: f["properties"]["country"] for f in FAR["features"]}
    french = dict.fromkeys(["GP", "MQ", "GF", "RE", "YT"], "FR")
    assert countries == {**french, "ES-CN": "ES", "PT-20": "PT", "PT-30": "PT"}
    assert {area: inset["country"] for area, inset in INSETS.items()} == countries


def test_files_say_their_coordinate_system() -> None:
    assert EUROPE["crs"]["properties"]["name"].endswith("EPSG::3035")
    assert FAR["crs"]["properties"]["name"].endswith("CRS84")
    assert MAP["crs"] == "EPSG:3035"


def test_europe_is_in_whole_metres() -> None:
    assert all(np.issubdtype(np.array(ring).dtype, np.integer) for ring in europes_rings())


def europes_rings() -> list[Any]:
    polygons = [p for f in EUROPE["features"] for p in f["geometry"]["coordinates"]]
    return [ring for polygon in polygons for ring in polygon]


def test_polygons_are_valid() -> None:
    polygons = {**AREAS, **OUTERMOST}
    assert [area for area, polygon in polygons.items() if not polygon.is_valid] == []


def test_areas_neither_overlap_nor_leave_gaps() -> None:
    # Morocco is set against Ceuta afterwards: their border has a point more on one side.
    assert shapely.coverage_is_valid([AREAS[area] for area in AREAS if area != "MA"])
    overlap = sum((a & b).area for a, b in combinations(AREAS.values(), 2) if a.intersects(b))
    assert overlap < 1e4  # square metres
    whole = shapely.union_all(list(AREAS.values()))
    assert sum(len(part.interiors) for part in shapely.get_parts(whole)) == 0


def test_malta_stays_as_large_as_it_is() -> None:
    assert AREAS["MT"].area / 1e6 == pytest.approx(316, rel=0.1)


# Areas in km² as the countries state them; source and simplification stay within 3 %.
@pytest.mark.parametrize(
    ("area", "km2"), [("CY", 9251), ("DK", 42950), ("LU", 2586), ("SI", 20273)]
)
def test_simplification_keeps_the_area(area: str, km2: float) -> None:
    assert AREAS[area].area / 1e6 == pytest.approx(km2, rel=0.03)


def test_cyprus_is_one_island_without_a_line() -> None:
    assert len(AREAS["CY"].geoms) == 1
    assert len(AREAS["CY"].geoms[0].interiors) == 0


@pytest.mark.parametrize("area", NEIGHBOURS)
def test_neighbours_are_those_on_the_ground(area: str) -> None:
    assert COUNTRIES[area]["neighbours"] == NEIGHBOURS[area].split()


def test_neighbours_are_mutual() -> None:
    for area, other in combinations(THE_27, 2):
        there = other in COUNTRIES[area]["neighbours"]
        assert there == (area in COUNTRIES[other]["neighbours"]), (area, other)


def test_simplification_neither_makes_nor_loses_a_border() -> None:
    for area, other in combinations(THE_27, 2):
        touching = (AREAS[area] & AREAS[other]).length > 0
        assert touching == (other in COUNTRIES[area]["neighbours"]), (area, other)


@pytest.mark.parametrize("area", THE_27)
def test_a_path_projects_back_to_its_polygon(area: str) -> None:
    path = drawn(COUNTRIES[area]["path"])
    assert path.symmetric_difference(in_picture(area)).area < 0.06 * in_picture(area).length


@pytest.mark.parametrize("area", THE_27)
def test_a_label_stands_inside_its_country(area: str) -> None:
    label = shapely.Point(COUNTRIES[area]["label"])
    assert drawn(COUNTRIES[area]["path"]).contains(label)
    assert in_picture(area).contains(label)


@pytest.mark.parametrize("area", THE_27)
def test_a_country_lies_in_the_frame_and_in_its_box(area: str) -> None:
    x, y, width, height = COUNTRIES[area]["bbox"]
    west, north, east, south = drawn(COUNTRIES[area]["path"]).bounds
    assert (x, y, x + width, y + height) == pytest.approx((west, north, east, south), abs=0.21)
    assert west > 0
    assert north > 0
    assert east < MAP["width"]
    assert south < MAP["height"]


def test_only_small_states_are_marked() -> None:
    assert [area for area in THE_27 if "mark" in COUNTRIES[area]] == ["CY", "LU", "MT"]
    for area in ("CY", "LU", "MT"):
        x, y, radius = COUNTRIES[area]["mark"]
        assert in_picture(area).distance(shapely.Point(x, y)) == 0
        assert radius >= 10


@pytest.mark.parametrize("area", ["CY", "MT"])
def test_a_swatch_lies_in_the_sea_at_the_end_of_its_leader(area: str) -> None:
    x, y, width, height = COUNTRIES[area]["swatch"]
    swatch = shapely.box(x, y, x + width, y + height)
    assert [land for land in AREAS if in_picture(land).distance(swatch) < 2] == []
    assert shapely.box(0, 0, MAP["width"], MAP["height"]).contains(swatch)
    start, end = COUNTRIES[area]["leader"]
    assert in_picture(area).contains(shapely.Point(start))
    assert swatch.boundary.distance(shapely.Point(end)) < 0.1


def test_border_lines_are_those_between_member_states() -> None:
    lines = []
    for path in MAP["borders"].split("M")[1:]:
        steps = np.array(re.findall(r"-?[\d.]+", path), dtype=float).reshape(-1, 2)
        lines.append(np.cumsum(steps, axis=0))
    length = shapely.MultiLineString(lines).length * MAP["transform"]["scale"]
    shared = sum((a & b).length for a, b in combinations(MEMBERS.values(), 2) if a.intersects(b))
    assert length == pytest.approx(shared, rel=0.01)


def test_the_grey_areas_are_the_rest_of_the_file() -> None:
    others = [area for area in AREAS if area not in MEMBERS]
    assert [other["id"] for other in MAP["others"]] == others
    assert {"CH", "GB", "NO", "RS", "UA", "XK"} <= set(others)
    assert {KINDS[area] for area in others} == {"other"}


@pytest.mark.parametrize("area", INSETS)
def test_an_inset_shows_its_region_inside_its_frame(area: str) -> None:
    inset = INSETS[area]
    path, frame = drawn(inset["path"]), shapely.box(0, 0, inset["width"], inset["height"])
    assert frame.contains(path)
    there = Transformer.from_crs("EPSG:4326", inset["transform"]["proj4"], always_xy=True).transform
    metres = shapely.transform(OUTERMOST[area], there, interleaved=False)
    expected = to_units(metres, inset["transform"]) & frame
    assert path.symmetric_difference(expected).area < 0.06 * expected.length


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    bar = MAP["scalebar"]
    assert bar["length"] * MAP["transform"]["scale"] / 1000 == pytest.approx(bar["km"], rel=0.001)


def test_the_map_carries_the_sentences_it_must_be_shown_with() -> None:
    assert "do not imply the expression of any opinion" in MAP["notes"]["neutrality"]
    assert MAP["notes"]["kosovo"].startswith("Kosovo*")
    assert {o["name"] for o in MAP["others"] if o["id"] == "XK"} == {"Kosovo*"}


def test_the_map_is_small_enough_to_send() -> None:
    assert (BUILT / "map.json").stat().st_size < 250_000
