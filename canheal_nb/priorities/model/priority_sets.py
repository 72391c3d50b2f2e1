"""Sets of priorities by name: what a scenario's services weigh when a plan is searched for.

A set never changes need; it says how much meeting the need of each service counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from canheal_nb.need.model.services import SERVICES
from canheal_nb.priorities.model.snapshot_rules import Snapshot

EQUAL = "equal"


@dataclass(frozen=True)
class PrioritySet:
    """Weights by service, summing to one, with where they come from.

    `group`, `people`, `methods`, `day` (ISO) and `agreement` are those of the snapshot; empty,
    0 and "not_known" for the set in which all services count alike. `untold`: services about
    which too few people said anything; they count as the mean of the others.
    """

    name: str
    weights: Mapping[str, float]
    group: str = ""
    people: int = 0
    methods: tuple[str, ...] = ()
    day: str = ""
    agreement: str = "not_known"
    untold: tuple[str, ...] = field(default=())


def equal() -> PrioritySet:
    """Return the set in which all services count alike."""
    return PrioritySet(EQUAL, dict.fromkeys(SERVICES, 1 / len(SERVICES)))


def of_snapshot(name: str, group: str, day: str, told: Snapshot) -> PrioritySet | None:
    """Return a snapshot as a set; None where it tells the weight of no service.

    Told weights are rounded and need not sum to one; they are put to one again.
    """
    known = {service: told.weights[service] for service in SERVICES if service in told.weights}
    if not sum(known.values()) > 0:
        return None
    untold = tuple(service for service in SERVICES if service not in known)
    return PrioritySet(
        name, whole(known), group, told.people, told.methods, day, told.agreement, untold
    )


def whole(known: Mapping[str, float]) -> dict[str, float]:
    """Return weights of all services that sum to one; one that is not known counts as the mean.

    `known`: at least one weight, not all 0.
    """
    mean = sum(known.values()) / len(known)
    every = {service: known.get(service, mean) for service in SERVICES}
    total = sum(every.values())
    return {service: weight / total for service, weight in every.items()}
