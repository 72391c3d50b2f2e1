"""What the form "Tell us" offers: topics and the terms on which a text is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from canheal_nb.data.sheets import parse
from canheal_nb.feedback.text.comment_text import SORTS
from canheal_nb.text.home import data_dir
from canheal_nb.text.locale import _

TOPICS = "judgements/feedback_topics.csv"
TERMS = "judgements/feedback_terms.csv"


@dataclass(frozen=True)
class Terms:
    """On which terms a text is kept: their version and words."""

    version: str
    sentence: str
    kept: str
    care: str


@cache
def topics() -> tuple[Mapping[str, str], ...]:
    """Return the topics in their order; columns of feedback_topics.csv. None without the file."""
    rows = _rows(TOPICS)
    return tuple(sorted(rows, key=lambda cells: int(cells["place"])))


@cache
def terms() -> Terms | None:
    """Return the newest terms, or None where the data have none."""
    rows = _rows(TERMS)
    if not rows:
        return None
    last = rows[-1]
    return Terms(last["version"], last["sentence"], last["kept"], last["care"])


def form() -> Mapping[str, object]:
    """Return what the form shows, in the language in use; nothing where the data have no terms."""
    agreed = terms()
    if agreed is None or not topics():
        return {}
    return {
        "version": agreed.version,
        "sentence": _(agreed.sentence),
        "kept": _(agreed.kept),
        "care": _(agreed.care),
        "topics": [(one["topic"], _(one["label"])) for one in topics()],
        "sorts": [(key, _(name)) for key, name in SORTS.items()],
    }


def _rows(file: str) -> list[Mapping[str, str]]:
    path = data_dir() / file
    if not path.is_file():
        return []
    sheet, _faults = parse(file, path.read_bytes())
    return [row.cells for row in sheet.rows]
