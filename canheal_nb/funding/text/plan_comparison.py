"""Plans side by side: one row for each thing that is told of them, one column for each plan."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from canheal_nb.funding.model import planning
from canheal_nb.funding.model.planning import Planned
from canheal_nb.funding.model.scenario import Scenario
from canheal_nb.funding.model.scenario_run import Run
from canheal_nb.funding.text.plan_tables import records, things
from canheal_nb.indicators import words
from canheal_nb.need.text import service_words
from canheal_nb.text.locale import _, ngettext
from canheal_nb.uncertainty.results import Beats


@dataclass(frozen=True, eq=False)
class Column:
    """One plan: its scenario as asked, its run, and how often it meets more than the first.

    `between`: its place between most people and the worst-off in words; "" where it has none.
    """

    scenario: Scenario
    run: Run
    planned: Planned
    between: str = ""
    surer: Mapping[str, Beats] = field(default_factory=dict)


def name(scenario: Scenario, between: str = "") -> str:
    """Return what a plan is called until somebody names it: money, years, what it is to reach."""
    money = service_words.euros(float(planning.budget(scenario).sum()))
    years = ngettext("{n} year", "{n} years", scenario.years).format(n=scenario.years)
    return _("{money}, {years}, {goal}").format(
        money=money, years=years, goal=between or _(service_words.GOALS[scenario.goal.objective])
    )


def rows(
    plans: Sequence[Column | None], names: Mapping[str, str]
) -> list[tuple[str, list[str], bool]]:
    """Return (what, a text for each plan, whether it begins a service); None: not to be shown."""
    shown = [one for one in plans if one is not None]
    asked = list(dict.fromkeys(s for one in shown for s in one.run.case.services))
    found = [
        (_("Money spent"), [_money(one) for one in plans], False),
        (_("Years of money"), [_years(one) for one in plans], False),
        (_("What it is to reach"), [_goal(one) for one in plans], False),
        (_("What it buys"), [_buys(one) for one in plans], False),
        (_("From the best for its aim, at most"), [_gap(one) for one in plans], False),
    ]
    first = next((i for i, one in enumerate(plans) if one is not None), 0)
    for service in asked:
        each = [_row(one, service) for one in plans]
        title = service_words.service(service)
        told = [_served(row, service) for row in each]
        found.append(
            (_("{service}: newly served in the last year").format(service=title), told, True)
        )
        if all(row is None or math.isnan(row["share_after"]) for row in each):
            continue
        share = [_share(one, row, service) for one, row in zip(plans, each, strict=True)]
        found.append((service_words.measured([service]), share, False))
        found.append((_("Least-served country"), [_least(row, names) for row in each], False))
        gini = [_number(row, "gini") for row in each]
        found.append((_("Gini between countries (0: all alike)"), gini, False))
        if len(shown) > 1:
            sure = [
                _("the first plan") if i == first else _sure(one, service)
                for i, one in enumerate(plans)
            ]
            found.append((_("Has more than the first plan"), sure, False))
    return found


def difference(plans: Sequence[tuple[str, Run]]) -> str:
    """Return which plan newly serves most of each service, in one sentence each; "" for one."""
    if len(plans) < 2:
        return ""
    texts = []
    shared = [s for s in plans[0][1].case.services if all(s in r.drawn_shares for _n, r in plans)]
    for service in shared:
        each = [(title, _known(run, service)["served"]) for title, run in plans]
        most, least = max(each, key=lambda one: one[1]), min(each, key=lambda one: one[1])
        text = _(
            '{service}: most are newly served by "{plan}" ({most}), fewest by "{other}" ({least}).'
        )
        if round(most[1]) == round(least[1]):
            text = _("{service}: all serve as many.")
        texts.append(
            text.format(
                service=service_words.service(service),
                plan=most[0],
                other=least[0],
                most=service_words.people(most[1]),
                least=service_words.people(least[1]),
            )  # fmt: skip
        )
    return " ".join(texts)


def _known(run: Run, service: str) -> dict[str, float]:
    return next(row for row in records(run.services) if row["service"] == service)


def _row(one: Column | None, service: str) -> dict[str, float] | None:
    if one is None or service not in one.run.case.services:
        return None
    return _known(one.run, service)


def _money(one: Column | None) -> str:
    if one is None:
        return ""
    text = _("{spent} of {money}")
    money = float(planning.budget(one.scenario).sum())
    return text.format(
        spent=service_words.euros(float(one.run.outcome.spent)), money=service_words.euros(money)
    )


def _years(one: Column | None) -> str:
    if one is None:
        return ""
    years = one.run.case.years
    span = f"{years[0]}" if len(years) == 1 else _("{first} to {last}")
    return span.format(first=years[0], last=years[-1])


def _goal(one: Column | None) -> str:
    if one is None:
        return ""
    goal = one.between or _(service_words.GOALS[one.scenario.goal.objective])
    if not one.scenario.priorities:
        return goal
    return _("{goal}; priorities {name}").format(goal=goal, name=one.scenario.priorities)


def _buys(one: Column | None) -> str:
    if one is None:
        return ""
    return things(one.run)


def _gap(one: Column | None) -> str:
    return "" if one is None else service_words.gap(max(one.planned.plan.gap, 1e-5))


def _served(row: Mapping[str, float] | None, service: str) -> str:
    if row is None:
        return _("not in this plan")
    if math.isnan(row["share_after"]):
        return _("not known")
    return service_words.counted(service, row["served"])


def _share(one: Column | None, row: Mapping[str, float] | None, service: str) -> str:
    if one is None or row is None:
        return ""
    if service not in one.run.shares:
        return _("not known")
    low, high = one.run.shares[service]
    if not round(high - low, 3):
        return service_words.share(row["share_after"])
    text = _("{share} (in 90 of 100 draws {between})")
    return text.format(
        share=service_words.share(row["share_after"]), between=service_words.between(low, high)
    )


def _least(row: Mapping[str, float] | None, names: Mapping[str, str]) -> str:
    if row is None:
        return ""
    if math.isnan(row["least"]):
        return _("not known")
    return f"{names[str(row['least_country'])]}, {service_words.share(row['least'])}"


def _number(row: Mapping[str, float] | None, column: str) -> str:
    if row is None:
        return ""
    return _("not known") if math.isnan(row[column]) else words.decimal(row[column], 3)


def _sure(one: Column | None, service: str) -> str:
    if one is None or service not in one.surer:
        return ""
    found = one.surer[service]
    text = _("in {won} of 100 draws")
    if found.ties >= 0.005:
        text = _("in {won} of 100 draws; alike in {ties}")
    won, ties = (words.decimal(100 * part) for part in (found.probability, found.ties))
    return text.format(won=won, ties=ties)
