"""What may be told about a group's weights without telling anybody's.

A snapshot is made of one fixed group as a whole, never of a filtered part; only where at least
FEWEST people answered and at least CHANGED answers are new, changed or withdrawn since the last
one. Both alone would not do: who knows four of five answers, or four of five changes, works out
the last one from an exact mean. So weights are told in steps, and the steps are the coarser the
smaller the group: a step times the people is at least HIDDEN. Told apart are nobody's ends, no
spread and no exact agreement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from canheal_nb.model.consensus import combined

FEWEST = 5
CHANGED = 5
HIDDEN = 0.5  # a person's weight cannot be narrowed down further than this
FINEST = 0.05

People = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Snapshot:
    """A group's weights as they are told: rounded to `step`, so they may not sum to one."""

    people: int
    step: float
    weights: dict[str, float]


def changes(now: People, last: People) -> int:
    """Return how many people's answers are new, changed or withdrawn (by key of a hand-in)."""
    return sum(now.get(key) != last.get(key) for key in {*now, *last})


def due(now: People, last: People) -> bool:
    """Say whether a new snapshot of a group may be told; `last`: the answers in the last one."""
    return len(now) >= FEWEST and changes(now, last) >= CHANGED


def snapshot(now: People, last: People) -> Snapshot | None:
    """Return the snapshot of a group, or None where the rule does not allow one."""
    if not due(now, last):
        return None
    exact = combined(pd.DataFrame.from_dict({k: dict(v) for k, v in now.items()}, orient="index"))
    step = max(FINEST, FINEST * float(np.ceil(HIDDEN / len(now) / FINEST - 1e-9)))
    told = {str(name): round(round(one / step) * step, 10) for name, one in exact.items()}
    return Snapshot(len(now), step, told)
