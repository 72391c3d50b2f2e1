"""What one cell may hold: pure functions over its text."""

from __future__ import annotations

import math
import re

from canheal_nb.data.faults import is_hidden

_AREA = re.compile(r"[A-Z]{2}(-[A-Z0-9]{2})?")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WEB = re.compile(r"https?://[^\s<>\"'`\\]+")
_YEAR = re.compile(r"[0-9]{4}")
_NOT_ISO = {"EL": "GR", "UK": "GB"}


def number(text: str) -> float | None:
    """Return the number the text spells (decimal point, no separators), or None."""
    if not _NUMBER.fullmatch(text):
        return None
    found = float(text)
    return found if math.isfinite(found) else None


def is_number(text: str) -> bool:
    """Does it spell a finite number?"""
    return number(text) is not None


def is_year(text: str) -> bool:
    """Is it four digits?"""
    return _YEAR.fullmatch(text) is not None


def is_id(text: str) -> bool:
    """Letters, digits, dot, low line and hyphen only?"""
    return _ID.fullmatch(text) is not None


def is_area(text: str) -> bool:
    """Has it the form of an ISO 3166 code, and is it not EL or UK?"""
    return _AREA.fullmatch(text) is not None and text not in _NOT_ISO


def iso(text: str) -> str:
    """Return the ISO code for Eurostat's EL and UK in any case, else an empty string."""
    return _NOT_ISO.get(text.upper(), "")


def is_web(text: str) -> bool:
    """Is it an http or https address that is safe in a link?"""
    return _WEB.fullmatch(text) is not None


def is_formula(text: str) -> bool:
    """Would a spreadsheet run it? It runs neither plain numbers nor lone signs such as =."""
    signed = text[:1] in tuple("=+-@") and any(sign.isalnum() for sign in text)
    return signed and not is_number(text)


def has_hidden(text: str) -> bool:
    """Does it hold a hidden or replaced character? A line break is allowed."""
    return any(sign == "\ufffd" or (sign != "\n" and is_hidden(sign)) for sign in text)


def cleaned(text: str) -> str:
    """Return the text without hidden characters and outer spaces, so that checks go on."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return "".join(s for s in text if s == "\n" or not is_hidden(s)).strip()
