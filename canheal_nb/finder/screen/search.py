"""The centre finder: where somebody lives, what they need and what matters to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from canheal_nb.centres.model import selection
from canheal_nb.centres.text import centre_map
from canheal_nb.charts.maps.picture import SHAPES
from canheal_nb.data import Dataset
from canheal_nb.finder.model import matching
from canheal_nb.finder.model.matching import Group
from canheal_nb.finder.question import Finder
from canheal_nb.finder.screen import attributes, cards, journeys, options, place_search
from canheal_nb.finder.screen.attributes import Known
from canheal_nb.finder.screen.cards import Card, Person
from canheal_nb.finder.screen.options import Option
from canheal_nb.finder.text import finder_map, finder_text
from canheal_nb.indicators import facts, words
from canheal_nb.screens.shell import Screen
from canheal_nb.text.locale import _, ngettext

TEMPLATE = "finder.html"
GROUPS: tuple[Group, ...] = ("well", "could", "little")
NEAREST = 3


@dataclass(frozen=True, eq=False)
class Result:
    """What was found: groups by centre, ways, and who is known not to fit."""

    groups: Mapping[str, Group]
    without: frozenset[str]
    ways: journeys.Ways
    timed: bool


def vocabulary(dataset: Dataset) -> dict[str, list[str]]:
    """Return the ids that the question may name."""
    about = attributes.known(dataset)
    place_search.places(dataset)
    return {
        "need": list(about.labels("need")),
        "tumour": list(map(str, about.tables["tumours"]["tumour"])),
        "centre": list(map(str, dataset.centres.index)),
    }


def screen(question: Finder, dataset: Dataset, notice: str = "") -> Screen:
    """Return what the screen shows for a question: a template's context and the map's marks."""
    question, asked = place_search.settled(question, dataset)
    about = attributes.known(dataset)
    found = result(question, dataset, about) if question.place else None
    ids = list(found.groups) if found else []
    shown = (
        about.where.loc[[i for i in about.where.index if i in found.groups]]
        if found
        else (about.where.iloc[:0])
    )
    here = place_search.point(dataset, question.place) if question.place else None
    frame = finder_map.frame(shown, here, dataset.map)
    drawn = finder_map.drawn(shown, here, question.centre, dataset.centres, about.kinds)
    names = words.country_names(dataset.areas)
    said = answer(question, dataset, about, found, asked)
    context = {
        "question": question,
        "notice": notice,
        "answer": said,
        "candidates": place_search.candidates(dataset, asked.ids) if asked else [],
        "place": place_search.label(dataset, question.place) if question.place else "",
        "groups": groups(question, dataset, about, found) if found else [],
        "wider": wider(question, dataset, about, timed=found.timed) if found and not ids else [],
        "abroad": abroad(question, dataset, about) if found else "",
        "nearest": nearest(question, dataset, about, found) if found and not ids else [],
        "at_home": at_home(question, dataset, about) if found else "",
        "lacking": lacking(dataset, found) if found else [],
        "choices": options.choices(question, about),
        "weights": options.weighing(question, about),
        "weight_words": {k: _(v) for k, v in finder_text.WEIGHT_WORDS.items()},
        "not_offered": list(about.labels("not offered").values()),
        "network": options.network(question, dataset, about, found.ways.km if found else None),
        "questions": options.questions(question, about, away=away(question, dataset, found)),
        "rights": options.rights(dataset, about),
        "by_car": question.travel == "car" and (found is None or found.timed),
        "no_times": bool(found and question.travel == "car" and not found.timed),
        "map_svg": centre_map.base_svg(dataset.map, names, drawn["symbols"], drawn["chosen"], ""),
        "map_label": _("Map. {answer} Plus and minus zoom, arrows move.").format(answer=said),
        "frame": frame,
        "closest_view": centre_map.NEAREST,
        "symbol_key": [(SHAPES[kind], facts.designation_words(kind)) for kind in SHAPES],
        "neutrality": dataset.map["notes"]["neutrality"],
    }
    marks = {"finder-map": {"aria-label": context["map_label"], "data-frame": frame}}
    return Screen(question, TEMPLATE, context, marks, drawn)


def result(question: Finder, dataset: Dataset, about: Known) -> Result:
    """Return the centres within reach by group, and those within reach known not to fit."""
    ways = journeys.ways(dataset, question.place, car=question.travel == "car")
    limit = about.rows("reach", "reach", question.reach).iloc[0]
    within = matching.reach(
        ways.minutes["middle"], ways.km, float(limit["minutes"]), float(limit["km"])
    )
    timed = not ways.minutes.empty
    home = str(dataset.settlements.at[question.place, "country"])
    country = dataset.centres["country"]
    allowed = within.inside | within.unsure
    if question.where == "own":
        allowed = frozenset(i for i in allowed if country[i] == home)
    split = matching.needed(allowed, attributes.needs(question, about))
    weights = {name: int(w) for name, w in attributes.weights(question).items()}
    found: dict[str, Group] = {}
    for centre in sorted(split.yes | split.unknown):
        near = near_of(ways, centre, limit, timed=timed)
        values = attributes.values(about, centre, own=country[centre] == home, near=near)
        sure = centre in split.yes and not (timed and centre in within.unsure)
        found[centre] = matching.group(matching.match(weights, values), needs_known=sure)
    return Result(found, split.no, ways, timed)


def near_of(ways: journeys.Ways, centre: str, limit: pd.Series, *, timed: bool) -> float | None:
    """Return how near a centre is, 0 at the limit: by its minutes, else by its km."""
    if not timed:
        return matching.nearness(float(ways.km[centre]), float(limit["km"]))
    time = ways.time(centre)
    return matching.nearness(time["middle"] if time else None, float(limit["minutes"]))


def limit_words(question: Finder, about: Known, *, timed: bool) -> str:
    """Return the limit in words."""
    row = about.rows("reach", "reach", question.reach).iloc[0]
    return _(str(row["drive" if question.travel == "car" and timed else "straight"]))


def plain(question: Finder, about: Known) -> bool:
    """Tell whether nothing was asked but the way."""
    return not attributes.needs(question, about) and not attributes.weights(question)


def answer(
    question: Finder, dataset: Dataset, about: Known, found: Result | None, asked: Any
) -> str:
    """Return the answer in one or two sentences, or the question that is asked back."""
    if found is None:
        how, ids = (asked.how, asked.ids) if asked else ("", ())
        return finder_text.asked(how, question.find, len(ids))
    place = place_search.label(dataset, question.place)
    limit = limit_words(question, about, timed=found.timed)
    if found.groups:
        count = {str(name): list(found.groups.values()).count(name) for name in GROUPS}
        return finder_text.result(place, count, limit, plain=plain(question, about))
    return finder_text.nothing(place, limit)


def nearest(question: Finder, dataset: Dataset, about: Known, found: Result) -> list[str]:
    """Return the nearest centres that are not known not to fit, wherever they are."""
    everyone = frozenset(map(str, dataset.centres.index))
    split = matching.needed(everyone, attributes.needs(question, about))
    km = found.ways.km
    first = km[km.index.isin(split.yes | split.unknown)].nsmallest(NEAREST)
    return [
        _("{name}, {city}: {way}").format(
            name=dataset.centres.at[centre, "name"],
            city=dataset.centres.at[centre, "city"],
            way=finder_text.way(
                found.ways.time(str(centre)),
                float(found.ways.km[centre]),
                car=question.travel == "car",
            ),
        )
        for centre in first.index
    ]


def groups(
    question: Finder, dataset: Dataset, about: Known, found: Result
) -> list[tuple[Group, str, str, list[Card]]]:
    """Return the groups that are not empty: id, title, what it means, cards."""
    folded = dataset.centres["name"].map(selection.fold)
    middle = found.ways.minutes["middle"].reindex(found.ways.km.index)
    order = matching.sort(
        found.groups, middle if found.timed else found.ways.km, folded, question.sort
    )
    shown: list[tuple[Group, str, str, list[Card]]] = []
    for name in GROUPS:
        ids = [centre for centre in order if found.groups[centre] == name]
        if ids:
            cards = [one(question, dataset, about, found, centre) for centre in ids]
            title, means = _(finder_text.GROUP_TITLES[name]), _(finder_text.GROUP_MEANS[name])
            if plain(question, about) and name == "well":
                title, means = _("Within reach"), _("You have not said yet what matters to you.")
            shown.append((name, title, means, cards))
    return shown


def one(question: Finder, dataset: Dataset, about: Known, found: Result, centre: str) -> Card:
    """Return one centre's card."""
    home = str(dataset.settlements.at[question.place, "country"])
    tumour = about.rows("tumours", "tumour", question.tumour)
    person = Person(
        home,
        attributes.needs(question, about),
        attributes.weights(question),
        str(tumour["capability"].iloc[0]) if len(tumour) else "",
    )
    limit = about.rows("reach", "reach", question.reach).iloc[0]
    near = near_of(found.ways, centre, limit, timed=found.timed)
    own = str(dataset.centres.at[centre, "country"]) == home
    values = attributes.values(about, centre, own=own, near=near)
    car = question.travel == "car"
    way = finder_text.way(found.ways.time(centre), float(found.ways.km[centre]), car=car)
    return cards.card(dataset, about, person, centre, way, values)


