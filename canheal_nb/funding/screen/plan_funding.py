"""What should we fund: a plan with its proof, who gains, what it rests on and leaves out."""

from __future__ import annotations

from canheal_nb.data import Dataset
from canheal_nb.funding.model import planning
from canheal_nb.funding.model.scenario import Scenario
from canheal_nb.funding.question import PlanFunding
from canheal_nb.funding.screen import (
    compared_plans,
    frontier,
    long_search,
    money_sources,
    plan_files,
    plan_run,
    plan_view,
)
from canheal_nb.funding.screen.plan_run import Funding
from canheal_nb.funding.text import (
    frontier_chart,
    plan_limits,
    plan_tables,
    plan_text,
    priorities_text,
)
from canheal_nb.indicators import facts, measures, words
from canheal_nb.need.model import inputs, services
from canheal_nb.need.text import service_words
from canheal_nb.screens.background_work import Work
from canheal_nb.screens.shell import Screen
from canheal_nb.solver.problem import Infeasible
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

TEMPLATE = "plan_funding.html"
TOP = 2000  # million euros at the slider's end
GOALS = ("most_need_met", "max_min", "lexicographic")


def vocabulary(dataset: Dataset) -> dict[str, list[str]]:
    """Return the ids that the question may name."""
    return {
        "country": measures.members(dataset.areas),
        "scenario": [*plan_run.offered(dataset), plan_run.OWN],
        "priorities": [plan_run.NONE, *frontier.sets()],
        "service": list(services.SERVICES),
    }


def screen(question: PlanFunding, dataset: Dataset, notice: str = "") -> Screen:
    """Return the plan of a question and all that is said about it.

    Raises UserError where no plan can be made, with the reason.
    """
    names = words.country_names(dataset.areas)
    try:
        found = plan_run.funding(question, dataset)
    except Infeasible as error:
        case, kept = plan_run.refused_on(question, dataset)
        raise UserError(
            plan_limits.refused(error, case, kept, names), code="no-plan-fits"
        ) from None
    run, planned = found.run, found.planned
    service = _focus(question, found)
    counts = inputs.share(run.matrix)
    coupled = planned.problem.coupled
    hunt = plan_run.searched(dataset, found.scenario) if coupled else None
    sources = facts.cited(dataset.sources, money_sources.source_ids(dataset, found.scenario))
    scenario = found.scenario
    rows = plan_view.purchases(found, dataset, names)
    context = {
        "question": question,
        "notice": notice,
        "answer": plan_text.bought(run, scenario),
        "does": plan_text.does(run),
        "gains": plan_text.gainers(run, names),
        "late": plan_limits.late(run),
        "proof": plan_text.proof(planned),
        "method": plan_text.method(planned, long_search.MOST),
        "going": _going(hunt),
        "scenarios": _scenarios(question, dataset),
        "scenario": question.scenario or plan_run.FIRST,
        "why": f"{scenario.why} ({scenario.author})",
        "budget": f"{planning.budget(scenario).sum() / plan_run.EURO:g}",
        "top": TOP,
        "taken": [
            ("scenario", question.scenario or plan_run.FIRST),
            ("budget", f"{planning.budget(scenario).sum() / plan_run.EURO:g}"),
            ("years", scenario.years),
            ("goal", scenario.goal.objective),
            ("equity", 0),
            ("priorities", scenario.priorities or plan_run.NONE),
            ("service", service),
        ],
        "years": scenario.years,
        "file": plan_files.plan_file(question),
        "goals": [(one, _(service_words.GOALS[one])) for one in _goals(scenario)],
        "goal": scenario.goal.objective,
        "place": plan_run.position(question),
        "steps": frontier.STEPS,
        "slides": not coupled,
        **_curve(question, found, dataset),
        "weighers": priorities_text.choices(frontier.sets()),
        "weigher": scenario.priorities or plan_run.NONE,
        "weighed": _weighed(question, found, dataset),
        **compared_plans.beside(question, found, dataset, vocabulary(dataset), names),
        "rules": [(one, _(service_words.GOALS[one])) for one in planning.RULES],
        "focus": [(one, service_words.service(one)) for one in run.case.services],
        "service": service,
        "service_name": service_words.service(service),
        "countries": [(one, names[one]) for one in measures.members(dataset.areas)],
        "country_name": names.get(question.country, ""),
        "national": plan_view.national(question, found, dataset, names),
        "union": plan_tables.services(run),
        "own": plan_tables.services(run, question.country) if question.country else [],
        "span": (run.case.years[0], run.case.years[-1]),
        "draws": words.decimal(run.draws),
        "picture": plan_view.picture(found, service, names),
        "by_country": plan_tables.countries(run, service, names),
        "totals": [
            (
                service_words.units(str(r["service"]), float(r["units"])),
                service_words.millions(float(r["cost"])),
            )
            for r in plan_tables.records(run.services)
            if r["units"] > 0
        ],
        "bought": rows,
        "limits": plan_limits.limits(planned, run, names),
        "left_out": plan_limits.left_out(planned),
        "outside": plan_limits.outside(planned, run.case, names),
        "about": plan_text.about(run, scenario),
        "assumes": plan_text.assumes(run),
        "centres": plan_run.centres(scenario),
        "benchmark": _(service_words.BENCHMARK),
        "measure": service_words.measure(planned.services),
        "not_modelled": service_words.not_modelled(
            [*run.case.not_modelled, *planned.plan.not_modelled]
        ),
        "counts": counts,
        "cells": sum(counts.values()),
        "matrix": plan_view.matrix(found, dataset),
        "beside": plan_view.compared(found, question.rule),
        "rival": plan_view.rival(found),
        "rule_name": _(service_words.GOALS[question.rule]),
        "rule_title": plan_view.rule_title(found),
        "sources": sources,
    }
    return Screen(
        question,
        TEMPLATE,
        context,
        {"equity-slide": {"data-slides": "no" if coupled else "yes"}},
        save=lambda kind: plan_files.saved(kind, question, found, dataset),
        work=hunt if hunt is not None and not hunt.over else _drawn(found, dataset),
    )


