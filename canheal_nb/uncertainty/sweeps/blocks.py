"""The unit of a sweep: a block of draws, evaluated in one call wherever and whenever it is made.

A function of many draws at once may round its last digit otherwise for 100 draws than for 1,000
(vector instructions, matrix products). So the function always sees the same blocks, and how many
blocks travel together, to how many workers, in which order, cannot change a byte of the result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

import canheal_nb
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.uncertainty import sampling
from canheal_nb.uncertainty.sampling import Range

Floats = NDArray[np.float64]
Function = Callable[[dict[str, Floats]], Mapping[str, Floats]]
Span = tuple[int, int]
Made = tuple[tuple[str, ...], Floats]

BLOCK = 250


def compute(function: Function, given: Sequence[Range], seed: int, span: Span) -> Made:
    """Return the names of the outcomes and their values[outcome, draw] for a span of blocks.

    Raises UserError when the function does not return one number per draw and outcome, or other
    outcomes in one block than in the next.
    """
    first, last = span
    parts, names = [], None
    for start in range(first, last, BLOCK):
        made = function(sampling.sample(given, seed, start, start + BLOCK))
        names = names or tuple(made)
        if not names or tuple(made) != names:
            raise UserError(_other_outcomes(names, tuple(made)), code="wrong-outcomes")
        parts.append(np.stack([_column(name, made[name]) for name in names]))
    return names or (), np.concatenate(parts, axis=1)


def spans(missing: NDArray[np.bool_], blocks_at_once: int) -> list[Span]:
    """Return the missing blocks as spans of draws, each of so many blocks at most."""
    found: list[Span] = []
    for block in np.flatnonzero(missing):
        start, end = int(block) * BLOCK, (int(block) + 1) * BLOCK
        if found and found[-1][1] == start and start - found[-1][0] < blocks_at_once * BLOCK:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def versions() -> str:
    """Return what a result's last digit depends on: these versions of the package and numpy."""
    return f"canheal_nb {canheal_nb.__version__}, numpy {np.__version__}"


def require_same(known: tuple[str, ...], names: tuple[str, ...]) -> None:
    """Refuse outcomes other than those of the draws made before."""
    if known != names:
        raise UserError(_other_outcomes(known, names), code="wrong-outcomes")


def _other_outcomes(known: tuple[str, ...], names: tuple[str, ...]) -> str:
    text = _(
        "The function gave the outcomes {names} for some draws and {known} for others; "
        "it must name the same ones each time, and one at least."
    )
    shown = [", ".join(map(str, each)) or _("none") for each in (names, known)]
    return text.format(names=shown[0], known=shown[1])


def _column(name: str, values: object) -> Floats:
    column = np.asarray(values, dtype=np.float64)
    if column.shape != (BLOCK,):
        text = _("The outcome {name} has the shape {shape} for {draws} draws; give one per draw.")
        shown = text.format(name=name, shape=column.shape, draws=BLOCK)
        raise UserError(shown, code="wrong-outcomes")
    return column
