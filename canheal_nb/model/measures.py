"""A measure: what one map shows, be it an indicator, a computed ratio or a count of centres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from canheal_nb.model import capabilities as caps
from canheal_nb.model import indicators as ind


class Tables(Protocol):
    """The tables a measure is made from (columns as in `canheal_nb.data.Dataset`)."""

    @property
    def areas(self) -> pd.DataFrame: ...
    @property
    def centres(self) -> pd.DataFrame: ...
    @property
    def capabilities(self) -> pd.DataFrame: ...
    @property
    def capability_types(self) -> pd.DataFrame: ...
    @property
    def capability_lists(self) -> pd.DataFrame: ...
    @property
    def indicators(self) -> pd.DataFrame: ...
    @property
    def indicator_types(self) -> pd.DataFrame: ...


@dataclass(frozen=True)
class Ratio:
    """Counts per million people, both published, divided here."""

    counts: str
    people: str


RATIOS = {
    "radiotherapy_machines_dirac_per_million": Ratio(
        "radiotherapy_machines_dirac_number", "population_total"
    ),
}
DESIGNATION = "oeci_accredited"


@dataclass(frozen=True)
class Measure:
    """What a map shows.

    `table`: one row per known member state, indexed by `area_id`, with `number, value, low,
    high, year, source_id, flag, note` and, by kind, `base, count` (ratio) or `at_least` (count of
    centres). `kind`: indicator, ratio or centres. `rank`: "yes", "with care" or "no". `sex`: F
    or M where only one half of a series without a total is shown, else "".
    """

    id: str
    kind: str
    label: str
    unit: str
    definition: str
    caveat: str
    direction: str
    rank: str
    table: pd.DataFrame
    union: ind.UnionValue | None
    members: tuple[str, ...]
    sex: str = ""

    @property
    def exact(self) -> pd.DataFrame:
        """The rows that may be compared: those that are not "at least"."""
        if "at_least" not in self.table:
            return self.table
        return self.table[~self.table["at_least"].astype(bool)]

    @property
    def unknown(self) -> list[str]:
        """The member states without a figure."""
        return [area for area in self.members if area not in self.table.index]

    @property
    def whole(self) -> bool:
        """Whether all figures are whole numbers."""
        return bool((self.table["number"] == self.table["number"].round()).all())

    @property
    def sources(self) -> list[str]:
        """The ids of all sources behind the figures, in order."""
        return sorted({part for ids in self.table["source_id"] for part in ids.split("+") if part})


def members(areas: pd.DataFrame) -> list[str]:
    """Return the 27 member states' ids, sorted by name."""
    states = areas[areas["kind"] == "member_state"]
    return [str(area) for area in states.sort_values("name").index]


def measure(tables: Tables, show: str) -> Measure:
    """Return the measure with this id: an indicator, a ratio or a capability.

    Raises KeyError for an unknown id; questions are checked before.
    """
    if show in tables.capability_types.index:
        return _centres(tables, show)
    kind = tables.indicator_types.loc[show]
    if show in RATIOS:
        table = _ratio(tables, RATIOS[show])
    else:
        table = ind.layer(tables.indicators, ind.Series(show))
    states = members(tables.areas)
    known = ind.members_only(table, states)
    union = ind.union_value(known, str(kind["unit"]))
    return Measure(
        id=show,
        kind="ratio" if show in RATIOS else "indicator",
        label=str(kind["label"]),
        unit=str(kind["unit"]),
        definition=str(kind["definition"]),
        caveat=str(kind["caveat"]),
        direction=str(kind["direction"]),
        rank=str(kind["rank"]),
        table=known,
        union=union,
        members=tuple(states),
        sex="" if show in RATIOS else ind.only_sex(tables.indicators, show),
    )


def offered(tables: Tables) -> dict[str, list[tuple[str, str]]]:
    """Return what a map can show: group -> (id, label), groups and labels sorted.

    Number indicators with at least one figure, the computed ratios, and OECI designation.
    """
    types = tables.indicator_types
    have = set(tables.indicators["indicator"]) | set(RATIOS)
    numbers = types[(types["kind"] == "number") & types.index.isin(have)]
    groups: dict[str, list[tuple[str, str]]] = {}
    for indicator, row in numbers.iterrows():
        groups.setdefault(str(row["group"]), []).append((str(indicator), str(row["label"])))
    capability = tables.capability_types.loc[DESIGNATION]
    groups.setdefault(str(capability["group"]), []).append((DESIGNATION, str(capability["label"])))
    return {name: sorted(items, key=lambda item: item[1]) for name, items in sorted(groups.items())}


def _ratio(tables: Tables, ratio: Ratio) -> pd.DataFrame:
    counts = ind.layer(tables.indicators, ind.Series(ratio.counts))
    people = ind.layer(tables.indicators, ind.Series(ratio.people))
    outermost = tables.areas[tables.areas["kind"] == "outermost_region"]
    apart = tables.indicators[tables.indicators["area_id"].isin(outermost.index)]
    year = people["year"].max()
    same_year = None if pd.isna(year) else int(year)
    overseas = ind.layer(apart, ind.Series(ratio.people, year=same_year))
    return ind.per_million(counts, people, overseas["number"], outermost["country"])


def _centres(tables: Tables, capability: str) -> Measure:
    kind = tables.capability_types.loc[capability]
    states = members(tables.areas)
    table = caps.count_layer(
        tables.centres, tables.capabilities, tables.capability_lists, states, capability
    )
    total = float(table["number"].sum())
    partly = len(table) < len(states) or bool(table["at_least"].any())
    return Measure(
        id=capability,
        kind="centres",
        label=str(kind["label"]),
        unit="centres",
        definition=str(kind["definition"]),
        caveat=str(kind["caveat"]),
        direction="neutral",
        rank="no",
        table=table,
        union=ind.UnionValue(total, "sum", len(table), partly) if len(table) else None,
        members=tuple(states),
    )
