"""What is shown of an access after every change: means by group, the Gini, and what is drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from canheal_nb.access.model import inequality_measures

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Groups:
    """Which group (country, hexagon, kind of settlement) each place is in, and its people.

    Made once, so that a mean of new scores is one pass. `member`: position in `names`, -1 for
    places in no group; `total`: persons per group.
    """

    names: pd.Index
    member: NDArray[np.integer]
    people: Floats
    total: Floats

    def means(self, scores: ArrayLike) -> pd.Series:
        """Return the mean score by group, weighted by people; NaN where nobody lives."""
        inside = self.member >= 0
        held = self.people * np.asarray(scores, dtype=np.float64)
        if not inside.all():
            held = held[inside]
        member = self.member if inside.all() else self.member[inside]
        sums = np.bincount(member, held, len(self.names))
        known = np.where(self.total > 0, self.total, np.nan)
        return pd.Series(sums / known, index=self.names)


@dataclass(frozen=True)
class Summary:
    """The mean score of everybody and by group (weighted by people), the Gini, and what to draw.

    `drawn`: one little-endian 32-bit float per place, in order.
    """

    mean: float
    means: pd.Series
    gini: float
    drawn: bytes


def groups(labels: ArrayLike, people: ArrayLike) -> Groups:
    """Return the groups from a label per place (None: in no group) and its people."""
    member, names = pd.factorize(np.asarray(labels, dtype=object), sort=True)
    persons = np.array(people, dtype=np.float64)
    inside = member >= 0
    total = np.bincount(member[inside], persons[inside], len(names)).astype(np.float64)
    return Groups(pd.Index(names), member, persons, total)


def summary(scores: ArrayLike, grouped: Groups) -> Summary:
    """Return what is shown of the scores of all places."""
    values = np.asarray(scores, dtype=np.float64)
    everybody = grouped.people.sum()
    mean = float((grouped.people * values).sum() / everybody) if everybody else float("nan")
    gini = inequality_measures.gini(values, grouped.people)
    return Summary(mean, grouped.means(values), gini, values.astype("<f4").tobytes())
