"""What a check of readiness for genomics says: levels, steps, dates, costs, and the country."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from canheal_nb.data import Dataset
from canheal_nb.errors import UserError
from canheal_nb.locale import N_, _
from canheal_nb.model import inputs, measures, prices, readiness, services, standards
from canheal_nb.model.genomics import AHEAD, NOW, PAST, UNDATED, Check, Dated
from canheal_nb.model.indicators import layer
from canheal_nb.model.need import CASES
from canheal_nb.model.readiness import Assessed
from canheal_nb.views import facts, words
from canheal_nb.views.figures import bound, significant

YES = "yes"
SAMPLES = {
    "samples_planned": N_("Samples a year that you plan"),
    "samples_now": N_("Samples a year that can be done now"),
}
SIGNED, COUNSELLING, PANEL = "one_plus_million_genomes_signatory", "genetic_counselling", "running"
PERSPECTIVES = {
    "regulatory": N_("Regulatory"),
    "scientific": N_("Scientific"),
    "economic": N_("Economic"),
    "research": N_("Research"),
    "gender": N_("Gender"),
}
STATES = {
    PAST: N_("the year has passed; whether it was met is not known"),
    NOW: N_("this year"),
    AHEAD: N_("to come"),
    UNDATED: N_("no year is set"),
}
KINDS = {"proposal": N_("a proposal, not adopted as far as is known")}
SIGNS = {">=": N_("at least {n} {unit}"), "=": N_("{n} {unit}"), "<=": N_("at most {n} {unit}")}


def answer(found: Check, name: str) -> str:
    """Return how much is assessed, and where it is lowest; no overall score."""
    known, stated = readiness.ranked(found.assessed), found.stated
    text = _("{name}: {n} of {all} indicators assessed, {yes} of {every} statements answered.")
    counted = text.format(
        name=name,
        n=len(known),
        all=len(found.assessed),
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


def steps(found: Check) -> list[dict[str, Any]]:
    """Return the steps in order: each with what it rests on, and who usually answers for it."""
    return [
        {
            **row(step.assessed),
            "after": words.listed(one.id for one in step.after),
            "blank": words.listed(one.id for one in step.blank),
            "whom": _(found.owners.get(step.assessed.indicator.domain, "")),
        }
        for step in found.steps
    ]


def perspectives(found: Check) -> list[tuple[str, int, int]]:
    """Return the five perspectives: name, indicators assessed, and of how many."""
    return [(_(PERSPECTIVES[name]), *counts) for name, counts in found.perspectives.items()]


def dates(found: Check) -> list[tuple[str, str, str, str]]:
    """Return what is set for when: what, how much, the year, and where that year lies."""
    return [
        (
            one.target,
            _amount(one),
            str(one.year or ""),
            "; ".join(filter(None, [_(STATES[one.state]), _(KINDS.get(one.kind, "")), one.note])),
        )
        for one in found.dates
    ]


def per_thousand(dataset: Dataset) -> str:
    """Return what a thousand samples cost at the price of one."""
    one = float(_cells(dataset).at[PANEL, "value"])
    text = _("Every {n} samples a year cost about {cost} euros of {year} a year.")
    numbers_said = {"n": bound(1000), "cost": significant(1000 * one)}
    return text.format(year=prices.TARGET_YEAR, **numbers_said)


def costs(dataset: Dataset) -> list[tuple[str, str, str, str]]:
    """Return what testing cost where it was counted, as found: what, cost, price year, source."""
    known = dataset.table("facts/parameters").set_index("parameter")
    made = []
    for _i, one in dataset.table("judgements/genomics_costs").iterrows():
        row = known.loc[str(one["parameter"])]
        ends = [str(row[name]) for name in ("low", "high") if str(row[name])]
        texts = [str(row["value"])] if str(row["value"]) else ends
        cost = " - ".join(bound(float(text)) for text in texts)
        year = str(row["price_year"]) or _("year not stated")
        price = f"{cost} {_(str(row['unit']))}"
        made.append((_(str(one["what"])), price, year, str(row["source_id"])))
    return made


def numbers(said: Mapping[str, str]) -> tuple[dict[str, float], list[str]]:
    """Return the numbers of samples (NaN where blank or wrong) and what could not be read."""
    amounts, wrong = {}, []
    for name in SAMPLES:
        try:
            amounts[name] = standards.number(said.get(name, ""))
            if amounts[name] < 0:
                text = _("{n} is less than nought; write how many samples a year.")
                wrong.append(text.format(n=bound(amounts[name])))
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
    cases = layer(dataset.indicators, CASES)
    if country in cases.index:
        text = _(
            "About {n} people a year are newly found to have cancer; for how many of them "
            "sequencing would change the treatment is not known."
        )
        said.append(text.format(n=significant(float(cases.at[country, "number"]), 3)))
        ids += str(cases.at[country, "source_id"]).split("+")
    need = services.need(dataset, COUNSELLING).set_index("country").loc[country]
    if not math.isnan(need["need"]):
        text = _(
            "About {n} women with new breast cancer a year would meet the criteria for a germline "
            "test, at the share found in Norway; how many counsellors there are is not known."
        )
        said.append(text.format(n=significant(float(need["need"]))))
        ids += str(need["source_id"]).split("+")
    said.append(_("What the country gives to Genome of Europe is not known."))
    return said, ids


def testing(amounts: Mapping[str, float], dataset: Dataset) -> tuple[list[str], list[str]]:
    """Return the tests that are short and what the planned ones cost, and the sources."""
    cells = _cells(dataset)
    one = float(cells.at[PANEL, "value"])
    planned, now = (amounts[name] for name in SAMPLES)
    said = []
    if math.isnan(planned):
        said.append(_("Needed: not known. Say how many samples a year you plan."))
    else:
        text = _("{n} samples a year cost about {cost} euros a year, at {one} euros a sample.")
        numbers_said = {"n": bound(planned), "one": significant(one)}
        said.append(text.format(cost=significant(planned * one), **numbers_said))
    if math.isnan(now):
        said.append(_("Available: not known. Say how many samples a year can be done now."))
    elif not math.isnan(planned):
        short = planned - now
        text = _("{n} samples a year are missing.") if short > 0 else _("No samples are missing.")
        said.append(text.format(n=bound(short)))
    capital = float(cells.at["capital", "value"])
    text = _(
        "One sequencer cost about {n} euros (weak source); how many samples it does a year is "
        "not known. All in euros of {year}."
    )
    said.append(text.format(n=significant(capital), year=prices.TARGET_YEAR))
    return said, [str(cells.at[cell, "source_id"]) for cell in (PANEL, "capital")]


def _cells(dataset: Dataset) -> pd.DataFrame:
    """Return the inputs of molecular testing by cell, money in euros of one year."""
    money = prices.from_texts(dataset.table("facts/money"), dataset.table("facts/exchange_rates"))
    table = inputs.matrix(dataset, price_tables=money)
    return table[table["service"] == "molecular_testing"].set_index("cell")


def _amount(one: Dated) -> str:
    if one.value == YES:
        return ""
    return _(SIGNS[one.operator]).format(n=bound(float(one.value)), unit=_(one.unit))
