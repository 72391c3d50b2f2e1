"""Which centres fit a person: needs, own weights, and what is not known, which is never bad.

A need is met, not met or not known. A weight is one of WEIGHTS; an attribute of a centre is worth
0 (it does not hold) to 1 (it holds; nearness lies between), or not known. What is not known is
left out of the match and only lowers how much of it is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from canheal_nb.centres.model.selection import Said, Split, combine

WEIGHTS = (0, 1, 2, 3, 4)
WELL = 2 / 3
ENOUGH = 1 / 2
EARTH_KM = 6371.0

Group = Literal["well", "could", "little"]


@dataclass(frozen=True)
class Match:
    """How a centre matches the weights.

    `share`: of what is known, 0 to 1; None where nothing that has a weight is known, or nothing
    has a weight. `known`: the part of all weights for which something is known; 1 without weights.
    """

    share: float | None
    known: float


def match(weights: Mapping[str, int], values: Mapping[str, float | None]) -> Match:
    """Return the match of one centre; attributes without a value are not known."""
    asked = {name: weight for name, weight in weights.items() if weight}
    known = {name: values[name] for name in asked if values.get(name) is not None}
    whole, part = sum(asked.values()), sum(asked[name] for name in known)
    if not whole:
        return Match(None, 1.0)
    if not part:
        return Match(None, 0.0)
    gained = sum(asked[name] * float(value or 0.0) for name, value in known.items())
    return Match(gained / part, part / whole)


def group(found: Match, *, needs_known: bool) -> Group:
    """Return the group of a centre that is not known to lack what is needed.

    "little": a need or more than half of the weights is not known; else "well" from two thirds of
    the weights, "could" below.
    """
    if not needs_known or found.known < ENOUGH:
        return "little"
    return "well" if found.share is None or found.share >= WELL else "could"


def nearness(way: float | None, limit: float) -> float | None:
    """Return 1 for no way at all, 0 at the limit and beyond; None where the way is not known."""
    if way is None or np.isnan(way):
        return None
    return float(min(max(1 - way / limit, 0.0), 1.0))


def yes_no(said: Said, centre: str) -> float | None:
    """Return 1 for yes, 0 for no, None for not known."""
    return 1.0 if centre in said.yes else 0.0 if centre in said.no else None


def straight_km(place: Mapping[str, float], centres: pd.DataFrame) -> pd.Series:
    """Return the km over the ground from a place (latitude, longitude) to each centre."""
    lat, lon = np.radians(float(place["latitude"])), np.radians(float(place["longitude"]))
    there = np.radians(centres[["latitude", "longitude"]].astype(float))
    half = (
        np.sin((there["latitude"] - lat) / 2) ** 2
        + np.cos(lat) * np.cos(there["latitude"]) * np.sin((there["longitude"] - lon) / 2) ** 2
    )
    return pd.Series(2 * EARTH_KM * np.arcsin(np.sqrt(half.clip(0, 1))), index=centres.index)


@dataclass(frozen=True)
class Reach:
    """Which centres are within the limit; `unsure`: only in a straight line, no time is known."""

    inside: frozenset[str]
    unsure: frozenset[str]


def reach(minutes: pd.Series, km: pd.Series, most_minutes: float, most_km: float) -> Reach:
    """Return who is within so many minutes (the limit is inside).

    A centre without a time counts by its straight distance, apart: without a road or ferry in our
    data its way is not known, which is not the same as too far.
    """
    timed = minutes.reindex(km.index)
    inside = timed.index[(timed <= most_minutes).fillna(False)]
    unsure = km.index[timed.isna() & (km <= most_km)]
    return Reach(frozenset(map(str, inside)), frozenset(map(str, unsure)))


def sort(ids: Mapping[str, Group], ways: pd.Series, folded: pd.Series, by: str) -> list[str]:
    """Return centres by name or by the way to them; equal ways by name, unknown ways at the end."""
    rows = pd.DataFrame({"way": ways, "name": folded}).reindex(list(ids))
    keys = ["name"] if by == "name" else ["way", "name"]
    return [str(i) for i in rows.sort_values(keys, kind="stable", na_position="last").index]


def needed(base: frozenset[str], needs: Mapping[str, Said]) -> Split:
    """Return which centres are known to meet all needs, known not to, and not known."""
    return combine(base, needs.values())
