"""Class bounds: every known value in exactly one class, bounds that can be said aloud."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from canheal_nb.charts.maps import class_bounds

tenths = st.integers(-50_000, 50_000).map(lambda n: n / 10)
counts = st.one_of(st.integers(0, 40), st.integers(0, 200_000))
skewed = st.one_of(st.sampled_from([0, 0, 0, 1, 1, 2]), counts)
many = {"min_size": 1, "max_size": 27}


def series(values: list[float]) -> pd.Series:
    return pd.Series(values, dtype="float64")


def figures(bound: float) -> int:
    """How many figures one says, without the noughts at either end."""
    return len(f"{Decimal(str(bound)):f}".replace(".", "").replace("-", "").strip("0"))


def values_and_bounds(values: list[float], whole: bool) -> tuple[pd.Series, list[float]]:
    return series(values), class_bounds.bounds(series(values), whole)


# --- by hand ------------------------------------------------------------------------------


def test_a_bound_belongs_to_the_class_above() -> None:
    known = pd.Series({"A": 1.9, "B": 2.0, "C": 2.1, "D": 4.0})
    assert class_bounds.classify(known, [2.0, 4.0]).to_dict() == {"A": 0, "B": 1, "C": 1, "D": 2}


def test_what_is_not_known_has_no_class_and_moves_no_bound() -> None:
    known = pd.Series({"A": 1.0, "B": float("nan"), "C": 8.0, "D": 4.0})
    inner = class_bounds.bounds(known)
    assert inner == class_bounds.bounds(known.dropna())
    assert list(class_bounds.classify(known, inner).index) == ["A", "C", "D"]


@pytest.mark.parametrize("values", [[], [3.0], [3.0, 3.0, 3.0], [float("nan"), 2.0]])
def test_fewer_than_two_different_values_have_no_bound(values: list[float]) -> None:
    assert class_bounds.bounds(series(values)) == []
    assert set(class_bounds.classify(series(values), [])) <= {0}


def test_steps_are_round() -> None:
    assert class_bounds.bounds(series([4.2, 5.5, 6.1, 7.4, 8.3, 9.6])) == [5.0, 6.0, 7.0, 8.0, 9.0]
    assert class_bounds.round_steps(0, 1, whole=False) == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert class_bounds.round_steps(0, 25, whole=True) == [5.0, 10.0, 15.0, 20.0, 25.0]
    assert class_bounds.round_steps(0, 14, whole=True) == [3.0, 6.0, 9.0, 12.0]


def test_whole_steps_are_three_to_six_wherever_three_fit() -> None:
    for low in range(-10, 25):
        for high in range(low + 1, low + 120):
            assert min(3, high - low) <= len(class_bounds.round_steps(low, high, whole=True)) <= 6


def test_crowded_values_are_cut_where_they_lie() -> None:
    """Germany's millions must not put all others into one class."""
    values = [500, 700, 1500, 3000, 6000, 7000, 9000, 12_000, 40_000, 800_000]
    inner = class_bounds.bounds(series(values), whole=True)
    assert 3 <= len(inner) <= 5
    assert class_bounds.classify(series(values), inner).value_counts().max() <= 3


def test_two_cuts_are_too_few() -> None:
    values = [0.0] * 15 + [1.0] * 5 + [40.0, 60.0]
    assert len(class_bounds.rounded_quantiles(series(values), whole=True)) in (1, 2)
    assert len(class_bounds.bounds(series(values), whole=True)) >= 3


@pytest.mark.parametrize("value", [1.15, 1.25, 1.35, 2.65, 1.045])
def test_rounding_does_not_depend_on_the_unit(value: float) -> None:
    rounded = set()
    for power in range(-3, 5):
        scaled = float(Decimal(str(value)).scaleb(power))
        rounded.add(Decimal(str(class_bounds._sayable(scaled, whole=False))).scaleb(-power))
    assert len(rounded) == 1


# --- for any values -----------------------------------------------------------------------


@given(st.lists(st.one_of(tenths, st.just(math.nan)), max_size=27))
@settings(max_examples=60, deadline=None)
def test_every_known_value_has_exactly_one_class(values: list[float]) -> None:
    known, inner = values_and_bounds(values, whole=False)
    klass = class_bounds.classify(known, inner)
    assert list(klass.index) == list(known.dropna().index)
    assert klass.between(0, len(inner)).all()
    edges = [-math.inf, *inner, math.inf]
    for place, value in known.dropna().items():
        assert edges[klass[place]] <= value < edges[klass[place] + 1]
    assert klass.value_counts().sum() == known.notna().sum()


@given(st.lists(tenths, **many))
@settings(max_examples=60, deadline=None)
def test_order_is_kept(values: list[float]) -> None:
    known, inner = values_and_bounds(values, whole=False)
    klass = class_bounds.classify(known, inner)
    assert klass[known.sort_values().index].is_monotonic_increasing


@given(st.lists(st.one_of(tenths, skewed), **many), st.sampled_from([10, 100]))
@settings(max_examples=100, deadline=None)
def test_another_unit_gives_the_same_classes(values: list[float], factor: int) -> None:
    known = series(values)
    assume(not (known == known.round()).all())
    larger = series([float(Decimal(str(value)) * factor) for value in values])
    klass = class_bounds.classify(known, class_bounds.bounds(known))
    assert klass.equals(class_bounds.classify(larger, class_bounds.bounds(larger)))


@given(st.lists(tenths, **many))
@settings(max_examples=60, deadline=None)
def test_bounds_are_few_ascending_inside_and_sayable(values: list[float]) -> None:
    known, inner = values_and_bounds(values, whole=False)
    if known.nunique() < 2:
        assert inner == []
        return
    assert 3 <= len(inner) <= 6
    assert inner == sorted(set(inner))
    assert known.min() < inner[0]
    assert inner[-1] <= known.max()
    steps = {round(step, 6) for step in np.diff(inner)}
    assert len(steps) == 1 or all(figures(bound) <= 2 for bound in inner)


@given(st.lists(skewed, **many))
@settings(max_examples=60, deadline=None)
def test_counts_have_whole_bounds(values: list[int]) -> None:
    known, inner = values_and_bounds([float(v) for v in values], whole=True)
    assert all(bound == int(bound) for bound in inner)
    fit = int(known.max() - known.min())
    assert min(3, fit) <= len(inner) <= 6


@given(st.lists(tenths, **many), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_bounds_do_not_depend_on_the_order(values: list[float], shuffle: object) -> None:
    other = list(values)
    shuffle.shuffle(other)  # type: ignore[attr-defined]
    assert class_bounds.bounds(series(values)) == class_bounds.bounds(series(other))
