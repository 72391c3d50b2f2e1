"""What a check of readiness for genomics says: levels, steps, dates, costs, and the country."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from canheal_nb.data import Dataset
from canheal_nb.genomics.model import readiness
from canheal_nb.genomics.model.next_steps import AHEAD, NOW, PAST, UNDATED, Check, Dated
from canheal_nb.genomics.model.readiness import Assessed
from canheal_nb.genomics.model.workload import NOW as AVAILABLE
from canheal_nb.genomics.model.workload import PLANNED
from canheal_nb.genomics.text.workload_text import COUNSELLING, TESTING, cells
from canheal_nb.indicators import facts, measures, words
from canheal_nb.indicators.series_choice import layer
from canheal_nb.need.model import prices, services
from canheal_nb.need.model.machine_need import CASES
from canheal_nb.text import dates
from canheal_nb.text.locale import N_, _, ngettext
from canheal_nb.text.numbers import bound, significant

YES = "yes"
SIGNED, PANEL = "one_plus_million_genomes_signatory", "running"
PERSPECTIVES = {
    "regulatory": N_("Regulatory"),
    "scientific": N_("Scientific"),
    "economic": N_("Economic"),
    "research": N_("Research"),
    "gender": N_("Gender"),
}
LAW = "law"
STATES = {
    PAST: N_("overdue: its day is over; whether it was met is not known"),
    NOW: N_("coming, still this year"),
    AHEAD: N_("coming"),
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
            "asked": step.assessed.indicator.asked,
            "whom": _(found.owners.get(step.assessed.indicator.domain, "")),
        }
        for step in found.steps
    ]


def missing(found: Check) -> list[dict[str, str]]:
    """Return what is not in place, each with who usually answers for it."""
    return [
        {"asked": one.asked, "text": _(one.text), "whom": _(found.owners.get(one.domain, ""))}
        for one in found.missing
    ]


def planned(found: Check, said: Mapping[str, str]) -> dict[str, dates.Planned]:
    """Return what is typed of each step and of what is not in place, by the name of its answer."""
    asked = [step.assessed.indicator.asked for step in found.steps]
    asked += [one.asked for one in found.missing]
    return {name: dates.planned(said, name) for name in asked}


def first(found: Check) -> list[tuple[str, str, str, int]]:
    """Return what to assess first: its code, its text, whom to ask, how many rest on it."""
    return [(one.id, _(one.text), _(found.owners.get(one.domain, "")), n) for one, n in found.first]


def owned(plan: Mapping[str, dates.Planned]) -> str:
    """Return how many steps have an owner and a date; "" where there is no step."""
    if not plan:
        return ""
    both = sum(bool(one.owner) and one.due is not None for one in plan.values())
    text = ngettext(
        "{both} of {n} step has an owner and a date.",
        "{both} of {n} steps have an owner and a date.",
        len(plan),
    )
    return text.format(both=both, n=len(plan))


def genomes_goal(found: Check) -> float:
    """Return the number of reference genomes that Genome of Europe wants."""
    return next(float(one.value) for one in found.dates if one.unit == "genomes")


def signed(country: str, dataset: Dataset) -> str:
    """Return whether a country signed the declaration on 1+ Million Genomes; "" if not known."""
    rows = dataset.indicators
    own = rows[(rows["indicator"] == SIGNED) & (rows["area_id"] == country)]
    return str(own["value"].iloc[0]) if len(own) else ""


def perspectives(found: Check) -> list[tuple[str, int, int]]:
    """Return the five perspectives: name, indicators assessed, and of how many."""
    return [(_(PERSPECTIVES[name]), *counts) for name, counts in found.perspectives.items()]


def date_rows(found: Check) -> list[tuple[str, str, str, str]]:
    """Return what is set for when: what, how much, the year, and where that year lies."""
    return [
        (
            one.target,
            _amount(one),
            str(one.year or ""),
            "; ".join(filter(None, [state(one), _(KINDS.get(one.kind, "")), one.note])),
        )
        for one in found.dates
    ]


def state(one: Dated) -> str:
    """Return where a day lies: a law that has come applies, an aim whose day is over is overdue."""
    if one.nature == LAW and one.state == PAST:
        return _("applies since then")
    return _(STATES[one.state])


def tracked(found: Check) -> str:
    """Return how many of the dates are overdue, coming, in force, or without a year."""
    laws = [one for one in found.dates if one.nature == LAW and one.state == PAST]
    late = [one for one in found.dates if one.state == PAST and one not in laws]
    coming = [one for one in found.dates if one.state in (NOW, AHEAD)]
    text = _("{late} overdue, {coming} coming, {laws} in force, {open} without a year.")
    rest = len(found.dates) - len(late) - len(coming) - len(laws)
    return text.format(late=len(late), coming=len(coming), laws=len(laws), open=rest)


def per_thousand(dataset: Dataset) -> str:
    """Return what a thousand samples cost at the price of one."""
    one = float(cells(dataset, TESTING).at[PANEL, "value"])
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
    known = cells(dataset, TESTING)
    one = float(known.at[PANEL, "value"])
    planned, now = (amounts[name] for name in (PLANNED, AVAILABLE))
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
    capital = float(known.at["capital", "value"])
    text = _(
        "One sequencer cost about {n} euros (weak source); how many samples it does a year is "
        "not known. All in euros of {year}."
    )
    said.append(text.format(n=significant(capital), year=prices.TARGET_YEAR))
    return said, [str(known.at[cell, "source_id"]) for cell in (PANEL, "capital")]


def _amount(one: Dated) -> str:
    if one.value == YES:
        return ""
    return _(SIGNS[one.operator]).format(n=bound(float(one.value)), unit=_(one.unit))
