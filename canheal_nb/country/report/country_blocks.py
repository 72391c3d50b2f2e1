"""What a country's brief is made from: its figures, neighbours, centres, in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import pandas as pd

from canheal_nb.atlas.model import outliers
from canheal_nb.country import model
from canheal_nb.country.text import comparison_rows, coverage_rows, designations
from canheal_nb.indicators import designated_centres, measures
from canheal_nb.indicators.measures import MACHINES
from canheal_nb.need.model import machine_need
from canheal_nb.need.model.machine_need import Need
from canheal_nb.reporting.blocks import Report, ids


@dataclass(frozen=True)
class Country(Report):
    """The facts about one country that its brief shows."""

    TEMPLATE: ClassVar[str] = "brief.html"
    TABLES: ClassVar[tuple[str, ...]] = (
        "need",
        "layers",
        "union",
        "neighbours",
        "sexes",
        "reach",
        "centres",
        "titles",
        "capabilities",
        "map",
    )

    @property
    def cited(self) -> Iterable[str]:
        """The ids of the sources that the blocks name, in reading order."""
        yield from self._map.sources
        yield from self._need_sources
        for found in self._layers:
            yield from found.sources
        yield from self._reach_sources
        yield from designated_centres.designation_sources(self.dataset.capabilities)
        for measure in self._standing:
            yield from measure.sources
        for table in self._halves.values():
            yield from ids(table)
        yield from self._listed
        for title in designations.national(self.dataset, self._country):
            yield title["source_id"]

    @property
    def absent(self) -> set[str]:
        """The tables this country's brief does not have."""
        there = {
            "need": not self._need.reason,
            "neighbours": bool(self._inside),
            "centres": len(self._centres) > 0,
            "titles": bool(designations.national(self.dataset, self._country)),
        }
        return {name for name, has in there.items() if not has}

    @property
    def _country(self) -> str:
        return str(self.question.country)

    @property
    def _name(self) -> str:
        return self.names[self._country]

    @cached_property
    def _centres(self) -> Any:
        centres = self.dataset.centres
        return centres[centres["country"] == self._country].sort_values("name")

    @cached_property
    def _listed(self) -> list[str]:
        return sorted(self._centres["source_id"].unique())

    @cached_property
    def _compared(self) -> Mapping[str, measures.Measure]:
        return comparison_rows.compared(self.dataset)

    @cached_property
    def _map(self) -> measures.Measure:
        return measures.measure(self.dataset, MACHINES)

    @cached_property
    def _rankable(self) -> list[measures.Measure]:
        return comparison_rows.rankable(self.dataset)

    @cached_property
    def _odd(self) -> measures.Measure | None:
        return outliers.most_unlike(self._rankable, self._country)

    @cached_property
    def _standing(self) -> list[measures.Measure]:
        """The measures compared, and the one on which the country is most unlike the others."""
        found = list(self._compared.values())
        if self._odd is not None and self._odd.id not in self._compared:
            found.append(self._odd)
        return found

    @cached_property
    def _need(self) -> Need:
        return machine_need.need(self.dataset, self._country)

    @cached_property
    def _need_sources(self) -> list[str]:
        return [*self._need.sources, *machine_need.parameter_sources(self.parameters)]

    @cached_property
    def _layers(self) -> list[model.Layer]:
        chosen = designations.chosen(self.dataset)
        return model.layers(self.dataset, chosen, [self._country])[self._country]

    @cached_property
    def _reach_sources(self) -> list[str]:
        return coverage_rows.sources(self.dataset, self._country)

    @cached_property
    def _halves(self) -> dict[str, pd.DataFrame]:
        return comparison_rows.halves(self.dataset)

    @cached_property
    def _borders(self) -> list[str]:
        shapes = {shape["id"]: shape for shape in self.shapes["countries"]}
        return list(shapes.get(self._country, {}).get("neighbours", []))

    @cached_property
    def _inside(self) -> list[str]:
        states = measures.members(self.dataset.areas)
        return [area for area in states if area in self._borders]

    @property
    def _outside(self) -> list[str]:
        return [area for area in self._borders if area not in self._inside]
