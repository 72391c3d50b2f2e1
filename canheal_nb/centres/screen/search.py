"""Centres: who is known to have what, on a list and a map that show the same, one beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import pandas as pd

from canheal_nb.centres.model import centre_profile, selection
from canheal_nb.centres.model.selection import Said, Split
from canheal_nb.centres.question import Centres
from canheal_nb.centres.screen.centre_list import rows, saved
from canheal_nb.centres.text import centre_facts, centre_map, search_text
from canheal_nb.charts.maps.picture import SHAPES
from canheal_nb.data import Dataset
from canheal_nb.indicators import facts, words
from canheal_nb.indicators.designated_centres import designations
from canheal_nb.indicators.measures import DESIGNATION
from canheal_nb.screens.shell import Screen
from canheal_nb.text.locale import _, ngettext
from canheal_nb.text.question import parts

TEMPLATE = "centres.html"
LAYERS, NOTES = "judgements/ccc_layers", "judgements/centre_notes"
LAYERS_SHOWN = ("national", "eunetccc", "any")


@dataclass(frozen=True)
class Option:
    """One thing to choose: how much is known of it, and how many centres would remain."""

    value: str
    label: str
    left: int
    known: str = ""
    chosen: bool = False


def vocabulary(dataset: Dataset) -> dict[str, list[str]]:
    """Return the ids that the question may name."""
    centres = dataset.centres
    return {
        "country": sorted(map(str, centres["country"].unique())),
        "capability": list(selection.filters(dataset)[0]),
        "centre": list(map(str, centres.index)),
    }


def screen(question: Centres, dataset: Dataset, notice: str = "") -> Screen:
    """Return what the screen shows for a question: a template's context and the map's marks."""
    usable, too_little, layers, layer, where = background(dataset)
    chosen = {capability: usable[capability] for capability in parts(question.has)}
    title = {question.designation: layer[question.designation]} if question.designation else {}
    centres, names = dataset.centres, words.country_names(dataset.areas)
    base = selection.matching(centres, question.find, question.country)
    split = selection.combine(base, [*chosen.values(), *title.values()])
    kinds = {str(i): str(kind) for i, kind in designations(dataset.capabilities).items()}
    geometry = dataset.map
    shown = where.loc[[i for i in where.index if i in split.yes]]
    own = where.loc[[question.centre]] if question.centre in where.index else where.iloc[:0]
    drawn = {
        "symbols": centre_map.symbols(centre_map.points(shown, centres, kinds)),
        "chosen": centre_map.chosen(next(iter(centre_map.points(own, centres, kinds)), None)),
    }
    told = labels(dataset, layers)
    asked = [told[key] for key in (*chosen, *title)]
    meant = {told[key]: [key] for key in chosen}
    meant |= {told[key]: capabilities_of(layers, key) for key in title}
    about = centre_facts.behind(dataset, meant, base)
    listed = rows(dataset, split.yes, chosen, kinds, names)
    said = search_text.answer(
        split, len(base), asked, names.get(question.country, ""), question.find
    )
    context = {
        "question": question,
        "notice": notice,
        "answer": said,
        "rest": search_text.rest(split, bool(asked)),
        "filters": capability_options(dataset, usable, chosen, split, told),
        "too_little": [
            (told[key], search_text.known_for(one, len(centres))) for key, one in too_little.items()
        ],
        "designations": designation_options(layer, base, chosen, question, told),
        "countries": country_options(dataset, question, [*chosen.values(), *title.values()], names),
        "judgements": judgements(layers),
        "map_svg": centre_map.base_svg(
            geometry, names, drawn["symbols"], drawn["chosen"], question.country
        ),
        "map_label": search_text.map_label(said),
        "nearest": centre_map.NEAREST,
        "frame": centre_map.frame(shown, geometry) if len(shown) else "",
        "unplaced": len(split.yes) - len(shown),
        "symbol_key": [(SHAPES[kind], facts.designation_words(kind)) for kind in SHAPES],
        "neutrality": geometry["notes"]["neutrality"],
        "rows": listed,
        "about": about,
        "asked": asked,
        "without": rows(dataset, split.no, {}, kinds, names),
        "unknown": rows(dataset, split.unknown, {}, kinds, names),
        "profile": profile(dataset, question.centre, own, layers, names),
    }
    marks = {
        "ring": {"d": centre_map.ring(geometry, question.country)},
        "centre-map": {"aria-label": context["map_label"]},
    }
    cited = {source.source_id: source for _label, _text, found in about for source in found}
    save = partial(saved, question, dataset, said, listed, cited)
    return Screen(question, TEMPLATE, context, marks, drawn, save)


def capabilities_of(layers: pd.DataFrame, which: str) -> list[str]:
    """Return the capabilities behind a designation."""
    if which in selection.OECI:
        return [DESIGNATION, centre_profile.KIND]
    return [str(c) for c in layers["capability"][layers["layer"] == which]]


@lru_cache(maxsize=2)
def background(dataset: Dataset) -> tuple[Any, ...]:
    """Return what does not depend on the question: what is known of all centres, and their places.

    The filters, what is too little known for one, the table of layers, what is known of each
    designation, `x, y` of the centres.
    """
    layers = dataset.table(LAYERS)
    known = {w: selection.designated(dataset, layers, w) for w in (*selection.OECI, *LAYERS_SHOWN)}
    where = centre_map.located(dataset.centres, dataset.map)
    return (*selection.filters(dataset), layers, known, where)


def labels(dataset: Dataset, layers: pd.DataFrame) -> dict[str, str]:
    """Return the words for every capability and designation that can be asked for."""
    told = {str(c): _(str(text)) for c, text in dataset.capability_types["label"].items()}
    told |= {str(row.layer): _(str(row.label)) for row in layers.itertuples()}
    return told | {kind: facts.designation_words(kind) for kind in selection.OECI}


def capability_options(
    dataset: Dataset,
    usable: Mapping[str, Said],
    chosen: Mapping[str, Said],
    split: Split,
    told: Mapping[str, str],
) -> dict[str, list[Option]]:
    """Return the capabilities to choose from, by group."""
    groups: dict[str, list[Option]] = {}
    for key, said in usable.items():
        option = Option(
            key,
            told[key],
            len(split.yes & said.yes),
            search_text.known_for(said, len(dataset.centres)),
            key in chosen,
        )
        group = _(str(dataset.capability_types.loc[key, "group"]))
        groups.setdefault(group, []).append(option)
    return groups


def designation_options(
    layer: Mapping[str, Said],
    base: list[str],
    chosen: Mapping[str, Said],
    question: Centres,
    told: Mapping[str, str],
) -> list[Option]:
    """Return the designations to choose from; each replaces the one that is chosen."""
    every = len(selection.combine(base, chosen.values()).yes)
    options = [Option("", _("with or without"), every, chosen=not question.designation)]
    for which, said in layer.items():
        left = len(selection.combine(base, [*chosen.values(), said]).yes)
        options.append(Option(which, told[which], left, chosen=which == question.designation))
    return options


def country_options(
    dataset: Dataset, question: Centres, criteria: list[Said], names: Mapping[str, str]
) -> list[Option]:
    """Return the countries that have a centre in the list, by name, with how many would remain."""
    centres = dataset.centres
    found = selection.combine(selection.matching(centres, question.find), criteria).yes
    counts = centres["country"].reindex(sorted(found)).value_counts()
    options = [
        Option(str(c), names[str(c)], int(counts.get(c, 0)), chosen=c == question.country)
        for c in centres["country"].unique()
    ]
    every = Option("", _("all countries"), len(found), chosen=not question.country)
    return [every, *sorted(options, key=lambda option: option.label)]


def judgements(layers: pd.DataFrame) -> list[tuple[str, str]]:
    """Return for each layer which titles count, and why: the project's own judgement."""
    kept = layers[layers["layer"] != "any"].drop_duplicates(["layer", "capability"])
    return [(_(str(row.label)), str(row.why)) for row in kept.itertuples()]


