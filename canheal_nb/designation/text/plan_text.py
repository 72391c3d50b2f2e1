"""What a plan in time and the paths of a country say in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from babel.dates import format_date

from canheal_nb.designation.model.certification_path import Total
from canheal_nb.designation.model.country_path import Need, Next, needs, whole
from canheal_nb.designation.model.self_check import Check
from canheal_nb.designation.model.timetable import Plan, Slot
from canheal_nb.designation.text import check_text
from canheal_nb.indicators import words
from canheal_nb.text.locale import _, ngettext


def month(day: dt.date) -> str:
    """Return a month in words: "Jan 2027"."""
    return str(format_date(day, "MMM y", locale=words.cldr()))


def when(slot: Slot) -> str:
    """Return when a step begins and ends; "" where no start was typed in."""
    if slot.begin is None:
        return ""
    begin = _span(slot.begin)
    if slot.end is None:
        text = _("from {begin}, end not known")
        said = text.format(begin=begin)
    else:
        said = _("from {begin}, done {end}").format(begin=begin, end=_span(slot.end))
    return _("{when}; at the earliest").format(when=said) if slot.at_least else said


def promised(slot: Slot) -> str:
    """Return the date that was typed in, and whether it is sooner than known times allow."""
    if slot.due is None:
        return ""
    if slot.early:
        text = _("{month}; sooner than the known times allow")
        return text.format(month=month(slot.due))
    return month(slot.due)


def rows(found: Check) -> list[dict[str, Any]]:
    """Return the path's rows (see `standards.steps`) with dates and owners."""
    return [
        {
            **row,
            "asked": slot.step.asked,
            "when": when(slot),
            "owner": slot.owner,
            "due": promised(slot),
        }
        for row, slot in zip(check_text.steps(found), found.plan.slots, strict=True)
    ]


def finish(plan: Plan) -> str:
    """Return when the path ends, as far as its times are known."""
    steps = len(plan.slots)
    if plan.start is None:
        return _("No start is typed in, so no dates are given.")
    begin = month(plan.start)
    unknown = ngettext(
        "{n} of {steps} steps has no known time and adds no month, so the path ends later",
        "{n} of {steps} steps have no known time and add no month, so the path ends later",
        plan.untimed,
    ).format(n=plan.untimed, steps=steps)
    if plan.finish is None:
        text = _("From {begin}: no step has a known time, so no end can be given.")
        return text.format(begin=begin)
    text = _(
        "From {begin} the known times end {end}, steps that need not wait for each other side by "
        "side"
    )
    said = text.format(begin=begin, end=_span(plan.finish))
    return f"{said}; {unknown}." if plan.untimed else f"{said}."


def owners(plan: Plan) -> str:
    """Return how many steps have nobody yet; "" where all have an owner."""
    if not plan.unowned:
        return ""
    text = ngettext(
        "{n} of {steps} steps has no owner yet.",
        "{n} of {steps} steps have no owner yet.",
        plan.unowned,
    )
    return text.format(n=plan.unowned, steps=len(plan.slots))


def country(found: Sequence[Next], name: str) -> list[str]:
    """Return what the next certificates of a country's centres take, in sentences."""
    going = [one for one in found if one.check]
    if not going:
        return []
    said = []
    for aim, kind in check_text.AIMS.items():
        n = sum(one.aim == aim for one in going)
        text = ngettext(
            "In {country} the {kind} comes next for {n} centre of our list.",
            "In {country} the {kind} comes next for {n} centres of our list.",
            n,
        )
        said += [text.format(country=name, kind=_(kind), n=n)] if n else []
    gaps = sum(len(one.check.gaps) for one in going if one.check)
    text = _("{gaps} known and {open} criteria open, taken together.")
    open_ = sum(len(one.check.open) for one in going if one.check)
    counted = ngettext("{n} gap", "{n} gaps", gaps).format(n=gaps)
    said += [text.format(gaps=counted, open=open_), cost(whole(found))]
    if open_:
        said.append(_("What is open may add steps, with their money and time."))
    return said


def cost(found: Total) -> str:
    """Return what steps cost together, and how many of their costs are not known."""
    known = []
    if found.once[1]:
        known.append(_("{amount} once").format(amount=check_text.euros(*found.once)))
    if found.yearly[1]:
        known.append(_("{amount} a year").format(amount=check_text.euros(*found.yearly)))
    unknown = ngettext("{n} cost is not known", "{n} costs are not known", found.unknown)
    left = unknown.format(n=found.unknown)
    if not known:
        return _("No cost is known: {unknown}.").format(unknown=left)
    return _("At least {known}; {unknown} and not in the sum.").format(
        known=", ".join(known), unknown=left
    )


def shared(found: Sequence[Next]) -> list[tuple[str, int, str]]:
    """Return the steps of a country: what, for how many centres, and what is known of its cost."""
    return [(_(one.text), len(one.centres), _need(one)) for one in needs(found)]


def centres(found: Sequence[Next], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return one row per centre: name, step, next certificate, and how its criteria stand."""
    return [
        {
            "name": names[one.centre],
            "step": _(check_text.STANDING[one.step]),
            "next": _(check_text.AIMS[one.aim]) if one.aim else _("none; it holds the highest"),
            "said": check_text.counted(one.check) if one.check else "",
            "gaps": [_(r.criterion.text) for r in one.check.gaps] if one.check else [],
        }
        for one in found
    ]


def _need(one: Need) -> str:
    missing = (
        _("{amount} a year more, the missing budgets themselves").format(
            amount=check_text.euros(one.missing, one.missing)
        )
        if one.missing
        else ""
    )
    counted = cost(one.total) if one.total.known or one.total.unknown else ""
    return "; ".join(filter(None, [missing, counted]))


def _span(pair: tuple[dt.date, dt.date]) -> str:
    low, high = pair
    if low == high:
        return month(low)
    return _("{low} to {high}").format(low=month(low), high=month(high))
