"""What a scenario is computed on: need, what stands, and the inputs, as arrays built once.

Areas are the member states, services those the scenario names, years its own. Need grows with the
projected new cases of each country (rates of the base year held, population alone changing);
where no projection fits it stays as it is, and `Case.not_modelled` says so.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from canheal_nb.funding.model.scenario import Scenario
from canheal_nb.indicators.series_choice import layer
from canheal_nb.need.model import inputs, services
from canheal_nb.need.model.services import PEOPLE, Tables
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.uncertainty.futures import inputs_of
from canheal_nb.uncertainty.sampling import NONE, Range, sample

Floats = NDArray[np.float64]
PROJECTED = {
    "cancer_new_cases_excl_nmsc": "cancer_new_cases_excl_nmsc_projected",
    "breast_cancer_new_cases": "breast_cancer_new_cases_projected",
}
USED = ("need", "capacity", "capital", "running", "life", "lag")
PER_USE = ("per sample", "per examination", "per case", "per patient")


@dataclass(frozen=True)
class Case:
    """The ground of a scenario, countries A x services I x years T.

    `people`[A]; `count`[A, I] what the need share multiplies (NaN: not known); `growth`[A, I, T]
    of that count since its year; `start`[A, I] units today (NaN: not known); `given`: the inputs
    that have a value, "mri.capacity" -> number; `per_use`: inputs whose price is for one use;
    `counted`, `unit` by service in words; `not_modelled`: ids of what is left out.
    """

    countries: tuple[str, ...]
    services: tuple[str, ...]
    years: tuple[int, ...]
    people: Floats
    count: Floats
    growth: Floats
    start: Floats
    given: Mapping[str, float]
    per_use: frozenset[str]
    matrix: pd.DataFrame
    not_modelled: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Countries, services, years."""
        return len(self.countries), len(self.services), len(self.years)

    @cached_property
    def ranges(self) -> tuple[Range, ...]:
        """The ranges of the inputs that are used, as they are drawn."""
        names = self.matrix["service"] + "." + self.matrix["cell"]
        return inputs_of(self.matrix[names.isin(self.given)]) if len(self.matrix) else ()

    @cached_property
    def own(self) -> pd.DataFrame:
        """The rows of the matrix that are about the case's services."""
        return self.matrix[self.matrix["service"].isin(self.services)].reset_index(drop=True)

    @cached_property
    def kept(self) -> dict[Hashable, Any]:
        """What follows from the ground alone, kept by those who reckon it: all plans share it."""
        return {}

    def drawn(self, seed: int, draws: int) -> Mapping[str, Floats]:
        """Return draws of every range, by input; they are made once."""
        key = ("drawn", seed, draws)
        if key not in self.kept:
            self.kept[key] = sample(self.ranges, seed, 0, draws)
        found: Mapping[str, Floats] = self.kept[key]
        return found

    def input(self, service: str, cell: str) -> float:
        """Return one input's value, NaN where there is none."""
        return self.given.get(f"{service}.{cell}", math.nan)