def profile(
    dataset: Dataset, centre: str, own: pd.DataFrame, layers: pd.DataFrame, names: Mapping[str, str]
) -> dict[str, Any] | None:
    """Return everything about the chosen centre; None where none is chosen."""
    if not centre:
        return None
    row = dataset.centres.loc[centre]
    topics = centre_facts.topics(dataset, centre)
    questions, elsewhere = centre_facts.questions(dataset, centre)
    notes = dataset.table(NOTES)
    held = [
        _(str(layers[layers["layer"] == which]["label"].iloc[0]))
        for which in ("oeci", "national", "eunetccc")
        if (layers["layer"] == which).any()
        and centre in selection.designated(dataset, layers, which).yes
    ]
    count = sum(len(topic.lines) for group in topics.values() for topic in group)
    asked = sum(map(len, questions.values()))
    return {
        "id": centre,
        "name": str(row["name"]),
        "local": "" if row["name_local"] == row["name"] else str(row["name_local"]),
        "place": ", ".join(filter(None, [str(row["city"]), names[str(row["country"])]])),
        "website": centre_facts.website(str(row["website"])),
        "held": held,
        "basis": centre_facts.basis(str(row["coordinate_basis"])),
        "notes": list(map(str, notes[notes["centre_id"] == centre]["note"])),
        "listed": facts.cited(dataset.sources, [str(row["source_id"])] if row["source_id"] else []),
        "topics": topics,
        "known": ngettext("What is known: {n} fact", "What is known: {n} facts", count).format(
            n=count
        ),
        "questions": questions,
        "unknown": ngettext(
            "What is not known: {n} question to ask",
            "What is not known: {n} questions to ask",
            asked,
        ).format(n=asked),
        "elsewhere": words.listed(elsewhere) if elsewhere else "",
        "frame": centre_map.frame(own, dataset.map) if len(own) else "",
    }
