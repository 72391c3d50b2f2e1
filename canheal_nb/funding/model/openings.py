"""Who comes within reach when centres gain a capability, or open.

Ways are those of `reached`: modelled, by car; a point that is new is driven to over the lattice.
Lists that are not whole stay lower bounds. A centre that the scenario names is known, so where the
list of its country says nothing the people near it are a lower bound too.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from canheal_nb.access.model import access_tables, coverage
from canheal_nb.access.model.access_tables import Tables
from canheal_nb.access.model.coverage import Reaching
from canheal_nb.access.model.definitions import Definition, State
from canheal_nb.access.travel import journeys, travel_times
from canheal_nb.access.travel.driving import Pace
from canheal_nb.funding.model.scenario import Give, Open, Scenario
from canheal_nb.solver import site_selection
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

COLUMNS = ["definition", "area", "people", "before", "after", "gained", "low", "high", "state"]


def by_area(
    tables: Tables,
    scenario: Scenario,
    limit: int = 60,
    across: bool = False,
    pace: Pace = "middle",
) -> pd.DataFrame:
    """Return who is within `limit` minutes before and after a scenario's openings.

    One row per definition of a centre that is touched and area (the Union is `reaching.UNION`,
    last): people; before, after (parts of 1); gained (persons, middle pace); low and high (after,
    slow and fast pace); state (exact, at_least, unknown: then NaN). Empty without openings. Where
    a list is not whole `gained` are the people near a centre of the scenario and near none listed:
    some of them may be near one that is not. `before` is NaN where the list says nothing.
    """
    tables_of = []
    for name, given, opened in _touched(tables, scenario):
        before = access_tables.shares(tables, name, limit, across, pace)
        after = coverage.shares(changed(tables, name, given, opened), limit, across, pace)
        rows = after[["people", "low", "high", "state"]].assign(
            definition=name,
            before=before["share"],
            after=after["share"],
            gained=after["persons"] - before["persons"].fillna(0.0),
        )
        tables_of.append(rows.rename_axis("area").reset_index()[COLUMNS])
    return pd.concat(tables_of, ignore_index=True) if tables_of else pd.DataFrame(columns=COLUMNS)


@lru_cache(maxsize=16)
def changed(
    tables: Tables, definition: str, given: tuple[str, ...], opened: tuple[Open, ...]
) -> Reaching:
    """Return who can reach a centre once these centres count and those have opened."""
    known = access_tables.found(tables, definition)
    more = tables.centres.loc[[one for one in given if one not in known.centres.index]]
    new = pd.DataFrame(
        [
            (one.name, one.name, one.country, one.latitude, one.longitude, "scenario")
            for one in opened
        ],
        columns=list(known.centres.columns),
        index=pd.Index([f"new:{place}" for place, _one in enumerate(opened)], dtype=object),
    )
    parts = [part for part in (known.centres, more[known.centres.columns], new) if len(part)]
    centres = pd.concat(parts).rename_axis(known.centres.index.name)
    over = access_tables.ground(tables)
    ways = journeys.pairs(over, centres, tables.journeys)
    named = {*more["country"], *(one.country for one in opened)}
    states: dict[str, State] = {
        country: "at_least" if country in named and state == "unknown" else state
        for country, state in known.states.items()
    }
    return coverage.reaching(known.definition, over.places, centres, states, ways)


def definition_of(tables: Tables, capability: str) -> str:
    """Return the definition of a centre that a capability stands for (an id of either).

    Raises UserError where access to it cannot be computed, since no list allows it.
    """
    offered = access_tables.offered(tables)
    if capability in offered:
        return capability
    fits = [name for name, one in offered.items() if _means(one, capability)]
    if not fits:
        text = _("{name}: no list allows access to it to be computed. Use one of: {known}.")
        said = text.format(name=capability, known=", ".join(offered))
        raise UserError(said, code="no-access-figure")
    return fits[0]


def capabilities(tables: Tables) -> list[str]:
    """Return the ids that a scenario may give or open: definitions, and what they rest on."""
    offered = access_tables.offered(tables)
    behind = {
        name for one in offered.values() if len(one.parts) == 1 for name, _value in one.values
    }
    return [*offered, *sorted(behind - set(offered))]


def _means(definition: Definition, capability: str) -> bool:
    return len(definition.parts) == 1 and capability in {name for name, _v in definition.values}


def _touched(
    tables: Tables, scenario: Scenario
) -> list[tuple[str, tuple[str, ...], tuple[Open, ...]]]:
    given: dict[str, list[str]] = {}
    opened: dict[str, list[Open]] = {}
    for change in scenario.changes:
        if isinstance(change, Give):
            if change.centre not in tables.centres.index:
                text = _("There is no centre {name} in the list of centres.")
                raise UserError(text.format(name=change.centre), code="unknown-centre")
            given.setdefault(definition_of(tables, change.capability), []).append(change.centre)
        elif isinstance(change, Open):
            opened.setdefault(definition_of(tables, change.capability), []).append(change)
    return [
        (name, tuple(sorted(given.get(name, []))), tuple(opened.get(name, [])))
        for name in dict.fromkeys([*given, *opened])
    ]


@lru_cache(maxsize=8)
def best_titles(
    tables: Tables, definition: str, limit: int, count: int, pace: Pace = "middle"
) -> tuple[tuple[str, ...], float, float]:
    """Return which listed centres should gain a title to bring most people within `limit`.

    Maximal covering within own borders over all listed centres of member states (Church and
    ReVelle 1974), beside those that hold the title: centre_ids, people newly within reach, and
    the gap to the best choice (a share). The list is a sample of members, not a register: another
    centre may serve as well.
    """
    free, within, people = _unserved(tables, definition, limit, pace)
    if not len(people):
        return (), 0.0, 0.0
    found = site_selection.most_covered(within, people, min(count, len(free)))
    return tuple(free[place] for place in found.open), found.objective, found.gap


@lru_cache(maxsize=4)
def _unserved(
    tables: Tables, definition: str, limit: int, pace: Pace
) -> tuple[tuple[str, ...], NDArray[np.bool_], NDArray[np.float64]]:
    """Return the centres without the title, and by places not within reach: near them, people."""
    known = access_tables.found(tables, definition)
    members = tables.centres["country"].isin(known.states)
    free = tables.centres[members & ~tables.centres.index.isin(known.centres.index)]
    free = free.dropna(subset=["latitude", "longitude"]).sort_index()
    over = access_tables.ground(tables)
    ways = journeys.pairs(over, free, tables.journeys)[pace]
    own = over.places["country"].to_numpy(dtype=object)
    rows, columns = travel_times.places(ways), ways.columns
    near = ways.minutes <= limit
    near &= own[rows] == free["country"].to_numpy(dtype=object)[columns]
    unserved = ~(known.minutes[pace, False] <= limit)
    near &= unserved[rows]
    sets, people = _merged(rows[near], columns[near], over.places["people"].to_numpy(float))
    within = np.zeros((len(people), len(free)), dtype=bool)
    for place, members_of in enumerate(sets):
        within[place, list(members_of)] = True
    return tuple(map(str, free.index)), within, people


def _merged(
    rows: NDArray[np.integer], columns: NDArray[np.integer], people: NDArray[np.float64]
) -> tuple[list[tuple[int, ...]], NDArray[np.float64]]:
    """Return the places that the same centres reach as one: those centres, and the people."""
    table = pd.DataFrame({"row": rows, "column": columns}).sort_values(["row", "column"])
    reach = table.groupby("row")["column"].agg(tuple)
    sums = pd.Series(people[reach.index.to_numpy()]).groupby(reach.to_numpy()).sum()
    return list(sums.index), sums.to_numpy(dtype=float)
