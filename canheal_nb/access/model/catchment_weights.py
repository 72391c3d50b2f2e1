"""Travel times turned into weights: two sparse matrices per decay, made once and kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from canheal_nb.access.model.decay import Decay, flat
from canheal_nb.access.travel.travel_times import Pairs

Method = Literal["2sfca", "e2sfca", "m2sfca", "3sfca", "3sfca-listed"]
METHODS: tuple[Method, ...] = get_args(Method)
KEPT = 4  # sets of weights that stay in memory


@dataclass(frozen=True, eq=False)
class Weights:
    """The weights of some pairs, whatever people and supply.

    `take` (centres x places): how much a place counts at a centre; `give` (places x centres): how
    much a centre counts at a place; `choice` (places x centres): what people choose between, or
    None where the method has no choice.
    """

    pairs: Pairs
    take: Any
    give: Any
    choice: Any


@lru_cache(maxsize=KEPT)
def kept(pairs: Pairs, decay: Decay, method: Method) -> Weights:
    """Return `weigh`'s weights, from memory where the same pairs had them before."""
    return weigh(pairs, decay, method)


def weigh(pairs: Pairs, decay: Decay, method: Method) -> Weights:
    """Return the weights by which a method takes people in and gives supply out.

    With W the decay's weights within its limit: "2sfca" 1 and 1, "e2sfca" W and W, "m2sfca" W and
    W squared, "3sfca" W squared and W squared (both still to be divided by the sum of `choice`).
    """
    if method == "2sfca":
        return weigh(pairs, flat(decay.limit), "e2sfca")
    inside = pairs.minutes <= np.float32(decay.limit)
    once = decay.weights(pairs.minutes)
    twice = once * once
    chosen = method.startswith("3sfca")
    take = _by_centre(pairs, twice if chosen else once, inside)
    give = _by_place(pairs, once if method == "e2sfca" else twice, inside)
    if not chosen:
        return Weights(pairs, take, give, None)
    listed = np.ones_like(inside) if method == "3sfca-listed" else inside
    return Weights(pairs, take, give, _by_place(pairs, once, listed))


def _by_place(pairs: Pairs, values: NDArray[np.float64], inside: NDArray[np.bool_]) -> Any:
    shape = (len(pairs.origins), len(pairs.destinations))
    return _matrix(values, pairs.columns, pairs.starts, inside, shape)


def _by_centre(pairs: Pairs, values: NDArray[np.float64], inside: NDArray[np.bool_]) -> Any:
    shape = (len(pairs.destinations), len(pairs.origins))
    order = pairs.order
    return _matrix(values[order], pairs.rows, pairs.column_starts, inside[order], shape)


def _matrix(
    values: NDArray[np.float64],
    indices: NDArray[np.int32],
    starts: NDArray[np.int32],
    inside: NDArray[np.bool_],
    shape: tuple[int, int],
) -> Any:
    from scipy.sparse import csr_array

    if inside.all():
        return csr_array((values, indices, starts), shape)
    before = np.concatenate([[0], np.cumsum(inside)]).astype(np.int32)
    return csr_array((values[inside], indices[inside], before[starts]), shape)
