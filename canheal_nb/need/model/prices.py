"""Bring a sourced price to euros of one year, step by step, or say why it cannot be done.

A price is first brought from its year to the target year by the consumer price index of the
country it was paid in (in that country's money), then changed into euros at the yearly mean rate
of the target year. A missing index or rate is a refusal, never a guess. Index: World Bank national
consumer prices, 2015 = 100; rates: national money per euro (sources in the tables).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import pandas as pd

from canheal_nb.text.locale import _

EURO = "EUR"
TARGET_YEAR = 2023
INDEX = "cpi_index_2015_100"
_OWN_MONEY = {
    "BG": "BGN",
    "CZ": "CZK",
    "DK": "DKK",
    "HU": "HUF",
    "PL": "PLN",
    "RO": "RON",
    "SE": "SEK",
}


@dataclass(frozen=True)
class PriceTables:
    """`money`: area_id, indicator, year, value; `rates`: year, one column per currency."""

    money: pd.DataFrame
    rates: pd.DataFrame


@dataclass(frozen=True)
class Price:
    """A price in euros of the target year (NaN where refused) and how it was reached.

    `factor`: what the given price was multiplied by; `steps`: each step in words; `refused`:
    why there is no figure, "" where there is one.
    """

    value: float
    factor: float
    steps: tuple[str, ...]
    refused: str = ""


class Texts(Protocol):
    """Tables that are handed out as texts by name; they do not change."""

    def __hash__(self) -> int: ...
    def table(self, name: str) -> pd.DataFrame:
        """Return any table as texts."""


@lru_cache(maxsize=4)
def of(tables: Texts) -> PriceTables:
    """Return the price tables of a dataset, read once. Raises UserError where it has none."""
    return from_texts(tables.table("facts/money"), tables.table("facts/exchange_rates"))


def rate_sources(tables: Texts) -> list[str]:
    """Return the ids of the sources of the exchange rates of the target year."""
    rates = tables.table("facts/exchange_rates")
    return list(rates.loc[rates["year"].astype(str) == str(TARGET_YEAR), "source_id"])


def from_texts(money: pd.DataFrame, rates: pd.DataFrame) -> PriceTables:
    """Return the price tables from the texts of `facts/money` and `facts/exchange_rates`.

    An empty cell is a missing figure; a text that is no number raises ValueError.
    """
    typed = rates.drop(columns="source_id").replace("", math.nan).astype("float64")
    numbers = {"year": money["year"].astype(int), "value": money["value"].astype("float64")}
    return PriceTables(money.assign(**numbers), typed)


def middle_year(text: str) -> tuple[int | None, bool]:
    """Return the year that is meant by "2013", "2008-09" or "~2014-16", and whether it is exact.

    Of a span the middle is taken, of two middles the earlier. No year in the text: None.
    """
    found = re.fullmatch(r"(~?)\s*(\d{4})(?:\s*-\s*(\d{2}|\d{4}))?", text.strip())
    if not found:
        return None, False
    about, first, last = found.groups()
    start = int(first)
    end = start if not last else int(last if len(last) == 4 else first[:2] + last)
    return (start + end) // 2, not about and not last


def to_year(
    value: float,
    currency: str,
    year: int | None,
    country: str,
    tables: PriceTables | None,
    target_year: int = TARGET_YEAR,
) -> Price:
    """Return a price in euros of the target year, or a refusal that says why.

    `value`: in `currency` of `year`, paid in `country` (ISO code of two letters). Refused: no
    price year, money that is not the country's own, an index or a rate that is not in the tables.
    """
    if tables is None:
        return _no(_("the tables of prices were not given"))
    if year is None:
        return _no(_("the source states no price year"))
    then, now = (_index(tables.money, country, each) for each in (year, target_year))
    if then is None or now is None:
        missing = year if then is None else target_year
        said = _("no consumer price index of {country} for {year}")
        return _no(said.format(country=country, year=missing))
    if currency != _OWN_MONEY.get(country, EURO):
        said = _("{money} is not the money of the price index of {country}")
        return _no(said.format(money=currency, country=country))
    rate = 1.0 if currency == EURO else _rate(tables.rates, currency, target_year)
    if rate is None:
        said = _("no exchange rate of {money} for {year}")
        return _no(said.format(money=currency, year=target_year))
    factor = now / then / rate
    steps = [
        _("consumer prices of {country}, {then:g} ({year}) to {now:g} ({target})").format(
            country=country, then=then, year=year, now=now, target=target_year
        )
    ]
    if currency != EURO:
        steps.append(
            _("{rate:g} {money} for one euro ({year})").format(
                rate=rate, money=currency, year=target_year
            )
        )
    return Price(value * factor, factor, tuple(steps))


def _no(why: str) -> Price:
    return Price(math.nan, math.nan, (), why)


def _index(money: pd.DataFrame, country: str, year: int) -> float | None:
    kept = (money["area_id"] == country) & (money["indicator"] == INDEX) & (money["year"] == year)
    found = money.loc[kept, "value"]
    return None if found.empty else float(found.iloc[0])


def own_money(country: str, tables: PriceTables, year: int = TARGET_YEAR) -> tuple[str, float]:
    """Return a country's own money and its units per euro, NaN where no rate is known.

    ("", NaN) where its money is the euro.
    """
    currency = _OWN_MONEY.get(country, "")
    rate = _rate(tables.rates, currency, year) if currency else None
    return currency, math.nan if rate is None else rate


def _rate(rates: pd.DataFrame, currency: str, year: int) -> float | None:
    if currency not in rates.columns:
        return None
    found = rates.loc[rates["year"] == year, currency].dropna()
    return None if found.empty else float(found.iloc[0])
