"""A second, simple way to say who lives near a centre: straight lines, no roads, no lattice."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

EARTH_KM = 6371.0
KM = (60.0, 120.0)


def nearest_km(places: pd.DataFrame, centres: pd.DataFrame) -> NDArray[np.float64]:
    """Return the great-circle km from each place to its nearest centre (infinite without one).

    Both frames have latitude and longitude in degrees.
    """
    least = np.full(len(places), np.inf)
    lat, lon = (np.radians(places[name].to_numpy(float)) for name in ("latitude", "longitude"))
    for latitude, longitude in centres[["latitude", "longitude"]].to_numpy(float):
        up, across = np.radians(latitude) - lat, np.radians(longitude) - lon
        half = np.sin(up / 2) ** 2 + np.cos(lat) * np.cos(np.radians(latitude)) * (
            np.sin(across / 2) ** 2
        )
        least = np.minimum(least, 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))))
    return least


def shares(
    places: pd.DataFrame, centres: pd.DataFrame, within_km: Iterable[float], across: bool
) -> dict[float, float]:
    """Return the share of `people` (a column of places) with a centre within each distance.

    `across` False: only centres of the place's own country count (column country of both).
    """
    km = nearest_km(places, centres)
    if not across:
        km = np.full(len(places), np.inf)
        for country, rows in centres.groupby("country"):
            inside = (places["country"] == country).to_numpy()
            km[inside] = nearest_km(places[inside], rows)
    people = places["people"].to_numpy(float)
    total = people.sum()
    return {far: float(people[km <= far].sum() / total) for far in within_km if total > 0}
