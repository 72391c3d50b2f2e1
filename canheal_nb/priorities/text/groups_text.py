"""Sentences and rows about what groups want, as it was told in snapshots."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from babel.dates import format_date

from canheal_nb.indicators import words
from canheal_nb.priorities.model import publication
from canheal_nb.priorities.model.snapshot_rules import CHANGED, LARGELY, REST_DAYS, WIDELY, Snapshot
from canheal_nb.text.locale import N_, _, ngettext
from canheal_nb.text.numbers import cldr, decimal

if TYPE_CHECKING:
    from canheal_nb.priorities.snapshot_store import Published

TOLD = 3
AGREEMENT = {
    "too_few": N_("Too few people to say how far they agree; ten are needed"),
    "not_known": N_("How far they agree is not known"),
    "differ": N_("They differ widely (Kendall's W below {low})"),
    "partly": N_("They agree in part (Kendall's W between {low} and {high})"),
    "agree": N_("They largely agree (Kendall's W of {high} or more)"),
}


@dataclass(frozen=True)
class Together:
    """Groups side by side: `weights` of all, `spread` of the groups, Kendall's W, how many."""

    weights: pd.Series
    spread: pd.DataFrame
    agreement: float
    groups: int


def date(day: dt.date) -> str:
    """Return a day in words: 24 November 2026."""
    return str(format_date(day, "long", locale=cldr()))


def rule(least: int | None) -> str:
    """Return when a group's priorities are published, and that otherwise nothing is.

    `least`: from how many people on; None for answers given in a way that is never published.
    """
    if least is None:
        return _(
            "Answers given this way are not published: in simulated groups, even of thousands, "
            "the three services that matter most came out wrong more than one time in ten."
        )
    text = _(
        "A group's priorities are published only when at least {fewest} people in it have answered "
        "in ways that can be averaged: in simulated groups of fewer, the three services that "
        "matter most came out wrong more than one time in ten. At least {changed} answers must be "
        "new or changed since the last time, and {days} days must have passed. Until then nothing "
        "is published, not even how many answered: whoever knows the other answers could work out "
        "the last one."
    )
    return text.format(fewest=decimal(least), changed=CHANGED, days=REST_DAYS)


def one_group(
    name: str, told: Published | None, names: Mapping[str, str], least: int | None
) -> str:
    """Return what one group wants most, or that nothing is published of it."""
    if told is None:
        text = _("{group}: no priorities are published. {why}")
        return text.format(group=name, why=_why(least))
    text = ngettext(
        "{group}: {n} person, {day}. Most points go to {list}.",
        "{group}: {n} people, {day}. Most points go to {list}.",
        told.told.people,
    )
    listed = _most(told.told.weights, names, _told)
    return text.format(group=name, n=decimal(told.told.people), day=date(told.day), list=listed)


def _why(least: int | None) -> str:
    if least is None:
        return _("Answers given this way are too unsure to be published.")
    text = _("It takes the answers of {n} people; fewer are too unsure to be published.")
    return text.format(n=decimal(least))


def all_groups(
    together: Together | None,
    shown: Sequence[str],
    names: Mapping[str, str],
    least: int | None,
) -> str:
    """Return what all groups together want most, or that nothing is published."""
    if together is None:
        return _("No priorities are published of any group. {why}").format(why=_why(least))
    if together.groups == 1:
        text = _("Only one group is told: {group}. Most points go to {list}.")
        return text.format(group=shown[0], list=_most(together.weights.to_dict(), names))
    text = _("Over {n} groups, each counting once, most points go to {list}.")
    return text.format(n=together.groups, list=_most(together.weights.to_dict(), names))


def facts(told: Published, methods: Sequence[str]) -> list[tuple[str, str]]:
    """Return what stands beside a group's weights: people, ways, day, steps, agreement."""
    one = told.told
    words_ = _(AGREEMENT[one.agreement]).format(low=f"{WIDELY:.2f}", high=f"{LARGELY:.2f}")
    ways = words.listed(methods) if methods else _("not told: fewer than five used each")
    steps = _("of {step} points of 100, with chance added, so that nobody's answer shows")
    return [
        (_("People"), decimal(one.people)),
        (_("How they answered"), ways),
        (_("Day"), date(told.day)),
        (_("Agreement"), words_),
        (_("Told in steps"), steps.format(step=f"{100 * one.step:g}")),
    ]


def rows(told: Snapshot, names: Mapping[str, str]) -> list[dict[str, str]]:
    """Return a group's rows, heaviest first: name, points, low, high, and places of 100."""
    likely = publication.intervals(told)
    order = sorted(told.weights, key=lambda one: (-told.weights[one], list(names).index(one)))
    most = max(float(likely["high"].max()), 0.01) if order else 1.0
    found = []
    for one in order:
        low, high = float(likely.at[one, "low"]), float(likely.at[one, "high"])
        found.append(
            {
                "name": names[one],
                "points": _told(told.weights[one]),
                "low": _points(low),
                "high": _points(high),
                "x": f"{100 * low / most:.1f}",
                "width": f"{100 * (high - low) / most:.1f}",
                "at": f"{100 * told.weights[one] / most:.1f}",
            }
        )
    return found


def untold(weights: Mapping[str, float], names: Mapping[str, str]) -> str:
    """Return which services too few people of the group weighed; empty for none."""
    left = [name for service, name in names.items() if service not in weights]
    text = _("Too few people weighed: {list}. That is not taken for unimportant.")
    return text.format(list=words.listed(left)) if left else ""


def table(
    together: Together, told: Mapping[str, Snapshot], names: Mapping[str, str]
) -> list[dict[str, str]]:
    """Return rows over groups, heaviest first: name, points, low and high of single groups."""
    order = [one for one in names if one in together.weights.index]
    order.sort(key=lambda one: -float(together.weights[one]))
    return [
        {
            "name": names[one],
            "points": _points(float(together.weights[one])),
            "low": _points(float(together.spread.at[one, "low"])),
            "high": _points(float(together.spread.at[one, "high"])),
        }
        for one in order
        if not pd.isna(together.weights[one])
    ]


def between(together: Together) -> str:
    """Return how far groups agree with each other on the order of services."""
    if together.groups < 2 or pd.isna(together.agreement):
        return _("How far groups agree is not known: too few of them are told.")
    found = together.agreement
    if found < WIDELY:
        text = _("The groups differ widely on the order of services (Kendall's W {w}; 1 is full).")
    elif found < LARGELY:
        text = _("The groups agree in part on the order (Kendall's W {w}; 1 is full agreement).")
    else:
        text = _("The groups largely agree on the order (Kendall's W {w}; 1 is full agreement).")
    return text.format(w=f"{found:.2f}")


def state(told: Published | None) -> str:
    """Return whether a group is told: people and day, or that it is not."""
    if told is None:
        return _("not told yet")
    text = ngettext("{n} person, {day}", "{n} people, {day}", told.told.people)
    return text.format(n=told.told.people, day=date(told.day))


def _most(
    weights: Mapping[str, float],
    names: Mapping[str, str],
    said: Callable[[float], str] | None = None,
) -> str:
    known = {one: weights[one] for one in names if one in weights and weights[one] > 0}
    first = sorted(known, key=lambda one: -known[one])[:TOLD]
    return words.listed([f"{names[one]} ({(said or _points)(known[one])})" for one in first])


def _told(weight: float) -> str:
    """Return a weight as it was told: whole points, or half ones of a large group."""
    return f"{100 * weight:g}"


def _points(weight: float) -> str:
    return f"{100 * weight:.0f}"
