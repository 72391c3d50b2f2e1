"""What a plan does: need met today, doing nothing and after, people newly served, cost, equity.

Closed form (Layer 1 of the allocation model): open units times what one unit serves in a year, at
most the need. Vectorised: inputs may be arrays of draws, which then lead every result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from canheal_nb.access.model import inequality_measures
from canheal_nb.funding.model.model_inputs import Case, Floats


@dataclass(frozen=True)
class Outcome:
    """What a plan does; arrays [..., A, I, T], after leading axes of draws where there are any.

    `need` in people (or what the service counts) a year; `today` met in the year of the count
    [..., A, I]; `nothing`: met if nothing is bought; `after`: met with the plan. They are NaN
    where need, capacity or today's units are not known, `after` also where something is bought and
    nobody knows when it opens. `added`: what the open new units can serve. `open`: new units open.
    `capital`, `running`: euros a year; NaN where neither price is known, 0 for the one of the two
    that is not, nor when it begins (`Case.not_modelled` names it).
    """

    case: Case
    units: Floats
    need: Floats
    today: Floats
    nothing: Floats
    after: Floats
    added: Floats
    open: Floats
    capital: Floats
    running: Floats

    @property
    def served(self) -> Floats:
        """People newly served a year, against doing nothing."""
        return self.after - self.nothing

    @property
    def cost(self) -> Floats:
        """Euros a year, capital and running."""
        return self.capital + self.running

    @property
    def spent(self) -> NDArray[np.float64]:
        """Euros over all countries, services and years whose price is known."""
        return np.asarray(np.nansum(self.cost, axis=(-3, -2, -1)))


def evaluate(
    case: Case, units: Floats, values: Mapping[str, float | Floats] | None = None
) -> Outcome:
    """Return what buying `units` [A, I, T] does.

    `values`: inputs that replace the case's own, "radiotherapy.capacity" -> a number, or an array
    [n] of draws; then every result has n in front.
    """
    own: dict[str, float | Floats] = {**case.given, **(values or {})}
    per_service = [_service(case, own, place, units[:, place]) for place in range(case.shape[1])]
    parts = {name: _stacked([each[name] for each in per_service]) for name in per_service[0]}
    return Outcome(case, units, today=parts.pop("today")[..., 0], **parts)


def at_end(
    case: Case, units: Floats, values: Mapping[str, float | Floats] | None = None
) -> tuple[Floats, Floats, Floats]:
    """Return need, need met doing nothing and with the plan, in the last year [..., A, I].

    The same figures as `evaluate` gives, without the rest: quick over many draws.
    """
    own: dict[str, float | Floats] = {**case.given, **(values or {})}
    parts = [_met(case, own, place, units[:, place], -1)[:3] for place in range(case.shape[1])]
    each = zip(*parts, strict=True)
    need, nothing, after = (_stacked(list(found))[..., 0] for found in each)
    return need, nothing, after


def by_country(outcome: Outcome) -> pd.DataFrame:
    """Return one row per country and service, in the last year (no draws).

    Columns country, service, units (bought in all years), need, today, nothing, after (people a
    year), served, share_today, share_nothing, share_after (0 to 1), added, cost (euros, all years).
    """
    case = outcome.case
    first = case.count * np.array([case.input(service, "need") for service in case.services])
    need, nothing, after = (a[..., -1] for a in (outcome.need, outcome.nothing, outcome.after))
    columns = {
        "units": outcome.units.sum(axis=2),
        "need": need,
        "today": outcome.today,
        "nothing": nothing,
        "after": after,
        "served": after - nothing,
        "share_today": _ratio(outcome.today, first),
        "share_nothing": _ratio(nothing, need),
        "share_after": _ratio(after, need),
        "added": outcome.added[..., -1],
        "cost": outcome.cost.sum(axis=-1),
    }
    countries, services, _years = case.shape
    names = {
        "country": np.repeat(case.countries, services),
        "service": np.tile(case.services, countries),
    }
    return pd.DataFrame(names | {name: array.reshape(-1) for name, array in columns.items()})


def by_service(outcome: Outcome) -> pd.DataFrame:
    """Return one row per service over the countries where need and capacity are known.

    Columns service, known (countries), units, need, today, nothing, after, served (last year),
    person_years (newly served over all years), added, share_today, share_nothing, share_after (0
    to 1), cost, cost_per_person (euros per person-year newly served), and of the shares after:
    least, least_country, gini, theil; gini_nothing (weighted by people, see
    `access.model.inequality_measures`).
    """
    return pd.DataFrame([_summed(outcome, place) for place in range(outcome.case.shape[1])])


def _summed(outcome: Outcome, place: int) -> dict[str, object]:
    case = outcome.case
    service = case.services[place]
    last = {
        name: getattr(outcome, name)[:, place, -1] for name in ("need", "nothing", "after", "added")
    }
    known = ~np.isnan(last["after"])
    need, nothing, after = (last[name][known] for name in ("need", "nothing", "after"))
    today, people = outcome.today[known, place], case.people[known]
    first = case.count[known, place] * case.input(service, "need")
    shares, before = _ratio(after, need), _ratio(nothing, need)
    cost = _sum(outcome.cost[:, place].sum(axis=-1))
    more = _sum(outcome.served[known, place])
    some = bool(known.any())
    return {
        "service": service,
        "known": int(known.sum()),
        "units": float(outcome.units[:, place].sum()),
        "need": _sum(need),
        "today": _sum(today),
        "nothing": _sum(nothing),
        "after": _sum(after),
        "served": _sum(after - nothing),
        "person_years": more,
        "added": _sum(last["added"]),
        "share_today": float(_ratio(_sum(today), _sum(first))),
        "share_nothing": float(_ratio(_sum(nothing), _sum(need))),
        "share_after": float(_ratio(_sum(after), _sum(need))),
        "cost": cost,
        "cost_per_person": cost / more if more > 0 else float("nan"),
        "least": float(shares.min()) if some else float("nan"),
        "least_country": np.array(case.countries)[known][shares.argmin()] if some else "",
        "gini": inequality_measures.gini(shares, people) if some else float("nan"),
        "theil": inequality_measures.theil(shares, people).total if some else float("nan"),
        "gini_nothing": inequality_measures.gini(before, people) if some else float("nan"),
    }


def outcomes(outcome: Outcome) -> dict[str, Floats]:
    """Return the figures that are followed over draws, by name; arrays [n], or numbers.

    "served", "share", "least", "gini", "cost", "cost_per_person", each after "service: ".
    """
    case, found = outcome.case, {}
    cost = np.nansum(outcome.cost, axis=(-3, -1))
    for i, service in enumerate(case.services):
        need, after = outcome.need[..., i, -1], outcome.after[..., i, -1]
        known = ~np.isnan(after)
        if not known.any():
            continue
        share = np.where(need > 0, after / np.where(need > 0, need, 1.0), np.nan)
        total = np.where(known, need, 0.0).sum(axis=-1)
        person_years = np.nansum(outcome.served[..., i, :], axis=(-2, -1))
        found[f"{service}: served"] = np.nansum(outcome.served[..., i, -1], axis=-1)
        found[f"{service}: share"] = np.nansum(after, axis=-1) / total
        found[f"{service}: least"] = np.nanmin(share, axis=-1)
        found[f"{service}: gini"] = _gini(share, np.where(known, case.people, 0.0))
        found[f"{service}: cost"] = cost[..., i]
        each = np.where(person_years > 0, person_years, np.nan)
        found[f"{service}: cost_per_person"] = cost[..., i] / each
    return found


def _service(
    case: Case, own: Mapping[str, float | Floats], place: int, bought: Floats
) -> dict[str, Floats]:
    """Return one service's arrays [..., A, T]; `today` has one year."""
    service = case.services[place]
    share, size, capital, running = (
        _cell(own, service, cell) for cell in ("need", "capacity", "capital", "running")
    )
    count = case.count[:, place, None]
    need, nothing, after, fresh = _met(case, own, place, bought)
    stands = case.start[:, place, None] * size
    if f"{service}.running" in case.per_use:
        running = running * size
    unknown = np.isnan(capital) & np.isnan(running)
    shape = np.broadcast_shapes(need.shape, stands.shape, fresh.shape, running.shape)

    def full(array: Floats) -> Floats:
        return np.broadcast_to(array, shape)

    return {
        "need": full(need),
        "today": full(np.minimum(count * share, stands)),
        "nothing": full(nothing),
        "after": full(after),
        "added": full(fresh * size),
        "open": full(fresh),
        "capital": full(np.where(unknown, np.nan, np.nan_to_num(capital)) * bought),
        "running": full(np.where(unknown, np.nan, np.nan_to_num(running * fresh))),
    }


