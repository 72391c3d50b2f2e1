"""The input matrix: per service, what is sourced, what somebody assumed, and what nobody knows.

One row per service and cell. A sourced cell reads one row of the parameters (prices brought to
euros of 2023 by `prices`, or refused with the reason); an assumption replaces it and is named; all
else is "none", never nought. Bounds that are a contrast of two cases are no interval: no low, no
high. Which parameter fills which cell is this project's choice, listed in `KEYS` with its reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from canheal_nb.errors import UserError
from canheal_nb.locale import N_, _
from canheal_nb.model import prices
from canheal_nb.model.services import CELLS, RULES, SERVICES, Service, Tables

SOURCED, ASSUMED, NONE = "sourced", "assumed", "none"
COLUMNS = [
    "service",
    "cell",
    "value",
    "low",
    "high",
    "unit",
    "basis",
    "key",
    "source_id",
    "by",
    "why",
    "note",
    "range_kind",
    "price_steps",
    "weak",
]


@dataclass(frozen=True)
class Assumption:
    """A value somebody chose where no source has one, or instead of the sourced one.

    `input`: service and cell, as "mri.capacity"; `value`, `low`, `high` in `unit` (bounds NaN
    where not stated); `by`: who chose it; `why`: the reason. Raises `UserError` for an unknown
    input, a value that is not a finite number of nought or more, or bounds that do not hold it.
    """

    input: str
    value: float
    low: float = math.nan
    high: float = math.nan
    unit: str = ""
    by: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        service, _dot, cell = self.input.partition(".")
        if service not in SERVICES or cell not in CELLS:
            said = _("{name} is no input; write a service and a cell, for example mri.capacity.")
            raise UserError(said.format(name=self.input), code="input")
        if not (math.isfinite(self.value) and self.value >= 0):
            said = _("{name}: {value} is no value; give a number of nought or more.")
            raise UserError(said.format(name=self.input, value=self.value), code="value")
        if self.low > self.value or self.high < self.value or self.low < 0:
            said = _("{name}: the value {value:g} must lie between low {low:g} and high {high:g}.")
            said = said.format(name=self.input, value=self.value, low=self.low, high=self.high)
            raise UserError(said, code="range")


@dataclass(frozen=True)
class Key:
    """The parameter that fills a cell: `price`: (currency, country) where it is money.

    `weak`: the source is thin (one purchase of unsure year, a reseller's page, a copy); a note of
    the parameter that says weak makes it so too.
    """

    parameter: str
    why: str
    price: tuple[str, str] | None = None
    weak: bool = False


KEYS: Mapping[str, Key] = {
    "radiotherapy.capacity": Key(
        "linac_patients_quarts", N_("The guideline; other sources give 485 observed and 700.")
    ),
    "radiotherapy.capital": Key(
        "cap_linac_de", N_("One purchase of a machine, without its bunker."), ("EUR", "DE"), True
    ),
    "radiotherapy.running": Key(
        "maint_linac_es",
        N_("For two machines, maintenance only; the year is after the last price index."),
        ("EUR", "ES"),
        True,
    ),
    "radiotherapy.life": Key("life_linac_vendor", N_("What makers are said to claim."), weak=True),
    "radiotherapy.staff": Key("rtt_per_linac", N_("Radiation therapists on the machine at once.")),
    "pet_ct.capital": Key(
        "cap_petct_de", N_("One purchase of a scanner; price year about."), ("EUR", "DE"), True
    ),
    "pet_ct.life": Key("life_imaging_esr", N_("The rule of the radiologists' society.")),
    "mri.capital": Key(
        "cap_mri_de", N_("One purchase of a scanner; price year about."), ("EUR", "DE"), True
    ),
    "mri.life": Key("life_imaging_esr", N_("The rule of the radiologists' society.")),
    "molecular_testing.capital": Key(
        "ngs_lab_platform_nextseq", N_("The sequencer only."), ("EUR", "NL"), True
    ),
    "molecular_testing.running": Key(
        "ngs_tgp_nl", N_("Full cost of one sample, so per sample, not per year."), ("EUR", "NL")
    ),
    "tumour_boards.running": Key(
        "mdt_case_uk", N_("Per case discussed, one kind of board."), ("GBP", "GB")
    ),
    "palliative_home.capacity": Key("pc_home_team", N_("Norm by agreement of experts.")),
    "palliative_home.running": Key(
        "pc_home_day_it", N_("Per day of care of one patient."), ("EUR", "IT")
    ),
    "specialist_nurses.capacity": Key(
        "cns_patients", N_("What was observed in one country, not a norm."), weak=True
    ),
    "breast_screening.running": Key(
        "mammo_nl", N_("Per examination, not per machine."), ("EUR", "NL")
    ),
    "accreditation.capital": Key(
        "accr_total_ch", N_("One accreditation of an acute hospital."), ("CHF", "CH"), True
    ),
}


def matrix(
    tables: Tables,
    assumptions: Iterable[Assumption] = (),
    price_tables: prices.PriceTables | None = None,
) -> pd.DataFrame:
    """Return one row per service and cell, in the order of `SERVICES` and `CELLS`.

    Columns service, cell, value, low, high, unit, basis ("sourced", "assumed", "none"), key (the
    parameter or indicator), source_id, by, why, note, range_kind ("interval", "contrast", ""),
    price_steps (joined by "; "), weak. Money is in euros of 2023; a price that cannot be brought
    there has basis "none" and the reason in `note`. "need" is the share of the count, "baseline"
    has no single value (units by country). A sourced cell can have bounds and no value. Of two
    assumptions for one input: `UserError`.
    """
    given: dict[str, Assumption] = {}
    for each in assumptions:
        if each.input in given:
            said = _("{name} is assumed twice; keep one.")
            raise UserError(said.format(name=each.input), code="twice")
        given[each.input] = each
    rows = []
    for service, counted in RULES.items():
        for cell in CELLS:
            row = _row(tables, service, cell, counted, price_tables)
            rows.append(
                _assumed(row, given[f"{service}.{cell}"]) if f"{service}.{cell}" in given else row
            )
    return pd.DataFrame(rows, columns=COLUMNS)


def share(table: pd.DataFrame) -> dict[str, int]:
    """Return how many cells of a matrix are sourced, assumed and none."""
    return {basis: int((table["basis"] == basis).sum()) for basis in (SOURCED, ASSUMED, NONE)}


def values(table: pd.DataFrame) -> dict[str, float]:
    """Return the assumed values of a matrix by input, as `services.need` takes them."""
    kept = table[table["basis"] == ASSUMED]
    return {f"{row.service}.{row.cell}": float(row.value) for row in kept.itertuples()}


def _assumed(row: dict[str, object], given: Assumption) -> dict[str, object]:
    """Return a row whose figure is the assumption; the sourced one is replaced, and so named."""
    ranged = "interval" if math.isfinite(given.low) or math.isfinite(given.high) else ""
    taken: dict[str, object] = {
        "value": given.value,
        "low": given.low,
        "high": given.high,
        "unit": given.unit or row["unit"],
        "basis": ASSUMED,
        "source_id": "",
        "by": given.by,
        "why": given.why,
        "note": _("instead of {key}").format(key=row["key"]) if row["key"] else "",
        "range_kind": ranged,
        "price_steps": "",
        "weak": False,
    }
    return row | taken


def _row(
    tables: Tables,
    service: str,
    cell: str,
    counted: Service,
    price_tables: prices.PriceTables | None,
) -> dict[str, object]:
    row = _empty(service, cell, counted)
    if cell == "baseline":
        series = counted.stands
        found = series is not None and (tables.indicators["indicator"] == series.indicator).any()
        if series is None or not found:
            return row
        rows = tables.indicators[tables.indicators["indicator"] == series.indicator]
        ids = "+".join(sorted(set(rows["source_id"])))
        return row | {"basis": SOURCED, "key": series.indicator, "source_id": ids}
    if cell == "need" and counted.whole and counted.of is not None:
        note = _("everybody is counted; the figure of each country is {key}")
        name = counted.of.indicator
        rows = tables.indicators[tables.indicators["indicator"] == name]
        ids = "+".join(sorted(set(rows["source_id"])))
        if rows.empty:
            return row
        whole = {"value": 1.0, "basis": SOURCED, "key": name, "source_id": ids}
        return row | whole | {"note": note.format(key=name)}
    key = KEYS.get(f"{service}.{cell}")
    if cell == "need" and counted.share:
        key = Key(counted.share, N_("The share of new cases with a reason for the service."))
    if key is None or key.parameter not in tables.parameters.index:
        return row
    return _parameter(row, tables.parameters.loc[key.parameter], key, price_tables)


def _parameter(
    row: dict[str, object],
    found: pd.Series,
    key: Key,
    price_tables: prices.PriceTables | None,
) -> dict[str, object]:
    interval = found["range_kind"] == "interval"
    low, high = (float(found[name]) if interval else math.nan for name in ("low", "high"))
    row |= {"key": key.parameter, "source_id": str(found["source_id"]), "why": _(key.why)}
    row |= {"note": str(found["note"]), "range_kind": str(found["range_kind"])}
    row |= {"weak": key.weak or "weak" in str(found["note"]).lower()}
    unit = str(found["unit"])
    if key.price is None:
        return row | {
            "value": float(found["value"]),
            "low": low,
            "high": high,
            "unit": unit,
            "basis": SOURCED,
        }
    year, exact = prices.middle_year(str(found["price_year"]))
    price = prices.to_year(float(found["value"]), key.price[0], year, key.price[1], price_tables)
    if price.refused:
        said = _("{value:g} {unit} cannot be brought to euros of {year}: {why}")
        note = said.format(
            value=found["value"], unit=unit, year=prices.TARGET_YEAR, why=price.refused
        )
        return row | {"note": note, "unit": unit}
    steps = list(price.steps)
    if not exact:
        said = _("price year stated as {given}; {year} taken")
        steps.insert(0, said.format(given=found["price_year"], year=year))
    return row | {
        "value": price.value,
        "low": low * price.factor,
        "high": high * price.factor,
        "unit": unit.replace(key.price[0], prices.EURO, 1),
        "basis": SOURCED,
        "price_steps": "; ".join(steps),
    }


def _empty(service: str, cell: str, counted: Service) -> dict[str, object]:
    units = {"need": "share", "baseline": counted.unit, "life": "years", "lag": "years"}
    return dict.fromkeys(COLUMNS, "") | {
        "service": service,
        "cell": cell,
        "value": math.nan,
        "low": math.nan,
        "high": math.nan,
        "unit": units.get(cell, ""),
        "basis": NONE,
        "weak": False,
    }
