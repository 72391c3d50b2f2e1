"""What is known of a centre, in words: each fact with its age, its list and its source."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import pandas as pd

from canheal_nb.centres.model import centre_profile
from canheal_nb.centres.model.selection import Said
from canheal_nb.data import Dataset
from canheal_nb.indicators import facts, words
from canheal_nb.text.locale import N_, _, ngettext

VALUES = {
    "yes": N_("yes"),
    "no": N_("no"),
    "CC": N_("Cancer Centre"),
    "CCC": N_("Comprehensive Cancer Centre"),
    "affiliated_entity": N_("affiliated entity"),
    "candidate": N_("candidate"),
    "certification_started": N_("certification started"),
    "designated": N_("designated"),
    "full": N_("full member"),
    "associate": N_("associate member"),
    "linked_institution": N_("linked to another member"),
}
COMPLETENESS = {
    "complete": N_("complete list"),
    "partial": N_("partial list"),
    "anecdotal": N_("single finding, no list"),
}
BASES = {
    "hospital": N_("The point on the map is the hospital."),
    "main site": N_("The point on the map is the main site; there are others."),
    "city": N_("The point on the map is the city, not the hospital."),
    "neighbour": N_("The point on the map is a neighbouring hospital."),
}


@dataclass(frozen=True)
class Line:
    """One fact as it is shown."""

    value: str
    age: str
    note: str
    sources: list[facts.Source]


@dataclass(frozen=True)
class Topic:
    """All facts about one capability; `extra` goes under "where from?"."""

    label: str
    lines: list[Line]
    listing: str
    disputed: bool
    extra: str


def value(text: str, unit: str = "") -> str:
    """Return a published value in words: codes spelled out, numbers with their unit."""
    if unit:
        try:
            number = words.as_published(text)
        except ValueError:
            return f"{text} {_(unit)}"
        return f"{number} {_(unit)}"
    return _(VALUES[text]) if text in VALUES else text.replace("_", " ")


def age(year: int | None, years: int | None) -> str:
    """Return when a fact is from and how old it is as of the edition."""
    if year is None or years is None:
        return _("year not stated")
    if years <= 0:
        return _("{year}, this year").format(year=year) if not years else str(year)
    old = ngettext("{n} year old", "{n} years old", years).format(n=years)
    return f"{year}, {old}"


def listing(known: centre_profile.Known) -> str:
    """Return how complete the list behind a fact is, and of when."""
    text = _(COMPLETENESS[known.completeness])
    if not known.as_of:
        return text
    form = _("{list} of {date}") if known.as_of[0].isdigit() else _("{list}, {date}")
    return form.format(list=text, date=known.as_of)


def topics(dataset: Dataset, centre: str) -> dict[str, list[Topic]]:
    """Return every fact about a centre, by group."""
    types, sources = dataset.capability_types, dataset.sources
    groups: dict[str, list[Topic]] = {}
    for known in centre_profile.known(dataset, centre, dataset.edition.as_of.year):
        kind = types.loc[known.capability]
        lines = [
            Line(
                value(fact.value, str(kind["unit"])),
                age(fact.year, fact.age),
                fact.note,
                facts.cited(sources, [fact.source_id] if fact.source_id else []),
            )
            for fact in known.facts
        ]
        extra = [_(str(kind["definition"])), _(str(kind["caveat"]))]
        if known.missing:
            extra.append(_("What the list leaves out: {text}.").format(text=known.missing))
        topic = Topic(
            _(str(kind["label"])), lines, listing(known), known.disputed, " ".join(extra).strip()
        )
        groups.setdefault(_(str(kind["group"])), []).append(topic)
    return groups


def questions(dataset: Dataset, centre: str) -> tuple[dict[str, list[tuple[str, str]]], list[str]]:
    """Return what is not known, by group as (question, definition), and titles of elsewhere."""
    types = dataset.capability_types
    ask, elsewhere = centre_profile.unknown(dataset, centre)
    groups: dict[str, list[tuple[str, str]]] = {}
    for capability in ask:
        kind = types.loc[capability]
        asked = (_("{what}?").format(what=_(str(kind["label"]))), _(str(kind["definition"])))
        groups.setdefault(_(str(kind["group"])), []).append(asked)
    return groups, [_(str(types.loc[capability, "label"])) for capability in elsewhere]


def behind(
    dataset: Dataset, asked: dict[str, list[str]], centres: list[str]
) -> list[tuple[str, str, list[facts.Source]]]:
    """Return for each thing asked (label -> capabilities) what it means and who says so.

    Sources: of all facts about it among `centres`.
    """
    types, rows = dataset.capability_types, dataset.capabilities
    rows = rows[rows["centre_id"].isin(centres)]
    found = []
    for label, capabilities in asked.items():
        told = types[types.index.isin(capabilities)][["definition", "caveat"]].to_numpy().ravel()
        ids = sorted(rows["source_id"][rows["capability"].isin(capabilities)].unique())
        text = " ".join(_(str(part)) for part in told if part)
        found.append((label, text, facts.cited(dataset.sources, ids)))
    return found


def findings(
    dataset: Dataset, criteria: dict[str, Said], centres: list[str]
) -> dict[str, list[str]]:
    """Return for each centre what the chosen capabilities' newest facts say, as short lines."""
    as_of = dataset.edition.as_of.year
    found: dict[str, list[str]] = {centre: [] for centre in centres}
    rows = dataset.capabilities
    rows = rows[rows["capability"].isin(criteria) & rows["centre_id"].isin(found)]
    types = dataset.capability_types
    lists: dict[tuple[str, str], str] = {}
    country = dataset.centres["country"]
    for capability in criteria:
        own = rows[(rows["capability"] == capability) & (rows["value"] == "yes")]
        own = own.sort_values("year", ascending=False).drop_duplicates("centre_id")
        for row in own.itertuples():
            key = (capability, str(country[row.centre_id]))
            if key not in lists:
                lists[key] = centre_profile.behind(dataset, *key)
            year = None if pd.isna(row.year) else int(str(row.year))
            text = _("{what}: {age}; {list}").format(
                what=_(str(types.loc[capability, "label"])),
                age=age(year, centre_profile.age(row.year, as_of)),
                list=_(COMPLETENESS[lists[key]]),
            )
            found[str(row.centre_id)].append(text)
    return found


def summary(dataset: Dataset) -> dict[str, str]:
    """Return for each centre how many facts are known and of when the newest is."""
    by_centre = dataset.capabilities.groupby("centre_id")
    said = {}
    for centre, table in by_centre:
        text = ngettext("{n} fact", "{n} facts", len(table)).format(n=len(table))
        newest = table["year"].max()
        if not pd.isna(newest):
            text = _("{facts}, newest of {year}").format(facts=text, year=int(newest))
        said[str(centre)] = text
    return said


def website(address: str) -> str:
    """Return an address that is safe to link to; empty for anything but a web page."""
    parts = urlsplit(address)
    return address if parts.scheme in ("http", "https") and parts.netloc else ""


def basis(text: str) -> str:
    """Return what the point on the map stands for."""
    return _(BASES[text]) if text in BASES else _("It is not stated what the point stands for.")
