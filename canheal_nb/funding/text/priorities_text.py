"""Whose priorities weigh the services of a plan, and what they change in it, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from canheal_nb.funding.model.scenario_run import Run
from canheal_nb.funding.text.plan_tables import things
from canheal_nb.indicators import words
from canheal_nb.need.text import service_words
from canheal_nb.priorities.model.priority_sets import EQUAL, PrioritySet
from canheal_nb.text.locale import N_, _, ngettext

AGREEMENT = {
    "too_few": N_("too few people to say how far they agree"),
    "not_known": N_("how far they agree is not known"),
    "differ": N_("they differ widely"),
    "partly": N_("they agree in part"),
    "agree": N_("they largely agree"),
}


def choices(sets: Mapping[str, PrioritySet]) -> list[tuple[str, str]]:
    """Return what can be chosen: nobody's, and each published set with its people and day."""
    found = [("none", _("nobody's: all services count alike"))]
    for name, one in sets.items():
        if name == EQUAL:
            continue
        text = ngettext("{name} ({n} person, {day})", "{name} ({n} people, {day})", one.people)
        found.append((name, text.format(name=name, n=one.people, day=one.day)))
    return found


def lines(
    named: PrioritySet | None, run: Run, services: Sequence[str], plain: Run | None
) -> list[str]:
    """Return whose priorities are used, what they weigh, and what the plan would be without.

    `services`: those planned; `plain`: the plan of the same question without priorities.
    """
    if named is None:
        return []
    if named.name == EQUAL:
        return [whose(named)]
    told = [whose(named), weights(named, run.case.services)]
    if len(services) < 2:
        only = words.listed(map(service_words.service, services))
        text = _("They change nothing: this plan is about one service alone ({service}).")
        return [*told, text.format(service=only)]
    return told if plain is None else [*told, changed(run, plain)]


def whose(named: PrioritySet) -> str:
    """Return whose priorities a set holds: how many people, when, by which method."""
    if named.name == EQUAL:
        return _("All services count alike; nobody's priorities are used.")
    text = ngettext(
        "Services are weighed by the priorities {name}: {n} person, {day}, {methods}; {agreement}.",
        "Services are weighed by the priorities {name}: {n} people, {day}, {methods}; {agreement}.",
        named.people,
    )
    methods = words.listed(named.methods) if named.methods else _("method not told")
    agreement = _(AGREEMENT.get(named.agreement, AGREEMENT["not_known"]))
    return text.format(
        name=named.name, n=named.people, day=named.day, methods=methods, agreement=agreement
    )


def weights(named: PrioritySet, services: Sequence[str]) -> str:
    """Return the points of 100 that each of these services has, and what nobody weighed."""
    whole = sum(named.weights[one] for one in services)
    parts = [
        f"{service_words.service(one)} {words.decimal(100 * named.weights[one] / whole)}"
        for one in services
        if whole > 0
    ]
    text = _("Points of 100 among the services here: {list}.").format(list=words.listed(parts))
    untold = [service_words.service(one) for one in services if one in named.untold]
    if untold:
        more = _("Too few people weighed {list}; the mean of the others is taken.")
        text += " " + more.format(list=words.listed(untold))
    return text


def changed(run: Run, plain: Run) -> str:
    """Return what the money buys with and without the priorities."""
    mine, theirs = run.outcome.units, plain.outcome.units
    if np.array_equal(mine, theirs):
        return _("They change nothing here: with all services alike the plan is the same.")
    text = _("With these priorities the money buys {mine}; with all services alike {alike}.")
    found = text.format(mine=things(run), alike=things(plain))
    moved = int((mine.sum(axis=2) != theirs.sum(axis=2)).any(axis=1).sum())
    more = ngettext("{n} country gets something else.", "{n} countries get something else.", moved)
    return f"{found} {more.format(n=moved)}" if moved else found
