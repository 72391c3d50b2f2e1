"""Who can reach what, in words and as a measure: "27 % (25 to 30 %)", "at least 42 %", a band."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import pandas as pd

from canheal_nb.access.model.coverage import UNION
from canheal_nb.access.model.definitions import Definition
from canheal_nb.charts.dots import Chart, Dot, Line
from canheal_nb.indicators import words
from canheal_nb.indicators.measures import Measure
from canheal_nb.indicators.series_choice import UnionValue
from canheal_nb.text.locale import _, ngettext

Row: TypeAlias = Mapping[str, Any] | pd.Series
NONE = 5e-5  # a share that nobody would say
GIVEN = (10.0, 25.0, 50.0, 75.0, 90.0)


def percent(share: float) -> str:
    """Return a part of 1 as a modelled percentage: two figures, never 100 where it is not all."""
    if 0.995 <= share < 0.99995:
        return _("over 99")
    return words.significant(100 * share) if share < 0.99 else words.decimal(100 * share)


def spoken(row: Row, weak: bool = False) -> str:
    """Return a share in words, with its slow to fast band; `weak`: only the band is said."""
    if row["state"] == "unknown":
        return _("not known")
    share, low, high = (percent(float(row[name])) for name in ("share", "low", "high"))
    if row["state"] == "at_least" and float(row["share"]) < NONE:
        return _("none known so near")
    if row["state"] == "at_least":
        text = _("{share} %") if float(row["share"]) >= 0.995 else _("at least {share} %")
        text = text.format(share=share)
        return text if low == high else text + " " + band(low, high)
    if low == high:
        return _("{share} %").format(share=share)
    if weak:
        return _("between {low} and {high} %").format(low=low, high=high)
    return _("{share} %").format(share=share) + " " + band(low, high)


def band(low: str, high: str) -> str:
    """Return the ends of the band, slow and fast, in brackets."""
    return _("({low} to {high} %)").format(low=low, high=high)


def short(row: Row, weak: bool = False) -> str:
    """Return a share in few signs, for a row's end."""
    if row["state"] == "unknown":
        return ""
    low, high = percent(float(row["low"])), percent(float(row["high"]))
    if row["state"] == "at_least":
        return _("≥ {share}").format(share=percent(float(row["share"])))
    if weak and low != high:
        return _("{low}–{high}").format(low=low, high=high)
    return percent(float(row["share"]))


def compact(row: Row, weak: bool = False) -> str:
    """Return a share and its band in few signs, for a narrow column: "27 (24–31)"."""
    if row["state"] == "unknown":
        return _("not known")
    if row["state"] == "at_least" and float(row["share"]) < NONE:
        return _("none known")
    ends = [percent(float(row[end])).replace(_("over"), ">") for end in ("low", "high")]
    text = short(row, weak).replace(_("over"), ">")
    if ends[0] == ends[1] or (weak and row["state"] == "exact"):
        return text
    return f"{text} ({ends[0]}–{ends[1]})"


def people(number: float) -> str:
    """Return a number of people that was modelled: "120 million", "74,000"."""
    if number >= 999_500:
        return _("{n} million").format(n=words.significant(number / 1e6))
    return words.significant(number)


def layer_words(name: str) -> str:
    """Return a layer's name in few words, for a row."""
    return {
        "oeci": _("OECI"),
        "national": _("national title"),
        "eunetccc": _("EUnetCCC"),
        "any": _("any of them"),
    }[name]


def measure(
    table: pd.DataFrame,
    definition: Definition,
    limit: int,
    sources: list[str],
    members: tuple[str, ...],
    weak: Mapping[str, bool],
) -> Measure:
    """Return the shares (`reaching.shares`) as what a map shows, in parts of a hundred."""
    union, rows = table.loc[UNION], table.drop(index=UNION)
    known = rows[rows["state"] != "unknown"]
    number = 100 * known["share"]
    shown = pd.DataFrame(
        {
            "number": number,
            "value": [f"{n:.0f}" if n >= 9.95 else f"{n:.1f}" for n in number],
            "low": 100 * known["low"],
            "high": 100 * known["high"],
            "year": pd.array([pd.NA] * len(known), dtype="Int64"),
            "source_id": "+".join(sources),
            "flag": ["estimated" + (",weak" if weak.get(c, False) else "") for c in known.index],
            "note": "",
            "at_least": known["state"] == "at_least",
        },
        index=known.index,
    )
    number_of = UnionValue(
        100 * float(union["share"]), "ratio", len(known), union["state"] == "at_least"
    )
    return Measure(
        id=f"access_{definition.id}_{limit}",
        kind="indicator",
        label=definition.label,
        unit="% of people",
        definition="",
        caveat="",
        direction="more_is_better",
        rank="with care",
        table=shown,
        union=number_of if union["state"] != "unknown" else None,
        members=members,
    )


