"""A plan beside rules of thumb that have the same budget: is searching worth it, and how surely?

Rules and plan meet the same draws. They are compared by the share of need met in the last year,
the plain mean over the services planned; what each spends is its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from canheal_nb.funding.model import evaluation, planning, scenario_run
from canheal_nb.funding.model.model_inputs import Case, Floats
from canheal_nb.funding.model.scenario_run import PLAN, Run
from canheal_nb.uncertainty import futures
from canheal_nb.uncertainty.futures import Futures, Option

SHARE, COST = "share", "cost"


@dataclass(frozen=True, eq=False)
class Rivals:
    """`table`: one row per rule (index), columns share (0 to 1, best guess), cost (euros), better
    (share of draws in which the plan meets more), ties; `futures`: all of them over the draws;
    `best`: the rule that meets most.
    """

    table: pd.DataFrame
    futures: Futures
    best: str

    def turning(self) -> pd.DataFrame:
        """Return the inputs that, alone and within their range, would let the best rule win."""
        found = self.futures.break_even(PLAN, self.best, SHARE)
        return found[found["changes"].astype(bool)]


def rivals(run: Run) -> Rivals | None:
    """Return the plan beside its rules of thumb; None where nothing was searched for."""
    if run.planned is None:
        return None
    case, kept = run.case, run.planned.services
    found = planning.by_rules(case, run.planned.problem)
    bought = {name: planning.over_all(case, kept, units) for name, units in found.items()}
    if not bought:
        return None
    options = [mean_option(PLAN, case, run.outcome.units, kept)]
    options += [mean_option(name, case, units, kept) for name, units in bought.items()]
    seen = futures.look(options, seed=run.scenario.seed, draws=run.draws)
    rows = {}
    for name, units in bought.items():
        outcome = evaluation.evaluate(case, units)
        beats = seen.beats(PLAN, name, SHARE)
        share = float(share_met(outcome, kept))
        rows[name] = (share, float(outcome.spent), beats.probability, beats.ties)
    table = pd.DataFrame.from_dict(
        rows, orient="index", columns=["share", "cost", "better", "ties"]
    )
    return Rivals(table, seen, str(table["share"].idxmax()))


def share_of(run: Run) -> float:
    """Return the mean share of need met in the last year over the services planned."""
    kept = run.case.services if run.planned is None else run.planned.services
    return float(share_met(run.outcome, kept))


def mean_option(name: str, case: Case, units: Floats, kept: tuple[str, ...]) -> Option:
    """Return buying `units` [A, I, T] as an option; outcomes "share" (mean of `kept`), "cost"."""

    def function(values: dict[str, Floats]) -> dict[str, Floats]:
        outcome = evaluation.evaluate(case, units, values)
        return {SHARE: share_met(outcome, kept), COST: outcome.spent}

    return Option(name, function, scenario_run.uncertain(case))


def worst_of(outcome: evaluation.Outcome, kept: tuple[str, ...]) -> float:
    """Return the least share of need met in the last year, by any country and service; or NaN."""
    places = [outcome.case.services.index(service) for service in kept]
    need, after = outcome.need[:, places, -1], outcome.after[:, places, -1]
    some = ~np.isnan(after) & (need > 0)
    return float((after[some] / need[some]).min()) if some.any() else float("nan")


def share_met(outcome: evaluation.Outcome, kept: tuple[str, ...]) -> Floats:
    """Return the share of need met in the last year, the mean over services.

    Each over the countries where it is known.
    """
    shares = []
    for service in kept:
        i = outcome.case.services.index(service)
        need, after = outcome.need[..., i, -1], outcome.after[..., i, -1]
        known = ~np.isnan(after)
        whole = np.where(known, need, 0.0).sum(axis=-1)
        shares.append(np.nansum(after, axis=-1) / np.where(whole > 0, whole, 1.0))
    found: Floats = np.mean(np.array(shares), axis=0)
    return found
