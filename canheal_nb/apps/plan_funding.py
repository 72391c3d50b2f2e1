"""What should we fund: a plan with its proof, who gains, what it rests on and leaves out."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from canheal_nb import scenarios
from canheal_nb.apps import plan_funding_parts as parts
from canheal_nb.apps.plan_funding_parts import Funding
from canheal_nb.apps.shell import Screen
from canheal_nb.data import Dataset
from canheal_nb.errors import UserError
from canheal_nb.locale import _, language
from canheal_nb.model import inputs, measures, planning, services
from canheal_nb.model.allocation_problem import Infeasible
from canheal_nb.model.scenario import Scenario
from canheal_nb.questions_scenarios import PlanFunding
from canheal_nb.views import dumbbell, exports, facts, funding, funding_tables, words
from canheal_nb.views import scenario_words as said

TEMPLATE = "plan_funding.html"
TOP = 2000  # million euros at the slider's end
GOALS = ("most_need_met", "max_min", "lexicographic")
YAML = "application/yaml"


def vocabulary(dataset: Dataset) -> dict[str, list[str]]:
    """Return the ids that the question may name."""
    return {
        "country": measures.members(dataset.areas),
        "scenario": [*parts.offered(dataset), parts.OWN],
        "service": list(services.SERVICES),
    }


def screen(question: PlanFunding, dataset: Dataset, notice: str = "") -> Screen:
    """Return the plan of a question and all that is said about it.

    Raises UserError where no plan can be made, with the reason.
    """
    names = words.country_names(dataset.areas)
    try:
        found = parts.funding(question, dataset)
    except Infeasible as error:
        case, kept = parts.refused_on(question, dataset)
        raise UserError(funding.refused(error, case, kept, names), code="no-plan-fits") from None
    run, planned = found.run, found.planned
    service = _focus(question, found)
    counts = inputs.share(run.matrix)
    sources = facts.cited(dataset.sources, parts.source_ids(dataset, found.scenario))
    scenario = found.scenario
    rows = purchases(found, dataset, names)
    context = {
        "question": question,
        "notice": notice,
        "answer": funding.bought(run, scenario),
        "does": funding.does(run),
        "gains": funding.gainers(run, names),
        "late": funding.late(run),
        "proof": funding.proof(planned),
        "method": funding.method(planned, parts.SECONDS),
        "scenarios": _scenarios(question, dataset),
        "scenario": question.scenario or parts.FIRST,
        "why": f"{scenario.why} ({scenario.author})",
        "budget": f"{planning.budget(scenario).sum() / parts.EURO:g}",
        "top": TOP,
        "taken": [
            ("scenario", question.scenario or parts.FIRST),
            ("budget", f"{planning.budget(scenario).sum() / parts.EURO:g}"),
            ("years", scenario.years),
            ("goal", scenario.goal.objective),
            ("equity", 0),
            ("service", service),
        ],
        "years": scenario.years,
        "goals": [(one, _(said.GOALS[one])) for one in _goals(scenario)],
        "goal": scenario.goal.objective,
        "place": parts.position(question),
        "steps": parts.STEPS,
        "line": funding.line(found.frontier, found.place),
        "slides": not planned.problem.coupled,
        "rules": [(one, _(said.GOALS[one])) for one in planning.RULES],
        "focus": [(one, said.service(one)) for one in run.case.services],
        "service": service,
        "service_name": said.service(service),
        "countries": [(one, names[one]) for one in measures.members(dataset.areas)],
        "country_name": names.get(question.country, ""),
        "union": funding_tables.services(run),
        "own": funding_tables.services(run, question.country) if question.country else [],
        "span": (run.case.years[0], run.case.years[-1]),
        "draws": words.decimal(run.draws),
        "picture": picture(found, service, names),
        "by_country": funding_tables.countries(run, service, names),
        "totals": [
            (said.units(str(r["service"]), float(r["units"])), said.millions(float(r["cost"])))
            for r in funding_tables.records(run.services)
            if r["units"] > 0
        ],
        "bought": rows,
        "limits": funding.limits(planned, run, names),
        "left_out": funding.left_out(planned),
        "not_modelled": said.not_modelled([*run.case.not_modelled, *planned.plan.not_modelled]),
        "counts": counts,
        "cells": sum(counts.values()),
        "matrix": _matrix(dataset, replace(found.scenario, **parts.BARE), language()),
        "beside": compared(found, question.rule),
        "rival": _rival(found),
        "rule_name": _(said.GOALS[question.rule]),
        "sources": sources,
    }
    return Screen(
        question, TEMPLATE, context, {}, save=lambda kind: saved(kind, question, found, dataset)
    )


def purchases(found: Funding, dataset: Dataset, names: dict[str, str]) -> list[dict[str, str]]:
    """Return what is bought, a row per country, service and year, in euros and national money."""
    run, made = found.run, found.planned.problem
    case = run.case
    cost = made.over_years(made.cost)
    national = parts.national(dataset)
    rows = []
    for row in funding_tables.records(run.units):
        a, t = case.countries.index(str(row["country"])), case.years.index(int(row["year"]))
        i = found.planned.services.index(str(row["service"]))
        euros = float(cost[a, i, t]) * float(row["units"])
        money, rate = national[str(row["country"])]
        rows.append(
            {
                "id": str(row["country"]),
                "country": names[str(row["country"])],
                "service": said.service(str(row["service"])),
                "year": str(row["year"]),
                "units": said.count(float(row["units"])),
                "euros": said.millions(euros),
                "own": f"{words.decimal(euros * rate / parts.EURO, 1)} {money}" if money else "",
            }
        )
    return rows


def picture(found: Funding, service: str, names: dict[str, str]) -> dict[str, Any]:
    """Return before and after by country for a service: svg, its words, who is not known."""
    run = found.run
    rows = run.countries.assign(
        after_low=run.country_intervals["after_low"], after_high=run.country_intervals["after_high"]
    )
    rows = rows[rows["service"] == service]
    known = rows[rows["after"].notna()].sort_values(["share_after", "share_nothing"])
    columns = ("share_nothing", "share_after", "after_low", "after_high")
    pairs = [
        dumbbell.Pair(names[str(row["country"])], *(100 * float(row[one]) for one in columns))
        for row in funding_tables.records(known)
    ]
    text = _("{service}, share of need met by country, doing nothing and with the plan; see table.")
    alt = text.format(service=said.service(service))
    missing = [names[str(one)] for one in rows.loc[rows["after"].isna(), "country"]]
    return {"svg": dumbbell.svg(pairs, alt) if pairs else "", "missing": missing}


def compared(found: Funding, rule: str) -> str:
    """Return the plan beside the rule of thumb in words."""
    if found.beside is None:
        return _("This rule needs figures that are not known for every country.")
    places = [found.run.case.services.index(one) for one in found.planned.services]
    means, worst = [], []
    for outcome in (found.run.outcome, found.beside):
        need, after = outcome.need[:, places, -1], outcome.after[:, places, -1]
        each = np.array(funding_tables.shares(after, need))
        each = each[~np.isnan(each)]
        means.append(float(each.mean()) if each.size else math.nan)
        some = ~np.isnan(after) & (need > 0)
        worst.append(float((after[some] / need[some]).min()) if some.any() else math.nan)
    return funding.beside(means[0], means[1], rule, (worst[0], worst[1]))


def saved(kind: str, question: PlanFunding, found: Funding, dataset: Dataset) -> exports.File:
    """Return what is seen as a file: the plan as CSV or XLSX, the scenario or its plan as YAML."""
    stem = f"canheal-plan-{question.scenario or parts.FIRST}"
    if kind in ("yaml", "plan"):
        scenario = named(found.run.scenario if kind == "plan" else found.scenario)
        text = scenarios.write(scenario)
        name = f"{exports.safe(stem if kind == 'plan' else stem.replace('plan', 'scenario'))}.yaml"
        return exports.File(name, YAML, text.encode())
    names = words.country_names(dataset.areas)
    head = [_("Country"), _("Service"), _("Units"), _("Euros"), _("Share met, nothing done")]
    head += [_("Share met, with the plan"), _("Low"), _("High"), _("Newly served a year")]
    table = found.run.countries.merge(found.run.country_intervals, on=["country", "service"])
    columns = ("units", "cost", "share_nothing", "share_after", "after_low", "after_high", "served")
    rows = [
        [names[str(row["country"])], said.service(str(row["service"]))]
        + [_cell(float(row[one])) for one in columns]
        for row in funding_tables.records(table)
    ]
    about = {
        "title": _("What should we fund: {title}").format(title=found.scenario.title),
        "edition": dataset.edition.name,
        "as_of": dataset.edition.as_of.isoformat(),
        "view": f"plan_funding?{question.query()}".rstrip("?"),
    }
    sources = facts.cited(dataset.sources, parts.source_ids(dataset, found.scenario))
    open_sources = [one for one in sources if one.redistribute != "no"]
    return exports.table_file(kind, stem, head, rows, open_sources, exports.citation(about))


def named(scenario: Scenario) -> Scenario:
    """Return a scenario whose title says the money and the years that were asked here."""
    money = said.euros(float(planning.budget(scenario).sum()))
    text = _("{title} ({money}, {first} to {last})")
    last = scenario.start + scenario.years - 1
    title = scenario.title.split(" (")[0]
    said_so = text.format(title=title, money=money, first=scenario.start, last=last)
    return replace(scenario, title=said_so)


def _cell(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.6g}"


def _focus(question: PlanFunding, found: Funding) -> str:
    if question.service in found.run.case.services:
        return question.service
    known = found.run.services
    kept = known[known["known"] > 0]
    rows = kept if len(kept) else known
    return str(rows.sort_values("units", ascending=False, kind="stable")["service"].iloc[0])


def _goals(scenario: Scenario) -> list[str]:
    own = scenario.goal.objective
    return [*GOALS] if own in GOALS else [own, *GOALS]


def _scenarios(question: PlanFunding, dataset: Dataset) -> list[tuple[str, str]]:
    found = [(name, parts.plain(one).title) for name, one in parts.offered(dataset).items()]
    return [*found, (parts.OWN, _("A file of your own"))] if question.own else found


def _rival(found: Funding) -> list[dict[str, str]]:
    if found.beside is None:
        return []
    ours = found.run.outcome
    need = ours.need[:, :, -1]
    nothing, plan, other = (
        funding_tables.shares(each[:, :, -1], need)
        for each in (ours.nothing, ours.after, found.beside.after)
    )
    return funding_tables.rival(found.run, nothing, plan, other)


@lru_cache(maxsize=24)
def _matrix(dataset: Dataset, scenario: Scenario, _language: str) -> list[dict[str, str]]:
    """Return the inputs as rows in words; they do not hang on money or goal, and are kept."""
    return [
        {
            "name": said.input_name(f"{row['service']}.{row['cell']}"),
            "basis": _(said.BASES[str(row["basis"])]),
            "value": "" if math.isnan(float(row["value"])) else words.significant(
                float(row["value"]), 3
            ),
            "unit": _(str(row["unit"])) if row["unit"] else "",
            "by": str(row["by"] or row["source_id"]),
        }
        for row in funding_tables.records(parts.ground(dataset, scenario).own)
    ]  # fmt: skip
