"""The ground of a plan, whose priorities weigh, and the plans between most and the worst-off."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from canheal_nb.data import Dataset
from canheal_nb.funding import scenario_file
from canheal_nb.funding.model import planning, scenario_run
from canheal_nb.funding.model.model_inputs import Case
from canheal_nb.funding.model.planning import Planned
from canheal_nb.funding.model.scenario import Budget, Constraints, Goal, Scenario
from canheal_nb.priorities.model.priority_sets import PrioritySet
from canheal_nb.screens.background_work import Tell, Work
from canheal_nb.solver import allocation
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

SECONDS = 3.0  # the most that the frontier may take
STEPS, LINES = 20, 16
REST = 0.7  # seconds without a change before the frontier is drawn
Point = tuple[float, float]
BARE: dict[str, Any] = {
    "budget": Budget(), "goal": Goal(), "changes": (), "title": "", "why": "", "author": "",
    "constraints": Constraints(), "priorities": "",
}  # fmt: skip
_lines: OrderedDict[tuple[Dataset, Scenario], tuple[Planned, ...]] = OrderedDict()


def ground(dataset: Dataset, scenario: Scenario) -> Case:
    """Return the ground of a scenario; it does not depend on money or goal, and is kept."""
    return _ground(dataset, replace(scenario, **BARE))


@lru_cache(maxsize=24)
def _ground(dataset: Dataset, scenario: Scenario) -> Case:
    return scenario_run.prepared(dataset, scenario)


def along(dataset: Dataset, scenario: Scenario) -> tuple[Point, ...]:
    """Return the frontier of a scenario, from most need met on, if it is at hand; else nothing."""
    plans = _lines.get((dataset, _open(scenario)), ())
    return tuple(point(one) for one in plans)


def point(planned: Planned) -> Point:
    """Return where a plan lies: its weighted need met, and the worst-off country's share.

    That share is over the services together, as the frontier is found by it.
    """
    made = planned.problem
    met = planning.met(planned.outcome, planned.services, made.weight)
    return met, float(np.nanmin(allocation.least(made, planned.plan.units)))


def drawing(dataset: Dataset, scenario: Scenario) -> Work:
    """Return the work of finding the frontier, which begins when the plan rests for a moment."""

    def run(tell: Tell, stop: threading.Event) -> None:
        if stop.wait(REST):
            return
        frontier(dataset, scenario)
        tell()

    return Work(("line", dataset, _open(scenario)), run)


@lru_cache(maxsize=1)
def sets() -> Mapping[str, PrioritySet]:
    """Return the sets of priorities by name, as they were published when the screen was opened."""
    return scenario_file.priority_sets()


def weights(scenario: Scenario) -> Mapping[str, float] | None:
    """Return what services weigh by the priorities of a scenario; None where it names none."""
    known = sets().get(scenario.priorities)
    return known.weights if known is not None else scenario_file.weights(scenario)


def frontier(dataset: Dataset, scenario: Scenario) -> tuple[Planned, ...]:
    """Return the plans from most need met to the worst-off first; raises UserError for none."""
    key = (dataset, _open(scenario))
    if key not in _lines:
        found = _found(*key)
        while len(_lines) >= LINES:
            _lines.popitem(last=False)
        _lines[key] = found
    return _lines[key]


def _found(dataset: Dataset, scenario: Scenario) -> tuple[Planned, ...]:
    case = ground(dataset, scenario)
    if planning.problem(case, scenario)[0].coupled:
        text = _(
            "Between most people and the worst-off there is a slider only for a plan of one year "
            "whose units open at once; choose one year, or the goal that puts the worst-off first."
        )
        raise UserError(text, code="no-frontier")
    found = planning.along(case, scenario, weights(scenario), points=STEPS + 1, time_limit=SECONDS)
    if not found:
        text = _("No plan was found in {n} seconds; try another budget.")
        raise UserError(text.format(n=f"{SECONDS:g}"), code="no-plan-in-time")
    return found


def _open(scenario: Scenario) -> Scenario:
    """Return a scenario without its goal: between most people and the worst-off lie all goals."""
    return replace(scenario, goal=Goal("most_need_met", None, scenario.goal.services))
