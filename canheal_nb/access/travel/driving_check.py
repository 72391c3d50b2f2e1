"""Modelled driving times beside known ones: half of the pairs calibrate, the other half measure."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from canheal_nb.access.travel.driving import Drive, Land, minutes, network
from canheal_nb.access.travel.speeds import Tables

KEY = ["origin", "destination"]
FEW = 10
LONGEST = 1200.0
ENTRIES = np.arange(0, 41, 1.0)
FACTORS = np.arange(0.70, 1.2001, 0.01)


@dataclass(frozen=True)
class Error:
    """How far modelled minutes are from known ones, in the half that did not calibrate.

    Per cent of the known time: the median and the 90th percentile of the absolute error, and the
    mean error (above 0: modelled too long). `inside` of the `pairs` lie in the slow-fast band.
    `calibrated` is False where either half has fewer than ten pairs.
    """

    pairs: int
    median: float
    ninth_decile: float
    bias: float
    inside: int
    calibrated: bool


def known(tables: Tables) -> pd.DataFrame:
    """Return the pairs of cities with a known time: KEY, points, minutes and half.

    Where a source gives a range, its middle counts. Pairs with an upper limit only (half "bound")
    have it as minutes.
    """
    pairs = tables.table("facts/travel/city_times")
    half = tables.table("judgements/travel_split")[[*KEY, "half"]]
    names = ["minutes", "minutes_low", "minutes_high", *_ends("origin"), *_ends("destination")]
    pairs = pairs.assign(**{name: pd.to_numeric(pairs[name], errors="coerce") for name in names})
    middle = (pairs["minutes_low"] + pairs["minutes_high"]) / 2
    pairs["minutes"] = pairs["minutes"].fillna(middle).fillna(pairs["minutes_high"])
    return pairs.merge(half, on=KEY, validate="1:1")[[*KEY, *names[3:], "minutes", "half"]]


def modelled(land: Land, drive: Drive, pairs: pd.DataFrame) -> pd.Series:
    """Return the modelled minutes of each pair; NaN where there is no way."""
    ends = [pairs[_ends(end)].set_axis(["latitude", "longitude"], axis=1) for end in KEY]
    one, two = (end.set_axis(range(len(pairs))) for end in ends)
    found = minutes(network(land, drive), one, two, limit=LONGEST)
    found = found[found["origin_id"].astype(int) == found["destination_id"].astype(int)]
    times = found.set_index(found["origin_id"].astype(int))["minutes"]
    return times.reindex(range(len(pairs))).set_axis(pairs.index)


def parts(land: Land, drive: Drive, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the minutes of each pair at the local speed only and at the long speed only."""
    speeds = drive.speeds
    long = replace(
        drive,
        speeds=speeds.assign(local=speeds["long"]),
        detour_local=drive.detour_long,
        entry=np.inf,
    )
    slow = modelled(land, replace(drive, entry=np.inf), pairs)
    return pd.DataFrame({"local": slow, "long": modelled(land, long, pairs)})


def fit(times: pd.DataFrame, stated: pd.Series) -> tuple[float, float]:
    """Return the entry (minutes) and the factor on the long part that fit known times best.

    `times` holds local and long (with factor 1). The best has the least mean absolute logarithm
    of modelled over known; of equals, the least entry and then the least factor.
    """
    local, long = times["local"].to_numpy()[:, None], times["long"].to_numpy()[:, None]
    truth = stated.to_numpy()[:, None]
    misses = [
        np.abs(np.log(np.minimum(local, entry + long * FACTORS) / truth)).mean(axis=0)
        for entry in ENTRIES
    ]
    best = np.unravel_index(np.argmin(np.round(misses, 9)), (len(ENTRIES), len(FACTORS)))
    return float(ENTRIES[best[0]]), round(float(FACTORS[best[1]]), 2)


def error(pairs: pd.DataFrame) -> Error:
    """Return the error of the pairs that measure.

    `pairs` has half and the minutes: known, and modelled at each pace (slow, middle, fast).
    """
    size = pairs["half"].value_counts()
    rows = pairs[pairs["half"] == "measure"]
    off = (100 * (rows["middle"] / rows["minutes"] - 1)).to_numpy()
    away = np.abs(np.where(np.isnan(off), np.inf, off))
    inside = (rows["fast"] <= rows["minutes"]) & (rows["minutes"] <= rows["slow"])
    return Error(
        len(rows),
        float(np.median(away)) if len(rows) else np.nan,
        float(np.quantile(away, 0.9, method="higher")) if len(rows) else np.nan,
        float(np.nanmean(off)) if len(rows) else np.nan,
        int(inside.sum()),
        bool(min(size.get("calibrate", 0), size.get("measure", 0)) >= FEW),
    )


def _ends(end: str) -> list[str]:
    return [f"{end}_latitude", f"{end}_longitude"]
