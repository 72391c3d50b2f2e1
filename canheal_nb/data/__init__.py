"""The only slice that reads the tables: the Dataset, its contracts, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

from canheal_nb.data.dataset import Dataset, load
from canheal_nb.data.edition import Edition
from canheal_nb.data.faults import Fault

__all__ = ["Dataset", "Edition", "Fault", "load", "verify"]


def verify(path: Path) -> list[Fault]:
    """List every fault of every file under a data folder, by file and line.

    Loads pandera, which `load` does without. Raises UserError when there is no such folder.
    """
    from canheal_nb.data.verification import verify as verify_folder

    return verify_folder(Path(path))
