"""Which places can reach which centres, in how many minutes: only the pairs that can, stored once.

The pairs lie in memory twice, by place (rows) and by centre (columns), so that sums over either
are one pass. Everything else about access is computed from these arrays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

COLUMNS = ("origin_id", "destination_id", "minutes")
Ints = NDArray[np.int32]
Floats32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Places (`origins`), centres (`destinations`) and the minutes between those that connect.

    By place: the pairs of place i are `starts[i]` to `starts[i + 1]` of `columns` (centre) and
    `minutes` (32-bit floats: good to a thousandth of a second). By centre: `column_starts`,
    `rows` (place) and `order` (where the pair is in `minutes`). Within a place centres go up,
    within a centre places go up. Two `Pairs` with the same content are equal.
    """

    origins: pd.Index
    destinations: pd.Index
    starts: Ints
    columns: Ints
    minutes: Floats32
    column_starts: Ints
    rows: Ints
    order: Ints

    @cached_property
    def digest(self) -> str:
        """A hash of the content: the same pairs, in whatever order they came, have the same."""
        content = hashlib.sha256()
        for ids in (self.origins, self.destinations):
            content.update("\x1f".join(map(str, ids)).encode() + b"\x1e")
        for part in (self.starts, self.columns, self.minutes):
            content.update(part.tobytes())
        return content.hexdigest()

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pairs) and self.digest == other.digest

    def __len__(self) -> int:
        return len(self.minutes)

    def position(self, destination: str) -> int:
        """Return a centre's column; a name that is not there is refused."""
        where = self.destinations.get_indexer([destination])[0]
        if where < 0:
            text = _("There are no travel times to {name}: choose one of the {n} centres.")
            text = text.format(name=destination, n=len(self.destinations))
            raise UserError(text, code="unknown-destination")
        return int(where)


def from_table(
    table: pd.DataFrame,
    origins: Iterable[str] | None = None,
    destinations: Iterable[str] | None = None,
) -> Pairs:
    """Return the pairs of a table with `origin_id`, `destination_id` and `minutes`.

    A row without minutes, like a pair without a row, means that there is no way. `origins` and
    `destinations` list all places and centres, in order, also those that nothing connects;
    without them those of the table are taken, sorted. Refused: a missing column, an id that is
    missing or not listed, a pair given twice, minutes that are no number, below 0 or endless.
    """
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        text = _("The travel times have no column {name}; they need {all}.")
        text = text.format(name=missing[0], all=", ".join(COLUMNS))
        raise UserError(text, code="missing-column")
    origin, all_origins = _codes(table["origin_id"], origins)
    destination, all_destinations = _codes(table["destination_id"], destinations)
    minutes = _numbers(table["minutes"])
    known = ~np.isnan(minutes)
    _refuse_repeated(table, origin, destination)
    return _build(origin[known], destination[known], minutes[known], all_origins, all_destinations)


def from_arrays(
    origin: ArrayLike,
    destination: ArrayLike,
    minutes: ArrayLike,
    origins: Iterable[str],
    destinations: Iterable[str],
) -> Pairs:
    """Return the pairs of equally long arrays: positions in `origins`, in `destinations`, minutes.

    Refused like a table's; NaN means that there is no way.
    """
    frame = pd.DataFrame(
        {"origin_id": origin, "destination_id": destination, "minutes": minutes}, copy=False
    )
    listed, centres = _index(origins), _index(destinations)
    numbers = _numbers(frame["minutes"])
    rows, columns = frame["origin_id"].to_numpy(), frame["destination_id"].to_numpy()
    for codes, ids in ((rows, listed), (columns, centres)):
        outside = (codes < 0) | (codes >= len(ids))
        if outside.any():
            text = _("Position {n} is not one of the {count} ids listed.")
            text = text.format(n=codes[outside][0], count=len(ids))
            raise UserError(text, code="unknown-id")
    _refuse_repeated(frame, rows, columns)
    known = ~np.isnan(numbers)
    return _build(rows[known], columns[known], numbers[known], listed, centres)


def joined(first: Pairs, second: Pairs) -> Pairs:
    """Return the pairs of both, of the same places; the centres of `second` come last."""
    parts = [(places(one), one.columns, one.minutes) for one in (first, second)]
    origin, destination, minutes = (np.concatenate(part) for part in zip(*parts, strict=True))
    destination[len(first) :] += len(first.destinations)
    centres = first.destinations.append(second.destinations)
    return _build(origin, destination, minutes, first.origins, _index(centres))


