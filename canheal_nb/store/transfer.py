"""Everything in the store as lines of JSON, and back: for moving house, and for the archive.

The first line says what the file is. Each further line is one hand-in with all that hangs on it,
or one row of a table of its own: snapshots, what they are compared with, withdrawn keys.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Date, Integer, Table, insert, select
from sqlalchemy.exc import SQLAlchemyError

from canheal_nb.store import schema
from canheal_nb.store.engine import Store, StoreError
from canheal_nb.store.tables import (
    FEEDBACK,
    LOG,
    PRINTS,
    PRIORITIES,
    PROPOSALS,
    SNAPSHOTS,
    SUBMISSIONS,
    WITHDRAWN,
)
from canheal_nb.store.terms import Offer
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

HEAD = {"canheal_store": 1}
MADE, TERM = "made", "delete_by"
MOST_SIGNS, MOST_BYTES = 100_000, 200_000_000
PARTS: dict[str, Table] = {
    "priorities": PRIORITIES,
    "feedback": FEEDBACK,
    "log": LOG,
    "proposals": PROPOSALS,
}
_UNREADABLE = (
    ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, SQLAlchemyError,
)  # fmt: skip
ALONE: dict[str, Table] = {one.name: one for one in (SNAPSHOTS, PRINTS, WITHDRAWN)}


def export_lines(
    store: Store, made: dt.date | None = None, days: int | None = None
) -> Iterator[str]:
    """Yield the store as lines of JSON, sorted: the same store gives the same lines.

    With the day on which it is made and for how many days it may be kept, the first line says by
    when it is to be deleted: what is taken back meanwhile is still in it.
    """
    yield json.dumps(HEAD | _term(made, days))
    with store.transaction() as connection:
        rows = connection.execute(select(SUBMISSIONS).order_by(SUBMISSIONS.c.item)).mappings()
        whole = [_cells(SUBMISSIONS, row) for row in rows.all()]
        hanging = {name: _by_item(connection, table) for name, table in PARTS.items()}
        alone = {name: _rows(connection, table) for name, table in ALONE.items()}
    for one in whole:
        parts = {name: found.get(one["item"], []) for name, found in hanging.items()}
        yield json.dumps({**one, **parts}, ensure_ascii=False, sort_keys=True)
    for name, found in alone.items():
        for cells in found:
            yield json.dumps({"table": name, "row": cells}, sort_keys=True)


def import_lines(
    store: Store, lines: Iterable[str], offer: Offer, today: dt.date
) -> tuple[int, int]:
    """Add the hand-ins of an export that are not there yet; return how many new, how many known.

    `offer`: what a hand-in may name. One that was withdrawn here is known, and stays withdrawn.
    All of them are added, or none; so are snapshots, and what they are compared with, which are
    not counted. Raises UserError with the line that cannot be read or names what the data do not
    know, and for an export that is past its term.
    """
    added = known = 0
    number = 0
    try:
        with store.transaction() as connection:
            there = set(connection.execute(select(SUBMISSIONS.c.key_hash)).scalars())
            there |= set(connection.execute(select(WITHDRAWN.c.key_hash)).scalars())
            for number, line in enumerate(lines, start=1):
                if number == 1:
                    _check_head(line, today)
                    continue
                if not line.strip():
                    continue
                one = _read(line)
                if "table" in one:
                    _add_alone(connection, ALONE[one["table"]], one["row"])
                    continue
                if one["key_hash"] in there:
                    known += 1
                    continue
                _add(connection, one, offer)
                there.add(one["key_hash"])
                added += 1
    except StoreError:
        raise
    except UserError as error:
        if error.code == "past-term":
            raise
        if error.code != "unknown-name":
            raise _wrong(number) from error
        told = _("Line {number}: {reason}").format(number=number, reason=error)
        raise UserError(told, code=error.code) from error
    except _UNREADABLE as error:
        raise _wrong(number) from error
    if number == 0:
        raise UserError(_("The file is empty; nothing was added."), code="wrong-export")
    return added, known


def _wrong(number: int) -> UserError:
    sentence = _("Line {number} is no line of an export of a store; nothing was added.")
    return UserError(sentence.format(number=number), code="wrong-export")


def _by_item(connection: Connection, table: Table) -> dict[str, list[dict[str, Any]]]:
    order = table.c.number if table is LOG else table.c.item
    found: dict[str, list[dict[str, Any]]] = {}
    for row in connection.execute(select(table).order_by(order)).mappings():
        cells = _cells(table, row)
        item = cells.pop("item")
        cells.pop("number", None)
        found.setdefault(item, []).append(cells)
    return found


def _cells(table: Table, row: Any) -> dict[str, Any]:
    cells = {column.name: row[column.name] for column in table.columns}
    return {n: v.isoformat() if isinstance(v, dt.date) else v for n, v in cells.items()}


def _term(made: dt.date | None, days: int | None) -> dict[str, str]:
    if made is None or days is None:
        return {}
    return {MADE: made.isoformat(), TERM: (made + dt.timedelta(days)).isoformat()}


def _check_head(line: str, today: dt.date) -> None:
    head = json.loads(line)
    term = dt.date.fromisoformat(head[TERM]) if TERM in head else None
    if {name: head[name] for name in head if name not in (MADE, TERM)} != HEAD:
        raise ValueError(line[:40])
    if term is not None and today > term:
        sentence = _(
            "This export was to be deleted by {day}, since it may hold what was taken back: delete "
            "it, and take a newer one; nothing was added."
        )
        raise UserError(sentence.format(day=term.isoformat()), code="past-term")


def _read(line: str) -> dict[str, Any]:
    if len(line) > MOST_SIGNS:
        raise ValueError(MOST_SIGNS)
    one = json.loads(line)
    if set(one) == {"table", "row"}:
        return dict(one)
    if set(one) != {*PARTS, *(column.name for column in SUBMISSIONS.columns)}:
        raise KeyError(line[:40])
    return dict(one)


def _rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    ordered = select(table).order_by(*table.primary_key.columns)
    return [_cells(table, row) for row in connection.execute(ordered).mappings()]


def _add_alone(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    values = _values(table, row)
    same = [column == values[column.name] for column in table.primary_key.columns]
    if connection.execute(select(table).where(*same)).first() is None:
        connection.execute(insert(table).values(values))


def _add(connection: Connection, one: dict[str, Any], offer: Offer) -> None:
    _check(one, offer)
    connection.execute(insert(SUBMISSIONS).values(_values(SUBMISSIONS, one)))
    for name, table in PARTS.items():
        for row in one[name]:
            connection.execute(insert(table).values(_values(table, {**row, "item": one["item"]})))


def _check(one: dict[str, Any], offer: Offer) -> None:
    """Refuse what is not whole, or names what the data do not know."""
    parts = {schema.PRIORITIES: 0, schema.FEEDBACK: 0, one["kind"]: 1}
    if any(len(one[name]) != wanted for name, wanted in parts.items()):
        raise ValueError(one["kind"])
    for name in ("consent", "kind"):
        schema.check_kept(name, one[name])
    schema.check_known(offer, one["kind"], one["consent"])
    for row in one[schema.PRIORITIES]:
        for name in ("country", "method", "answers"):
            schema.check_kept(name, row[name])
        schema.check_answers(offer, row["country"], row["method"], json.loads(row["answers"]))


def _values(table: Table, given: dict[str, Any]) -> dict[str, Any]:
    """Return the row's values in the types of their columns; KeyError when one is missing."""
    values: dict[str, Any] = {}
    for column in table.columns:
        if column.name == "number":
            continue
        value = given[column.name]
        if isinstance(column.type, Date) and value is not None:
            value = dt.date.fromisoformat(value)
        elif isinstance(column.type, Integer):
            value = int(value)
        elif value is not None and not isinstance(value, str):
            raise TypeError(column.name)
        elif value is not None:
            schema.check_kept(column.name, value)
        values[column.name] = value
    json.loads(given.get("answers", "{}"))
    return values
