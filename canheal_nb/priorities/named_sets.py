"""The sets of priorities that a scenario may name: all alike, and the published snapshots."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from canheal_nb.priorities.model import priority_sets
from canheal_nb.priorities.model.priority_sets import PrioritySet
from canheal_nb.text.errors import UserError

if TYPE_CHECKING:
    from canheal_nb.priorities.snapshot_store import Published


class NamesPriorities(Protocol):
    """What names a set of priorities, as a scenario does; "" for none."""

    @property
    def priorities(self) -> str: ...


def known() -> dict[str, PrioritySet]:
    """Return the sets by name; only "equal" where there is no store or no snapshot in it."""
    return sets(told())


def sets(snapshots: Iterable[Published]) -> dict[str, PrioritySet]:
    """Return the sets by name that a scenario may name where these snapshots are told."""
    equal = priority_sets.equal()
    made = [
        priority_sets.of_snapshot(one.name, one.group, one.day.isoformat(), one.told)
        for one in snapshots
    ]
    return {one.name: one for one in [equal, *made] if one is not None}


def of(scenario: NamesPriorities) -> PrioritySet | None:
    """Return the set that a scenario names; None where it names none."""
    return known()[scenario.priorities] if scenario.priorities else None


def weights(scenario: NamesPriorities) -> Mapping[str, float] | None:
    """Return the weights of the set that a scenario names; None where it names none."""
    found = of(scenario)
    return None if found is None else found.weights


def least_people() -> Mapping[str, int | None]:
    """Return from how many people on weights are published, by pool of ways to answer."""
    from canheal_nb.priorities import snapshot_store

    return snapshot_store.least_people()


def told(as_of: dt.date | None = None) -> list[Published]:
    """Return every snapshot told up to a day, by day; none where there is no store to read."""
    from canheal_nb.priorities.snapshot_store import published
    from canheal_nb.store import open_store

    try:
        store = open_store(make=False)
    except UserError:  # no store, so nobody has handed anything in here
        return []
    try:
        return published(store, as_of)
    except UserError:
        return []
    finally:
        store.close()
