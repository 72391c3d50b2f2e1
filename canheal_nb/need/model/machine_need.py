"""Radiotherapy machines needed: new cases, times the share of patients, by patients a machine.

Every share and every number of patients gives another answer; all are kept, none is preferred.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from canheal_nb.indicators.series_choice import Series, layer

CASES = Series("cancer_new_cases_excl_nmsc", "T", "GLOBOCAN 2022")
MACHINES = Series("radiotherapy_machines_dirac_number")
SHARE = "rtu_ccore_2012"
LOADS = ("linac_patients_quarts", "eortc_pts_unit", "linac_patients_eortc")
GROUND = frozenset({"metropolitan", "whole_island", "government_area", "subnational"})
LARGE = 100


class Tables(Protocol):
    """The tables the need is computed from (columns as in `canheal_nb.data.Dataset`)."""

    @property
    def indicators(self) -> pd.DataFrame: ...
    @property
    def parameters(self) -> pd.DataFrame: ...


@dataclass(frozen=True)
class Need:
    """Machines needed in one country, counted in every way.

    `table`: machines needed, rounded as `said`; index: share of new cases with a reason for
    radiotherapy (fraction, low to high), columns: patients a machine treats in a year. Empty
    where nothing can be said; `reason` is then "no_cases", "no_machines" or "areas_differ".
    `cases`: new cases a year; `machines`: in the register; both NaN where not known. `year`
    and `machine_flag` are those of the cases and of the machines.
    """

    country: str
    cases: float
    machines: float
    table: pd.DataFrame
    reason: str
    year: int | None
    metropolitan: bool
    machine_flag: str
    sources: tuple[str, ...]

    @property
    def ways(self) -> int:
        """In how many ways the need is counted."""
        return int(self.table.size)

    @property
    def gaps(self) -> pd.DataFrame:
        """Machines short in each way; what is more than needed is negative."""
        return (self.table - self.machines).round(1)

    @property
    def short(self) -> int:
        """In how many ways the machines are fewer than needed."""
        return int((self.gaps > 0).to_numpy().sum())


def need(tables: Tables, country: str) -> Need:
    """Return the machines needed in a country; see `Need` for where nothing can be said.

    Cases and machines are set against each other only where both are of the same ground.
    """
    return needs(tables, [country])[country]


def needs(tables: Tables, countries: Iterable[str]) -> dict[str, Need]:
    """Return the need of each country (see `need`)."""
    cases, machines = layer(tables.indicators, CASES), layer(tables.indicators, MACHINES)
    shares, loads = ways(tables.parameters)
    return {
        country: _need(country, _row(cases, country), _row(machines, country), shares, loads)
        for country in countries
    }


def ways(parameters: pd.DataFrame) -> tuple[list[float], list[float]]:
    """Return the shares of new cases (low, central, high) and the patients a machine treats.

    Empty lists where the parameters are missing.
    """
    if not {SHARE, *LOADS} <= set(parameters.index):
        return [], []
    share = parameters.loc[SHARE]
    shares = [float(share[name]) for name in ("low", "value", "high")]
    return shares, sorted(float(parameters.loc[load, "value"]) for load in LOADS)


def parameter_sources(parameters: pd.DataFrame) -> list[str]:
    """Return the ids of the sources behind the shares and the patients a machine treats."""
    known = [name for name in (SHARE, *LOADS) if name in parameters.index]
    return list(dict.fromkeys(str(parameters.loc[name, "source_id"]) for name in known))


def said(machines: float) -> float:
    """Round to what is said: one decimal under a hundred machines, whole ones above.

    Short or enough is decided on the rounded figure, so that no table contradicts itself.
    """
    return round(machines, 1 if machines < LARGE else 0)


def short_counts(found: Mapping[str, Need]) -> pd.DataFrame:
    """Return in how many countries the machines are too few, for each way of counting."""
    return _sum([(need.gaps > 0).astype(int) for need in comparable(found)])


def shortfalls(found: Mapping[str, Need]) -> pd.DataFrame:
    """Return the machines that are short, summed over countries, for each way of counting.

    What one country has more than it needs cancels no lack in another.
    """
    return _sum([need.gaps.clip(lower=0) for need in comparable(found)]).round(1)


def comparable(found: Mapping[str, Need]) -> list[Need]:
    """Return the needs of the countries where something can be said."""
    return [need for need in found.values() if not need.reason]


def _sum(tables: list[pd.DataFrame]) -> pd.DataFrame:
    return sum(tables[1:], start=tables[0]) if tables else pd.DataFrame()


def _row(table: pd.DataFrame, country: str) -> pd.Series | None:
    return table.loc[country] if country in table.index else None


def _need(
    country: str,
    cases: pd.Series | None,
    machines: pd.Series | None,
    shares: list[float],
    loads: list[float],
) -> Need:
    rows = [row for row in (machines, cases) if row is not None]
    reason = _reason(cases, machines)
    people = float("nan") if cases is None else float(cases["number"])
    rows_of = shares if not reason else []
    table = pd.DataFrame(
        [[said(people * share / load) for load in loads] for share in rows_of],
        index=pd.Index(rows_of, dtype="float64"),
        columns=pd.Index(loads, dtype="float64"),
    )
    return Need(
        country=country,
        cases=people,
        machines=float("nan") if machines is None else float(machines["number"]),
        table=table,
        reason=reason,
        year=None if cases is None or pd.isna(cases["year"]) else int(cases["year"]),
        metropolitan=machines is not None and "metropolitan" in _words(machines),
        machine_flag="" if machines is None else str(machines["flag"]),
        sources=tuple(dict.fromkeys(part for row in rows for part in row["source_id"].split("+"))),
    )


def _reason(cases: pd.Series | None, machines: pd.Series | None) -> str:
    if machines is None or pd.isna(machines["number"]):
        return "no_machines"
    if cases is None or pd.isna(cases["number"]):
        return "no_cases"
    unsure = "area_not_stated" in _words(cases) | _words(machines)
    same = _words(cases) & GROUND == _words(machines) & GROUND
    return "areas_differ" if unsure or not same else ""


def _words(row: pd.Series) -> frozenset[str]:
    return frozenset(part.strip() for part in str(row["flag"]).split(","))
