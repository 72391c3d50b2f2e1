"""Make data/built's lattice: land that can be driven over, bridges, ferries.

    python build/lattice.py

Europe is cut in EPSG:3035, each outermost region in a projection of its own. `land` makes nodes
and edges, `shores` tells close shores apart, `crossings` ties bridges and ferries to nodes. Which
countries, how fine, which crossings: data/judgements/travel_*.csv.
"""

import json
from pathlib import Path
from typing import Any

import crossings
import geometry
import land
import map_picture
import natural_earth
import numpy as np
import pandas as pd
import shapely
import shores
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from canheal_nb.data import built, travel

DATA = Path(__file__).resolve().parent.parent / "data"
BUILT = DATA / "built"
EUROPE = "EPSG:3035"
# Passable only as deep as the judgements say; the others are kept whole.
IN_PART = ("BY", "RU", "TR", "UA")
DEGREES = "EPSG:4326"
PROVENANCE: dict[str, Any] = {
    **natural_earth.PROVENANCE,
    "script": "build/lattice.py",
    "judgements": [
        "Land is as Natural Earth draws it: lakes and rivers are land, and ways lead over them.",
        "No heights: a mountain is as flat as a plain.",
        "A piece of land below one hectare within a square is left out.",
        "Settlements far from all drawn land have a node of their own, without a way.",
    ],
}


def table(name: str) -> pd.DataFrame:
    """Return a table of the data folder as texts."""
    return pd.read_csv(DATA / f"{name}.csv", dtype="str", keep_default_na=False)


def constants() -> dict[str, float]:
    """Return the constants of the lattice."""
    rows = table("judgements/travel_lattice")
    return dict(zip(rows["constant"], rows["value"].astype(float), strict=True))


def settlements() -> pd.DataFrame:
    """Return the settlements' areas and points."""
    return built.frame(built.SETTLEMENTS, (DATA / built.file(built.SETTLEMENTS)).read_bytes())[
        ["area_id", "latitude", "longitude"]
    ].reset_index(drop=True)


def regions(near_m: float) -> list[tuple[str, dict[str, BaseGeometry]]]:
    """Return each projection with the areas (in its metres) that are cut in it."""
    europe, outermost = geometry.by_the_rules(natural_earth.decode(natural_earth.fetch()))
    rows = table("judgements/travel_areas")
    wanted = [area for area in rows["area_id"] if area in europe]
    metres = {area: map_picture.project(europe[area], EUROPE) for area in wanted}
    core = set(rows.loc[rows["drive"] == "yes", "area_id"])
    heart = shapely.union_all([metres[area] for area in wanted if area in core])
    near = shapely.union_all(shapely.buffer(shapely.get_parts(heart.simplify(near_m / 20)), near_m))
    metres |= {area: metres[area] & near for area in IN_PART}
    found = [(EUROPE, metres)]
    for area, shape in outermost.items():
        crs = map_picture.local_projection(shape)
        found.append((crs, {area: map_picture.project(shape, crs)}))
    return found


def owners(x: NDArray[Any], y: NDArray[Any], areas: dict[str, BaseGeometry]) -> NDArray[Any]:
    """Return the area that each point lies in or next to."""
    parts = [(area, part) for area, shape in areas.items() for part in shapely.get_parts(shape)]
    tree = shapely.STRtree([part for _area, part in parts])
    _point, at = tree.query_nearest(shapely.points(x, y), all_matches=False)
    return np.array([area for area, _part in parts])[at]


def degrees(frame: pd.DataFrame, crs: str) -> pd.DataFrame:
    """Add latitude and longitude to points in metres."""
    back = Transformer.from_crs(crs, DEGREES, always_xy=True)
    longitude, latitude = back.transform(frame["x"].to_numpy(), frame["y"].to_numpy())
    return frame.assign(latitude=latitude.round(4), longitude=longitude.round(4))


def islets(lattice: land.Land, places: pd.DataFrame, crs: str, far_m: float) -> pd.DataFrame:
    """Return nodes for the settlements that are far from all drawn land."""
    there = Transformer.from_crs(DEGREES, crs, always_xy=True)
    x, y = there.transform(places["longitude"].to_numpy(), places["latitude"].to_numpy())
    point, _node = lattice.tree.query_nearest(shapely.points(x, y), far_m, all_matches=False)
    alone = np.setdiff1d(np.arange(len(places)), point)
    return places.iloc[alone][["area_id", "latitude", "longitude"]]


def main() -> None:
    """Cut, tie, write."""
    rule, places = constants(), settlements()
    cuts: list[crossings.Region] = []
    nodes, edges, near = [], [], []
    for crs, areas in regions(rule["near_km"] * 1000):
        first = sum(len(part) for part in nodes)
        lattice = land.cut(shapely.union_all(list(areas.values())), rule["cell_km"] * 1000)
        own = degrees(lattice.nodes, crs)
        own["area_id"] = owners(own["x"].to_numpy(), own["y"].to_numpy(), areas)
        here = places[places["area_id"].isin(areas)]
        alone = islets(lattice, here, crs, rule["islet_km"] * 1000)
        cuts.append(crossings.Region(crs, first, lattice, alone))
        nodes += [own[["area_id", "latitude", "longitude"]], alone]
        edges.append(lattice.edges + [first, first, 0])
        points = degrees(shores.points(lattice), crs)
        near.append(points.assign(node=points["node"] + first))
    whole = pd.concat(nodes, ignore_index=True)
    ways, points = pd.concat(edges, ignore_index=True), pd.concat(near, ignore_index=True)
    (BUILT / "lattice.npz").write_bytes(travel.packed(whole, ways, points))
    links = crossings.tied(crossings.rows(table), cuts)
    links.to_csv(BUILT / "lattice_links.csv", index=False, lineterminator="\n")
    counts = {"nodes": len(whole), "edges": len(ways), "shores": len(points)}
    counts["alone"] = sum(len(part) for part in nodes[1::2])
    text = json.dumps(PROVENANCE | {"constants": rule, **counts}, ensure_ascii=False, indent=1)
    (BUILT / "lattice.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
