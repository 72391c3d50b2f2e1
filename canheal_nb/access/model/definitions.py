"""What is meant by a centre in "who can reach one", and how far its lists allow figures.

Layers of designation come from judgements/ccc_layers, single capabilities from the lists that
allow access to be computed. What a country's list does not cover is not known, never none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from canheal_nb.indicators import capabilities
from canheal_nb.indicators.measures import Tables, members

State = Literal["exact", "at_least", "unknown"]
STATES: dict[str, State] = {"yes": "exact", "at_least": "at_least"}
ANY = "any"
LAYERS = ("oeci", "national", "eunetccc", ANY)
Value = tuple[str, str]


@dataclass(frozen=True)
class Definition:
    """Which centres are meant: those with one of the values of one of the parts.

    `parts`: groups of (capability, value); within a part each value belongs to other countries,
    and only all parts together make the list whole. `layer`: whether it is a designation.
    """

    id: str
    label: str
    layer: bool
    parts: tuple[tuple[Value, ...], ...]

    @property
    def values(self) -> list[Value]:
        """All values of all parts, each once."""
        return list(dict.fromkeys(value for part in self.parts for value in part))


def offered(tables: Tables) -> dict[str, Definition]:
    """Return the definitions by id: the layers of designation, then capabilities by label."""
    found = {one.id: one for one in layers(tables)}
    lists = tables.capability_lists
    allowed = lists.loc[lists["may_compute_access"].isin(list(STATES)), "capability"]
    taken = {value[0] for one in found.values() if len(one.parts) == 1 for value in one.values}
    types = tables.capability_types.loc[sorted(set(allowed))]
    for capability, label in types.loc[types["kind"] == "yes_no", "label"].sort_values().items():
        one = Definition(str(capability), str(label), False, (((str(capability), "yes"),),))
        if one.id not in taken and len(centres(tables, one)):
            found[one.id] = one
    return found


def layers(tables: Tables) -> list[Definition]:
    """Return the layers of designation, and any of them, in the order of `LAYERS`."""
    rows = tables.table("judgements/ccc_layers")
    made: list[Definition] = []
    for name in LAYERS:
        own = rows[rows["layer"] == name]
        if own.empty:
            continue
        values = tuple(zip(own["capability"], own["value"], strict=True))
        parts: tuple[tuple[Value, ...], ...] = (values,)
        if name == ANY:
            parts = tuple(tuple(v for v in values if v in one.values) for one in made)
        made.append(Definition(name, str(own["label"].iloc[0]), True, parts))
    return made


def centres(tables: Tables, definition: Definition) -> pd.DataFrame:
    """Return the centres of member states that are meant and have a place, by centre_id, sorted.

    Columns name, city, country, latitude, longitude (degrees), coordinate_basis.
    """
    every = tables.centres
    found: set[str] = set()
    for capability, value in definition.values:
        found |= set(capabilities.centres_with(tables.capabilities, capability, value))
    inside = every.index.isin(sorted(found)) & every["country"].isin(members(tables.areas))
    columns = ["name", "city", "country", "latitude", "longitude", "coordinate_basis"]
    return every.loc[inside, columns].dropna(subset=["latitude", "longitude"]).sort_index()


def states(tables: Tables, definition: Definition) -> dict[str, State]:
    """Return for each member state whether its list is whole, at least, or says nothing."""
    lists = tables.capability_lists
    return {
        country: _joined(_part(lists, part, country) for part in definition.parts)
        for country in members(tables.areas)
    }


def sources(tables: Tables, definition: Definition) -> list[str]:
    """Return the ids of the sources of the lists and of the facts behind a definition."""
    names = [capability for capability, _value in definition.values]
    ids: list[str] = []
    for rows in (tables.capability_lists, tables.capabilities):
        ids += sorted(rows.loc[rows["capability"].isin(names), "source_id"].unique())
    return list(dict.fromkeys(one for one in ids if one))


def missing(tables: Tables, definition: Definition) -> list[str]:
    """Return what the lists behind a definition leave out, as stated, each once."""
    lists = tables.capability_lists
    names = [capability for capability, _value in definition.values]
    stated = list(lists.loc[lists["capability"].isin(names), "missing"])
    for place, text in enumerate(stated):
        same = lists.loc[lists["capability"] == text.removeprefix("as "), "missing"]
        stated[place] = str(same.iloc[0]) if len(same) else text
    return [text for text in dict.fromkeys(stated) if text]


def _part(lists: pd.DataFrame, part: Iterable[Value], country: str) -> State:
    """The state of one part: by the titles that have a list for this country."""
    found: list[State] = []
    for capability, _value in part:
        rows = lists[(lists["capability"] == capability) & lists["country"].isin([country, "EU"])]
        own = rows[rows["country"] == country]
        rows = own if len(own) else rows
        if len(rows):
            found.append(STATES.get(str(rows["may_compute_access"].iloc[0]), "unknown"))
    return _joined(found)


def _joined(found: Iterable[State]) -> State:
    kinds = set(found)
    if kinds == {"exact"}:
        return "exact"
    return "at_least" if kinds & {"exact", "at_least"} else "unknown"
