"""What a policymaker would fund: one frozen value, and the units it adds by year.

Pure: nothing is loaded here. Money is in euros at the prices of ``Budget.price_year``.
"""

from __future__ import annotations

from dataclasses import dataclass

from canheal_nb.need.model.inputs import Assumption


@dataclass(frozen=True)
class Budget:
    """Euros: one ``total``, or ``by_year`` as (year, euros); what is left may be carried over."""

    total: float | None = None
    by_year: tuple[tuple[int, float], ...] = ()
    price_year: int = 2023
    carry_over: bool = True


@dataclass(frozen=True)
class Add:
    """More units of a service in a country, paid for in ``year``."""

    service: str
    country: str
    units: float
    year: int


@dataclass(frozen=True)
class Give:
    """A capability that an existing centre gains in ``year``."""

    centre: str
    capability: str
    year: int


@dataclass(frozen=True)
class Open:
    """A new centre with one capability, at degrees north and east, in ``year``."""

    name: str
    country: str
    latitude: float
    longitude: float
    capability: str
    year: int


@dataclass(frozen=True)
class Goal:
    """What a plan is to reach; ``target`` is a share of need met, 0 to 1."""

    objective: str = "most_need_met"
    target: float | None = None
    services: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limit:
    """Units of a service in a country over all years: a floor, or a cap."""

    service: str
    country: str
    units: float


@dataclass(frozen=True)
class Spending:
    """What a country can spend in a year, euros."""

    country: str
    euros: float


@dataclass(frozen=True)
class Cofunding:
    """The share the Union pays in a country, and what the country can pay of the rest a year."""

    country: str
    eu_share: float
    purse: float


@dataclass(frozen=True)
class Role:
    """People whom new units need: (service, people a unit); (country, people free for them)."""

    role: str
    per_unit: tuple[tuple[str, float], ...]
    free: tuple[tuple[str, float], ...]
    training_years: int = 0


@dataclass(frozen=True)
class Constraints:
    """What binds a plan; what is not here is not modelled. `locked`: exactly these units."""

    floors: tuple[Limit, ...] = ()
    caps: tuple[Limit, ...] = ()
    locked: tuple[Add, ...] = ()
    absorption: tuple[Spending, ...] = ()
    cofunding: tuple[Cofunding, ...] = ()
    staff: tuple[Role, ...] = ()


@dataclass(frozen=True)
class Scenario:
    """One scenario, as its author wrote it; ``start`` is its first calendar year."""

    title: str
    author: str
    why: str
    edition: str
    start: int
    years: int
    budget: Budget = Budget()
    services: tuple[str, ...] = ()
    changes: tuple[Add | Give | Open, ...] = ()
    goal: Goal = Goal()
    constraints: Constraints = Constraints()
    assumptions: tuple[Assumption, ...] = ()
    priorities: str = ""
    seed: int = 0


def added(scenario: Scenario) -> dict[tuple[str, str, int], float]:
    """Units added by (country, service, year); two changes of one cell are summed."""
    units: dict[tuple[str, str, int], float] = {}
    for change in scenario.changes:
        if isinstance(change, Add):
            cell = (change.country, change.service, change.year)
            units[cell] = units.get(cell, 0.0) + change.units
    return units
