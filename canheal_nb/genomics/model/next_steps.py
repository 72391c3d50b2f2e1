"""What comes next in genomics: steps in order, who may own them, and the dates that are set.

The order is lowest level first; within a level a step comes after those that it rests on, then in
the framework's order. A step never waits for one of a higher level. What is not assessed has no
step; where a step rests on it, it is named to be assessed first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from canheal_nb.genomics.model import readiness
from canheal_nb.genomics.model.readiness import Assessed, Indicator, ranked
from canheal_nb.text.dates import day

FRAMEWORK = "frameworks/ngs_readiness"
PAST, NOW, AHEAD, UNDATED = "past", "now", "ahead", "undated"


@dataclass(frozen=True)
class Step:
    """One level up. `after`: steps before it; `blank`: what it rests on and nobody assessed."""

    assessed: Assessed
    after: tuple[Indicator, ...]
    blank: tuple[Indicator, ...]


@dataclass(frozen=True)
class Ask:
    """Whom to ask about a domain, and for which papers (the project's judgement)."""

    domain: str
    whom: str
    paper: str
    asked: tuple[Indicator, ...]


@dataclass(frozen=True)
class Dated:
    """A recommendation or legal date.

    `by`: the last day it names, of the year where no day is named; `state`: past, now (to come in
    this year), ahead, or undated; `nature`: "law", which applies from its day on, or "aim".
    """

    target: str
    operator: str
    value: str
    unit: str
    year: int | None
    by: dt.date | None
    state: str
    nature: str
    kind: str
    policy: str
    note: str
    source_id: str


class Tables(Protocol):
    """Whatever gives a table by its path under data/, without the ending."""

    def table(self, name: str) -> pd.DataFrame:
        """Return any table as texts."""


@dataclass(frozen=True)
class Check:
    """One place: `told` are facts of the framework that are printed and not asked.

    `owners`: by domain, who usually answers for it (the project's judgement); `first`: as the
    function of that name says.
    """

    assessed: list[Assessed]
    stated: list[tuple[Indicator, str]]
    told: list[Indicator]
    steps: list[Step]
    asks: list[Ask]
    dates: list[Dated]
    perspectives: dict[str, tuple[int, int]]
    owners: Mapping[str, str]
    first: list[tuple[Indicator, int]]

    @property
    def missing(self) -> list[Indicator]:
        """The statements that are answered with no."""
        return [one for one, said in self.stated if said == "no"]


def check(tables: Tables, said: Mapping[str, str], as_of: dt.date) -> Check:
    """Return what a place's answers come to; `said`: by name; `as_of`: the day looked from.

    Raises UserError for an answer that is none, as `readiness.assess` and `readiness.stated` do.
    """
    rows = tables.table(FRAMEWORK)
    facts = rows["id"].isin(tables.table("judgements/genomics_facts")["id"])
    wanted = readiness.indicators(rows[~facts])
    found, stated = readiness.assess(wanted, said), readiness.stated(wanted, said)
    blank = [one.indicator for one in found if one.level is None]
    blank += [one for one, text in stated if not text]
    whom = tables.table("judgements/genomics_asks")
    order = rests(tables.table("judgements/genomics_order"))
    return Check(
        found,
        stated,
        readiness.indicators(rows[facts]),
        steps(found, order),
        asks(blank, whom),
        dates(tables.table("frameworks/targets"), tables.table("judgements/genomics_dates"), as_of),
        readiness.perspectives(found, tables.table("judgements/genomics_perspectives")),
        dict(zip(whom["domain"].map(str), whom["whom"].map(str), strict=True)),
        first(found, order),
    )


def rests(order: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return for each indicator what it rests on; `order`: id, after (the project's judgement)."""
    found: dict[str, list[str]] = {}
    for one, after in zip(order["id"], order["after"], strict=True):
        found.setdefault(str(one), []).append(str(after))
    return {one: tuple(after) for one, after in found.items()}


def first(
    found: Iterable[Assessed], order: Mapping[str, tuple[str, ...]]
) -> list[tuple[Indicator, int]]:
    """Return what to assess first, and how many indicators rest on it, straight or in turn.

    It is not assessed, others rest on it, and it rests on nothing that is not assessed itself;
    most first. `order`: from `rests`.
    """
    blank = {one.indicator.id: one.indicator for one in found if one.level is None}

    def behind(name: str, seen: frozenset[str]) -> frozenset[str]:
        for one, on in order.items():
            if name in on and one not in seen:
                seen = behind(one, seen | {one})
        return seen

    counted = [
        (indicator, len(behind(name, frozenset())))
        for name, indicator in blank.items()
        if not any(other in blank for other in order.get(name, ()))
    ]
    return sorted((one for one in counted if one[1]), key=lambda one: -one[1])


def steps(found: Iterable[Assessed], order: Mapping[str, tuple[str, ...]]) -> list[Step]:
    """Return one step for every indicator that is assessed and below the highest level.

    `order`: from `rests`. Indicators that rest on each other in a ring keep the framework's order.
    """
    every = {one.indicator.id: one for one in found}
    left = [one for one in ranked(every.values()) if one.next]
    open_ids = {one.indicator.id for one in left}

    def held(one: Assessed) -> list[str]:
        """The steps at or below its level that it rests on."""
        on = [other for other in order.get(one.indicator.id, ()) if other in open_ids]
        return [other for other in on if (every[other].level or 0) <= (one.level or 0)]

    made: list[Step] = []
    while left:
        waiting = {one.indicator.id for one in left}
        ready = next((one for one in left if not waiting.intersection(held(one))), left[0])
        left.remove(ready)
        on = [every[other] for other in order.get(ready.indicator.id, ()) if other in every]
        blank = tuple(other.indicator for other in on if other.level is None)
        after = tuple(every[other].indicator for other in held(ready))
        made.append(Step(ready, after, blank))
    return made


def asks(blank: Iterable[Indicator], whom: pd.DataFrame) -> list[Ask]:
    """Return by domain whom to ask about what nobody assessed, in the order of the indicators.

    `whom`: domain, whom, paper (the project's judgement); a domain without a row is left out.
    """
    own: dict[str, list[Indicator]] = {}
    for one in blank:
        own.setdefault(one.domain, []).append(one)
    told = whom.set_index("domain")
    return [
        Ask(domain, str(told.at[domain, "whom"]), str(told.at[domain, "paper"]), tuple(ones))
        for domain, ones in own.items()
        if domain in told.index
    ]


def dates(targets: pd.DataFrame, wanted: pd.DataFrame, as_of: dt.date) -> list[Dated]:
    """Return the targets that are wanted, by day, those without a year last.

    `targets`: target, operator, value, unit, year, kind, policy, source_id, note (texts);
    `wanted`: target, by (a day or month that the target or its note names, "" for none), nature.
    A date that has passed says nothing of whether it was met.
    """
    told = wanted.set_index("target")
    found = []
    for _i, row in targets[targets["target"].isin(told.index)].iterrows():
        own = told.loc[str(row["target"])]
        by = day(str(own["by"]) or str(row["year"]))
        texts = {name: str(row[name]) for name in ("target", "operator", "value", "unit")}
        texts |= {name: str(row[name]) for name in ("kind", "policy", "note", "source_id")}
        year = by.year if by else None
        state = _state(by, as_of)
        found.append(Dated(year=year, by=by, state=state, nature=str(own["nature"]), **texts))
    return sorted(found, key=lambda one: (one.by is None, one.by or as_of))


def _state(by: dt.date | None, as_of: dt.date) -> str:
    if by is None:
        return UNDATED
    return PAST if by < as_of else NOW if by.year == as_of.year else AHEAD
