"""A centre against OECI's criteria: what is met, not met and open, and the way to the next one."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from markupsafe import Markup

from canheal_nb.apps.shell import Screen
from canheal_nb.data import Dataset
from canheal_nb.locale import _
from canheal_nb.model import maturity, measures, standards_country
from canheal_nb.model.standards import Criterion, Result
from canheal_nb.model.standards_check import Check, Fact, by_place, check, rules_of
from canheal_nb.questions_standards import CheckDesignation
from canheal_nb.views import exports, facts, html, words
from canheal_nb.views import standards as told

TEMPLATE, FORM, VERDICT = "check_designation.html", "check_form.html", "check_verdict.html"
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
    verdicts = _verdicts(found)
    form = {
        "who": who,
        "key": f"{who}-{question.aim}",
        "parts": _parts([*found.conditions, *found.results], found, dataset),
        "volume": [_asked(r.criterion, found, dataset) for r in found.volume],
        "themes": _themes(found, dataset),
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
        "finding": told.finding(found),
        "held": facts.designation_words(found.held) if found.held else "",
        "one_page": _(told.ONE_PAGE),
        "rule": told.rule(found.rule) if found.rule else "",
        "open": [_(r.criterion.text) for r in found.open],
        "steps": told.steps(found),
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
        save=lambda kind: saved(kind, question, found, dataset),
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


def saved(kind: str, question: CheckDesignation, found: Check, dataset: Dataset) -> exports.File:
    """Return the check as a sheet that people can fill in: one line per criterion."""
    head = [_("Criterion"), _("Asked for"), _("Answer"), _("Result"), _("Gap"), _("Name")]
    rows = [
        [
            _(r.criterion.text),
            told.needed(r.criterion),
            told.said(r),
            _(told.VERDICTS[r.verdict]),
            told.gap(r),
            r.criterion.asked,
        ]
        for r in [*found.conditions, *found.results, *found.volume]
    ]
    name = _name(question.centre or OWN, dataset)
    title = _("Self-check of {name}, not an accreditation").format(name=name)
    edition = dataset.edition
    link = {"view": f"check_designation?{question.query()}".rstrip("?")}
    about = {"title": title, "edition": edition.name, "as_of": edition.as_of.isoformat(), **link}
    sources = facts.cited(dataset.sources, told.cited(found))
    stem = f"canheal-self-check-{question.centre or OWN}-{question.aim}"
    return exports.table_file(kind, stem, head, rows, sources, exports.citation(about))


def _parts(results: list[Result], found: Check, dataset: Dataset) -> list[dict[str, Any]]:
    return [
        {
            "name": _(told.PARTS[part]),
            "criteria": [_asked(r.criterion, found, dataset) for r in own],
        }
        for part, own in groupby(results, key=lambda r: r.criterion.part)
    ]


def _asked(criterion: Criterion, found: Check, dataset: Dataset) -> dict[str, Any]:
    """Return what the form shows of a criterion; nothing in it depends on an answer."""
    return {
        "asked": criterion.asked,
        "text": _(criterion.text),
        "needed": told.needed(criterion),
        "yes_no": criterion.yes_no,
        "unit": "" if criterion.yes_no else _(criterion.unit),
        "scheme": criterion.scheme,
        "note": _(
            criterion.note
            if criterion.part == "volume"
            else found.counting.get(criterion.asked, "")
        ),
        "facts": [_fact(f, dataset) for f in found.facts if f.asked == criterion.asked],
    }


def _themes(found: Check, dataset: Dataset) -> list[dict[str, Any]]:
    return [
        {
            "name": theme,
            "statements": [_statement(one, found, dataset) for one in own],
        }
        for theme, own in groupby(found.statements, key=lambda one: one.theme)
    ]


def _statement(one: maturity.Statement, found: Check, dataset: Dataset) -> dict[str, Any]:
    number = one.behind is not None and not one.behind.yes_no
    return {
        "asked": one.asked,
        "text": _("Level {n}: {text}").format(n=one.level, text=_(one.text)),
        "needed": told.needed(one.behind) if one.behind is not None and number else "",
        "yes_no": not number,
        "unit": _(one.behind.unit) if one.behind is not None and number else "",
        "facts": [_fact(f, dataset) for f in found.facts if f.asked == one.asked],
        "scheme": "",
        "note": "",
    }


def _fact(fact: Fact, dataset: Dataset) -> dict[str, Any]:
    kind = dataset.capability_types.loc[fact.capability]
    value = {"yes": _("yes"), "no": _("no")}.get(fact.value, fact.value)
    return {
        "answers": fact.answers,
        "value": value,
        "text": _("{label}: {value}, {year}").format(
            label=_(str(kind["label"])),
            value=" ".join(filter(None, [value, _(str(kind["unit"]))])),
            year=fact.year or _("year not stated"),
        ),
        "caveat": "" if fact.answers else _(str(kind["caveat"])),
    }


def _verdicts(found: Check) -> dict[str, Markup]:
    """Return what each criterion's own region says, by the name of its answer."""
    results = [*found.conditions, *found.results, *found.volume]
    shown = {r.criterion.asked: (r.verdict, told.gap(r)) for r in results}
    shown |= {one.asked: (one.said(found.answers), "") for one in found.statements}
    return {
        asked: html.page(
            VERDICT,
            {
                "verdict": verdict,
                "said": _(told.VERDICTS[verdict]),
                "gap": gap,
                "wrong": found.wrong.get(asked, ""),
            },
        )
        for asked, (verdict, gap) in shown.items()
    }


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
