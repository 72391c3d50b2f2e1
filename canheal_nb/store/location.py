"""Where the store is: a folder with an SQLite file, or the address of a database."""

from __future__ import annotations

import os
from pathlib import Path

from canheal_nb.text import home
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

VARIABLE = "CANHEAL_STORE"
FILE = "canheal.sqlite"
_DRIVERS = {
    "sqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def address(given: str = "") -> str:
    """Return the database's address for a folder or an address.

    Without one, the environment's CANHEAL_STORE is taken, and without that `home.state_dir`.
    Raises UserError for a database that is neither SQLite nor PostgreSQL.
    """
    wanted = given or os.environ.get(VARIABLE, "")
    if "://" not in wanted:
        folder = _folder(wanted) if wanted else home.state_dir()
        return f"sqlite:///{folder / FILE}"
    scheme, _colon, rest = wanted.partition("://")
    if scheme in _DRIVERS:
        return f"{_DRIVERS[scheme]}://{rest}"
    sentence = _(
        "The store cannot be a database of the kind {kind}; name a folder, or an address that "
        "starts with sqlite:/// or postgresql://, with --store or in CANHEAL_STORE."
    )
    raise UserError(sentence.format(kind=ascii(scheme)[:40]), code="unknown-store")


def _folder(given: str) -> Path:
    from canheal_nb.data import given_files

    try:
        return given_files.path(given_files.path(given).expanduser().resolve() / FILE).parent
    except (OSError, RuntimeError) as error:  # nobody of that name, links that lead in a circle
        sentence = _("The store cannot be at {path} ({reason}); name another folder.")
        told = sentence.format(path=ascii(given)[:80], reason=str(error)[:80])
        raise UserError(told, code="unknown-store") from None


def file_of(place: str) -> Path | None:
    """Return the SQLite file of an address; None for another database, or one in memory."""
    scheme, _colon, path = place.partition(":///")
    return Path(path.partition("?")[0]) if scheme == "sqlite" and path else None


def require_file(place: str) -> None:
    """Raise UserError when an address names an SQLite file that does not exist."""
    path = file_of(place)
    if path is not None and is_missing(path):
        sentence = _(
            "There is no store at {path} yet: nothing was handed in there. Name another one with "
            "--store or in CANHEAL_STORE."
        )
        raise UserError(sentence.format(path=ascii(str(path))), code="no-store")


def is_missing(path: Path) -> bool:
    """Say whether there is nothing; a folder that may not be entered is another matter."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
