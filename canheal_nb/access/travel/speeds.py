"""Speeds of the model of driving times: from published speeds and our judgements to a `Drive`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pandas as pd

from canheal_nb.access.travel.driving import Drive, Pace

DETOURS = {"slow": "high", "middle": "value", "fast": "low"}
FERRIES = {"slow": "minutes_slow", "middle": "minutes", "fast": "minutes_fast"}


class Tables(Protocol):
    """The tables that speeds are made from (as `canheal_nb.data.Dataset` hands them out)."""

    @property
    def parameters(self) -> pd.DataFrame: ...
    def table(self, name: str) -> pd.DataFrame: ...


def drive(
    tables: Tables,
    pace: Pace = "middle",
    *,
    beyond: bool = False,
    fit: Mapping[str, float] | None = None,
) -> Drive:
    """Return how fast one drives in every area that may be driven through.

    `pace` "slow" and "fast" are the ends of the band. With `beyond` the countries outside the
    Union that are passable only on request are passable too. `fit` replaces the fitted constants
    (entry_minutes, long_factor).
    """
    areas = tables.table("judgements/travel_areas").set_index("area_id")
    if not beyond:
        areas = areas[areas["drive"] == "yes"]
    own = speeds(tables, pace).reindex(areas["speeds_of"]).set_axis(areas.index)
    fit = fit or constants(tables.table("judgements/travel_fit"))
    rule = constants(tables.table("judgements/travel_lattice"))
    parameters = tables.parameters
    return Drive(
        own,
        float(parameters.at["circuity_eu", "value"]),
        float(parameters.at["detour_intercity", DETOURS[pace]]) * fit["long_factor"],
        fit["entry_minutes"],
        FERRIES[pace],
        rule["snap_km"],
    )


def speeds(tables: Tables, pace: Pace = "middle") -> pd.DataFrame:
    """Return the local and the long speed (km/h) of every area that has speeds of its own.

    So many parts of the way on each class of road, by data/judgements/travel_roads.csv; a class
    whose figure the source has probably extrapolated is left out, and where that leaves none,
    trunk roads stand for it.
    """
    published = tables.table("facts/travel/speeds")
    published = published.assign(km_per_hour=published["km_per_hour"].astype(float))
    sound = published[published["doubtful"] == "no"].pivot(
        index="area", columns="road", values="km_per_hour"
    )
    roads = tables.table("judgements/travel_roads")
    roads = roads[roads["pace"] == pace].assign(share=roads["share"].astype(float))
    found = {}
    for part, rows in roads.groupby("part"):
        shares = rows.set_index("road")["share"]
        hours = (shares / sound[shares.index]).sum(axis=1)
        driven = sound[shares.index].notna().mul(shares).sum(axis=1)
        found[part] = (driven / hours).where(driven > 0, sound["trunk"])
    return pd.DataFrame(found)


def constants(table: pd.DataFrame) -> dict[str, float]:
    """Return the constants in a table with the columns constant and value."""
    return dict(zip(table["constant"], table["value"].astype(float), strict=True))