def _going(hunt: long_search.Search | None) -> dict[str, object]:
    """Return how far a long search is: "state" is "" where there is none, and what to say."""
    if hunt is None or (hunt.over and not hunt.rounds):
        return {"state": ""}
    state = "over" if hunt.over else "halted" if hunt.halted else "on"
    return {
        "state": state,
        "said": plan_text.searching(state, hunt.spent, long_search.MOST, hunt.best),
        "done": round(hunt.spent),
        "most": round(long_search.MOST),
    }


def _drawn(found: Funding, dataset: Dataset) -> Work | None:
    """Return the work of drawing the frontier where it is wanted and not at hand."""
    if found.planned.problem.coupled or frontier.along(dataset, found.scenario):
        return None
    return frontier.drawing(dataset, found.scenario)


def _curve(question: PlanFunding, found: Funding, dataset: Dataset) -> dict[str, object]:
    """Return the frontier with the plan on it: its picture, words and table, if at hand."""
    points = frontier.along(dataset, found.scenario)
    place = None if plan_run.position(question) is None else found.place
    here = frontier.point(found.planned)
    return {
        "curve": frontier_chart.svg(points, here) if len(points) > 1 else "",
        "along": frontier_chart.rows(points, place),
        "line": plan_text.line(points, place),
    }


def _weighed(question: PlanFunding, found: Funding, dataset: Dataset) -> list[str]:
    named = frontier.sets().get(found.scenario.priorities)
    plain = plan_run.unweighed(found, dataset, question)
    run, planned = found.run, found.planned
    return priorities_text.lines(named, run, planned.services, plain.run if plain else None)


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
    found = [(name, plan_run.plain(one).title) for name, one in plan_run.offered(dataset).items()]
    return [*found, (plan_run.OWN, _("A file of your own"))] if question.own else found
