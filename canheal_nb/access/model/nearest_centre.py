"""Who lives how far from the nearest centre: nearest, people within any limits, the curve.

Times are minutes, people persons. A time of exactly the limit is inside. A place that no centre
can be reached from has no time (NaN): it is counted, and within no limit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from canheal_nb.access.travel.travel_times import Pairs
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

LIMITS = (30.0, 45.0, 60.0, 90.0, 120.0)
ALL = ""  # the row of everybody


@dataclass(frozen=True, eq=False)
class Nearest:
    """For each place (`origins`) the minutes to the nearest centre (NaN: none) and which it is.

    `centre` is a position in `destinations`, -1 where there is none. Of centres equally near
    the first in order is taken.
    """

    origins: pd.Index
    destinations: pd.Index
    minutes: NDArray[np.float32]
    centre: NDArray[np.integer]

    @property
    def unreachable(self) -> int:
        """How many places can reach no centre at all."""
        return int((self.centre < 0).sum())

    def table(self) -> pd.DataFrame:
        """Return `minutes` (NaN: none) and `destination_id` ("": none) by origin_id."""
        names = np.append(self.destinations.to_numpy(dtype=object), "")
        columns = {"minutes": self.minutes.astype(float), "destination_id": names[self.centre]}
        return pd.DataFrame(columns, index=self.origins)


@dataclass(frozen=True)
class Within:
    """People within each limit.

    `within`: persons, one row per group (sorted; only `ALL` without groups), one column per
    limit in minutes. `people`: all persons of the group; `unreachable`: those with no centre in
    reach at any time.
    """

    within: pd.DataFrame
    people: pd.Series
    unreachable: pd.Series

    @property
    def share(self) -> pd.DataFrame:
        """Return the share of people within each limit, 0 to 1; NaN where nobody lives."""
        return self.within.div(self.people.where(self.people > 0), axis=0)


def nearest(pairs: Pairs, among: ArrayLike | None = None) -> Nearest:
    """Return each place's nearest centre, of all or of those `among` says yes to (in order)."""
    columns, minutes, starts = pairs.columns, pairs.minutes, pairs.starts
    if among is not None:
        chosen = np.asarray(among, dtype=bool)[columns]
        before = np.concatenate([[0], np.cumsum(chosen)])
        columns, minutes, starts = columns[chosen], minutes[chosen], before[starts]
    least = np.full(len(pairs.origins), np.nan, dtype=np.float32)
    centre = np.full(len(pairs.origins), -1, dtype=np.int64)
    some = np.flatnonzero(np.diff(starts))
    if len(some):
        least[some] = np.minimum.reduceat(minutes, starts[some])
        hit = np.flatnonzero(minutes == np.repeat(least[some], np.diff(starts)[some]))
        first = hit[np.searchsorted(hit, starts[some])]
        centre[some] = columns[first]
    return Nearest(pairs.origins, pairs.destinations, least, centre)


def within(
    minutes: ArrayLike,
    people: ArrayLike,
    limits: Iterable[float] = LIMITS,
    groups: ArrayLike | None = None,
) -> Within:
    """Return the people within each limit, in one pass, by group (for example country) and not.

    `minutes`: to the nearest centre, NaN where there is none; `people` and `groups` are equally
    long. Places without a group (None) are left out. Limits come back sorted, each once.
    """
    edges = _edges(limits)
    persons = np.asarray(people, dtype=np.float64)
    labels = np.full(len(persons), ALL) if groups is None else np.asarray(groups, dtype=object)
    member, names = pd.factorize(labels, sort=True)
    times = np.asarray(minutes, dtype=np.float32)
    # A time beyond the last limit falls in a further bin, one that is NaN in the last.
    place = np.searchsorted(edges.astype(np.float32), times, side="left")
    place, width = np.where(np.isnan(times), len(edges) + 1, place), len(edges) + 2
    inside = member >= 0
    bins = (member * width + place)[inside]
    counted = np.bincount(bins, persons[inside], len(names) * width).reshape(len(names), width)
    index = pd.Index(names)
    return Within(
        pd.DataFrame(counted[:, : len(edges)].cumsum(axis=1), index=index, columns=edges),
        pd.Series(counted.sum(axis=1), index=index),
        pd.Series(counted[:, -1], index=index),
    )


def curve(
    minutes: ArrayLike,
    people: ArrayLike,
    upto: int = 180,
    every: int = 1,
    groups: ArrayLike | None = None,
) -> pd.DataFrame:
    """Return the share of people within 0, 1, 2 ... `upto` minutes, one row per group."""
    return within(minutes, people, range(0, upto + 1, every), groups).share


def _edges(limits: Iterable[float]) -> NDArray[np.float64]:
    edges = np.asarray(list(limits), dtype=np.float64)
    if not len(edges) or not np.isfinite(edges).all() or (edges < 0).any():
        text = _("The limits {limits} are not times in minutes: give numbers that are 0 or more.")
        raise UserError(text.format(limits=edges.tolist()), code="wrong-limits")
    return np.asarray(np.unique(edges))
