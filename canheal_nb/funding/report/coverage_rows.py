"""Who comes within reach when centres of a scenario open or gain a title."""

from __future__ import annotations

import math

import pandas as pd

from canheal_nb.access.model import definitions
from canheal_nb.access.model.coverage import UNION
from canheal_nb.charts import dumbbell
from canheal_nb.funding.model.scenario import Give, Open
from canheal_nb.funding.report.brief_data import Funding
from canheal_nb.indicators import words
from canheal_nb.need.text import service_words
from canheal_nb.reporting.blocks import Block, image
from canheal_nb.text.locale import _


def block(found: Funding) -> Block:
    """Return the shares within reach before and after, for the Union and where people gain."""
    table = found.run.access
    if not len(table):
        return Block("")
    known = definitions.offered(found.dataset)
    parts = []
    for (name, limit), rows in table.groupby(["definition", "limit"], sort=False):
        gains = rows[(rows["gained"] > 0) & (rows["area"] != UNION)]
        kept = pd.concat(
            [rows[rows["area"] == UNION], gains.sort_values("gained", ascending=False)]
        )
        parts.append(
            {
                "label": _(known[str(name)].label),
                "limit": int(str(limit)),
                "whole": bool((kept["state"] == "exact").all()),
                "rows": [_row(found, row) for _place, row in kept.iterrows()],
            }
        )
    return found.block("access", parts=parts)


def picture(found: Funding, place: int) -> Block:
    """Return before and after by country, the longest limit first; nothing without openings."""
    table = found.run.access
    limits = sorted(map(int, table["limit"].unique()), reverse=True) if len(table) else []
    if place >= len(limits):
        return Block("")
    rows = table[(table["limit"] == limits[place]) & (table["area"] != UNION)]
    rows = rows[rows["definition"] == rows["definition"].iloc[0]]
    known = rows["state"] == "exact"
    columns = ("before", "after", "low", "high")
    pairs = [
        dumbbell.Pair(found.names[str(row["area"])], *(100 * float(row[one]) for one in columns))
        for _place, row in rows[known].sort_values(["after", "before"]).iterrows()
    ]
    if not pairs:
        return Block("")
    alt = _("People within {limit} minutes by car, today and with the scenario: {list}.").format(
        limit=limits[place],
        list="; ".join(
            f"{one.name} {words.decimal(one.before)}–{words.decimal(one.after)} %" for one in pairs
        ),
    )
    drawn = dumbbell.svg(pairs, alt, _("per cent of people"))
    missing = [found.names[str(area)] for area in rows.loc[~known, "area"]]
    return found.block(
        "reach", number=place + 1, limit=limits[place], alt=alt, encoded=image(drawn),
        missing=missing,
    )  # fmt: skip


def openings(found: Funding) -> list[dict[str, str]]:
    """Return the centres that open or gain a title: name, place, country, what, year."""
    centres, types = found.dataset.centres, found.dataset.capability_types
    rows = []
    for one in found.openings:
        place = centres.loc[one.centre] if isinstance(one, Give) else None
        country = one.country if isinstance(one, Open) else str(centres.at[one.centre, "country"])
        rows.append(
            {
                "name": one.name if isinstance(one, Open) else str(centres.at[one.centre, "name"]),
                "city": "" if place is None else str(place["city"]),
                "country": found.names[country],
                "what": _(str(types.at[one.capability, "label"])),
                "year": str(one.year),
            }
        )
    return sorted(rows, key=lambda row: (row["country"], row["name"]))


def who(found: Funding) -> dict[str, list[str]]:
    """Return countries by what the longest limit brings them: gains, nothing, unknown."""
    table = found.run.access
    if not len(table):
        return {}
    rows = table[(table["limit"] == table["limit"].max()) & (table["area"] != UNION)]
    rows = rows[rows["definition"] == rows["definition"].iloc[0]]
    known, gains = rows["state"] != "unknown", rows["gained"] > 0
    parts = {"gains": known & gains, "none": known & ~gains, "unknown": ~known}
    return {
        name: [found.names[str(area)] for area in rows.loc[part, "area"]]
        for name, part in parts.items()
    }


