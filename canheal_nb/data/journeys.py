"""Travel times from every place to the centres that count, as build/journeys.py makes them.

`journeys.npz` holds tenths of a minute, pace by pace, and the digest of what they were made
from: whoever finds another digest computes anew.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FILE = "built/journeys.npz"


@dataclass(frozen=True, eq=False)
class Journeys:
    """Pairs within the limit by pace; `centres` by centre_id: latitude, longitude.

    `tables`: pace -> frame with origin and destination (positions, the latter in `centres`) and
    minutes. Origins are those of `canheal_nb.access.travel.journeys.places`, in order.
    """

    digest: str
    centres: pd.DataFrame
    tables: dict[str, pd.DataFrame]


def packed(made: Journeys) -> bytes:
    """Return the bytes of journeys.npz; the same journeys give the same bytes."""
    keys, times = _joined(made)
    file = io.BytesIO()
    np.savez_compressed(
        file,
        digest=np.array(made.digest),
        centres=np.array(list(made.centres.index), dtype=np.str_),
        latitude=made.centres["latitude"].to_numpy(np.float64),
        longitude=made.centres["longitude"].to_numpy(np.float64),
        steps=np.diff(keys, prepend=0).astype(np.uint32),
        paces=np.array(list(times), dtype=np.str_),
        **{f"tenths_{pace}": values for pace, values in times.items()},  # type: ignore[arg-type]
    )
    return file.getvalue()


def unpacked(data: bytes) -> Journeys:
    """Return the journeys in the bytes of journeys.npz; ValueError when they hold none."""
    with np.load(io.BytesIO(data), allow_pickle=False) as found:
        held = {name: found[name] for name in found.files}
    where = {name: held[name] for name in ("latitude", "longitude")}
    centres = pd.DataFrame(where, index=pd.Index(held["centres"].astype(object), name="centre_id"))
    keys = np.cumsum(held["steps"], dtype=np.int64)
    count = max(len(centres), 1)
    tables = {}
    for pace in map(str, held["paces"]):
        tenths = held[f"tenths_{pace}"]
        there = tenths > 0
        tables[pace] = pd.DataFrame(
            {
                "origin": (keys[there] // count).astype(np.int32),
                "destination": (keys[there] % count).astype(np.int32),
                "minutes": ((tenths[there] - 1) / 10).astype(np.float32),
            }
        )
    return Journeys(str(held["digest"]), centres, tables)


def _joined(made: Journeys) -> tuple[NDArray[np.int64], dict[str, NDArray[np.uint16]]]:
    """Return one sorted key per pair of any pace, and per pace its tenths plus 1 (0: none)."""
    count = len(made.centres)
    by_pace = {}
    for pace, table in made.tables.items():
        key = table["origin"].to_numpy(np.int64) * count + table["destination"].to_numpy(np.int64)
        tenths = np.round(table["minutes"].to_numpy(np.float64) * 10).astype(np.uint16) + 1
        by_pace[pace] = pd.Series(tenths, index=key)
    keys = np.unique(np.concatenate([one.index.to_numpy() for one in by_pace.values()]))
    times = {
        pace: one.reindex(keys, fill_value=0).to_numpy(np.uint16) for pace, one in by_pace.items()
    }
    return keys, times
