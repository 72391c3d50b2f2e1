"""The texts of scenario files: those that come with the data, and those of a reader."""

from __future__ import annotations

from pathlib import Path

from canheal_nb.data.faults import printable
from canheal_nb.errors import UserError
from canheal_nb.locale import _

FOLDER = "scenarios"
MOST_BYTES = 1_000_000
ORDER = (
    "today",
    "access_90_by_2030",
    "radiotherapy_catch_up",
    "ngs_for_all",
    "equity_first",
    "spread_evenly",
)


def shipped(folder: Path) -> dict[str, Path]:
    """Return the scenario files in a data folder by id: those of `ORDER` first, others sorted."""
    found = {path.stem: path for path in sorted((folder / FOLDER).glob("*.yaml"))}
    known = [name for name in ORDER if name in found]
    return {name: found[name] for name in [*known, *(n for n in found if n not in ORDER)]}


def text(path: Path) -> str:
    """Return the text of a scenario file; UserError when it cannot be read or is not text."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        sentence = _("The file {file} cannot be read ({reason}); give the path of a scenario file.")
        reason = error.strerror or type(error).__name__
        told = sentence.format(file=printable(str(path)), reason=reason)
        raise UserError(told, code="unreadable-file") from None
    if len(content) > MOST_BYTES:
        sentence = _("The file {file} is too large for a scenario; at most 1 MB is read.")
        raise UserError(sentence.format(file=printable(str(path))), code="large-file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        sentence = _("The file {file} is not text in UTF-8; save it as UTF-8 and try again.")
        raise UserError(sentence.format(file=printable(str(path))), code="not-utf8") from None
