"""A strategy sheet: what both checks found lacking, each with goal, gap, action, owner and date.

An action comes from a gap of the check of designation or of genomics, or is somebody's own. What
has no goal, no gap, no owner or no date is an orphan and is named with what it lacks. Owner and
date that were typed beside the check of genomics are taken over until the sheet says otherwise.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import pandas as pd

from canheal_nb.designation.model import certification_path, scheme_tables, self_check
from canheal_nb.genomics.model import next_steps
from canheal_nb.genomics.model.readiness import Indicator
from canheal_nb.text import dates
from canheal_nb.text.dates import DATE, OWNER

DESIGNATION, GENOMICS, OWN = "designation", "genomics", "own"
GOAL, GAP, TEXT = "goal", "gap", "text"
OWN_LINES = ("own1", "own2", "own3", "own4", "own5")
ALL = "all"  # what is typed for every action in genomics without a goal of its own
LACKS = (GOAL, GAP, TEXT, OWNER, DATE)
PAST, EARLY = "past", "early"
Answers = Mapping[str, Mapping[str, str]]


class Tables(scheme_tables.Tables, Protocol):
    """The tables of both checks, and the centres."""

    @property
    def centres(self) -> pd.DataFrame: ...


@dataclass(frozen=True)
class Action:
    """One line of the sheet.

    `id` names what is typed of it; `group`: the actions that share its goal; `place`: whose gap it
    is; `path`, `step` or `missing`: what the check says, none of them for one's own; `service`: of
    the scenarios, "" where none; `after`: ids of the actions before it; `goal`, `gap`, `text`: as
    typed, "" where the check says them; `lacks`: of `LACKS`; `state`: "" , PAST (its day is over)
    or EARLY (before what it rests on).
    """

    id: str
    check: str
    group: str
    place: str
    service: str
    planned: dates.Planned
    path: certification_path.Step | None = None
    step: next_steps.Step | None = None
    missing: Indicator | None = None
    after: tuple[str, ...] = ()
    goal: str = ""
    gap: str = ""
    text: str = ""
    lacks: tuple[str, ...] = ()
    state: str = ""
    given: dates.Planned = dates.Planned()


@dataclass(frozen=True)
class Sheet:
    """All actions in order, the checks behind them, and how many questions are open still.

    `checked`: the check of designation by place; `genomics`: that of genomics, None without one.
    """

    actions: list[Action]
    checked: Mapping[str, self_check.Check]
    genomics: next_steps.Check | None

    @property
    def orphans(self) -> list[Action]:
        """The actions that lack something."""
        return [one for one in self.actions if one.lacks]

    @property
    def open(self) -> tuple[int, int]:
        """Criteria and indicators that are not answered: they can be gaps, nobody knows."""
        criteria = sum(len(one.open) for one in self.checked.values())
        blank = sum(len(ask.asked) for ask in self.genomics.asks) if self.genomics else 0
        return criteria, blank


def sheet(
    tables: Tables,
    who: str,
    aim: self_check.Aim,
    answers: tuple[Answers, Answers],
    typed: Mapping[str, str],
    as_of: dt.date,
) -> Sheet:
    """Return the sheet of a centre, a country or "own".

    `answers`: of the checks of designation and genomics, by place; a country takes the centres
    that are answered. `typed`: what the sheet holds, by name. Raises UserError as the checks do.
    """
    designation, readiness = answers
    services = _services(tables)
    checked = {
        place: self_check.check(
            tables, aim, designation.get(place, {}), "" if place == OWN else place, as_of
        )
        for place in places(tables, who, designation)
    }
    made = [one for place, found in checked.items() for one in _paths(place, aim, found, services)]
    said = readiness.get(who)
    ready = None if said is None else next_steps.check(tables, said, as_of)
    if ready is not None and said is not None:
        made += _steps(who, ready, said, services)
    own = [_own(name) for name in OWN_LINES]
    made = [_typed(one, typed) for one in [*made, *own]]
    blank = [one for one in made if len(one.lacks) == len(LACKS) and not one.planned.wrong]
    made = [one for one in made if one.check != OWN or one not in blank]
    return Sheet(_timed(made, as_of), checked, ready)


def places(tables: Tables, who: str, designation: Answers) -> list[str]:
    """Return whose check of designation belongs to the sheet.

    A centre counts without answers too, since facts are known of it.
    """
    if who in tables.centres.index:
        return [who]
    if who == OWN:
        return [OWN] if OWN in designation else []
    rows = tables.centres
    return [str(one) for one in rows.index[rows["country"] == who] if one in designation]


def group_of(check: str, name: str) -> str:
    """Return the id under which the goal of some actions is typed."""
    return f"{check[0]}-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _services(tables: Tables) -> dict[tuple[str, str], str]:
    rows = tables.table("judgements/strategy_services")
    names = zip(rows["check"], rows["asked"], rows["service"], strict=True)
    return {(str(check), str(asked)): str(service) for check, asked, service in names}


def _paths(
    place: str,
    aim: self_check.Aim,
    found: self_check.Check,
    services: Mapping[tuple[str, str], str],
) -> list[Action]:
    """Return the path to the certificate; who holds it needs no accreditation."""
    holds = found.held in (aim.upper(), scheme_tables.AIMS[-1].upper())
    return [
        Action(
            f"d-{place}-{step.asked}",
            DESIGNATION,
            group_of(DESIGNATION, place),
            place,
            services.get((DESIGNATION, step.asked), ""),
            dates.Planned(),
            path=step,
        )
        for step in found.steps
        if step.result is not None or not holds
    ]


def _steps(
    who: str,
    found: next_steps.Check,
    said: Mapping[str, str],
    services: Mapping[tuple[str, str], str],
) -> list[Action]:
    def action(one: Indicator) -> Action:
        service = services.get((GENOMICS, one.asked), "")
        group = group_of(GENOMICS, one.domain)
        given = dates.planned(said, one.asked)
        return Action(f"g-{one.asked}", GENOMICS, group, who, service, given, given=given)

    steps = [
        replace(
            action(step.assessed.indicator),
            step=step,
            after=tuple(f"g-{one.asked}" for one in step.after),
        )
        for step in found.steps
    ]
    return [*steps, *(replace(action(one), missing=one) for one in found.missing)]


def _own(name: str) -> Action:
    return Action(name, OWN, name, OWN, "", dates.Planned())


def _typed(one: Action, typed: Mapping[str, str]) -> Action:
    """Return an action with what the sheet holds of it, and what it lacks."""
    said = dates.planned(typed, one.id)
    owner = said.owner or one.given.owner
    by = said if said.date else one.given
    planned = dates.Planned(owner, by.date, one.given.after, by.due, by.wrong)
    names = [one.group, *([ALL] if one.check == GENOMICS else [])]
    goal = next(filter(None, (typed.get(f"{name}_{GOAL}", "").strip() for name in names)), "")
    gap, text = (typed.get(f"{one.id}_{part}", "").strip() for part in (GAP, TEXT))
    own = one.check == OWN
    there = {
        GOAL: bool(goal) or one.check == DESIGNATION,
        GAP: bool(gap) or not own,
        TEXT: bool(text) or not own,
        OWNER: bool(owner),
        DATE: planned.due is not None,
    }
    lacks = tuple(part for part in LACKS if not there[part])
    return replace(one, planned=planned, goal=goal, gap=gap, text=text, lacks=lacks)


def _timed(made: list[Action], as_of: dt.date) -> list[Action]:
    """Return the actions, each with whether its day is over or before what it rests on."""
    days = {one.id: one.planned.due for one in made}

    def state(one: Action) -> str:
        day = one.planned.due
        if day is None:
            return ""
        before = [days.get(other) for other in one.after]
        if any(other is not None and other > day for other in before):
            return EARLY
        return PAST if day < as_of else ""

    return [replace(one, state=state(one)) for one in made]
