"""What each service is needed for and what stands today, country by country.

Need = a count in the tables (new cases, or people) times a share; the share is sourced, assumed by
whoever asks, or unknown, and then the need is unknown too. Need is in people a year unless the
service says otherwise, what stands today in units. Nothing unknown becomes nought. Which count and
which share belong to a service is the project's choice, in judgements/services and service_inputs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
import pandas as pd

from canheal_nb.indicators.series_choice import Series, layer
from canheal_nb.need.model.machine_need import GROUND
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

SERVICES = (
    "radiotherapy",
    "pet_ct",
    "mri",
    "molecular_testing",
    "tumour_boards",
    "genetic_counselling",
    "palliative_home",
    "specialist_nurses",
    "breast_screening",
    "accreditation",
)
CELLS = ("need", "baseline", "capacity", "capital", "running", "life", "lag", "staff")
PEOPLE = Series("population_total", "T")
TABLE, INPUTS = "judgements/services", "judgements/service_inputs"
WHOLE, DIFFER = "whole", "areas_differ"
_MILLION = 1e6


class Tables(Protocol):
    """The tables the services are computed from (columns as in `canheal_nb.data.Dataset`).

    They do not change: what is read from them is kept.
    """

    def __hash__(self) -> int: ...

    @property
    def areas(self) -> pd.DataFrame: ...
    @property
    def indicators(self) -> pd.DataFrame: ...
    @property
    def parameters(self) -> pd.DataFrame: ...
    def table(self, name: str) -> pd.DataFrame:
        """Return any table as texts."""


@dataclass(frozen=True)
class Service:
    """How one service is counted.

    `of`: the count the share multiplies (None: no count in the tables fits); `share`: the
    parameter that holds the share, "" where no source states it; `whole`: the count itself is the
    need; `stands`: the series of units that stand today, None where none is known; `unit`: one
    unit of the service; `counted`: what the need counts; `why`: the reason for this count.
    """

    of: Series | None
    share: str = ""
    whole: bool = False
    stands: Series | None = None
    unit: str = ""
    counted: str = "patients a year"
    why: str = ""


@dataclass(frozen=True)
class Layer:
    """A series by member state, in the order of `countries`; NaN and None where not known."""

    number: np.ndarray
    year: list[int | None]
    flag: list[str]
    source: list[str]


class _Read:
    """What was read from some tables: rules, countries, and each series once."""

    def __init__(self, tables: Tables) -> None:
        areas = tables.areas
        self.countries = sorted(str(a) for a in areas.index[areas["kind"] == "member_state"])
        self.rules = _rules(tables.table(TABLE), tables.table(INPUTS))
        self.parameters = tables.parameters
        self._indicators = tables.indicators
        self._layers: dict[Series | None, Layer] = {}

    def layer(self, series: Series | None) -> Layer:
        if series not in self._layers:
            self._layers[series] = self._found(series)
        return self._layers[series]

    def _found(self, series: Series | None) -> Layer:
        n = len(self.countries)
        if series is None:
            return Layer(np.full(n, math.nan), [None] * n, [""] * n, [""] * n)
        rows = layer(self._indicators, series).reindex(self.countries)
        return Layer(
            rows["number"].to_numpy(dtype=float),
            [None if pd.isna(year) else int(year) for year in rows["year"]],
            ["" if pd.isna(flag) else str(flag) for flag in rows["flag"]],
            ["" if pd.isna(source) else str(source) for source in rows["source_id"]],
        )


@lru_cache(maxsize=4)
def _read(tables: Tables) -> _Read:
    return _Read(tables)


def rules(tables: Tables) -> Mapping[str, Service]:
    """Return how every service is counted, by id, in the order of `SERVICES`.

    Raises UserError when the table of services names others than these.
    """
    return _read(tables).rules


def rule(service: str, tables: Tables) -> Service:
    """Return how a service is counted; an unknown id raises `UserError`."""
    if service not in SERVICES:
        said = _("There is no service {name}. The services are: {known}.")
        raise UserError(said.format(name=service, known=", ".join(SERVICES)), code="service")
    return rules(tables)[service]


def need(tables: Tables, service: str, values: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Return the need of every member state: need = count x share.

    Columns country, need (see `Service.counted`; NaN where unknown), year (of the count), basis
    ("sourced", "assumed" or "none"), flag, source_id (of count and share, joined by "+"), count
    (what `Service.of` counts), share (NaN where unknown). `values`: assumed values by input;
    "radiotherapy.need" is the share of the count.
    """
    counted, read = rule(service, tables), _read(tables)
    share, basis, source = _share(read.parameters, service, counted, values or {})
    found = read.layer(counted.of)
    number = found.number * share
    return pd.DataFrame(
        {
            "country": read.countries,
            "need": number,
            "year": pd.array(found.year, dtype="Int64"),
            "basis": ["none" if math.isnan(each) else basis for each in number],
            "flag": found.flag,
            "source_id": [_joined(each, source) for each in found.source],
            "count": found.number,
            "share": share,
        }
    )


