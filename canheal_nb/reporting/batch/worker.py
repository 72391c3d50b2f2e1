"""A process of a batch: it makes one report after another, with its libraries loaded once."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

Make = Callable[[str, Mapping[str, object], Path, Sequence[str]], Any]


def prepare(scratch: str) -> None:
    """Set a new process up: deaf to the terminal's Ctrl-C, silent, its passing files in `scratch`.

    The batch hears Ctrl-C and ends its processes itself, so that nothing is cut off in the middle.
    """
    os.setsid()
    with Path(os.devnull).open("w") as nowhere:
        for stream in (1, 2):
            os.dup2(nowhere.fileno(), stream)
    os.environ["TMPDIR"] = tempfile.tempdir = scratch


def make(
    report: str, given: Mapping[str, object], out: Path, formats: Sequence[str]
) -> dict[str, Any]:
    """Make one report in `out`; return what `answer` returns."""
    from canheal_nb.reporting import catalogue

    return answer(catalogue.make, report, given, out, formats)


def answer(
    make: Make, report: str, given: Mapping[str, object], out: Path, formats: Sequence[str]
) -> dict[str, Any]:
    """Return the SHA-256 of each file that `make` made, or a code and a sentence.

    What nobody foresaw is a sentence too: one report's fault must not end the night.
    """
    try:
        return {"sha256": dict(make(report, given, out, formats).sha256)}
    except UserError as error:
        return {"code": error.code, "sentence": str(error)}
    except Exception as error:
        detail = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        sentence = _("An error that nobody foresaw: {detail}. Please tell the maintainers.")
        return {"code": "unexpected", "sentence": sentence.format(detail=detail)}
