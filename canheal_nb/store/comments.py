"""The team's log of feedback: who has it, what was answered, by when, and what changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from canheal_nb.store import erasing, schema, submissions
from canheal_nb.store.engine import Store
from canheal_nb.store.submissions import ANSWERED, NEW, OPEN
from canheal_nb.store.tables import FEEDBACK, LOG, PROPOSALS, SUBMISSIONS
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

DECISIONS = ("accepted", "declined")
LATE_DAYS = 30


@dataclass(frozen=True)
class Comment:
    """One comment as the team sees it; `proposal` is empty where no fact is to be corrected."""

    item: str
    received: dt.date
    lang: str
    topic: str
    sort: str
    screen: str
    part: str
    fact: str
    link: str
    text: str
    state: str
    owner: str
    answer: str
    changed: str
    due: dt.date
    answered: dt.date | None
    proposal: Mapping[str, str]

    def late(self, as_of: dt.date) -> bool:
        """Say whether it waits for an answer past its day, or for more than 30 days."""
        waited = (as_of - self.received).days > LATE_DAYS
        return self.state != ANSWERED and (waited or as_of > self.due)


def comments(store: Store) -> list[Comment]:
    """Return every comment, the longest waiting first."""
    own = select(SUBMISSIONS.c.received, SUBMISSIONS.c.lang, FEEDBACK)
    joined = own.join(FEEDBACK, FEEDBACK.c.item == SUBMISSIONS.c.item)
    order = (SUBMISSIONS.c.received, FEEDBACK.c.item)
    with store.transaction() as connection:
        rows = connection.execute(joined.order_by(*order)).mappings().all()
        found = connection.execute(select(PROPOSALS)).mappings().all()
    proposals = {row["item"]: _proposal(row) for row in found}
    return [Comment(**row, proposal=proposals.get(row["item"], {})) for row in rows]


def history(store: Store, item: str) -> list[tuple[dt.date, str, str, str]]:
    """Return what was noted about a comment, oldest first: day, field, before, after."""
    wanted = select(LOG.c.on_day, LOG.c.field, LOG.c.before, LOG.c.after)
    with store.transaction() as connection:
        rows = connection.execute(wanted.where(LOG.c.item == item).order_by(LOG.c.number)).all()
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def note(
    store: Store,
    item: str,
    today: dt.date,
    *,
    owner: str | None = None,
    answer: str | None = None,
    changed: str | None = None,
    due: dt.date | None = None,
) -> None:
    """Write down who has a comment, its answer, what changed because of it, or its new day.

    With an owner it is open, with an answer it is answered; every change goes into the log.
    Raises UserError for an unknown item, an answer without an owner, or a text that is too long.
    """
    texts = {"owner": owner, "answer": answer, "changed": changed}
    given = {name: schema.plain(name, one) for name, one in texts.items() if one is not None}
    with store.transaction() as connection:
        row = _found(connection, item)
        after: dict[str, Any] = {**given, **({"due": due} if due else {})}
        merged = {**row, **after}
        if merged["answer"] and not merged["owner"]:
            sentence = _("Name first who owns the comment {item} (--owner); then it is answered.")
            raise UserError(sentence.format(item=item), code="no-owner")
        after["state"] = ANSWERED if merged["answer"] else OPEN if merged["owner"] else NEW
        if after["state"] != row["state"]:
            after["answered"] = today if after["state"] == ANSWERED else None
        connection.execute(update(FEEDBACK).where(FEEDBACK.c.item == item).values(after))
        for name in ("owner", "answer", "changed", "due", "state"):
            if name in after and after[name] != row[name]:
                _log(connection, item, today, name, str(row[name]), str(after[name]))


def decide(store: Store, item: str, today: dt.date, decision: str, why: str) -> None:
    """Accept or decline a proposed correction, with the reason; no fact changes by this.

    Raises UserError where there is none, or no reason is given.
    """
    state = schema.chosen("decision", decision, DECISIONS)
    reason = schema.plain("why", why)
    if not reason:
        sentence = _("Say why the proposal {item} is {decision} (--why).")
        raise UserError(sentence.format(item=item, decision=decision), code="no-reason")
    with store.transaction() as connection:
        wanted = select(PROPOSALS).where(PROPOSALS.c.item == item)
        row = connection.execute(wanted).mappings().first()
        if row is None:
            sentence = _("The comment {item} proposes no correction of a fact.")
            raise UserError(sentence.format(item=ascii(item)[:20]), code="no-proposal")
        done = {"state": state, "why": reason, "decided": today}
        connection.execute(update(PROPOSALS).where(PROPOSALS.c.item == item).values(done))
        _log(connection, item, today, "proposal", str(row["state"]), state)


def remove(store: Store, item: str) -> None:
    """Delete a comment and all that was noted about it; UserError when there is none."""
    with store.transaction() as connection:
        _found(connection, item)
        submissions.forget(connection, item)
    erasing.erase(store)


def _found(connection: Connection, item: str) -> dict[str, Any]:
    wanted = select(FEEDBACK).where(FEEDBACK.c.item == item)
    row = connection.execute(wanted).mappings().first()
    if row is None:
        sentence = _("There is no comment {item}; `canheal feedback list` names them.")
        raise UserError(sentence.format(item=ascii(item)[:20]), code="unknown-item")
    return {str(name): value for name, value in row.items()}


def _log(
    connection: Connection, item: str, today: dt.date, field: str, before: str, after: str
) -> None:
    values = {"item": item, "on_day": today, "field": field, "before": before, "after": after}
    connection.execute(insert(LOG).values(values))


def _proposal(row: Mapping[Any, Any]) -> dict[str, str]:
    names = ("fact", "proposed", "source", "reason", "state", "why")
    return {name: str(row[name]) for name in names}
