"""Weights from what a person says: swing points, a ranking, or a hundred euros.

Every function takes answers by attribute and returns weights by attribute, in the order in
which they were given, that sum to one. None asks for more than its own answers: what a
person did not compare gets no weight here, and is not taken for unimportant.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

MOST_POINTS = 100.0
EUROS = 100.0


def swing(points: Mapping[str, float]) -> dict[str, float]:
    """Return swing weights: points (0 to 100) for each change from worst to best, over their sum.

    Method: von Winterfeldt and Edwards (1986). Raises UserError for a point outside 0 to 100
    and where all are 0.
    """
    for attribute, given in points.items():
        if not 0 <= given <= MOST_POINTS:
            text = _("{attribute}: {given} points; give between 0 and {most}.")
            words = {"attribute": attribute, "given": f"{given:g}", "most": f"{MOST_POINTS:g}"}
            raise UserError(text.format(**words), code="wrong-points")
    return shared(points)


def euros(amounts: Mapping[str, float]) -> dict[str, float]:
    """Return the weights of a budget game: 100 euros shared out, over 100.

    Raises UserError for an amount below 0 and where the amounts do not add up to 100.
    """
    for attribute, given in amounts.items():
        if not 0 <= given <= EUROS:
            text = _("{attribute}: {given} euros; give between 0 and 100.")
            raise UserError(
                text.format(attribute=attribute, given=f"{given:g}"), code="wrong-amount"
            )
    total = math.fsum(amounts.values())
    if not math.isclose(total, EUROS, abs_tol=1e-9):
        text = _("The amounts add up to {total} euros; share out 100.")
        raise UserError(text.format(total=f"{total:g}"), code="wrong-total")
    return shared(amounts)


def ranking(order: Sequence[str]) -> dict[str, float]:
    """Return rank-order centroid weights of attributes from first to last.

    Place k of n weighs (1/k + ... + 1/n) / n: the middle of all weights that keep this order
    (Barron and Barrett 1996). Raises UserError for an attribute named twice.
    """
    if len(set(order)) < len(order):
        twice = next(one for i, one in enumerate(order) if one in order[:i])
        text = _("{attribute} stands twice in the ranking; give each one place.")
        raise UserError(text.format(attribute=twice), code="twice-in-ranking")
    n = len(order)
    return {
        attribute: math.fsum(1 / place for place in range(k, n + 1)) / n
        for k, attribute in enumerate(order, start=1)
    }


def shared(parts: Mapping[str, float]) -> dict[str, float]:
    """Return parts over their sum; raises UserError where nothing is above 0."""
    total = math.fsum(parts.values())
    if not total > 0:
        raise UserError(
            _("Nothing is above 0, so nothing weighs more than anything else; raise at least one."),
            code="no-weight",
        )
    return {attribute: part / total for attribute, part in parts.items()}
