"""What each service is needed for and what stands today, country by country.

Need = a count in the tables (new cases, or people) times a share; the share is sourced, assumed by
whoever asks, or unknown, and then the need is unknown too. Need is in people a year unless the
service says otherwise, what stands today in units. Nothing unknown becomes nought.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from canheal_nb.errors import UserError
from canheal_nb.locale import _
from canheal_nb.model.indicators import Series, layer
from canheal_nb.model.need import CASES, GROUND, MACHINES, SHARE

BREAST = Series("breast_cancer_new_cases", "F", "GLOBOCAN 2022")
PEOPLE = Series("population_total", "T")
CELLS = ("need", "baseline", "capacity", "capital", "running", "life", "lag", "staff")
_MILLION = 1e6


class Tables(Protocol):
    """The tables the services are computed from (columns as in `canheal_nb.data.Dataset`)."""

    @property
    def areas(self) -> pd.DataFrame: ...
    @property
    def indicators(self) -> pd.DataFrame: ...
    @property
    def parameters(self) -> pd.DataFrame: ...


@dataclass(frozen=True)
class Service:
    """How one service is counted.

    `of`: the count the share multiplies (None: no count in the tables fits); `share`: the
    parameter that holds the share, "" where no source states it; `whole`: the count itself is the
    need; `stands`: the series of units that stand today, None where none is known; `unit`: one
    unit of the service; `counted`: what the need counts.
    """

    of: Series | None
    share: str = ""
    whole: bool = False
    stands: Series | None = None
    unit: str = ""
    counted: str = "patients a year"


RULES: Mapping[str, Service] = {
    "radiotherapy": Service(CASES, SHARE, stands=MACHINES, unit="machine"),
    "pet_ct": Service(
        CASES, stands=Series("pet_scanners_number"), unit="scanner", counted="scans a year"
    ),
    "mri": Service(CASES, unit="scanner", counted="scans a year"),
    "molecular_testing": Service(CASES, unit="laboratory"),
    "tumour_boards": Service(CASES, unit="board"),
    "genetic_counselling": Service(BREAST, "gc_need_breast", unit="counsellor"),
    "palliative_home": Service(PEOPLE, whole=True, unit="team", counted="inhabitants"),
    "specialist_nurses": Service(CASES, unit="nurse"),
    "breast_screening": Service(
        PEOPLE,
        stands=Series("mammography_units_number"),
        unit="mammography unit",
        counted="examinations a year",
    ),
    "accreditation": Service(None, unit="centre", counted="centres"),
}
SERVICES = tuple(RULES)


def rule(service: str) -> Service:
    """Return how a service is counted; an unknown id raises `UserError`."""
    if service not in RULES:
        said = _("There is no service {name}. The services are: {known}.")
        raise UserError(said.format(name=service, known=", ".join(SERVICES)), code="service")
    return RULES[service]


def need(tables: Tables, service: str, values: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Return the need of every member state.

    Columns country, need (see `Service.counted`; NaN where unknown), year (of the count), basis
    ("sourced", "assumed" or "none"), flag, source_id (of count and share, joined by "+").
    `values`: assumed values by input; "radiotherapy.need" is the share of the count.
    """
    counted = rule(service)
    share, basis, source = _share(tables, service, counted, values or {})
    found = layer(tables.indicators, counted.of) if counted.of else None
    rows = []
    for country in countries(tables):
        row = None if found is None or country not in found.index else found.loc[country]
        number = math.nan if row is None else float(row["number"]) * share
        known = not math.isnan(number)
        rows.append(
            {
                "country": country,
                "need": number,
                "year": None if row is None or pd.isna(row["year"]) else int(row["year"]),
                "basis": basis if known else "none",
                "flag": "" if row is None else str(row["flag"]),
                "source_id": _joined("" if row is None else str(row["source_id"]), source),
            }
        )
    return pd.DataFrame(rows).astype({"year": "Int64"})


def baseline(
    tables: Tables, service: str, values: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Return the units that stand in every member state, columns as in `need` (baseline: units).

    NaN where no source counts them. Machines counted on another ground than the need (France
    with or without its regions overseas) are left out, flag "areas_differ". An assumed value,
    "mri.baseline", is units per million inhabitants, the same everywhere.
    """
    counted = rule(service)
    per_million = (values or {}).get(f"{service}.baseline")
    series = PEOPLE if per_million is not None else counted.stands
    found = layer(tables.indicators, series) if series else None
    asked = need(tables, service, values).set_index("country")
    rows = []
    for country in countries(tables):
        row = None if found is None or country not in found.index else found.loc[country]
        number = math.nan if row is None else float(row["number"])
        flag = "" if row is None else str(row["flag"])
        if per_million is not None:
            number *= per_million / _MILLION
        elif row is not None and _differ(counted, str(asked.loc[country, "flag"]), flag):
            number, flag = math.nan, f"{flag},areas_differ".lstrip(",")
        basis = "assumed" if per_million is not None else "sourced"
        rows.append(
            {
                "country": country,
                "baseline": number,
                "year": None if row is None or pd.isna(row["year"]) else int(row["year"]),
                "basis": "none" if math.isnan(number) else basis,
                "flag": flag,
                "source_id": "" if row is None else str(row["source_id"]),
            }
        )
    return pd.DataFrame(rows).astype({"year": "Int64"})


def countries(tables: Tables) -> list[str]:
    """Return the member states by id, in order."""
    areas = tables.areas
    return sorted(str(area) for area in areas.index[areas["kind"] == "member_state"])


def _share(
    tables: Tables, service: str, counted: Service, values: Mapping[str, float]
) -> tuple[float, str, str]:
    given = values.get(f"{service}.need")
    if given is not None:
        return float(given), "assumed", ""
    if counted.whole:
        return 1.0, "sourced", ""
    if counted.share and counted.share in tables.parameters.index:
        row = tables.parameters.loc[counted.share]
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
