"""What an allocation is asked and what it answers: arrays only, no tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

Array = NDArray[np.float64]
Stop = Callable[[], bool]
Progress = Callable[[str, float], None]
OBJECTIVES = ("most_need_met", "max_min", "lexicographic", "least_cost")
FLAT = ((1.0, 1.0),)


@dataclass(frozen=True)
class Staff:
    """People whom new units need. `have` counts those free for new units, not all employed.

    per_unit[I, R] people for one unit; have[A, R, T]; places[A, R, T] the most training
    places that may be opened (none if absent), each costing place_cost[R] in the year it is
    opened; those trained work `train_lag[R]` years later.
    """

    per_unit: Array
    have: Array
    train_lag: Array
    places: Array | None = None
    place_cost: Array | None = None


@dataclass(frozen=True)
class Cofunding:
    """The share the EU pays, eu_share[A], and what a country can pay of the rest, purse[A, T].

    With co-funding the budget is the EU's: only its share of each cost is taken from it.
    """

    eu_share: Array
    purse: Array


@dataclass(frozen=True)
class Problem:
    """Areas A, interventions I, years T. Units are bought whole.

    need[A, I] or [A, I, T] persons a year; start_units[A, I] (not a number: today's capacity is
    not known and counts as 0: "added capacity only"); capacity[I] or [A, I] persons per unit
    and year; cost[A, I] or [A, I, T] for one unit, all-in, in the year it is bought;
    weights[A, I] (1 if absent); segments: (share of need, value of one person covered), shares
    summing to 1, values never rising; budget[T]; caps and floors [A, I]: total units bought;
    locked {(a, i) or (a, i, t): units bought}; absorption[A, T]: the most an area can spend;
    lag[I]: years from buying to opening; life[I]: years open;
    least_cover[A, I]: the least share of need covered in the last year, today's included.
    """

    need: Array
    start_units: Array
    capacity: Array
    cost: Array
    budget: Array
    weights: Array | None = None
    segments: tuple[tuple[float, float], ...] = FLAT
    carry_over: bool = False
    caps: Array | None = None
    floors: Array | None = None
    locked: Mapping[tuple[int, ...], int] = field(default_factory=dict)
    absorption: Array | None = None
    cofunding: Cofunding | None = None
    staff: Staff | None = None
    lag: Array | None = None
    life: Array | None = None
    least_cover: Array | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """Areas, interventions, years."""
        areas, services = self.need.shape[:2]
        return areas, services, len(np.atleast_1d(self.budget))

    @property
    def coupled(self) -> bool:
        """Whether more than one budget ties the cells together."""
        extra = (self.absorption, self.cofunding, self.staff, self.least_cover)
        late = self.lag is not None and bool(np.any(self.lag > 0))
        placed = any(len(key) == 3 for key in self.locked)
        return self.shape[2] > 1 or late or placed or any(each is not None for each in extra)

    def over_years(self, values: Array) -> Array:
        """Return [A, I, T] from [A, I] or [A, I, T]."""
        areas, services, years = self.shape
        wide = values[:, :, None] if values.ndim == 2 else values
        return np.broadcast_to(wide, (areas, services, years)).astype(float)

    @property
    def weight(self) -> Array:
        """Weights[A, I], 1 where none is given."""
        areas, services, _years = self.shape
        given = np.ones((areas, services)) if self.weights is None else self.weights
        return np.broadcast_to(np.asarray(given, dtype=float), (areas, services))

    def open_units(self, units: Array) -> Array:
        """Return the units open in each year, today's included, from the units bought."""
        _areas, services, years = self.shape
        lag = np.zeros(services) if self.lag is None else self.lag
        life = np.full(services, np.inf) if self.life is None else self.life
        start = np.nan_to_num(self.start_units)[:, :, None]
        running = np.zeros(units.shape)
        for bought in range(years):
            for year in range(bought, years):
                age = year - bought - lag
                running[:, :, year] += units[:, :, bought] * ((age >= 0) & (age < life))
        return start + running