def case(tables: Tables, matrix: pd.DataFrame, scenario: Scenario) -> Case:
    """Return the ground of a scenario.

    `matrix`: as `inputs.matrix` returns it, with the scenario's assumptions. Services the
    scenario names no need for are kept; nothing is made up for them. Raises UserError when the
    scenario has no service.
    """
    asked = tuple(scenario.services)
    if not asked:
        text = _("The scenario {title} names no service; name one at least, as radiotherapy.")
        raise UserError(text.format(title=scenario.title), code="no-service")
    assumed = inputs.values(matrix)
    areas = services.countries(tables)
    years = tuple(range(scenario.start, scenario.start + scenario.years))
    one = {f"{service}.need": 1.0 for service in asked}
    counts, growths, starts, missing = [], [], [], []
    for service in asked:
        counted = services.need(tables, service, assumed | one).set_index("country")
        counts.append(counted["need"].reindex(areas).to_numpy(dtype=float))
        stands = services.baseline(tables, service, assumed).set_index("country")
        starts.append(stands["baseline"].reindex(areas).to_numpy(dtype=float))
        grown = growth(tables, service, counted, areas, years)
        growths.append(np.ones((len(areas), len(years))) if grown is None else grown)
        if grown is None:
            missing.append(f"growth:{service}")
    given, per_use = _given(matrix, asked)
    missing += _missing(given, asked, np.array(starts))
    people = layer(tables.indicators, PEOPLE)["number"].reindex(areas).to_numpy(dtype=float)
    return Case(
        tuple(areas),
        asked,
        years,
        people,
        np.array(counts).T,
        np.array(growths).transpose(1, 0, 2),
        np.array(starts).T,
        given,
        per_use,
        matrix,
        tuple(missing),
    )


def growth(
    tables: Tables, service: str, counted: pd.DataFrame, areas: list[str], years: tuple[int, ...]
) -> Floats | None:
    """Return the growth of a service's count [A, T] since its year; None without a projection.

    Straight lines between the years of the projection and the year of the count; after the last
    projected year it stays. NaN for a country whose count or projection is not known.
    """
    of = services.rule(service, tables).of
    name = PROJECTED.get(of.indicator) if of else None
    rows = tables.indicators[tables.indicators["indicator"] == name]
    if name is None or rows.empty:
        return None
    found = np.full((len(areas), len(years)), math.nan)
    by_area = dict(iter(rows.groupby("area_id")))
    for place, area in enumerate(areas):
        start, base = counted.loc[area, "year"], float(counted.loc[area, "need"])
        if area not in by_area or pd.isna(start) or not base > 0:
            continue
        line = by_area[area].sort_values("year")
        at = np.concatenate([[float(start)], line["year"].to_numpy(dtype=float)])
        number = np.concatenate([[base], line["number"].to_numpy(dtype=float)])
        found[place] = np.interp(years, at, number) / base
    return found


def units(case_: Case, scenario: Scenario) -> Floats:
    """Return the units a scenario buys, [A, I, T]. Raises UserError for what is outside it."""
    from canheal_nb.funding.model.scenario import added

    bought = np.zeros(case_.shape)
    for (country, service, year), number in added(scenario).items():
        try:
            place = (
                case_.countries.index(country),
                case_.services.index(service),
                case_.years.index(year),
            )
        except ValueError:
            text = _(
                "{country}, {service}, {year}: the change lies outside the scenario; "
                "name its service under services and a year between {first} and {last}."
            )
            said = text.format(
                country=country, service=service, year=year,
                first=case_.years[0], last=case_.years[-1],
            )  # fmt: skip
            raise UserError(said, code="outside-scenario") from None
        bought[place] += number
    return bought


def _given(matrix: pd.DataFrame, asked: tuple[str, ...]) -> tuple[dict[str, float], frozenset[str]]:
    given: dict[str, float] = {}
    per_use = set()
    for row in matrix[matrix["service"].isin(asked) & matrix["cell"].isin(USED)].itertuples():
        name, value = f"{row.service}.{row.cell}", float(row.value)
        if math.isnan(value) and row.basis != NONE:
            value = (float(row.low) + float(row.high)) / 2
        if not math.isnan(value) and row.basis != NONE:
            given[name] = value
            if row.cell == "running" and any(use in str(row.unit) for use in PER_USE):
                per_use.add(name)
    return given, frozenset(per_use)


def _missing(given: Mapping[str, float], asked: tuple[str, ...], starts: Floats) -> list[str]:
    found = []
    for place, service in enumerate(asked):
        found += [f"{cell}:{service}" for cell in USED if f"{service}.{cell}" not in given]
        if np.isnan(starts[place]).all():
            found.append(f"baseline:{service}")
    return [*found, "staff"]
