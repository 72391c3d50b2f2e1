"""What can be made of told snapshots, without a look at anybody's answers.

Everything here is worked out from what is told already, so it gives nothing more away.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from canheal_nb.priorities.model import consensus
from canheal_nb.priorities.model.snapshot_rules import CAP, LEAK, Snapshot

DRAWS = 2000
LEVEL = 0.9


def intervals(told: Snapshot, *, seed: int = 0, draws: int = DRAWS) -> pd.DataFrame:
    """Return where a group's weights are likely to lie: columns low and high, by attribute.

    A parametric bootstrap (Efron 1979): as many people as answered are drawn anew, as far apart
    as people with that mean can be (all at 0 or at CAP, the largest spread that a mean allows),
    then the chance that was added and the rounding. So 90 of 100 such groups lie inside, more
    where people agree; the same snapshot and seed give the same numbers. Weights are 0 to 1.
    """
    generator = np.random.default_rng(seed)
    made: dict[str, np.ndarray] = {}
    for name, weight in sorted(told.weights.items()):
        share = min(max(weight, told.step / 4), CAP - told.step / 4) / CAP
        drawn = CAP * generator.binomial(told.people, share, draws) / told.people
        drawn += generator.laplace(0, CAP / (told.people * LEAK), draws)
        drawn += generator.uniform(-told.step / 2, told.step / 2, draws)
        made[name] = np.clip(np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]), 0, 1)
    return pd.DataFrame.from_dict(made, orient="index", columns=["low", "high"])


def side_by_side(told: Mapping[str, Snapshot]) -> pd.DataFrame:
    """Return groups in rows and attributes in columns, each row brought to a sum of one.

    What too few people of a group weighed is missing; a group of which all is 0 is left out.
    """
    kept = {name: one.weights for name, one in told.items() if sum(one.weights.values()) > 0}
    table = pd.DataFrame.from_dict({k: dict(v) for k, v in kept.items()}, orient="index")
    return table.div(table.sum(axis=1), axis=0)


def over(told: Mapping[str, Snapshot], how: consensus.How = "arithmetic") -> pd.Series:
    """Return one set of weights over groups, each counting once however large it is.

    Raises UserError where there is no group, and where all comes out 0.
    """
    return consensus.combined(side_by_side(told), how)
