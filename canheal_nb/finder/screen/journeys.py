"""The ways from a place to every centre: modelled minutes by car with a band, straight km."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from canheal_nb.access.travel import driving, lattice_window, speeds
from canheal_nb.data import Dataset
from canheal_nb.finder.model import matching

BAND: dict[str, driving.Pace] = {"low": "fast", "middle": "middle", "high": "slow"}
FARTHEST = 400.0  # minutes, well beyond the widest limit
AROUND = 550.0  # straight km: no way within the widest limit leads farther away


@dataclass(frozen=True)
class Ways:
    """`minutes`: index centre_id; low, middle, high (no row: not known); `km`: straight."""

    minutes: pd.DataFrame
    km: pd.Series

    def time(self, centre: str) -> dict[str, float] | None:
        """Return the minutes to a centre with their band; None where they are not known."""
        if centre not in self.minutes.index:
            return None
        return {name: float(self.minutes.at[centre, name]) for name in BAND}


@lru_cache(maxsize=16)
def ways(dataset: Dataset, place: str, *, car: bool) -> Ways:
    """Return the ways from a settlement; without a car no minutes.

    Ways are as long there as back, so the one place is searched from, over the land around it.
    """
    here = dataset.settlements.loc[[place]]
    centres = dataset.centres
    km = matching.straight_km(here.iloc[0][["latitude", "longitude"]].to_dict(), centres)
    columns = {name: pd.Series(dtype="float64") for name in BAND}
    if car:
        land = lattice_window.around(dataset.lattice, here, AROUND)
        near = centres[km <= AROUND]
        for name, pace in BAND.items():
            roads = driving.network(land, speeds.drive(dataset, pace))
            pairs = driving.minutes(roads, near, here, limit=FARTHEST)
            columns[name] = pairs.set_index(pairs["origin_id"].astype(str))["minutes"]
    return Ways(pd.DataFrame(columns).dropna(), km)
