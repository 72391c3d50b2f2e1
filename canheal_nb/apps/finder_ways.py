"""The ways from a place to every centre: modelled minutes by car with a band, straight km."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from canheal_nb.data import Dataset
from canheal_nb.model import finder

BAND = {"low": "fast", "middle": "middle", "high": "slow"}


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
    """Return the ways from a settlement; without a car no minutes."""
    row = dataset.settlements.loc[place]
    here = {"latitude": float(row["latitude"]), "longitude": float(row["longitude"])}
    none = pd.DataFrame({name: pd.Series(dtype="float64") for name in BAND})
    return Ways(none, finder.straight_km(here, dataset.centres))
