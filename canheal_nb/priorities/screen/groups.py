"""What groups want: weights as they were told, how sure, how far people agree, and what is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from canheal_nb.data import Dataset
from canheal_nb.priorities import named_sets
from canheal_nb.priorities.model import comparable, consensus, publication, snapshot_rules
from canheal_nb.priorities.question import GroupPriorities
from canheal_nb.priorities.screen.share import GROUPS, METHODS, services_of
from canheal_nb.priorities.text import groups_text
from canheal_nb.screens.shell import Screen
from canheal_nb.text import dates
from canheal_nb.text.locale import N_, _

if TYPE_CHECKING:
    from canheal_nb.priorities.snapshot_store import Published

TEMPLATE = "group_priorities.html"
NAMES = {
    "patient": N_("Patients and those who care for them"),
    "provider": N_("People who give care"),
    "researcher": N_("Researchers"),
    "policymaker": N_("Policymakers"),
    "citizen": N_("Citizens"),
}
WAYS = {
    "points": N_("Points and euros"),
    "pairs": N_("Most and least, two at a time"),
    "order": N_("Rankings"),
}
HOWS = {
    "arithmetic": N_("Mean"),
    "geometric": N_("Geometric mean"),
    "median": N_("Median"),
}


def vocabulary(_dataset: Dataset) -> dict[str, list[str]]:
    """Return the ids that the question may name beyond its own: none."""
    return {}


def screen(question: GroupPriorities, dataset: Dataset, notice: str = "") -> Screen:
    """Return what was told of groups up to a day; raises UserError for a day that is none."""
    every = named_sets.told()
    least = named_sets.least_people().get(question.way)
    names = {one["service"]: one["label"] for one in services_of(dataset)}
    newest = latest(every, question.way, dates.exact(question.day))
    chosen = newest.get(question.group) if question.group else None
    shown = {group: one.told for group, one in newest.items()}
    groups = {key: _(name) for key, name in NAMES.items()}
    together = _together(shown, question) if not question.group and shown else None
    context = {
        "question": question,
        "notice": notice,
        "groups": groups,
        "ways": [(key, _(name)) for key, name in WAYS.items()],
        "hows": [(key, _(name)) for key, name in HOWS.items()],
        "days": _days(every, question.day),
        "answer": _answer(question, chosen, together, newest, groups, names, least),
        "facts": groups_text.facts(chosen, _methods(chosen)) if chosen is not None else [],
        "rows": groups_text.rows(chosen.told, names) if chosen is not None else [],
        "untold": groups_text.untold(chosen.told.weights, names) if chosen is not None else "",
        "table": groups_text.table(together, shown, names) if together else [],
        "between": groups_text.between(together) if together else "",
        "told": [(groups[key], groups_text.state(newest.get(key))) for key in GROUPS],
        "shown": [groups[key] for key in shown],
        "rule": groups_text.rule(least),
        "name": chosen.name if chosen is not None else "",
    }
    return Screen(question, TEMPLATE, context, {})


def latest(
    every: Sequence[Published], way: str, until: dt.date | None = None
) -> dict[str, Published]:
    """Return the newest snapshot of each group in one pool, in the fixed order of groups."""
    found: dict[str, Published] = {}
    for one in every:
        group, pool = comparable.split(one.group)
        if pool == way and (until is None or one.day <= until):
            found[group] = one
    return {group: found[group] for group in GROUPS if group in found}


def _together(
    shown: Mapping[str, snapshot_rules.Snapshot], question: GroupPriorities
) -> groups_text.Together | None:
    rows = publication.side_by_side(shown)
    if rows.empty:
        return None
    return groups_text.Together(
        publication.over(shown, question.how),
        consensus.spread(rows),
        consensus.kendall_w(rows),
        len(rows),
    )


def _answer(
    question: GroupPriorities,
    chosen: Published | None,
    together: groups_text.Together | None,
    newest: Mapping[str, Published],
    groups: Mapping[str, str],
    names: Mapping[str, str],
    least: int | None,
) -> str:
    if question.group:
        return groups_text.one_group(groups[question.group], chosen, names, least)
    return groups_text.all_groups(together, [groups[one] for one in newest], names, least)


def _methods(one: Published | None) -> list[str]:
    return [_(METHODS[method]) for method in one.told.methods] if one else []


def _days(every: Sequence[Published], asked: str) -> list[tuple[str, str]]:
    days = sorted({one.day.isoformat() for one in every} | {asked} - {""}, reverse=True)
    return [(one, groups_text.date(dt.date.fromisoformat(one))) for one in days]
