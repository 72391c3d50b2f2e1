"""One centre as the finder shows it: reasons in plain words, what is not known, how to reach it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from canheal_nb.centres.model.selection import Said, list_row
from canheal_nb.centres.text import centre_facts
from canheal_nb.charts.maps.picture import SHAPES
from canheal_nb.data import Dataset
from canheal_nb.finder.screen.attributes import CHILDREN, Known
from canheal_nb.finder.text import finder_text
from canheal_nb.indicators import facts, words
from canheal_nb.indicators.capabilities import newest
from canheal_nb.indicators.measures import DESIGNATION
from canheal_nb.text.locale import _

TITLES = ("national", "eunetccc")


@dataclass(frozen=True)
class Person:
    """What the cards need of the question: the home country, needs, weights, and the tumour."""

    country: str
    needs: Mapping[str, Said]
    weights: Mapping[str, str]
    network: str


@dataclass(frozen=True)
class Card:
    """One centre in the list."""

    centre_id: str
    name: str
    local: str
    place: str
    shape: str
    way: str
    reasons: list[str]
    weighed: list[str]
    unknown: list[str]
    notes: list[str]
    website: str
    sources: list[facts.Source]


def card(
    dataset: Dataset,
    about: Known,
    person: Person,
    centre: str,
    way: str,
    values: Mapping[str, float | None],
) -> Card:
    """Return a centre with what is known of it about what this person asked."""
    row = dataset.centres.loc[centre]
    names = words.country_names(dataset.areas)
    told = [*titles(dataset, about, centre), *held(dataset, about, person, centre)]
    cited = [source for _text, source in told] + [str(row["source_id"])]
    if str(row["country"]) != person.country:
        text = _("in {country}: agree on the payment with your insurer before you travel")
        told.append((text.format(country=names[str(row["country"])]), ""))
    return Card(
        centre,
        str(row["name"]),
        "" if row["name_local"] == row["name"] else str(row["name_local"]),
        ", ".join(filter(None, [str(row["city"]), names[str(row["country"])]])),
        SHAPES[about.kinds.get(centre, "")],
        way,
        [text for text, _source in told],
        finder_text.weighed(about.labels("weight"), person.weights, values),
        unknown(dataset, about, person, centre),
        notes(dataset, centre),
        centre_facts.website(str(row["website"])),
        facts.cited(dataset.sources, sorted({one for one in cited if one})),
    )


def titles(dataset: Dataset, about: Known, centre: str) -> list[tuple[str, str]]:
    """Return who certified or named a centre, each with its source: OECI, state, Union."""
    said = about.said[DESIGNATION]
    found = []
    if centre in said.yes | said.no:
        row = newest(dataset.capabilities, DESIGNATION)
        source = str(row["source_id"][row["centre_id"] == centre].iloc[0])
        country = str(dataset.centres.at[centre, "country"])
        as_of = list_row(dataset, DESIGNATION, country).get("as_of", "")
        kind = about.kinds.get(centre, "")
        title = centre_facts.value(kind) if kind else _("a cancer centre")
        text = finder_text.certificate(title, as_of, held=centre in said.yes)
        found.append((text, source))
    layers = about.tables["layers"]
    for layer in layers[layers["layer"].isin(TITLES)].itertuples():
        rows = newest(dataset.capabilities, str(layer.capability))
        rows = rows[(rows["centre_id"] == centre) & (rows["value"] == layer.value)]
        label = _(str(dataset.capability_types.at[layer.capability, "label"]))
        found += [
            (finder_text.title(label, year), str(source))
            for year, source in zip(rows["year"], rows["source_id"], strict=True)
        ]
    return found


def held(dataset: Dataset, about: Known, person: Person, centre: str) -> list[tuple[str, str]]:
    """Return what the centre is known to have of what is needed, each with its source."""
    asked = [name for name in person.needs if name not in ("adults", DESIGNATION)]
    asked += [person.network] if person.network else []
    found = []
    for capability in dict.fromkeys(asked):
        if centre not in about.said[capability].yes:
            continue
        row = newest(dataset.capabilities, capability).set_index("centre_id").loc[[centre]].iloc[0]
        when = _("year not stated") if pd.isna(row["year"]) else str(row["year"])
        label = _(str(dataset.capability_types.at[capability, "label"]))
        found.append((_("{what}: yes ({when})").format(what=label, when=when), row["source_id"]))
    return [(text, str(source)) for text, source in found]


def unknown(dataset: Dataset, about: Known, person: Person, centre: str) -> list[str]:
    """Return what was asked for and is not known of this centre, as questions to it."""
    labels = {**dataset.capability_types["label"], CHILDREN: _("Treats children with cancer")}
    asked = [*person.needs, *([person.network] if person.network else [])]
    open_ = [n for n in dict.fromkeys(asked) if centre not in about.said[n].yes | about.said[n].no]
    return [_("{what}?").format(what=_(str(labels[name]))) for name in open_]


def notes(dataset: Dataset, centre: str) -> list[str]:
    """Return what the project says about where a centre is, and what its point stands for."""
    table = dataset.table("judgements/centre_notes")
    own = [_(str(note)) for note in table["note"][table["centre_id"] == centre]]
    basis = str(dataset.centres.at[centre, "coordinate_basis"])
    return own or ([] if basis == "hospital" else [centre_facts.basis(basis)])
