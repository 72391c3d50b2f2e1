"""The path to a standard: what to do about each gap, in what order, with whom, when, for how much.

A gap leads to one step; without the gap the step and its cost are gone. What nothing in the data
prices is "cost not known", never nought, and stays out of every sum. Which step answers which gap,
and in which order, is the project's judgement and comes in as a table.
"""

from __future__ import annotations

import calendar
import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from canheal_nb.designation.model.criteria import Result

ALL = "all"
ACCREDITATION = "accreditation"
MILLION = 1e6
_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name}
_END = re.compile(r"(?:^|-\s*)(?:([A-Za-z]{3}) )?(\d{4})(?=\s*(?:\(|$))")


@dataclass(frozen=True)
class Money:
    """One cost of a step, in euros: low to high, once or each year.

    `basis`: "gap" (the missing amount of a budget itself), "share" (a sourced share of a budget
    that was answered), "matrix" (a cell of the input matrix), "none" (not known: low and high are
    NaN). A gap is not added to other costs, since a budget pays for them. `needs`: the answer that
    would make it known; `note`: why it is not known, or what to know; `weak`: of a weak source.
    """

    low: float = math.nan
    high: float = math.nan
    per: str = ""
    basis: str = "none"
    source_id: str = ""
    needs: str = ""
    note: str = ""
    weak: bool = False

    @property
    def known(self) -> bool:
        """Whether there is a figure."""
        return not math.isnan(self.low)


@dataclass(frozen=True)
class Training:
    """A programme for a gap; `ended`: it was over as of the date asked for."""

    name: str
    topic: str
    period: str
    ended: bool
    source_id: str


@dataclass(frozen=True)
class Step:
    """One step of the path, for one gap (`result` is None for the accreditation itself).

    `money`: its costs, at least one, known or not; `months`: low and high of how long it takes,
    NaN where not known; `staff`: people more, NaN where not known; `after`: the steps that must
    be over before it begins, and what those wait for.
    """

    asked: str
    place: int
    text: str
    result: Result | None
    money: tuple[Money, ...]
    months: tuple[float, float]
    staff: float
    why: str
    trainings: tuple[Training, ...] = ()
    after: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Total:
    """What the steps cost together: the known yearly and single sums, and how many are unknown."""

    yearly: tuple[float, float]
    once: tuple[float, float]
    known: int
    unknown: int


@dataclass(frozen=True)
class Tables:
    """What the path is made of: the judgement's steps, rules and training, and what they name.

    `steps`: asked, place, step, cost, months, after, staff, why (`after`: names with ";" between
    them, or "all" that come earlier); `rules`: rule -> value; `training`:
    asked, programme; `programmes`: name, topic, period, source_id; `parameters` by parameter with
    value, low, high, source_id, note; `matrix`: as `inputs.matrix` returns it.
    """

    steps: pd.DataFrame
    rules: Mapping[str, float]
    training: pd.DataFrame
    programmes: pd.DataFrame
    parameters: pd.DataFrame
    matrix: pd.DataFrame


def path(
    gaps: Iterable[Result], answers: Mapping[str, float], tables: Tables, as_of: dt.date
) -> list[Step]:
    """Return one step for each gap, in order, and the accreditation itself as the last.

    A gap for which the judgement has no step raises KeyError.
    """
    rows = tables.steps.set_index("asked", drop=False)
    made = [_step(rows.loc[one.criterion.asked], one, answers, tables, as_of) for one in gaps]
    made.append(_step(rows.loc[ACCREDITATION], None, answers, tables, as_of))
    return sorted(made, key=lambda step: step.place)


def total(steps: Sequence[Step]) -> Total:
    """Return the sums of what is known; missing budgets are not added (see `Money`)."""
    every = [money for step in steps for money in step.money]
    priced = [money for money in every if money.known and money.basis != "gap"]

    def added(per: str) -> tuple[float, float]:
        own = [money for money in priced if (money.per == "year") == (per == "year")]
        return sum(m.low for m in own), sum(m.high for m in own)

    unknown = sum(not money.known for money in every)
    return Total(added("year"), added(""), len(priced), unknown)


def trainings(asked: str, tables: Tables, as_of: dt.date) -> tuple[Training, ...]:
    """Return the programmes for a gap, those that go on first."""
    names = [str(n) for n in tables.training.loc[tables.training["asked"] == asked, "programme"]]
    rows = tables.programmes.set_index("name")
    found = [
        Training(
            name,
            str(rows.at[name, "topic"]),
            str(rows.at[name, "period"]),
            ended(str(rows.at[name, "period"]), as_of),
            str(rows.at[name, "source_id"]),
        )
        for name in names
    ]
    return tuple(sorted(found, key=lambda one: one.ended))


