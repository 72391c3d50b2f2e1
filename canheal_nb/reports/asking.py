"""From names and values to a report: the question is read and refused before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from canheal_nb import data
from canheal_nb.locale import _, use
from canheal_nb.questions import Question, read
from canheal_nb.questions_centres import CentreProfile
from canheal_nb.questions_country import CountryBrief, EuOverview
from canheal_nb.questions_genomics import GenomicsReadiness
from canheal_nb.questions_scenarios import ScenarioBrief
from canheal_nb.questions_standards import DesignationCheck, TrainingPlan
from canheal_nb.reports import (
    brief,
    centre,
    designation,
    genomics,
    notebook,
    overview,
    scenario_brief,
    scenario_slide,
    self_check,
    training,
)
from canheal_nb.reports.contract import FORMATS, SLIDE, Cover, Outcome, ReportError
from canheal_nb.reports.making import run


@dataclass(frozen=True)
class Asked:
    """What a report asks: its question, the ids that may be named, and its title block.

    `subject`: the field that tells one report from another; empty where there is only one.
    `opened`: what puts the content of a file in place of its name; `slide`: what makes the bytes of
    its slide, None where it has none; `document`: whether it can be made as a Word file too.
    """

    question: type[Question]
    vocabulary: Callable[[data.Dataset], dict[str, list[str]]]
    cover: Callable[[Any, data.Dataset], Cover]
    subject: str = ""
    slide: Callable[[Any, data.Dataset], bytes] | None = None
    document: bool = False
    opened: Callable[[Mapping[str, object], data.Dataset], Mapping[str, object]] | None = None


REPORTS: dict[str, Asked] = {
    "centre_profile": Asked(CentreProfile, centre.vocabulary, centre.cover, "centre"),
    "country_brief": Asked(CountryBrief, brief.vocabulary, brief.cover, "country"),
    "designation_check": Asked(
        DesignationCheck,
        self_check.vocabulary,
        designation.cover,
        "country",
        document=True,
        opened=self_check.opened,
    ),
    "eu_overview": Asked(EuOverview, overview.vocabulary, overview.cover),
    "scenario_brief": Asked(
        ScenarioBrief,
        scenario_brief.vocabulary,
        scenario_brief.cover,
        "scenario",
        scenario_slide.slide,
    ),
    "genomics_readiness": Asked(
        GenomicsReadiness, genomics.vocabulary, genomics.cover, "country", document=True
    ),
    "training_plan": Asked(
        TrainingPlan,
        self_check.vocabulary,
        training.cover,
        "country",
        document=True,
        opened=self_check.opened,
    ),
}


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
    slide = _asked(report).slide
    more = {SLIDE: lambda: slide(question, dataset)} if slide else {}
    wanted = formats or all_formats(report)
    asked = question.model_dump()
    word = _asked(report).document
    return run(report, asked, out, wanted, cover=cover, more=more, document=word)


def all_formats(report: str) -> tuple[str, ...]:
    """Return the formats in which a report is made where none is named."""
    return (*FORMATS, SLIDE) if _asked(report).slide else FORMATS


def ask(report: str, given: Mapping[str, object], dataset: data.Dataset) -> tuple[Question, Cover]:
    """Read a report's question and make its title block, in the question's language.

    Raises UserError for a report without a question and for a wrong or missing parameter.
    """
    asked = _asked(report)
    stated = asked.opened(given, dataset) if asked.opened else given
    question = read(asked.question, stated, asked.vocabulary(dataset))
    with use(str(question.model_dump()["lang"])):
        return question, asked.cover(question, dataset)


def subjects(report: str, dataset: data.Dataset) -> list[dict[str, str]]:
    """Return the parameters of every single report there can be, without what they share."""
    asked = _asked(report)
    if not asked.subject:
        return [{}]
    return [{asked.subject: one} for one in asked.vocabulary(dataset)[asked.subject]]


def _asked(report: str) -> Asked:
    if report in REPORTS:
        return REPORTS[report]
    sentence = _(
        "The report {report} has a notebook but no question; run it with "
        "canheal_nb.reports.making.run and a cover of your own."
    )
    raise ReportError(sentence.format(report=report), code="report-without-question")
