"""What the overview of the Union is made from, in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import pandas as pd

from canheal_nb.atlas.model import outliers
from canheal_nb.country import model
from canheal_nb.country.text import comparison_rows, coverage_rows, designations, targets
from canheal_nb.indicators import measures
from canheal_nb.indicators.measures import MACHINES
from canheal_nb.need.model import machine_need
from canheal_nb.need.model.machine_need import Need
from canheal_nb.reporting.blocks import Report, ids


@dataclass(frozen=True)
class Union(Report):
    """The facts about the member states that the overview shows."""

    TEMPLATE: ClassVar[str] = "overview.html"
    TABLES: ClassVar[tuple[str, ...]] = (
        "need",
        "layers",
        "reach",
        "countries",
        "union",
        "sexes",
        "centres",
        "goals",
        "groups",
        "capabilities",
    )

    @property
    def cited(self) -> Iterable[str]:
        """The ids of the sources that the blocks name, in reading order."""
        yield from self._map.sources
        yield from self._need_sources
        yield from self._layer_sources
        yield from coverage_rows.sources(self.dataset)
        for measure in self._standing:
            yield from measure.sources
        for table in self._halves.values():
            yield from ids(table)
        for goal in self._goals:
            yield from goal.sources

    @cached_property
    def _map(self) -> measures.Measure:
        return measures.measure(self.dataset, MACHINES)

    @cached_property
    def _needs(self) -> dict[str, Need]:
        return machine_need.needs(self.dataset, measures.members(self.dataset.areas))

    @property
    def _left_out(self) -> list[Need]:
        return [found for found in self._needs.values() if found.reason]

    @cached_property
    def _need_sources(self) -> list[str]:
        found = [source for n in machine_need.comparable(self._needs) for source in n.sources]
        return list(dict.fromkeys([*found, *machine_need.parameter_sources(self.parameters)]))

    @cached_property
    def _layers(self) -> dict[str, list[model.Layer]]:
        states = measures.members(self.dataset.areas)
        return model.layers(self.dataset, designations.chosen(self.dataset), states)

    @cached_property
    def _layer_sources(self) -> list[str]:
        every = [
            source for row in self._layers.values() for found in row for source in found.sources
        ]
        return list(dict.fromkeys(every))

    @cached_property
    def _compared(self) -> Mapping[str, measures.Measure]:
        return comparison_rows.compared(self.dataset)

    @cached_property
    def _odd(self) -> measures.Measure | None:
        return outliers.widest(comparison_rows.rankable(self.dataset))

    @cached_property
    def _standing(self) -> list[measures.Measure]:
        found = list(self._compared.values())
        if self._odd is not None and self._odd.id not in self._compared:
            found.append(self._odd)
        return found

    @cached_property
    def _halves(self) -> dict[str, pd.DataFrame]:
        return comparison_rows.halves(self.dataset)

    @cached_property
    def _goals(self) -> list[targets.Goal]:
        return targets.goals(self.dataset)
