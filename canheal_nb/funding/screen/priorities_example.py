"""What answers on priorities imply for the example plan, kept ready so that it shows at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from canheal_nb.data import Dataset, scenario_files
from canheal_nb.funding import scenario_file
from canheal_nb.funding.model import priorities_effect, scenario_run
from canheal_nb.funding.model.model_inputs import Case
from canheal_nb.funding.model.priorities_effect import Bought
from canheal_nb.funding.model.scenario import Scenario
from canheal_nb.funding.text import priorities_effect_text
from canheal_nb.priorities.model import priority_sets
from canheal_nb.text.errors import UserError

TABLE = "judgements/priority_example"


def effect(
    dataset: Dataset, weights: Mapping[str, float], names: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the template says of the plan: said, rows, example, lines, query.

    `weights` by service as answered, empty where nothing is answered yet; what was not spoken
    about counts as the mean of the rest.
    """
    name, million, case, scenario, alike = _ground(dataset)
    spoken = [one for one in alike.units if one in weights]
    yours: Bought | None = None
    if spoken:
        try:
            every = priority_sets.whole(weights)
            yours = priorities_effect.bought(case, scenario, every)
        except UserError:  # what these answers weigh is nothing for all that can be planned
            yours = None
    return {
        "said": priorities_effect_text.said(alike, yours, bool(spoken), names),
        "rows": priorities_effect_text.rows(alike, yours, names) if yours else [],
        "example": priorities_effect_text.example(scenario, alike, names),
        "lines": [
            *priorities_effect_text.how(alike, yours, names),
            priorities_effect_text.alone(_alone(dataset)),
        ],
        "query": f"scenario={name}&budget={million:g}&goal={scenario.goal.objective}",
    }


@lru_cache(maxsize=4)
def _ground(dataset: Dataset) -> tuple[str, float, Case, Scenario, Bought]:
    """Return the example's name, its million euros, its ground, and its plan with all alike."""
    row = dataset.table(TABLE).iloc[0]
    name, million, years = str(row["scenario"]), float(row["million_euros"]), int(row["years"])
    written = scenario_file.read(
        scenario_files.shipped(dataset.path)[name], scenario_run.vocabulary(dataset), name
    )
    scenario = priorities_effect.example(written, million, years)
    case = scenario_run.prepared(dataset, scenario)
    return name, million, case, scenario, priorities_effect.bought(case, scenario)


@lru_cache(maxsize=4)
def _alone(dataset: Dataset) -> tuple[str, ...]:
    """Return the titles of shipped scenarios with money for one service, which no weight changes.

    What a scenario's author bought by hand is not among them.
    """
    known = scenario_run.vocabulary(dataset)
    found = []
    for name, text in scenario_files.shipped(dataset.path).items():
        one = scenario_file.read(text, known, name)
        if len(one.services) == 1 and scenario_run.searched(one):
            found.append(one.title)
    return tuple(found)
