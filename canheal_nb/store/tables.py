"""The tables of the store, as the newest migration leaves them.

A hand-in is known by `item`, the number that the team uses. The key made in the browser and the
code for withdrawal are kept as hashes only; of the time, the day alone.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, MetaData, String, Table, Text

METADATA = MetaData()

SUBMISSIONS = Table(
    "submissions",
    METADATA,
    Column("item", String(12), primary_key=True),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("received", Date, nullable=False),
    Column("lang", String(12), nullable=False),
    Column("consent", String(12), nullable=False),
)


def _item(*, primary: bool) -> Column[str]:
    """Return the column that ties a row to its hand-in and goes with it."""
    place = ForeignKey("submissions.item", ondelete="CASCADE")
    return Column("item", String(12), place, primary_key=primary, nullable=False)


PRIORITIES = Table(
    "priorities",
    METADATA,
    _item(primary=True),
    Column("as_group", String(20), nullable=False),
    Column("country", String(2), nullable=False),
    Column("method", String(20), nullable=False),
    Column("answers", Text, nullable=False),  # JSON: name of a part -> answer
)

FEEDBACK = Table(
    "feedback",
    METADATA,
    _item(primary=True),
    Column("topic", String(40), nullable=False),
    Column("sort", String(20), nullable=False),
    Column("screen", String(60), nullable=False),
    Column("part", Text, nullable=False),
    Column("fact", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("owner", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("changed", Text, nullable=False),
    Column("due", Date, nullable=False),
    Column("answered", Date, nullable=True),
)

LOG = Table(
    "log",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    _item(primary=False),
    Column("on_day", Date, nullable=False),
    Column("field", String(20), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
)

PROPOSALS = Table(
    "proposals",
    METADATA,
    _item(primary=True),
    Column("fact", Text, nullable=False),
    Column("proposed", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("decided", Date, nullable=True),
    Column("why", Text, nullable=False),
)

SNAPSHOTS = Table(
    "snapshots",
    METADATA,
    Column("name", String(40), primary_key=True),  # cell, day: "patient-2026-03-31"
    Column("as_group", String(20), nullable=False),  # cell: "patient", "patient-pairs"
    Column("on_day", Date, nullable=False),
    Column("people", Integer, nullable=False),
    Column("told", Text, nullable=False),  # JSON: step, weights, methods, agreement
)

# The answers in each group's last snapshot; no print is left of one that was withdrawn.
PRINTS = Table(
    "snapshot_prints",
    METADATA,
    Column("item", String(12), primary_key=True),
    Column("as_group", String(20), primary_key=True),
    Column("print", String(64), nullable=False),
)

# What is soon deleted because its time is over, and on which day: until then nothing is lost.
EXPIRIES = Table(
    "expiries",
    METADATA,
    _item(primary=True),
    Column("goes", Date, nullable=False),
)

# One row. `trusted`: the last day that the store believed, NULL before the first; `erasures`: how
# many deletions have not yet been followed by a rewriting of the file.
UPKEEP = Table(
    "upkeep",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("trusted", Date, nullable=True),
    Column("erasures", Integer, nullable=False),
)

# A retry that comes after its withdrawal is not kept again.
WITHDRAWN = Table("withdrawn", METADATA, Column("key_hash", String(64), primary_key=True))
