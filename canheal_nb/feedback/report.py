"""The report on feedback by work package: who answers what, and what changed because of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from canheal_nb.charts.style import report_css
from canheal_nb.feedback.text import comment_text
from canheal_nb.feedback.text.comment_sheets import sheet
from canheal_nb.reporting import files, html
from canheal_nb.reporting.contract import ReportError
from canheal_nb.reporting.page import TEMPLATE
from canheal_nb.reporting.typeset import make_pdf, require
from canheal_nb.text.locale import _

if TYPE_CHECKING:
    from canheal_nb.store.comments import Comment

FORMATS = ("html", "pdf", "csv", "xlsx")


def page(found: Sequence[Comment], topics: comment_text.Topics, as_of: dt.date) -> str:
    """Return the report as one page of HTML without scripts."""
    made = comment_text.rows(found, topics, as_of)
    context = {
        "title": _("Feedback by work package"),
        "said": comment_text.summary(made, as_of),
        "as_of": as_of.isoformat(),
        "packages": comment_text.packages(made),
        "changed": [row for row in made if row["changed"]],
        "css": report_css() + (TEMPLATE / "report.css").read_text(encoding="utf-8"),
    }
    return str(html.page("feedback.html", context))


def write(
    found: Sequence[Comment],
    topics: comment_text.Topics,
    as_of: dt.date,
    out: Path,
    formats: Sequence[str] = FORMATS,
) -> tuple[Path, ...]:
    """Write `feedback-<as_of>` into `out` in each format, all of them or none; return the paths.

    `topics`: rows of feedback_topics.csv by topic. The same comments and day give the same text.
    Raises ReportError for an unknown format, a missing Pango, or a folder that cannot be written.
    """
    unknown = [kind for kind in formats if kind not in FORMATS]
    if unknown or not formats:
        sentence = _("The report on feedback is made as {known}, not as {given}.")
        given = ascii(unknown[0])[:40] if unknown else _("nothing")
        words = sentence.format(known=", ".join(FORMATS), given=given)
        raise ReportError(words, code="unknown-format")
    if "pdf" in formats:
        require()
    with files.plain_full_disk(out):
        return files.put(out, _contents(found, topics, as_of, formats))


def _contents(
    found: Sequence[Comment], topics: comment_text.Topics, as_of: dt.date, formats: Sequence[str]
) -> Mapping[str, bytes]:
    stem = f"feedback-{as_of.isoformat()}"
    made = comment_text.rows(found, topics, as_of)
    text = page(found, topics, as_of)
    contents: dict[str, bytes] = {}
    for kind in FORMATS:
        if kind not in formats:
            continue
        if kind in ("csv", "xlsx"):
            contents[f"{stem}.{kind}"] = sheet(
                kind, stem, made, comment_text.summary(made, as_of)
            ).content
        else:
            contents[f"{stem}.{kind}"] = make_pdf(text) if kind == "pdf" else text.encode()
    return contents
