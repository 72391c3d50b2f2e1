"""From the answers of one person, as they are handed in, to weights: one door for all methods.

Answers by method (all texts): swing and euros: service -> points or euros; ranking: service ->
place, from 1; bwm: `best`, `worst`, `over.x` and `under.x` -> times, 1 to 9; ahp: `x.y` ->
times, "3" or "1/3", for x before y in the order of the services.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

from canheal_nb.priorities.model import weighting
from canheal_nb.priorities.model.ahp import Hierarchy, hierarchy, matrix
from canheal_nb.priorities.model.best_worst import best_worst
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

Method = Literal["swing", "ranking", "euros", "bwm", "ahp"]
METHODS: tuple[Method, ...] = get_args(Method)
LONGEST = 12  # signs of one answer


@dataclass(frozen=True)
class Weighed:
    """Weights by service; empty until enough is answered.

    `given` of `asked` answers are there; `hierarchy`: what comparisons two at a time say;
    `strain`: the largest contradiction of the best-worst method.
    """

    weights: dict[str, float]
    given: int
    asked: int
    hierarchy: Hierarchy | None = None
    strain: float | None = None


def number(text: str) -> float:
    """Return a number from "3", "0.5" or "1/3"; raises UserError for anything else."""
    above, _slash, below = text.partition("/")
    try:
        if len(text) > LONGEST or not text.isascii() or "_" in text:
            raise ValueError
        return float(above) / float(below or "1")
    except (ValueError, ZeroDivisionError):
        shown = ascii(text[:LONGEST])
        raise UserError(
            _("{answer} is not a number; write it like 3, 0.5 or 1/3.").format(answer=shown),
            code="not-a-number",
        ) from None


def keys(method: Method, services: Sequence[str], best: str = "", worst: str = "") -> list[str]:
    """Return the names of the answers that a method asks for."""
    if method == "ahp":
        return [f"{first}.{second}" for first, second in combinations(services, 2)]
    if method == "bwm":
        over = [f"over.{one}" for one in services if best and one != best]
        under = [f"under.{one}" for one in services if worst and one not in (best, worst)]
        return ["best", "worst", *over, *under]
    return list(services)


def compared(method: Method, answers: Mapping[str, str], services: Sequence[str]) -> list[str]:
    """Return the services that handed-in answers are about, in the order of `services`."""
    named = {part for key in answers for part in key.split(".")}
    named |= {answers.get("best", ""), answers.get("worst", "")}
    return [one for one in services if one in named] if method in ("bwm", "ahp") else list(services)


def weigh(method: Method, answers: Mapping[str, str], services: Sequence[str]) -> Weighed:
    """Return the weights that answers give over services; both orders are of no matter.

    swing weighs what has points so far, ranking the places 1 to k once none is missing or twice,
    euros once 100 are shared out, bwm and ahp once everything is compared.
    Raises UserError for an answer that is no number or out of range.
    """
    best, worst = answers.get("best", ""), answers.get("worst", "")
    asked = keys(method, services, best, worst)
    here = {key: answers[key] for key in asked if answers.get(key)}
    counts = (len(here), len(asked))
    numbers = {key: number(text) for key, text in here.items() if key not in ("best", "worst")}
    whole = len(here) == len(asked)
    if method == "ahp":
        if not whole or len(services) < 2:
            return Weighed({}, *counts)
        pairs = {pair: numbers[".".join(pair)] for pair in combinations(services, 2)}
        found = hierarchy(services, matrix(services, pairs))
        return Weighed(found.weights, *counts, hierarchy=found)
    if method == "bwm":
        if not whole or best == worst or not {best, worst} <= set(services):
            return Weighed({}, *counts)
        over, under = (
            {s: numbers[f"{side}.{s}"] for s in services if f"{side}.{s}" in numbers}
            for side in ("over", "under")
        )
        fitted = best_worst(services, best, worst, over, under)
        return Weighed(fitted.weights, *counts, strain=fitted.strain)
    return Weighed(_simple(method, numbers), *counts)


def _simple(method: Method, numbers: Mapping[str, float]) -> dict[str, float]:
    if method == "ranking":
        placed = sorted(numbers, key=numbers.__getitem__)
        even = [numbers[one] for one in placed] == list(range(1, len(placed) + 1))
        return weighting.ranking(placed) if even else {}
    if method == "euros":
        whole = abs(sum(numbers.values()) - weighting.EUROS) < 1e-9
        return weighting.euros(numbers) if whole else {}
    return weighting.swing(numbers) if any(numbers.values()) else {}
