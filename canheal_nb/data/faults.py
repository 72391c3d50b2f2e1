"""A fault in the data: where it is, what is wrong, what to do."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from canheal_nb.text.locale import _

SHOWN = 60
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


@dataclass(frozen=True)
class Fault:
    """One fault; `line` is the physical line in `file`, 0 when the whole file is meant.

    `file` is relative to the data folder, `rule` an id that is the same in every language
    ("range", "unknown-id" ...), `remedy` words. Text from the file is made printable, and
    `value` is shortened.
    """

    file: str
    line: int
    column: str
    value: str
    rule: str
    remedy: str

    def __post_init__(self) -> None:
        """Make every text safe to print on one line."""
        for name in ("file", "remedy"):
            object.__setattr__(self, name, printable(getattr(self, name)))
        for name in ("column", "value"):
            object.__setattr__(self, name, shown(getattr(self, name)))

    def sentence(self) -> str:
        """Say it on one line: file, line, column, value, what is wrong, what to do."""
        where = [self.file]
        if self.line:
            where.append(_("line {line}").format(line=self.line))
        if self.column:
            where.append(_("column {column}").format(column=self.column))
        if self.value:
            where.append(f'"{self.value}"')
        wrong = wording(self.rule)
        return _("{where}: {wrong}; {remedy}.").format(
            where=", ".join(where), wrong=wrong, remedy=self.remedy
        )


def wording(rule: str) -> str:
    """Return what is wrong, in words, for a fault's `rule`."""
    words = {
        "missing-file": _("the file is missing"),
        "unreadable": _("the file cannot be read"),
        "encoding": _("the text is not UTF-8"),
        "syntax": _("the text does not follow the file's format"),
        "quotes": _("the quotation marks do not match"),
        "fields": _("row and header do not have as many fields"),
        "unknown-column": _("the table has no such column"),
        "missing-column": _("the column is missing"),
        "double-column": _("the column is there twice"),
        "spaces": _("there is a space at the start or the end"),
        "characters": _("there are hidden characters"),
        "formula": _("a spreadsheet would run this as a formula"),
        "empty": _("nothing is stated"),
        "edition": _("this is not a name in quotation marks"),
        "as_of": _("this is not a date"),
        "id": _("this is not an id"),
        "area": _("this is not a country or area code"),
        "number": _("this is not a number"),
        "year": _("this is not a year"),
        "range": _("the number is out of range"),
        "vocabulary": _("the word is not one of those allowed"),
        "web": _("this is not a web address"),
        "unknown-id": _("the id is not known"),
        "area-kind": _("an area of this kind cannot stand here"),
        "value-kind": _("the value does not fit its type"),
        "order": _("low, value and high are not in order"),
        "duplicate-key": _("the row is there twice"),
        "two-values": _("one source gives two values for the same thing"),
        "unproven-no": _("no list is complete enough to say no"),
        "far-away": _("the coordinates lie outside the country"),
        "registry": _("the registry does not know the file as it is now"),
    }
    return words[rule]


def printable(text: str) -> str:
    """Return the text with control, bidirectional and other unseen characters escaped."""
    return "".join(sign if sign.isprintable() else _escaped(sign) for sign in text)


def is_hidden(sign: str) -> bool:
    """Is it a character that prints nothing or moves others?"""
    return unicodedata.category(sign) in _HIDDEN


def shown(text: str) -> str:
    """Return the text printable and no longer than `SHOWN` characters."""
    short = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return printable(short)


def nearest(text: str, known: Collection[str]) -> str:
    """Return the known word most like `text`, or an empty string when none is."""
    if len(text) > SHOWN:
        return ""
    return next(iter(difflib.get_close_matches(text, known, n=1)), "")


def _escaped(sign: str) -> str:
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(sign) or f"\\u{ord(sign):04x}"
