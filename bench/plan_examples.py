"""Made-up problems to measure plans on; the same every time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from canheal_nb.solver.allocation import Problem, Staff
from canheal_nb.solver.exact.greedy import greedy
from canheal_nb.solver.flows import Flows

Floats = NDArray[np.float64]
SEGMENTS = ((0.5, 1.0), (0.3, 0.6), (0.2, 0.25))


def example(areas: int, services: int) -> Problem:
    """Return one year and one budget: two fifths of what all would cost."""
    rng = np.random.default_rng(1)
    need, size = rng.lognormal(8, 1, (areas, services)), rng.uniform(50, 500, services)
    cost = rng.uniform(1, 5, (areas, services))
    start = np.floor(need / size * rng.uniform(0, 0.6, (areas, services)))
    full = float((np.maximum(need / size - start, 0) * cost).sum())
    weights = rng.uniform(0.2, 1, (areas, services))
    budget = np.array([0.4 * full])
    return Problem(need, start, size, cost, budget, weights=weights, segments=SEGMENTS)


def coupled() -> Problem:
    """Return five years in which money carried over, absorption and staff all bind.

    Sized by the plan of one year: countries can spend about as much as it gives them, and have
    people for a part of its units, more each year; some can be trained.
    """
    of, years = example(27, 12), 5
    rng = np.random.default_rng(3)
    units = greedy(of)[0][:, :, 0]
    spent = (units * of.cost).sum(axis=1)
    absorption = np.repeat((spent * rng.uniform(0.6, 1.6, 27) / years)[:, None], years, axis=1)
    per_unit = rng.uniform(0.2, 1.0, (12, 2))
    free = (units @ per_unit)[:, :, None] * np.linspace(0.3, 0.7, years)
    budget = float(of.budget[0]) / years * np.array([0.6, 0.6, 0.6, 0.6, 0.6])
    budget = budget * np.array([1.4, 1.2, 1.0, 0.8, 0.6])
    people = Staff(per_unit, free, np.array([1, 2]), np.ceil(0.1 * free), np.array([0.5, 1.0]))
    lag = rng.integers(0, 2, 12).astype(float)
    return replace(
        of, budget=budget, carry_over=True, absorption=absorption, staff=people, lag=lag
    )  # fmt: skip


def travelling(areas: int = 240, centres: int = 300, services: int = 10) -> Flows:
    """Return areas and centres on a square, centres near areas, two hours at the most."""
    rng = np.random.default_rng(1)
    here = rng.uniform(0, 1000, (areas, 2))
    there = here[rng.integers(0, areas, centres)] + rng.normal(0, 30, (centres, 2))
    travel = 1.2 * np.hypot(*(here[:, None] - there[None]).transpose(2, 0, 1))
    need = rng.lognormal(7, 0.8, (areas, 1)) * rng.uniform(0.05, 0.6, services)
    size = rng.uniform(100, 600, services)
    cost = size / 300 * rng.uniform(0.8, 1.2, (centres, services)) * rng.uniform(1, 4, services)
    whole = need.sum(axis=0) / size
    start = np.floor(whole / centres * rng.uniform(0, 1.2, (centres, services)))
    full = float(((whole - start.sum(axis=0)) * cost.mean(axis=0)).sum())
    weight = rng.uniform(0.3, 1, services)
    return Flows(need, travel, size, cost, start, 0.4 * full, weight, 120.0)


def sites(areas: int = 200, places: int = 50) -> tuple[Floats, Floats, float, int]:
    """Return travel [A, sites], people [A], the limit of reach, and how many sites to open."""
    rng = np.random.default_rng(7)
    here, there = rng.uniform(0, 500, (areas, 2)), rng.uniform(0, 500, (places, 2))
    travel = np.hypot(*(here[:, None] - there[None]).transpose(2, 0, 1))
    return travel, np.round(rng.lognormal(9, 1, areas)), 60.0, 8