def baseline(
    tables: Tables, service: str, values: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Return the units that stand in every member state.

    Columns country, baseline (units), year, basis, flag, source_id as in `need`, and reported:
    the units as the source counts them. NaN where no source counts them. Units that are not
    surely counted on the same ground as the need (France with or without its regions overseas)
    are not set against it: baseline NaN, flag "areas_differ", reported as it is. An assumed
    value, "mri.baseline", is units per million inhabitants, the same everywhere.
    """
    counted, read = rule(service, tables), _read(tables)
    per_million = (values or {}).get(f"{service}.baseline")
    found = read.layer(PEOPLE if per_million is not None else counted.stands)
    reported = found.number if per_million is None else found.number * per_million / _MILLION
    cases = read.layer(counted.of).flag
    apart = [
        per_million is None and not math.isnan(number) and _differ(counted, case, flag)
        for number, case, flag in zip(reported, cases, found.flag, strict=True)
    ]
    number = np.where(apart, math.nan, reported)
    basis = "sourced" if per_million is None else "assumed"
    flags = zip(found.flag, apart, strict=True)
    return pd.DataFrame(
        {
            "country": read.countries,
            "baseline": number,
            "year": pd.array(found.year, dtype="Int64"),
            "basis": ["none" if math.isnan(each) else basis for each in number],
            "flag": [f"{flag},{DIFFER}".lstrip(",") if off else flag for flag, off in flags],
            "source_id": found.source,
            "reported": reported,
        }
    )


def countries(tables: Tables) -> list[str]:
    """Return the member states by id, in order."""
    return list(_read(tables).countries)


def _rules(rows: pd.DataFrame, cells: pd.DataFrame) -> dict[str, Service]:
    known = rows.set_index("service")
    if sorted(known.index) != sorted(SERVICES):
        said = _("The table {table} names {found}; it must name once each: {known}.")
        words = {"table": TABLE, "found": ", ".join(known.index), "known": ", ".join(SERVICES)}
        raise UserError(said.format(**words), code="services-table")
    kinds = cells.set_index(["service", "cell"])[["kind", "key"]]
    found = {}
    for service in SERVICES:
        row, share = known.loc[service], kinds.loc[(service, "need")]
        stands = kinds.loc[(service, "baseline")]
        found[service] = Service(
            Series(row["count"], row["sex"], row["edition"]) if row["count"] else None,
            str(share["key"]) if share["kind"] == "parameter" else "",
            share["kind"] == WHOLE,
            Series(str(stands["key"])) if stands["kind"] == "indicator" else None,
            str(row["unit"]),
            str(row["counted"]),
            str(row["why"]),
        )
    return found


def _share(
    parameters: pd.DataFrame, service: str, counted: Service, values: Mapping[str, float]
) -> tuple[float, str, str]:
    given = values.get(f"{service}.need")
    if given is not None:
        return float(given), "assumed", ""
    if counted.whole:
        return 1.0, "sourced", ""
    if counted.share and counted.share in parameters.index:
        row = parameters.loc[counted.share]
        return float(row["value"]), "sourced", str(row["source_id"])
    return math.nan, "none", ""


def _differ(counted: Service, cases: str, units: str) -> bool:
    return counted.of != PEOPLE and _apart(cases, units)


def _apart(one: str, other: str) -> bool:
    """Return whether two figures, by their flags, are not surely of the same ground."""
    words = [frozenset(part.strip() for part in flag.split(",")) for flag in (one, other)]
    unsure = "area_not_stated" in words[0] | words[1]
    return unsure or words[0] & GROUND != words[1] & GROUND


def _joined(*ids: str) -> str:
    return "+".join(dict.fromkeys(part for each in ids for part in each.split("+") if part))
