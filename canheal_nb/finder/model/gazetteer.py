"""Finding a settlement by one of its names: exactly, among several, or spelled nearly so."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from canheal_nb.access.travel.settlements import fold

MOST = 8
LENGTHS_APART = 2
ALIKE = 0.75

How = Literal["exact", "several", "region", "near", "none"]


@dataclass(frozen=True)
class Names:
    """Spellings to geonameids, and regions to the ids of their settlements, largest first."""

    places: Mapping[str, tuple[str, ...]]
    regions: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Found:
    """What a name may mean: geonameids, largest first, and how they were found.

    "exact": one settlement has this name; "several" have; "region": a region has it, these lie
    in it; "near": nobody has it, these begin so or are spelled nearly so.
    """

    how: How
    ids: tuple[str, ...]


def names(settlements: pd.DataFrame, searched: pd.DataFrame, regions: pd.Series) -> Names:
    """Return the names that settlements are found by.

    `settlements` (index geonameid: name, unit, population), `searched` (index geonameid:
    `searched`, spellings joined by |), `regions`: name by unit.
    """
    ordered = settlements.sort_values("population", ascending=False, kind="stable")
    places: dict[str, list[str]] = {}
    more = searched["searched"].reindex(ordered.index).fillna("")
    for place, name, spelled in zip(ordered.index, ordered["name"], more, strict=True):
        for key in dict.fromkeys((fold(name), *filter(None, spelled.split("|")))):
            places.setdefault(key, []).append(str(place))
    by_region: dict[str, list[str]] = {}
    for place, unit in zip(ordered.index, ordered["unit"], strict=True):
        for key in _spoken(str(regions.get(unit, ""))):
            by_region.setdefault(key, []).append(str(place))
    return Names(_frozen(places), _frozen(by_region))


def _frozen(found: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(ids) for key, ids in found.items()}


def _spoken(region: str) -> Iterable[str]:
    """Return what a region is asked by: its name, and each part of "Gozo and Comino"."""
    whole = fold(region)
    return filter(None, dict.fromkeys((whole, *whole.split(" and "))))


def find(known: Names, text: str) -> Found:
    """Return which settlements a text may mean; never a guess for one."""
    key = fold(text)
    if key in known.places:
        ids = known.places[key]
        return Found("exact" if len(ids) == 1 else "several", ids)
    if key in known.regions:
        return Found("region", known.regions[key][:MOST])
    ids = _near(known, key) if len(key) > 1 else ()
    return Found("near" if ids else "none", ids)


def _near(known: Names, key: str) -> tuple[str, ...]:
    """Return settlements whose name begins so, else those spelled nearly so, most alike first."""
    begun = sorted(name for name in known.places if name.startswith(key))
    alike = begun[:MOST] or difflib.get_close_matches(
        key,
        [
            name
            for name in known.places
            if name[:1] == key[:1] and abs(len(name) - len(key)) <= LENGTHS_APART
        ],
        MOST,
        ALIKE,
    )
    ids = [place for name in alike for place in known.places[name]]
    return tuple(dict.fromkeys(ids))[:MOST]
