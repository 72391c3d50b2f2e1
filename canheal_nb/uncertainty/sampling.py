"""Draw what is uncertain: every sourced interval and stated range, again and again the same.

A draw of one parameter depends on the seed, the parameter's stream and the number of the draw,
on nothing else: two scenarios that use the same parameter meet the same futures (common random
numbers), draws 500 to 999 are the same whether or not 0 to 499 were made, and adding a parameter
changes no other. Shapes by inverse transform: PERT (Malcolm and others 1959; beta with weight 4 on
the mode), triangular, uniform, and log-normal for ratios, whose bounds are then read as a 95 %
confidence interval. A contrast (bounds that are two cases, no interval) is never drawn.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Philox
from numpy.typing import NDArray
from scipy import special

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

Floats = NDArray[np.float64]

LIVE = 1_000
ON_DEMAND = 10_000
FIXED, PERT, TRIANGULAR, UNIFORM, LOG_NORMAL = "fixed", "pert", "triangular", "uniform", "lognormal"
SHAPES = (FIXED, PERT, TRIANGULAR, UNIFORM, LOG_NORMAL)
_CONTRAST = "contrast"
_MODE_WEIGHT = 4.0
_Z95 = float(special.ndtri(0.975))
_MOST_SEED = 2**63 - 1
_PER_BLOCK = 4  # Philox makes four 64-bit numbers per step of its counter


@dataclass(frozen=True)
class Range:
    """How one parameter varies. `value` is NaN when it is not known, and so are its draws.

    `stream` names its random numbers: parameters of one stream rise and fall together, as do two
    cells that rest on one source. A `fixed` one does not vary.
    """

    name: str
    value: float
    low: float = math.nan
    high: float = math.nan
    shape: str = FIXED
    stream: str = ""

    def __post_init__(self) -> None:
        if self.shape not in SHAPES:
            text = _("{name}: {shape} is no shape of a range; there is: {known}.")
            known = ", ".join(SHAPES)
            raise UserError(text.format(name=self.name, shape=self.shape, known=known))
        if self.varies:
            _require_order(self)
        elif math.isinf(self.value):
            text = _("{name}: the value must be finite.")
            raise UserError(text.format(name=self.name), code="wrong-number")

    @property
    def varies(self) -> bool:
        """Whether its draws differ."""
        return self.shape != FIXED

    @property
    def centre(self) -> float:
        """The best guess: the value, or the middle of a range without one."""
        missing = math.isnan(self.value) and self.varies
        return (self.low + self.high) / 2 if missing else self.value


def ranges(rows: pd.DataFrame, *, shape: str = PERT) -> tuple[Range, ...]:
    """Return the range of each row of parameters or assumptions; the index names them.

    Columns: `value`, `low`, `high` (NaN where not known), and, where there are such, `unit`,
    `range_kind` ("contrast" is never drawn), `stream`, `shape` (overrides the choice). `shape` is
    for rows with all three numbers: "pert" or "triangular"; with both bounds and no value the row
    is uniform, a ratio (its unit says so) is log-normal, and a row with one bound or none stays at
    its value. Raises UserError where the bounds do not hold the value, or are not finite.
    """
    if shape not in (PERT, TRIANGULAR):
        text = _("A range with a value is drawn as pert or triangular, not as {shape}.")
        raise UserError(text.format(shape=shape), code="unknown-shape")
    found = []
    for name, row in zip(rows.index, rows.to_dict("records"), strict=True):
        value, low, high = (_number(row[column]) for column in ("value", "low", "high"))
        chosen = _text(row.get("shape")) or _shape(
            value, low, high, _text(row.get("unit")), _text(row.get("range_kind")), shape
        )
        stream = _text(row.get("stream")) or str(name)
        found.append(Range(str(name), value, low, high, chosen, stream))
    return tuple(found)


def _shape(value: float, low: float, high: float, unit: str, kind: str, shape: str) -> str:
    """Return how a row varies: MODEL's rule."""
    if kind == _CONTRAST or math.isnan(low) or math.isnan(high) or low == high == value:
        return FIXED
    if math.isnan(value):
        return UNIFORM
    return LOG_NORMAL if "ratio" in unit.split() else shape


