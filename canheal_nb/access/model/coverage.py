"""Who can reach a centre, how far away: shares by country with a band, curves, cells, borders.

Times are modelled, by car. A share is of all people of the settlements of a country, outermost
regions with it. Where a list is not whole the figure is a lower bound ("at_least"), and where it
says nothing there is none. The Union's is the sum over its countries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from canheal_nb.access.model import nearest_centre
from canheal_nb.access.model.definitions import Definition, State
from canheal_nb.access.travel import travel_times
from canheal_nb.access.travel.driving import PACES, Pace
from canheal_nb.access.travel.journeys import FARTHEST
from canheal_nb.access.travel.travel_times import Pairs

UNION = "EU"
LIMITS = (30, 45, 60, 90, 120)
CURVE = int(FARTHEST)
Key = tuple[Pace, bool]


@dataclass(frozen=True, eq=False)
class Reaching:
    """The times to the nearest centre of one definition, and the people within each minute.

    `pairs` by pace, across borders. By (pace, across borders): `minutes` of each place (NaN:
    more than `FARTHEST`, or no way), and `within`: persons by country and whole minute 0 to
    `CURVE`. `home`: whether a pair stays in its country, by pace.
    """

    definition: Definition
    places: pd.DataFrame
    centres: pd.DataFrame
    states: Mapping[str, State]
    pairs: Mapping[Pace, Pairs]
    home: Mapping[Pace, NDArray[np.bool_]]
    minutes: Mapping[Key, NDArray[np.float32]]
    within: Mapping[Key, pd.DataFrame]
    people: pd.Series

    @property
    def whole(self) -> bool:
        """Whether every country's list is whole."""
        return set(self.states.values()) == {"exact"}

    @property
    def exact(self) -> list[str]:
        """The countries whose list is whole."""
        return [country for country, state in self.states.items() if state == "exact"]


def reaching(
    definition: Definition,
    places: pd.DataFrame,
    centres: pd.DataFrame,
    states: Mapping[str, State],
    ways: Mapping[Pace, Pairs],
) -> Reaching:
    """Return who can reach which centre, at all paces, borders open and closed."""
    own = places["country"].to_numpy(dtype=object)
    there = centres["country"].to_numpy(dtype=object)
    home, minutes, within = {}, {}, {}
    for pace in PACES:
        pairs = ways[pace]
        home[pace] = own[travel_times.places(pairs)] == there[pairs.columns]
    for pace, across in product(PACES, (True, False)):
        key = (pace, across)
        minutes[key] = _least(ways[pace], None if across else home[pace])
        within[key] = _within(minutes[key], places)
    people = places["people"].groupby(places["country"]).sum()
    return Reaching(definition, places, centres, states, ways, home, minutes, within, people)


def _least(pairs: Pairs, keep: NDArray[np.bool_] | None) -> NDArray[np.float32]:
    return nearest_centre.nearest(pairs if keep is None else travel_times.kept(pairs, keep)).minutes


def _within(minutes: NDArray[np.float32], places: pd.DataFrame) -> pd.DataFrame:
    limits = range(CURVE + 1)
    return nearest_centre.within(minutes, places["people"], limits, places["country"]).within


def shares(found: Reaching, limit: int, across: bool, pace: Pace = "middle") -> pd.DataFrame:
    """Return the people within `limit` minutes, by country and for the Union (`UNION`, last).

    Columns: people and persons (within; NaN where not known), share, low and high (parts of 1:
    at the chosen pace, slow, fast) and state (exact, at_least, unknown).
    """
    columns = {"persons": pace, "slow": "slow", "fast": "fast"}
    table = pd.DataFrame(
        {name: found.within[at, across][float(limit)] for name, at in columns.items()}
    )
    table = table.reindex(list(found.states)).fillna(0.0)
    table["people"] = found.people.reindex(table.index).fillna(0.0)
    table["state"] = [_state(found, c, across, float(table.at[c, "fast"])) for c in table.index]
    table.loc[table["state"] == "unknown", list(columns)] = np.nan
    everybody = table[[*columns, "people"]].sum(min_count=1)
    table.loc[UNION] = {**everybody, "state": _union(table["state"])}
    parts = {"share": "persons", "low": "slow", "high": "fast"}
    table = table.assign(**{name: table[of] / table["people"] for name, of in parts.items()})
    return table[["people", "persons", "share", "low", "high", "state"]]


