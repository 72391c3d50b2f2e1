"""One centre: every fact with its age and its list, and what nobody has told us."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from canheal_nb.centres.model.selection import list_row, said_of
from canheal_nb.indicators.measures import DESIGNATION, Tables

KIND, UNLISTED = "oeci_designation", "anecdotal"


@dataclass(frozen=True)
class Fact:
    """One fact about a centre: as published, with its age in years (None: year not stated)."""

    value: str
    year: int | None
    age: int | None
    source_id: str
    note: str


@dataclass(frozen=True)
class Known:
    """All facts of a centre about one capability, newest first.

    `completeness` of the list behind it: complete, partial or anecdotal; `as_of`, `missing`: of
    that list. `disputed`: the newest facts about something that is yes, no or a number differ.
    """

    capability: str
    facts: tuple[Fact, ...]
    completeness: str
    as_of: str
    missing: str
    disputed: bool


def age(year: object, as_of: int) -> int | None:
    """Return how many years old a fact is as of a year; None where its year is not stated."""
    return None if pd.isna(year) else as_of - int(str(year))


def known(tables: Tables, centre: str, as_of: int) -> list[Known]:
    """Return everything that is known of a centre, sorted by group and label of the capability."""
    rows = tables.capabilities
    rows = rows[rows["centre_id"] == centre].sort_values("year", ascending=False, kind="stable")
    types = tables.capability_types.sort_values(["group", "label"])
    country = str(tables.centres.loc[centre, "country"])
    found = rows["capability"].unique()
    return [
        _known(tables, rows[rows["capability"] == capability], str(capability), country, as_of)
        for capability in types.index
        if capability in found
    ]


def unknown(tables: Tables, centre: str) -> tuple[list[str], list[str]]:
    """Return the capabilities not known of a centre: to ask it, and those of other countries.

    A capability belongs to another country when all its facts and lists are of that one
    country. Whoever is known to have no OECI certificate is not asked which. Both sorted by
    group and label.
    """
    facts, centres = tables.capabilities, tables.centres["country"]
    country, lists = str(centres[centre]), tables.capability_lists
    found = set(facts["capability"][facts["centre_id"] == centre])
    if centre in said_of(tables, DESIGNATION).no:
        found.add(KIND)
    listed = lists.groupby("capability")["country"].agg(set)
    of = centres.reindex(facts["centre_id"]).groupby(facts["capability"].to_numpy()).agg(set)
    ask: list[str] = []
    elsewhere: list[str] = []
    for capability in map(str, tables.capability_types.sort_values(["group", "label"]).index):
        at = listed[capability] | of.get(capability, set()) if capability in listed else set()
        far = len(at) == 1 and not at & {country, "EU"}
        if capability not in found:
            (elsewhere if far else ask).append(capability)
    return ask, elsewhere


def behind(tables: Tables, capability: str, country: str) -> str:
    """Return how complete the list behind a capability is in a country."""
    return list_row(tables, capability, country).get("completeness", UNLISTED)


def _known(tables: Tables, rows: pd.DataFrame, capability: str, country: str, as_of: int) -> Known:
    row = list_row(tables, capability, country)
    newest = rows[(rows["year"] == rows["year"].max()).fillna(False)]
    values = (newest if len(newest) else rows)["value"].nunique()
    kind = tables.capability_types.loc[capability, "kind"]
    return Known(
        capability,
        tuple(
            Fact(
                str(one.value),
                None if pd.isna(one.year) else int(str(one.year)),
                age(one.year, as_of),
                str(one.source_id),
                str(one.note),
            )
            for one in rows.itertuples()
        ),
        row.get("completeness", UNLISTED),
        row.get("as_of", ""),
        row.get("missing", ""),
        bool(values > 1 and kind != "category"),
    )
