"""What a scenario says must hold, as the limits of an allocation problem.

Only what the scenario names binds: a country without a line on money or staff is not limited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from canheal_nb.funding.model.scenario import Limit, Scenario
from canheal_nb.solver.problem import Array, Cofunding, Problem, Staff

PLENTY = 1e12


def bound(
    problem: Problem, scenario: Scenario, countries: Sequence[str], services: Sequence[str]
) -> Problem:
    """Return the problem with the scenario's floors, caps, locks, money and staff.

    `countries` and `services`: what the problem's first two axes are. A line on a service that
    is not planned has no effect.
    """
    rules, years = scenario.constraints, problem.shape[2]
    at = {country: place for place, country in enumerate(countries)}
    of = {service: place for place, service in enumerate(services)}
    floors = _units(rules.floors, at, of, 0.0)
    caps = _units(rules.caps, at, of, PLENTY)
    locked: dict[tuple[int, ...], int] = {
        (at[one.country], of[one.service], one.year - scenario.start): int(one.units)
        for one in rules.locked
        if one.service in of
    }
    absorption = None
    if rules.absorption:
        absorption = np.full((len(countries), years), PLENTY)
        for spending in rules.absorption:
            absorption[at[spending.country]] = spending.euros
    return replace(
        problem,
        floors=floors,
        caps=caps,
        locked=locked,
        absorption=absorption,
        cofunding=_cofunding(scenario, at, years),
        staff=_staff(scenario, at, of, years),
    )


def _units(
    limits: Sequence[Limit], at: dict[str, int], of: dict[str, int], default: float
) -> Array | None:
    kept = [one for one in limits if one.service in of]
    if not kept:
        return None
    found = np.full((len(at), len(of)), default)
    for one in kept:
        found[at[one.country], of[one.service]] = one.units
    return found


def _cofunding(scenario: Scenario, at: dict[str, int], years: int) -> Cofunding | None:
    given = scenario.constraints.cofunding
    if not given:
        return None
    share, purse = np.ones(len(at)), np.full((len(at), years), PLENTY)
    for one in given:
        share[at[one.country]], purse[at[one.country]] = one.eu_share, one.purse
    return Cofunding(share, purse)


def _staff(scenario: Scenario, at: dict[str, int], of: dict[str, int], years: int) -> Staff | None:
    """Return the people needed and free; nobody is trained, since no price for it is given."""
    roles = scenario.constraints.staff
    if not roles:
        return None
    per_unit = np.zeros((len(of), len(roles)))
    have = np.full((len(at), len(roles), years), PLENTY)
    for place, role in enumerate(roles):
        for service, people in role.per_unit:
            if service in of:
                per_unit[of[service], place] = people
        for country, people in role.free:
            have[at[country], place] = people
    return Staff(per_unit, have, np.array([float(role.training_years) for role in roles]))
