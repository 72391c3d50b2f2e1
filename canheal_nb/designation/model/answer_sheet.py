"""A self-check that was filled in as a spreadsheet: its cells read, or refused by name.

The sheet has a centre, a certificate, and below a line of heads one line for each answer with its
code. What is wrong is said with sheet, cell and value; then nothing of the sheet is taken.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from canheal_nb.designation.model import criteria, timetable
from canheal_nb.designation.model.self_check import LEAVE_OPEN
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import N_, _
from canheal_nb.text.refusals import printed

CODE, ANSWER, CENTRE, AIM = N_("Code"), N_("Answer"), N_("Centre"), N_("Certificate")
OWN = "own"
LONGEST = 60
_FORMULA = re.compile(r"'?[=+\-@\t\r]")
_AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")


class Cell(Protocol):
    """A cell of a sheet: where it stands, and what it holds."""

    @property
    def place(self) -> str: ...
    @property
    def value(self) -> object: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class Filled:
    """What a sheet says: the centre ("" for one that is not in the list), certificate, answers."""

    centre: str
    aim: str
    said: Mapping[str, str]


def filled(
    rows: Sequence[Sequence[Cell]],
    yes_no: Mapping[str, bool],
    bounds: Mapping[str, criteria.Bounds],
    free: Collection[str],
    centres: Collection[str],
    aims: Collection[str],
) -> Filled:
    """Return what a sheet says.

    `yes_no`: by code of a criterion whether its answer is yes or no; `bounds`: by code between
    which numbers it can be true; `free`: codes of dates and owners. Raises UserError for the first
    cell that cannot be taken.
    """
    head = next((at for at, row in enumerate(rows) if _column(row, CODE) >= 0), -1)
    code, answer = (_column(rows[head], name) if head >= 0 else -1 for name in (CODE, ANSWER))
    if min(head, code, answer) < 0:
        text = _("This spreadsheet has no line with the heads Code and Answer in its first sheet.")
        raise UserError(text, code="wrong-sheet")
    centre = _above(rows[:head], CENTRE, [*centres, OWN])
    aim = _above(rows[:head], AIM, aims)
    said: dict[str, str] = {}
    for row in rows[head + 1 :]:
        name = row[code].text
        given = row[answer] if answer < len(row) else None
        if not name:
            if given is not None and given.text and len([c for c in row if c.text]) == 1:
                raise _wrong(given, _("{value} stands in a line without a code"))
            continue
        if name not in yes_no and name not in free:
            raise _wrong(row[code], _("there is no answer with the code {value}"))
        if name in said:
            raise _wrong(row[code], _("{value} stands there twice"))
        said[name] = _taken(given, name, yes_no, bounds) if given is not None else ""
    return Filled("" if centre == OWN else centre, aim, {k: v for k, v in said.items() if v})


def _above(rows: Sequence[Sequence[Cell]], name: str, known: Collection[str]) -> str:
    for row in rows:
        at = _column(row, name)
        if at >= 0 and at + 1 < len(row):
            if row[at + 1].text not in known:
                raise _wrong(row[at + 1], _("{what}: {value} is not known here"), what=_(name))
            return row[at + 1].text
    text = _(
        "This spreadsheet does not say which {what} it is about; open one that was saved here."
    )
    raise UserError(text.format(what=_(name)), code="wrong-sheet")


def _taken(
    cell: Cell, name: str, yes_no: Mapping[str, bool], bounds: Mapping[str, criteria.Bounds]
) -> str:
    """Return a cell's value as an answer is written; "" for an empty one."""
    value, text = cell.value, cell.text
    if isinstance(value, str) and _FORMULA.match(text) and not _plain(text):
        if not text.startswith("'"):
            raise _wrong(cell, _("{value} is a formula; write what it gives"))
        text = text[1:]
    if name in yes_no:
        return _criterion(cell, value, text, yes_no[name], bounds.get(name))
    if isinstance(value, dt.date):
        text = value.strftime("%Y-%m-%d")
    if not name.startswith(timetable.OWNER):
        _day(cell, text)
    if len(text) > LONGEST:
        raise _wrong(cell, _("{value} is longer than 60 signs"))
    return text.replace(":", ".")


def _criterion(
    cell: Cell, value: object, text: str, yes_no: bool, bounds: criteria.Bounds | None
) -> str:
    if isinstance(value, bool):
        text = ("no", "yes")[value]
    elif isinstance(value, (int, float)) and not yes_no:
        text = f"{value:.6f}".rstrip("0").rstrip(".")
        text += "0" if _AMBIGUOUS.fullmatch(text) else ""
    elif isinstance(value, dt.date):
        raise _wrong(cell, _("{value} is a date; a number or yes or no is asked for"))
    if text == LEAVE_OPEN:
        return text
    try:
        answer = criteria.number(text, yes_no)
        if bounds is not None:
            criteria.require_possible(answer, text, bounds)
    except UserError as error:
        raise _refused(cell, str(error)) from None
    return text.lower()


def _day(cell: Cell, text: str) -> None:
    try:
        timetable.day(text)
    except UserError as error:
        raise _refused(cell, str(error)) from None


def _plain(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+([.,]\d+)?", text) is not None


def _column(row: Sequence[Cell], name: str) -> int:
    named = {name.lower(), _(name).lower()}
    return next((at for at, cell in enumerate(row) if cell.text.lower() in named), -1)


def _wrong(cell: Cell, text: str, **more: str) -> UserError:
    return _refused(cell, text.format(value=printed(cell.text), **more) + ".")


def _refused(cell: Cell, why: str) -> UserError:
    text = _("The spreadsheet was not taken: {place}: {why}")
    return UserError(text.format(place=cell.place, why=why), code="wrong-cell")
