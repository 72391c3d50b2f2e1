"""Ways by car from where people live to centres, at all three paces, each computed once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd

from canheal_nb.access.travel import driving
from canheal_nb.access.travel.driving import PACES, Drive, Land, Pace
from canheal_nb.access.travel.settlements import by_cell
from canheal_nb.access.travel.travel_times import Pairs, from_arrays

FARTHEST = 180.0
DECIMALS = 1  # minutes are kept to a tenth
POINT = ["latitude", "longitude"]
EDGE, SHORE = ["start", "end", "metres"], [*POINT, "node"]


class Stored(Protocol):
    """Journeys computed before (`canheal_nb.data.journeys.Journeys`)."""

    @property
    def digest(self) -> str: ...
    @property
    def centres(self) -> pd.DataFrame: ...
    @property
    def tables(self) -> Mapping[str, pd.DataFrame]: ...


@dataclass(frozen=True, eq=False)
class Ground:
    """What ways lead over: `places` (see below), how one drives at each pace, and the lattice.

    The lattice is read only where something has to be computed.
    """

    places: pd.DataFrame
    drives: Mapping[Pace, Drive]
    land: Callable[[], Land]

    @cached_property
    def digest(self) -> str:
        """A hash of all that times depend on, other than the centres."""
        content, land = hashlib.sha256(), self.land()
        content.update("\x1f".join(land.nodes["area_id"].astype(str)).encode())
        for table, columns in ((land.nodes, POINT), (land.shores, SHORE)):
            content.update(table[columns].to_numpy(np.float64).tobytes())
        content.update(land.edges[EDGE].to_numpy(np.int32).tobytes())
        content.update(land.links.to_csv(index=False).encode())
        content.update("\x1f".join(map(str, self.places.index)).encode())
        content.update(self.places[POINT].to_numpy(np.float64).tobytes())
        for pace in PACES:
            drive = self.drives[pace]
            rest = (drive.detour_local, drive.detour_long, drive.entry, drive.ferry, drive.snap_km)
            content.update(f"{pace}{rest}{list(drive.speeds.index)}".encode())
            content.update(drive.speeds[["local", "long"]].to_numpy(np.float64).tobytes())
        return content.hexdigest()


def places(settlements: pd.DataFrame, spread: pd.DataFrame, hexagons: pd.DataFrame) -> pd.DataFrame:
    """Return where people live: a settlement, or each cell that a large one covers.

    Index origin_id; columns people, country, area_id, size, h3, latitude, longitude (of the
    settlement's point, or of the cell's centre). People add up to those of the settlements.
    """
    rows = by_cell(settlements, spread)
    parted = rows["geonameid"].isin(spread["geonameid"]).to_numpy()
    own = settlements.loc[rows["geonameid"]].reset_index(drop=True)
    cells = hexagons.reindex(rows["h3"])
    where = {
        name: np.where(parted, cells[name].to_numpy(float), own[name].to_numpy(float))
        for name in POINT
    }
    ids = rows["geonameid"].where(~parted, rows["geonameid"] + ":" + rows["h3"])
    table = own[["country", "area_id", "size"]].assign(
        people=rows["population"].to_numpy(float), h3=rows["h3"].to_numpy(), **where
    )
    return table.set_index(pd.Index(ids, name="origin_id"))


def computed(ground: Ground, centres: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return origin, destination (positions) and minutes up to `FARTHEST`, by pace, from scratch.

    `centres`: latitude, longitude, by centre_id.
    """
    land, found = ground.land(), {}
    for pace in PACES:
        roads = driving.network(land, ground.drives[pace])
        table = driving.minutes(roads, ground.places, centres, limit=FARTHEST)
        found[str(pace)] = pd.DataFrame(
            {
                "origin": table["origin_id"].cat.codes.to_numpy(np.int32),
                "destination": table["destination_id"].cat.codes.to_numpy(np.int32),
                "minutes": table["minutes"].round(DECIMALS).to_numpy(np.float32),
            }
        )
    return found


def pairs(ground: Ground, centres: pd.DataFrame, stored: Stored | None = None) -> dict[Pace, Pairs]:
    """Return the pairs of all places and these centres by pace, across borders.

    Centres that `stored` has at the same place, made from the same ground, are taken from there;
    the others are computed.
    """
    same = stored is not None and stored.digest == ground.digest
    known = _standing(stored.centres, centres) if same and stored else np.zeros(len(centres), bool)
    new = computed(ground, centres[~known]) if not known.all() else {}
    found: dict[Pace, Pairs] = {}
    for pace in PACES:
        parts = []
        if known.any() and stored:
            parts.append(_taken(stored, pace, centres))
        if new:
            table, places_of = new[pace], np.flatnonzero(~known)
            parts.append(table.assign(destination=places_of[table["destination"]]))
        rows = pd.concat(parts) if parts else pd.DataFrame(columns=["origin", "destination"])
        given = (rows[name].to_numpy() for name in ("origin", "destination"))
        minutes = rows["minutes"].to_numpy(np.float32) if parts else np.zeros(0, np.float32)
        start, end = (np.asarray(one, dtype=np.int64) for one in given)
        found[pace] = from_arrays(start, end, minutes, ground.places.index, centres.index)
    return found


def _standing(stored: pd.DataFrame, centres: pd.DataFrame) -> np.ndarray:
    """Tell which centres are stored, at the place where they are."""
    held = stored.reindex(centres.index)[POINT].to_numpy(np.float64)
    return np.asarray((held == centres[POINT].to_numpy(np.float64)).all(axis=1))


def _taken(stored: Stored, pace: str, centres: pd.DataFrame) -> pd.DataFrame:
    wanted = np.where(
        _standing(stored.centres, centres), stored.centres.index.get_indexer(centres.index), -1
    )
    position = np.full(len(stored.centres), -1)
    position[wanted[wanted >= 0]] = np.flatnonzero(wanted >= 0)
    table = stored.tables[pace]
    there = position[table["destination"].to_numpy()]
    return table[there >= 0].assign(destination=there[there >= 0])
