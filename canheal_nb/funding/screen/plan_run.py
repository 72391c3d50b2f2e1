"""What stands behind the screen of funding: the scenario asked for, and its plan, kept ready."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

from canheal_nb.data import Dataset, scenario_files
from canheal_nb.funding import scenario_file
from canheal_nb.funding.model import evaluation, planning, scenario_run
from canheal_nb.funding.model.model_inputs import Case
from canheal_nb.funding.model.planning import Planned
from canheal_nb.funding.model.scenario import Add, Budget, Give, Goal, Open, Scenario
from canheal_nb.funding.model.scenario_run import Run
from canheal_nb.funding.question import PlanFunding
from canheal_nb.funding.screen.frontier import STEPS, frontier, ground, weights
from canheal_nb.funding.screen.long_search import Search, search
from canheal_nb.indicators import words
from canheal_nb.need.text import service_words
from canheal_nb.solver.problem import Stop
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.text.number_input import AmbiguousNumberError, read_number
from canheal_nb.uncertainty.sampling import LIVE

# Its inputs are all known or stated, for both services that can be planned, with money and years.
FIRST, OWN, NONE = "equity_first", "own", "none"
EURO = 1e6
BUDGET, MOST = 500.0, 100_000.0  # million euros
LONGEST = 60_000


@dataclass(frozen=True, eq=False)
class Funding:
    """A scenario as asked, and its run with the plan.

    `beside`: what the rule of thumb to compare with does; `place`: of the plan on the frontier.
    """

    scenario: Scenario
    run: Run
    planned: Planned
    beside: evaluation.Outcome | None
    place: int = 0


def offered(dataset: Dataset) -> dict[str, Scenario]:
    """Return the shipped scenarios that a plan can be made for, by id."""
    return dict(_offered(dataset))


@lru_cache(maxsize=4)
def _offered(dataset: Dataset) -> tuple[tuple[str, Scenario], ...]:
    known = scenario_run.vocabulary(dataset)
    found = []
    for name, text in scenario_files.shipped(dataset.path).items():
        scenario = scenario_file.read(text, known, name)
        if not any(isinstance(change, Give | Open) for change in scenario.changes):
            found.append((name, scenario))
    return tuple(found)


def asked(question: PlanFunding, dataset: Dataset) -> Scenario:
    """Return the scenario of a question, with its budget, years and goal; what it bought is left.

    Raises UserError for a budget that is no number, a place off the slider, and a wrong file.
    """
    own = written(question, dataset)
    scenario = plain(own)
    changes = tuple(change for change in scenario.changes if not isinstance(change, Add))
    years = int(question.years) if question.years else own.years
    goal = Goal(question.goal, None, scenario.goal.services) if question.goal else scenario.goal
    if position(question) is not None:
        goal = Goal("most_need_met", None, scenario.goal.services)
    if question.priorities:
        name = "" if question.priorities == NONE else question.priorities
        scenario = replace(scenario, priorities=name)
    return replace(
        scenario, years=years, changes=changes, goal=goal, budget=_budget(question, scenario)
    )


def plain(scenario: Scenario) -> Scenario:
    """Return a scenario that buys nothing as one of the reader's own, named after its services."""
    if scenario.changes or scenario.budget.total or scenario.budget.by_year:
        return scenario
    text = _("A plan of your own: {services}")
    named = words.listed(map(service_words.service, scenario.services))
    why = _("Money, years and goal are those chosen on the screen; the inputs are of the scenario")
    return replace(scenario, title=text.format(services=named), why=f'{why} "{scenario.title}".')


def centres(scenario: Scenario) -> str:
    """Return that centres of a file are not planned here, and where they are; "" without any."""
    if not any(isinstance(change, Give | Open) for change in scenario.changes):
        return ""
    return _(
        "This file also opens centres or gives them titles. They are not in this plan: the report "
        "and the command line say how many people live near them."
    )


def written(question: PlanFunding, dataset: Dataset) -> Scenario:
    """Return the scenario as its author wrote it."""
    if question.scenario != OWN:
        return offered(dataset)[question.scenario or FIRST]
    if not question.own:
        text = _(
            "This link is about a scenario file that is not in it; open the file here, "
            "or choose a scenario."
        )
        raise UserError(text, code="no-file")
    if len(question.own) > LONGEST:
        text = _("The file is longer than {n} signs; it is no scenario that was saved here.")
        raise UserError(text.format(n=LONGEST), code="too-long")
    return _read(question.own, dataset)