def sentence(found: Funding) -> str:
    """Return who comes within reach in the Union in one sentence; empty without openings."""
    table = found.run.access
    parts = []
    for _place, row in table[table["area"] == UNION].iterrows() if len(table) else ():
        if row["state"] != "exact":
            parts.append(_near(row))
            continue
        text = _(
            "{after} of people ({between}, slow to fast) would live within {limit} minutes by car "
            "instead of {before}"
        )
        parts.append(
            text.format(
                after=service_words.share(float(row["after"])),
                between=service_words.between(float(row["low"]), float(row["high"])),
                limit=int(row["limit"]),
                before=service_words.share(float(row["before"])),
            )
        )
    return _("{list}.").format(list="; ".join(parts)) if parts else ""


def gaining(found: Funding) -> str:
    """Return in which countries most people come within the longest limit, in one sentence."""
    table = found.run.access
    limit = int(table["limit"].max())
    rows = table[(table["limit"] == limit) & (table["area"] != UNION) & (table["gained"] > 0)]
    if not len(rows):
        return _("Nobody comes within {limit} minutes who is not there today.").format(limit=limit)
    text = _("{people} in {country}")
    parts = [
        text.format(
            people=service_words.people(float(row["gained"])), country=found.names[str(row["area"])]
        )
        for _place, row in rows.sort_values("gained", ascending=False).head(3).iterrows()
    ]
    told = _("Most people who come within {limit} minutes: {list}.")
    if not (rows["state"] == "exact").all():
        told = _(
            "Most people who come within {limit} minutes and are near no listed centre: {list}; "
            "that list is not whole, so some may be near another already."
        )
    return told.format(limit=limit, list=", ".join(parts))


def title(found: Funding) -> str:
    """Return who comes near a centre that opens, where lists are not whole; "" elsewhere."""
    people = gained(found)
    if not people:
        return ""
    limit = min(people)
    text = _("{people} people live within {limit} minutes by car of {centres}, near none listed")
    names = words.listed(one["name"] for one in openings(found)[:3])
    return text.format(people=service_words.people(people[limit]), limit=limit, centres=names)


def gained(found: Funding) -> dict[int, float]:
    """Return who comes near in the Union by limit, where lists are not whole; else nothing."""
    table = found.run.access
    rows = table[(table["area"] == UNION) & (table["gained"] > 0)] if len(table) else table
    if not len(rows) or (rows["state"] == "exact").any():
        return {}
    return {int(row["limit"]): float(row["gained"]) for _place, row in rows.iterrows()}


def _near(row: pd.Series) -> str:
    """Return who would live near a centre of the scenario where lists are not whole."""
    text = _(
        "{people} people live within {limit} minutes by car of a centre that opens or gains a "
        "title, and of none that is listed"
    )
    return text.format(people=service_words.people(float(row["gained"])), limit=int(row["limit"]))


def shares(found: Funding) -> dict[int, tuple[float, float]]:
    """Return before and after in the Union by limit in minutes, for the first kind of centre."""
    table = found.run.access
    rows = table[table["area"] == UNION] if len(table) else table
    made: dict[int, tuple[float, float]] = {}
    for _place, row in rows.iterrows():
        if row["state"] != "exact":
            continue
        made.setdefault(int(row["limit"]), (float(row["before"]), float(row["after"])))
    return made


def _row(found: Funding, row: pd.Series) -> dict[str, str]:
    least = row["state"] == "at_least"
    at_least = _("at least {share}")
    shares = [float(row[name]) for name in ("before", "after")]
    told = [
        at_least.format(share=service_words.share(share))
        if least and not math.isnan(share)
        else service_words.share(share)
        for share in shares
    ]
    return {
        "area": found.names[str(row["area"])],
        "before": told[0],
        "after": told[1],
        "between": service_words.span(float(row["low"]), float(row["high"])),
        "gained": service_words.people(float(row["gained"])),
    }
