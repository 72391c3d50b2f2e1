"""Several scenarios side by side: one table, who meets most, what each loses in named futures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from canheal_nb.access.model.coverage import UNION
from canheal_nb.funding.model.scenario_run import Run, option
from canheal_nb.need.model import inputs
from canheal_nb.uncertainty import futures, named_futures, results
from canheal_nb.uncertainty.futures import Futures
from canheal_nb.uncertainty.named_futures import Faced, Tables
from canheal_nb.uncertainty.sampling import LIVE

REACH = "reach"
COLUMNS = (
    "scenario", "result", "last_year", "known", "units", "need", "today", "nothing", "after",
    "low", "high", "served", "cost", "cost_per_person", "least", "least_country", "gini", "gap",
    "sourced", "assumed", "none",
)  # fmt: skip


def table(runs: Mapping[str, Run]) -> pd.DataFrame:
    """Return every scenario in one table, a row per service and per limit of reach.

    `result`: the service, or "reach: definition, minutes" for people within reach of a centre in
    the Union. `known`: countries; `today`, `nothing`, `after`: shares, 0 to 1 (in the last year,
    the first in the year of the count); `low`, `high`: where 90 of 100 draws of `after` lie, for
    reach slow to fast travel; `served`: people more than doing nothing; `cost`: euros; `gap`: how
    far a plan can be from the best (NaN: not searched for); `sourced`, `assumed`, `none`: inputs
    of the service; others as in `evaluation.by_service`. What is not known is NaN.
    """
    rows = [row for name, run in runs.items() for row in _rows(name, run)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def together(runs: Mapping[str, Run], draws: int = LIVE) -> Futures:
    """Return several scenarios, by name, over the same draws, with the seed of the first."""
    made = [option(name, each.case, each.outcome.units) for name, each in runs.items()]
    seed = next(iter(runs.values())).scenario.seed if runs else 0
    return futures.look(made, seed=seed, draws=draws)


def best(runs: Mapping[str, Run], draws: int = LIVE) -> dict[str, dict[str, float]]:
    """Return by service in which share of the draws each scenario meets most of its need.

    Ties are shared. Only services that two scenarios share (see `sharing`), and only those.
    """
    found = together(runs, draws)
    best_of: dict[str, dict[str, float]] = {}
    for service, kept in sharing(runs).items():
        drawn = found.of(f"{service}: share", kept)
        parts = results.best(drawn)
        best_of[service] = {str(name): float(part) for name, part in parts.items()}
    return best_of


def sharing(runs: Mapping[str, Run]) -> dict[str, list[str]]:
    """Return by service the scenarios that can be set against each other by it, two at least.

    They know its need met, and end in the same year as the first that does.
    """
    found: dict[str, list[str]] = {}
    years = {name: run.case.years[-1] for name, run in runs.items()}
    for name, run in runs.items():
        for service in run.services.loc[run.services["known"] > 0, "service"]:
            others = found.setdefault(str(service), [])
            if not others or years[others[0]] == years[name]:
                others.append(name)
    return {service: kept for service, kept in found.items() if len(kept) > 1}


def faced(runs: Mapping[str, Run], tables: Tables) -> dict[str, Faced]:
    """Return by service the scenarios that share it in every named future (see `sharing`).

    What is lost there: `Faced.regret("service: share")`. Money is not weighed in it.
    """
    return {
        service: named_futures.faced(
            [option(name, runs[name].case, runs[name].outcome.units) for name in kept], tables
        )
        for service, kept in sharing(runs).items()
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


def _rows(name: str, run: Run) -> Iterator[dict[str, object]]:
    last = run.case.years[-1]
    searched = () if run.planned is None else run.planned.services
    for row in run.services.to_dict("records"):
        service = str(row["service"])
        share = f"{service}: share"
        drawn = run.intervals.loc[share] if share in run.intervals.index else {}
        yield row | {
            "scenario": name,
            "result": service,
            "last_year": last,
            **{to: row[f"share_{to}"] for to in ("today", "nothing", "after")},
            **{end: drawn.get(end, math.nan) for end in ("low", "high")},
            "gap": run.planned.plan.gap if run.planned and service in searched else math.nan,
            **inputs.share(run.matrix[run.matrix["service"] == service]),
        }
    union = run.access[run.access["area"] == UNION] if len(run.access) else run.access
    for row in union.to_dict("records"):
        whole = row["state"] == "exact"
        yield {
            "scenario": name,
            "result": f"{REACH}: {row['definition']}, {row['limit']}",
            "last_year": last,
            "today": row["before"] if whole else math.nan,
            "nothing": row["before"] if whole else math.nan,
            "after": row["after"] if whole else math.nan,
            "low": row["low"] if whole else math.nan,
            "high": row["high"] if whole else math.nan,
            "served": row["gained"],
        }
