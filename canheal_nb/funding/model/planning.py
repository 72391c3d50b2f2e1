"""From a scenario to a problem of allocation, and from its plan back to a scenario.

A service counts by the share of the Union's need that it meets, times its priority, so that
scans, patients and inhabitants are not added up: one unit of the objective is the whole need of
every service met in every year. Only services are searched whose need, today's units, capacity,
price, running cost and years until they open are known or stated in the scenario; the others are
named, and so are countries whose need or units are not known. The evaluator computes a plan again;
where the two differ nothing is shown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from canheal_nb.funding.model import constraints, evaluation
from canheal_nb.funding.model.model_inputs import Case, Floats
from canheal_nb.funding.model.plannable import lacking, price, refusal
from canheal_nb.funding.model.scenario import Add, Scenario
from canheal_nb.solver import allocation
from canheal_nb.solver.allocation import Plan, Problem
from canheal_nb.solver.bounds import relative, spent
from canheal_nb.solver.exact.greedy import greedy
from canheal_nb.solver.frontier import frontier
from canheal_nb.solver.infeasibility_text import Named, named
from canheal_nb.solver.near_optimal import alternatives
from canheal_nb.solver.problem import Infeasible, Progress, Stop
from canheal_nb.solver.rules_of_thumb import rules
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

RULES = ("per_head", "per_case", "by_need", "todays_shares")
AGREE = 1e-9
ROUGH = 0.02  # how near the bound a rule is measured against: near enough, and soon there


@dataclass(frozen=True)
class Planned:
    """A plan for a scenario: the problem, the plan, what it does, and the services left out.

    `services`: those planned, in the problem's order; `left_out`: service -> what is missing (see
    `plannable.lacking`); `rule`: the rule of thumb it follows, "" for a solved plan.
    """

    problem: Problem
    plan: Plan
    outcome: evaluation.Outcome
    services: tuple[str, ...]
    left_out: Mapping[str, tuple[str, ...]]
    rule: str = ""


def problem(
    case: Case, scenario: Scenario, weights: Mapping[str, float] | None = None
) -> tuple[Problem, tuple[str, ...]]:
    """Return the allocation problem of a scenario and the services in it, in order.

    `weights`: priority by service; absent: all alike. A country whose need or units are not known
    gets nothing (need 0): it would seem to have none and draw all the money. Raises UserError when
    no service can be planned.
    """
    out = lacking(case)
    asked = scenario.goal.services or case.services
    kept = tuple(service for service in case.services if service in asked and service not in out)
    if not kept:
        raise UserError(refusal(asked, out), code="nothing-to-plan")
    places = [case.services.index(service) for service in kept]
    share = np.array([case.input(service, "need") for service in kept])
    need = np.nan_to_num(case.count[:, places, None] * share[:, None] * case.growth[:, places])
    need = np.where(np.isnan(case.start[:, places])[:, :, None], 0.0, need)
    importance = np.array([1.0 if weights is None else weights.get(s, 0.0) for s in kept])
    if importance.sum() <= 0:
        text = _("All priorities are nought; give one service at least a weight above nought.")
        raise UserError(text, code="no-weight")
    whole = need.sum(axis=(0, 2))
    each = importance / importance.sum() / np.where(whole > 0, whole, 1.0)
    start = np.where(need[:, :, 0] > 0, case.start[:, places], 0.0)
    lag, life = (
        np.array([case.input(service, cell) for service in kept]) for cell in ("lag", "life")
    )
    made = Problem(
        need=need,
        start_units=start,
        capacity=np.array([case.input(service, "capacity") for service in kept]),
        cost=np.stack([np.tile(price(case, p), (case.shape[0], 1)) for p in places], axis=1),
        budget=budget(scenario),
        weights=np.tile(each, (case.shape[0], 1)),
        carry_over=scenario.budget.carry_over,
        lag=np.rint(lag),
        life=np.where(np.isnan(life), np.inf, life),
    )
    return constraints.bound(made, scenario, case.countries, kept), kept


def budget(scenario: Scenario) -> Floats:
    """Return euros by year: as given, or the total in equal parts."""
    given = scenario.budget
    if given.by_year:
        by_year = dict(given.by_year)
        years = range(scenario.start, scenario.start + scenario.years)
        return np.array([float(by_year.get(year, 0.0)) for year in years])
    return np.full(scenario.years, (given.total or 0.0) / scenario.years)


def plan(
    case: Case,
    scenario: Scenario,
    weights: Mapping[str, float] | None = None,
    time_limit: float = 10.0,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Planned:
    """Return the plan for a scenario's goal, computed again by the evaluator.

    The goal may be one of the allocator's, or a rule of thumb (`RULES`), whose gap is measured
    against the bound of most need met. Raises UserError when the two computations differ.
    """
    made, kept = problem(case, scenario, weights)
    goal = scenario.goal
    try:
        if goal.objective in RULES:
            found = _by_rule(case, made, goal.objective, time_limit, stop)
        else:
            found = allocation.solve(
                made, goal.objective, goal.target, time_limit, progress=progress, stop=stop
            )
    except Infeasible as error:
        roles = tuple(role.role for role in scenario.constraints.staff)
        places = Named(case.countries, kept, case.years, roles, made.carry_over)
        raise named(error, places) from None
    rule = goal.objective if goal.objective in RULES else ""
    return _checked(case, made, kept, found, rule)


def along(
    case: Case,
    scenario: Scenario,
    weights: Mapping[str, float] | None = None,
    points: int = 21,
    time_limit: float = 10.0,
) -> tuple[Planned, ...]:
    """Return the plans of the frontier, from most need met to the fairest, each checked again.

    The gap of each is of the need met, against the bound of its own least share; where the
    search left none, that of the plan before it, which asks for less and so is a bound here too.
    """
    made, kept = problem(case, scenario, weights)
    found, bound = [], math.inf if made.coupled else greedy(made)[1]
    for point in frontier(made, points, time_limit):
        own = bound if math.isnan(point.bound) else min(bound, point.bound)
        bound = max(point.met, own)
        gap = relative(made, point.met, bound) if math.isfinite(bound) else 1.0
        done = Plan(point.units, point.met, bound, gap, 0.0, "frontier", "frontier")
        done = replace(done, binding=() if made.coupled else spent(made, point.units))
        found.append(_checked(case, made, kept, done, ""))
    return tuple(found)


def with_others(
    case: Case,
    scenario: Scenario,
    planned: Planned,
    count: int = 1,
    time_limit: float = 5.0,
    stop: Stop | None = None,
) -> Planned:
    """Return the same with plans nearly as good in `plan.alternatives`, each checked again.

    A plan by a rule of thumb has none: it is not the best of anything.
    """
    if planned.rule:
        return planned
    made, plan = planned.problem, planned.plan
    target = scenario.goal.target
    found = alternatives(made, plan, count, time_limit=time_limit, stop=stop, target=target)
    for units in found:
        _checked(case, made, planned.services, replace(plan, units=units), "")
    return replace(planned, plan=replace(plan, alternatives=found))


def scenario_of(case: Case, scenario: Scenario, planned: Planned) -> Scenario:
    """Return the scenario with the plan as its changes, so that it can be saved and run."""
    units = planned.outcome.units
    changes = tuple(
        Add(case.services[i], case.countries[a], float(units[a, i, t]), case.years[t])
        for a, i, t in np.argwhere(units > 0)
    )
    kept = tuple(change for change in scenario.changes if not isinstance(change, Add))
    return replace(scenario, changes=kept + changes)


def met(outcome: evaluation.Outcome, services: tuple[str, ...], weights: Floats) -> float:
    """Return the weighted need met by a plan where it is known, from the evaluator's figures."""
    places = [outcome.case.services.index(service) for service in services]
    people = np.nan_to_num(outcome.after[:, places])
    return float((people * weights[:, :, None]).sum())


