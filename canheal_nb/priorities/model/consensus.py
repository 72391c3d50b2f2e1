"""What a group wants: weights of many people as one, and how far they agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

How = Literal["arithmetic", "geometric", "median"]
HOWS: tuple[How, ...] = get_args(How)
DRAWS = 2000


def combined(people: pd.DataFrame, how: How = "arithmetic") -> pd.Series:
    """Return one set of weights for a group; it sums to one.

    `people`: one row a person, one column an attribute, weights that sum to one; a missing cell
    is not known and counts for nobody. `geometric`: Forman and Peniwati (1998); one person's 0
    makes an attribute 0 there. `median` is put to a sum of one again. Order of people is of no
    matter. Raises UserError where nobody answered and where all comes out 0.
    """
    if people.empty:
        raise UserError(_("Nobody has answered yet."), code="nobody")
    if how == "geometric":
        with np.errstate(divide="ignore"):
            one = np.exp(np.log(people.astype(float)).mean())
    else:
        one = people.median() if how == "median" else people.mean()
    total = float(one.fillna(0).sum())
    if total <= 0:
        raise UserError(
            _("The {how} comes out 0 everywhere; use the arithmetic mean.").format(how=how),
            code="no-weight",
        )
    return (one / total).rename("weight")


def between(groups: Mapping[str, pd.DataFrame], how: How = "arithmetic") -> pd.Series:
    """Return one set of weights over groups: within each first, then each group counts once."""
    rows = {name: combined(people, how) for name, people in sorted(groups.items())}
    return combined(pd.DataFrame(rows).T, how)


def spread(people: pd.DataFrame) -> pd.DataFrame:
    """Return by attribute low and high (smallest, largest) and the quartiles: columns low, q1,
    middle, q3, high. For the team only: ends are single people's weights."""
    return people.quantile([0, 0.25, 0.5, 0.75, 1]).T.set_axis(
        ["low", "q1", "middle", "q3", "high"], axis=1
    )


def kendall_w(people: pd.DataFrame) -> float:
    """Return Kendall's coefficient of concordance, with ties corrected: 1 full agreement, 0 none.

    Only attributes that all weighed count. NaN for fewer than two people or attributes, and
    where everybody weighs everything the same.
    """
    ranks = people.dropna(axis=1).rank(axis=1)
    m, n = ranks.shape
    if m < 2 or n < 2:
        return float("nan")
    sums = ranks.sum()
    ties = 0.0
    for _person, row in ranks.iterrows():
        counts = row.value_counts().to_numpy(dtype=float)
        ties += float((counts**3 - counts).sum())
    apart = float(((sums - sums.mean()) ** 2).sum())
    below = m**2 * (n**3 - n) - m * ties
    return 12 * apart / below if below > 0 else float("nan")


def intervals(
    people: pd.DataFrame,
    how: How = "arithmetic",
    *,
    seed: int,
    level: float = 0.9,
    draws: int = DRAWS,
) -> pd.DataFrame:
    """Return bootstrap intervals of a group's weights: columns low and high, by attribute.

    People are drawn with replacement (percentile bootstrap, Efron 1979); the same seed and the
    same people in any order give the same numbers.
    """
    table = people.sort_values(list(people.columns)).reset_index(drop=True)
    generator = np.random.default_rng(seed)
    drawn: list[Sequence[float]] = []
    for _draw in range(draws):
        rows = generator.integers(0, len(table), len(table))
        drawn.append(combined(table.iloc[rows], how).to_numpy())
    ends = np.nanquantile(np.array(drawn), [(1 - level) / 2, (1 + level) / 2], axis=0)
    return pd.DataFrame(ends.T, index=people.columns, columns=["low", "high"])
