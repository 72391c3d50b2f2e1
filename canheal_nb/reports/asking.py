"""From names and values to a report: the question is read and refused before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from canheal_nb import data
from canheal_nb.locale import _, use
from canheal_nb.questions import CountryBrief, Known, Question, read
from canheal_nb.reports import brief, notebook
from canheal_nb.reports.contract import FORMATS, Cover, Outcome, ReportError
from canheal_nb.reports.making import run


@dataclass(frozen=True)
class Kind:
    """What a report asks, the ids its question may name, and what stands on its cover."""

    model: type[Question]
    vocabulary: Callable[[data.Dataset], dict[str, list[str]]]
    cover: Callable[[Any, data.Dataset], Cover]


KINDS: dict[str, Kind] = {
    "country_brief": Kind(CountryBrief, brief.vocabulary, brief.cover),
}


def make(
    report: str, given: Mapping[str, object], out: Path, formats: Sequence[str] = FORMATS
) -> Outcome:
    """Make a report from a question's names and values and write its files into `out`.

    Raises UserError for an unknown report, an unknown or wrong parameter, or whatever `run`
    refuses; then nothing was written.
    """
    notebook.find(report)
    question, cover = ask(report, given, data.load())
    return run(report, question.model_dump(), out, formats, cover=cover)


def ask(report: str, given: Mapping[str, object], dataset: data.Dataset) -> tuple[Question, Cover]:
    """Read a report's question and return it with its cover; UserError when it is refused."""
    kind = _kind(report)
    question = read(kind.model, given, kind.vocabulary(dataset))
    with use(str(getattr(question, "lang", "en"))):
        return question, kind.cover(question, dataset)


def subjects(report: str, dataset: data.Dataset) -> list[dict[str, str]]:
    """Return what each report of this kind is about: every id its one required field may take.

    A report that needs nothing has one subject, which names nothing.
    """
    kind = _kind(report)
    found: list[dict[str, str]] = [{}]
    for name, field in kind.model.model_fields.items():
        for mark in field.metadata:
            if field.is_required() and isinstance(mark, Known):
                ids = kind.vocabulary(dataset)[mark.vocabulary]
                found = [{**one, name: id_} for one in found for id_ in ids]
    return found


def _kind(report: str) -> Kind:
    notebook.find(report)
    if report in KINDS:
        return KINDS[report]
    sentence = _("The report {report} has no question yet. Please tell the maintainers.")
    raise ReportError(sentence.format(report=report), code="report-broken")
