"""How equally a definition's centres can be reached: by place, country, and wealth."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from canheal_nb.access.model import coverage, crowding, inequality_measures
from canheal_nb.access.model.catchment_weights import Method
from canheal_nb.access.model.coverage import Reaching
from canheal_nb.access.model.decay import Decay
from canheal_nb.access.model.inequality_measures import Concentration, Theil
from canheal_nb.access.travel.driving import Pace

AVERSION = 0.5


@dataclass(frozen=True)
class Fairness:
    """Inequality over the people of the countries whose list is whole (`countries`).

    `gini` and `theil` of the centres per person in reach, shared with all who reach them (each
    centre counts as one: no list says how many patients it can take); `atkinson` of the same, for
    an aversion of one half; `fifths` what the best-off fifth of people have over what the
    worst-off have (infinite where these have nothing); `concentration` of the share within the
    limit over countries by income per person (`ranked` of them).
    """

    countries: int
    gini: float
    theil: Theil
    atkinson: float
    fifths: float
    concentration: Concentration
    ranked: int


def fairness(
    found: Reaching,
    limit: int,
    across: bool,
    pace: Pace,
    income: pd.Series,
    method: Method,
    falling: Decay,
) -> Fairness:
    """Return the inequality. `income`: per person by country, for the ranking only.

    `method` and `falling`: how people share a centre (`access`), and the decay.
    """
    shared = crowding.scores(found, across, pace, method, falling)
    inside = found.places["country"].isin(found.exact).to_numpy()
    people = found.places["people"].to_numpy(float)[inside]
    countries = found.places["country"].to_numpy(dtype=object)[inside]
    table = coverage.shares(found, limit, across, pace).drop(index=coverage.UNION)
    table = table[table["state"] == "exact"].assign(income=income).dropna(subset=["income"])
    return Fairness(
        len(found.exact),
        inequality_measures.gini(shared[inside], people),
        inequality_measures.theil(shared[inside], people, countries),
        inequality_measures.atkinson(shared[inside], people, AVERSION),
        inequality_measures.quantile_share_ratio(shared[inside], people),
        inequality_measures.concentration(table["share"], table["people"], table["income"]),
        len(table),
    )
