"""The self-check as files: a sheet to fill in and its way back, and the path as a scenario."""

from __future__ import annotations

from collections.abc import Mapping

from canheal_nb.data import Dataset
from canheal_nb.designation.model import answer_sheet, self_check
from canheal_nb.designation.model.self_check import Check
from canheal_nb.designation.question import CheckDesignation
from canheal_nb.designation.text import answer_book, check_text
from canheal_nb.funding import scenario_file
from canheal_nb.funding.model.scenario import Add, Give, Scenario
from canheal_nb.indicators import facts
from canheal_nb.screens import exports
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

SCENARIO, YAML = "yaml", "application/yaml"
GIVEN = {"cc": "oeci_accredited", "ccc": "oeci_designation"}
SERVICE = "accreditation"


def saved(
    kind: str, question: CheckDesignation, found: Check, dataset: Dataset, name: str
) -> exports.File:
    """Return the check as csv or as xlsx to fill in, or its path as yaml, a scenario's file.

    Raises UserError where a path has no start or its centre is not in the list.
    """
    if kind == SCENARIO:
        return _scenario(question, found, dataset, name)
    title = _("Self-check of {name}, not an accreditation").format(name=name)
    edition = dataset.edition
    link = {"view": f"check_designation?{question.query()}".rstrip("?")}
    about = {"title": title, "edition": edition.name, "as_of": edition.as_of.isoformat(), **link}
    sources = facts.cited(dataset.sources, check_text.cited(found))
    cited = exports.citation(about)
    if kind == "xlsx":
        said = self_check.by_place(question.answers).get(question.centre or "own", {})
        return answer_book.book(found, said, (question.centre, name), sources, cited)
    head = [_("Criterion"), _("Asked for"), _("Answer"), _("Result"), _("Gap"), _("Name")]
    rows = [
        [
            _(r.criterion.text),
            check_text.needed(r.criterion),
            check_text.said(r),
            _(check_text.VERDICTS[r.verdict]),
            check_text.gap(r),
            r.criterion.asked,
        ]
        for r in [*found.conditions, *found.results, *found.volume]
    ]
    stem = f"canheal-self-check-{question.centre or 'own'}-{question.aim}"
    return exports.table_file(kind, stem, head, rows, sources, cited)


def opened(content: bytes, question: CheckDesignation, dataset: Dataset) -> Mapping[str, str]:
    """Return the question's fields as a filled sheet makes them: centre, certificate, answers.

    The answers of its centre are those of the sheet; other centres keep theirs. Raises UserError
    with sheet, cell and value for the first thing that cannot be taken.
    """
    filled = answer_book.read(content, dataset)
    every = {place: dict(own) for place, own in self_check.by_place(question.answers).items()}
    every[filled.centre or answer_sheet.OWN] = dict(filled.said)
    named = {f"{place}.{name}": one for place, own in every.items() for name, one in own.items()}
    return {"centre": filled.centre, "aim": filled.aim, "answers": self_check.spell(named)}


def _scenario(
    question: CheckDesignation, found: Check, dataset: Dataset, name: str
) -> exports.File:
    if not question.centre or found.plan.finish is None or found.plan.start is None:
        text = _("A scenario needs a centre of the list and the month in which the path starts.")
        raise UserError(text, code="no-start")
    first, last = found.plan.start.year, found.plan.finish[1].year
    country = str(dataset.centres.at[question.centre, "country"])
    why = _(
        "A self-check knows {n} gaps, and {open} criteria are open; the year is the latest in "
        "which the known times end."
    )
    made = Scenario(
        _("{aim} for {name}").format(aim=_(check_text.AIMS[question.aim]), name=name),
        _("made by the self-check"),
        why.format(n=len(found.gaps), open=len(found.open)),
        dataset.edition.name,
        first,
        last - first + 1,
        services=(SERVICE,),
        changes=(
            Give(question.centre, GIVEN[question.aim], last),
            Add(SERVICE, country, 1.0, first),
        ),
    )
    stem = exports.safe(f"canheal-path-{question.centre}-{question.aim}")
    return exports.File(f"{stem}.yaml", YAML, scenario_file.write(made).encode())
