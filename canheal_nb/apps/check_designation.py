"""A centre against OECI's criteria: what is met, not met and open, and the way to the next one."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from canheal_nb.apps import check_designation_files as files
from canheal_nb.apps import check_designation_parts as parts
from canheal_nb.apps.shell import Screen
from canheal_nb.data import Dataset
from canheal_nb.locale import _
from canheal_nb.model import measures, standards_country
from canheal_nb.model.standards_check import by_place, check
from canheal_nb.model.standards_country import Next
from canheal_nb.model.standards_tables import rules_of
from canheal_nb.questions_standards import CheckDesignation
from canheal_nb.views import facts, html, standards_finding, standards_plan, words
from canheal_nb.views import standards as told

TEMPLATE, FORM = "check_designation.html", "check_form.html"
OWN = "own"
TRACED = ("beds_total",)


def vocabulary(dataset: Dataset) -> dict[str, list[str]]:
    """Return the ids that the question may name."""
    centres = [str(centre) for centre in dataset.centres.index]
    return {"centre": centres, "country": measures.members(dataset.areas)}


def screen(question: CheckDesignation, dataset: Dataset, notice: str = "") -> Screen:
    """Return the self-check of one centre.

    Raises UserError where the answers are no answers, as in a file from elsewhere.
    """
    every, who = by_place(question.answers), question.centre or OWN
    as_of = dataset.edition.as_of
    found = check(dataset, question.aim, every.get(who, {}), question.centre, as_of)
    names = words.country_names(dataset.areas)
    country = question.country or _country(question, dataset)
    verdicts = parts.verdicts(found)
    coming = ahead(country, question, dataset)
    form = {
        "who": who,
        "key": f"{who}-{question.aim}",
        "parts": parts.parts([*found.conditions, *found.results], found, dataset),
        "volume": [parts.asked(r.criterion, found, dataset) for r in found.volume],
        "themes": parts.themes(found, dataset),
        "unread": words.listed(str(n) for n in found.unread),
    }
    context = {
        **form,
        "verdicts": verdicts,
        "question": question,
        "notice": " ".join(filter(None, [notice, *found.wrong.values()])),
        "centres": _centres(dataset, names),
        "countries": [(one, names[one]) for one in measures.members(dataset.areas)],
        "aims": [(key, _(name)) for key, name in told.AIMS.items()],
        "others": [
            (one, _name(one, dataset)) for one in every if one != who and _there(one, dataset)
        ],
        "answer": told.answer(found, _name(who, dataset)),
        "finding": standards_finding.finding(found),
        "held": facts.designation_words(found.held) if found.held else "",
        "one_page": _(told.ONE_PAGE),
        "rule": told.rule(found.rule) if found.rule else "",
        "open": [_(r.criterion.text) for r in found.open],
        "steps": standards_plan.rows(found),
        "pending": standards_finding.pending(found),
        "finish": standards_plan.finish(found.plan),
        "unowned": standards_plan.owners(found.plan),
        "plan": [(step.asked, _(step.text)) for step in found.steps],
        "total": told.total(found.total),
        "levels": [
            (_(r.theme), _(r.criterion), told.level(r), [_(one.text) for one in r.next])
            for r in found.reached
        ],
        "dates": told.dates(found.dates, as_of),
        "as_of": as_of.isoformat(),
        "bands": bands(question, dataset),
        "standing": standing(country, dataset),
        "country_name": names.get(country, ""),
        "following": standards_plan.country(coming, names.get(country, "")),
        "shared": standards_plan.shared(coming),
        "sources": facts.cited(dataset.sources, told.cited(found)),
    }
    live = {f"v-{form['key']}-{asked}": text for asked, text in verdicts.items()}
    # The form is sent without what hangs on answers, so that typing in it is never lost.
    live = {"form": html.page(FORM, {**form, "verdicts": {}}), **live}
    return Screen(
        question,
        TEMPLATE,
        context,
        {},
        drawn=live,
        save=lambda kind: files.saved(kind, question, found, dataset, _name(who, dataset)),
        opened=lambda content: files.opened(content, question, dataset),
    )


def bands(question: CheckDesignation, dataset: Dataset) -> list[str]:
    """Return the middle half of certified centres for what is known of enough of them."""
    least = int(rules_of(dataset)["peers_least"])
    said = []
    for capability in TRACED:
        found = standards_country.band(
            dataset, capability, question.aim.upper(), least, question.centre
        )
        if found is None:
            continue
        text = _("{what}: the middle half has {low} to {high}, known for {n} of {peers}.")
        label = _(str(dataset.capability_types.at[capability, "label"]))
        numbers = {key: words.decimal(round(getattr(found, key))) for key in ("low", "high")}
        said.append(text.format(what=label, n=found.n, peers=found.peers, **numbers))
    return said


def standing(country: str, dataset: Dataset) -> list[tuple[str, int]]:
    """Return how many centres of a country stand at each step; none without a country."""
    if not country:
        return []
    found = standards_country.counts(dataset, country)
    return [(_(told.STANDING[step]), n) for step, n in found.items() if n]


def ahead(country: str, question: CheckDesignation, dataset: Dataset) -> list[Next]:
    """Return the centres of a country with the check of their next certificate."""
    if not country:
        return []
    said = by_place(question.answers)
    return standards_country.following(dataset, country, said, dataset.edition.as_of)


def _centres(dataset: Dataset, names: Mapping[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the centres by country, both by name."""
    rows = dataset.centres
    lines = sorted(
        (names[str(country)], str(name), str(centre))
        for centre, country, name in zip(rows.index, rows["country"], rows["name"], strict=True)
    )
    return [
        (place, [(centre, name) for _place, name, centre in own])
        for place, own in groupby(lines, lambda line: line[0])
    ]


def _there(who: str, dataset: Dataset) -> bool:
    return who == OWN or who in dataset.centres.index


def _name(who: str, dataset: Dataset) -> str:
    return str(dataset.centres.at[who, "name"]) if who in dataset.centres.index else _("Own centre")


def _country(question: CheckDesignation, dataset: Dataset) -> str:
    if not question.centre:
        return ""
    country = str(dataset.centres.at[question.centre, "country"])
    return country if country in measures.members(dataset.areas) else ""