@lru_cache(maxsize=16)
def _read(text: str, dataset: Dataset) -> Scenario:
    return scenario_file.read(text, scenario_file.vocabulary(dataset, text), _("the file"))


def _budget(question: PlanFunding, scenario: Scenario) -> Budget:
    own = scenario.budget
    if not question.budget:
        stated = bool(own.total or own.by_year)
        years_kept = not question.years or int(question.years) == scenario.years
        if stated and (years_kept or not own.by_year):
            return own
        total = sum(euros for _year, euros in own.by_year) or BUDGET * EURO
        return replace(own, total=own.total or total, by_year=())
    amount = _typed(question.budget)
    if not 0 <= amount <= MOST:
        text = _("The budget must be a number from 0 to {most} million euros, for example 500.")
        raise UserError(text.format(most=f"{MOST:g}"), code="budget")
    return replace(own, total=amount * EURO, by_year=())


def _typed(text: str) -> float:
    """Return the number that was typed; NaN for none. Raises UserError where it could be two."""
    try:
        return read_number(text)
    except AmbiguousNumberError:
        raise
    except UserError:
        return math.nan


def position(question: PlanFunding) -> int | None:
    """Return the place on the slider, 0 to 20; None where it is not used."""
    if not question.equity:
        return None
    if not question.equity.isdecimal() or int(question.equity) > STEPS:
        text = _("The place between most people and the worst-off is a whole number from 0 to 20.")
        raise UserError(text, code="equity")
    return int(question.equity)


def funding(question: PlanFunding, dataset: Dataset) -> Funding:
    """Return the plan of a question; raises UserError where there is none."""
    scenario = asked(question, dataset)
    return _funding(dataset, scenario, position(question), question.rule)


def refused_on(question: PlanFunding, dataset: Dataset) -> tuple[Case, tuple[str, ...]]:
    """Return the ground of a question that has no plan, and the services it was to plan."""
    scenario = asked(question, dataset)
    case = ground(dataset, scenario)
    return case, planning.problem(case, scenario)[1]


def _funding(dataset: Dataset, scenario: Scenario, place: int | None, rule: str) -> Funding:
    if place is not None:
        frontier(dataset, scenario)
        return _made(dataset, scenario, place, rule, 0)
    return _made(dataset, scenario, place, rule, searched(dataset, scenario).version)


@lru_cache(maxsize=48)
def _made(
    dataset: Dataset, scenario: Scenario, place: int | None, rule: str, _version: int
) -> Funding:
    case = ground(dataset, scenario)
    at = 0
    if place is None:
        planned = searched(dataset, scenario).best
    else:
        plans = frontier(dataset, scenario)
        at = round(place / STEPS * (len(plans) - 1))
        planned = plans[at]
    kept = planning.scenario_of(case, scenario, planned)
    run = Run(kept, case, planned.outcome, planned, LIVE)
    return Funding(scenario, run, planned, _beside(case, planned, rule), at)


def searched(dataset: Dataset, scenario: Scenario) -> Search:
    """Return the search for a scenario's plan; its first plan is there. Raises UserError."""

    def ask(seconds: float, stop: Stop | None) -> Planned:
        case, given = ground(dataset, scenario), weights(scenario)
        return planning.plan(case, scenario, given, time_limit=seconds, stop=stop)

    return search(("plan", dataset, scenario), ask)


def unweighed(found: Funding, dataset: Dataset, question: PlanFunding) -> Funding | None:
    """Return the plan of the same question without priorities; None where none were chosen."""
    if not found.scenario.priorities:
        return None
    scenario = replace(found.scenario, priorities="")
    return _funding(dataset, scenario, position(question), question.rule)


def _beside(case: Case, planned: Planned, rule: str) -> evaluation.Outcome | None:
    """Return what the same budget does by a rule of thumb; None where it cannot be followed."""
    bought = planning.by_rules(case, planned.problem, (rule,)).get(rule)
    if bought is None:
        return None
    return evaluation.evaluate(case, planning.over_all(case, planned.services, bought))
