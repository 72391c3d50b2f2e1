"""Named futures: what options do where inputs lie at a bound that somebody stated.

A future is a few lines of judgements/futures: an input ("*.lag": that of every service) and where
it lies, at the low or high end of its own range, or at a number of a sourced parameter, such as
one of two models that are cases and are never drawn. Nothing else is varied, and no fact of a
country is made up. An input without a range stays where it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import pandas as pd

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import N_, _
from canheal_nb.uncertainty import futures, results
from canheal_nb.uncertainty.futures import Futures, Option, Together
from canheal_nb.uncertainty.results import Regret
from canheal_nb.uncertainty.sampling import Range

TABLE = "judgements/futures"
GUESS = "best_guess"
GUESS_LABEL = N_("Every input at its best guess")
BOUNDS = ("low", "high", "value")
_EVERY = "*"


class Tables(Protocol):
    """What futures are read from; tables do not change."""

    @property
    def parameters(self) -> pd.DataFrame:
        """The sourced parameters, by id."""

    def __hash__(self) -> int: ...
    def table(self, name: str) -> pd.DataFrame:
        """Return any table as texts."""


@dataclass(frozen=True)
class Held:
    """One line of a future: an input, or "*.cell", and where it lies."""

    input: str
    bound: str
    parameter: str


@dataclass(frozen=True)
class Faced:
    """Options in named futures: the best guess first; `labels` by future, in words.

    `idle`: ids of the futures that would move nothing here, and are left out.
    """

    found: Futures
    labels: Mapping[str, str]
    idle: tuple[str, ...]

    def outcome(self, name: str) -> pd.DataFrame:
        """Return futures by options. Raises UserError where an option lacks the outcome."""
        index = pd.Index(list(self.labels), name="future")
        return pd.DataFrame(self.found.of(name), index=index, dtype=float)

    def regret(self, name: str) -> Regret:
        """Return what each option loses beside the best of each future; more is better."""
        return results.regret(self.outcome(name))

    def still(self, name: str) -> list[str]:
        """Return the futures where no option's outcome differs from the best guess."""
        table = self.outcome(name)
        same = (table == table.loc[GUESS]).all(axis=1)
        return [str(future) for future in table.index[same] if future != GUESS]


@lru_cache(maxsize=4)
def listed(tables: Tables) -> Mapping[str, tuple[str, tuple[Held, ...]]]:
    """Return the futures by id, in order: label and lines. UserError for a faulty line."""
    rows = tables.table(TABLE)
    rows = rows.assign(place=rows["place"].astype(int)).sort_values("place", kind="stable")
    found: dict[str, tuple[str, tuple[Held, ...]]] = {}
    for row in rows.itertuples():
        line = Held(str(row.input), str(row.bound), str(row.parameter))
        there = not line.parameter or line.parameter in tables.parameters.index
        if line.bound not in BOUNDS or not there or (line.bound == "value" and not line.parameter):
            text = _("{table}: {bound} of {parameter} is not there for {future}.")
            said = text.format(table=TABLE, future=row.future, **vars(line))
            raise UserError(said, code="futures-table")
        label, lines = found.get(str(row.future), (str(row.label), ()))
        found[str(row.future)] = (label, (*lines, line))
    return found


def faced(options: Sequence[Option], tables: Tables) -> Faced:
    """Return options in every named future that moves an input of theirs, and at the best guess."""
    given = Together(options).given
    moved = {
        name: _moved(given, lines, tables.parameters)
        for name, (_label, lines) in listed(tables).items()
    }
    kept = {GUESS: dict[str, float]()} | {name: held for name, held in moved.items() if held}
    labels = {name: listed(tables)[name][0] for name in kept if name != GUESS}
    return Faced(
        futures.under(options, kept),
        {GUESS: GUESS_LABEL} | labels,
        tuple(name for name, held in moved.items() if not held),
    )


def _moved(
    given: Sequence[Range], lines: Sequence[Held], parameters: pd.DataFrame
) -> dict[str, float]:
    """Return the inputs that a future moves, and to where; later lines win."""
    found = {}
    for line in lines:
        service, _dot, cell = line.input.partition(".")
        for one in given:
            own, _dot, of = one.name.rpartition(": ")[2].partition(".")
            if of != cell or service not in (_EVERY, own):
                continue
            to = _place(one, line, parameters)
            if not math.isnan(to) and to != one.centre:
                found[one.name] = to
    return found


def _place(one: Range, line: Held, parameters: pd.DataFrame) -> float:
    if line.parameter:
        return float(parameters.at[line.parameter, line.bound])
    return float(getattr(one, line.bound)) if one.varies else math.nan
