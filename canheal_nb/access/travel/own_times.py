"""Travel times of your own: a table `origin_id, destination_id, minutes` in place of the model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from canheal_nb.access.travel.travel_times import Pairs, from_table


@dataclass(frozen=True, eq=False)
class Own:
    """The pairs of a table of your own; `missing` pairs of a place and a centre have no row.

    `places` and `centres` count those without any time. A missing pair means that there is no
    way, so a table with a time limit has many.
    """

    pairs: Pairs
    missing: int
    places: int
    centres: int


def own_times(table: pd.DataFrame, origins: Iterable[str], destinations: Iterable[str]) -> Own:
    """Return the pairs of a table of times and how many it lacks.

    Raises UserError with one sentence for the first fault: a missing column, an id that is not
    known, minutes that are negative or no number, a pair given twice.
    """
    pairs = from_table(table, origins, destinations)
    by_place = pairs.starts[1:] - pairs.starts[:-1]
    by_centre = pairs.column_starts[1:] - pairs.column_starts[:-1]
    every = len(pairs.origins) * len(pairs.destinations)
    return Own(pairs, every - len(pairs), int((by_place == 0).sum()), int((by_centre == 0).sum()))
