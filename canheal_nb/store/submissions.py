"""Handing in, asking after it, and withdrawing it: one key is one row, whatever is repeated.

The code for withdrawal is worked out from the browser's key, so a retry is told the same code;
the store keeps only hashes of both.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from canheal_nb.store import erasing, schema
from canheal_nb.store.engine import Store, read_json
from canheal_nb.store.schema import Feedback, Priorities
from canheal_nb.store.tables import (
    EXPIRIES,
    FEEDBACK,
    LOG,
    PRINTS,
    PRIORITIES,
    PROPOSALS,
    SUBMISSIONS,
    WITHDRAWN,
)
from canheal_nb.store.terms import Offer
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

NEW, OPEN, ANSWERED = "new", "open", "answered"
_CODE_SIGNS = 16


def hand_in(store: Store, given: object, today: dt.date, offer: Offer) -> str:
    """Keep what was sent, and return the code that withdraws it.

    `offer`: what a hand-in may name. The same key again changes nothing when the content is the
    same, replaces it when it is not, and always returns the same code. Raises UserError for a
    malformed hand-in, or one that the team already works on; StoreError when nothing could be kept.
    """
    said = schema.read(given, offer)
    due = today + dt.timedelta(days=offer.due_days)
    try:
        with store.transaction() as connection:
            replaced = _keep(connection, said, today, due)
    except IntegrityError:  # the same key, at the same moment, over another connection
        with store.transaction() as connection:
            replaced = _keep(connection, said, today, due)
    if replaced:
        erasing.erase(store)
    return code_of(said.key)


def withdraw(store: Store, code: object) -> str:
    """Take a hand-in away with all that was noted about it; return its kind.

    Raises UserError when nothing goes by that code.
    """
    with store.transaction() as connection:
        row = _by_code(connection, code)
        forget(connection, row["item"])
    erasing.erase(store)
    return str(row["kind"])


def status(store: Store, code: object) -> dict[str, Any]:
    """Return what became of a hand-in: kind, received; for feedback state, answer, changed, due.

    Dates are ISO texts. Raises UserError when nothing goes by that code.
    """
    with store.transaction() as connection:
        row = _by_code(connection, code)
        told: dict[str, Any] = {"kind": row["kind"], "received": row["received"].isoformat()}
        if row["kind"] == "feedback":
            found = connection.execute(
                select(FEEDBACK).where(FEEDBACK.c.item == row["item"])
            ).mappings()
            comment = found.one()
            told |= {name: comment[name] for name in ("state", "answer", "changed")}
            told["due"] = comment["due"].isoformat()
    return told


def priorities(store: Store) -> list[dict[str, Any]]:
    """Return every person's answers, by item: item, received, group, country, method, answers."""
    joined = select(SUBMISSIONS.c.received, PRIORITIES).join(
        PRIORITIES, PRIORITIES.c.item == SUBMISSIONS.c.item
    )
    with store.transaction() as connection:
        rows = connection.execute(joined.order_by(PRIORITIES.c.item)).mappings().all()
    return [
        {
            "item": row["item"],
            "received": row["received"],
            "group": row["as_group"],
            "country": row["country"],
            "method": row["method"],
            "answers": read_json(row["answers"]),
        }
        for row in rows
    ]


def count(store: Store) -> dict[str, int]:
    """Return how many hand-ins of each kind there are."""
    wanted = select(SUBMISSIONS.c.kind, func.count()).group_by(SUBMISSIONS.c.kind)
    with store.transaction() as connection:
        found = {str(kind): int(n) for kind, n in connection.execute(wanted).all()}
    return {kind: found.get(kind, 0) for kind in ("priorities", "feedback")}


def forget_before(store: Store, day: dt.date) -> int:
    """Delete every hand-in that came before a day; return how many."""
    wanted = select(SUBMISSIONS.c.item).where(SUBMISSIONS.c.received < day)
    with store.transaction() as connection:
        items = [str(item) for item in connection.execute(wanted).scalars()]
        for item in items:
            forget(connection, item)
    erasing.erase(store)
    return len(items)


def forget(connection: Connection, item: str) -> None:
    """Delete a hand-in and everything that hangs on it, on both engines alike.

    After the transaction `erasing.erase` takes it out of the files as well. Of its key the hash
    stays, so that a late retry does not bring it back; of its answers in a snapshot, only that
    somebody's were there.
    """
    wanted = select(SUBMISSIONS.c.key_hash).where(SUBMISSIONS.c.item == item)
    hashed = connection.execute(wanted).scalar_one_or_none()
    if hashed is not None:
        connection.execute(insert(WITHDRAWN).values(key_hash=hashed))
    connection.execute(update(PRINTS).where(PRINTS.c.item == item).values(print=""))
    for table in (EXPIRIES, PROPOSALS, LOG, FEEDBACK, PRIORITIES, SUBMISSIONS):
        connection.execute(delete(table).where(table.c.item == item))
    erasing.owe(connection)


