"""The input matrix: per service, what is sourced, what somebody assumed, and what nobody knows.

One row per service and cell. A sourced cell reads one row of the parameters (prices brought to
euros of 2023 by `prices`, or refused with the reason); an assumption replaces it and is named; all
else is "none", never nought. Bounds that are a contrast of two cases are no interval: no low, no
high. What fills which cell is this project's choice, in judgements/service_inputs with its reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from canheal_nb.need.model import prices
from canheal_nb.need.model.services import CELLS, INPUTS, SERVICES, Service, Tables, rules
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.uncertainty.sampling import ASSUMED, NONE, SOURCED

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
    """What fills a cell: the parameter, and `price`, (currency, country), where it is money.

    `parameter`: "" where nothing does, or where a series by country does; `why`: the reason;
    `unit`: the unit of an assumption where nothing is sourced. `weak`: the source is thin (one
    purchase of unsure year, a reseller's page, a copy); a note of the parameter that says weak
    makes it so too.
    """

    parameter: str
    why: str
    price: tuple[str, str] | None = None
    weak: bool = False
    unit: str = ""


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
    has no single value (units by country). A sourced cell can have bounds and no value.
    `price_tables`: by default those of the tables (`prices.of`). Of two assumptions for one
    input: `UserError`.
    """
    money = prices.of(tables) if price_tables is None else price_tables
    chosen = keys(tables)
    given: dict[str, Assumption] = {}
    for each in assumptions:
        if each.input in given:
            said = _("{name} is assumed twice; keep one.")
            raise UserError(said.format(name=each.input), code="twice")
        given[each.input] = each
    rows = []
    parameters, indicators = tables.parameters, tables.indicators[["indicator", "source_id"]]
    for service, counted in rules(tables).items():
        for cell in CELLS:
            name = f"{service}.{cell}"
            key = chosen[name]
            row = _empty(service, cell, counted, key)
            if cell == "baseline" and counted.stands is not None:
                row |= _series(indicators, counted.stands.indicator)
            elif cell == "need" and counted.whole and counted.of is not None:
                row |= _everybody(indicators, counted.of.indicator)
            elif key.parameter in parameters.index:
                row = _parameter(row, parameters.loc[key.parameter], key, money)
            rows.append(_assumed(row, given[name]) if name in given else row)
    return pd.DataFrame(rows, columns=COLUMNS)


@lru_cache(maxsize=4)
def keys(tables: Tables) -> Mapping[str, Key]:
    """Return what fills each cell, by input ("mri.capacity"). Raises UserError for a gap."""
    found = {}
    for row in tables.table(INPUTS).itertuples(index=False):
        price = (str(row.currency), str(row.country)) if row.currency else None
        parameter = str(row.key) if row.kind == "parameter" else ""
        name, weak = f"{row.service}.{row.cell}", row.weak == "yes"
        found[name] = Key(parameter, str(row.why), price, weak, str(row.unit))
    missing = [f"{s}.{c}" for s in SERVICES for c in CELLS if f"{s}.{c}" not in found]
    if missing:
        said = _("The table {table} has no row for {name}; add it, with kind none if nothing is.")
        raise UserError(said.format(table=INPUTS, name=missing[0]), code="inputs-table")
    return found


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


def _everybody(indicators: pd.DataFrame, indicator: str) -> dict[str, object]:
    found = _series(indicators, indicator)
    note = _("everybody is counted; the figure of each country is {key}")
    return found | {"value": 1.0, "note": note.format(key=indicator)} if found else {}


def _series(indicators: pd.DataFrame, indicator: str) -> dict[str, object]:
    """Return what a cell is that a series by country fills; nothing where the series is empty."""
    ids = indicators.loc[indicators["indicator"] == indicator, "source_id"]
    if ids.empty:
        return {}
    return {"basis": SOURCED, "key": indicator, "source_id": "+".join(sorted(set(ids)))}


def _parameter(
    row: dict[str, object],
    found: pd.Series,
    key: Key,
    price_tables: prices.PriceTables,
) -> dict[str, object]:
    interval = found["range_kind"] == "interval"
    low, high = (float(found[name]) if interval else math.nan for name in ("low", "high"))
    row |= {"key": key.parameter, "source_id": str(found["source_id"])}
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
        said = _("{value:.10g} {unit} cannot be brought to euros of {year}: {why}")
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


def _empty(service: str, cell: str, counted: Service, key: Key) -> dict[str, object]:
    units = {"need": "share", "baseline": counted.unit, "life": "years", "lag": "years"}
    return dict.fromkeys(COLUMNS, "") | {
        "service": service,
        "cell": cell,
        "value": math.nan,
        "low": math.nan,
        "high": math.nan,
        "unit": key.unit or units.get(cell, ""),
        "basis": NONE,
        "why": _(key.why) if key.why else "",
        "weak": False,
    }
