"""One centre against one certificate: what is known, what was answered, and what follows.

Facts of the centre fill in what they answer; whoever answers can say otherwise or leave it open.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from canheal_nb.designation.model import certification_path, criteria, maturity, timetable
from canheal_nb.designation.model.criteria import Bounds, Research, Result, Verdict
from canheal_nb.designation.model.scheme_tables import SETS, Fact, Tables, known, prepared
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

Aim = Literal["cc", "ccc"]
LEAVE_OPEN, CERTIFIED = "open", "certificate"
COUNTS = "_counts"
RULE = "research_rule"
LONGEST = 30_000
COMMA = "\u066b"  # stands for a comma in a value: commas part the answers
_PART = re.compile(r"([A-Za-z0-9_.-]{1,121}):([^,]{1,60})")


@dataclass(frozen=True)
class Check:
    """What follows from the answers: conditions and criteria of the aim, and all beside it.

    `general` and `conditions` must all be met; `research` too where `rule` is None, else by the
    rule. `verdict`: of the certificate as a whole. `open`: names of what is not answered yet.
    `wrong`: what could not be read, by name; it counts as open. `dates`: of a certificate held.
    `counting`: how an answer is counted, by name; `asked`: the names of all answers there are.
    `plan`: the steps in time, with what was typed in about them.
    """

    aim: Aim
    conditions: list[Result]
    results: list[Result]
    rule: Research | None
    verdict: Verdict
    gaps: list[Result]
    open: list[Result]
    volume: list[Result]
    statements: list[maturity.Statement]
    reached: list[maturity.Reached]
    unread: list[int]
    answers: Mapping[str, float]
    facts: list[Fact]
    steps: list[certification_path.Step]
    plan: timetable.Plan
    total: certification_path.Total
    held: str
    dates: list[tuple[str, dt.date]]
    wrong: Mapping[str, str]
    counting: Mapping[str, str]
    asked: tuple[str, ...]


def check(tables: Tables, aim: Aim, said: Mapping[str, str], centre: str, as_of: dt.date) -> Check:
    """Return what answers mean for a certificate ("cc" or "ccc").

    `said`: answers as written, by name ("open" leaves open what a fact would answer); `centre`:
    its id, "" for a centre that is not in the tables. Nothing is decided for a blank answer.
    """
    made = prepared(tables)
    own, rules, levels = made.criteria, made.rules, made.levels
    yes_no = {one.asked: one.yes_no for which in (aim, *SETS) for one in own[which]}
    yes_no |= {one.asked: True for one in levels if one.behind is None}
    facts = known(tables, centre)
    answers, wrong = read(said, yes_no, facts, made.bounds)
    conditions, results, volume = (
        criteria.check(own[which], answers) for which in ("application", aim, "volume")
    )
    rule = _rule(results, rules) if rules[f"{RULE}_{aim}"] else None
    counted = [r for r in results if not (rule and r.criterion.part in criteria.RESEARCH)]
    verdict = criteria.together(
        [*(r.verdict for r in [*conditions, *counted]), *([rule.verdict] if rule else [])]
    )
    gaps = criteria.gaps([*conditions, *results], rule)
    steps = certification_path.path(gaps, answers, made.path, as_of)
    certified, plan = _dates(said, steps, wrong)
    return Check(
        aim,
        conditions,
        results,
        rule,
        verdict,
        gaps,
        [r for r in [*conditions, *results] if r.verdict == criteria.OPEN],
        volume,
        levels,
        maturity.reached(levels, answers),
        maturity.unread(levels),
        answers,
        facts,
        steps,
        plan,
        certification_path.total(steps),
        made.held.get(centre, ""),
        certification_path.cycle(certified, rules),
        wrong,
        {
            one.asked.removesuffix(COUNTS): one.text
            for one in own["rule"]
            if one.asked.endswith(COUNTS)
        },
        tuple(dict.fromkeys([*made.asked, *yes_no, CERTIFIED, *timetable.names(made.steps)])),
    )


def spelled(text: str) -> dict[str, str]:
    """Return answers by name from "name:value,name:value"; a later one of a name stands.

    Raises UserError where they are too long or spelled otherwise.
    """
    found = [_PART.fullmatch(one.strip()) for one in text.split(",") if one.strip()]
    if len(text) > LONGEST or not all(found):
        raise UserError(
            _("These answers cannot be read; open a file that was saved here."),
            code="wrong-answers",
        )
    return {one[1]: one[2].replace(COMMA, ",") for one in found if one}


def spell(answers: Mapping[str, str]) -> str:
    """Return answers as `spelled` reads them."""
    return ",".join(f"{name}:{one.replace(',', COMMA)}" for name, one in answers.items())


def by_place(text: str) -> dict[str, dict[str, str]]:
    """Return answers by place and name from "place.name:value,place.name:value".

    Raises UserError where an answer names no place.
    """
    found: dict[str, dict[str, str]] = {}
    for name, value in spelled(text).items():
        place, dot, asked = name.partition(".")
        if not dot or not asked:
            said = _("{name} does not say of which place; open a file that was saved here.")
            raise UserError(said.format(name=name), code="wrong-answers")
        found.setdefault(place, {})[asked] = value
    return found


def read(
    said: Mapping[str, str],
    yes_no: Mapping[str, bool],
    facts: list[Fact],
    bounds: Mapping[str, Bounds],
) -> tuple[dict[str, float], dict[str, str]]:
    """Return the answers as numbers, facts filled in, and what could not be read, by name.

    A number outside its bounds is not used: it is named with what could not be read.
    """
    filled = {fact.asked: fact.value for fact in facts if fact.answers}
    answers: dict[str, float] = {}
    wrong: dict[str, str] = {}
    for asked, kind in yes_no.items():
        text = said.get(asked, "") or filled.get(asked, "")
        try:
            answer = math.nan if text == LEAVE_OPEN else criteria.number(text, kind)
            if asked in bounds:
                criteria.require_possible(answer, text, bounds[asked])
            answers[asked] = answer
        except UserError as error:
            wrong[asked] = str(error)
    return answers, wrong


def _rule(results: list[Result], rules: Mapping[str, float]) -> Research:
    least_of = {part: int(rules[f"least_{part}"]) for part in criteria.RESEARCH}
    return criteria.research(results, int(rules["research_least"]), least_of)


def _dates(
    said: Mapping[str, str], steps: list[certification_path.Step], wrong: dict[str, str]
) -> tuple[dt.date | None, timetable.Plan]:
    """Return the day of a certificate and the plan; a date that is none is named in `wrong`."""
    days, fit = {}, dict(said)
    for name in (CERTIFIED, timetable.START, *(n for n in said if _is_due(n))):
        try:
            days[name] = timetable.day(said.get(name, ""))
        except UserError as error:
            wrong[name] = str(error)
            fit[name] = ""
    plan = timetable.plan(steps, days.get(timetable.START), fit)
    return days.get(CERTIFIED), plan


def _is_due(name: str) -> bool:
    return name.startswith(timetable.DUE)
