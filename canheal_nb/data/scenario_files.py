"""The scenarios that come with the data, as texts; `canheal_nb.scenarios` reads them."""

from __future__ import annotations

from pathlib import Path

from canheal_nb.errors import UserError
from canheal_nb.locale import _

FOLDER = "scenarios"
ORDER = (
    "today",
    "access_90_by_2030",
    "radiotherapy_catch_up",
    "ngs_for_all",
    "equity_first",
    "spread_evenly",
)


def shipped(folder: Path) -> dict[str, str]:
    """Return the text of each scenario in a data folder by id, in the order they are shown."""
    found = {path.stem: path for path in sorted((folder / FOLDER).glob("*.yaml"))}
    known = [name for name in ORDER if name in found]
    names = [*known, *(name for name in found if name not in ORDER)]
    return {name: found[name].read_text(encoding="utf-8") for name in names}


def of_file(path: Path) -> str:
    """Return the text of a scenario file. Raises UserError when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        said = _("{file} is not a text in UTF-8; save it so and try again.")
        raise UserError(said.format(file=path), code="scenario-file") from None
    except OSError:
        said = _("{file} is missing or cannot be read; check its name.")
        raise UserError(said.format(file=path), code="scenario-file") from None