def sample(
    given: Iterable[Range], seed: int, first: int = 0, last: int = LIVE
) -> dict[str, Floats]:
    """Return draws `first` to `last` (not included) of every range, by name.

    Raises UserError for a negative seed, an empty span, or a name that occurs twice.
    """
    _require_span(seed, first, last)
    made: dict[str, Floats] = {}
    for one in given:
        if one.name in made:
            text = _("{name} is listed twice among the inputs; name each once.")
            raise UserError(text.format(name=one.name), code="twice")
        if one.varies:
            made[one.name] = quantiles(one, uniforms(seed, one.stream or one.name, first, last))
        else:
            made[one.name] = np.full(last - first, one.value)
    return made


def centres(given: Iterable[Range]) -> dict[str, float]:
    """Return the best guess of every range, by name: what a run without draws uses."""
    return {one.name: one.centre for one in given}


def held(draws: Mapping[str, Floats], fixed: Mapping[str, float]) -> dict[str, Floats]:
    """Return the draws with some inputs held at a value: a named future.

    Raises UserError for a name that is not among the draws.
    """
    for name in fixed:
        if name not in draws:
            text = _("{name} is not among the inputs; there is: {known}.")
            known = ", ".join(sorted(draws)) or _("none")
            raise UserError(text.format(name=name, known=known), code="unknown-input")
    return {
        name: np.full(len(drawn), float(fixed[name])) if name in fixed else drawn
        for name, drawn in draws.items()
    }


def uniforms(seed: int, stream: str, first: int, last: int) -> Floats:
    """Return the numbers `first` to `last` of a stream, strictly between 0 and 1.

    Philox 4x64 (Salmon and others 2011) counts, so any part of a stream is made without the rest.
    """
    _require_span(seed, first, last)
    digest = hashlib.sha256(f"{seed}\x1f{stream}".encode()).digest()
    key = np.frombuffer(digest[:16], dtype="<u8").astype(np.uint64)
    skip = first % _PER_BLOCK
    raw = Philox(counter=first // _PER_BLOCK, key=key).random_raw(last - first + skip)[skip:]
    return ((raw >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def quantiles(one: Range, shares: Floats) -> Floats:
    """Return the values of a range below which these shares (0 to 1) of its draws lie."""
    width = one.high - one.low
    if one.shape == UNIFORM:
        return np.asarray(one.low + shares * width)
    if one.shape == LOG_NORMAL:
        sigma = (math.log(one.high) - math.log(one.low)) / (2 * _Z95)
        return np.asarray(np.exp(math.log(one.value) + sigma * special.ndtri(shares)))
    if one.shape == FIXED:
        return np.full(len(shares), one.value)
    mode = (one.value - one.low) / width
    if one.shape == PERT:
        alpha, beta = 1 + _MODE_WEIGHT * mode, 1 + _MODE_WEIGHT * (1 - mode)
        return np.asarray(one.low + width * special.betaincinv(alpha, beta, shares))
    rising = np.sqrt(shares * mode)
    falling = 1 - np.sqrt((1 - shares) * (1 - mode))
    return np.asarray(one.low + width * np.where(shares < mode, rising, falling))


def _require_order(one: Range) -> None:
    """Refuse bounds that are not finite, not in order, or do not hold the value."""
    bounds = (one.low, one.high)
    inside = math.isnan(one.value) or one.low <= one.value <= one.high
    if not all(map(math.isfinite, bounds)) or not one.low < one.high or not inside:
        text = _("{name}: the range {low} to {high} must rise and hold the value {value}.")
        said = text.format(name=one.name, low=one.low, high=one.high, value=one.value)
        raise UserError(said, code="wrong-range")
    if math.isnan(one.value) and one.shape != UNIFORM:
        text = _("{name}: a range without a value can only be uniform, not {shape}.")
        raise UserError(text.format(name=one.name, shape=one.shape), code="wrong-range")
    if one.shape == LOG_NORMAL and one.low <= 0:
        text = _("{name}: a ratio must be above 0, and its lower bound is {low}.")
        raise UserError(text.format(name=one.name, low=one.low), code="wrong-range")


def _require_span(seed: int, first: int, last: int) -> None:
    if not 0 <= seed <= _MOST_SEED:
        text = _("The seed {seed} must be a whole number from 0 up.")
        raise UserError(text.format(seed=seed), code="wrong-seed")
    if not 0 <= first < last:
        text = _("There are no draws from {first} to {last}; ask for one at least.")
        raise UserError(text.format(first=first, last=last), code="wrong-draws")


def _number(cell: object) -> float:
    return math.nan if pd.isna(cell) or cell == "" else float(str(cell))


def _text(cell: object) -> str:
    return "" if cell is None or pd.isna(cell) else str(cell)


SOURCED, ASSUMED, NONE = "sourced", "assumed", "none"
