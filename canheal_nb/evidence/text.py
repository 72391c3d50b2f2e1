"""What is known, in words and lines of tables: made from the counts of `evidence.model`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import pandas as pd
from babel.dates import format_date

from canheal_nb.evidence import model
from canheal_nb.indicators import words
from canheal_nb.text.locale import _, ngettext

COMPUTED = "computed"
SHADES = 5
NAMED = 8
SOURCE_IDS = 3


def union_answer(known: pd.DataFrame, members: int, centres: tuple[int, int, int]) -> str:
    """Return for how many indicators all countries are known, and how much of the centres is.

    `known`: as `model.known_indicators` makes it; `centres`: see `centres_answer`.
    """
    parts = []
    if len(known):
        full, none = int((known["known"] == members).sum()), int((known["known"] == 0).sum())
        text = ngettext(
            "Of {n} indicators, {full} is known for all {members} countries.",
            "Of {n} indicators, {full} are known for all {members} countries.",
            full,
        )
        text = text if full else _("None of {n} indicators is known for all {members} countries.")
        parts.append(text.format(n=len(known), full=full, members=members))
        if none:
            parts.append(_("For {n} nothing is known.").format(n=none))
    return " ".join([*parts, *centres_answer(*centres)])


def country_answer(
    country: str, indicators: int, missing: list[str], centres: tuple[int, int, int]
) -> str:
    """Return how much is known about one country and what is not; `centres`: `centres_answer`."""
    parts = []
    if indicators:
        text = _("{country}: {known} of {n} indicators are known.")
        known = indicators - len(missing)
        parts.append(text.format(country=country, known=known, n=indicators))
    if 0 < len(missing) <= NAMED:
        parts.append(_("Not known: {list}.").format(list=words.listed(missing)))
    if not centres[1] and centres[2]:
        parts.append(_("No centre of {country} is in our list.").format(country=country))
    return " ".join([*parts, *centres_answer(*centres)])


def centres_answer(known: int, centres: int, capabilities: int) -> list[str]:
    """Return which share of what could be known about centres is: at most one sentence.

    `known`: pairs of a centre and a capability about which some fact is known.
    """
    if not centres or not capabilities:
        return []
    each = ngettext("{n} capability", "{n} capabilities", capabilities).format(n=capabilities)
    text = ngettext(
        "Of {each} of the one centre in our list, {known} are known.",
        "Of {each} for each of {n} centres in our list, {share} % of the answers are known.",
        centres,
    )
    share = words.significant(100 * known / (centres * capabilities))
    return [text.format(n=centres, each=each, share=share, known=known)]


def amounts(figures: pd.DataFrame, facts: pd.DataFrame, as_of: int) -> str:
    """Return how many facts there are and how many of them are old, undated or projections."""
    years = pd.concat([figures["year"], facts["year"]])
    ages = model.ages(years, as_of)
    old, undated, ahead = model.old(years, as_of), ages["not stated"], ages["to come"]
    parts = []
    if len(figures):
        text = ngettext("{n} figure about countries.", "{n} figures about countries.", len(figures))
        parts.append(text.format(n=words.decimal(len(figures))))
    if len(facts):
        text = ngettext("{n} fact about centres.", "{n} facts about centres.", len(facts))
        parts.append(text.format(n=words.decimal(len(facts))))
    if old:
        text = _("{n} are five years old or older, as of {as_of}.")
        parts.append(text.format(n=words.decimal(old), as_of=as_of))
    if undated:
        parts.append(_("For {n} the year is not stated.").format(n=words.decimal(int(undated))))
    if ahead:
        parts.append(_("{n} are projections.").format(n=words.decimal(int(ahead))))
    return " ".join(parts)


def heat_lines(
    counts: pd.DataFrame, full: pd.DataFrame, names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return one line per group: its size, its total, and a cell per country with its shade.

    `full`: the most there can be in each cell. Shade 0 is none; -1 is a country where there is
    nothing to know about (no centre in the list).
    """
    lines = []
    for group, row in counts.drop(columns="of").iterrows():
        most = full.loc[group]
        cells = [_heat_cell(names[a], a, int(row[a]), int(most[a])) for a in row.index]
        lines.append(
            {
                "group": _(str(group)),
                "id": str(group),
                "of": int(counts.loc[group, "of"]),
                "known": words.decimal(int(row.sum())),
                "all": words.decimal(int(most.sum())),
                "cells": cells,
            }
        )
    return lines


