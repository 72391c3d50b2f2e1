"""Sentences and numbers made from data, in the language in use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd
from babel import Locale
from babel.lists import format_list

from canheal_nb.indicators.measures import Measure
from canheal_nb.indicators.series_choice import is_count
from canheal_nb.text.locale import _, language, ngettext
from canheal_nb.text.numbers import SHOWN
from canheal_nb.text.numbers import as_published as as_published
from canheal_nb.text.numbers import as_shown as as_shown
from canheal_nb.text.numbers import bound as bound
from canheal_nb.text.numbers import cldr as cldr
from canheal_nb.text.numbers import decimal as decimal
from canheal_nb.text.numbers import significant as significant

RECORD = re.compile(r"record_(\d{4})")


def country_names(areas: pd.DataFrame) -> dict[str, str]:
    """Return the name of each area in the language in use (Unicode's CLDR; English: ours)."""
    own = {str(area): str(name) for area, name in areas["name"].items()}
    if language() == "en":
        return own
    local = Locale(language()).territories
    return {area: str(local.get(area, name)) for area, name in own.items()}


def listed(items: Iterable[str]) -> str:
    """Return "A, B and C"."""
    return format_list(list(items), locale=cldr())


def decimals(measure: Measure) -> int:
    """Return how many decimals of the measure are said: as published, and few."""
    return min(SHOWN, max((len(v.partition(".")[2]) for v in measure.table["value"]), default=0))


def value_text(measure: Measure, area: str) -> str:
    """Return one area's figure without its unit: "4.2", "at least 3", "not known"."""
    if area not in measure.table.index:
        return _("not known")
    row = measure.table.loc[area]
    if measure.kind == "ratio":
        return significant(float(row["number"]))
    text = as_shown(str(row["value"]))
    if "at_least" in measure.table and row["at_least"]:
        return _("at least {number}").format(number=text)
    return text


def figure(measure: Measure, area: str) -> str:
    """Return one area's figure with its unit: "4.2 per million"."""
    text = value_text(measure, area)
    if area not in measure.table.index:
        return text
    return f"{text} {unit(measure, float(measure.table.loc[area, 'number']))}"


def unit(measure: Measure, number: float = 2) -> str:
    """Return the unit, in the singular for one, and whether men or women only are counted."""
    text = counted(measure.unit, int(number)) if is_count(measure.unit) else _(measure.unit)
    half = {"F": _("women only"), "M": _("men only")}.get(measure.sex, "")
    return f"{text}, {half}" if half else text


def counted(things: str, count: int) -> str:
    """Return the name of what is counted as it stands after the number."""
    forms = {
        "cameras": ngettext("camera", "cameras", count),
        "cases a year": ngettext("case a year", "cases a year", count),
        "centres": ngettext("centre", "centres", count),
        "deaths a year": ngettext("death a year", "deaths a year", count),
        "machines": ngettext("machine", "machines", count),
        "scanners": ngettext("scanner", "scanners", count),
        "units": ngettext("unit", "units", count),
    }
    return forms.get(things) or _(things)


def age(row: Mapping[str, object]) -> str:
    """Return how old a figure is: its year, or the year of the entry it was read from."""
    record = RECORD.search(str(row["flag"]))
    if record:
        return _("entry of {year}").format(year=record.group(1))
    return _("year not stated") if pd.isna(row["year"]) else str(row["year"])


def answer(measure: Measure, names: Mapping[str, str], inner: list[float]) -> str:
    """Return the finding in one sentence, made from the figures.

    For a count of centres: how many countries have none. Else: the countries in the lowest
    class, by name where they are six or fewer.
    """
    table = measure.table
    if table.empty:
        return _("Nothing is known about this for any country.")
    if measure.kind == "centres":
        return _centres_answer(measure, names)
    low = list(table.index[table["number"] < inner[0]]) if inner else []
    if not low and table["number"].nunique() > 1:
        least = float(table["number"].min())
        lowest = listed(names[str(area)] for area in table.index[table["number"] == least])
        text = _("{label}: no country known is below {limit} {unit}; lowest: {name}.")
        limit = bound(inner[0] if inner else least)
        return text.format(label=_(measure.label), limit=limit, unit=unit(measure), name=lowest)
    if not low:
        same = ngettext(
            "{label}: only {n} country is known.",
            "{label}: all {n} countries known have the same figure.",
            len(table),
        )
        return same.format(label=_(measure.label), n=len(table))
    sentence = ngettext(
        "In {n} of the {known} countries whose figures can be used, there are fewer than "
        "{limit} {unit}{list}.",
        "In {n} of the {known} countries whose figures can be used, there are fewer than "
        "{limit} {unit}{list}.",
        len(low),
    )
    if not countable(measure):
        sentence = _(
            "In {n} of the {known} countries whose figures can be used, the figure is below "
            "{limit} {unit}{list}."
        )
    named = ": " + listed(names[area] for area in low) if len(low) <= 6 else ""
    return sentence.format(
        n=len(low), known=len(table), limit=bound(inner[0]), unit=unit(measure), list=named
    )


def countable(measure: Measure) -> bool:
    """Return whether one says "fewer than" of this measure."""
    return measure.kind == "ratio" or is_count(measure.unit)


def _centres_answer(measure: Measure, names: Mapping[str, str]) -> str:
    numbers = measure.table["number"]
    total, without = int(numbers.sum()), list(numbers.index[numbers == 0])
    first = ngettext(
        "{n} centre in the European Union is {label}.",
        "{n} centres in the European Union are {label}.",
        total,
    ).format(n=_at_least(decimal(total), measure), label=_(measure.label))
    first = first[:1].upper() + first[1:]
    if not without:
        return first
    second = ngettext(
        "{n} country has none: {list}.", "{n} countries have none: {list}.", len(without)
    )
    return f"{first} " + second.format(n=len(without), list=listed(names[a] for a in without))


def known_line(measure: Measure, names: Mapping[str, str]) -> str:
    """Return for how many countries the figure is known, and who is missing."""
    text = _("Known for {known} of {all}.").format(
        known=len(measure.table), all=len(measure.members)
    )
    if not measure.unknown:
        return text
    missing = listed(names[area] for area in measure.unknown)
    return f"{text} " + _("Not known: {list}.").format(list=missing)


def union_line(measure: Measure) -> str:
    """Return the Union's figure in words, with what it is; empty where there is none."""
    union = measure.union
    if union is None:
        return ""
    forms = {
        "ratio": _("European Union: {figure} {unit}, over the {known} countries known."),
        "sum": _("European Union: {figure} {unit} in all."),
        "median": _("Median country: {figure} {unit}, of {known} known."),
    }
    if union.how == "ratio":
        figure = significant(union.number)
    else:
        figure = _at_least(decimal(union.number, decimals(measure)), measure)
    words = unit(measure, union.number)
    return forms[union.how].format(figure=figure, unit=words, known=union.known)


def union_short(measure: Measure) -> str:
    """Return the Union's figure in few words, for a line in a chart; empty where there is none."""
    union = measure.union
    if union is None:
        return ""
    ratio = union.how == "ratio"
    figure = significant(union.number) if ratio else decimal(union.number, decimals(measure))
    if union.how == "median":
        return _("median {figure}").format(figure=figure)
    if union.known < len(measure.members):
        return _("all {n} known: {figure}").format(n=union.known, figure=figure)
    return _("EU {figure}").format(figure=figure)


def _at_least(number: str, measure: Measure) -> str:
    """Say "at least" of a sum over the Union that leaves out what is not known."""
    if measure.union is None or not measure.union.at_least:
        return number
    return _("at least {number}").format(number=number)


def place(measure: Measure, country: str) -> str:
    """Return where a country's figure lies among the others known, "at least" left aside."""
    own = float(measure.table.loc[country, "number"])
    others = measure.exact["number"].drop(country, errors="ignore")
    less, more = int((others < own).sum()), int((others > own).sum())
    if not len(others):
        return _("no other country is known")
    if not less:
        text = ngettext(
            "the one other country known has no less",
            "no other of the {n} countries known has less",
            len(others),
        )
        return text.format(n=len(others))
    if not more:
        text = ngettext(
            "the one other country known has no more",
            "no other of the {n} countries known has more",
            len(others),
        )
        return text.format(n=len(others))
    return _("more than in {less} and less than in {more} of the {n} other countries known").format(
        less=less, more=more, n=len(others)
    )


def span(measure: Measure, names: Mapping[str, str]) -> str:
    """Return the lowest and the highest figure with their countries, "at least" left aside."""
    table = measure.exact
    if table.empty:
        return _("not known")
    low, high = str(table["number"].idxmin()), str(table["number"].idxmax())
    return _("{low} ({low_name}) to {high} ({high_name})").format(
        low=value_text(measure, low),
        low_name=names[low],
        high=value_text(measure, high),
        high_name=names[high],
    )


def centres_sentence(country: str, centres: pd.Series, kinds: pd.Series) -> str:
    """Return how many centres of a country are in the list and which OECI has designated.

    `centres`: names by centre_id; `kinds`: CC or CCC by centre_id, designated ones only.
    """
    count = len(centres)
    if not count:
        return _("No cancer centre in {country} is in our list.").format(country=country)
    text = ngettext(
        "One cancer centre in {country} is in our list, {names}.",
        "{n} cancer centres in {country} are in our list.",
        count,
    ).format(n=count, country=country, names=centres.iloc[0])
    ccc, cc = int((kinds == "CCC").sum()), int((kinds == "CC").sum())
    if not ccc + cc:
        return text + " " + _("None has an OECI designation.")
    parts = []
    if ccc:
        form = ngettext("{n} Comprehensive Cancer Centre", "{n} Comprehensive Cancer Centres", ccc)
        parts.append(form.format(n=ccc))
    if cc:
        parts.append(ngettext("{n} Cancer Centre", "{n} Cancer Centres", cc).format(n=cc))
    return text + " " + _("OECI has designated {list}.").format(list=listed(parts))
