"""Sentences and rows about what one person's priorities do to a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from canheal_nb.funding.model.planning import budget
from canheal_nb.funding.model.priorities_effect import Bought
from canheal_nb.funding.model.scenario import Scenario
from canheal_nb.indicators import words
from canheal_nb.need.text import service_words
from canheal_nb.need.text.service_words import things
from canheal_nb.text.locale import _
from canheal_nb.text.numbers import significant


def said(alike: Bought, yours: Bought | None, spoken: bool, names: Mapping[str, str]) -> str:
    """Return what the money buys more and less of with somebody's answers."""
    planned = words.listed([names[one] for one in alike.units])
    if not spoken:
        text = _("Answer something about {services}: then you see what a plan would buy more of.")
        return text.format(services=planned)
    if yours is None:
        text = _("Your answers give nothing to {services}; so they make no plan here.")
        return text.format(services=planned)
    more, less = _differ(alike, yours)
    if not more and not less:
        text = _("With your answers the plan buys the same as with all services alike: {list}.")
        return text.format(list=things(yours.units.items()))
    if more and less:
        text = _("With your answers the plan buys {more} more; {less} fewer.")
    elif more:
        text = _("With your answers the plan buys {more} more.")
    else:
        text = _("With your answers the plan buys {less} fewer.")
    return text.format(more=things(more.items()), less=things(less.items()))


def rows(alike: Bought, yours: Bought, names: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the rows of the table: name, alike, yours (numbers of units)."""
    return [
        {
            "name": names[one],
            "alike": service_words.count(alike.units[one]),
            "yours": service_words.count(yours.units[one]),
        }
        for one in alike.units
    ]


def example(scenario: Scenario, alike: Bought, names: Mapping[str, str]) -> str:
    """Return what the example is: its money, its year, and the services in it."""
    text = _(
        "An example: {money} in {year}, for the most {measure} in the 27 countries up to {last}."
    )
    money = service_words.euros(float(budget(scenario).sum()))
    return text.format(
        money=money, year=scenario.start, last=scenario.start + scenario.years - 1,
        measure=service_words.measure(alike.units),
    )  # fmt: skip


def how(alike: Bought, yours: Bought | None, names: Mapping[str, str]) -> list[str]:
    """Return which services are in the plan and why, what decides beside weights, and the gap."""
    planned = words.listed([names[one] for one in alike.units])
    text = _(
        "{n} of {all} services can be planned today: {services}. For the others need, what stands "
        "today, capacity, price or time to open is not known, so answers about them change no "
        "plan yet. What you did not speak about counts as the mean of the rest."
    )
    lines = [text.format(n=len(alike.units), all=len(names), services=planned)]
    fast = sorted(alike.speed, key=lambda one: (-alike.speed[one], one))
    parts = []
    for one in fast:
        part = _("{share} % for {service}")
        parts.append(part.format(share=significant(100 * alike.speed[one], 2), service=names[one]))
    text = _(
        "Weights are not all that counts: of what the benchmark asks for in the Union, a million "
        "euros adds at first {list}. The plan buys first where this share times the weight is "
        "largest."
    )
    lines.append(text.format(list=words.listed(parts)))
    gap = max(alike.gap, yours.gap if yours else 0.0)
    text = _("The plans are at most {gap} below the best there can be.")
    lines.append(text.format(gap=service_words.gap(gap)))
    return lines


def alone(titles: Iterable[str]) -> str:
    """Return the scenarios of one service, in which weights change nothing."""
    named: Sequence[str] = [f"“{_(one)}”" for one in titles]
    text = _("A plan for one service buys the same whatever weighs more, as in {scenarios}.")
    return text.format(scenarios=words.listed(named)) if named else ""


def _differ(alike: Bought, yours: Bought) -> tuple[dict[str, float], dict[str, float]]:
    change = {one: yours.units[one] - alike.units[one] for one in alike.units}
    more = {one: n for one, n in change.items() if n > 0}
    return more, {one: -n for one, n in change.items() if n < 0}
