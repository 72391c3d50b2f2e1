"""From a scenario to the text of its file; what `read` makes of it is the same scenario."""

from __future__ import annotations

import math

import yaml

from canheal_nb.funding.model.scenario import Add, Budget, Give, Open, Scenario
from canheal_nb.funding.scenario_file.reader import SCHEMA


def write(scenario: Scenario) -> str:
    """Return the text of a file that `read` reads as this scenario."""
    changes = [_written(change) for change in scenario.changes]
    made = {
        "schema": SCHEMA,
        "title": scenario.title,
        "author": scenario.author,
        "why": scenario.why,
        "edition": scenario.edition,
        "start": scenario.start,
        "years": scenario.years,
        "services": list(scenario.services),
        "budget": _budget(scenario.budget),
        "goal": _plain(scenario.goal),
        "changes": changes,
        "constraints": {
            name: [_plain(one) for one in rows]
            for name, rows in vars(scenario.constraints).items()
            if rows
        },
        "assumptions": [_plain(one) for one in scenario.assumptions],
        "priorities": scenario.priorities,
        "seed": scenario.seed,
    }
    kept = {name: value for name, value in made.items() if value not in ([], {}, "", None)}
    return str(yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=88))


def _written(change: Add | Give | Open) -> dict[str, object]:
    plain = _plain(change)
    if isinstance(change, Add):
        return {"add": plain.pop("service"), **plain}
    kind = "give" if isinstance(change, Give) else "open"
    return {kind: plain.pop("capability"), **plain}


def _budget(budget: Budget) -> dict[str, object]:
    plain: dict[str, object] = {"price_year": budget.price_year, "carry_over": budget.carry_over}
    if budget.by_year:
        return {"by_year": {year: _short(euros) for year, euros in budget.by_year}, **plain}
    return {"total": _short(budget.total), **plain} if budget.total is not None else {}


def _plain(value: object) -> dict[str, object]:
    made = {}
    for name, one in vars(value).items():
        if isinstance(one, tuple) and one and isinstance(one[0], tuple):
            one = {key: _short(number) for key, number in one}
        elif isinstance(one, tuple):
            one = list(one)
        if one not in ([], "", None) and not (isinstance(one, float) and math.isnan(one)):
            made[name] = _short(one)
    return made


def _short(value: object) -> object:
    return int(value) if isinstance(value, float) and value == int(value) else value
