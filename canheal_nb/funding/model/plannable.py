"""What can be planned at all: which inputs of a service nobody knows, and what a unit costs."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from canheal_nb.funding.model import evaluation
from canheal_nb.funding.model.model_inputs import Case, Floats
from canheal_nb.text.locale import _


def lacking(case: Case) -> dict[str, tuple[str, ...]]:
    """Return the services that cannot be planned, each with what is missing.

    "need", "stock" (what stands today), "capacity", "price", "running" (its cost), "lag": none of
    them is 0 because nobody knows it; a scenario may state it.
    """
    found = {}
    for place, service in enumerate(case.services):
        count, stands = case.count[:, place], case.start[:, place]
        unpriced = math.isnan(case.input(service, "capital"))
        missing = {
            "need": math.isnan(case.input(service, "need")) or np.isnan(count).all(),
            "stock": np.isnan(stands).all(),
            "capacity": not case.input(service, "capacity") > 0,
            "price": unpriced or not price(case, place).max() > 0,
            "running": math.isnan(case.input(service, "running")),
            "lag": math.isnan(case.input(service, "lag")),
        }
        gaps = tuple(name for name, gone in missing.items() if gone)
        if gaps:
            found[service] = gaps
    return found


def untold(case: Case, services: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return, by planned service, the countries out of its search: need or units not known."""
    found = {}
    for service in services:
        place = case.services.index(service)
        gone = np.isnan(case.count[:, place]) | np.isnan(case.start[:, place])
        if gone.any():
            found[service] = tuple(np.array(case.countries)[gone].tolist())
    return found


def refusal(asked: tuple[str, ...], out: Mapping[str, tuple[str, ...]]) -> str:
    """Return that none of the services asked for can be planned, with the inputs to state."""
    cells = {"stock": "baseline", "price": "capital"}
    missing = [f"{s}.{cells.get(gap, gap)}" for s in asked for gap in out.get(s, ())]
    text = _(
        "Nothing here can be planned, since these are not known: {list}. State them under "
        "assumptions in the scenario, or name other services."
    )
    return text.format(list=", ".join(missing))


def price(case: Case, place: int) -> Floats:
    """Return what a unit bought in each year [T] costs until the last year, as far as is known."""
    service, years = case.services[place], case.shape[2]
    capital, running = case.input(service, "capital"), case.input(service, "running")
    if f"{service}.running" in case.per_use:
        running *= case.input(service, "capacity")
    lag, life = case.input(service, "lag"), case.input(service, "life")
    one = np.eye(years)
    open_years = evaluation.open_units(
        one, np.array(np.nan_to_num(lag)), np.array(np.inf if math.isnan(life) else life)
    ).sum(axis=1)
    found: Floats = np.nan_to_num(capital) + np.nan_to_num(running) * open_years
    return found
