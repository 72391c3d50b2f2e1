"""Where data, notebooks and state are: in the checkout, or inside or beside the installed wheel."""

from __future__ import annotations

import os
from pathlib import Path

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

_PACKAGE = Path(__file__).resolve().parents[1]
_SHARE = _PACKAGE / "_share"


def data_dir() -> Path:
    """Return the folder of the data; the environment's CANHEAL_DATA names another one.

    Raises UserError when that folder does not exist.
    """
    chosen = os.environ.get("CANHEAL_DATA")
    return _existing(Path(chosen).expanduser().resolve() if chosen else _shared("data"))


def notebooks_dir() -> Path:
    """Return the folder that holds apps, reports and guides; UserError when it is missing."""
    return _existing(_shared("notebooks"))


def state_dir() -> Path:
    """Return the folder for what must outlast a run; it may not exist yet.

    In a checkout `state` at its top, else where the desktop's rules keep what programs keep.
    """
    if not _SHARE.is_dir():
        return _PACKAGE.parent / "state"
    kept = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(kept).expanduser() / "canheal"


def _shared(name: str) -> Path:
    """The wheel carries `_share`; a checkout has no such folder and keeps both at its top."""
    return (_SHARE if _SHARE.is_dir() else _PACKAGE.parent) / name


def _existing(folder: Path) -> Path:
    if folder.is_dir():
        return folder
    sentence = _(
        "The folder {folder} does not exist; install canheal_nb again, "
        "or set CANHEAL_DATA to a folder with the data."
    )
    raise UserError(sentence.format(folder=folder), code="missing-folder")
