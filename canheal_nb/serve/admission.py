"""Who gets a kernel: so many visitors at a time, of one network and in all; others wait in turn.

What a visitor takes was measured on the apps of this package, on Linux, with warm kernels, as the
difference between a server with visitors and one without, divided among them
(tests/serve_load/test_visitors_together.py prints both): see KERNEL_MB and KERNEL_DESCRIPTORS.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

KERNEL_MB = 95  # memory of a visitor: the proportional set size, shared pages split
KERNEL_DESCRIPTORS = 14  # of the server: pipes, sockets of both sides of Jupyter's channels, page
SHARE_OF_MEMORY = 0.75  # for kernels; the rest is for the server and for whoever else is there
# For files, the store, and pages that are being loaded or wait: a quarter, and never fewer.
FEWEST_KEPT_DESCRIPTORS = 64
MOST_WAITING = 500
MOST_WAITING_OF_ONE = 20
PRESENT_SECONDS = 20.0  # who did not ask for so long is passed over, and keeps the place
GONE_SECONDS = (
    75.0  # who did not ask for so long has lost it; pages in the background ask each minute
)


@dataclass(frozen=True)
class Limits:
    """How many visitors there may be, in all and of one network."""

    visitors: int
    of_one: int


def kept_descriptors(descriptors: int) -> int:
    """Return how many of a process's descriptors are not for kernels."""
    return max(FEWEST_KEPT_DESCRIPTORS, descriptors // 4)


def room_for_kernels(memory_mb: int, descriptors: int) -> int:
    """Return how many kernels a machine has room for; one at least, or nobody is served."""
    by_memory = int(memory_mb * SHARE_OF_MEMORY / KERNEL_MB)
    by_descriptors = (descriptors - kept_descriptors(descriptors)) // KERNEL_DESCRIPTORS
    return max(1, min(by_memory, by_descriptors))


@dataclass(eq=False)
class Visit:
    """A visitor who has a kernel, or for whom one is being started (`kernel` is empty).

    `heard`: when its page last sent something; `apart`: since when no page is connected, None while
    one is, in seconds of one clock. `met`: whether one ever was; `loading`: the page is being made.
    """

    network: str
    heard: float
    apart: float | None
    kernel: str = ""
    met: bool = False
    loading: bool = True


@dataclass(eq=False)
class Place:
    """A place in the line of those who wait: asked for with its ticket, seen last at a time."""

    ticket: str
    network: str
    seen: float


class Full(Exception):  # noqa: N818  # nothing is wrong
    """So many wait that no more may, in all or from this network."""


@dataclass
class Admission:
    """Lets visitors in: at once when there is room and nobody waits, else in turn."""

    limits: Limits
    visits: list[Visit] = field(default_factory=list)
    _waiting: dict[str, Place] = field(default_factory=dict)

    def enter(self, network: str, ticket: str, now: float) -> Visit | None:
        """Let in a visitor whose turn it is, with a ticket or without; None when it is not."""
        self._forget_gone(now)
        place = self._waiting.get(ticket)
        if place is not None:
            place.seen = now
        present = self._present(now)
        asking = place or Place("", network, now)
        line = present if asking in present else [*present, asking]
        if asking not in self._next(line):
            return None
        self._waiting.pop(ticket, None)
        visit = Visit(asking.network, heard=now, apart=now)
        self.visits.append(visit)
        return visit

    def wait(self, network: str, ticket: str, now: float) -> Place:
        """Give a place at the end, or keep the one of this ticket; Full when none is left."""
        self._forget_gone(now)
        place = self._waiting.get(ticket)
        if place is None:
            of_one = sum(one.network == network for one in self._waiting.values())
            if len(self._waiting) >= MOST_WAITING or of_one >= MOST_WAITING_OF_ONE:
                raise Full
            place = Place(secrets.token_urlsafe(12), network, now)
            self._waiting[place.ticket] = place
        place.seen = now
        return place

    def before(self, place: Place, now: float) -> int:
        """Return how many stand before a place: those who are still there."""
        present = self._present(now)
        return present.index(place) if place in present else len(present)

    def may_enter(self, place: Place, now: float) -> bool:
        """Say whether it is the turn of a place."""
        return place in self._next(self._present(now))

    def is_network_full(self, network: str) -> bool:
        """Say whether a network has as many visitors as one may have while there is room."""
        if len(self.visits) >= self.limits.visitors:
            return False
        return sum(visit.network == network for visit in self.visits) >= self.limits.of_one

    def leave(self, visit: Visit) -> None:
        """Free what a visitor took; nothing when that is done."""
        if visit in self.visits:
            self.visits.remove(visit)

    @property
    def waiting(self) -> int:
        """How many wait, with those who may have gone."""
        return len(self._waiting)

    def _next(self, line: Sequence[Place]) -> list[Place]:
        """Return who of a line may come in now: the first ones whose network has room."""
        free = self.limits.visitors - len(self.visits)
        taken = Counter(visit.network for visit in self.visits)
        chosen: list[Place] = []
        for place in line:
            if len(chosen) < free and taken[place.network] < self.limits.of_one:
                taken[place.network] += 1
                chosen.append(place)
        return chosen

    def _present(self, now: float) -> list[Place]:
        return [one for one in self._waiting.values() if now - one.seen <= PRESENT_SECONDS]

    def _forget_gone(self, now: float) -> None:
        gone = [key for key, one in self._waiting.items() if now - one.seen > GONE_SECONDS]
        for ticket in gone:
            del self._waiting[ticket]
