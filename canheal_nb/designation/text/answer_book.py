"""The self-check as a spreadsheet that people fill in and open again; nothing in it is run."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from canheal_nb.data import Dataset, workbooks
from canheal_nb.designation.model import timetable
from canheal_nb.designation.model.answer_sheet import AIM, ANSWER, CENTRE, CODE, OWN, Filled, filled
from canheal_nb.designation.model.criteria import Result
from canheal_nb.designation.model.maturity import Statement
from canheal_nb.designation.model.scheme_tables import AIMS, prepared
from canheal_nb.designation.model.self_check import CERTIFIED, Check
from canheal_nb.designation.text import check_text
from canheal_nb.indicators.facts import Source
from canheal_nb.screens import exports
from canheal_nb.text.locale import _

HEAD = 5  # the line of the heads
WIDTHS = (16, 34, 60, 34, 24, 14)


def book(
    found: Check,
    said: Mapping[str, str],
    centre: tuple[str, str],
    sources: Sequence[Source],
    citation: str,
) -> exports.File:
    """Return the check as a workbook: one line for each answer, with its code.

    `said`: the answers as written, by name; `centre`: its id ("" for one's own) and name.
    """
    from openpyxl import Workbook

    made = Workbook()
    sheet = made.active
    sheet.title = _("Answers")
    where = centre[0] or OWN
    top = [
        [_(CENTRE), where, centre[1]],
        [_(AIM), found.aim, _(check_text.AIMS[found.aim])],
        [_("Fill in the column Answer and nothing else. Blank is open, never failed.")],
        [],
        [_(CODE), _("Part"), _("Question"), _("Asked for"), _(ANSWER), _("Result")],
    ]
    lines = [_criterion(one, said) for one in _criteria(found)]
    lines += [_statement(one, said, found) for one in found.statements]
    lines += [_typed(name, part, text, said) for name, part, text in typed(found)]
    for line in [*top, *lines]:
        sheet.append([exports.inert(cell) for cell in line])
    _shape(made, sheet, HEAD + len(lines))
    _choices(
        sheet, [HEAD + 1 + at for at, line in enumerate(lines) if line[3].startswith(_("yes"))]
    )
    about = made.create_sheet(_("Sources"))
    for line in [[citation], *([s.source_id, s.title, s.publisher, s.year] for s in sources)]:
        about.append([exports.inert(str(cell)) for cell in line])
    packed = io.BytesIO()
    made.save(packed)
    stem = exports.safe(f"canheal-self-check-{where}-{found.aim}")
    return exports.File(f"{stem}.xlsx", exports.TYPES["xlsx"], packed.getvalue())


def read(content: bytes, dataset: Dataset) -> Filled:
    """Return what a workbook says; UserError with sheet, cell and value where it is wrong."""
    made = prepared(dataset)
    free = [CERTIFIED, *timetable.names(made.steps)]
    centres = [str(centre) for centre in dataset.centres.index]
    return filled(workbooks.cells(content), made.yes_no, made.bounds, free, centres, AIMS)


def typed(found: Check) -> list[tuple[str, str, str]]:
    """Return what is typed in beside the criteria: code, part and question."""
    plan, as_month = _("Plan"), _("{what}, as 2027-03")
    lines = [
        (CERTIFIED, _("Certificate held"), as_month.format(what=_("When it was given"))),
        (timetable.START, plan, as_month.format(what=_("When the path starts"))),
    ]
    for step in found.steps:
        lines.append((timetable.OWNER + step.asked, plan, _("Who does it: ") + _(step.text)))
        by = as_month.format(what=_("By when: ") + _(step.text))
        lines.append((timetable.DUE + step.asked, plan, by))
    return lines


def _criteria(found: Check) -> list[Result]:
    return [*found.conditions, *found.results, *found.volume]


def _criterion(one: Result, said: Mapping[str, str]) -> list[str]:
    asked = one.criterion.asked
    part = (
        check_text.VOLUME
        if one.criterion.part == "volume"
        else check_text.PARTS[one.criterion.part]
    )
    return [
        asked,
        _(part),
        _(one.criterion.text),
        check_text.needed(one.criterion),
        said.get(asked, ""),
        _(check_text.VERDICTS[one.verdict]),
    ]


def _statement(one: Statement, said: Mapping[str, str], found: Check) -> list[str]:
    text = _("Level {n}: {text}").format(n=one.level, text=_(one.text))
    verdict = _(check_text.VERDICTS[one.said(found.answers)])
    needed = check_text.needed(one.behind) if one.behind is not None else _("yes")
    return [one.asked, one.theme, text, needed, said.get(one.asked, ""), verdict]


def _typed(name: str, part: str, text: str, said: Mapping[str, str]) -> list[str]:
    return [name, part, text, "", said.get(name, ""), ""]


def _shape(made: Any, sheet: Any, last: int) -> None:
    """Set what helps to fill it in: widths, wrapped text, heads that stay, a marked column."""
    from openpyxl.styles import Alignment, Font, PatternFill

    for letter, width in zip("ABCDEF", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=HEAD, max_row=last):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if cell.row == HEAD:
                cell.font = Font(bold=True)
            elif cell.column_letter == "E":
                cell.fill = PatternFill("solid", fgColor="FFF7D6")
                cell.number_format = "@"
    sheet.freeze_panes = f"A{HEAD + 1}"
    made.properties.creator = "canheal_nb"


def _choices(sheet: Any, rows: Sequence[int]) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    choice = DataValidation(type="list", formula1='"yes,no"', allow_blank=True)
    sheet.add_data_validation(choice)
    for row in rows:
        choice.add(f"E{row}")
