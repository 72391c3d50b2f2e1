"""Where a reader of a report says what is wrong or missing in it."""

from __future__ import annotations

import os
import re

from canheal_nb.text.locale import _

VARIABLE = "CANHEAL_ADDRESS"
_ADDRESS = re.compile(r"https?://[^\s<>\"'\\]{1,200}")


def address() -> str:
    """Return the public address of the apps that CANHEAL_ADDRESS names; empty without one."""
    named = os.environ.get(VARIABLE, "")
    return named if _ADDRESS.fullmatch(named) else ""


def line() -> str:
    """Return the sentence that stands in every report."""
    where = address()
    if where:
        sentence = _("Wrong or missing? Use “Tell us” at the foot of {address}; name the figure.")
        return sentence.format(address=where)
    return _("Wrong or missing? Use “Tell us” at the foot of every app's page; name the figure.")
