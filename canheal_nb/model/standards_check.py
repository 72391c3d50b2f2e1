"""One centre against one certificate: what is known, what was answered, and what follows.

Facts of the centre fill in what they answer; whoever answers can say otherwise or leave it open.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import pandas as pd

from canheal_nb.errors import UserError
from canheal_nb.locale import _
from canheal_nb.model import inputs, maturity, standards, standards_path
from canheal_nb.model.capabilities import newest
from canheal_nb.model.centres import designations
from canheal_nb.model.standards import Criterion, Research, Result, Verdict

Aim = Literal["cc", "ccc"]
LEAVE_OPEN, CERTIFIED = "open", "certificate"
COUNTS = "_counts"
FRAMEWORK = "frameworks/ccc_criteria"
AIMS = ("cc", "ccc")
SETS = ("application", "volume", "maturity")
LONGEST = 20_000
_PART = re.compile(r"([A-Za-z0-9_.-]{1,121}):([^,]{1,60})")
_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


class Tables(Protocol):
    """The tables of a check (as in `canheal_nb.data.Dataset`)."""

    def __hash__(self) -> int: ...
    @property
    def areas(self) -> pd.DataFrame: ...
    @property
    def indicators(self) -> pd.DataFrame: ...
    @property
    def parameters(self) -> pd.DataFrame: ...
    @property
    def capabilities(self) -> pd.DataFrame: ...
    def table(self, name: str) -> pd.DataFrame:
        """Return any table as texts."""


@dataclass(frozen=True)
class Fact:
    """A fact of the centre that answers a criterion, or that stands beside it."""

    asked: str
    capability: str
    value: str
    year: int | None
    source_id: str
    answers: bool


@dataclass(frozen=True)
class Check:
    """What follows from the answers: conditions and criteria of the aim, and all beside it.

    `general` and `conditions` must all be met; `research` too where `rule` is None, else by the
    rule. `verdict`: of the certificate as a whole. `open`: names of what is not answered yet.
    `wrong`: what could not be read, by name; it counts as open. `dates`: of a certificate held.
    `counting`: how an answer is counted, by name; `asked`: the names of all answers there are.
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
    steps: list[standards_path.Step]
    total: standards_path.Total
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
    items, rules = tables.table("judgements/standards_items"), rules_of(tables)
    frameworks = tables.table(FRAMEWORK)

    def wanted(which: str) -> list[Criterion]:
        return standards.criteria(items, frameworks, tables.parameters, which)

    own = {which: wanted(which) for which in (aim, *SETS)}
    behind = {one.asked: one for one in own["maturity"]}
    levels = maturity.statements(tables.table("frameworks/maturity_levels"), behind)
    yes_no = {one.asked: one.yes_no for which in own.values() for one in which}
    yes_no |= {one.asked: True for one in levels if one.behind is None}
    facts = known(tables, centre)
    answers, wrong = read(said, yes_no, facts)
    conditions, results, volume = (
        standards.check(own[which], answers) for which in ("application", aim, "volume")
    )
    rule = _rule(results, rules) if aim == "ccc" else None
    counted = [r for r in results if not (rule and r.criterion.part in standards.RESEARCH)]
    verdict = standards.together(
        [*(r.verdict for r in [*conditions, *counted]), *([rule.verdict] if rule else [])]
    )
    gaps = standards.gaps([*conditions, *results], rule)
    steps = standards_path.path(gaps, answers, path_tables(tables, rules), as_of)
    certified = _day(said.get(CERTIFIED, ""), wrong)
    return Check(
        aim,
        conditions,
        results,
        rule,
        verdict,
        gaps,
        [r for r in [*conditions, *results] if r.verdict == standards.OPEN],
        volume,
        levels,
        maturity.reached(levels, answers),
        maturity.unread(levels),
        answers,
        facts,
        steps,
        standards_path.total(steps),
        str(designations(tables.capabilities).get(centre, "")),
        standards_path.cycle(certified, rules),
        wrong,
        {
            one.asked.removesuffix(COUNTS): one.text
            for one in wanted("rule")
            if one.asked.endswith(COUNTS)
        },
        tuple(dict.fromkeys([*_asked(items), *yes_no])),
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
    return {one[1]: one[2] for one in found if one}


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
    said: Mapping[str, str], yes_no: Mapping[str, bool], facts: list[Fact]
) -> tuple[dict[str, float], dict[str, str]]:
    """Return the answers as numbers, facts filled in, and what could not be read, by name."""
    filled = {fact.asked: fact.value for fact in facts if fact.answers}
    answers: dict[str, float] = {}
    wrong: dict[str, str] = {}
    for asked, kind in yes_no.items():
        text = said.get(asked, "") or filled.get(asked, "")
        try:
            answers[asked] = math.nan if text == LEAVE_OPEN else standards.number(text, kind)
        except UserError as error:
            wrong[asked] = str(error)
    return answers, wrong


def known(tables: Tables, centre: str) -> list[Fact]:
    """Return what the tables know of a centre that answers a criterion or helps to."""
    found = []
    for _i, row in tables.table("judgements/standards_known").iterrows():
        facts = newest(tables.capabilities, str(row["capability"]))
        own = facts[facts["centre_id"] == centre]
        own = own[own["value"] == row["value"]] if row["value"] else own
        for _j, fact in own.drop_duplicates("centre_id").iterrows():
            year = None if pd.isna(fact["year"]) else int(fact["year"])
            words = (str(row["asked"]), str(row["capability"]), str(fact["value"]))
            found.append(Fact(*words, year, str(fact["source_id"]), row["use"] == "answer"))
    return found


def rules_of(tables: Tables) -> dict[str, float]:
    """Return the numbers of the rules: those of the judgement and those of the framework."""
    rows = tables.table("judgements/standards_rules")
    found = {str(r["rule"]): float(r["value"]) for _i, r in rows.iterrows()}
    items, texts = tables.table("judgements/standards_items"), tables.table(FRAMEWORK)
    for one in standards.criteria(items, texts, tables.parameters, "rule"):
        found[one.asked] = one.threshold
    return found


def path_tables(tables: Tables, rules: Mapping[str, float]) -> standards_path.Tables:
    """Return the tables that the path is made of."""
    return standards_path.Tables(
        tables.table("judgements/standards_steps"),
        rules,
        tables.table("judgements/standards_training"),
        tables.table("frameworks/training_programmes"),
        tables.parameters,
        inputs.matrix(tables),
    )


def _asked(items: pd.DataFrame) -> list[str]:
    """Return the names of all answers that criteria of any set ask for."""
    return [str(asked) for asked in items.loc[items["set"].isin([*AIMS, *SETS]), "asked"]]


def _rule(results: list[Result], rules: Mapping[str, float]) -> Research:
    least_of = {part: int(rules[f"least_{part}"]) for part in standards.RESEARCH}
    return standards.research(results, int(rules["research_least"]), least_of)


def _day(text: str, wrong: dict[str, str]) -> dt.date | None:
    """Return the day of a certificate (2024-05 is its first day); None where blank or wrong."""
    if not text.strip():
        return None
    found = _DATE.fullmatch(text.strip())
    try:
        if found:
            return dt.date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        pass
    said = _("{value} is no date; write year and month, as 2024-05.")
    wrong[CERTIFIED] = said.format(value=standards.printed(text))
    return None
