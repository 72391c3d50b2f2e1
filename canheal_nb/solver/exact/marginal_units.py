"""The gain of each whole unit, cell by cell: runs of units that gain the same.

The value of cover is concave in units, so whole units in falling order of gain are the
integer hull of a cell: what is bought from it is exact, not an approximation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from canheal_nb.solver.problem import Array, Problem

NEVER = 1e12


@dataclass(frozen=True)
class Runs:
    """Runs [..., K] per cell: whole units, value per unit, persons newly covered per unit."""

    count: Array
    gain: Array
    cover: Array


def value(problem: Problem, need: Array, persons: Array) -> Array:
    """Return the value of covering `persons` of `need`, weights left out."""
    total = np.zeros(np.broadcast_shapes(need.shape, persons.shape))
    before = 0.0
    for share, slope in problem.segments:
        total += slope * np.clip(persons - before * need, 0.0, share * need)
        before += share
    return total


def capacity(problem: Problem) -> Array:
    """Return persons per unit and year, [A, I]."""
    return np.broadcast_to(np.asarray(problem.capacity, float), problem.need.shape[:2])


def worth(problem: Problem, units: Array) -> float:
    """Return the value of all cover of a plan [A, I, T], weights and today's cover included."""
    need = problem.over_years(problem.need)
    persons = covered(problem, units)
    return float((problem.weight[:, :, None] * value(problem, need, persons)).sum())


def covered(problem: Problem, units: Array) -> Array:
    """Return the persons covered [A, I, T] under a plan, today's included."""
    need = problem.over_years(problem.need)
    return np.minimum(need, capacity(problem)[:, :, None] * problem.open_units(units))


def least(problem: Problem, units: Array) -> Array:
    """Return each area's share of need covered in the last year, over the interventions."""
    need, weight = problem.over_years(problem.need)[:, :, -1], problem.weight
    asked = (weight * need).sum(axis=1)
    met = (weight * covered(problem, units)[:, :, -1]).sum(axis=1)
    share: Array = np.divide(met, asked, out=np.full(len(met), np.nan), where=asked > 0)
    return share


def runs(problem: Problem, need: Array, low: Array, high: Array) -> Runs:
    """Return the runs between `low` and `high` bought units.

    need, low and high may carry leading axes (draws) before [A, I].
    """
    size, start = capacity(problem), np.nan_to_num(problem.start_units)
    shares = np.cumsum([share for share, _slope in problem.segments])
    kinks = need[..., None] * shares / size[..., None] - start[..., None]
    points = np.concatenate([np.floor(kinks + 1e-9), np.ceil(kinks - 1e-9)], axis=-1)
    points = np.clip(points, low[..., None], high[..., None])
    points = np.sort(np.concatenate([low[..., None], points], axis=-1), axis=-1)
    open_ = start[..., None] + points
    persons = np.minimum(need[..., None], size[..., None] * open_)
    worth_ = value(problem, need[..., None], persons) * problem.weight[..., None]
    count = np.diff(points)
    share = np.where(count > 0, count, 1.0)
    return Runs(count, np.diff(worth_) / share, np.diff(persons) / share)


def limits(problem: Problem) -> tuple[Array, Array]:
    """Return the fewest and most units bought in all, [A, I], from floors, caps and locks."""
    shape = problem.need.shape[:2]
    low = np.zeros(shape) if problem.floors is None else np.ceil(problem.floors - 1e-9)
    high = np.full(shape, NEVER) if problem.caps is None else np.floor(problem.caps + 1e-9)
    low, high = low.astype(float).copy(), high.astype(float).copy()
    for key, units in problem.locked.items():
        if len(key) == 2:
            low[key] = high[key] = units
    return low, high