def chart(
    table: pd.DataFrame,
    names: Mapping[str, str],
    weak: Mapping[str, bool],
    target: float,
    chosen: str,
    title: str,
) -> Chart:
    """Return every country's share against the mark, the Union's as a line."""
    union = table.loc[UNION]
    lines = [Line(target, _("target {number} %").format(number=words.bound(target)), "target")]
    if union["state"] != "unknown":
        lines.insert(0, Line(100 * float(union["share"]), "EU " + short(union)))
    rows = table.drop(index=UNION).to_dict("index").items()
    dots = tuple(dot(row, str(c), names[str(c)], weak.get(str(c), False)) for c, row in rows)
    chosen_ = (chosen,) if chosen else ()
    return Chart(title, _("% of people"), dots, tuple(lines), chosen_, zero=True)


def dot(row: Row, key: str, name: str, weak: bool = False) -> Dot:
    """Return one row of a chart of shares."""
    text = spoken(row, weak)
    if row["state"] == "unknown":
        return Dot(key, name, None, text)
    value, low, high = (100 * float(row[part]) for part in ("share", "low", "high"))
    soft = row["state"] == "at_least"
    return Dot(key, name, value, text, short(row, weak), low, high, soft)


def answer(
    table: pd.DataFrame, area: str, name: str, what: str, limit: int, across: bool, weak: bool
) -> str:
    """Return the finding in one sentence."""
    row = table.loc[area]
    given = {"what": what, "limit": limit, "area": name}
    if row["state"] == "unknown":
        text = _(
            "How many people in {area} live within {limit} minutes of a centre listed as “{what}” "
            "is not known: the list is not there, or names too few."
        )
        return text.format(**given)
    if row["state"] == "at_least" and float(row["share"]) < NONE:
        text = _(
            "Nobody in {area} lives within {limit} minutes by car of a centre that we know to be "
            "listed as “{what}”; the list is not whole, so others may be near."
        )
        return text.format(**given)
    number = people(float(row["persons"]))
    whole = people(float(row["people"]))
    form = _(
        "{share} of the people in {area} live within {limit} minutes by car of a centre in their "
        "own country that is listed as “{what}”: {number} of {whole}."
    )
    if across:
        form = _(
            "{share} of the people in {area} live within {limit} minutes by car of a centre, in "
            "any member state, that is listed as “{what}”: {number} of {whole}."
        )
    if row["state"] == "at_least":
        number = _("at least {n}").format(n=number)
    said = form.format(share=spoken(row, weak), number=number, whole=whole, **given)
    return said[:1].upper() + said[1:]


def union_line(table: pd.DataFrame) -> str:
    """Return the Union's share, to set beside a country's; empty where it is not known."""
    row = table.loc[UNION]
    if row["state"] == "unknown":
        return ""
    return _("European Union: {share} of people.").format(share=spoken(row))


def met_line(table: pd.DataFrame, target: float, policy: str, year: str) -> str:
    """Return how many countries reach the mark; nobody is said to miss it on an open list."""
    rows = table.drop(index=UNION)
    exact, soft = rows[rows["state"] == "exact"], rows[rows["state"] == "at_least"]
    met = int((exact["share"] >= target).sum() + (soft["share"] >= target).sum())
    short_ = int((exact["share"] < target).sum())
    open_ = len(rows) - met - short_
    text = _(
        "{policy} wants {number} % of patients who are eligible to have access to a comprehensive "
        "cancer centre by {year}. It does not say what access is; by this measure, of all people:"
    ).format(policy=policy, number=words.decimal(100 * target), year=year)
    there = ngettext("{n} country is there", "{n} countries are there", met).format(n=met)
    counts = [
        there if met else _("no country is there"),
    ]
    if short_:
        counts.append(ngettext("{n} is below", "{n} are below", short_).format(n=short_))
    if open_:
        counts.append(ngettext("for {n} it is open", "for {n} it is open", open_).format(n=open_))
    return f"{text} {words.listed(counts)}."
