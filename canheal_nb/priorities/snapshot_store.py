"""Snapshots of what groups want: published once a day and group at most, then never changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from canheal_nb.data.sheets import parse
from canheal_nb.priorities.model import comparable, priority_answers, snapshot_rules
from canheal_nb.store.engine import Store, read_json
from canheal_nb.store.schema import GROUPS
from canheal_nb.store.tables import PRINTS, PRIORITIES, SNAPSHOTS
from canheal_nb.text.errors import UserError
from canheal_nb.text.home import data_dir
from canheal_nb.text.locale import _

RULE = "judgements/priority_publication.csv"
TOLD = ("step", "weights", "methods", "agreement")


@dataclass(frozen=True)
class Published:
    """A snapshot as it was told: its name, cell, day and what `rule.Snapshot` says.

    `group`: the group, and for other pools than points the pool (`comparable.split`).
    """

    name: str
    group: str
    day: dt.date
    told: snapshot_rules.Snapshot


@dataclass(frozen=True)
class Standing:
    """Where a cell stands before a snapshot: people whose answers weigh, and changed ones."""

    group: str
    people: int
    changed: int


def least_people() -> dict[str, int | None]:
    """Return from how many people on a pool's weights are published; None where never.

    Fewer do not make the first three services right nine times in ten (the judgement says how
    that was found out), so their weights would be read for more than they say.
    """
    sheet, _faults = parse(RULE, (data_dir() / RULE).read_bytes())
    rows = [row.cells for row in sheet.rows]
    return {row["pool"]: int(row["least_people"]) if row["least_people"] else None for row in rows}


def are_enough(group: str, people: int) -> bool:
    """Say whether so many people of a cell are enough for its weights to be published."""
    least = least_people().get(comparable.split(group)[1])
    return least is not None and people >= least


def publish(
    store: Store, services: Sequence[str], today: dt.date
) -> tuple[list[Published], list[Standing]]:
    """Publish a snapshot of each group and pool that is due; return those, and how others stand.

    `services`: what can be weighed, in its order; answers that give no weights of them do not
    count. Between two snapshots of a cell lie at least `rule.REST_DAYS` days.
    Raises StoreError when nothing could be kept: then nothing was published.
    """
    made: list[Published] = []
    waiting: list[Standing] = []
    least = least_people()
    with store.transaction() as connection:
        for group, (own, ways) in comparable.cells(GROUPS).items():
            people, methods, prints = _people(connection, own, ways, services)
            changed = snapshot_rules.changes(prints, _last_prints(connection, group))
            fewest = least.get(comparable.split(group)[1])
            told = None
            if fewest is not None and len(people) >= fewest and _rested(connection, group, today):
                seed = secrets.randbits(128)
                told = snapshot_rules.snapshot(
                    people, changed, seed=seed, methods=methods, fewest=fewest
                )
            if told is None or not told.weights:
                waiting.append(Standing(group, len(people), changed))
                continue
            one = Published(f"{group}-{today.isoformat()}", group, today, told)
            _put(connection, one, prints)
            made.append(one)
    return made, waiting


def published(store: Store, as_of: dt.date | None = None) -> list[Published]:
    """Return every snapshot told up to a day (all without one), by day and group.

    One that was published of too few people, when fewer were asked for, is kept and not returned.
    """
    return [one for one in _kept(store, as_of) if are_enough(one.group, one.told.people)]


def one(store: Store, name: str) -> Published:
    """Return the snapshot of a name; UserError when there is none, or one of too few people."""
    found = [each for each in _kept(store, None) if each.name == name]
    if not found:
        sentence = _("There is no snapshot {name}; `canheal priorities list` names them.")
        raise UserError(sentence.format(name=ascii(name)[1:-1][:44]), code="unknown-snapshot")
    if not are_enough(found[0].group, found[0].told.people):
        sentence = _(
            "The snapshot {name} is of {n} people, too few for its weights to be published any "
            "more; `canheal priorities list` names those that are."
        )
        said = sentence.format(name=name, n=found[0].told.people)
        raise UserError(said, code="withheld-snapshot")
    return found[0]


def _kept(store: Store, as_of: dt.date | None) -> list[Published]:
    wanted = select(SNAPSHOTS).order_by(SNAPSHOTS.c.on_day, SNAPSHOTS.c.as_group)
    if as_of is not None:
        wanted = wanted.where(SNAPSHOTS.c.on_day <= as_of)
    with store.transaction() as connection:
        rows = connection.execute(wanted).mappings().all()
    return [_published(row) for row in rows]


def _people(
    connection: Connection, group: str, ways: Sequence[str], services: Sequence[str]
) -> tuple[dict[str, dict[str, float]], list[str], dict[str, str]]:
    """Return weights by item, the methods used, and a print of each item's answers."""
    wanted = (
        select(PRIORITIES)
        .where(PRIORITIES.c.as_group == group, PRIORITIES.c.method.in_(ways))
        .order_by(PRIORITIES.c.item)
    )
    people: dict[str, dict[str, float]] = {}
    methods: list[str] = []
    prints: dict[str, str] = {}
    for row in connection.execute(wanted).mappings():
        answers = read_json(row["answers"])
        try:
            asked = priority_answers.compared(row["method"], answers, services)
            weights = priority_answers.weigh(row["method"], answers, asked).weights
        except UserError:
            continue
        if not weights:
            continue
        people[row["item"]] = comparable.evened(weights, services)
        methods.append(row["method"])
        whole = json.dumps([row["method"], answers], sort_keys=True)
        prints[row["item"]] = hashlib.sha256(f"canheal print:{whole}".encode()).hexdigest()
    return people, methods, prints


def _last_prints(connection: Connection, group: str) -> dict[str, str]:
    wanted = select(PRINTS.c.item, PRINTS.c.print).where(PRINTS.c.as_group == group)
    return {str(item): str(mark) for item, mark in connection.execute(wanted).all()}


def _rested(connection: Connection, group: str, today: dt.date) -> bool:
    wanted = select(SNAPSHOTS.c.on_day).where(SNAPSHOTS.c.as_group == group)
    rest = dt.timedelta(snapshot_rules.REST_DAYS)
    return all(day + rest <= today for day in connection.execute(wanted).scalars())


def _put(connection: Connection, made: Published, prints: dict[str, str]) -> None:
    values = asdict(made.told)
    connection.execute(
        insert(SNAPSHOTS).values(
            name=made.name,
            as_group=made.group,
            on_day=made.day,
            people=made.told.people,
            told=json.dumps({key: values[key] for key in TOLD}, sort_keys=True),
        )
    )
    connection.execute(delete(PRINTS).where(PRINTS.c.as_group == made.group))
    rows = [{"item": i, "as_group": made.group, "print": p} for i, p in sorted(prints.items())]
    connection.execute(insert(PRINTS), rows)


def _published(row: Any) -> Published:
    told = read_json(row["told"])
    told["methods"] = tuple(told["methods"])
    snapshot = snapshot_rules.Snapshot(people=row["people"], **told)
    return Published(row["name"], row["as_group"], row["on_day"], snapshot)
