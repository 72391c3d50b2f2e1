"""What a batch says: a line of progress for each job, the reasons of a failure, the index."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from textwrap import fill

from markupsafe import Markup

from canheal_nb.charts import style
from canheal_nb.data import Edition
from canheal_nb.reporting import html
from canheal_nb.reporting.batch.jobs import Job
from canheal_nb.reporting.batch.runs import FAILED, LATEST, MADE, STOPPED, UNCHANGED, Entry
from canheal_nb.text.locale import _, language, ngettext

INDEX = "index.html"


def progress(entry: Entry, number: int, count: int, left: float | None) -> str:
    """Return one line: the how-manieth, what happened, about how long it still takes."""
    line = _("{number} of {count}: {job} {what}").format(
        number=number, count=count, job=entry.job.name, what=_happened(entry)
    )
    return line if left is None else line + "; " + _("about {time} left").format(time=_time(left))


def _happened(entry: Entry) -> str:
    if entry.status == UNCHANGED:
        return _("is unchanged")
    if entry.status == MADE:
        return _("made in {seconds} s").format(seconds=round(entry.seconds, 1))
    return _("FAILED: {sentence}").format(sentence=entry.sentence)


def _time(seconds: float) -> str:
    if seconds < 90:
        return ngettext("{n} second", "{n} seconds", round(seconds)).format(n=round(seconds))
    minutes = round(seconds / 60)
    return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)


def summary(entries: Sequence[Entry]) -> str:
    """Return how many reports were made, kept, failed and left, without what is none."""
    counted = [
        (MADE, _("{n} made")),
        (UNCHANGED, _("{n} unchanged")),
        (FAILED, _("{n} failed")),
        (STOPPED, _("{n} not made")),
    ]
    numbers = [(sum(e.status == status for e in entries), text) for status, text in counted]
    parts = [text.format(n=number) for number, text in numbers if number]
    total = ngettext("{n} report", "{n} reports", len(entries)).format(n=len(entries))
    return f"{total}: {', '.join(parts)}."


def reasons(entries: Sequence[Entry], folder: Path, before: Path | None) -> str:
    """Return the text of the note that a run which did not end well leaves."""
    head = _("The run {run} did not end well.").format(run=folder.name)
    failed = [f"- {e.job.name}: {e.sentence}" for e in entries if e.status == FAILED]
    left = ", ".join(e.job.name for e in entries if e.status == STOPPED)
    lines = [f"{head} {summary(entries)}", _latest(before), "", *failed]
    if left:
        lines.append(fill(_("- The run was stopped before these: {left}").format(left=left), 98))
    again = _("Run the same command again: what was made is kept and not made twice.")
    return "\n".join([*lines, "", again]) + "\n"


def _latest(before: Path | None) -> str:
    if before is None:
        return _("There is no {latest}: no run has ended well yet.").format(latest=LATEST)
    sentence = _("{latest} still names the run before, {run}.")
    return sentence.format(latest=LATEST, run=before.name)


def reason(entry: Entry) -> str:
    """Return why a report is not there."""
    return entry.sentence if entry.status == FAILED else _("the run was stopped before it.")


def dry(job: Job, number: int, count: int, unchanged: bool) -> str:
    """Return what would happen to a job."""
    text = _("{number} of {count}: {job} is unchanged") if unchanged else ""
    text = text or _("{number} of {count}: {job} would be made")
    return text.format(number=number, count=count, job=job.name)


def index(entries: Sequence[Entry], edition: Edition, folder: Path) -> Markup:
    """Return the page that lists a run's reports by kind, and first what is missing."""
    kinds = dict.fromkeys(entry.job.report for entry in entries)
    context = {
        "css": Markup(style.tokens()),
        "title": _("Reports of edition {edition}").format(edition=edition.name),
        "edition": _("as of {date}").format(date=_date(edition.as_of)),
        "summary": summary(entries),
        "missing": [
            {"title": e.job.title, "kind": _kind(e.job.report), "reason": reason(e)}
            for e in entries
            if not e.well
        ],
        "groups": [_group(kind, entries, folder) for kind in kinds],
    }
    return html.page("batch.html", context)


def _group(report: str, entries: Sequence[Entry], folder: Path) -> dict[str, object]:
    there = [entry for entry in entries if entry.job.report == report and entry.well]
    lines = [
        {"title": entry.job.title, "files": [_file(folder / name) for name in sorted(entry.sha256)]}
        for entry in there
    ]
    count = ngettext("{n} report", "{n} reports", len(lines)).format(n=len(lines))
    return {"kind": _kind(report), "lines": lines, "count": count}


def _file(path: Path) -> dict[str, str]:
    size = _("{n} kB").format(n=max(1, round(path.stat().st_size / 1000)))
    return {"link": path.name, "kind": path.suffix[1:].upper(), "size": size}


def _date(day: dt.date) -> str:
    from babel.dates import format_date

    spoken = "en_GB" if language() == "en" else language()
    return str(format_date(day, format="long", locale=spoken))


def _kind(report: str) -> str:
    return report.replace("_", " ").capitalize()
