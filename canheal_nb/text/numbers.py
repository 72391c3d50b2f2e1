"""Numbers as they are said, in the language in use."""

from __future__ import annotations

import math
from functools import lru_cache

from babel.numbers import format_decimal

from canheal_nb.text.locale import _, language

SHOWN = 2  # decimals


def cldr() -> str:
    """Return the locale for numbers and lists: Union English is written as in Great Britain."""
    return "en_GB" if language() == "en" else language()


def decimal(value: float, decimals: int = 0) -> str:
    """Return a number with the locale's separators and a fixed number of decimals."""
    return _formatted(float(value), decimals, cldr())


@lru_cache(maxsize=8192)
def _formatted(value: float, decimals: int, locale: str) -> str:
    """Return what Babel makes of a number; a screen says the same few hundred again and again."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern, locale=locale))


def significant(value: float, figures: int = 2) -> str:
    """Return a number rounded to so many significant figures, for what is computed or modelled."""
    if not math.isfinite(value):
        return _("not known")
    if value == 0:
        return decimal(0)
    digits = figures - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, digits)
    digits = figures - 1 - math.floor(math.log10(abs(rounded))) if rounded else digits
    return decimal(rounded, max(digits, 0))


def as_published(text: str) -> str:
    """Return a published number with the locale's separators and its own decimals."""
    return decimal(float(text), len(text.split(".")[1]) if "." in text else 0)


def as_shown(text: str) -> str:
    """Return a published number with two decimals at most: more come from dividing, not counting.

    A number under 1 keeps two significant figures.
    """
    if len(text.partition(".")[2]) <= SHOWN:
        return as_published(text)
    value = float(text)
    return decimal(value, SHOWN) if abs(value) >= 1 else significant(value)


def bound(value: float) -> str:
    """Return a class bound without needless decimals."""
    text = f"{value:.10g}"
    return decimal(value, len(text.split(".")[1]) if "." in text else 0)
