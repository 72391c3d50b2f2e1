"""Everything that is known of one country, and what is not."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from canheal_nb.indicators import measures
from canheal_nb.indicators.measures import Measure, Tables


@dataclass(frozen=True)
class Known:
    """One group of measures: those with a figure for the country and those without."""

    group: str
    known: tuple[Measure, ...]
    unknown: tuple[Measure, ...]


def everything(tables: Tables, area: str) -> list[Known]:
    """Return every measure on offer, by group, with or without a figure for one area.

    Counts of centres are left out: the centres themselves are listed beside them. The measures
    hold the area's row only, so that nothing else can be read off them.
    """
    own = _Only(tables, area)
    groups = []
    for group, items in measures.offered(tables).items():
        made = [
            measures.measure(own, show)
            for show, _label in items
            if show in tables.indicator_types.index
        ]
        known = tuple(m for m in made if area in m.table.index)
        unknown = tuple(m for m in made if area not in m.table.index)
        if made:
            groups.append(Known(group, known, unknown))
    return groups


class _Only:
    """The tables as they are, with the figures of one area and its outermost regions.

    The default edition and year are chosen among the area's own rows, so a country whose newest
    year is older than the others' still shows what it has.
    """

    def __init__(self, tables: Tables, area: str) -> None:
        self._tables = tables
        areas = tables.areas
        kept = areas.index[areas["country"] == area]
        rows = tables.indicators
        self.indicators = rows[rows["area_id"].isin(kept)]
        self.areas = areas
        self.centres = tables.centres
        self.capabilities = tables.capabilities
        self.capability_types = tables.capability_types
        self.capability_lists = tables.capability_lists
        self.indicator_types = tables.indicator_types

    def table(self, name: str) -> pd.DataFrame:
        return self._tables.table(name)
