"""Numbers as people type them, in the language in use."""

from __future__ import annotations

import math
import re

from babel.numbers import get_decimal_symbol

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _, language
from canheal_nb.text.refusals import printed

_SPACES = "\u00a0\u2007\u2009\u202f'\u2019"  # signs that part thousands, as a space does
_THOUSANDS = re.compile(r"-?\d{1,3}(?: \d{3})+(?=[.,]|$)")
_PLAIN = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?")
_EITHER = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")
_GROUPS = {sign: re.compile(rf"-?[1-9]\d{{0,2}}(?:\{sign}\d{{3}})+") for sign in ".,"}


class AmbiguousNumberError(UserError):
    """A number that can be read in two ways."""


def read_number(text: str) -> float:
    """Return a number that somebody typed; NaN for blank.

    Thousands may be parted as the language in use writes them, or by spaces; a comma or a point
    before other than three digits is a decimal sign in every language. Raises UserError for
    anything else that is not one plain number, AmbiguousNumberError for three digits behind the
    language's decimal sign (1.500 in English), which may be thousands or a decimal fraction.
    """
    said = text.strip()
    if not said:
        return math.nan
    plain = _without_groups(said)
    if not _PLAIN.fullmatch(plain):
        sentence = _("{value} is no number; write it with digits, or leave it blank.")
        raise UserError(sentence.format(value=printed(said)), code="wrong-answer")
    return float(plain)


def _without_groups(said: str) -> str:
    """Return a number with nothing between its thousands and a point as its decimal sign."""
    spaced = said.translate(dict.fromkeys(map(ord, _SPACES), " "))
    plain = _THOUSANDS.sub(lambda found: found[0].replace(" ", ""), spaced)
    decimal_sign = get_decimal_symbol(language())
    if _EITHER.fullmatch(plain) and decimal_sign in plain:
        text = _("{value} can be read in two ways; write 1500 for thousands, or 1.5.")
        raise AmbiguousNumberError(text.format(value=printed(said)), code="wrong-answer")
    whole, sign, rest = plain, "", ""
    if "." in plain and "," in plain:
        sign = max(".,", key=plain.rindex)
        whole, _sign, rest = plain.rpartition(sign)
    for mark, groups in _GROUPS.items():
        if mark != sign and groups.fullmatch(whole):
            whole = whole.replace(mark, "")
    if not sign:
        return whole.replace(",", ".")
    return f"{whole}.{rest}"
