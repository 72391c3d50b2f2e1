"""Several scenarios over the same draws: who meets most, and what to call them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from canheal_nb.model import futures
from canheal_nb.model.draws import LIVE
from canheal_nb.model.futures import Futures
from canheal_nb.model.scenario_run import Run, option


def together(runs: Mapping[str, Run], draws: int = LIVE) -> Futures:
    """Return several scenarios, by name, over the same draws, with the seed of the first."""
    made = [option(name, each.case, each.outcome.units) for name, each in runs.items()]
    seed = next(iter(runs.values())).scenario.seed if runs else 0
    return futures.look(made, seed=seed, draws=draws)


def best(runs: Mapping[str, Run], draws: int = LIVE) -> dict[str, dict[str, float]]:
    """Return by service in which share of the draws each scenario meets most of its need.

    Ties are shared. Only services whose need met is known in all the scenarios.
    """
    found = together(runs, draws)
    shared = [
        service
        for service in next(iter(runs.values())).case.services
        if all(f"{service}: share" in each.intervals.index for each in runs.values())
    ]
    return {
        service: {str(name): float(part) for name, part in found.best(f"{service}: share").items()}
        for service in shared
    }


def names(runs: Sequence[Run]) -> list[str]:
    """Return the titles of runs, made different with a number where two are alike."""
    found: list[str] = []
    for each in runs:
        title, number = each.scenario.title, 1
        while title in found:
            number += 1
            title = f"{each.scenario.title} ({number})"
        found.append(title)
    return found
