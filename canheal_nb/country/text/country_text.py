"""Sentences that briefs, overview and profiles share, made from data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd
from babel.core import UnknownLocaleError
from babel.dates import format_date

from canheal_nb.country.model import Layer
from canheal_nb.indicators import facts, words
from canheal_nb.indicators.measures import Measure
from canheal_nb.need.model.machine_need import LARGE, Need
from canheal_nb.text.locale import N_, _, ngettext

REASONS = {
    "areas_differ": N_(
        "it is not known whether the cases and the machines are of the same area: {areas}"
    ),
    "no_cases": N_("the number of new cases is not known"),
    "no_machines": N_("the number of machines is not known"),
}


def date(text: str) -> str:
    """Return a date of the data (2026-09-10) as one reads it; any other text as it is."""
    try:
        day = dt.date.fromisoformat(text)
        return str(format_date(day, format="long", locale=words.cldr()))
    except (ValueError, UnknownLocaleError):
        return text


def age(year: Any, as_of: dt.date) -> str:
    """Return how old a fact is at the edition's date, by its year."""
    if pd.isna(year):
        return _("age not known")
    years = as_of.year - int(year)
    if years < 0:
        return _("to come")
    if not years:
        return _("this year")
    return ngettext("{n} year old", "{n} years old", years).format(n=years)


def machines(number: float) -> str:
    """Return machines needed or short: one decimal below a hundred, whole above; nought as 0."""
    return words.decimal(number, 1 if 0 < abs(number) < LARGE else 0)


def ways(need: Need, table: int = 0) -> str:
    """Return in how many ways the machines are too few, or why nothing is said.

    `table`: the number of the table that shows all ways, where there is one.
    """
    if need.reason:
        text = _("How many are needed is not said here, for {reason}.")
        return text.format(reason=reason(need))
    if not need.short:
        text = _("Counted in {ways} ways, they are enough in all of them{where}.")
    elif need.short == need.ways:
        text = _("Counted in {ways} ways, they are too few in all of them{where}.")
    else:
        text = _("Counted in {ways} ways, they are too few in {short}{where}.")
    where = _(" (Table {n})").format(n=table) if table else ""
    return text.format(ways=need.ways, short=need.short, where=where)


def reason(need: Need) -> str:
    """Return why no need is computed."""
    areas = facts.note(need.machine_flag) or _("the two are not described alike")
    return _(REASONS[need.reason]).format(areas=areas)


def layer(found: Layer) -> str:
    """Return a layer's number as it may be said: "3", "at least 2" or "not known"."""
    if found.number is None:
        return _("not known")
    number = words.decimal(found.number)
    return _("at least {number}").format(number=number) if found.at_least else number


def layer_list(found: Layer) -> str:
    """Return how complete the list behind a layer is and of when."""
    if not found.as_of:
        return _("no list of this country was read")
    kind = _("list not complete") if found.at_least else _("complete list")
    return _("{kind}, {as_of}").format(kind=kind, as_of=date(found.as_of))


def unlike(measure: Measure, country: str, name: str, looked_at: int) -> str:
    """Return the sentence about the measure on which a country is furthest from the middle."""
    row = measure.table.loc[country]
    note = "; ".join(filter(None, [words.age(row), facts.note(str(row["flag"]))]))
    return _(
        "Of the {n} measures by which countries may be ranked, {country} is furthest from the "
        "middle on this one: {label}, {figure} ({note}), {place}. {union}"
    ).format(
        n=looked_at,
        country=name,
        label=_(measure.label),
        figure=words.figure(measure, country),
        note=note,
        place=words.place(measure, country),
        union=median(measure),
    )


def median(measure: Measure) -> str:
    """Return the middle of the countries known, with its base."""
    known = measure.exact["number"]
    figure = words.significant(float(known.median()), 3)
    text = _("Median country: {figure}, of {known} known.")
    return text.format(figure=figure, known=len(known))


def border(country: str, inside: list[str], outside: list[str], islands: bool) -> str:
    """Return with whom a country shares a land border, in and outside the Union."""
    if islands:
        return _("{country} shares no land border with another country.").format(country=country)
    if not inside:
        text = _("{country} shares no land border with another member state, only with {list}.")
        return text.format(country=country, list=words.listed(outside))
    if not outside:
        return ""
    text = _("It also borders on {list}, outside the Union; no figures for them are here.")
    return text.format(list=words.listed(outside))


def territories(areas: Mapping[str, str], codes: list[str]) -> list[str]:
    """Return names for country codes, the data's own where it has them."""
    from babel import Locale

    named = Locale.parse(words.cldr()).territories
    return [areas.get(code) or str(named.get(code, code)) for code in codes]