def ended(period: str, as_of: dt.date) -> bool:
    """Say whether a programme was over at a date, from its period as published.

    "May 2023 - May 2026" ends with May 2026, "2022-2024" with 2024; "from 2024", "since 2012",
    "2022 onwards" and "current" have no end.
    """
    found = _END.search(period.strip())
    if not found:
        return False
    month = _MONTHS.get((found[1] or "").lower(), 12)
    year = int(found[2])
    return dt.date(year, month, calendar.monthrange(year, month)[1]) < as_of


def later(day: dt.date, months: int) -> dt.date:
    """Return the day so many months later; a month that is too short gives its last day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def cycle(certified: dt.date | None, rules: Mapping[str, float]) -> list[tuple[str, dt.date]]:
    """Return the dates of a certificate's life: certified, follow_up, self_assessment, expires.

    `rules`: follow_up and self_assessment in months, valid_years in years. The next
    self-assessment starts early enough to be over when the certificate expires; how long the
    review after it takes is not known. No certificate: no dates.
    """
    if certified is None:
        return []
    expires = later(certified, int(rules["valid_years"] * 12))
    return [
        ("certified", certified),
        ("follow_up", later(certified, int(rules["follow_up"]))),
        ("self_assessment", later(expires, -int(rules["self_assessment"]))),
        ("expires", expires),
    ]


def _step(
    row: pd.Series,
    result: Result | None,
    answers: Mapping[str, float],
    tables: Tables,
    as_of: dt.date,
) -> Step:
    asked = str(row["asked"])
    gap = result.gap if result else math.nan
    return Step(
        asked,
        int(row["place"]),
        str(row["step"]),
        result,
        tuple(_money(one, gap, answers, tables) for one in str(row["cost"]).split(";")),
        _months(str(row["months"]), tables),
        gap if row["staff"] == "gap" else math.nan,
        str(row["why"]),
        trainings(asked, tables, as_of),
        waits(asked, tables.steps),
    )


def waits(asked: str, steps: pd.DataFrame) -> frozenset[str]:
    """Return all steps that must be over before a step begins, through those between them.

    A gap that is closed has no step, but what stood behind it is still waited for. Only steps of
    an earlier place can be: a judgement that says otherwise raises ValueError.
    """
    places = dict(zip(steps["asked"], steps["place"].astype(int), strict=True))
    named = dict(zip(steps["asked"], steps["after"], strict=True))
    if named[asked] == ALL:
        return frozenset(one for one in places if places[one] < places[asked])
    direct = [one for one in str(named[asked]).split(";") if one]
    late = [one for one in direct if places[one] >= places[asked]]
    if late:
        msg = f"{asked} waits for {late[0]}, which does not come earlier"
        raise ValueError(msg)
    return frozenset(direct).union(*(waits(one, steps) for one in direct))


def _money(spec: str, gap: float, answers: Mapping[str, float], tables: Tables) -> Money:
    """Return one cost: "gap:year", "share:PARAMETER:ANSWER:year", "matrix:SERVICE.CELL:once"."""
    kind, *named = spec.split(":")
    per = named[-1] if named else ""
    if kind == "gap":
        return Money(gap * MILLION, gap * MILLION, per, "gap")
    if kind == "share":
        row, amount = tables.parameters.loc[named[0]], answers.get(named[1], math.nan) * MILLION
        unknown = math.isnan(amount)
        return Money(
            float(row["low"]) * amount,
            float(row["high"]) * amount,
            per,
            "none" if unknown else kind,
            str(row["source_id"]),
            named[1] if unknown else "",
            str(row["note"]),
        )
    if kind == "matrix":
        service, _dot, cell = named[0].partition(".")
        rows = tables.matrix
        row = rows[(rows["service"] == service) & (rows["cell"] == cell)].iloc[0]
        value = float(row["value"])
        low, high = (value if math.isnan(row[end]) else float(row[end]) for end in ("low", "high"))
        basis = kind if not math.isnan(low) else "none"
        ids, note = str(row["source_id"]), str(row["note"])
        return Money(low, high, per, basis, ids, note=note, weak=bool(row["weak"]))
    return Money()


def _months(spec: str, tables: Tables) -> tuple[float, float]:
    kind, _colon, named = spec.partition(":")
    if kind == "rule":
        value = float(tables.rules[named])
        return value, value
    if kind == "parameter":
        name, _colon, times = named.partition(":")
        row = tables.parameters.loc[name]
        return float(row["low"]) * float(times), float(row["high"]) * float(times)
    return math.nan, math.nan
