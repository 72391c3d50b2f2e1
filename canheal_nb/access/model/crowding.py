"""How crowded centres are: what each place has of them when all who reach them share them.

Each centre counts as one, since no list says how many patients it can take. The score of a place
is in centres per person (`access`), and it is set beside the mean over all people of the countries
whose list is whole: elsewhere a place without a listed centre may well have one, and over open
borders one list that is not whole leaves every score open. Nothing is shown for these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from canheal_nb.access.model import inequality_measures
from canheal_nb.access.model.catchment_weights import Method
from canheal_nb.access.model.catchments import access
from canheal_nb.access.model.coverage import UNION, Reaching
from canheal_nb.access.model.decay import Decay, Gaussian, InversePower, Step
from canheal_nb.access.travel import travel_times
from canheal_nb.access.travel.driving import Pace
from canheal_nb.access.travel.travel_times import Pairs

Falling = Literal["gaussian", "step", "power"]
Floats = NDArray[np.float64]
BOUNDS = (0.25, 0.5, 1.0, 2.0, 4.0)  # times the mean, between the classes
CLASSES = len(BOUNDS) + 2
THIRDS = 3


def decay(name: Falling, limit: int, constants: Mapping[str, float]) -> Decay:
    """Return the decay of this name, cut off at `limit` minutes.

    `constants`: gaussian_width (parts of the limit), step_weight_1 to 3 (by thirds of the limit),
    power and power_least (minutes).
    """
    if name == "gaussian":
        return Gaussian(constants["gaussian_width"] * limit, float(limit))
    if name == "power":
        least = constants["power_least"]
        return InversePower(least, constants["power"], least, float(limit))
    thirds = range(1, THIRDS + 1)
    return Step(tuple((limit * i / THIRDS, constants[f"step_weight_{i}"]) for i in thirds))


def scores(found: Reaching, across: bool, pace: Pace, method: Method, falling: Decay) -> Floats:
    """Return the score of each place of `found`, in centres per person."""
    ways = found.pairs[pace] if across else _own(found, pace)
    one = np.ones(len(found.centres))
    return access(ways, found.places["people"], one, falling, method).score


@lru_cache(maxsize=6)
def _own(found: Reaching, pace: Pace) -> Pairs:
    """Return the pairs that stay in their country; one object, so that weights are kept by it."""
    return travel_times.kept(found.pairs[pace], found.home[pace])


@dataclass(frozen=True, eq=False)
class Crowding:
    """What places have: `score` by place (NaN: not shown), `mean` over the people of `shown`.

    `table` by country, and `UNION` for all that are shown together: people, score (mean, centres
    per person; NaN: not shown), relative (times the mean), none and little (parts of the people:
    without any centre in reach, with less than half of the mean).
    """

    score: Floats
    mean: float
    shown: tuple[str, ...]
    table: pd.DataFrame
    gini: float


def crowding(found: Reaching, across: bool, pace: Pace, method: Method, falling: Decay) -> Crowding:
    """Return how crowded the centres are, for countries whose list is whole."""
    shown = tuple(found.exact) if found.whole or not across else ()
    country = found.places["country"]
    inside = country.isin(shown).to_numpy()
    people = found.places["people"].to_numpy(float)
    score = np.where(inside, scores(found, across, pace, method, falling), np.nan)
    total = float(people[inside].sum())
    mean = float((people * score)[inside].sum() / total) if total else float("nan")
    parts = pd.DataFrame(
        {
            "people": people,
            "score": people * score,
            "none": people * (score == 0),
            "little": people * (score < mean / 2),
        }
    )
    sums = parts.groupby(country.to_numpy()).sum().reindex(list(found.states)).fillna(0.0)
    sums.loc[UNION] = sums.loc[list(shown)].sum()
    table = sums[["people"]].assign(
        **{name: sums[name] / sums["people"] for name in ("score", "none", "little")}
    )
    table.loc[[c not in (*shown, UNION) for c in table.index], ["score", "none", "little"]] = np.nan
    table["relative"] = table["score"] / mean if mean > 0 else np.nan
    return Crowding(
        score, mean, shown, table, inequality_measures.gini(score, people) if shown else np.nan
    )


def relative(made: Crowding, places: pd.DataFrame, by: str) -> pd.Series:
    """Return what people have on average, as times the mean, by a column of the places.

    NaN where nothing is shown.
    """
    known = ~np.isnan(made.score)
    people = places["people"].to_numpy(float) * known
    code, names = pd.factorize(places[by])
    total = np.bincount(code, people, len(names))
    had = np.bincount(code, people * np.where(known, made.score, 0.0), len(names))
    with np.errstate(invalid="ignore", divide="ignore"):
        found = had / total / (made.mean or np.nan)
    return pd.Series(found, index=pd.Index(names, name=by))


def classes(times: pd.Series) -> NDArray[np.int64]:
    """Return the class of each figure: 0 nothing, then by `BOUNDS`; -1 where nothing is shown."""
    values = times.to_numpy(float)
    place: NDArray[np.int64] = np.searchsorted(BOUNDS, values, side="right") + 1
    place[values == 0] = 0
    place[np.isnan(values)] = -1
    return place


def by_class(made: Crowding, places: pd.DataFrame) -> Floats:
    """Return the share of the people shown in each class."""
    place = classes(pd.Series(made.score / (made.mean or np.nan)))
    people = places["people"].to_numpy(float)
    known = place >= 0
    counted = np.bincount(place[known], people[known], CLASSES)
    return np.asarray(counted / max(people[known].sum(), 1e-9))
