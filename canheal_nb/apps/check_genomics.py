"""How ready a place is for genomics: indicators, statements, and what is known of the country."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from canheal_nb.apps.shell import Screen
from canheal_nb.data import Dataset
from canheal_nb.errors import UserError
from canheal_nb.locale import N_, _
from canheal_nb.model import inputs, measures, prices, readiness, services, standards
from canheal_nb.model.readiness import Assessed, Indicator
from canheal_nb.model.standards_check import by_place
from canheal_nb.questions_standards import CheckGenomics
from canheal_nb.views import exports, facts, words

TEMPLATE, OWN, SAMPLES = "check_genomics.html", "own", ("samples_planned", "samples_now")
SIGNED, COUNSELLING, PANEL = "one_plus_million_genomes_signatory", "genetic_counselling", "running"
PERSPECTIVES = {
    "regulatory": N_("Regulatory"),
    "scientific": N_("Scientific"),
    "economic": N_("Economic"),
    "research": N_("Research"),
    "gender": N_("Gender"),
}


def vocabulary(dataset: Dataset) -> dict[str, list[str]]:
    """Return the ids that the question may name."""
    centres = [str(centre) for centre in dataset.centres.index]
    return {"centre": centres, "country": measures.members(dataset.areas)}


def screen(question: CheckGenomics, dataset: Dataset, notice: str = "") -> Screen:
    """Return the check of one place; raises UserError where the answers are no answers."""
    every = by_place(question.answers)
    who = question.centre or question.country or OWN
    said = every.get(who, {})
    rows = dataset.table("frameworks/ngs_readiness")
    told = rows["id"].isin(dataset.table("judgements/genomics_facts")["id"])
    wanted = readiness.indicators(rows[~told])
    found, stated = readiness.assess(wanted, said), readiness.stated(wanted, said)
    names = words.country_names(dataset.areas)
    amounts, wrong = numbers(said)
    country = question.country or _country(question.centre, dataset)
    known, ids = facts_of(country, dataset, names)
    cost, cost_ids = testing(amounts, dataset)
    ids += cost_ids + sorted(set(rows["source_id"]))
    places = dataset.table("judgements/genomics_perspectives")
    seen = readiness.perspectives(found, places)
    context = {
        "question": question,
        "notice": " ".join(filter(None, [notice, *wrong])),
        "who": who,
        "countries": [(one, names[one]) for one in measures.members(dataset.areas)],
        "centres": _centres(dataset),
        "others": [(one, _name(one, dataset, names)) for one in every if one != who],
        "answer": answer(found, stated, _name(who, dataset, names)),
        "domains": _grouped(found),
        "statements": _statements(stated),
        "ranked": [row(one) for one in readiness.ranked(found)],
        "levels": [int(level) for level in readiness.LEVELS],
        "unassessed": [(d, n - k, n) for d, (k, n, _l, _h) in readiness.by_domain(found).items()],
        "steps": [row(one) for one in readiness.ranked(found) if one.next],
        "no": [_(one.text) for one, text in stated if text == "no"],
        "perspectives": [(_(PERSPECTIVES[p]), *counts) for p, counts in seen.items()],
        "known": known,
        "cost": cost,
        "told": [(_(one.domain), _(one.text)) for one in readiness.indicators(rows[told])],
        "sources": facts.cited(dataset.sources, list(dict.fromkeys(filter(None, ids)))),
    }
    return Screen(
        question,
        TEMPLATE,
        context,
        {},
        save=lambda kind: saved(kind, question, found, stated, dataset),
    )


def answer(found: list[Assessed], stated: list[tuple[Indicator, str]], name: str) -> str:
    """Return how much is assessed, and where it is lowest; no overall score."""
    known = readiness.ranked(found)
    text = _("{name}: {n} of {all} indicators assessed, {yes} of {every} statements answered.")
    counted = text.format(
        name=name,
        n=len(known),
        all=len(found),
        yes=sum(bool(said) for _one, said in stated),
        every=len(stated),
    )
    if not known:
        return " ".join([counted, _("Not assessed is not the first level.")])
    low = _("Lowest: {text} (level {level}).")
    return " ".join([counted, low.format(text=known[0].indicator.text, level=known[0].level)])


def row(one: Assessed) -> dict[str, Any]:
    """Return an assessed indicator as it is shown: name, level, its words, and the next ones."""
    level = one.level or 0
    return {
        "id": one.indicator.id,
        "text": _(one.indicator.text),
        "level": level,
        "now": _(one.now),
        "next": _(one.next),
        "then": level + 1,
    }


def numbers(said: Mapping[str, str]) -> tuple[dict[str, float], list[str]]:
    """Return the numbers of samples (NaN where blank or wrong) and what could not be read."""
    amounts, wrong = {}, []
    for name in SAMPLES:
        try:
            amounts[name] = standards.number(said.get(name, ""))
            if amounts[name] < 0:
                text = _("{n} is less than nought; write how many samples a year.")
                wrong.append(text.format(n=words.bound(amounts[name])))
                amounts[name] = math.nan
        except UserError as error:
            amounts[name] = math.nan
            wrong.append(str(error))
    return amounts, wrong


def facts_of(
    country: str, dataset: Dataset, names: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """Return what the tables know of a country about genomics, in sentences, and their sources."""
    if country not in measures.members(dataset.areas):
        return [], []
    said, ids = [], []
    rows = dataset.indicators
    own = rows[(rows["indicator"] == SIGNED) & (rows["area_id"] == country)]
    for _i, one in own.iterrows():
        value = {"yes": _("yes"), "no": _("no")}.get(str(one["value"]), str(one["value"]))
        note = facts.note(str(one["flag"]))
        text = _("{place} signed the declaration on 1+ Million Genomes: {value} ({note}).")
        said.append(text.format(place=names[country], value=value, note=note))
        ids.append(str(one["source_id"]))
    need = services.need(dataset, COUNSELLING).set_index("country").loc[country]
    if not math.isnan(need["need"]):
        text = _(
            "About {n} women with new breast cancer a year would meet the criteria for a germline "
            "test, at the share found in Norway; how many counsellors there are is not known."
        )
        said.append(text.format(n=words.significant(float(need["need"]))))
        ids += str(need["source_id"]).split("+")
    return said, ids


def testing(amounts: Mapping[str, float], dataset: Dataset) -> tuple[list[str], list[str]]:
    """Return the tests that are short and what the planned ones cost, and the sources."""
    money = prices.from_texts(dataset.table("facts/money"), dataset.table("facts/exchange_rates"))
    table = inputs.matrix(dataset, price_tables=money)
    cells = table[table["service"] == "molecular_testing"].set_index("cell")
    one = float(cells.at[PANEL, "value"])
    planned, now = (amounts[name] for name in SAMPLES)
    said = []
    if math.isnan(planned):
        said.append(_("Needed: not known. Say how many samples a year you plan."))
    else:
        text = _("{n} samples a year cost about {cost} euros a year, at {one} euros a sample.")
        numbers_said = {"n": words.bound(planned), "one": words.significant(one)}
        said.append(text.format(cost=words.significant(planned * one), **numbers_said))
    if math.isnan(now):
        said.append(_("Available: not known. Say how many samples a year can be done now."))
    elif not math.isnan(planned):
        short = planned - now
        text = _("{n} samples a year are missing.") if short > 0 else _("No samples are missing.")
        said.append(text.format(n=words.bound(short)))
    capital = float(cells.at["capital", "value"])
    text = _(
        "One sequencer cost about {n} euros (weak source); how many samples it does a year is "
        "not known. All in euros of {year}."
    )
    said.append(text.format(n=words.significant(capital), year=prices.TARGET_YEAR))
    return said, [str(cells.at[cell, "source_id"]) for cell in (PANEL, "capital")]


def saved(
    kind: str,
    question: CheckGenomics,
    found: list[Assessed],
    stated: list[tuple[Indicator, str]],
    dataset: Dataset,
) -> exports.File:
    """Return the check as a sheet: one line per indicator and statement, assessed or not."""
    blank = _("not assessed")
    head = [_("Code"), _("Domain"), _("Indicator"), _("Level or answer"), _("In words"), _("Next")]
    rows = [
        [one.indicator.id, one.indicator.domain, _(one.indicator.text)]
        + [str(one.level or blank), _(one.now), _(one.next)]
        for one in found
    ]
    rows += [[i.id, i.domain, _(i.text), _(said) or blank, "", ""] for i, said in stated]
    names = words.country_names(dataset.areas)
    who = question.centre or question.country or OWN
    edition = dataset.edition
    about = {
        "title": _("Readiness for genomics: {name}").format(name=_name(who, dataset, names)),
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


def _country(centre: str, dataset: Dataset) -> str:
    return str(dataset.centres.at[centre, "country"]) if centre else ""
