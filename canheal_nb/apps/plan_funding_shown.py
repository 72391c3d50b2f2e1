"""What the screen of funding shows of a plan: what it buys, before and after, beside a rule."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import Any

from canheal_nb.apps import plan_funding_line as line
from canheal_nb.apps import plan_funding_money
from canheal_nb.apps import plan_funding_parts as parts
from canheal_nb.apps.plan_funding_parts import Funding
from canheal_nb.data import Dataset
from canheal_nb.locale import _, language
from canheal_nb.model import evaluation, scenario_rivals
from canheal_nb.model.scenario import Scenario
from canheal_nb.questions_scenarios import PlanFunding
from canheal_nb.views import dumbbell, funding, funding_tables, words
from canheal_nb.views import scenario_words as said


def purchases(found: Funding, dataset: Dataset, names: dict[str, str]) -> list[dict[str, str]]:
    """Return what is bought, a row per country, service and year, in euros and national money."""
    run, made = found.run, found.planned.problem
    case = run.case
    cost = made.over_years(made.cost)
    own_money = plan_funding_money.national(dataset)
    rows = []
    for row in funding_tables.records(run.units):
        a, t = case.countries.index(str(row["country"])), case.years.index(int(row["year"]))
        i = found.planned.services.index(str(row["service"]))
        euros = float(cost[a, i, t]) * float(row["units"])
        money, rate = own_money[str(row["country"])]
        own = _("not known") if math.isnan(rate) else words.decimal(euros * rate / parts.EURO, 1)
        rows.append(
            {
                "id": str(row["country"]),
                "country": names[str(row["country"])],
                "service": said.service(str(row["service"])),
                "year": str(row["year"]),
                "units": said.count(float(row["units"])),
                "euros": said.millions(euros),
                "own": f"{own} {money}" if money else "",
            }
        )
    return rows


def picture(found: Funding, service: str, names: dict[str, str]) -> dict[str, Any]:
    """Return before and after by country for a service: svg, its words, who is not known."""
    rows = [row for row in funding_tables.by_country(found.run) if row["service"] == service]
    known = [row for row in rows if not math.isnan(row["after"])]
    known.sort(key=lambda row: (row["share_after"], row["share_nothing"]))
    columns = ("share_nothing", "share_after", "after_low", "after_high")
    pairs = [
        dumbbell.Pair(names[str(row["country"])], *(100 * float(row[one]) for one in columns))
        for row in known
    ]
    text = _("{service}, {measure} by country, doing nothing and with the plan; see table.")
    alt = text.format(service=said.service(service), measure=said.measure([service]))
    missing = [names[str(row["country"])] for row in rows if math.isnan(row["after"])]
    return {"svg": dumbbell.svg(pairs, alt) if pairs else "", "missing": missing}


def compared(found: Funding, rule: str) -> str:
    """Return the plan beside the rule of thumb in words."""
    if found.beside is None:
        return _("This rule needs figures that are not known for every country.")
    kept, both = found.planned.services, (found.run.outcome, found.beside)
    mine, other = (float(scenario_rivals.share_met(one, kept)) for one in both)
    worst, worst_other = (scenario_rivals.worst_of(one, kept) for one in both)
    spent = (float(both[0].spent), float(both[1].spent))
    return funding.beside(mine, other, rule, (worst, worst_other), spent, kept)


def rule_title(found: Funding) -> str:
    """Return what stands over the table of plan and rule: "same money" only where it is so."""
    measure, year = said.measured(found.planned.services), found.run.case.years[-1]
    plan = float(found.run.outcome.spent)
    rule = plan if found.beside is None else float(found.beside.spent)
    text = _("{measure} in the Union in {year}; the plan for {plan}, the rule for {rule}")
    if funding.same_money(plan, rule):
        text = _("{measure} in the Union in {year}, for the same money ({plan})")
    return text.format(measure=measure, year=year, plan=said.euros(plan), rule=said.euros(rule))


def national(question: PlanFunding, found: Funding, dataset: Dataset, names: dict[str, str]) -> str:
    """Return what the chosen country gets, in euros and its own money where that is known."""
    if not question.country:
        return ""
    rows = found.run.countries[found.run.countries["country"] == question.country]
    euros = float(rows["cost"].sum())
    money, rate = plan_funding_money.national(dataset)[question.country]
    return funding_tables.national(names[question.country], euros, money, rate)


def rival(found: Funding) -> list[dict[str, str]]:
    """Return the share met per service by nothing, the rule and the plan; none: no rule fits."""
    if found.beside is None:
        return []
    return funding_tables.rival(found.run, evaluation.by_service(found.beside))


def matrix(found: Funding, dataset: Dataset) -> list[dict[str, str]]:
    """Return the inputs as rows in words; they do not hang on money or goal, and are kept."""
    return _rows(dataset, replace(found.scenario, **line.BARE), language())


@lru_cache(maxsize=24)
def _rows(dataset: Dataset, scenario: Scenario, _language: str) -> list[dict[str, str]]:
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
        for row in funding_tables.records(line.ground(dataset, scenario).own)
    ]  # fmt: skip
