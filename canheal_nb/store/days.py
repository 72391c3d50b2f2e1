"""Which day it is for the store, and what its passing deletes.

A clock can be wrong, and what is deleted is gone. So the store believes a clock only within
`MOST_AHEAD` days of the last day it believed; else it keeps to that day, deletes nothing, and says
so, until the operator confirms the clock. And what is past its time is marked `NOTICE_DAYS` before
it goes: a mark is taken off again when the day was wrong.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from canheal_nb.store import erasing, submissions
from canheal_nb.store.engine import Store, damaged
from canheal_nb.store.schema import FEEDBACK as COMMENTS
from canheal_nb.store.schema import PRIORITIES as ANSWERS
from canheal_nb.store.tables import EXPIRIES, FEEDBACK, SUBMISSIONS, UPKEEP
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

# A server that runs looks every hour, so that it sees every day. Longer than a month's leave of
# whoever starts it again, and far shorter than a wrong year.
MOST_AHEAD = 40
# Long enough for somebody who reads the log or /health once a week; what was agreed is kept to the
# day, since the mark is set that long before.
NOTICE_DAYS = 7
AHEAD, BACK = "ahead", "back"


@dataclass(frozen=True)
class Day:
    """The day that counts, what the clock says, and in what it is doubted: "", AHEAD or BACK."""

    day: dt.date
    clock: dt.date
    doubt: str = ""

    def sentence(self) -> str:
        """Say that the clock is doubted and what to do; "" when it is believed."""
        if not self.doubt:
            return ""
        sentence = _(
            "The clock says {clock}, the store last saw {day}: nothing is deleted for its age and "
            "hand-ins are dated {day}. Set the clock right, or run "
            "`canheal feedback clock --confirm {clock}` if it is."
        )
        return sentence.format(clock=self.clock.isoformat(), day=self.day.isoformat())


def today() -> dt.date:
    """Return the day that the clock says, in UTC."""
    return dt.datetime.now(dt.UTC).date()


def trusted(store: Store, clock: dt.date) -> Day:
    """Return the day that counts when the clock says one, and remember it if it is believed."""
    with store.transaction() as connection:
        row = connection.execute(select(UPKEEP.c.trusted)).first()
        if row is None:
            raise damaged()
        known = row[0]
        if known is None or dt.timedelta(0) < clock - known <= dt.timedelta(MOST_AHEAD):
            connection.execute(update(UPKEEP).values(trusted=clock))
            return Day(clock, clock)
    if clock > known:
        return Day(known, clock, AHEAD)
    # Yesterday is no wrong clock: another server's midnight came a moment before.
    return Day(known, clock, BACK if clock < known - dt.timedelta(1) else "")


def confirm(store: Store, clock: dt.date, given: dt.date) -> None:
    """Believe the clock from now on, whatever was believed before; nothing is deleted by this.

    Raises UserError when the day given is not what the clock says.
    """
    if given != clock:
        sentence = _("The clock says {clock}, not {given}: set it right, or confirm that day.")
        told = sentence.format(clock=clock.isoformat(), given=given.isoformat())
        raise UserError(told, code="wrong-day")
    with store.transaction() as connection:
        connection.execute(update(UPKEEP).values(trusted=clock))
        connection.execute(delete(EXPIRIES))


def marked(store: Store) -> tuple[int, dt.date | None]:
    """Return how many hand-ins are soon deleted for their age, and the first day of these."""
    with store.transaction() as connection:
        found = list(connection.execute(select(EXPIRIES.c.goes)).scalars())
    return len(found), min(found, default=None)


def sweep(store: Store, day: dt.date, kept: Mapping[str, Mapping[str, int]]) -> tuple[int, int]:
    """Mark what is soon past its time and delete what was marked and is; return how many of both.

    `kept`: days by kind and version of the consent; a version that is not there is kept. A day
    that has not come yet, as an earlier wrong clock left it, is taken to be `day`.
    """
    notice = dt.timedelta(NOTICE_DAYS)
    with store.transaction() as connection:
        _take_back(connection, day)
        due = _ends(connection, day + notice, kept)
        known = dict(connection.execute(select(EXPIRIES.c.item, EXPIRIES.c.goes)).all())
        for item in known.keys() - due.keys():
            connection.execute(delete(EXPIRIES).where(EXPIRIES.c.item == item))
        fresh = [
            {"item": item, "goes": max(end, day + notice)}
            for item, end in sorted(due.items())
            if item not in known
        ]
        if fresh:
            connection.execute(insert(EXPIRIES), fresh)
        gone = [item for item, goes in known.items() if item in due and goes <= day]
        for item in sorted(gone):
            submissions.forget(connection, item)
    erasing.erase(store)
    return len(fresh), len(gone)


def _take_back(connection: Connection, day: dt.date) -> None:
    for column in (SUBMISSIONS.c.received, FEEDBACK.c.answered):
        late = update(column.table).where(column > day)
        connection.execute(late.values({column.name: day}))


def _ends(
    connection: Connection, day: dt.date, kept: Mapping[str, Mapping[str, int]]
) -> dict[str, dt.date]:
    """Return by item the first day on which it is no longer kept, up to a day."""
    joined = SUBMISSIONS.join(FEEDBACK, FEEDBACK.c.item == SUBMISSIONS.c.item)
    ends: dict[str, dt.date] = {}
    for kind, start, place in (
        (ANSWERS, SUBMISSIONS.c.received, SUBMISSIONS),
        (COMMENTS, FEEDBACK.c.answered, joined),
    ):
        for version, days in kept.get(kind, {}).items():
            long = dt.timedelta(days + 1)
            wanted = select(SUBMISSIONS.c.item, start).select_from(place)
            wanted = wanted.where(SUBMISSIONS.c.kind == kind, SUBMISSIONS.c.consent == version)
            found = connection.execute(wanted.where(start <= day - long))
            ends |= {item: since + long for item, since in found}
    return ends
