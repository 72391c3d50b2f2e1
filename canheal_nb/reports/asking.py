"""From names and values to a report: the question is read and refused before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from canheal_nb import data
from canheal_nb.locale import use
from canheal_nb.questions import CountryBrief, read
from canheal_nb.reports import brief, notebook
from canheal_nb.reports.contract import FORMATS, Outcome
from canheal_nb.reports.making import run


def make(
    report: str, given: Mapping[str, object], out: Path, formats: Sequence[str] = FORMATS
) -> Outcome:
    """Make a report from a question's names and values and write its files into `out`.

    Raises UserError for an unknown report, an unknown or wrong parameter, or whatever `run`
    refuses; then nothing was written.
    """
    notebook.find(report)
    dataset = data.load()
    question = read(CountryBrief, given, brief.vocabulary(dataset))
    with use(question.lang):
        cover = brief.cover(question, dataset)
    return run(report, question.model_dump(), out, formats, cover=cover)
