"""What may be told about a group's weights without telling anybody's.

A snapshot is made of one fixed group as a whole (in one pool of ways to answer), never of a
filtered part; only where at least FEWEST people answered, at least CHANGED people's answers
changed since the last one, and REST_DAYS days went by. Neither of the first two
would do alone: who knows four of five answers works out the last one from an exact mean, and who
chooses four of five answers can put the mean at the edge of a rounding step, where the step that
is told gives an extreme answer away. So a weight counts at most CAP, chance is added to the mean
(Dwork, McSherry, Nissim and Smith 2006), and the result is told in steps; both the coarser the
smaller the group. Whatever the others answered, and whatever is told of an attribute, no answer
of one person makes it more than exp(LEAK) times as likely as another answer does. Somebody with
four accomplices and the snapshots of two years keeps at least two thirds of the mean square error
about a fifth person that is there without any snapshot (tests/unit/test_snapshot_attack.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from canheal_nb.priorities.model.consensus import kendall_w

FEWEST = 5
CHANGED = 5
FEWEST_FOR_AGREEMENT = 10
HIDDEN = 0.5  # a step times the people who weighed is at least this
FINEST = 0.05
MANY, FINEST_OF_MANY = 1000, 0.005  # steps of five points would make a large group's order wrong
CAP = 0.5  # one person's weight of one attribute counts at most this
LEAK = 1.0
REST_DAYS = 30  # between two snapshots of a group: each look at the same answers tells a little
WIDELY, LARGELY = 1 / 3, 2 / 3  # Kendall's W below and from which they differ, agree

People = Mapping[str, Mapping[str, float]]
Agreement = Literal["too_few", "differ", "partly", "agree", "not_known"]


@dataclass(frozen=True)
class Snapshot:
    """A group's weights as they are told: in steps of `step`, so they may not sum to one.

    Only attributes that enough people weighed have one. `methods`: those that FEWEST people
    used; `agreement`: a word in place of Kendall's W.
    """

    people: int
    step: float
    weights: dict[str, float]
    methods: tuple[str, ...] = ()
    agreement: Agreement = "not_known"


def changes(now: Mapping[str, object], last: Mapping[str, object]) -> int:
    """Return how many people's answers changed, by key of a hand-in.

    New ones and those withdrawn count once where both could be the same people: four who
    withdraw and answer again under other keys are four changes.
    """
    altered = sum(now[key] != last[key] for key in now.keys() & last.keys())
    return altered + max(len(now.keys() - last.keys()), len(last.keys() - now.keys()))


def due(people: int, changed: int) -> bool:
    """Say whether a snapshot of a group may be told."""
    return people >= FEWEST and changed >= CHANGED


def snapshot(
    now: People, changed: int, *, seed: int, methods: Iterable[str] = (), fewest: int = FEWEST
) -> Snapshot | None:
    """Return the snapshot of a group, or None where the rule does not allow one.

    `now`: weights by attribute of each person, whose `methods` are listed in any order;
    `changed`: see `changes`. Who publishes draws `seed` anew from secret chance, and forgets it.
    `fewest`: how many must have weighed an attribute for its weight to be told, FEWEST or more.
    """
    if not due(len(now), changed):
        return None
    table = pd.DataFrame.from_dict({k: dict(v) for k, v in now.items()}, orient="index")
    weighed = table.notna().sum()
    table = table.loc[:, sorted(weighed.index[weighed >= max(fewest, FEWEST)])]
    generator = np.random.default_rng(seed)
    told: dict[str, float] = {}
    coarsest = 0.0
    for name, column in table.items():
        given = column.dropna().to_numpy(dtype=float)
        told[str(name)] = told_weight(given, generator)
        coarsest = max(coarsest, step_of(len(given)))
    used = pd.Series(list(methods), dtype=str).value_counts()
    common = tuple(sorted(str(one) for one in used.index[used >= FEWEST]))
    return Snapshot(len(now), coarsest, told, common, agreement(table))


def told_weight(given: np.ndarray, generator: np.random.Generator) -> float:
    """Return what is told of people's weights of one attribute, 0 to CAP."""
    step = step_of(len(given))
    mean = float(np.clip(given, 0, CAP).mean())
    mean += float(generator.laplace(0, CAP / (len(given) * LEAK)))
    return float(round(round(min(max(mean, 0.0), CAP) / step) * step, 10))


def step_of(people: int) -> float:
    """Return the step in which a weight is told that so many people gave."""
    finest = FINEST if people < MANY else FINEST_OF_MANY
    return max(finest, finest * float(np.ceil(HIDDEN / people / finest - 1e-9)))


def agreement(people: pd.DataFrame) -> Agreement:
    """Return how far people agree on the order of attributes, as one word.

    Thirds of Kendall's W, over attributes that all weighed; nothing for fewer than
    FEWEST_FOR_AGREEMENT people, so that four who know their own answers face six unknown ones.
    """
    if len(people) < FEWEST_FOR_AGREEMENT:
        return "too_few"
    found = kendall_w(people)
    if np.isnan(found):
        return "not_known"
    return "differ" if found < WIDELY else "agree" if found >= LARGELY else "partly"
