"""The folder of a sweep: finished draws, each file whole or not there, and what they are of.

`sweep.json` says which function, inputs, seed and versions the draws are of, and names the
outcomes; `draws-FIRST-LAST.npy` holds values[outcome, draw]. A file is written beside its name,
then renamed: a run that is killed leaves no half of one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path

import numpy as np

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.uncertainty.sampling import Range
from canheal_nb.uncertainty.sweeps.blocks import BLOCK, Floats, Span, versions

_MANIFEST = "sweep.json"
_NAME = re.compile(r"draws-(\d{9,})-(\d{9,})\.npy")


class Folder:
    """Finished draws on disk. One that holds another sweep is refused when it is opened."""

    def __init__(self, path: Path, of: str, given: Sequence[Range], seed: int) -> None:
        """Open a folder, or make it. `of` says which function and data; raises UserError."""
        self._path = path
        self._about = {
            "of": of,
            "inputs": _digest(given),
            "seed": seed,
            "block": BLOCK,
            "versions": versions(),
        }
        self.outcomes: tuple[str, ...] = ()
        try:
            path.mkdir(parents=True, exist_ok=True)
            found = json.loads((path / _MANIFEST).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        except (OSError, ValueError) as problem:
            text = _("The folder {path} cannot be used for a sweep ({problem}); choose another.")
            said = text.format(path=path, problem=problem)
            raise UserError(said, code="wrong-folder") from None
        self._require_mine(found)
        self.outcomes = tuple(found["outcomes"])

    def read(self) -> Iterator[tuple[Span, Floats]]:
        """Yield every whole file of finished draws; one that is damaged is as if not there."""
        for path in sorted(self._path.iterdir()) if self.outcomes else []:
            named = _NAME.fullmatch(path.name)
            if not named:
                continue
            first, last = (int(number) for number in named.groups())
            with contextlib.suppress(OSError, ValueError, EOFError):
                values = np.load(path, allow_pickle=False)
                whole = first % BLOCK == last % BLOCK == 0
                shape = (len(self.outcomes), last - first)
                if whole and values.dtype == np.float64 and values.shape == shape:
                    yield (first, last), values

    def keep(self, span: Span, outcomes: tuple[str, ...], values: Floats) -> None:
        """Write finished draws; what they are of is written before the first."""
        if not self.outcomes:
            about = json.dumps({**self._about, "outcomes": outcomes}, indent=1) + "\n"
            with self._whole(_MANIFEST) as part:
                part.write_text(about, encoding="utf-8")
            self.outcomes = outcomes
        with self._whole(f"draws-{span[0]:09d}-{span[1]:09d}.npy") as part, part.open("wb") as file:
            np.save(file, np.ascontiguousarray(values), allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())

    @contextlib.contextmanager
    def _whole(self, name: str) -> Iterator[Path]:
        """Lend a path to write to; rename it to its name when that went well."""
        part = self._path / f".{name}.{os.getpid()}.part"
        try:
            yield part
            part.replace(self._path / name)
        finally:
            part.unlink(missing_ok=True)

    def _require_mine(self, found: object) -> None:
        known = found if isinstance(found, Mapping) else {}
        for key, mine in {**self._about, "outcomes": None}.items():
            theirs = known.get(key)
            if theirs is None or mine not in (theirs, None):
                text = _(
                    "The folder {path} holds the draws of another sweep ({key} is {theirs}, "
                    "not {mine}); choose an empty folder, or ask the same again."
                )
                said = text.format(path=self._path, key=key, theirs=theirs, mine=mine)
                raise UserError(said, code="other-sweep")


def _digest(given: Sequence[Range]) -> str:
    """Return what tells these inputs from others: shorter than they are."""
    rows = sorted(repr(astuple(one)) for one in given)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]