def key_hash(key: str) -> str:
    """Return what the store keeps of a key."""
    return hashlib.sha256(f"canheal key:{key}".encode()).hexdigest()


def code_of(key: str) -> str:
    """Return the code that belongs to a key: 80 bits in four groups of four signs."""
    made = hashlib.blake2b(key.encode(), digest_size=10, person=b"canheal code").digest()
    signs = base64.b32encode(made).decode()
    return "-".join(signs[at : at + 4] for at in range(0, _CODE_SIGNS, 4))


def code_hash(code: object) -> str:
    """Return what the store keeps of a code; spaces, hyphens and small letters do not matter."""
    signs = "".join(c for c in str(code)[:100].upper() if c.isalnum())
    return hashlib.sha256(f"canheal code:{signs}".encode()).hexdigest()


def _by_code(connection: Connection, code: object) -> Mapping[Any, Any]:
    wanted = select(SUBMISSIONS).where(SUBMISSIONS.c.code_hash == code_hash(code))
    row = connection.execute(wanted).mappings().first()
    if row is None:
        sentence = _("Nothing goes by this code: it is mistyped, or already withdrawn.")
        raise UserError(sentence, code="unknown-code")
    return row


def _keep(
    connection: Connection, said: Priorities | Feedback, today: dt.date, due: dt.date
) -> bool:
    """Keep it, and return whether something else was there before under the same key."""
    kind = "priorities" if isinstance(said, Priorities) else "feedback"
    hashed = key_hash(said.key)
    wanted = select(SUBMISSIONS).where(SUBMISSIONS.c.key_hash == hashed)
    found = connection.execute(wanted).mappings().first()
    if found is None:
        _refuse_withdrawn(connection, hashed)
        item = hashed[:12]
        connection.execute(
            insert(SUBMISSIONS).values(
                item=item,
                key_hash=hashed,
                code_hash=code_hash(code_of(said.key)),
                kind=kind,
                received=today,
                lang=said.lang,
                consent=said.consent,
            )
        )
        _insert(connection, item, said, due)
        return False
    if found["kind"] != kind:
        schema.refuse("kind")
    return _replace(connection, found["item"], said)


def _refuse_withdrawn(connection: Connection, hashed: str) -> None:
    wanted = select(WITHDRAWN).where(WITHDRAWN.c.key_hash == hashed)
    if connection.execute(wanted).first() is not None:
        sentence = _("This was taken back before and stays so: nothing was kept. Hand it in anew.")
        raise UserError(sentence, code="withdrawn")


def _insert(connection: Connection, item: str, said: Priorities | Feedback, due: dt.date) -> None:
    if isinstance(said, Priorities):
        connection.execute(insert(PRIORITIES).values(item=item, **_cells(said)))
        return
    fresh = {"state": NEW, "owner": "", "answer": "", "changed": "", "due": due}
    connection.execute(insert(FEEDBACK).values(item=item, **_cells(said), **fresh))
    _propose(connection, item, said)


def _replace(connection: Connection, item: str, said: Priorities | Feedback) -> bool:
    """Put what was said in place of what was, unless somebody already works on that comment."""
    table = PRIORITIES if isinstance(said, Priorities) else FEEDBACK
    row = connection.execute(select(table).where(table.c.item == item)).mappings().one()
    cells = _cells(said)
    if all(row[name] == value for name, value in cells.items()):
        return False
    if isinstance(said, Feedback) and row["state"] != NEW:
        sentence = _("This comment is already being looked at; send the new text as a new one.")
        raise UserError(sentence, code="already-handled")
    connection.execute(update(table).where(table.c.item == item).values(cells))
    erasing.owe(connection)
    if isinstance(said, Feedback):
        connection.execute(delete(PROPOSALS).where(PROPOSALS.c.item == item))
        _propose(connection, item, said)
    return True


def _propose(connection: Connection, item: str, said: Feedback) -> None:
    """Keep a correction of a fact for review, with its reason; no fact changes by this."""
    if said.sort != "error" or not (said.fact or said.proposed):
        return
    connection.execute(
        insert(PROPOSALS).values(
            item=item,
            fact=said.fact,
            proposed=said.proposed,
            source=said.source,
            reason=said.text,
            state="waiting",
            why="",
        )
    )


def _cells(said: Priorities | Feedback) -> dict[str, str]:
    """Return the columns that a hand-in fills."""
    if isinstance(said, Priorities):
        answers = json.dumps(dict(said.answers), sort_keys=True)
        return {
            "as_group": said.group,
            "country": said.country,
            "method": said.method,
            "answers": answers,
        }
    names = ("topic", "sort", "screen", "part", "fact", "link", "text")
    given = asdict(said)
    return {name: given[name] for name in names}
