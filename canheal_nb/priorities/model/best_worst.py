"""The linear best-worst method: weights from what matters most, what least, and the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _


@dataclass(frozen=True)
class BestWorst:
    """`strain`: the largest contradiction between answers (xi, 0: they fit exactly)."""

    weights: dict[str, float]
    strain: float


def best_worst(
    attributes: Sequence[str],
    best: str,
    worst: str,
    over: Mapping[str, float],
    under: Mapping[str, float],
) -> BestWorst:
    """Return the weights that fit the comparisons with the best and the worst best.

    `over`: attribute -> how many times the best counts it (1 to 9); `under`: attribute -> how
    many times it counts the worst. Minimises xi with |w_best - over_j w_j| <= xi and
    |w_j - under_j w_worst| <= xi (Rezaei 2016); 2n - 3 judgments, one solution.
    Raises UserError for a missing or wrong judgment and where best and worst are the same.
    """
    names = list(attributes)
    if best not in names or worst not in names or best == worst:
        raise UserError(
            _("Choose two different things: what matters most and what matters least."),
            code="same-best-and-worst",
        )
    lines = [(best, j, _judged(over, j)) for j in names if j != best]
    lines += [(j, worst, _judged(under, j)) for j in names if j not in (best, worst)]
    if best in under:
        lines.append((best, worst, _judged(under, best)))
    n = len(names)
    upper = []
    for first, second, times in lines:
        row = np.zeros(n + 1)
        row[names.index(first)] += 1
        row[names.index(second)] -= times
        upper += [np.append(row[:n], -1), np.append(-row[:n], -1)]
    return _solved(names, np.array(upper))


def _judged(judgments: Mapping[str, float], attribute: str) -> float:
    given = judgments.get(attribute)
    if given is None:
        text = _("{attribute} is not compared yet.")
        raise UserError(text.format(attribute=attribute), code="missing-judgment")
    if not 1 <= given <= 9:
        text = _("{attribute}: {given} times is outside 1 to 9.")
        raise UserError(text.format(attribute=attribute, given=f"{given:g}"), code="wrong-judgment")
    return float(given)


def _solved(names: Sequence[str], upper: np.ndarray) -> BestWorst:
    from scipy.optimize import linprog

    n = len(names)
    found = linprog(
        c=np.append(np.zeros(n), 1),
        A_ub=upper,
        b_ub=np.zeros(len(upper)),
        A_eq=np.append(np.ones(n), 0)[None, :],
        b_eq=[1],
        method="highs",
    )
    w = np.clip(found.x[:n], 0, None)
    weights = {name: float(one) for name, one in zip(names, w / w.sum(), strict=True)}
    return BestWorst(weights, max(float(found.x[n]), 0.0))
