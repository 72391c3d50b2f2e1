"""What should we fund: a plan with its proof, who gains, what it rests on and leaves out."""

from __future__ import annotations

from canheal_nb.apps import (
    plan_funding_files,
    plan_funding_kept,
    plan_funding_money,
    plan_funding_search,
    plan_funding_shown,
)
from canheal_nb.apps import plan_funding_line as line
from canheal_nb.apps import plan_funding_parts as parts
from canheal_nb.apps.plan_funding_parts import Funding
from canheal_nb.apps.shell import Screen
from canheal_nb.apps.shell_work import Work
from canheal_nb.data import Dataset
from canheal_nb.errors import UserError
from canheal_nb.locale import _
from canheal_nb.model import inputs, measures, planning, services
from canheal_nb.model.allocation_problem import Infeasible
from canheal_nb.model.scenario import Scenario
from canheal_nb.questions_scenarios import PlanFunding
from canheal_nb.views import (
    facts,
    frontier_curve,
    funding,
    funding_limits,
    funding_priorities,
    funding_tables,
    words,
)
from canheal_nb.views import scenario_words as said

TEMPLATE = "plan_funding.html"
TOP = 2000  # million euros at the slider's end
GOALS = ("most_need_met", "max_min", "lexicographic")


def vocabulary(dataset: Dataset) -> dict[str, list[str]]:
    """Return the ids that the question may name."""
    return {
        "country": measures.members(dataset.areas),
        "scenario": [*parts.offered(dataset), parts.OWN],
        "priorities": [parts.NONE, *line.sets()],
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
        raise UserError(
            funding_limits.refused(error, case, kept, names), code="no-plan-fits"
        ) from None
    run, planned = found.run, found.planned
    service = _focus(question, found)
    counts = inputs.share(run.matrix)
    coupled = planned.problem.coupled
    hunt = parts.searched(dataset, found.scenario) if coupled else None
    sources = facts.cited(dataset.sources, plan_funding_money.source_ids(dataset, found.scenario))
    scenario = found.scenario
    rows = plan_funding_shown.purchases(found, dataset, names)
    context = {
        "question": question,
        "notice": notice,
        "answer": funding.bought(run, scenario),
        "does": funding.does(run),
        "gains": funding.gainers(run, names),
        "late": funding_limits.late(run),
        "proof": funding.proof(planned),
        "method": funding.method(planned, plan_funding_search.MOST),
        "going": _going(hunt),
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
            ("priorities", scenario.priorities or parts.NONE),
            ("service", service),
        ],
        "years": scenario.years,
        "file": plan_funding_files.plan_file(question),
        "goals": [(one, _(said.GOALS[one])) for one in _goals(scenario)],
        "goal": scenario.goal.objective,
        "place": parts.position(question),
        "steps": line.STEPS,
        "slides": not coupled,
        **_curve(question, found, dataset),
        "weighers": funding_priorities.choices(line.sets()),
        "weigher": scenario.priorities or parts.NONE,
        "weighed": _weighed(question, found, dataset),
        **plan_funding_kept.beside(question, found, dataset, vocabulary(dataset), names),
        "rules": [(one, _(said.GOALS[one])) for one in planning.RULES],
        "focus": [(one, said.service(one)) for one in run.case.services],
        "service": service,
        "service_name": said.service(service),
        "countries": [(one, names[one]) for one in measures.members(dataset.areas)],
        "country_name": names.get(question.country, ""),
        "national": plan_funding_shown.national(question, found, dataset, names),
        "union": funding_tables.services(run),
        "own": funding_tables.services(run, question.country) if question.country else [],
        "span": (run.case.years[0], run.case.years[-1]),
        "draws": words.decimal(run.draws),
        "picture": plan_funding_shown.picture(found, service, names),
        "by_country": funding_tables.countries(run, service, names),
        "totals": [
            (said.units(str(r["service"]), float(r["units"])), said.millions(float(r["cost"])))
            for r in funding_tables.records(run.services)
            if r["units"] > 0
        ],
        "bought": rows,
        "limits": funding_limits.limits(planned, run, names),
        "left_out": funding_limits.left_out(planned),
        "outside": funding_limits.outside(planned, run.case, names),
        "about": funding.about(run, scenario),
        "assumes": funding.assumes(run),
        "centres": parts.centres(scenario),
        "benchmark": _(said.BENCHMARK),
        "measure": said.measure(planned.services),
        "not_modelled": said.not_modelled([*run.case.not_modelled, *planned.plan.not_modelled]),
        "counts": counts,
        "cells": sum(counts.values()),
        "matrix": plan_funding_shown.matrix(found, dataset),
        "beside": plan_funding_shown.compared(found, question.rule),
        "rival": plan_funding_shown.rival(found),
        "rule_name": _(said.GOALS[question.rule]),
        "rule_title": plan_funding_shown.rule_title(found),
        "sources": sources,
    }
    return Screen(
        question,
        TEMPLATE,
        context,
        {"equity-slide": {"data-slides": "no" if coupled else "yes"}},
        save=lambda kind: plan_funding_files.saved(kind, question, found, dataset),
        work=hunt if hunt is not None and not hunt.over else _drawn(found, dataset),
    )


def _going(hunt: plan_funding_search.Search | None) -> dict[str, object]:
    """Return how far a long search is: "state" is "" where there is none, and what to say."""
    if hunt is None or (hunt.over and not hunt.rounds):
        return {"state": ""}
    state = "over" if hunt.over else "halted" if hunt.halted else "on"
    return {
        "state": state,
        "said": funding.searching(state, hunt.spent, plan_funding_search.MOST, hunt.best),
        "done": round(hunt.spent),
        "most": round(plan_funding_search.MOST),
    }


def _drawn(found: Funding, dataset: Dataset) -> Work | None:
    """Return the work of drawing the frontier where it is wanted and not at hand."""
    if found.planned.problem.coupled or line.along(dataset, found.scenario):
        return None
    return line.drawing(dataset, found.scenario)


def _curve(question: PlanFunding, found: Funding, dataset: Dataset) -> dict[str, object]:
    """Return the frontier with the plan on it: its picture, words and table, if at hand."""
    points = line.along(dataset, found.scenario)
    place = None if parts.position(question) is None else found.place
    here = line.point(found.planned)
    return {
        "curve": frontier_curve.svg(points, here) if len(points) > 1 else "",
        "along": frontier_curve.rows(points, place),
        "line": funding.line(points, place),
    }


def _weighed(question: PlanFunding, found: Funding, dataset: Dataset) -> list[str]:
    named = line.sets().get(found.scenario.priorities)
    plain = parts.unweighed(found, dataset, question)
    run, planned = found.run, found.planned
    return funding_priorities.lines(named, run, planned.services, plain.run if plain else None)


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
