"""A long search for a better plan, in rounds that each may take longer, kept while a kernel lives.

The first answer is the best plan of a short search. While it is read, the search goes on: each
round starts afresh with more time, and its plan is taken where its gap is smaller, so that there
is a plan with its gap at any moment and stopping loses at most the round that is going on.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from canheal_nb.funding.model.planning import Planned
from canheal_nb.screens.background_work import Tell, Work
from canheal_nb.solver.problem import Stop
from canheal_nb.text.errors import UserError

FIRST = 1.0  # seconds of the search that the first answer waits for
ROUNDS = (4.0, 14.0, 40.0)
MOST = FIRST + sum(ROUNDS)
GAP = 1e-3  # a plan this near to its bound is not searched on
TICK = 1.0  # seconds between two signs that the search goes on
KEPT = 16
Ask = Callable[[float, Stop | None], Planned]


class Search(Work):
    """The search for one plan: the best so far, how long it took, whether it is over."""

    def __init__(self, key: Hashable, ask: Ask, rounds: tuple[float, ...] = ROUNDS) -> None:
        """Find the first plan. Raises UserError where there is none."""
        super().__init__(key, self._go_on)
        self._ask, self._rounds = ask, rounds
        began = time.perf_counter()
        self.best = ask(FIRST, None)
        self.spent = time.perf_counter() - began
        self.version, self.rounds = 0, 0

    @property
    def over(self) -> bool:
        """Whether nothing is left to search: near enough, a rule of thumb, or out of rounds."""
        near = bool(self.best.rule) or self.best.plan.gap <= GAP
        return near or not self.best.problem.coupled or self.rounds >= len(self._rounds)

    def _go_on(self, tell: Tell, stop: threading.Event) -> None:
        while not self.over and not stop.is_set():
            before, began = self.spent, time.perf_counter()
            told = began

            def watched(before: float = before, began: float = began) -> bool:
                nonlocal told
                now = time.perf_counter()
                self.spent = before + now - began
                if now - told >= TICK:
                    told = now
                    tell()
                return stop.is_set()

            try:
                found = self._ask(self._rounds[self.rounds], watched)
            except UserError:  # no plan in this round; the one before stays
                found = None
            self.spent = before + time.perf_counter() - began
            if stop.is_set():
                return
            if found is not None and found.plan.gap < self.best.plan.gap:
                self.best = found
                self.version += 1
            self.rounds += 1
            tell()


_searches: OrderedDict[Hashable, Search] = OrderedDict()


def search(key: Hashable, ask: Ask) -> Search:
    """Return the search under a key, begun with its first plan where there is none yet."""
    if key not in _searches:
        _searches[key] = Search(key, ask)
        while len(_searches) > KEPT:
            _searches.popitem(last=False)
    _searches.move_to_end(key)
    return _searches[key]
