"""Make data/built: the polygons of the areas and the fixed part of the map picture.

    python build/geometry.py

Natural Earth draws who holds the ground. In the places named in JUDGEMENTS the Union draws
otherwise (read from GISCO's geometry and the notes of Eurostat's map library), and so do we.
countries.geojson holds Europe in EPSG:3035, whole metres; outermost.geojson the outermost regions
in degrees, because EPSG:3035 bends them out of shape; map.json the picture.
"""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import map_picture
import natural_earth
import numpy as np
import shapely
from natural_earth import polygons
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

Areas = dict[str, BaseGeometry]

BUILT = Path(__file__).resolve().parent.parent / "data" / "built"
SIMPLIFIED_M, ISLANDS_SIMPLIFIED_M, SMALL_SIMPLIFIED_M = 3000, 1000, 300
SMALL_ISLAND_KM2 = 10_000
LEAST_ISLAND_KM2 = {"member_state": 5, "outermost_region": 1, "other": 100}
AROUND_EUROPE = shapely.box(-45, 25, 68, 75)

# area: name, features of the source that make it (the name itself when none is given).
MEMBERS: dict[str, tuple[str, ...]] = {
    "AT": ("Austria",), "BE": ("Belgium",), "BG": ("Bulgaria",),
    "CY": ("Cyprus", "Cyprus", "N. Cyprus", "Cyprus U.N. Buffer Zone", "Dhekelia", "Akrotiri"),
    "CZ": ("Czechia",), "DE": ("Germany",), "DK": ("Denmark",), "EE": ("Estonia",),
    "ES": ("Spain",), "FI": ("Finland", "Finland", "Åland"), "FR": ("France",),
    "GR": ("Greece",), "HR": ("Croatia",), "HU": ("Hungary",), "IE": ("Ireland",),
    "IT": ("Italy",), "LT": ("Lithuania",), "LU": ("Luxembourg",), "LV": ("Latvia",),
    "MT": ("Malta",), "NL": ("Netherlands",), "PL": ("Poland",), "PT": ("Portugal",),
    "RO": ("Romania",), "SE": ("Sweden",), "SI": ("Slovenia",), "SK": ("Slovakia",),
}  # fmt: skip
OTHERS: dict[str, tuple[str, ...]] = {
    "AD": ("Andorra",), "AL": ("Albania",), "AM": ("Armenia",), "AZ": ("Azerbaijan",),
    "BA": ("Bosnia and Herzegovina", "Bosnia and Herz."), "BY": ("Belarus",),
    "CH": ("Switzerland",), "DZ": ("Algeria",), "EG": ("Egypt",),
    "FO": ("Faroe Islands", "Faeroe Is."), "GB": ("United Kingdom",), "GE": ("Georgia",),
    "GG": ("Guernsey",), "GI": ("Gibraltar",), "GL": ("Greenland",), "IL": ("Israel",),
    "IM": ("Isle of Man",), "IQ": ("Iraq",), "IR": ("Iran",), "IS": ("Iceland",),
    "JE": ("Jersey",), "JO": ("Jordan",), "KZ": ("Kazakhstan",), "LB": ("Lebanon",),
    "LI": ("Liechtenstein",), "LY": ("Libya",), "MA": ("Morocco",), "MC": ("Monaco",),
    "MD": ("Moldova",), "ME": ("Montenegro",), "MK": ("North Macedonia", "Macedonia"),
    "NO": ("Norway",), "PS": ("Palestine*", "Palestine"), "RS": ("Serbia",), "RU": ("Russia",),
    "SM": ("San Marino",), "SY": ("Syria",), "TN": ("Tunisia",), "TR": ("Türkiye", "Turkey"),
    "UA": ("Ukraine",), "XK": ("Kosovo*", "Kosovo"),
}  # fmt: skip
# area: country, name, and the box (west, south, east, north) that holds it.
OUTERMOST: dict[str, tuple[str, str, tuple[float, float, float, float]]] = {
    "GP": ("FR", "Guadeloupe", (-62, 15.7, -60.9, 16.6)),
    "MQ": ("FR", "Martinique", (-61.3, 14.3, -60.7, 15)),
    "GF": ("FR", "Guyane", (-55, 2, -51.5, 6)),
    "RE": ("FR", "La Réunion", (55, -21.5, 56, -20.7)),
    "YT": ("FR", "Mayotte", (44.9, -13.1, 45.4, -12.5)),
    "ES-CN": ("ES", "Canarias", (-18.3, 27.5, -13.3, 29.5)),
    "PT-20": ("PT", "Açores", (-31.5, 36.8, -24.9, 39.9)),
    "PT-30": ("PT", "Madeira", (-17.4, 32.3, -16.2, 33.3)),
}
# Borders that the source, with steps of 300 m, cannot hold: the Vatican City is not drawn.
UNSEEN_BORDERS = {"IT": ["VA"]}
CRIMEA = shapely.box(32.4, 44.3, 36.7, 46.3)
JUDGEMENTS = [
    "Crimea belongs to Ukraine: Natural Earth's Russian polygon is cut at its own isthmus and at"
    " the Kerch strait.",
    "Cyprus is the whole island, without a line: the north, the buffer zone and, because the map"
    " is too coarse for them, the sovereign base areas of Akrotiri and Dhekelia. So Cyprus has no"
    " land neighbour here. Figures for Cyprus may cover only the area under the effective control"
    " of its government.",
    "Kosovo* is an area of its own and no part of Serbia.",
    "Ceuta and Melilla are part of Spain, so Spain borders Morocco. Åland is part of Finland.",
    "Saint-Martin is counted with Guadeloupe, as in NUTS 2024 (FRY10); the inset shows the main"
    " islands only. The Selvagens, south of Madeira, are too small to be drawn.",
    "The Faroes, Greenland, Gibraltar, the Channel Islands and Man are not in the Union.",
    "Islands below 5 km² (outermost regions 1 km², other countries 100 km²) are left out; a point"
    " on a generalised shore can lie up to 2 km outside its area: take the nearest one.",
    "Areas of the kind `other` end near the edge of the picture: their polygons are not whole.",
    "Land neighbours are read from the unsimplified source, outermost regions left out; Italy"
    " and the Vatican City are added by hand.",
]
PROVENANCE: dict[str, Any] = {
    **natural_earth.PROVENANCE,
    "script": "build/geometry.py",
    "simplified_m": SIMPLIFIED_M,
    "islands_simplified_m": ISLANDS_SIMPLIFIED_M,
    "outermost_simplified_m": SMALL_SIMPLIFIED_M,
    "judgements": JUDGEMENTS,
}


