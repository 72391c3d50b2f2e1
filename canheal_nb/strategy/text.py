"""What a strategy sheet says: its goals, gaps, actions and money, and what an orphan lacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from canheal_nb.designation.text import check_text
from canheal_nb.genomics.text import readiness_text
from canheal_nb.indicators import words
from canheal_nb.strategy import model
from canheal_nb.strategy.model import (
    DESIGNATION,
    EARLY,
    GAP,
    GENOMICS,
    GOAL,
    PAST,
    TEXT,
    Action,
    Sheet,
)
from canheal_nb.text.dates import DATE, OWNER
from canheal_nb.text.locale import N_, _, ngettext
from canheal_nb.text.numbers import bound

WITHOUT = {
    GOAL: N_("no goal"),
    GAP: N_("no gap"),
    TEXT: N_("no action"),
    OWNER: N_("no owner"),
    DATE: N_("no date"),
}
STATES = {
    PAST: N_("the day is over"),
    EARLY: N_("it is due before what it rests on"),
}
CHECKS = {DESIGNATION: N_("Designation"), GENOMICS: N_("Genomics"), model.OWN: N_("Your own")}


def answer(found: Sheet, name: str) -> str:
    """Return how many actions there are and how many of them are orphans, and why."""
    n = len(found.actions)
    if not n:
        return _("{name}: no gap is known yet, so the sheet is empty.").format(name=name)
    text = ngettext("{name}: {n} action.", "{name}: {n} actions.", n)
    said = text.format(name=name, n=bound(n))
    lost = found.orphans
    if not lost:
        return " ".join([said, _("Each has a goal, a gap, an owner and a date.")])
    counts = [(part, sum(part in one.lacks for one in lost)) for part in model.LACKS]
    why = words.listed(f"{bound(k)} {_(WITHOUT[part])}" for part, k in counts if k)
    text = ngettext("{n} is an orphan ({why}).", "{n} are orphans ({why}).", len(lost))
    return " ".join([said, text.format(n=bound(len(lost)), why=why)])


def still_open(found: Sheet) -> str:
    """Return how much is not answered and so can hide gaps; "" where all is."""
    criteria, blank = found.open
    parts = []
    if criteria:
        text = ngettext("{n} criterion of OECI", "{n} criteria of OECI", criteria)
        parts.append(text.format(n=bound(criteria)))
    if blank:
        text = ngettext("{n} question on genomics", "{n} questions on genomics", blank)
        parts.append(text.format(n=bound(blank)))
    if not parts:
        return ""
    return _("Not answered yet, and so no gap and no action here: {list}.").format(
        list=words.listed(parts)
    )


def gap(one: Action) -> str:
    """Return the gap that an action closes."""
    if one.path is not None:
        if one.path.result is None:
            return _("No certificate yet")
        name = _(one.path.result.criterion.text)
        short = check_text.gap(one.path.result)
        return f"{name}: {short}" if short else _("Not met: {text}").format(text=name)
    if one.step is not None:
        row = readiness_text.row(one.step.assessed)
        text = _("{id}. {text}: level {n}, {now}")
        return text.format(id=row["id"], text=row["text"], n=row["level"], now=row["now"])
    if one.missing is not None:
        return _("{id}. Not in place: {text}").format(id=one.missing.id, text=_(one.missing.text))
    return one.gap


def action(one: Action) -> str:
    """Return what to do."""
    if one.path is not None:
        return _(one.path.text)
    if one.step is not None:
        row = readiness_text.row(one.step.assessed)
        return _("Reach level {n}: {text}").format(n=row["then"], text=row["next"])
    if one.missing is not None:
        return _("Put it in place: {text}").format(text=_(one.missing.text))
    return one.text


def money(one: Action, found: Sheet) -> str:
    """Return what it costs, "not known" where nothing prices it; "" for one's own."""
    if one.path is None:
        return "" if one.check == model.OWN else _("cost not known")
    asked = {r.criterion.asked: _(r.criterion.text) for r in found.checked[one.place].results}
    return "; ".join(check_text.money(cost, asked) for cost in one.path.money)


def flag(one: Action) -> str:
    """Return what is wrong with an action: what it lacks, and where its day lies."""
    lacks = words.listed(_(WITHOUT[part]) for part in one.lacks)
    said = [_("Orphan: {list}.").format(list=lacks)] if lacks else []
    if one.planned.wrong:
        said.append(one.planned.wrong)
    if one.state:
        said.append(_("Look again: {why}.").format(why=_(STATES[one.state])))
    return " ".join(said)


def groups(found: Sheet, aim: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the actions by goal, without anything that is typed in the sheet.

    `names`: of the places. Each group: id, title, whether a goal is proposed, and its actions.
    """
    made: dict[str, dict[str, Any]] = {}
    for one in found.actions:
        if one.check == model.OWN:
            continue
        place = names.get(one.place, "")
        proposed = goal(one, aim, names)
        title = _("Designation: {name}").format(name=place) if one.path else _domain(one)
        row = {"id": one.group, "title": title, "proposed": proposed, "actions": []}
        made.setdefault(one.group, row)["actions"].append(
            {
                "id": one.id,
                "gap": gap(one),
                "action": action(one),
                "money": money(one, found),
                "owner": one.given.owner,
                "date": one.given.date,
                "whom": _usual(one, found),
                "after": words.listed(other.removeprefix("g-").upper() for other in one.after),
            }
        )
    return list(made.values())


def goal(one: Action, aim: str, names: Mapping[str, str]) -> str:
    """Return the goal of an action: as typed, else the certificate; "" where there is none."""
    if one.goal or one.path is None:
        return one.goal
    text = _("{name} holds the certificate {aim}")
    return text.format(name=names.get(one.place, ""), aim=_(check_text.AIMS[aim]))


def _domain(one: Action) -> str:
    indicator = one.missing or (one.step.assessed.indicator if one.step else None)
    return _("Genomics: {domain}").format(domain=_(indicator.domain)) if indicator else ""


def _usual(one: Action, found: Sheet) -> str:
    indicator = one.missing or (one.step.assessed.indicator if one.step else None)
    if indicator is None or found.genomics is None:
        return ""
    return _(found.genomics.owners.get(indicator.domain, ""))
