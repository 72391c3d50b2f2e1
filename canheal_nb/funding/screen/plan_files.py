"""The files that the screen of funding saves: the plan as a table, the scenario as its text."""

from __future__ import annotations

import math
from dataclasses import replace

from canheal_nb.data import Dataset
from canheal_nb.funding import scenario_file
from canheal_nb.funding.model import planning
from canheal_nb.funding.model.scenario import Scenario
from canheal_nb.funding.question import PlanFunding
from canheal_nb.funding.screen import money_sources, plan_run
from canheal_nb.funding.screen.plan_run import Funding
from canheal_nb.funding.text import plan_tables
from canheal_nb.indicators import facts, words
from canheal_nb.need.text import service_words
from canheal_nb.screens import exports
from canheal_nb.text.locale import _

YAML = "application/yaml"


def saved(kind: str, question: PlanFunding, found: Funding, dataset: Dataset) -> exports.File:
    """Return what is seen as a file: the plan as CSV or XLSX, the scenario or its plan as YAML."""
    stem = _stem(question)
    if kind in ("yaml", "plan"):
        scenario = named(found.run.scenario if kind == "plan" else found.scenario)
        text = scenario_file.write(scenario)
        name = (
            plan_file(question) if kind == "plan" else f"{exports.safe(_stem(question, kind))}.yaml"
        )
        return exports.File(name, YAML, text.encode())
    names = words.country_names(dataset.areas)
    measure = service_words.measured(found.planned.services)
    head = [_("Country"), _("Service"), _("Units"), _("Euros")]
    head += [_("{measure}, nothing done").format(measure=measure)]
    head += [_("{measure}, with the plan").format(measure=measure)]
    head += [_("Low"), _("High"), _("Newly served a year")]
    table = found.run.countries.merge(found.run.country_intervals, on=["country", "service"])
    columns = ("units", "cost", "share_nothing", "share_after", "after_low", "after_high", "served")
    rows = [
        [names[str(row["country"])], service_words.service(str(row["service"]))]
        + [_cell(float(row[one])) for one in columns]
        for row in plan_tables.records(table)
    ]
    about = {
        "title": _("What should we fund: {title}").format(title=found.scenario.title),
        "edition": dataset.edition.name,
        "as_of": dataset.edition.as_of.isoformat(),
        "view": f"plan_funding?{question.query()}".rstrip("?"),
    }
    sources = facts.cited(dataset.sources, money_sources.source_ids(dataset, found.scenario))
    open_sources = [one for one in sources if one.redistribute != "no"]
    return exports.table_file(kind, stem, head, rows, open_sources, exports.citation(about))


def plan_file(question: PlanFunding) -> str:
    """Return the name of the file that holds a scenario with its plan."""
    return f"{exports.safe(_stem(question))}.yaml"


def _stem(question: PlanFunding, kind: str = "plan") -> str:
    what = "plan" if kind == "plan" else "scenario"
    return f"canheal-{what}-{question.scenario or plan_run.FIRST}"


def named(scenario: Scenario) -> Scenario:
    """Return a scenario whose title says the money and the years that were asked here."""
    amount = service_words.euros(float(planning.budget(scenario).sum()))
    text = _("{title} ({money}, {first} to {last})")
    last = scenario.start + scenario.years - 1
    title = scenario.title.split(" (")[0]
    said_so = text.format(title=title, money=amount, first=scenario.start, last=last)
    return replace(scenario, title=said_so)


def _cell(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.6g}"