def _state(found: Reaching, country: str, across: bool, persons: float) -> State:
    """How good a country's figure is: over open borders other countries' lists count too."""
    state = found.states[country]
    if not across or found.whole:
        return state
    if state == "unknown":
        listed = set(found.states.values()) != {"unknown"}
        return "at_least" if persons > 0 and listed else "unknown"
    return "at_least"


def _union(states: pd.Series) -> State:
    if (states == "exact").all():
        return "exact"
    return "unknown" if (states == "unknown").all() else "at_least"


def curve(found: Reaching, area: str, across: bool, pace: Pace = "middle") -> NDArray[np.float64]:
    """Return the share of an area's people within 0, 1 ... `CURVE` minutes."""
    table = found.within[pace, across]
    if area == UNION:
        return np.asarray(table.sum() / found.people.sum())
    return np.asarray(table.loc[area] / found.people[area])


def gains(found: Reaching, limit: int, pace: Pace = "middle") -> pd.DataFrame:
    """Return who is within the limit only over a border: persons and share, by country.

    Only countries whose list is whole; sorted, most persons first.
    """
    open_, closed = (found.within[pace, across][float(limit)] for across in (True, False))
    persons = (open_ - closed).reindex(found.exact).dropna()
    table = pd.DataFrame({"persons": persons, "share": persons / found.people[persons.index]})
    return table.sort_values("persons", ascending=False)


def by_size(found: Reaching, limit: int, across: bool) -> pd.DataFrame:
    """Return the share within the limit by size of settlement, where lists are whole.

    Rows city, town, rural; columns people, share, low, high (middle, slow and fast pace).
    """
    inside = found.places["country"].isin(found.exact)
    rows = found.places[inside]
    people = rows["people"].groupby(rows["size"]).sum()
    table = {"people": people}
    for name, pace in (("share", "middle"), ("low", "slow"), ("high", "fast")):
        near = found.minutes[pace, across][inside.to_numpy()] <= limit  # type: ignore[index]
        table[name] = rows["people"].where(near, 0.0).groupby(rows["size"]).sum() / people
    order = [size for size in ("city", "town", "rural") if size in people.index]
    return pd.DataFrame(table).reindex(order)


def cells(found: Reaching, across: bool, pace: Pace = "middle") -> pd.Series:
    """Return minutes by h3: the median of the people there, infinite beyond `FARTHEST`."""
    times = np.nan_to_num(found.minutes[pace, across].astype(float), nan=np.inf)
    member, names = pd.factorize(found.places["h3"])
    people = found.places["people"].to_numpy(float)
    order = np.lexsort((times, member))
    member, times, people = member[order], times[order], people[order]
    total = np.bincount(member, people)
    before = np.cumsum(people) - people
    start = before[np.searchsorted(member, np.arange(len(names)))]
    half = before + people - start[member] >= total[member] / 2
    first = np.flatnonzero(half)[np.unique(member[half], return_index=True)[1]]
    return pd.Series(times[first], index=pd.Index(names, name="h3"))


def regions(found: Reaching, limit: int, across: bool, pace: Pace = "middle") -> pd.Series:
    """Return the share within the limit by area_id, outermost regions on their own.

    NaN where the country's list says nothing.
    """
    near = found.minutes[pace, across] <= limit
    people = found.places["people"]
    table = pd.DataFrame({"near": people.where(near, 0.0), "people": people})
    sums = table.groupby(found.places["area_id"]).sum()
    country = found.places.groupby("area_id")["country"].first()
    known = country.map({c: state != "unknown" for c, state in found.states.items()})
    return (sums["near"] / sums["people"]).where(known.astype(bool))


def by_class(
    found: Reaching, bounds: tuple[int, ...], across: bool, pace: Pace = "middle"
) -> NDArray[np.float64]:
    """Return the share of the people in countries with a figure by class of minutes.

    One class up to each bound (inside), and one beyond the last.
    """
    known = (
        found.places["country"]
        .map({c: _state(found, c, across, 1.0) != "unknown" for c in found.states})
        .to_numpy(bool)
    )
    times = np.nan_to_num(found.minutes[pace, across], nan=np.inf)
    place = np.searchsorted(np.asarray(bounds, dtype=np.float32), times, side="left")
    people = found.places["people"].to_numpy(float) * known
    counted = np.bincount(place, people, len(bounds) + 1)
    return np.asarray(counted / max(people.sum(), 1e-9))