@dataclass(frozen=True)
class Binding:
    """A constraint that leaves no room.

    Kind: budget, cap, floor, locked, absorption, purse, staff, target, least_cover, places;
    where: indices of area, intervention or role, year (-1 where it has none);
    slack: what is left, in the constraint's own unit.
    """

    kind: str
    where: tuple[int, int, int]
    slack: float
    limit: float = float("nan")


@dataclass(frozen=True)
class Plan:
    """Units bought [A, I, T], and how good that is.

    objective: value of all cover (today's included), or the least share covered (max_min and
    lexicographic), or money (least_cost). bound: no plan can be better. gap: of the gain over
    buying nothing beyond floors, (bound - objective) / (bound - nothing), or of the cost.
    """

    units: Array
    objective: float
    bound: float
    gap: float
    seconds: float
    method: str
    goal: str = "most_need_met"
    binding: tuple[Binding, ...] = ()
    not_modelled: tuple[str, ...] = ()
    alternatives: tuple[Array, ...] = ()
    stopped: bool = False
    trained: Array | None = None


@dataclass(frozen=True)
class Relaxation:
    """By how much one constraint must give: `needs` beyond its `limit`, in its own unit."""

    kind: str
    where: tuple[int, int, int]
    limit: float
    needs: float


class Infeasible(UserError):  # noqa: N818
    """No plan keeps every constraint: which clash, and the least that would make room.

    clash: with all of them no plan exists; without any one of them one does (`minimal`; False
    where time ran out before that was sure). relaxation: what must give, at the least in all.
    """

    def __init__(
        self,
        clash: tuple[Binding, ...] = (),
        relaxation: tuple[Relaxation, ...] = (),
        minimal: bool = True,
        sentence: str = "",
    ) -> None:
        kinds = ", ".join(sorted({each.kind for each in clash}))
        general = _(
            "No plan can keep all constraints: these clash: %(kinds)s. "
            "Raise the budget or loosen one of them."
        ) % {"kinds": kinds or "budget"}
        super().__init__(sentence or general, code="no-plan-fits")
        self.clash, self.relaxation, self.minimal = clash, relaxation, minimal


class Undecided(UserError):  # noqa: N818
    """Time ran out, or the reader stopped, before any plan was found."""

    def __init__(self) -> None:
        super().__init__(
            _("No plan was found in the time given. Give more time or fewer constraints."),
            code="no-plan-in-time",
        )


def check(problem: Problem, objective: str, target: Any) -> None:
    """Refuse what has no meaning, naming it."""
    slopes = [slope for _share, slope in problem.segments]
    shares = sum(share for share, _slope in problem.segments)
    known = {
        "need": problem.need,
        "capacity": problem.capacity,
        "cost": problem.cost,
        "budget": problem.budget,
        "weights": problem.weight,
    }
    for name, values in known.items():
        numbers = np.asarray(values, dtype=float)
        low = 0.0 if name in ("need", "weights", "budget") else np.nextafter(0.0, 1.0)
        if np.isnan(numbers).any() or (numbers < low).any():
            raise UserError(
                _(
                    "The allocation cannot use %(name)s: a value is missing or below what has "
                    "a meaning. Give every cell a number."
                )
                % {"name": name},
                code="allocation-input",
            )
    if sorted(slopes, reverse=True) != slopes or min(slopes) < 0 or abs(shares - 1) > 1e-9:
        raise UserError(
            _("Segments must share the whole need, and the value of a person never rise."),
            code="allocation-segments",
        )
    if objective not in OBJECTIVES:
        raise UserError(
            _("There is no goal %(goal)s. Choose one of: %(known)s.")
            % {"goal": objective, "known": ", ".join(OBJECTIVES)},
            code="allocation-goal",
        )
    if objective == "least_cost" and target is None:
        raise UserError(
            _("The goal least_cost needs a target: the least share of need to meet."),
            code="allocation-target",
        )
