"""A scenario run, compared, or looked into, by its id or the path of its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from canheal_nb.data import Dataset
from canheal_nb.funding import scenario_file
from canheal_nb.funding.model import scenario_comparison, scenario_run
from canheal_nb.funding.model.scenario import Scenario
from canheal_nb.need.model import inputs
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.uncertainty.sampling import LIVE

MOST_COMPARED = 8


def run_scenario(
    dataset: Dataset, scenario: Scenario | str, *, plan: bool | None = None, draws: int = LIVE
) -> scenario_run.Run:
    """Return what a scenario does: the figures of the app, the report and the command line.

    `scenario`: one that was read, the id of a shipped one, or the path of its file. `plan`:
    search for what to buy (True), take its changes as written (False), or search only where it
    has money or a target and names no units (None). `draws`: of how many futures the intervals
    are made. The result's `services`, `countries`, `units`, `intervals` and `matrix` are tables;
    euros are of 2023. Raises UserError for what cannot be read or computed.
    """
    read_one = scenario_file.load(scenario, dataset) if isinstance(scenario, str) else scenario
    weights = scenario_file.weights(read_one)
    return scenario_run.run(dataset, read_one, plan=plan, weights=weights, draws=draws)


def compare_scenarios(
    dataset: Dataset, named: Sequence[str], *, draws: int = LIVE
) -> Mapping[str, scenario_run.Run]:
    """Return two to eight scenarios, by title (a number where two are alike), in the order given.

    Their draws are the same where they rest on the same input:
    `funding.model.scenario_comparison.together` sets them against each other. Raises UserError for
    another number of them.
    """
    if not 2 <= len(named) <= MOST_COMPARED:
        text = _("Compare two to {most} scenarios, not {n}.")
        raise UserError(text.format(most=MOST_COMPARED, n=len(named)), code="wrong-number")
    runs = [run_scenario(dataset, name, draws=draws) for name in named]
    return dict(zip(scenario_comparison.names(runs), runs, strict=True))


def input_matrix(dataset: Dataset, scenario: Scenario | str = "") -> pd.DataFrame:
    """Return what the money model knows: one row per service and input, as
    `need.model.inputs.matrix`.

    `scenario`: whose assumptions stand in it, read as in `run_scenario`; "" for none, so that only
    what has a source is filled. Money is in euros of 2023. Raises UserError for a wrong scenario.
    """
    if isinstance(scenario, str):
        given = scenario_file.load(scenario, dataset).assumptions if scenario else ()
        return inputs.matrix(dataset, given)
    return inputs.matrix(dataset, scenario.assumptions)
