"""What reports on a self-check share: whose it is, its answers, and the files they come in."""

from __future__ import annotations

import json
from collections.abc import Mapping

from canheal_nb import data
from canheal_nb.data import given_files
from canheal_nb.data.workbook_reader import PACKED
from canheal_nb.designation.model import answer_sheet, self_check
from canheal_nb.designation.model.country_path import Next, following
from canheal_nb.designation.question import DesignationCheck, TrainingPlan
from canheal_nb.designation.text import answer_book, check_text
from canheal_nb.indicators import measures, words
from canheal_nb.reporting.contract import Cover
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

OWN = answer_sheet.OWN
Asked = DesignationCheck | TrainingPlan


def vocabulary(dataset: data.Dataset) -> dict[str, list[str]]:
    """Return the ids that the report's question may name; "own" is a centre not in the list."""
    centres = [*(str(centre) for centre in dataset.centres.index), OWN]
    return {"centre": centres, "country": measures.members(dataset.areas)}


def opened(given: Mapping[str, object], dataset: data.Dataset) -> Mapping[str, object]:
    """Return a question's values with the answers of a file in place of its name.

    A file saved by the app as .json, or its spreadsheet .xlsx; the spreadsheet says centre and
    certificate too where they are not given. UserError for a file that cannot be read.
    """
    file = str(given.get("answers", ""))
    if not file.endswith((".json", ".xlsx")):
        return given
    content = given_files.read(file, PACKED)
    if file.endswith(".json"):
        return {**given, "answers": _json(content)}
    found = answer_book.read(content, dataset)
    who = found.centre or OWN
    answers = self_check.spell({f"{who}.{key}": one for key, one in found.said.items()})
    about = {"aim": found.aim} | ({} if given.get("country") else {"centre": who})
    return {**about, **given, "answers": answers}


def cover(question: Asked, dataset: data.Dataset, titles: tuple[str, str]) -> Cover:
    """Return the title block; `titles`: for a centre, with {name} and {aim}, and for a country.

    Answers that cannot be read, or a question about nobody, are refused before anything runs.
    """
    names = words.country_names(dataset.areas)
    if question.centre:
        checked(question, dataset)
        title = titles[0].format(name=name(question, dataset), aim=_(check_text.AIMS[question.aim]))
        place = []
        if question.centre != OWN:
            centre = dataset.centres.loc[question.centre]
            place = [str(centre["city"]), names[str(centre["country"])]]
        subject = f"{question.centre}-{question.aim}"
    else:
        coming(question, dataset)
        title, place = titles[1].format(name=names[question.country]), []
        subject = question.country
    return Cover(
        subject=subject,
        as_of=dataset.edition.as_of,
        title=title,
        subtitle=" · ".join([_(check_text.SELF_CHECK), *place]),
        edition=dataset.edition.name,
        lang=question.lang,
    )


def name(question: Asked, dataset: data.Dataset) -> str:
    """Return the name of the question's centre."""
    own = question.centre == OWN
    return _("Own centre") if own else str(dataset.centres.at[question.centre, "name"])


def spoken_for(question: Asked) -> dict[str, str]:
    """Return the answers for the question's centre, by name."""
    given, own = self_check.spelled(question.answers), f"{question.centre}."
    return {k.removeprefix(own): v for k, v in given.items() if k.startswith(own) or "." not in k}


def checked(question: Asked, dataset: data.Dataset) -> self_check.Check:
    """Return the check of a centre; UserError for an answer that cannot be read or is unknown.

    Answers as the app saves them (`centre.name:value`) are taken too, those of this centre only.
    """
    said = spoken_for(question)
    as_of = dataset.edition.as_of
    found = self_check.check(dataset, question.aim, said, question.centre, as_of)
    _refuse(found, said)
    return found


def coming(question: Asked, dataset: data.Dataset) -> list[Next]:
    """Return the centres of a country with their next checks; UserError as `checked` raises it."""
    if not question.country:
        text = _("Say whom it is about: a centre, as --centre nou-bratislava, or a country.")
        raise UserError(text, code="nobody")
    said = self_check.by_place(question.answers)
    found = following(dataset, question.country, said, dataset.edition.as_of)
    for one in found:
        if one.check:
            _refuse(one.check, said.get(one.centre, {}))
    return found


def _refuse(found: self_check.Check, said: Mapping[str, str]) -> None:
    if found.wrong:
        first, why = next(iter(found.wrong.items()))
        text = _("answers: {name}: {why}")
        raise UserError(text.format(name=first, why=why), code="wrong-answer")
    lost = [one for one in said if one not in found.asked]
    if lost:
        text = _("answers: there is no answer {name}; the names are: {known}.")
        known = ", ".join(found.asked)
        raise UserError(text.format(name=lost[0], known=known), code="unknown-answer")


def _json(content: bytes) -> str:
    try:
        answers = json.loads(content)["fields"]["answers"]
    except (ValueError, KeyError, TypeError, RecursionError):
        answers = None
    if not isinstance(answers, str):
        text = _("These answers cannot be read; open a file that was saved here.")
        raise UserError(text, code="wrong-answers")
    return answers