def by_rules(case: Case, made: Problem, only: tuple[str, ...] = ()) -> dict[str, Floats]:
    """Return what each rule of thumb buys with the problem's money, in the problem's shape.

    `only`: the rules that are wanted; all, where none is named. A rule that needs what is not
    known for every country is left out.
    """
    cases = made.over_years(made.need)[:, :, 0].sum(axis=1)
    return rules(made, heads=np.nan_to_num(case.people), cases=cases, only=only)


def over_all(case: Case, kept: tuple[str, ...], units: Floats) -> Floats:
    """Return units of the services planned as units [A, I, T] of all services of the ground."""
    found: Floats = np.zeros(case.shape)
    found[:, [case.services.index(service) for service in kept]] = units
    return found


def _checked(case: Case, made: Problem, kept: tuple[str, ...], found: Plan, rule: str) -> Planned:
    outcome = evaluation.evaluate(case, over_all(case, kept, found.units))
    _agree(outcome, made, kept, found)
    return Planned(made, found, outcome, kept, lacking(case), rule)


def _agree(outcome: evaluation.Outcome, made: Problem, kept: tuple[str, ...], found: Plan) -> None:
    again, reckoned = met(outcome, kept, made.weight), allocation.worth(made, found.units)
    money = float(outcome.spent)
    paid = float((made.over_years(made.cost) * found.units).sum())
    for name, one, other in (("need", again, reckoned), ("money", money, paid)):
        if abs(one - other) > AGREE * max(1.0, abs(one), abs(other)):
            text = _(
                "The plan and its check differ in {name}: {one} and {other}. It is not shown; "
                "please report this scenario."
            )
            said = text.format(name=name, one=one, other=other)
            raise UserError(said, code="plan-differs")


def _by_rule(case: Case, made: Problem, rule: str, time_limit: float, stop: Stop | None) -> Plan:
    found = by_rules(case, made, (rule,))
    if rule not in found:
        text = _("The rule {rule} needs figures that are not known for every country.")
        raise UserError(text.format(rule=rule), code="rule-unknown")
    best = allocation.solve(made, "most_need_met", None, time_limit, ROUGH, stop=stop)
    worth, nothing = (
        allocation.worth(made, units) for units in (found[rule], np.zeros(made.shape))
    )
    gain = best.bound - nothing
    gap = (best.bound - worth) / gain if gain > 0 else 0.0
    return replace(best, units=found[rule], objective=worth, gap=gap, method=rule, binding=())
