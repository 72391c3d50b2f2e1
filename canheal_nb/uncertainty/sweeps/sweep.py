"""Run a sweep: draw, evaluate in chunks, keep what is finished, go on where it stopped."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.uncertainty import sampling
from canheal_nb.uncertainty.sampling import Range
from canheal_nb.uncertainty.sweeps.blocks import (
    BLOCK,
    Floats,
    Function,
    Made,
    Span,
    compute,
    require_same,
    spans,
)
from canheal_nb.uncertainty.sweeps.checkpoint import Folder

CHUNK = 1_000
Progress = Callable[[int, int], None]
Stop = Callable[[], bool]


@dataclass(frozen=True)
class Sweep:
    """The draws of every outcome. `numbers` says which draws they are, in order.

    `draws` were asked for; when it was stopped, fewer are there and `complete` is False. `made`
    counts those that this run evaluated, in whole blocks, rather than found in the folder.
    """

    outcomes: dict[str, Floats]
    numbers: NDArray[np.int64]
    draws: int
    made: int

    @property
    def complete(self) -> bool:
        """Whether every draw that was asked for is there."""
        return len(self.numbers) == self.draws

    @property
    def digest(self) -> str:
        """SHA-256 of the outcomes, their names and their draws: equal when every byte is."""
        parts = [self.numbers.astype("<i8").tobytes()]
        for name, values in self.outcomes.items():
            parts += [name.encode(), values.astype("<f8").tobytes()]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()


def run(
    function: Function,
    inputs: pd.DataFrame | Sequence[Range],
    *,
    draws: int = sampling.ON_DEMAND,
    seed: int,
    folder: Path | str | None = None,
    of: str = "",
    address: str | None = None,
    chunk: int = CHUNK,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Sweep:
    """Return `draws` draws of every outcome of a function of uncertain inputs.

    `function` takes {input: array[n]} and returns {outcome: array[n]}, each draw by itself, with no
    state. `inputs` are rows as `sampling.ranges` takes them, or ranges. With a `folder`, finished
    draws are kept there and never made twice, also when more are asked for later; `of` then says
    which function and data they are of (a function at the top of a module names itself). `address`
    is that of a Dask scheduler whose workers have the same versions; without it the draws are made
    in this process. `progress(done, draws)` is called after each chunk; `stop()` is asked between
    chunks, and a sweep that stops returns what is finished. The result does not depend on chunk,
    workers, order or interruptions, to the byte. Raises UserError for what cannot be run.
    """
    if chunk < 1 or draws < 1:
        text = _("A sweep has one draw and one per chunk at least, not {draws} and {chunk}.")
        raise UserError(text.format(draws=draws, chunk=chunk), code="wrong-draws")
    if address is not None:
        from canheal_nb.uncertainty.sweeps import dask_cluster

        dask_cluster.require_answer(address)  # before a folder is made
    given = sampling.ranges(inputs) if isinstance(inputs, pd.DataFrame) else tuple(inputs)
    place = Folder(Path(folder), _named(function, of), given, seed) if folder is not None else None
    stop = stop or (lambda: False)
    found = _Found(draws)
    for span, values in place.read() if place else ():
        found.add(span, place.outcomes if place else (), values)
    if progress:
        progress(found.done, draws)
    wanted, made = spans(~found.finished, max(1, chunk // BLOCK)), 0
    for span, (names, values) in _results(function, given, seed, wanted, address, stop):
        found.add(span, names, values)
        made += span[1] - span[0]
        if place:
            place.keep(span, names, values)
        if progress:
            progress(found.done, draws)
    return found.sweep(made)


class _Found:
    """Finished blocks, as they come."""

    def __init__(self, draws: int) -> None:
        self._draws = draws
        blocks = -(-draws // BLOCK)
        self.finished = np.zeros(blocks, dtype=np.bool_)
        self._names: tuple[str, ...] = ()
        self._values = np.zeros((0, 0))

    @property
    def done(self) -> int:
        """Finished draws among those asked for."""
        return int(self._kept().sum())

    def add(self, span: Span, names: tuple[str, ...], values: Floats) -> None:
        if not self._names:
            self._names = names
            self._values = np.full((len(names), len(self.finished) * BLOCK), np.nan)
        require_same(self._names, names)
        first, last = span
        last = min(last, self._values.shape[1])
        if first < last:
            self._values[:, first:last] = values[:, : last - first]
            self.finished[first // BLOCK : last // BLOCK] = True

    def sweep(self, made: int) -> Sweep:
        kept = self._kept()
        columns = self._values[:, : self._draws]
        outcomes = {name: columns[row, kept] for row, name in enumerate(self._names)}
        return Sweep(outcomes, np.flatnonzero(kept), self._draws, made)

    def _kept(self) -> NDArray[np.bool_]:
        return np.repeat(self.finished, BLOCK)[: self._draws]


def _results(
    function: Function,
    given: Sequence[Range],
    seed: int,
    wanted: Sequence[Span],
    address: str | None,
    stop: Stop,
) -> Iterator[tuple[Span, Made]]:
    """Yield every span with its outcomes, made here or at an address."""
    if address is not None and wanted:
        from canheal_nb.uncertainty.sweeps import dask_cluster

        yield from dask_cluster.computed(address, function, given, seed, wanted, stop)
        return
    for span in wanted:
        if stop():
            return
        yield span, compute(function, given, seed, span)


def _named(function: Function, of: str) -> str:
    """Return what a folder's draws are of; a function without a lasting name needs one."""
    name = f"{getattr(function, '__module__', '')}.{getattr(function, '__qualname__', '<>')}"
    if not of and ("<" in name or name.startswith("__main__")):
        text = _(
            "This function has no lasting name, so draws kept in a folder could be taken for those "
            "of another: say which function and data they are of (of=...)."
        )
        raise UserError(text, code="no-name")
    return of or name