def split(shape: BaseGeometry, box: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    """Return the parts of a shape that lie inside a box, and the rest."""
    parts = shapely.get_parts(shape)
    inside = shapely.contains(box, parts)
    return shapely.MultiPolygon(list(parts[inside])), shapely.MultiPolygon(list(parts[~inside]))


def by_the_rules(source: Areas) -> tuple[Areas, Areas]:
    """Return the areas of Europe and the outermost regions, in degrees, as the Union draws them."""
    areas = {
        area: shapely.union_all([source[name] for name in names[1:] or names])
        for area, names in (MEMBERS | OTHERS).items()
    }
    crimea, areas["RU"] = split(areas["RU"], CRIMEA)
    areas["UA"] = areas["UA"].union(crimea)
    outermost: Areas = {}
    for area, (country, _, box) in OUTERMOST.items():
        outermost[area], areas[country] = split(areas[country], shapely.box(*box))
    outermost["GP"] = outermost["GP"].union(source["St-Martin"])
    return {area: polygons(shape & AROUND_EUROPE) for area, shape in areas.items()}, outermost


def neighbours(areas: Areas) -> dict[str, list[str]]:
    """Return for each area those that share more than 100 m of border with it."""
    found: dict[str, list[str]] = {area: [] for area in areas}
    for one, two in combinations(sorted(areas), 2):
        if areas[one].intersects(areas[two]) and (areas[one] & areas[two]).length > 100:
            found[one].append(two)
            found[two].append(one)
    return {area: sorted(ids + UNSEEN_BORDERS.get(area, [])) for area, ids in found.items()}


def kind(area: str) -> str:
    """Return the kind of an area."""
    if area in OUTERMOST:
        return "outermost_region"
    return "member_state" if area in MEMBERS else "other"


def without_islets(areas: Areas) -> Areas:
    """Drop parts that touch no other area and are smaller than the least island of their kind."""
    rest = {area: [areas[other] for other in areas if other != area] for area in areas}
    kept: Areas = {}
    for area, shape in areas.items():
        shapely.prepare(rest[area])
        parts = [
            part
            for part in shapely.get_parts(shape)
            if part.area >= LEAST_ISLAND_KM2[kind(area)] * 1e6
            or shapely.intersects(rest[area], part).any()
        ]
        kept[area] = shapely.MultiPolygon(parts)
    return kept


def simplify(areas: Areas) -> Areas:
    """Simplify with shared borders kept, small islands of members less; whole metres."""
    owners = [area for area, shape in areas.items() for _ in shapely.get_parts(shape)]
    parts = shapely.coverage_clean(shapely.get_parts(list(areas.values())))
    coarse = shapely.coverage_simplify(parts, SIMPLIFIED_M)
    source, result = shapely.STRtree(parts), shapely.STRtree(coarse)
    for i, part in enumerate(parts):
        small = part.area <= SMALL_ISLAND_KM2 * 1e6 and kind(owners[i]) == "member_state"
        if not small or source.query(part, "intersects").size > 1:
            continue
        fine = shapely.coverage_simplify([part], ISLANDS_SIMPLIFIED_M)[0]
        if result.query(fine, "intersects").size == 1:
            coarse[i] = fine
    own: dict[str, list[BaseGeometry]] = {area: [] for area in areas}
    for owner, part in zip(owners, coarse, strict=True):
        own[owner].append(part)
    return {area: in_whole_metres(shapely.union_all(mine)) for area, mine in own.items()}


def in_whole_metres(shape: BaseGeometry) -> BaseGeometry:
    """Round the coordinates of a shape to whole metres."""
    return polygons(shapely.transform(shape, np.round))


def simplify_europe(areas: Areas) -> Areas:
    """Simplify Europe, with Ceuta and Melilla set apart so that they survive."""
    spain = shapely.get_parts(areas["ES"])
    african = shapely.intersects(spain, areas["MA"])
    exclaves = shapely.MultiPolygon(list(spain[african]))
    shore = {"ES": shapely.MultiPolygon(list(spain[~african])), "MA": areas["MA"] | exclaves}
    simple = simplify(without_islets(areas | shore))
    exclaves = in_whole_metres(shapely.coverage_simplify([exclaves], SMALL_SIMPLIFIED_M)[0])
    simple["ES"] = polygons(simple["ES"] | exclaves)
    simple["MA"] = in_whole_metres(simple["MA"] - exclaves)
    return simple


def simplify_outermost(areas: Areas) -> Areas:
    """Simplify each outermost region in a projection of its own; degrees with four decimals."""
    simple: Areas = {}
    for area, shape in areas.items():
        crs = map_picture.local_projection(shape)
        metres = without_islets({area: map_picture.project(shape, crs)})[area]
        smooth = shapely.coverage_simplify([metres], SMALL_SIMPLIFIED_M)[0]
        back = Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform
        degrees = shapely.transform(smooth, back, interleaved=False)
        simple[area] = polygons(shapely.transform(degrees, lambda c: np.round(c, 4)))
    return simple


def name(area: str) -> str:
    """Return the name of an area."""
    return OUTERMOST[area][1] if area in OUTERMOST else (MEMBERS | OTHERS)[area][0]


def feature(area: str, shape: BaseGeometry) -> dict[str, Any]:
    """Return an area as a GeoJSON feature, outer rings counter-clockwise."""
    country = OUTERMOST[area][0] if area in OUTERMOST else area
    properties = {"area_id": area, "name": name(area), "kind": kind(area), "country": country}
    ordered = shapely.orient_polygons(shapely.normalize(shape))
    coordinates = [
        [shapely.get_coordinates(ring).tolist() for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(ordered)
    ]
    geometry = {"type": "MultiPolygon", "coordinates": coordinates}
    return {"type": "Feature", "id": area, "properties": properties, "geometry": geometry}


def dumps(data: Any) -> str:
    """Write JSON without spaces."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def write_areas(file: str, crs: str, areas: Areas) -> None:
    """Write areas as GeoJSON, one feature a line, with the older `crs` member."""
    head = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": crs}},
        "provenance": PROVENANCE,
    }
    features = ",\n".join(dumps(whole(feature(area, areas[area]))) for area in areas)
    text = f'{dumps(head)[:-1]},"features":[\n{features}\n]}}\n'
    (BUILT / file).write_text(text, encoding="utf-8")


def whole(data: Any) -> Any:
    """Turn every whole float inside lists and mappings into an integer."""
    if isinstance(data, dict):
        return {key: whole(value) for key, value in data.items()}
    if isinstance(data, list):
        return [whole(value) for value in data]
    return int(data) if isinstance(data, float) and data.is_integer() else data


def within_frame(areas: Areas) -> Areas:
    """Cut the areas outside the Union at the picture's frame and its margin."""
    seen, drawn = map_picture.frame_box(0), map_picture.frame_box(map_picture.MARGIN)
    return {
        area: shape if area in MEMBERS else in_whole_metres(shape & drawn)
        for area, shape in areas.items()
        if shape.intersects(seen)
    }


def picture(europe: Areas, outermost: Areas, beside: dict[str, list[str]]) -> dict[str, Any]:
    """Return the fixed part of the map picture."""
    members = {area: europe[area] for area in MEMBERS}
    others = {area: shape for area, shape in europe.items() if area not in MEMBERS}
    return {
        **map_picture.frame(),
        "countries": [map_picture.country(a, s, beside[a]) for a, s in members.items()],
        "others": [map_picture.other(a, name(a), s) for a, s in others.items()],
        "borders": map_picture.borders(members),
        "insets": [
            map_picture.inset(area, of, title, outermost[area] & shapely.box(*box))
            for area, (of, title, box) in OUTERMOST.items()
        ],
        "notes": map_picture.NOTES,
        "provenance": PROVENANCE,
    }


def main() -> None:
    """Fetch, correct, simplify, write."""
    degrees, far = by_the_rules(natural_earth.decode(natural_earth.fetch()))
    metres = {area: map_picture.project(s, "EPSG:3035") for area, s in degrees.items()}
    europe = within_frame(simplify_europe(metres))
    outermost = simplify_outermost(far)
    BUILT.mkdir(parents=True, exist_ok=True)
    write_areas("countries.geojson", "urn:ogc:def:crs:EPSG::3035", europe)
    write_areas("outermost.geojson", "urn:ogc:def:crs:OGC:1.3:CRS84", outermost)
    drawn = whole(picture(europe, outermost, neighbours(metres)))
    (BUILT / "map.json").write_text(dumps(drawn) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