def _met(
    case: Case, own: Mapping[str, float | Floats], place: int, bought: Floats, first: int = 0
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return need, met doing nothing, met with the plan, new units open [..., A, T].

    `first`: the first year that is wanted; -1 the last alone.
    """
    service = case.services[place]
    share, size, life, lag = (
        _cell(own, service, cell) for cell in ("need", "capacity", "life", "lag")
    )
    need = case.count[:, place, None] * share * case.growth[:, place, first:]
    fresh = open_units(bought, np.nan_to_num(lag), np.where(np.isnan(life), np.inf, life))
    # A lag that nobody knows is not 0: once a unit is bought nobody can say what is open.
    late = np.isnan(lag) & (np.cumsum(bought, axis=-1) > 0)
    fresh = np.where(late, np.nan, fresh)[..., first:]
    stands = case.start[:, place, None] * size
    nothing = np.minimum(need, stands)
    after = np.where(stands >= need, nothing, np.minimum(need, stands + fresh * size))
    return need, nothing, after, fresh


def _cell(own: Mapping[str, float | Floats], service: str, cell: str) -> Floats:
    value = np.asarray(own.get(f"{service}.{cell}", np.nan), dtype=float)
    return value[..., None, None]


def open_units(bought: Floats, lag: Floats, life: Floats) -> Floats:
    """Return the new units open [..., A, T] from those bought [A, T].

    Years are whole: a drawn lag of 1.2 years is taken as 1, not as 2.
    """
    lag = np.rint(lag)
    years = bought.shape[-1]
    age = np.arange(years)[None, :] - np.arange(years)[:, None]
    runs = (age >= 0) & (age - lag >= 0) & (age - lag < life)
    found: Floats = np.matmul(bought, runs.astype(float))
    return found


def _stacked(parts: list[Floats]) -> Floats:
    shape = np.broadcast_shapes(*(part.shape for part in parts))
    return np.stack([np.broadcast_to(part, shape) for part in parts], axis=-2)


def _gini(values: Floats, people: Floats) -> Floats:
    """Return the people-weighted Gini of [..., A]; as `inequality_measures.gini`, over draws."""
    y = np.where(people > 0, np.nan_to_num(values), 0.0)
    p = np.broadcast_to(people / people.sum(axis=-1, keepdims=True), y.shape)
    order = np.argsort(y, axis=-1)
    y, p = np.take_along_axis(y, order, -1), np.take_along_axis(p, order, -1)
    mean = (p * y).sum(axis=-1)
    middle = np.cumsum(p, axis=-1) - p / 2
    spread = (p * y * (2 * middle - 1)).sum(axis=-1)
    return np.where(mean > 0, spread / np.where(mean > 0, mean, 1.0), np.nan)


def _ratio(part: Floats | float, whole: Floats | float) -> Floats:
    some = np.asarray(whole) > 0
    return np.where(some, np.asarray(part) / np.where(some, whole, 1.0), np.nan)


def _sum(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.sum()) if known.size else float("nan")
