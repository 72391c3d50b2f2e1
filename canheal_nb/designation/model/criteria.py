"""What a centre meets of a standard: met, not met, or open, criterion by criterion.

Criteria are rows of the frameworks (operator, threshold, unit); which of them belong together is
the project's judgement and comes in as a table. A blank answer is open, never failed. An "above"
in the source means strictly above. No score is made of it.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from babel.numbers import format_decimal

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _, language
from canheal_nb.text.number_input import read_number
from canheal_nb.text.refusals import printed

Verdict = Literal["met", "not_met", "open"]
MET: Verdict = "met"
NOT_MET: Verdict = "not_met"
OPEN: Verdict = "open"
COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
}
PARAMETERS = "facts/parameters"
RESEARCH = ("publications", "trials")
YES_NO = {"yes": 1.0, "no": 0.0}


@dataclass(frozen=True)
class Criterion:
    """One criterion: `asked` names the answer it needs, `set` and `part` where it belongs.

    `threshold` in `unit`; `yes_no`: the answer is yes or no (1 or 0).
    """

    asked: str
    set: str
    part: str
    scheme: str
    text: str
    operator: str
    threshold: float
    unit: str
    source_id: str
    note: str

    @property
    def yes_no(self) -> bool:
        """Whether the answer is yes or no."""
        return self.unit.startswith("boolean")


@dataclass(frozen=True)
class Bounds:
    """Between which numbers an answer is expected, in `unit`; outside it is questioned."""

    low: float
    high: float
    unit: str


@dataclass(frozen=True)
class Result:
    """A criterion with its answer (NaN where blank) and what follows from it.

    `gap`: how far the answer is from the threshold, in the criterion's unit; NaN where the
    criterion is not failed, or where it is yes or no. Strictly above needs more than the gap.
    """

    criterion: Criterion
    answer: float
    verdict: Verdict

    @property
    def gap(self) -> float:
        """How far the answer is from the threshold."""
        if self.verdict != NOT_MET or self.criterion.yes_no:
            return math.nan
        return abs(self.criterion.threshold - self.answer)


@dataclass(frozen=True)
class Research:
    """The rule over the research criteria: how many are met, open, and asked for.

    `fewest`: how many more of publications, of trials and of all must be met at least.
    """

    verdict: Verdict
    met: Mapping[str, int]
    open: Mapping[str, int]
    least: int
    least_of: Mapping[str, int]

    @property
    def fewest(self) -> int:
        """How many more criteria must be met, the fewest that fulfil the rule."""
        short = sum(max(0, self.least_of[part] - self.met[part]) for part in RESEARCH)
        return max(short, self.least - sum(self.met.values()), 0)


def number(text: str, yes_no: bool = False) -> float:
    """Return an answer as a number: NaN for blank; yes is 1, no is 0.

    Raises UserError for anything else; for how a number may be written see `read_number`.
    """
    said = text.strip().lower()
    if not said:
        return math.nan
    if yes_no:
        if said in YES_NO:
            return YES_NO[said]
        text = _("{value} is no answer here; say yes or no, or leave it blank.")
        raise UserError(text.format(value=printed(said)), code="wrong-answer")
    return read_number(said)


def require_possible(answer: float, text: str, bounds: Bounds) -> None:
    """Raise UserError where a number is outside what is expected; a blank (NaN) is not."""
    if math.isnan(answer) or bounds.low <= answer <= bounds.high:
        return
    sentence = _(
        "{value} is read as {n} {unit}; {low} to {high} is expected, by our judgement. "
        "Look at the unit; nothing is computed from it."
    )
    numbers = (bounds.low, bounds.high, answer)
    low, high, n = (format_decimal(one, locale=language()) for one in numbers)
    said = sentence.format(value=printed(text), n=n, unit=_(bounds.unit), low=low, high=high)
    raise UserError(said, code="impossible-answer")


def criteria(
    items: pd.DataFrame, frameworks: pd.DataFrame, parameters: pd.DataFrame, which: str
) -> list[Criterion]:
    """Return the criteria of one set, in the judgement's order.

    `items`: set, asked, part, table, scheme, criterion; `frameworks`: scheme, criterion, operator,
    threshold, unit, source_id, note (texts); `parameters` by parameter. A criterion of the
    parameters is read as "at least"; its first sentence is its text. Raises KeyError where an item
    names a row that is not there.
    """
    rows = {(str(r["scheme"]), str(r["criterion"])): r for _i, r in frameworks.iterrows()}
    found = []
    for _i, item in items[items["set"] == which].iterrows():
        name = str(item["criterion"])
        if item["table"] == PARAMETERS:
            row = parameters.loc[name]
            sign, limit = ">=", float(row["value"])
            text, _dot, note = str(row["note"]).rstrip(".").partition(". ")
        else:
            row = rows[str(item["scheme"]), name]
            sign, limit, text = str(row["operator"]), float(row["threshold"]), name
            note = str(row["note"])
        found.append(
            Criterion(
                str(item["asked"]),
                which,
                str(item["part"]),
                str(item["scheme"]),
                text,
                sign,
                limit,
                str(row["unit"]),
                str(row["source_id"]),
                note,
            )
        )
    return found


def verdict(criterion: Criterion, answer: float) -> Verdict:
    """Return what an answer means; NaN (blank) is open."""
    if math.isnan(answer):
        return OPEN
    return MET if COMPARE[criterion.operator](answer, criterion.threshold) else NOT_MET


def check(wanted: Iterable[Criterion], answers: Mapping[str, float]) -> list[Result]:
    """Return every criterion with its answer and verdict; an answer that is missing is open."""
    found = []
    for one in wanted:
        answer = answers.get(one.asked, math.nan)
        found.append(Result(one, answer, verdict(one, answer)))
    return found


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """Return what several verdicts that must all be met mean together; none at all is met."""
    said = set(verdicts)
    return NOT_MET if NOT_MET in said else OPEN if OPEN in said else MET


def research(results: Iterable[Result], least: int, least_of: Mapping[str, int]) -> Research:
    """Return the rule over the research criteria: so many in all, so many of each kind.

    Not met only where the open ones could not fulfil it any more; met only where the known ones
    do; else open. Results of other parts are passed over.
    """
    met, unknown = dict.fromkeys(RESEARCH, 0), dict.fromkeys(RESEARCH, 0)
    for result in results:
        part = result.criterion.part
        if part in RESEARCH:
            met[part] += result.verdict == MET
            unknown[part] += result.verdict == OPEN

    def enough(had: Mapping[str, int]) -> bool:
        each = all(had[part] >= least_of[part] for part in RESEARCH)
        return each and sum(had.values()) >= least

    best = {part: met[part] + unknown[part] for part in RESEARCH}
    said: Verdict = MET if enough(met) else OPEN if enough(best) else NOT_MET
    return Research(said, met, unknown, least, dict(least_of))


def gaps(results: Iterable[Result], rule: Research | None) -> list[Result]:
    """Return what stands between the answers and the standard: the criteria that are not met.

    Where a rule over the research criteria is given (see `research`) and not failed, an unmet
    research criterion is no gap.
    """
    return [
        one
        for one in results
        if one.verdict == NOT_MET
        and not (rule and rule.verdict != NOT_MET and one.criterion.part in RESEARCH)
    ]
