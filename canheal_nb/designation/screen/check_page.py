"""A centre against OECI's criteria: what is met, not met and open, and the way to the next one."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from canheal_nb.data import Dataset
from canheal_nb.designation.model import country_path
from canheal_nb.designation.model.country_path import Next
from canheal_nb.designation.model.scheme_tables import rules_of
from canheal_nb.designation.model.self_check import by_place, check
from canheal_nb.designation.question import CheckDesignation
from canheal_nb.designation.screen import check_files, check_form
from canheal_nb.designation.text import check_text, plan_text, verdict_text
from canheal_nb.indicators import facts, measures, words
from canheal_nb.reporting import html
from canheal_nb.screens.shell import Screen
from canheal_nb.text.locale import _

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
    verdicts = check_form.verdicts(found)
    coming = ahead(country, question, dataset)
    form = {
        "who": who,
        "key": f"{who}-{question.aim}",
        "parts": check_form.parts([*found.conditions, *found.results], found, dataset),
        "volume": [check_form.asked(r.criterion, found, dataset) for r in found.volume],
        "themes": check_form.themes(found, dataset),
        "unread": words.listed(str(n) for n in found.unread),
    }
    context = {
        **form,
        "verdicts": verdicts,
        "question": question,
        "notice": " ".join(filter(None, [notice, *found.wrong.values()])),
        "centres": _centres(dataset, names),
        "countries": [(one, names[one]) for one in measures.members(dataset.areas)],
        "aims": [(key, _(name)) for key, name in check_text.AIMS.items()],
        "others": [
            (one, _name(one, dataset)) for one in every if one != who and _there(one, dataset)
        ],
        "answer": check_text.answer(found, _name(who, dataset)),
        "finding": verdict_text.finding(found),
        "held": facts.designation_words(found.held) if found.held else "",
        "one_page": _(check_text.ONE_PAGE),
        "rule": check_text.rule(found.rule) if found.rule else "",
        "open": [_(r.criterion.text) for r in found.open],
        "steps": plan_text.rows(found),
        "pending": verdict_text.pending(found),
        "finish": plan_text.finish(found.plan),
        "unowned": plan_text.owners(found.plan),
        "plan": [(step.asked, _(step.text)) for step in found.steps],
        "total": check_text.total(found.total),
        "levels": [
            (_(r.theme), _(r.criterion), check_text.level(r), [_(one.text) for one in r.next])
            for r in found.reached
        ],
        "dates": check_text.dates(found.dates, as_of),
        "as_of": as_of.isoformat(),
        "bands": bands(question, dataset),
        "standing": standing(country, dataset),
        "country_name": names.get(country, ""),
        "following": plan_text.country(coming, names.get(country, "")),
        "shared": plan_text.shared(coming),
        "sources": facts.cited(dataset.sources, check_text.cited(found)),
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
        save=lambda kind: check_files.saved(kind, question, found, dataset, _name(who, dataset)),
        opened=lambda content: check_files.opened(content, question, dataset),
    )


def bands(question: CheckDesignation, dataset: Dataset) -> list[str]:
    """Return the middle half of certified centres for what is known of enough of them."""
    least = int(rules_of(dataset)["peers_least"])
    said = []
    for capability in TRACED:
        found = country_path.band(dataset, capability, question.aim.upper(), least, question.centre)
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
    found = country_path.counts(dataset, country)
    return [(_(check_text.STANDING[step]), n) for step, n in found.items() if n]


def ahead(country: str, question: CheckDesignation, dataset: Dataset) -> list[Next]:
    """Return the centres of a country with the check of their next certificate."""
    if not country:
        return []
    said = by_place(question.answers)
    return country_path.following(dataset, country, said, dataset.edition.as_of)


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
