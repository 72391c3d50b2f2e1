"""How much less a centre counts the longer the way: decays as plain, frozen data.

A decay gives each travel time (minutes) a weight; beyond its `limit` there is none. A time of
exactly the limit, or exactly at a step, is inside. Weights may be above 1: only their ratios
matter, except to the method "m2sfca", which takes none above 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

Floats = NDArray[np.float64]
# Beyond these a weight, or its square, would get lost in floating point.
SMALLEST, LARGEST = 1e-100, 1e100


class Decay(Protocol):
    """What every decay offers. Decays are hashable, so that weights can be kept by them."""

    def __hash__(self) -> int: ...

    @property
    def limit(self) -> float:
        """Minutes beyond which a centre does not count."""

    def weights(self, minutes: ArrayLike) -> Floats:
        """Return the weight of each time, as if there were no limit."""


@dataclass(frozen=True)
class Step:
    """Weights in steps: `steps` are pairs of (minutes, weight), times going up, weights not.

    Luo and Qi 2009 use such steps; PySAL's documentation gives 20: 1, 40: 0.68, 60: 0.22.
    """

    steps: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if not self.steps:
            raise _refusal(_("A decay in steps has no step: give at least one time and weight."))
        last_time, last_weight = -1.0, LARGEST
        for minutes, weight in self.steps:
            _check(_("time of a step"), minutes, 0.0)
            _check(_("weight of a step"), weight, SMALLEST)
            if minutes <= last_time:
                text = _("Step times must go up, but {b} minutes follow {a}: put them in order.")
                raise _refusal(text.format(a=last_time, b=minutes))
            if weight > last_weight:
                text = _("A weight may not rise with time, but {b} follows {a}: lower it.")
                raise _refusal(text.format(a=last_weight, b=weight))
            last_time, last_weight = minutes, weight

    @property
    def limit(self) -> float:
        """The last step's time."""
        return self.steps[-1][0]

    def weights(self, minutes: ArrayLike) -> Floats:
        """Return the weight of the step each time is in; 0 beyond the last."""
        times, weights = zip(*self.steps, strict=True)
        edges = np.asarray(times, dtype=np.float32)
        place = np.searchsorted(edges, np.asarray(minutes, dtype=np.float32), side="left")
        return np.asarray([*weights, 0.0])[place]


@dataclass(frozen=True)
class Gaussian:
    """exp(-t² / 2 width²): 1 at once, 0.607 at `width` minutes; cut off at `limit`."""

    width: float
    limit: float

    def __post_init__(self) -> None:
        _check(_("limit"), self.limit, 0.0)
        _check(_("width of a Gaussian decay"), self.width, SMALLEST)
        _keeps(self, self.limit)

    def weights(self, minutes: ArrayLike) -> Floats:
        """Return the weight of each time."""
        t = np.asarray(minutes, dtype=np.float64)
        return np.asarray(np.exp(-0.5 * (t / self.width) ** 2))


@dataclass(frozen=True)
class InversePower:
    """(t / scale) to the power -`power`, as in a gravity model; cut off at `limit`.

    Times below `least` minutes count as `least`: at 0 the weight would be without end.
    """

    scale: float
    power: float
    least: float
    limit: float

    def __post_init__(self) -> None:
        _check(_("limit"), self.limit, 0.0)
        _check(_("scale of an inverse power"), self.scale, SMALLEST)
        _check(_("power of an inverse power"), self.power, SMALLEST)
        _check(_("least time of an inverse power"), self.least, SMALLEST)
        _keeps(self, self.limit)
        _keeps(self, 0.0)

    def weights(self, minutes: ArrayLike) -> Floats:
        """Return the weight of each time."""
        t = np.maximum(np.asarray(minutes, dtype=np.float64), self.least)
        return np.asarray((t / self.scale) ** -self.power)


def flat(limit: float) -> Step:
    """Return the decay of the first two-step method: 1 up to `limit` minutes, then nothing."""
    return Step(((limit, 1.0),))


def steps(weights: Mapping[float, float]) -> Step:
    """Return a decay in steps from a mapping such as {20: 1, 40: 0.68, 60: 0.22}."""
    return Step(tuple((float(minutes), float(weight)) for minutes, weight in weights.items()))


def _check(what: str, value: float, least: float) -> None:
    if math.isfinite(value) and value >= least:
        return
    zero = _("The {what} is {value}: give a number that is 0 or more.")
    above = _("The {what} is {value}: give a number above 0.")
    raise _refusal((above if least else zero).format(what=what, value=value))


def _keeps(decay: Decay, minutes: float) -> None:
    with np.errstate(over="ignore", under="ignore"):
        weight = float(decay.weights(minutes))
    if not SMALLEST <= weight <= LARGEST:
        text = _(
            "The weight at {minutes:g} minutes is {weight:.3g}, too extreme to compute with: "
            "choose a gentler decay or a nearer limit."
        )
        raise _refusal(text.format(minutes=minutes, weight=weight))


def _refusal(sentence: str) -> UserError:
    return UserError(sentence, code="impossible-decay")
