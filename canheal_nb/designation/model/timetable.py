"""The path as a plan in time: which step begins when, who does it, and by when it was promised.

A step begins when those that it waits for are over; the others go side by side. A step whose time
is not known adds no month, so everything that waits for it is "at the earliest"; how many there
are is counted. No clock: the start is typed in by whoever plans.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from canheal_nb.designation.model.certification_path import Step, later
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.text.refusals import printed

START, OWNER, DUE = "start", "who-", "by-"
LONGEST_OWNER = 60
_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


@dataclass(frozen=True)
class Slot:
    """One step in time; dates are first days of months.

    `begin`: the earliest and the latest month in which it begins; `end`: those in which it ends,
    None where its time is not known; both None without a start. `at_least`: a step that it waits
    for has no known time. `due`: what was typed in; `early`: that lies before the earliest end.
    """

    step: Step
    begin: tuple[dt.date, dt.date] | None
    end: tuple[dt.date, dt.date] | None
    at_least: bool
    owner: str
    due: dt.date | None
    early: bool


@dataclass(frozen=True)
class Plan:
    """All steps in time. `finish`: earliest and latest month in which all steps that are timed
    have ended, None without a start or where no step is timed; `untimed`: steps without a known
    time; `unowned`: steps without an owner.
    """

    start: dt.date | None
    slots: tuple[Slot, ...]
    finish: tuple[dt.date, dt.date] | None
    untimed: int
    unowned: int


def plan(steps: Sequence[Step], start: dt.date | None, said: Mapping[str, str]) -> Plan:
    """Return the steps in time from the month of `start`; `said`: owners and dates as typed in.

    Raises UserError for a date that is none.
    """
    slots: list[Slot] = []
    over: dict[str, tuple[int, int]] = {}  # months from the start until a step has ended
    open_ended: set[str] = set()
    finish = None
    for step in steps:
        before = [over[one] for one in step.after if one in over]
        fewest, most = (max((each[end] for each in before), default=0) for end in (0, 1))
        low, high = (math.ceil(one) if not math.isnan(one) else 0 for one in step.months)
        begin = end = None
        if start is not None:
            begin = later(start.replace(day=1), fewest), later(start.replace(day=1), most)
            if high:
                end = later(begin[0], low - 1), later(begin[1], high - 1)
                finish = end if finish is None else (max(finish[0], end[0]), max(finish[1], end[1]))
        due = day(said.get(DUE + step.asked, ""))
        first = end or begin
        early = due is not None and first is not None and due.replace(day=1) < first[0]
        owner = said.get(OWNER + step.asked, "").strip()
        slots.append(Slot(step, begin, end, bool(open_ended & step.after), owner, due, early))
        over[step.asked] = fewest + low, most + high
        if not high:
            open_ended.add(step.asked)
    unowned = sum(not slot.owner for slot in slots)
    return Plan(start, tuple(slots), finish, len(open_ended), unowned)


def names(asked: Sequence[str]) -> list[str]:
    """Return the names of all that can be typed into a plan of steps of these names."""
    return [START, *(OWNER + one for one in asked), *(DUE + one for one in asked)]


def day(text: str) -> dt.date | None:
    """Return a day (2024-05 is its first); None for a blank, UserError for what is no date."""
    if not text.strip():
        return None
    found = _DATE.fullmatch(text.strip())
    try:
        if found:
            return dt.date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        pass
    said = _("{value} is no date; write year and month, as 2024-05.")
    raise UserError(said.format(value=printed(text)), code="wrong-answer")
