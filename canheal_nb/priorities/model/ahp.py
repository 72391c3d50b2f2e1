"""The analytic hierarchy process: weights and consistency from comparisons of two at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

# Saaty's random index, by number of attributes: the mean index of matrices filled at random.
RANDOM_INDEX = {3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45}
MOST = max(RANDOM_INDEX)
ACCEPTED = 0.10


@dataclass(frozen=True)
class Judgment:
    """One comparison: `first` counts `given` times `second`; the weights imply `implied`."""

    first: str
    second: str
    given: float
    implied: float


@dataclass(frozen=True)
class Hierarchy:
    """What a matrix says. `eigenvalue`: lambda; `index`: CI; `ratio`: CR, both 0 below three.

    `reconsider`: the judgment that is furthest, as a factor, from what the weights imply;
    None where the matrix is consistent.
    """

    weights: dict[str, float]
    eigenvalue: float
    index: float
    ratio: float
    reconsider: Judgment | None

    @property
    def accepted(self) -> bool:
        """Whether the consistency ratio is below Saaty's 0.10."""
        return self.ratio < ACCEPTED


def matrix(
    attributes: Sequence[str], judgments: Mapping[tuple[str, str], float]
) -> list[list[float]]:
    """Return the reciprocal matrix of judgments, each pair given once in either direction.

    Raises UserError for a pair that is missing and for a judgment outside 1/9 to 9.
    """
    rows = [[1.0] * len(attributes) for _one in attributes]
    for i, first in enumerate(attributes):
        for j in range(i + 1, len(attributes)):
            second = attributes[j]
            given = judgments.get((first, second))
            if given is None and (second, first) in judgments:
                given = 1 / judgments[second, first]
            if given is None:
                text = _("{first} and {second} are not compared yet.")
                raise UserError(text.format(first=first, second=second), code="missing-judgment")
            if not 1 / 9 - 1e-9 <= given <= 9 + 1e-9:
                text = _("{first} against {second}: {given} is outside 1/9 to 9.")
                words = {"first": first, "second": second, "given": f"{given:g}"}
                raise UserError(text.format(**words), code="wrong-judgment")
            rows[i][j], rows[j][i] = given, 1 / given
    return rows


def hierarchy(attributes: Sequence[str], rows: Sequence[Sequence[float]]) -> Hierarchy:
    """Return weights (principal eigenvector), lambda, CI, CR and what to reconsider.

    Method: Saaty (1977). Raises UserError for more than nine attributes, for which no random
    index is given here, and for a matrix that is not reciprocal.
    """
    a = np.array(rows, dtype=float)
    n = len(attributes)
    if n > MOST or n == 0:
        text = _("{n} things cannot be compared two at a time here; take 1 to {most}.")
        raise UserError(text.format(n=n, most=MOST), code="wrong-size")
    if a.shape != (n, n) or not (a > 0).all() or not np.allclose(a * a.T, 1):
        raise UserError(
            _("The matrix is not reciprocal: each judgment must be 1 over its counterpart."),
            code="not-reciprocal",
        )
    values, vectors = np.linalg.eig(a)
    first = int(np.argmax(values.real))
    vector = np.abs(vectors[:, first].real)
    w = vector / vector.sum()
    eigenvalue = max(float(values[first].real), float(n))
    index = (eigenvalue - n) / (n - 1) if n > 2 else 0.0
    index = 0.0 if index < 1e-12 else index
    ratio = index / RANDOM_INDEX[n] if n > 2 else 0.0
    weights = {attribute: float(one) for attribute, one in zip(attributes, w, strict=True)}
    return Hierarchy(weights, eigenvalue, index, ratio, _furthest(attributes, a, w))


def _furthest(attributes: Sequence[str], a: np.ndarray, w: np.ndarray) -> Judgment | None:
    implied = w[:, None] / w[None, :]
    apart = np.triu(np.abs(np.log(a / implied)), 1)
    # Rounding first: among equals the one that stands first is named, whatever the machine.
    i, j = divmod(int(np.argmax(apart.round(9))), len(attributes))
    if apart[i, j] < 1e-9:
        return None
    return Judgment(attributes[i], attributes[j], float(a[i, j]), float(implied[i, j]))
