"""What a plan is, does and leaves out, in sentences; the screen of funding is made of these."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from canheal_nb.locale import N_, _, ngettext
from canheal_nb.model import planning
from canheal_nb.model.allocation_problem import Infeasible
from canheal_nb.model.case import Case
from canheal_nb.model.planning import Planned
from canheal_nb.model.scenario import Scenario
from canheal_nb.model.scenario_run import Run
from canheal_nb.views import scenario_words as said
from canheal_nb.views import words
from canheal_nb.views.funding_tables import by_country, records, things

TOLD, GAINS, SMALLEST = 3, 1e-9, 1e-5
LIMITS = {
    "cap": N_("The most that may be bought is bought: {places}."),
    "floor": N_("No more is bought than what must be: {places}."),
    "locked": N_("Fixed beforehand: {places}."),
    "absorption": N_("More money could not be spent well in a year: {places}."),
    "purse": N_("The part that the country pays itself is used up: {places}."),
    "staff": N_("The people needed are all taken: {places}."),
    "places": N_("All training places are taken: {places}."),
    "least_cover": N_("The least share that must be met holds the plan back: {places}."),
    "target": N_("The share to be reached holds the plan back: {places}."),
}
KINDS = {
    "budget": N_("the budget"),
    "absorption": N_("money that can be spent"),
    "purse": N_("the country's own part"),
    "cap": N_("the most units"),
    "floor": N_("the fewest units"),
    "locked": N_("units fixed beforehand"),
    "staff": N_("people needed"),
    "places": N_("training places"),
    "target": N_("the share to be reached"),
    "least_cover": N_("the least share"),
}
LACKS = {"need": N_("need"), "capacity": N_("capacity of a unit"), "price": N_("price")}


def bought(run: Run, scenario: Scenario) -> str:
    """Return what the money buys, and where."""
    money = float(planning.budget(scenario).sum())
    if not len(run.units):
        text = _("With {money} nothing is bought: no unit fits, or none would open in these years.")
        return text.format(money=said.euros(money))
    areas = run.units["country"].nunique()
    text = ngettext(
        "{spent} of {money} buy {things} in {n} member state.",
        "{spent} of {money} buy {things} in {n} member states.",
        areas,
    )
    spent = said.euros(float(run.outcome.spent))
    return text.format(spent=spent, money=said.euros(money), things=things(run), n=areas)


def does(run: Run) -> list[str]:
    """Return what the plan changes, one sentence for each service whose need met is known."""
    found = []
    year = run.case.years[-1]
    for row in records(run.services):
        if not row["known"]:
            continue
        service = str(row["service"])
        low, high = run.shares[service]
        text = _("{service}: {after} of need met in {year}; {before} doing nothing.")
        if round(high - low, 3):
            text = _(
                "{service}: {after} of need met in {year} (in 90 of 100 draws {between}); "
                "{before} doing nothing."
            )
        found.append(
            text.format(
                service=said.service(service),
                after=said.share(float(row["share_after"])),
                before=said.share(float(row["share_nothing"])),
                between=said.between(low, high),
                year=year,
            )
        )
    return found


def refused(error: Infeasible, case: Case, planned: Sequence[str], names: Mapping[str, str]) -> str:
    """Return why no plan keeps all that must hold, and the least that would make room."""
    gives = []
    for one in error.relaxation:
        a, i, t = one.where
        where = " ".join(
            ([names[case.countries[a]]] if a >= 0 else [])
            + ([said.service(planned[i])] if i >= 0 and one.kind not in ("staff", "places") else [])
            + ([str(case.years[t])] if t >= 0 else [])
        )
        money = one.kind in ("budget", "absorption", "purse")
        share = one.kind in ("target", "least_cover")
        amount = said.share(one.needs) if share else said.people(one.needs)
        amount = said.euros(one.needs) if money else amount
        form = _("{kind} {where}: {amount} more") if money else _("{kind} {where}: by {amount}")
        kind = _(KINDS.get(one.kind, one.kind))
        gives.append(form.format(kind=kind, where=where, amount=amount))
    text = _("No plan keeps all that must hold. Ask for more money or years, or another goal.")
    if not gives:
        return text
    more = [*gives[:TOLD], *([_others(len(gives) - TOLD)] if len(gives) > TOLD else [])]
    least = _("The least that would make room: {list}.").format(list="; ".join(more))
    return f"{text} {least}"


def gainers(run: Run, names: Mapping[str, str]) -> str:
    """Return in how many countries more need is met than doing nothing, and who gains most."""
    rows = by_country(run)
    served: dict[str, float] = {}
    for row in rows:
        if row["served"] > GAINS:
            served[row["country"]] = served.get(row["country"], 0.0) + row["served"]
    known = len({row["country"] for row in rows if not math.isnan(row["after"])})
    more = run.units["country"].nunique() if len(run.units) else 0
    if not served:
        if more:
            return _("How much need this meets is not known: what stands today is not known.")
        return _("No country gains.")
    text = ngettext(
        "More need is met in {n} of {all} countries, most in {most}; in none is less met.",
        "More need is met in {n} of {all} countries, most in {most}; in none is less met.",
        len(served),
    )
    top = sorted(sorted(served), key=lambda one: -served[one])[:TOLD]
    most = words.listed(names[one] for one in top)
    return text.format(n=len(served), all=known, most=most)


def proof(planned: Planned) -> str:
    """Return how far the plan can be from the best, by which method."""
    done = planned.plan
    per = said.gap(max(done.gap, SMALLEST))
    if planned.rule:
        text = _("A rule of thumb ({goal}), not the best: a plan could gain up to {gap} more.")
    elif done.goal in ("max_min", "lexicographic"):
        text = _("No plan can lift the worst-off country by more than {gap} further.")
    elif done.goal == "least_cost":
        text = _("No plan that reaches the target can cost over {gap} less.")
    elif done.goal == "frontier":
        text = _("No plan that does as much for the worst-off can gain over {gap} more.")
    else:
        text = _("No plan for this money can gain over {gap} more.")
    found = text.format(gap=per, goal=_(said.GOALS.get(planned.rule, "")))
    if done.stopped:
        found += " " + _("The search ended at its time limit; a longer one may find better.")
    return found


def method(planned: Planned, seconds: float) -> str:
    """Return how the plan was found."""
    ways = {
        "greedy": _("Units are sorted by what a euro gains; the sum is proven by its bound."),
        "frontier": _("One of the plans between most people and the worst-off that are best."),
    }
    if planned.rule:
        return _("Each country gets its part of the money and buys what serves most there.")
    text = _("Searched for with HiGHS, at most {n} seconds; the page can be read meanwhile.")
    return ways.get(planned.plan.method, text.format(n=f"{seconds:g}"))


def limits(planned: Planned, run: Run, names: Mapping[str, str]) -> list[str]:
    """Return what holds the plan back, in sentences."""
    case, found = run.case, []
    left = float(planned.problem.budget.sum()) - float(run.outcome.spent)
    budgets = [one for one in planned.plan.binding if one.kind == "budget"]
    if budgets:
        years = words.listed(str(case.years[one.where[2]]) for one in budgets)
        text = _("The budget of {years} is used up; {left} stay unspent in all.")
        found.append(text.format(years=years, left=said.euros(max(left, 0.0))))
    elif left > 1:
        found.append(_("{left} stay unspent.").format(left=said.euros(left)))
    by_kind: dict[str, list[str]] = {}
    for one in planned.plan.binding:
        if one.kind == "budget":
            continue
        a, i, t = one.where
        parts = [names[case.countries[a]]] if a >= 0 else []
        if i >= 0 and one.kind not in ("staff", "places"):
            parts.append(said.service(planned.services[i]))
        if t >= 0 and one.kind not in ("target", "least_cover"):
            parts.append(str(case.years[t]))
        by_kind.setdefault(one.kind, []).append(" ".join(parts))
    for kind, places in by_kind.items():
        each = list(dict.fromkeys(filter(None, places)))
        shown = (
            each if len(each) <= 2 * TOLD else [*each[: 2 * TOLD], _others(len(each) - 2 * TOLD)]
        )
        if kind in LIMITS and each:
            found.append(_(LIMITS[kind]).format(places="; ".join(shown)))
    return found or [_("Nothing holds the plan back: all that serves somebody is bought.")]


def left_out(planned: Planned) -> list[str]:
    """Return the services that could not be planned, and what is missing for each."""
    text = _("{service}: no figure for {lacks}")
    return [
        text.format(
            service=said.service(service), lacks=words.listed(_(LACKS[one]) for one in lacks)
        )
        for service, lacks in planned.left_out.items()
    ]


def late(run: Run) -> str:
    """Return which services open only after the years asked for; empty where none does."""
    case = run.case
    slow = [s for s in case.services if case.given.get(f"{s}.lag", 0.0) >= len(case.years)]
    if not slow:
        return ""
    text = _("New units of {services} open only after these years; ask for more years.")
    return text.format(services=words.listed(map(said.service, slow)))


def beside(
    plan: float, rule: float, goal: str, worst: tuple[float, float], partly: bool = False
) -> str:
    """Return the plan against the rule of thumb: mean share met, and the worst-off country.

    `partly`: of some service only what is added is counted.
    """
    name = _(said.GOALS[goal])
    more = plan - rule
    if abs(more) < 5e-4:
        text = _("The plan and the rule of thumb ({rule}) meet the same share of need.")
        first = text.format(rule=name)
    elif more > 0:
        text = _("The plan meets {n} points more of need than the rule of thumb ({rule}).")
        first = text.format(n=words.decimal(100 * more, 1), rule=name)
    else:
        text = _("The plan meets {n} points less of need than the rule of thumb ({rule}).")
        first = text.format(n=words.decimal(-100 * more, 1), rule=name)
    if partly:
        first += " " + _(said.ONLY_ADDED)
    if math.isnan(worst[0]):
        return first
    second = _("Least share met in any country: {plan} by the plan, {other} by the rule.")
    return f"{first} {second.format(plan=said.share(worst[0]), other=said.share(worst[1]))}"


def line(frontier: Sequence[tuple[float, float]], place: int | None) -> str:
    """Return where the plan lies between most people and the worst-off, in words.

    `place`: None where the slider is not used.
    """
    if not frontier:
        return ""
    if len(frontier) == 1:
        return _("For this money one plan does the most and is the best for the worst-off too.")
    best, (_met, fairest) = frontier[0], frontier[-1]
    if place is None:
        text = _(
            "{n} plans lie between most people and the worst-off. The fairest lifts the worst-off "
            "country from {low} to {high} of its need met, all services together, and gives up "
            "{lost} points of all need."
        )
        return text.format(
            n=len(frontier), low=said.share(best[1]), high=said.share(fairest),
            lost=words.decimal(100 * (best[0] - frontier[-1][0]), 1),
        )  # fmt: skip
    text = _(
        "Plan {place} of {n}. The worst-off country has {least} of its need met, "
        "all services together; "
        "{lost} points of all need are given up for that."
    )
    met, least = frontier[place]
    return text.format(
        place=place + 1, n=len(frontier), least=said.share(least),
        lost=words.decimal(100 * (best[0] - met), 1),
    )  # fmt: skip


def searching(state: str, seconds: float, most: float, gap: float) -> str:
    """Return how far a long search is: "on", "halted" by a person, or "over"."""
    text = {
        "on": _(
            "A better plan is being searched for: {n} of at most {most} seconds. "
            "The plan shown can be beaten by {gap} at most."
        ),
        "halted": _(
            "You stopped the search after {n} seconds. "
            "The plan shown can be beaten by {gap} at most."
        ),
        "over": _(
            "The search ended after {n} seconds. The plan shown can be beaten by {gap} at most."
        ),
    }[state]
    per = said.gap(max(gap, SMALLEST))
    return text.format(n=round(seconds), most=round(most), gap=per)


def _others(n: int) -> str:
    return ngettext("{n} other", "{n} others", n).format(n=n)
