"""The mixed-integer model of an allocation: columns, rows, and what each row stands for.

Columns: units bought [A, I, T], runs of open units [A, I, T, K], training places [A, R, T]
and the least share covered. Because a cell's gain is concave in whole units, its runs fill in
order by themselves: no binary variable is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import sparse

from canheal_nb.solver.exact.marginal_units import NEVER, capacity, limits, runs
from canheal_nb.solver.problem import Array, Problem

Where = tuple[int, int, int]


@dataclass
class Model:
    """Rows grow by `add`; `labels` has the kind and the place of each, links between columns "".

    Rows of shares count in shares of need; `base_of` has the share covered today, which their
    limit leaves out.

    gain, persons and money lie along the columns; base: today's cover [A], asked: need [A],
    both weighted, in the last year.
    """

    shape: tuple[int, int, int]
    upper: Array
    lower: Array
    whole: Array
    gain: Array
    persons: Array
    money: Array
    base: Array
    asked: Array
    below: list[float] = field(default_factory=list)
    above: list[float] = field(default_factory=list)
    labels: list[tuple[str, Where]] = field(default_factory=list)
    entries: list[tuple[Any, Any, Any]] = field(default_factory=list)
    base_of: dict[int, float] = field(default_factory=dict)

    @property
    def units(self) -> int:
        """How many columns are units bought."""
        return int(np.prod(self.shape))

    def add(
        self, kind: str, where: Where, columns: Any, values: Any, low: float, high: float
    ) -> None:
        """Add the row low <= values @ columns <= high."""
        columns = np.asarray(columns).ravel()
        values = np.broadcast_to(np.asarray(values, float), columns.shape)
        self.entries.append((np.full(len(columns), len(self.below)), columns, values))
        self.below.append(low)
        self.above.append(high)
        self.labels.append((kind, where))

    def matrix(self) -> Any:
        """Return all rows as one sparse matrix."""
        rows, columns, values = (np.concatenate(each) for each in zip(*self.entries, strict=True))
        return sparse.csr_array((values, (rows, columns)), shape=(len(self.below), len(self.upper)))


def build(problem: Problem, shares: Array | None = None, theta: float | None = None) -> Model:
    """Return the model; `shares`[A]: least share per area; theta: lower limit of the least."""
    areas, services, years = shape = problem.shape
    low, high = limits(problem)
    need = np.moveaxis(problem.over_years(problem.need), 2, 0)
    # Caps are rows of their own, so that a clash can name them.
    parts = runs(problem, need, np.zeros(need.shape), np.full(need.shape, NEVER))
    count, gain, cover = (
        np.moveaxis(each, 0, 2) for each in (parts.count, parts.gain, parts.cover)
    )
    most = np.minimum(high, np.maximum(count.sum(axis=3).max(axis=2), low))
    bought, filled = int(np.prod(shape)), count.size
    roles = 0 if problem.staff is None else problem.staff.per_unit.shape[1]
    places = np.zeros((areas, roles, years))
    if problem.staff is not None and problem.staff.places is not None:
        places = np.asarray(problem.staff.places, float)
    free = np.zeros(filled)
    upper = np.concatenate([np.repeat(most.ravel(), years), count.ravel(), places.ravel(), [1.0]])
    lower = np.zeros(len(upper))
    lower[-1] = theta or 0.0
    whole = np.concatenate([np.ones(bought), free, np.ones(places.size), [0.0]])
    after = np.zeros(places.size + 1)
    weight = problem.weight
    last = np.zeros(count.shape)
    last[:, :, -1] = (cover * weight[:, :, None, None])[:, :, -1]
    price = np.zeros((areas, roles, years))
    if problem.staff is not None and problem.staff.place_cost is not None:
        price[:] = np.asarray(problem.staff.place_cost, float)[None, :, None]
    share = np.ones(areas) if problem.cofunding is None else problem.cofunding.eu_share
    cost = problem.over_years(problem.cost)
    money = np.concatenate([(cost * share[:, None, None]).ravel(), free, price.ravel(), [0.0]])
    zeros = np.zeros(bought)
    start = capacity(problem) * np.nan_to_num(problem.start_units)
    base = (weight * np.minimum(need[-1], start)).sum(axis=1)
    model = Model(
        shape, upper, lower, whole, np.concatenate([zeros, gain.ravel(), after]),
        np.concatenate([zeros, last.ravel(), after]), money, base, (weight * need[-1]).sum(axis=1),
    )  # fmt: skip
    index = np.arange(bought).reshape(shape)
    run = bought + np.arange(filled).reshape(count.shape)
    place = bought + filled + np.arange(places.size).reshape(places.shape)
    _links(model, problem, index, run)
    _totals(model, problem, index, low, high)
    _money(model, problem, index, place, cost, share)
    _staff(model, problem, index, place)
    _shares(model, problem, run, cover, shares, theta)
    return model


def alive(problem: Problem) -> Array:
    """Return 1 where a unit bought in the first year is open, [I, years since bought, T]."""
    _areas, services, years = problem.shape
    lag = np.zeros(services) if problem.lag is None else problem.lag
    life = np.full(services, np.inf) if problem.life is None else problem.life
    age = np.arange(years)[None, :] - np.asarray(lag)[:, None]
    return ((age >= 0) & (age < np.asarray(life)[:, None])).astype(float)


def _links(model: Model, problem: Problem, index: Any, run: Any) -> None:
    areas, services, years = model.shape
    on = alive(problem)
    for i in range(services):
        for t in range(years):
            ages = t - np.arange(t + 1)
            open_ = np.arange(t + 1)[on[i, ages] > 0]
            width = run.shape[3]
            for a in range(areas):
                columns = np.concatenate([run[a, i, t], index[a, i, open_]])
                values = np.concatenate([np.ones(width), -np.ones(len(open_))])
                model.add("", (a, i, t), columns, values, -np.inf, 0.0)


def _totals(model: Model, problem: Problem, index: Any, low: Array, high: Array) -> None:
    for a, i in np.argwhere((low > 0) | (high < NEVER)):
        where, columns = (int(a), int(i), -1), index[a, i]
        if (a, i) in problem.locked:
            model.add("locked", where, columns, 1.0, low[a, i], high[a, i])
            continue
        if low[a, i] > 0:
            model.add("floor", where, columns, 1.0, low[a, i], np.inf)
        if high[a, i] < NEVER:
            model.add("cap", where, columns, 1.0, -np.inf, high[a, i])
    for key, units in problem.locked.items():
        if len(key) == 3:
            place = (key[0], key[1], key[2])
            column = index[place]
            model.upper[column] = max(model.upper[column], units)
            model.add("locked", place, [column], 1.0, units, units)


def _money(
    model: Model, problem: Problem, index: Any, place: Any, cost: Array, share: Array
) -> None:
    areas, _services, years = model.shape
    budget = np.atleast_1d(np.asarray(problem.budget, float))
    for t in range(years):
        span = range(t + 1) if problem.carry_over else range(t, t + 1)
        columns = np.concatenate([index[:, :, list(span)].ravel(), place[:, :, list(span)].ravel()])
        total = float(budget[list(span)].sum())
        model.add("budget", (-1, -1, t), columns, model.money[columns], -np.inf, total)
    for a in range(areas):
        for t in range(years):
            columns, price = index[a, :, t], cost[a, :, t]
            if problem.absorption is not None:
                most = float(problem.absorption[a, t])
                if most < NEVER:
                    model.add("absorption", (a, -1, t), columns, price, -np.inf, most)
            if problem.cofunding is not None:
                purse = float(problem.cofunding.purse[a, t])
                if purse < NEVER:
                    own = price * (1 - share[a])
                    model.add("purse", (a, -1, t), columns, own, -np.inf, purse)


def _staff(model: Model, problem: Problem, index: Any, place: Any) -> None:
    if problem.staff is None:
        return
    areas, services, years = model.shape
    on, per_unit = alive(problem), problem.staff.per_unit
    for a in range(areas):
        for r in range(per_unit.shape[1]):
            for t in range(years):
                have = float(problem.staff.have[a, r, t])
                if not have < NEVER:
                    continue
                ages = t - np.arange(t + 1)
                used = (per_unit[:, r, None] * on[:, ages]).ravel()
                trained = np.arange(t + 1)[ages >= problem.staff.train_lag[r]]
                columns = np.concatenate([index[a, :, : t + 1].ravel(), place[a, r, trained]])
                values = np.concatenate([used, -np.ones(len(trained))])
                model.add("staff", (a, r, t), columns, values, -np.inf, have)


def _shares(
    model: Model, problem: Problem, run: Any, cover: Array, shares: Array | None,
    theta: float | None,
) -> None:  # fmt: skip
    areas, services, years = model.shape
    for a in np.flatnonzero(model.asked > 0):
        columns = run[a, :, -1].ravel()
        values, now = model.persons[columns] / model.asked[a], model.base[a] / model.asked[a]
        if shares is not None and shares[a] > 0:
            model.base_of[len(model.labels)] = float(now)
            least = float(shares[a] * (1 - 1e-9) - now)
            model.add("target", (int(a), -1, years - 1), columns, values, least, np.inf)
        if theta is not None:
            both = np.append(columns, len(model.upper) - 1)
            model.add("", (int(a), -1, -1), both, np.append(values, -1.0), -now, np.inf)
    if problem.least_cover is None:
        return
    need = problem.over_years(problem.need)[:, :, -1]
    now = np.minimum(need, capacity(problem) * np.nan_to_num(problem.start_units))
    now = np.divide(now, need, out=np.ones(need.shape), where=need > 0)
    wanted = problem.least_cover * (1 - 1e-9) - now
    for a, i in np.argwhere((wanted > 0) & (need > 0)):
        where, values = (int(a), int(i), years - 1), cover[a, i, -1] / need[a, i]
        model.base_of[len(model.labels)] = float(now[a, i])
        model.add("least_cover", where, run[a, i, -1], values, wanted[a, i], np.inf)
