"""The registry: which files the data folder holds, and the SHA-256 of each."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from canheal_nb.data.faults import Fault, nearest
from canheal_nb.data.sheets import Sheet, parse
from canheal_nb.text.locale import _

FILE = "registry.csv"
COLUMNS = ("path", "sha256")


def files(folder: Path) -> list[str]:
    """Return the files under the data folder, posix and sorted, without hidden ones."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(p.as_posix() for p in found if not any(part[0] in "._" for part in p.parts))


def digest(data: bytes) -> str:
    """Return the SHA-256 of a file's bytes as hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def text(folder: Path) -> str:
    """Return what the registry of a data folder has to be: the same files, the same bytes."""
    rows = [f"{_cell(file)},{digest((folder / file).read_bytes())}" for file in files(folder)]
    listed = [row for row in rows if not row.startswith(f"{FILE},")]
    return "\n".join([",".join(COLUMNS), *listed]) + "\n"


def read(folder: Path) -> dict[str, str]:
    """Return the registered SHA-256 by path; empty when there is no registry to be read."""
    try:
        data = (folder / FILE).read_bytes()
    except OSError:
        return {}
    return listed(parse(FILE, data)[0])


def listed(sheet: Sheet) -> dict[str, str]:
    """Return the SHA-256 by path as a registry's sheet states them."""
    return {row["path"]: row["sha256"] for row in sheet.rows}


def faults(sheet: Sheet, digests: Mapping[str, str], faulty: Collection[str]) -> Iterator[Fault]:
    """Compare the registry with the files' digests.

    Files in `faulty` have other faults, which explain that they changed, and are passed over.
    """
    for name in COLUMNS:
        if name not in sheet.columns:
            yield Fault(FILE, 1, name, "", "missing-column", _anew())
            return
    registered = listed(sheet)
    for file, found in digests.items():
        if file not in faulty and registered.get(file) != found:
            yield Fault(file, 0, "", "", "registry", _changed(file in registered))
    for row in sheet.rows:
        if row["path"] not in digests and row["path"] not in faulty:
            remedy = _gone(row["path"], digests)
            yield Fault(FILE, row.line, "path", row["path"], "missing-file", remedy)


def _changed(known: bool) -> str:
    if known:
        return _("it was changed; if the change is meant, run `make data`")
    return _("it is new; if it is meant to be here, run `make data`")


def _gone(file: str, present: Collection[str]) -> str:
    other = nearest(file, present)
    if other:
        return _("put it back, or run `make data` (there is {file})").format(file=other)
    return _("put it back, or run `make data`")


def _anew() -> str:
    return _("run `make data`, which writes the registry")


def missing() -> Fault:
    """Return the fault of a data folder without a registry."""
    return Fault(FILE, 0, "", "", "missing-file", _anew())


def _cell(file: str) -> str:
    return '"' + file.replace('"', '""') + '"' if set(file) & set(',"\r\n') else file