def wider(question: Finder, dataset: Dataset, about: Known, *, timed: bool) -> list[Option]:
    """Return the changes that would find something, each as one press."""
    tries = [question.changed(reach=reach) for reach in ("day", "far") if reach != question.reach]
    tries += [one.changed(where="both") for one in [question, *tries] if one.where == "own"]
    options = []
    for one_try in tries:
        n = len(result(one_try, dataset, about).groups)
        changed = [k for k in ("reach", "where") if getattr(one_try, k) != getattr(question, k)]
        if n and len(changed) == 1:
            field = changed[0]
            across = _("also across a border")
            text = limit_words(one_try, about, timed=timed) if field == "reach" else across
            form = ngettext("Look {where} ({n} centre)", "Look {where} ({n} centres)", n)
            value = f"{field}={getattr(one_try, field)}"
            options.append(Option(value, form.format(where=text, n=n)))
    return options


def abroad(question: Finder, dataset: Dataset, about: Known) -> str:
    """Return how many more there are across a border; empty where they are shown or none is."""
    if question.where == "both":
        return ""
    here = result(question, dataset, about).groups
    n = len(set(result(question.changed(where="both"), dataset, about).groups) - set(here))
    return _("Show {n} more across a border").format(n=n) if n else ""


def at_home(question: Finder, dataset: Dataset, about: Known) -> str:
    """Return that no centre of the person's country is known to have what is needed; else ""."""
    home = str(dataset.settlements.at[question.place, "country"])
    own = frozenset(map(str, dataset.centres.index[dataset.centres["country"] == home]))
    if matching.needed(own, attributes.needs(question, about)).yes:
        return ""
    country = words.country_names(dataset.areas)[home]
    text = _("In {country} no centre in our list is known to have what you need.")
    return text.format(country=country)


def lacking(dataset: Dataset, found: Result) -> list[str]:
    """Return the centres within reach that are known not to have what is needed, by name."""
    rows = dataset.centres.loc[sorted(found.without)]
    return sorted(map(", ".join, zip(rows["name"], rows["city"], strict=True)))


def away(question: Finder, dataset: Dataset, found: Result | None) -> bool:
    """Tell whether a centre in another country is shown or asked for."""
    if not found:
        return False
    home = str(dataset.settlements.at[question.place, "country"])
    others = dataset.centres["country"] != home
    return question.where == "both" or bool(others[list(found.groups)].any())
