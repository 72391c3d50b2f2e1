"""From names and values to a report: the question is read and refused before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from canheal_nb import data
from canheal_nb.reporting import notebook
from canheal_nb.reporting.contract import FORMATS, SLIDE, Cover, Definition, Outcome, ReportError
from canheal_nb.reporting.production import run
from canheal_nb.text import offers
from canheal_nb.text.locale import _, use
from canheal_nb.text.question import Question, read


@cache
def definitions() -> dict[str, Definition]:
    """Return what every report asks, by its name: each slice names its own."""
    return {name: offers.load("REPORTS", name) for name in offers.offered("REPORTS")}


def make(
    report: str,
    given: Mapping[str, object],
    out: Path,
    formats: Sequence[str] | None = None,
) -> Outcome:
    """Make a report from a question's names and values and write its files into `out`.

    `formats`: html, pdf and, for a report that has one, pptx (its slide); by default all these.
    A few reports can be asked for as docx, a Word file, too.
    Raises UserError for an unknown report, an unknown or wrong parameter, or whatever `run`
    refuses; then nothing was written.
    """
    notebook.find(report)
    dataset = data.load()
    question, cover = ask(report, given, dataset)
    slide = definition(report).slide
    more = {SLIDE: lambda: slide(question, dataset)} if slide else {}
    wanted = formats or all_formats(report)
    asked = question.model_dump()
    word = definition(report).document
    return run(report, asked, out, wanted, cover=cover, more=more, document=word)


def all_formats(report: str) -> tuple[str, ...]:
    """Return the formats in which a report is made where none is named."""
    return (*FORMATS, SLIDE) if definition(report).slide else FORMATS


def ask(report: str, given: Mapping[str, object], dataset: data.Dataset) -> tuple[Question, Cover]:
    """Read a report's question and make its title block, in the question's language.

    Raises UserError for a report without a question and for a wrong or missing parameter.
    """
    asked = definition(report)
    stated = asked.opened(given, dataset) if asked.opened else given
    question = read(asked.question, stated, asked.vocabulary(dataset))
    with use(str(question.model_dump()["lang"])):
        return question, asked.cover(question, dataset)


def subjects(report: str, dataset: data.Dataset) -> list[dict[str, str]]:
    """Return the parameters of every single report there can be, without what they share."""
    asked = definition(report)
    if not asked.subject:
        return [{}]
    return [{asked.subject: one} for one in asked.vocabulary(dataset)[asked.subject]]


def definition(report: str) -> Definition:
    """Return what a report asks. Raises ReportError where none of that name has a question."""
    if report in definitions():
        return definitions()[report]
    sentence = _(
        "The report {report} has a notebook but no question; run it with "
        "canheal_nb.reporting.production.run and a cover of your own."
    )
    raise ReportError(sentence.format(report=report), code="report-without-question")
