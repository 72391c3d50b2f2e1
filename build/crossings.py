"""Tie bridges, tunnels, dams and car ferries to the nodes of the lattice."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from land import Land
from pyproj import Transformer

Link = dict[str, Any]
Point = tuple[float, float]
SAME_M = 500


@dataclass(frozen=True)
class Region:
    """A lattice, its projection, the number of its first node, and nodes without drawn land."""

    crs: str
    first: int
    lattice: Land
    islets: pd.DataFrame


ENDS = ("from", "to")
COLUMNS = [
    "link_id", "kind", "state", "from_node", "to_node", "metres", "minutes", "minutes_fast",
    "minutes_slow", "from_km", "to_km",
]  # fmt: skip


def rows(table: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """Return one row for each crossing: its ends (degrees), length, minutes, and whether to use it.

    Minutes are those of a ferry (crossing and wait), as data/judgements/travel_links.csv says.
    """
    chosen = table("judgements/travel_links").set_index("link_id")
    roads = table("facts/travel/fixed_links").set_index("link_id")
    ferries = table("facts/travel/ferries")
    boats = ferries.drop_duplicates("link_id").set_index("link_id")
    ends = [f"{end}_{part}" for end in ENDS for part in ("latitude", "longitude")]
    found = pd.concat([roads[[*ends, "length_km"]], boats[ends]]).reindex(chosen.index)
    assigned = chosen[ends].where(chosen[ends] != "")
    found[ends] = assigned.fillna(found[ends])
    found = found.apply(pd.to_numeric, errors="coerce")
    return found.join(chosen[["kind", "use"]]).join(_minutes(ferries)).sort_index()


def _minutes(ferries: pd.DataFrame) -> pd.DataFrame:
    numbers = ["crossing_minutes", "headway_low", "headway_high"]
    stated = ferries[numbers].apply(pd.to_numeric, errors="coerce").groupby(ferries["link_id"])
    crossing = stated["crossing_minutes"].mean()
    every = pd.concat([ferries.assign(every=ferries[name]) for name in numbers[1:]])
    every["every"] = pd.to_numeric(every["every"], errors="coerce")
    between = every.groupby("link_id")["every"]
    wait = (between.min() + between.max()) / 4
    return pd.DataFrame(
        {
            "minutes": (crossing + wait).round(1),
            "minutes_fast": crossing,
            "minutes_slow": crossing + between.max(),
        }
    )


def tied(links: pd.DataFrame, regions: list[Region]) -> pd.DataFrame:
    """Return for each crossing its two nodes, how far it had to be moved, and its state.

    State: "used", "not used" (the judgements say why), or "one piece" (the map draws no water
    there, so the way needs no bridge). Metres of a road are never less than the straight line.
    """
    found = []
    for link in links.reset_index().to_dict("records"):
        ties = [] if link["use"] == "no" else [_tie(link, region) for region in regions]
        found.append({**link, **min(ties, key=_moved, default={"state": "not used"})})
    numbers = dict.fromkeys(("from_node", "to_node", "metres"), "Int64")
    return pd.DataFrame(found).reindex(columns=COLUMNS).astype(numbers)


def _moved(tie: Link) -> float:
    return float(tie["from_km"] + tie["to_km"])


def _tie(link: Link, region: Region) -> Link:
    there = Transformer.from_crs("EPSG:4326", region.crs, always_xy=True)
    ends = [there.transform(link[f"{end}_longitude"], link[f"{end}_latitude"]) for end in ENDS]
    at, points = zip(*(_node(end, region, there) for end in ends), strict=True)
    moved = [np.hypot(*np.subtract(*pair)) for pair in zip(points, ends, strict=True)]
    straight = np.hypot(*np.subtract(*points))
    length = np.nan_to_num(link["length_km"] * 1000)
    return {
        "state": "one piece" if at[0] == at[1] else "used",
        "from_node": at[0] + region.first,
        "to_node": at[1] + region.first,
        "metres": round(max(length, straight)) if link["kind"] == "road" else None,
        "from_km": round(moved[0] / 1000, 1),
        "to_km": round(moved[1] / 1000, 1),
    }


def _node(end: Point, region: Region, there: Transformer) -> tuple[int, Point]:
    """Return the node of the nearest land, or of the islet that an end is meant for."""
    points = region.lattice.nodes[["x", "y"]].to_numpy()
    islets = there.transform(*region.islets[["longitude", "latitude"]].to_numpy().T)
    away = np.hypot(islets[0] - end[0], islets[1] - end[1])
    if len(away) and away.min() < SAME_M:
        return len(points) + int(away.argmin()), (
            islets[0][away.argmin()],
            islets[1][away.argmin()],
        )
    node = int(region.lattice.tree.nearest(shapely.Point(end)))
    return node, tuple(points[node])
