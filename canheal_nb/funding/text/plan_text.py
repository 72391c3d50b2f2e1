"""What a plan is, does and leaves out, in sentences; the screen of funding is made of these."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from canheal_nb.funding.model import planning
from canheal_nb.funding.model.planning import Planned
from canheal_nb.funding.model.scenario import Scenario
from canheal_nb.funding.model.scenario_run import Run
from canheal_nb.funding.text.plan_tables import by_country, records, things
from canheal_nb.indicators import words
from canheal_nb.need.text import service_words
from canheal_nb.text.locale import _, ngettext

TOLD, GAINS, SMALLEST = 3, 1e-9, 1e-5
STATED = ("need", "baseline", "capacity", "capital", "running", "life", "lag")


def about(run: Run, scenario: Scenario) -> str:
    """Return which scenario the plan is on, and with which money, years and aim."""
    text = _('Scenario "{title}": {money} for {n} countries over {first} to {last}; aim: {goal}.')
    if len(run.case.years) == 1:
        text = _('Scenario "{title}": {money} for {n} countries in {first}; aim: {goal}.')
    return text.format(
        title=scenario.title,
        money=service_words.euros(float(planning.budget(scenario).sum())),
        n=len(run.case.countries),
        first=run.case.years[0],
        last=run.case.years[-1],
        goal=_(service_words.GOALS[scenario.goal.objective]),
    )


def assumes(run: Run) -> str:
    """Return what the services planned or bought rest on that somebody stated; "" where nothing."""
    kept = run.services.loc[run.services["units"] > 0, "service"].tolist()
    kept = kept if run.planned is None else run.planned.services
    rows = run.case.own
    rows = rows[(rows["basis"] == "assumed") & rows["service"].isin(kept)]
    parts: dict[str, list[str]] = {}
    for row in records(rows[rows["cell"].isin(STATED)]):
        name = _(service_words.CELLS[str(row["cell"])]).lower()
        value = _stated(float(row["value"]), str(row["unit"]))
        parts.setdefault(str(row["service"]), []).append(f"{name} {value}")
    if not parts:
        return ""
    each = [f"{service_words.service(one)}: {', '.join(told)}" for one, told in parts.items()]
    by = words.listed(dict.fromkeys(str(one) for one in rows["by"] if one))
    text = _("Assumed, not known: {list} (stated by: {by}).")
    return text.format(list="; ".join(each), by=by)


def stock(run: Run, service: str) -> str:
    """Return that what stands today is assumed, and how much; "" where it is counted."""
    rows = run.matrix
    rows = rows[(rows["service"] == service) & (rows["cell"] == "baseline")]
    rows = rows[rows["basis"] == "assumed"]
    if rows.empty:
        return ""
    row = rows.iloc[0]
    text = _(" (what stands today is assumed: {value})")
    return text.format(value=_stated(float(row["value"]), str(row["unit"])))


def _stated(value: float, unit: str) -> str:
    number = words.decimal(value) if value.is_integer() else service_words.number(value)
    if unit == "years":
        whole = int(value) if value.is_integer() else 2
        return ngettext("{n} year", "{n} years", whole).format(n=number)
    return f"{number} {_(unit)}"


def bought(run: Run, scenario: Scenario) -> str:
    """Return what the money buys, and where."""
    money = float(planning.budget(scenario).sum())
    if not len(run.units):
        text = _("With {money} nothing is bought: no unit fits, or none would open in these years.")
        return text.format(money=service_words.euros(money))
    areas = run.units["country"].nunique()
    text = ngettext(
        "{spent} of {money} buy {things} in {n} member state.",
        "{spent} of {money} buy {things} in {n} member states.",
        areas,
    )
    spent = service_words.euros(float(run.outcome.spent))
    return text.format(spent=spent, money=service_words.euros(money), things=things(run), n=areas)


def does(run: Run) -> list[str]:
    """Return what the plan changes, one sentence for each service whose share is known."""
    found = []
    year = run.case.years[-1]
    for row in records(run.services):
        if not row["known"]:
            continue
        service = str(row["service"])
        low, high = run.shares[service]
        text = _("{service}: {measure} {after} in {year}; {before} doing nothing{stock}.")
        if round(high - low, 3):
            text = _(
                "{service}: {measure} {after} in {year} (in 90 of 100 draws {between}); "
                "{before} doing nothing{stock}."
            )
        found.append(
            text.format(
                service=service_words.service(service),
                measure=service_words.measure([service]),
                after=service_words.share(float(row["share_after"])),
                before=service_words.share(float(row["share_nothing"])),
                stock=stock(run, service),
                between=service_words.between(low, high),
                year=year,
            )
        )
    return found


def gainers(run: Run, names: Mapping[str, str]) -> str:
    """Return in how many countries the plan adds against doing nothing, and where most."""
    rows = by_country(run)
    served: dict[str, float] = {}
    for row in rows:
        if row["served"] > GAINS:
            served[row["country"]] = served.get(row["country"], 0.0) + row["served"]
    known = len({row["country"] for row in rows if not math.isnan(row["after"])})
    if not served:
        return _("No country gains.")
    text = ngettext(
        "{measure} rises in {n} of {all} countries, most in {most}; it falls in none.",
        "{measure} rises in {n} of {all} countries, most in {most}; it falls in none.",
        len(served),
    )
    top = sorted(sorted(served), key=lambda one: -served[one])[:TOLD]
    most = words.listed(names[one] for one in top)
    measure = service_words.measured(
        run.case.services if run.planned is None else run.planned.services
    )
    return text.format(n=len(served), all=known, most=most, measure=measure)


def proof(planned: Planned) -> str:
    """Return how far the plan can be from the best, by which method."""
    done = planned.plan
    per, most = (
        service_words.gap(max(done.gap, SMALLEST)),
        service_words.beaten(max(done.gap, SMALLEST)),
    )
    if planned.rule:
        text = _("A rule of thumb ({goal}), not the best: a plan could gain up to {most}.")
    elif done.goal in ("max_min", "lexicographic"):
        most = service_words.beaten(max(done.gap, SMALLEST), high=True)
        text = _("The share of the worst-off country could be at most {most}.")
    elif done.goal == "least_cost":
        text = _("No plan that reaches the target can cost over {gap} less.")
    elif done.goal == "frontier":
        text = _("The best plan that does as much for the worst-off can gain at most {most}.")
    else:
        text = _("The best plan for this money can gain at most {most}.")
    found = text.format(gap=per, most=most, goal=_(service_words.GOALS.get(planned.rule, "")))
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


def beside(
    plan: float,
    rule: float,
    goal: str,
    worst: tuple[float, float],
    spent: tuple[float, float],
    services: Sequence[str],
) -> str:
    """Return the plan against the rule of thumb: mean share, and the worst-off country.

    `spent`: euros of each; `services`: those planned.
    """
    more = plan - rule
    if abs(more) < 5e-4:
        text = _("The plan and the rule of thumb ({rule}) reach the same {measure}.")
    elif more > 0:
        text = _("The plan reaches {n} points more {measure} than the rule of thumb ({rule}).")
    else:
        text = _("The plan reaches {n} points less {measure} than the rule of thumb ({rule}).")
    first = text.format(
        n=words.decimal(100 * abs(more), 1), rule=_(service_words.GOALS[goal]),
        measure=service_words.measure(services),
    )  # fmt: skip
    first = f"{first} {_sums(*spent)}"
    if math.isnan(worst[0]):
        return first
    second = _("Least share in any country: {plan} by the plan, {other} by the rule.")
    mine, theirs = (service_words.share(one) for one in worst)
    return f"{first} {second.format(plan=mine, other=theirs)}"


def same_money(plan: float, rule: float) -> bool:
    """Return whether two sums of euros are the same as they are said."""
    return service_words.euros(plan) == service_words.euros(rule)


def _sums(plan: float, rule: float) -> str:
    if same_money(plan, rule):
        return _("Both spend {money}.").format(money=service_words.euros(plan))
    text = _("The plan spends {plan}, the rule {rule}: not the same money.")
    return text.format(plan=service_words.euros(plan), rule=service_words.euros(rule))


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
            "country from {low} to {high} of its benchmark, all services together, and gives up "
            "{lost} points of the Union's."
        )
        return text.format(
            n=len(frontier), low=service_words.share(best[1]), high=service_words.share(fairest),
            lost=words.decimal(100 * (best[0] - frontier[-1][0]), 1),
        )  # fmt: skip
    text = _(
        "Plan {place} of {n}. The worst-off country has {least} of its benchmark, "
        "all services together; {lost} points of the Union's are given up for that."
    )
    met, least = frontier[place]
    return text.format(
        place=place + 1, n=len(frontier), least=service_words.share(least),
        lost=words.decimal(100 * (best[0] - met), 1),
    )  # fmt: skip


def searching(state: str, seconds: float, most: float, planned: Planned) -> str:
    """Return how far a long search is: "on", "halted" by a person, or "over"."""
    text = {
        "on": _("A better plan is being searched for: {n} of at most {most} seconds."),
        "halted": _("You stopped the search after {n} seconds."),
        "over": _("The search ended after {n} seconds."),
    }[state]
    return f"{text.format(n=round(seconds), most=round(most))} {proof(planned)}"