def kept(pairs: Pairs, keep: ArrayLike) -> Pairs:
    """Return only the pairs that `keep` (a yes or no for each, in the order of `minutes`).

    All places and centres stay: for example with the ways across a border closed.
    """
    chosen = np.asarray(keep, dtype=bool)
    parts = (places(pairs)[chosen], pairs.columns[chosen], pairs.minutes[chosen])
    return _build(*parts, pairs.origins, pairs.destinations)


def places(pairs: Pairs) -> NDArray[np.integer]:
    """Return the place (position in `origins`) of each pair, in the order of `minutes`."""
    return np.repeat(np.arange(len(pairs.origins), dtype=np.int32), np.diff(pairs.starts))


def _build(
    origin: NDArray[np.integer],
    destination: NDArray[np.integer],
    minutes: NDArray[np.floating],
    origins: pd.Index,
    destinations: pd.Index,
) -> Pairs:
    from scipy.sparse import csr_array

    shape = (len(origins), len(destinations))
    number = np.arange(1, len(minutes) + 1, dtype=np.int32)
    by_place = csr_array((number, (origin.astype(np.int32), destination.astype(np.int32))), shape)
    by_place.sort_indices()
    taken = by_place.data - 1
    by_place.data = np.arange(len(taken), dtype=np.int32)
    by_centre = by_place.tocsc()
    parts = (
        by_place.indptr.astype(np.int32, copy=False),
        by_place.indices.astype(np.int32, copy=False),
        minutes.astype(np.float32)[taken],
        by_centre.indptr.astype(np.int32, copy=False),
        by_centre.indices.astype(np.int32, copy=False),
        by_centre.data,
    )
    for part in parts:
        part.setflags(write=False)
    return Pairs(origins, destinations, *parts)


def _codes(ids: pd.Series, listed: Iterable[str] | None) -> tuple[NDArray[np.integer], pd.Index]:
    codes, found = pd.factorize(ids)
    known = pd.Index(found)
    blank = (codes < 0) | (known == "")[codes] if len(known) else codes < 0
    if blank.any():
        text = _("Row {row} of the travel times has no {column}: fill it in or leave the row out.")
        text = text.format(row=int(blank.argmax()) + 1, column=ids.name)
        raise UserError(text, code="missing-id")
    index = known.sort_values() if listed is None else _index(listed)
    places = index.get_indexer(known)
    if (places < 0).any():
        text = _("The {column} {name} of the travel times is not known: correct or remove it.")
        text = text.format(column=ids.name, name=known[places < 0][0])
        raise UserError(text, code="unknown-id")
    return places[codes], index


def _index(listed: Iterable[str]) -> pd.Index:
    index = listed if isinstance(listed, pd.Index) else pd.Index(listed)
    if index.has_duplicates:
        text = _("The id {name} is listed twice: every place and centre needs its own.")
        text = text.format(name=index[index.duplicated()][0])
        raise UserError(text, code="repeated-id")
    return index


def _numbers(minutes: pd.Series) -> NDArray[np.float64]:
    read = pd.to_numeric(minutes, errors="coerce")
    numbers = np.asarray(read.to_numpy(dtype=np.float64, na_value=np.nan))
    wrong = (numbers < 0) | np.isinf(numbers)
    none = np.isnan(numbers)
    if none.any():
        said = minutes[none]
        wrong[none] = ~(said.isna() | (said.astype(str).str.strip() == "")).to_numpy()
    if wrong.any():
        row = int(wrong.argmax())
        text = _("Row {row} of the travel times says {value} minutes: give a number from 0 up.")
        raise UserError(text.format(row=row + 1, value=minutes.iloc[row]), code="wrong-minutes")
    return numbers


def _refuse_repeated(
    table: pd.DataFrame, origin: NDArray[np.integer], destination: NDArray[np.integer]
) -> None:
    pair = origin.astype(np.int64) * (int(destination.max(initial=0)) + 1) + destination
    ordered = np.sort(pair)
    if (ordered[1:] == ordered[:-1]).any():
        repeated = pd.Series(pair).duplicated().to_numpy()
        first = table.iloc[int(repeated.argmax())]
        text = _("The way from {a} to {b} is given twice: keep one of the two rows.")
        text = text.format(a=first["origin_id"], b=first["destination_id"])
        raise UserError(text, code="repeated-pair")
