"""How ready a place is for genomics: indicators, statements, and what is known of the country."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from canheal_nb.data import Dataset
from canheal_nb.designation.model.self_check import by_place
from canheal_nb.genomics.model import next_steps, readiness
from canheal_nb.genomics.model.readiness import Assessed, Indicator
from canheal_nb.genomics.question import CheckGenomics
from canheal_nb.genomics.text import readiness_text, workload_text
from canheal_nb.indicators import facts, measures, words
from canheal_nb.screens import exports
from canheal_nb.screens.shell import Screen
from canheal_nb.text import dates
from canheal_nb.text.locale import N_, _

TEMPLATE, OWN, CALLED = "check_genomics.html", "own", "called"
WITHIN = "within"  # the country of a place of one's own
COLUMNS = {dates.OWNER: N_("Owner"), dates.DATE: N_("By when"), dates.AFTER: N_("Depends on")}


def vocabulary(dataset: Dataset) -> dict[str, list[str]]:
    """Return the ids that the question may name."""
    centres = [str(centre) for centre in dataset.centres.index]
    return {"centre": centres, "country": measures.members(dataset.areas)}


def screen(question: CheckGenomics, dataset: Dataset, notice: str = "") -> Screen:
    """Return the check of one place; raises UserError where the answers are no answers."""
    every = by_place(question.answers)
    who = question.centre or question.country or OWN
    said = every.get(who, {})
    check = next_steps.check(dataset, said, dataset.edition.as_of)
    found, stated = check.assessed, check.stated
    names = words.country_names(dataset.areas)
    amounts, wrong = workload_text.numbers(said, dataset)
    expected = workload_text.bounds(dataset)
    plan = readiness_text.planned(check, said)
    wrong += [f"{name.upper()}: {one.wrong}" for name, one in plan.items() if one.wrong]
    within = said.get(WITHIN, "") if who == OWN else ""
    country = question.country or within or _country(question.centre, dataset)
    known, ids = readiness_text.facts_of(country, dataset, names)
    cost, cost_ids = readiness_text.testing(amounts, dataset)
    capacity, capacity_ids = workload_text.sequencing(amounts, dataset)
    counselling, counselling_ids = workload_text.counselling(
        "" if question.centre else question.country, amounts, dataset
    )
    ids += [*cost_ids, *capacity_ids, *counselling_ids]
    ids += sorted(set(dataset.table(next_steps.FRAMEWORK)["source_id"]))
    ids += [one.source_id for one in check.dates]
    context = {
        "question": question,
        "notice": " ".join(filter(None, [notice, *wrong])),
        "who": who,
        "countries": [(one, names[one]) for one in measures.members(dataset.areas)],
        "centres": _centres(dataset),
        "others": [(one, _name(one, dataset, names)) for one in every if one != who],
        "answer": readiness_text.answer(check, _called(who, said) or _name(who, dataset, names)),
        "domains": _grouped(found),
        "statements": _statements(stated),
        "ranked": [readiness_text.row(one) for one in readiness.ranked(found)],
        "levels": [int(level) for level in readiness.LEVELS],
        "unassessed": [(d, n - k, n) for d, (k, n, _l, _h) in readiness.by_domain(found).items()],
        "steps": readiness_text.steps(check),
        "no": readiness_text.missing(check),
        "owned": readiness_text.owned(plan),
        "asks": [(_(one.domain), _(one.whom), _(one.paper), len(one.asked)) for one in check.asks],
        "first": readiness_text.first(check),
        "dates": readiness_text.date_rows(check),
        "as_of": dataset.edition.as_of.isoformat(),
        "perspectives": readiness_text.perspectives(check),
        "known": known,
        "within": within if known else "",
        "cost": cost,
        "capacity": capacity,
        "counselling": counselling,
        "genomes": workload_text.genomes(
            readiness_text.signed(country, dataset),
            said,
            amounts,
            readiness_text.genomes_goal(check),
        ),
        "biomarkers": workload_text.biomarkers(check),
        "tracked": readiness_text.tracked(check),
        "sections": [
            (
                _(title),
                [(name, _(workload_text.NUMBERS[name]), _(expected[name].unit)) for name in own],
            )
            for title, own in workload_text.SECTIONS.items()
        ],
        "statuses": [(name, _(text)) for name, text in workload_text.STATUS.items()],
        "told": [(_(one.domain), _(one.text)) for one in check.told],
        "query": f"?{question.query()}".rstrip("?"),
        "columns": json.dumps(
            {_("Level or answer"): "", **{_(name): f"_{part}" for part, name in COLUMNS.items()}}
        ),
        "sources": facts.cited(dataset.sources, list(dict.fromkeys(filter(None, ids)))),
    }
    return Screen(
        question,
        TEMPLATE,
        context,
        {},
        save=lambda kind: saved(kind, question, check, said, dataset),
    )


def saved(
    kind: str,
    question: CheckGenomics,
    check: next_steps.Check,
    said: Mapping[str, str],
    dataset: Dataset,
) -> exports.File:
    """Return the check as a sheet to fill in: one line per indicator and statement.

    Answers stand as the screen reads them back: 1 to 5, yes, no, or "not assessed".
    """
    blank, found, stated = _("not assessed"), check.assessed, check.stated
    who = question.centre or question.country or OWN
    head = [_("Code"), _("Domain"), _("Indicator"), _("Level or answer"), _("In words"), _("Next")]
    head += [_(name) for name in COLUMNS.values()]
    plan = readiness_text.planned(check, said)

    def typed(asked: str) -> list[str]:
        one = plan.get(asked, dates.Planned())
        return [one.owner, one.date, one.after]

    rows = [
        [level.indicator.id, level.indicator.domain, _(level.indicator.text)]
        + [str(level.level or blank), _(level.now), _(level.next), *typed(level.indicator.asked)]
        for level in found
    ]
    rows += [
        [i.id, i.domain, _(i.text), text or blank, "", "", *typed(i.asked)] for i, text in stated
    ]
    for name, text in {**workload_text.NUMBERS, **workload_text.STATUS}.items():
        rows.append([name, "", _(text), said.get(name, ""), "", "", *typed(name)])
    names = words.country_names(dataset.areas)
    edition = dataset.edition
    about = {
        "title": _("Readiness for genomics: {name}").format(
            name=_called(who, said) or _name(who, dataset, names)
        ),
        "edition": edition.name,
        "as_of": edition.as_of.isoformat(),
        "view": f"check_genomics?{question.query()}".rstrip("?"),
    }
    ids = dict.fromkeys([one.indicator.source_id for one in found])
    ids |= dict.fromkeys(i.source_id for i, _said in stated)
    sources = facts.cited(dataset.sources, list(ids))
    stem = f"canheal-genomics-{who}"
    return exports.table_file(kind, stem, head, rows, sources, exports.citation(about))


def _grouped(found: list[Assessed]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the indicators with levels by domain, as the form shows them."""
    own = groupby((one.indicator for one in found), key=lambda one: one.domain)
    return [(domain, [_shown(one) for one in ones]) for domain, ones in own]


def _statements(
    stated: list[tuple[Indicator, str]],
) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Return the statements by domain and framework, as the form shows them."""
    own = groupby((one for one, _said in stated), key=lambda one: (one.domain, one.framework))
    return [(*named, [_shown(one) for one in ones]) for named, ones in own]


def _shown(one: Indicator) -> dict[str, Any]:
    levels = [_(text) for text in one.levels]
    return {"asked": one.asked, "id": one.id, "text": _(one.text), "levels": levels}


def _centres(dataset: Dataset) -> list[tuple[str, str]]:
    pairs = zip(dataset.centres.index, dataset.centres["name"], strict=True)
    return sorted(((str(c), str(n)) for c, n in pairs), key=lambda pair: pair[1])


def _name(who: str, dataset: Dataset, names: Mapping[str, str]) -> str:
    if who in dataset.centres.index:
        return str(dataset.centres.at[who, "name"])
    return names.get(who, _("A place of your own"))


def _called(who: str, said: Mapping[str, str]) -> str:
    """Return the name that somebody gave to a place of their own."""
    return said.get(CALLED, "").strip() if who == OWN else ""


def _country(centre: str, dataset: Dataset) -> str:
    return str(dataset.centres.at[centre, "country"]) if centre else ""
