"""Who is faster, measured fairly: in turns, in one process, each as often as time allows."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

ROUNDS = 31
SECONDS = 8.0  # for one contender in one race; one that takes longer runs once


@dataclass(frozen=True)
class Run:
    """What a contender answered, and how long it took each time (seconds, the first left out)."""

    answer: Any
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of all times."""
        return median(self.seconds)

    @property
    def best(self) -> float:
        """The shortest time: what is least disturbed by other work on the machine."""
        return min(self.seconds)


def race(contenders: Mapping[str, Callable[[], Any]]) -> dict[str, Run]:
    """Run each once to warm up, then all in turns."""
    answers, spent = {}, {}
    for name, run in contenders.items():
        answers[name], spent[name] = _timed(run)
    times: dict[str, list[float]] = {
        name: [first] if first > SECONDS else [] for name, first in spent.items()
    }
    order = list(contenders)
    for _round in range(ROUNDS):
        order.append(order.pop(0))  # so that nobody always runs after the same other
        for name in order:
            if not times[name] or spent[name] < SECONDS:
                seconds = _timed(contenders[name])[1]
                times[name].append(seconds)
                spent[name] += seconds
    return {name: Run(answers[name], tuple(times[name])) for name in contenders}


def _timed(run: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    answer = run()
    return answer, time.perf_counter() - start
