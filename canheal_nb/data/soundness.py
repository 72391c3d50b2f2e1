"""Whether the data folder is as it was registered; only what differs is looked into."""

from __future__ import annotations

from pathlib import Path

from canheal_nb.data import registry
from canheal_nb.data.faults import Fault

# What `verify` reads cell by cell, or who opens it: of these, a change that is not registered yet
# may be meant. Of any other file, only its digest tells that it is whole.
_READ = (".csv", ".json", ".geojson", ".csv.gz", ".toml", ".yaml", ".md")

Signature = tuple[tuple[str, int, int], ...]


def signature(folder: Path) -> Signature:
    """Return names, sizes and times of change: what is the same has the same content.

    Raises OSError where a file went meanwhile.
    """
    stats = [(file, (folder / file).stat()) for file in registry.files(folder)]
    return tuple((file, one.st_size, one.st_mtime_ns) for file, one in stats)


def is_registered(folder: Path) -> bool:
    """Say whether the folder holds the files of its registry, byte for byte, and no others."""
    listed = registry.read(folder)
    present = [file for file in registry.files(folder) if file != registry.FILE]
    if not listed or set(present) != listed.keys():
        return False
    try:
        return all(
            registry.digest((folder / file).read_bytes()) == listed[file] for file in present
        )
    except OSError:
        return False


def faults(folder: Path) -> list[Fault]:
    """List the faults that keep a server from telling the truth; none where all is registered.

    A table that was changed and is not registered yet is none, as long as it reads well.
    Loads pandera where a file differs. Raises UserError when there is no such folder.
    """
    if folder.is_dir() and is_registered(folder):
        return []
    from canheal_nb.data.verification import verify

    found = verify(folder)
    return [one for one in found if one.rule != "registry" or not one.file.endswith(_READ)]
