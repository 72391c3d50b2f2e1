"""What may be handed in as the data stand: topics, consents, countries, services, and for how long.

Read from the tables of judgements and areas once per folder of data; a file that is missing
offers nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from canheal_nb.data.sheets import parse
from canheal_nb.store.schema import FEEDBACK, PRIORITIES
from canheal_nb.text import home

TOPICS = "judgements/feedback_topics.csv"
CONSENTS = {
    FEEDBACK: "judgements/feedback_terms.csv",
    PRIORITIES: "judgements/priority_consent.csv",
}
SERVICES = "judgements/priority_attributes.csv"
AREAS = "facts/areas.csv"
DUE_DAYS = 30


@dataclass(frozen=True)
class Offer:
    """What a hand-in may name, and what was agreed about it.

    `consents`: versions by kind; `countries`: ids of countries; `services`: in their order.
    `kept_days`: days by kind and version, of feedback since its answer, of priorities since they
    came; `due_days`: until a comment is to be answered; `copies_days`: until an export is deleted,
    None where nothing was agreed about exports.
    """

    topics: Collection[str]
    consents: Mapping[str, Collection[str]]
    countries: Collection[str]
    services: tuple[str, ...]
    kept_days: Mapping[str, Mapping[str, int]]
    due_days: int = DUE_DAYS
    copies_days: int | None = None


def offered() -> Offer:
    """Return what may be handed in with the data in use."""
    return _offered(home.data_dir())


@cache
def _offered(folder: Path) -> Offer:
    agreed = {kind: _rows(folder, file) for kind, file in CONSENTS.items()}
    services = sorted(_rows(folder, SERVICES), key=lambda row: int(row["place"]))
    due = [int(row["due_days"]) for row in agreed[FEEDBACK]]
    copies = [int(row["copies_days"]) for rows in agreed.values() for row in rows[-1:]
              if row.get("copies_days")]  # fmt: skip
    return Offer(
        topics=frozenset(row["topic"] for row in _rows(folder, TOPICS)),
        consents={kind: {row["version"] for row in rows} for kind, rows in agreed.items()},
        countries={row["country"] for row in _rows(folder, AREAS) if row["country"]},
        services=tuple(row["service"] for row in services),
        kept_days={kind: _kept(rows) for kind, rows in agreed.items()},
        due_days=due[-1] if due else DUE_DAYS,
        copies_days=min(copies, default=None),
    )


def _kept(rows: list[Mapping[str, str]]) -> dict[str, int]:
    """Return days by version; where an older one says none, what was said later holds."""
    said = {row["version"]: row.get("kept_days", "") for row in rows}
    newest = next((days for days in reversed(said.values()) if days), "")
    return {version: int(days or newest) for version, days in said.items() if days or newest}


def _rows(folder: Path, file: str) -> list[Mapping[str, str]]:
    path = folder / file
    if not path.is_file():
        return []
    sheet, _faults = parse(file, path.read_bytes())
    return [row.cells for row in sheet.rows]
