"""What the screen of funding shows of a plan: what it buys, before and after, beside a rule."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import Any

from canheal_nb.charts import dumbbell
from canheal_nb.data import Dataset
from canheal_nb.funding.model import evaluation, rule_comparison
from canheal_nb.funding.model.scenario import Scenario
from canheal_nb.funding.question import PlanFunding
from canheal_nb.funding.screen import frontier, money_sources, plan_run
from canheal_nb.funding.screen.plan_run import Funding
from canheal_nb.funding.text import plan_tables, plan_text
from canheal_nb.indicators import words
from canheal_nb.need.text import service_words
from canheal_nb.text.locale import _, language


def purchases(found: Funding, dataset: Dataset, names: dict[str, str]) -> list[dict[str, str]]:
    """Return what is bought, a row per country, service and year, in euros and national money."""
    run, made = found.run, found.planned.problem
    case = run.case
    cost = made.over_years(made.cost)
    own_money = money_sources.national(dataset)
    rows = []
    for row in plan_tables.records(run.units):
        a, t = case.countries.index(str(row["country"])), case.years.index(int(row["year"]))
        i = found.planned.services.index(str(row["service"]))
        euros = float(cost[a, i, t]) * float(row["units"])
        money, rate = own_money[str(row["country"])]
        own = _("not known") if math.isnan(rate) else words.decimal(euros * rate / plan_run.EURO, 1)
        rows.append(
            {
                "id": str(row["country"]),
                "country": names[str(row["country"])],
                "service": service_words.service(str(row["service"])),
                "year": str(row["year"]),
                "units": service_words.count(float(row["units"])),
                "euros": service_words.millions(euros),
                "own": f"{own} {money}" if money else "",
            }
        )
    return rows


def picture(found: Funding, service: str, names: dict[str, str]) -> dict[str, Any]:
    """Return before and after by country for a service: svg, its words, who is not known."""
    rows = [row for row in plan_tables.by_country(found.run) if row["service"] == service]
    known = [row for row in rows if not math.isnan(row["after"])]
    known.sort(key=lambda row: (row["share_after"], row["share_nothing"]))
    columns = ("share_nothing", "share_after", "after_low", "after_high")
    pairs = [
        dumbbell.Pair(names[str(row["country"])], *(100 * float(row[one]) for one in columns))
        for row in known
    ]
    text = _("{service}, {measure} by country, doing nothing and with the plan; see table.")
    alt = text.format(
        service=service_words.service(service), measure=service_words.measure([service])
    )
    missing = [names[str(row["country"])] for row in rows if math.isnan(row["after"])]
    return {"svg": dumbbell.svg(pairs, alt) if pairs else "", "missing": missing}


def compared(found: Funding, rule: str) -> str:
    """Return the plan beside the rule of thumb in words."""
    if found.beside is None:
        return _("This rule needs figures that are not known for every country.")
    kept, both = found.planned.services, (found.run.outcome, found.beside)
    mine, other = (float(rule_comparison.share_met(one, kept)) for one in both)
    worst, worst_other = (rule_comparison.worst_of(one, kept) for one in both)
    spent = (float(both[0].spent), float(both[1].spent))
    return plan_text.beside(mine, other, rule, (worst, worst_other), spent, kept)


def rule_title(found: Funding) -> str:
    """Return what stands over the table of plan and rule: "same money" only where it is so."""
    measure, year = service_words.measured(found.planned.services), found.run.case.years[-1]
    plan = float(found.run.outcome.spent)
    rule = plan if found.beside is None else float(found.beside.spent)
    text = _("{measure} in the Union in {year}; the plan for {plan}, the rule for {rule}")
    if plan_text.same_money(plan, rule):
        text = _("{measure} in the Union in {year}, for the same money ({plan})")
    return text.format(
        measure=measure, year=year, plan=service_words.euros(plan), rule=service_words.euros(rule)
    )


def national(question: PlanFunding, found: Funding, dataset: Dataset, names: dict[str, str]) -> str:
    """Return what the chosen country gets, in euros and its own money where that is known."""
    if not question.country:
        return ""
    rows = found.run.countries[found.run.countries["country"] == question.country]
    euros = float(rows["cost"].sum())
    money, rate = money_sources.national(dataset)[question.country]
    return plan_tables.national(names[question.country], euros, money, rate)


def rival(found: Funding) -> list[dict[str, str]]:
    """Return the share met per service by nothing, the rule and the plan; none: no rule fits."""
    if found.beside is None:
        return []
    return plan_tables.rival(found.run, evaluation.by_service(found.beside))


def matrix(found: Funding, dataset: Dataset) -> list[dict[str, str]]:
    """Return the inputs as rows in words; they do not hang on money or goal, and are kept."""
    return _rows(dataset, replace(found.scenario, **frontier.BARE), language())


@lru_cache(maxsize=24)
def _rows(dataset: Dataset, scenario: Scenario, _language: str) -> list[dict[str, str]]:
    return [
        {
            "name": service_words.input_name(f"{row['service']}.{row['cell']}"),
            "basis": _(service_words.BASES[str(row["basis"])]),
            "value": "" if math.isnan(float(row["value"])) else words.significant(
                float(row["value"]), 3
            ),
            "unit": _(str(row["unit"])) if row["unit"] else "",
            "by": str(row["by"] or row["source_id"]),
        }
        for row in plan_tables.records(frontier.ground(dataset, scenario).own)
    ]  # fmt: skip
