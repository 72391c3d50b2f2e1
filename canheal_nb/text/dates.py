"""The day by which something is due, from what somebody typed, and who owns it.

A plan is typed beside the answers of a check, as `name_owner`, `name_date` and `name_after`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.text.refusals import printed

OWNER, DATE, AFTER = "owner", "date", "after"
PLANNED = (OWNER, DATE, AFTER)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True)
class Planned:
    """What is typed of one step: `owner`, `date` and `after` as written, and the day it is due.

    `due`: None where no date is given or it cannot be read; `wrong` says why, "" else.
    """

    owner: str = ""
    date: str = ""
    after: str = ""
    due: dt.date | None = None
    wrong: str = ""


def exact(text: str) -> dt.date | None:
    """Return the day of an ISO text; None for an empty one. Raises UserError where it is none."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        said = _("{given} is no day; write it as 2026-03-31.")
        raise UserError(said.format(given=ascii(text)[:40]), code="wrong-day") from None


def day(text: str) -> dt.date | None:
    """Return the last day of a year, month or day (2027, 2027-06, 2027-06-30); None for blank.

    Raises UserError for anything else.
    """
    said = text.strip()
    if not said:
        return None
    found = _DAY.fullmatch(said)
    try:
        if found:
            year, month = int(found[1]), int(found[2] or 12)
            last = calendar.monthrange(year, month)[1]
            return dt.date(year, month, int(found[3] or last))
    except ValueError:
        pass
    text = _("{value} is no date; write a year, or year and month, as 2027-06.")
    raise UserError(text.format(value=printed(said)), code="wrong-date")


def planned(said: Mapping[str, str], name: str) -> Planned:
    """Return what is typed of the step with a name; a date that cannot be read is no date."""
    owner, date, after = (said.get(f"{name}_{part}", "").strip() for part in PLANNED)
    try:
        return Planned(owner, date, after, day(date))
    except UserError as error:
        return Planned(owner, date, after, None, str(error))


def names(asked: Iterable[str]) -> list[str]:
    """Return the names under which a plan of these steps is typed."""
    return [f"{name}_{part}" for name in asked for part in PLANNED]