def _heat_cell(name: str, area: str, count: int, most: int) -> dict[str, Any]:
    if not most:
        return {"area": area, "text": "–", "shade": -1, "said": name, "most": 0}
    shade = 0 if not count else min(SHADES, 1 + count * (SHADES - 1) // most)
    said = _("{name}: {n} of {all}").format(name=name, n=count, all=most)
    return {"area": area, "text": str(count), "shade": shade, "said": said, "most": most}


def lines(
    known: pd.DataFrame, types: pd.DataFrame, newest: Mapping[str, str] | None
) -> list[dict[str, Any]]:
    """Return the types by group, each with what is known; `newest`: a country's years by type."""
    by_group: dict[str, list[dict[str, Any]]] = {}
    for name, row in known.iterrows():
        kind = types.loc[name]
        by_group.setdefault(str(kind["group"]), []).append(
            {
                "label": _(str(kind["label"])),
                "known": int(row["known"]),
                "yes": int(row.get("yes", 0)),
                "no": int(row.get("no", 0)),
                "facts": words.decimal(int(row["facts"])),
                "years": span(row),
                "editions": editions(row["editions"]),
                "sources": source_ids(row["sources"]),
                "rank": str(kind.get("rank", "")),
                "caveat": _(str(kind["caveat"])),
                "own": newest.get(str(name), _("not known")) if newest is not None else "",
            }
        )
    return [{"group": _(group), "id": group, "rows": rows} for group, rows in by_group.items()]


def span(row: Mapping[str, Any]) -> str:
    """Return the years of a type: "2022", "2019 to 2025; 3 without a year", "not stated"."""
    if not row["facts"]:
        return ""
    if pd.isna(row["first"]):
        return _("year not stated")
    same = row["first"] == row["last"]
    text = str(row["last"]) if same else f"{row['first']}–{row['last']}"
    undated = int(row["undated"])
    if not undated:
        return text
    return text + "; " + _("{n} without a year").format(n=undated)


def year(value: object) -> str:
    """Return a year, or that it is not stated."""
    return _("year not stated") if pd.isna(value) else str(value)


def editions(names: tuple[str, ...]) -> str:
    """Return the editions of a series in words."""
    return "; ".join(_("computed here") if one == COMPUTED else one for one in names)


def source_ids(ids: tuple[str, ...]) -> str:
    """Return the first ids of sources and how many more there are."""
    shown = ", ".join(ids[:SOURCE_IDS])
    rest = len(ids) - SOURCE_IDS
    return shown + " " + _("and {n} more").format(n=rest) if rest > 0 else shown


def age_lines(figures: pd.Series, facts: pd.Series, as_of: int) -> list[tuple[str, str, str]]:
    """Return for each span of ages how many figures about countries and facts about centres."""
    ages = {
        "to come": _("projections for years after {year}").format(year=as_of),
        "0-1": _("{first} or {last}").format(first=as_of - 1, last=as_of),
        "2-4": _("{first} to {last}").format(first=as_of - 4, last=as_of - 2),
        "5-9": _("{first} to {last}").format(first=as_of - 9, last=as_of - 5),
        "10+": _("{last} or older").format(last=as_of - 10),
        "not stated": _("year not stated"),
    }
    left, right = model.ages(figures, as_of), model.ages(facts, as_of)
    return [
        (text, words.decimal(int(left[age])), words.decimal(int(right[age])))
        for age, text in ages.items()
    ]


def permission_lines(permits: pd.Series, counts: pd.Series) -> list[tuple[str, int, str]]:
    """Return how many sources and facts may be passed on, may not, or nobody knows."""
    texts = {
        "yes": _("may be passed on whole"),
        "no": _("may not be passed on whole"),
        "unknown": _("not known whether it may be passed on"),
    }
    return [
        (text, int((permits == word).sum()), words.decimal(int(counts[permits == word].sum())))
        for word, text in texts.items()
    ]


def term_lines(terms: pd.Series, counts: pd.Series) -> list[tuple[str, int, str]]:
    """Return the terms as they were found, with the sources and facts that have them."""
    grouped = counts.groupby(terms).agg(["size", "sum"]).sort_values("sum", ascending=False)
    return [
        (str(text) or _("not stated"), int(row["size"]), words.decimal(int(row["sum"])))
        for text, row in grouped.iterrows()
    ]


def disagreement_lines(
    rows: pd.DataFrame, types: pd.DataFrame, who: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return for each thing that is said differently: who, what, and each saying."""
    if rows.empty:
        return []
    first, second = rows.columns[0], rows.columns[1]
    made = []
    for (subject, kind), said in rows.groupby([first, second], sort=False):
        sayings = [
            {"value": row["value"], "year": year(row["year"]), "source": row["source_id"]}
            for _place, row in said.iterrows()
        ]
        label = _(str(types.at[kind, "label"]))
        made.append({"who": who[str(subject)], "what": label, "sayings": sayings})
    return made


def left_out_lines(table: pd.DataFrame, find: str) -> dict[str, Any]:
    """Return what was left out by reason, how many facts and reasons, and what was sought."""
    found = model.left_out(table, find)
    of_what = {
        "indicators": _("figures about countries"),
        "capabilities": _("facts about centres"),
        "parameters": _("inputs of models"),
    }
    rows = [
        {
            "table": of_what.get(row["table"], row["table"]),
            "reason": row["reason"],
            "facts": words.decimal(row["facts"]),
            "what": ", ".join(row["what"][:NAMED]) + (" …" if len(row["what"]) > NAMED else ""),
        }
        for row in found.to_dict("records")
    ]
    facts = int(found["facts"].sum())
    text = ngettext("{facts} fact, {n} reason", "{facts} facts, {n} reasons", facts)
    return {
        "rows": rows,
        "sum": text.format(facts=words.decimal(facts), n=len(rows)),
        "find": find.strip(),
    }


def date(day: datetime.date) -> str:
    """Return a day in words: 24 November 2026."""
    return str(format_date(day, "long", locale=words.cldr()))


def table_lines(tables: Mapping[str, pd.DataFrame]) -> list[tuple[str, str, str]]:
    """Return each table's rows and the share of its cells in which nothing is stated."""
    named = {
        "areas": _("countries and regions"),
        "capabilities": _("facts about centres"),
        "capability_lists": _("how complete lists are"),
        "capability_types": _("what can be known of a centre"),
        "centres": _("centres"),
        "indicator_types": _("indicators"),
        "indicators": _("figures about countries"),
        "left_out": _("found and not shown"),
        "parameters": _("inputs of models"),
        "sources": _("sources"),
    }
    sizes = model.sizes(tables)
    share = (100 * sizes["empty"] / sizes["cells"].clip(lower=1)).round()
    return [
        (
            named.get(str(name), str(name)),
            words.decimal(int(row["rows"])),
            _("{n} %").format(n=words.decimal(float(share[name]))),
        )
        for name, row in sizes.iterrows()
    ]
