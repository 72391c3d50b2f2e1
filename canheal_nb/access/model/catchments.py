"""How much of a supply each place can reach, when all who reach it share it.

Floating catchments: each centre's supply S is divided by the people P who can reach it, and each
place adds up what it gets. People are persons, supply counts anything (machines, beds); a score
is supply per person. With W the weight of the way from place a to centre j (see `decay`):

- "2sfca" (Radke and Mu 2000; Luo and Wang 2003): W is 1 up to the limit of the decay, else 0.
  R_j = S_j / sum_a P_a W_aj;  A_a = sum_j W_aj R_j
- "e2sfca" (Luo and Qi 2009): the same with any decay.
- "m2sfca" (Delamater 2013): A_a = sum_j W_aj^2 R_j; supply that is hard to reach is lost.
- "3sfca" (Wan, Zou and Sternberg 2012): people choose, G_aj = W_aj / sum_j' W_aj' over the
  centres within the limit, and G_aj W_aj takes the place of W_aj.
- "3sfca-listed": the same with G over every centre that the travel times list for the place,
  also beyond the limit, as PySAL's `access` has it.

Except for "m2sfca" the scores times the people add up to the supply that anybody reaches. The
weights of ways that are long for everybody are raised again by the division: compare "e2sfca"
with "m2sfca" before saying that a remote place is well off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from canheal_nb.access.model.catchment_weights import METHODS, Method, Weights, kept, weigh
from canheal_nb.access.model.decay import Decay
from canheal_nb.access.travel.travel_times import Pairs, from_arrays
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]
NOBODY: Ints = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, eq=False)
class Access:
    """Scores, and what is needed to compute only what a change touches.

    `people`, `score` and `choice` (what G divides by; None without) go by place (`origins`);
    `supply`, `open`, `demand` (weighted people) and `ratio` (supply per weighted person) by centre
    (`destinations`: those opened later come last, those closed stay). Every change returns a new
    Access whose scores are those of a computation from the start.
    """

    method: Method
    decay: Decay
    blocks: tuple[Weights, ...]
    destinations: pd.Index
    people: Floats
    choice: Floats | None
    supply: Floats
    open: NDArray[np.bool_]
    demand: Floats
    ratio: Floats
    score: Floats

    @property
    def origins(self) -> pd.Index:
        """The places."""
        return self.blocks[0].pairs.origins

    @property
    def unreached(self) -> float:
        """Supply of centres that nobody reaches: it is in no score."""
        return float(self.supply[~(self.demand > 0)].sum())

    def table(self) -> pd.Series:
        """Return the scores by origin_id (supply per person; 0 where no centre is in reach)."""
        return pd.Series(self.score, index=self.origins, name="score")

    def with_supply(self, supply: Mapping[str, float]) -> Access:
        """Return the access when these centres have another supply."""
        changed = self.supply.copy()
        for name, amount in supply.items():
            where = self._position(name)
            if not self.open[where]:
                text = _("The centre {name} is closed: it cannot be given a supply.")
                raise UserError(text.format(name=name), code="closed-destination")
            changed[where] = _amount(name, amount)
        return _changed(self, changed, self.open, NOBODY)

    def closed(self, name: str) -> Access:
        """Return the access without a centre: it has no supply, and nobody chooses it."""
        where = self._position(name)
        supply, still = self.supply.copy(), self.open.copy()
        supply[where], still[where] = 0.0, False
        return _changed(self, supply, still, _listed(self, where))

    def opened(self, name: str, places: ArrayLike, minutes: ArrayLike, supply: float) -> Access:
        """Return the access with one more centre.

        `places`: positions in `origins` of the places that connect with it, in `minutes`.
        """
        if name in self.destinations:
            text = _("There is a centre {name} already: give the new one another name.")
            raise UserError(text.format(name=name), code="repeated-id")
        rows = np.asarray(places, dtype=np.int32)
        pairs = from_arrays(rows, np.zeros_like(rows), minutes, self.origins, [name])
        block = weigh(pairs, self.decay, self.method)
        demand = block.take @ _asking(self.people, self.choice)
        wider = replace(
            self,
            blocks=(*self.blocks, block),
            destinations=self.destinations.append(pairs.destinations),
            demand=np.concatenate([self.demand, demand]),
            ratio=np.append(self.ratio, 0.0),
        )
        stock = np.append(self.supply, _amount(name, supply))
        return _changed(wider, stock, np.append(self.open, True), pairs.rows)

    def _position(self, name: str) -> int:
        where = int(self.destinations.get_indexer([name])[0])
        return where if where >= 0 else self.blocks[0].pairs.position(name)


def access(
    pairs: Pairs,
    people: pd.Series | ArrayLike,
    supply: pd.Series | ArrayLike,
    decay: Decay,
    method: Method = "e2sfca",
) -> Access:
    """Return what each place can reach (methods as above; score in supply per person).

    `people` and `supply` are Series by origin_id and destination_id, or arrays in the order of
    `pairs`. Refused: a place whose people are not given or below 0, an unknown method, "m2sfca"
    with weights above 1.
    """
    if method not in METHODS:
        text = _("There is no method {name}; choose one of {all}.")
        raise UserError(text.format(name=method, all=", ".join(METHODS)), code="unknown-method")
    if method == "m2sfca" and decay.weights(0.0) > 1:
        text = _("The method {name} needs weights of at most 1, but {value:.6g} is given at once.")
        text = text.format(name=method, value=float(decay.weights(0.0)))
        raise UserError(text, code="impossible-decay")
    persons = _aligned(people, pairs.origins, _("people"))
    amounts = _aligned(supply, pairs.destinations, _("supply"))
    return compute(kept(pairs, decay, method), persons, amounts, decay, method)


def compute(
    weights: Weights, people: Floats, supply: Floats, decay: Decay, method: Method
) -> Access:
    """Return the access from weights that are there already, and people and supply in order."""
    blocks, still = (weights,), np.ones(len(supply), dtype=bool)
    choice = None if weights.choice is None else _along(blocks, "choice", still)
    demand = weights.take @ _asking(people, choice)
    ratio = _ratio(supply, demand)
    score = _shared(_along(blocks, "give", ratio), choice)
    names = weights.pairs.destinations
    return Access(method, decay, blocks, names, people, choice, supply, still, demand, ratio, score)


def _changed(old: Access, supply: Floats, still: NDArray[np.bool_], moved: Ints) -> Access:
    """Compute again what a change touches; `moved`: places that choose between other centres."""
    choice, demand = old.choice, old.demand
    touched = np.zeros(len(old.origins), dtype=bool)
    if choice is not None and len(moved):
        choice = choice.copy()
        choice[moved] = _along(old.blocks, "choice", still, moved)
        demand = _demand_again(old, _asking(old.people, choice), moved)
        touched[moved] = True
    ratio = _ratio(supply, demand)
    for where in np.flatnonzero(ratio != old.ratio).tolist():
        touched[_reaching(old, where)] = True
    rows = np.flatnonzero(touched)
    score = old.score.copy()
    part = None if choice is None else choice[rows]
    score[rows] = _shared(_along(old.blocks, "give", ratio, rows), part)
    return replace(
        old, choice=choice, supply=supply, open=still, demand=demand, ratio=ratio, score=score
    )


def _demand_again(old: Access, asking: Floats, moved: Ints) -> Floats:
    """Return the demand where any of the moved places is counted."""
    demand, start = old.demand.copy(), 0
    for block in old.blocks:
        columns = np.unique(block.give[moved].indices)
        demand[start + columns] = block.take[columns] @ asking
        start += len(block.pairs.destinations)
    return demand


def _along(
    blocks: Sequence[Weights], which: str, values: NDArray[np.generic], rows: Ints | None = None
) -> Floats:
    """Return a matrix of all blocks times `values` by centre, for all places or some."""
    total, start = 0.0, 0
    for block in blocks:
        matrix, stop = getattr(block, which), start + len(block.pairs.destinations)
        total = total + (matrix if rows is None else matrix[rows]) @ values[start:stop]
        start = stop
    return np.asarray(total, dtype=np.float64)


def _reaching(state: Access, where: int) -> Ints:
    """Return the places within the limit of a centre."""
    block, column = _block(state, where)
    start, stop = block.take.indptr[column : column + 2]
    return np.asarray(block.take.indices[start:stop])


def _listed(state: Access, where: int) -> Ints:
    """Return the places with a time to a centre, also beyond the limit."""
    block, column = _block(state, where)
    start, stop = block.pairs.column_starts[column : column + 2]
    return block.pairs.rows[start:stop]


def _block(state: Access, where: int) -> tuple[Weights, int]:
    later = where - len(state.blocks[0].pairs.destinations)
    return (state.blocks[0], where) if later < 0 else (state.blocks[later + 1], 0)


def _asking(people: Floats, choice: Floats | None) -> Floats:
    return _shared(people, choice)


def _shared(values: Floats, choice: Floats | None) -> Floats:
    if choice is None:
        return values
    return np.divide(values, choice, out=np.zeros_like(values), where=choice > 0)


def _ratio(supply: Floats, demand: Floats) -> Floats:
    return np.divide(supply, demand, out=np.zeros_like(demand), where=demand > 0)


def _aligned(given: pd.Series | ArrayLike, ids: pd.Index, what: str) -> Floats:
    if isinstance(given, pd.Series):
        given = given if given.index is ids else given.reindex(ids)
    values = np.array(given, dtype=np.float64)
    if values.shape != (len(ids),):
        text = _("There are {n} figures of {what} for {ids} ids: give one for each.")
        text = text.format(n=values.size, what=what, ids=len(ids))
        raise UserError(text, code="wrong-length")
    wrong = ~(np.isfinite(values) & (values >= 0))
    if wrong.any():
        text = _("The {what} of {name} is {value}: give a number that is 0 or more.")
        where = int(wrong.argmax())
        text = text.format(what=what, name=ids[where], value=values[where])
        raise UserError(text, code="wrong-number")
    return values


def _amount(name: str, value: float) -> float:
    return float(_aligned(np.asarray([value]), pd.Index([name]), _("supply"))[0])
