"""Visitors and their kernels: a kernel without its page, or with one that sleeps, is ended.

The view is kept by the page's address, so a visitor who comes back sees what was left.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from canheal_nb.serve import frames
from canheal_nb.serve.admission import Admission, Limits, Place, Visit

NEVER_CONNECTED_SECONDS = 60.0  # a page that was loaded connects within seconds
APART_SECONDS = 600.0  # a page that lost its connection finds its kernel again
APART_SECONDS_IN_A_CROWD = 60.0
IDLE_SECONDS = 3600.0  # a page that is open and says nothing
LOADING_SECONDS = 600.0
CHECK_SECONDS = 5.0
LOG = logging.getLogger(__name__)


class Sessions:
    """Who is here: lets visitors in, ends what they leave. `manager` is Jupyter's, of kernels."""

    def __init__(self, limits: Limits, manager: Any) -> None:
        self.admission = Admission(limits)
        self._manager = manager

    def enter(self, network: str, ticket: str) -> Visit | None:
        """Let a visitor in, if it is the turn; the handler that asks calls `loaded` at its end."""
        self._forget_ended()
        return self.admission.enter(network, ticket, time.monotonic())

    def wait(self, network: str, ticket: str) -> Place:
        """Give or keep a place in the line; `admission.Full` when there is none."""
        return self.admission.wait(network, ticket, time.monotonic())

    def before(self, place: Place) -> int:
        """Return how many stand before a place."""
        return self.admission.before(place, time.monotonic())

    def may_enter(self, place: Place) -> bool:
        """Say whether a place's visitor would be let in now."""
        self._forget_ended()
        return self.admission.may_enter(place, time.monotonic())

    def loaded(self, visit: Visit) -> None:
        """Note that a page is made; a visit that got no kernel is over."""
        visit.loading = False
        visit.apart = time.monotonic()
        if not visit.kernel:
            self.admission.leave(visit)

    def heard(self, kernel_id: str) -> None:
        """Note that the page of a kernel sent something."""
        for visit in self.admission.visits:
            if visit.kernel == kernel_id:
                visit.heard = time.monotonic()

    async def end_left(self) -> None:
        """End the kernels of pages that never came, are gone, or say nothing for long."""
        self._forget_ended()
        for visit in list(self.admission.visits):
            if visit.kernel and self._is_left(visit, time.monotonic()):
                await self._end(visit)

    def _is_left(self, visit: Visit, now: float) -> bool:
        if frames.connections(visit.kernel):
            visit.met, visit.apart = True, None
            return now - visit.heard > IDLE_SECONDS
        if visit.apart is None:
            visit.apart = now
        apart = now - visit.apart
        if visit.loading:
            return apart > LOADING_SECONDS
        if not visit.met:
            return apart > NEVER_CONNECTED_SECONDS
        return apart > (APART_SECONDS_IN_A_CROWD if self.admission.waiting else APART_SECONDS)

    async def _end(self, visit: Visit) -> None:
        for connection in frames.connections(visit.kernel):
            connection.tell_ended()
        try:
            await self._manager.shutdown_kernel(visit.kernel)
        except Exception:  # tried again at the next check, unless it has ended by itself
            LOG.exception("The kernel %s could not be ended", visit.kernel)

    def _forget_ended(self) -> None:
        for visit in list(self.admission.visits):
            if visit.kernel and visit.kernel not in self._manager:
                self.admission.leave(visit)
                frames.forget(visit.kernel)


class KernelsForVisit:
    """The kernel manager as one page load sees it: which kernel it was given is noted."""

    def __init__(self, manager: Any, visit: Visit) -> None:
        self._manager, self._visit = manager, visit

    def __getattr__(self, name: str) -> Any:
        return getattr(self._manager, name)

    async def start_kernel(self, **given: Any) -> str:
        """Start a kernel; return its id."""
        kernel_id = str(await self._manager.start_kernel(**given))
        self._visit.kernel = kernel_id
        return kernel_id

    async def get_rendered_notebook(self, **given: Any) -> Any:
        """Take a warm kernel; return what Voilà asks for, its id last."""
        found = await self._manager.get_rendered_notebook(**given)
        self._visit.kernel = str(found[-1])
        return found
