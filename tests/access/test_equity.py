"""Measures of inequality: by hand, against a plain double sum and PySAL, and for any numbers."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from inequality.atkinson import Atkinson as PysalAtkinson
from inequality.gini import Gini as PysalGini
from inequality.theil import TheilD as PysalTheil

from canheal_nb.access.model import inequality_measures
from canheal_nb.text.errors import UserError

NAN = float("nan")
ONE_TO_FOUR = [1.0, 2.0, 3.0, 4.0]
ONES = [1.0] * 4
AREAS = st.lists(
    st.tuples(
        st.one_of(st.just(0.0), st.floats(1e-3, 1e3)), st.integers(0, 40), st.sampled_from("ABC")
    ),
    min_size=1,
    max_size=12,
)


def unzip(areas: list[tuple[float, int, str]]) -> tuple[list[float], list[float], list[str]]:
    """Return values, people and groups, of which somebody has something."""
    assume(any(value > 0 and people for value, people, _group in areas))
    values, people, groups = (list(part) for part in zip(*areas, strict=True))
    return values, [float(count) for count in people], groups


def plain_gini(values: list[float], people: list[float]) -> float:
    """The definition: the mean difference of any two people, over twice the mean."""
    total = sum(people)
    mean = sum(y * p for y, p in zip(values, people, strict=True)) / total
    both = product(zip(values, people, strict=True), repeat=2)
    return sum(p * q * abs(y - z) for (y, p), (z, q) in both) / (2 * mean * total**2)


def test_one_two_three_four() -> None:
    assert inequality_measures.gini(ONE_TO_FOUR, ONES) == 0.25
    assert inequality_measures.theil(ONE_TO_FOUR, ONES).total == pytest.approx(
        0.106440135, abs=1e-9
    )
    assert inequality_measures.mean_log_deviation(ONE_TO_FOUR, ONES) == pytest.approx(
        0.121777274, abs=1e-9
    )
    for aversion, index in ((0.5, 0.055585858), (1, 0.114654464), (2, 0.232)):
        assert inequality_measures.atkinson(ONE_TO_FOUR, ONES, aversion) == pytest.approx(
            index, abs=1e-9
        )


def test_a_published_gini() -> None:
    assert inequality_measures.gini([10_000, 40_000], [1, 1]) == pytest.approx(0.3, abs=1e-15)


def test_gini_of_cover_weighted_by_people() -> None:
    assert inequality_measures.gini([0.9, 0.5], [3, 1]) == pytest.approx(3 / 32, abs=1e-15)


def test_theil_within_and_between_add_up() -> None:
    found = inequality_measures.theil([1, 3, 2, 6], ONES, ["a", "a", "b", "b"])
    assert found.within == pytest.approx(0.130812036, abs=1e-9)
    assert found.between == pytest.approx(0.056633012, abs=1e-9)
    assert found.total == pytest.approx(0.187445048, abs=1e-9)
    assert found.total == found.within + found.between


def test_one_group_has_nothing_between() -> None:
    found = inequality_measures.theil([1, 3], [2, 5], ["a", "a"])
    assert found.between == pytest.approx(0, abs=1e-15)
    assert found.total == pytest.approx(inequality_measures.theil([1, 3], [2, 5]).total)


def test_groups_that_are_alike_inside_have_nothing_within() -> None:
    found = inequality_measures.theil([1, 1, 5, 5], [1, 2, 3, 4], ["a", "a", "b", "b"])
    assert found.within == 0
    assert found.between > 0.1


def test_concentration_by_hand() -> None:
    # Ranks 1/4 and 3/4; the mean is 0.5: C = 2 / 0.5 x (0.5 x -0.3 x -0.25 + 0.5 x 0.3 x 0.25).
    rich = inequality_measures.concentration([0.2, 0.8], [1, 1], [10, 20])
    assert rich.index == pytest.approx(0.3)
    assert rich.erreygers == pytest.approx(4 * 0.5 * 0.3)
    assert rich.wagstaff == pytest.approx(0.3 / 0.5)
    poor = inequality_measures.concentration([0.2, 0.8], [1, 1], [20, 10])
    assert poor.index == pytest.approx(-0.3)


def test_concentration_is_none_where_all_rank_the_same() -> None:
    assert inequality_measures.concentration([0.2, 0.8, 0.5], [1, 2, 3], [7, 7, 7]).index == 0


def test_corrections_need_a_share() -> None:
    found = inequality_measures.concentration([2, 8], [1, 1], [10, 20])
    assert found.index == pytest.approx(0.3)
    assert math.isnan(found.erreygers)
    assert math.isnan(found.wagstaff)


def test_everybody_covered_leaves_no_wagstaff() -> None:
    found = inequality_measures.concentration([1, 1], [1, 1], [10, 20])
    assert (found.index, found.erreygers) == (0, 0)
    assert math.isnan(found.wagstaff)


def test_the_best_off_fifth_over_the_worst_off() -> None:
    assert inequality_measures.quantile_share_ratio([1, 2, 3, 4, 5], [1] * 5) == pytest.approx(5)
    # One area of half the people: its fifth has 0.2 x 1, the other's 0.2 x 3.
    assert inequality_measures.quantile_share_ratio([1, 3], [1, 1]) == pytest.approx(3)
    # The best-off quarter is the area of 20 % and 5 of the next 30 points.
    ratio = inequality_measures.quantile_share_ratio([1, 2, 10], [50, 30, 20], share=0.25)
    assert ratio == pytest.approx((20 * 10 + 5 * 2) / (25 * 1))


def test_nothing_for_the_worst_off_is_infinitely_unequal() -> None:
    assert inequality_measures.quantile_share_ratio([0, 0, 4], [1, 1, 1]) == math.inf
    assert inequality_measures.mean_log_deviation([0, 4], [1, 1]) == math.inf
    assert inequality_measures.atkinson([0, 4], [1, 1], 1) == 1
    assert inequality_measures.atkinson([0, 4], [1, 1], 2) == 1
    assert inequality_measures.atkinson([0, 4], [1, 1], 0.5) == pytest.approx(0.5)


def test_one_has_all() -> None:
    assert inequality_measures.gini([0, 0, 0, 8], ONES) == pytest.approx(0.75)
    assert inequality_measures.theil([0, 0, 0, 8], ONES).total == pytest.approx(math.log(4))


@pytest.mark.parametrize("value", [0.1, 1 / 3, 7.0])
def test_all_alike_is_exactly_equal(value: float) -> None:
    values, people = [value] * 3, [0.7, 11, 2.3]
    assert inequality_measures.gini(values, people) == 0
    assert inequality_measures.theil(values, people, ["a", "b", "b"]).total == pytest.approx(
        0, abs=1e-15
    )
    assert inequality_measures.quantile_share_ratio(values, people) == pytest.approx(1)
    for aversion in (0.5, 1, 3):
        assert inequality_measures.atkinson(values, people, aversion) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize(
    ("values", "people"),
    [([], []), ([0, 0], [1, 2]), ([NAN, NAN], [1, 1]), ([3, 4], [0, 0]), ([3, NAN], [0, 5])],
    ids=["no area", "nothing", "nothing known", "nobody", "nobody known"],
)
def test_no_answer_where_there_is_nothing_to_share(
    values: list[float], people: list[float]
) -> None:
    answers = [
        inequality_measures.gini(values, people),
        inequality_measures.mean_log_deviation(values, people),
        inequality_measures.theil(values, people).total,
        inequality_measures.atkinson(values, people, 0.5),
        inequality_measures.atkinson(values, people, 1),
        inequality_measures.concentration(values, people, people).index,
        inequality_measures.quantile_share_ratio(values, people),
    ]
    assert all(math.isnan(answer) for answer in answers)


def test_not_known_and_nobody_are_left_out() -> None:
    values, people = [1, NAN, 2, 9, 3, 4], [1, 50, 1, 0, 1, 1]
    assert inequality_measures.gini(values, people) == 0.25
    groups = ["a", None, "a", "c", "a", "a"]
    assert inequality_measures.theil(values, people, groups).total == pytest.approx(
        0.106440135, abs=1e-9
    )
    ranks = [1, 2, 3, 4, NAN, NAN]
    assert inequality_measures.concentration(
        [0.2, NAN, 0.8, 9, 9, 9], people, ranks
    ).index == pytest.approx(0.3)


def test_an_area_without_a_group_is_in_none() -> None:
    found = inequality_measures.theil([1, 3, 100], [1, 1, 1], ["a", "b", None])
    assert found.total == pytest.approx(inequality_measures.theil([1, 3], [1, 1]).total)


def test_each_group_by_itself() -> None:
    table = inequality_measures.by_group(
        [0.9, 0.5, 1, NAN, 3], [3, 1, 2, 9, 0], ["b", "b", "a", "a", "c"]
    )
    assert list(table.index) == ["a", "b"]
    assert table.loc["b"].tolist() == pytest.approx([4, 0.8, 3 / 32])
    assert table.loc["a"].tolist() == [2, 1, 0]


def test_refusals() -> None:
    for values in ([-1, 2], [math.inf, 2]):
        with pytest.raises(UserError, match="finite values from 0 up"):
            inequality_measures.gini(values, [1, 1])
    with pytest.raises(UserError, match="3 values but people for 2"):
        inequality_measures.gini([1, 2, 3], [1, 1])
    for aversion in (0, -1, NAN, math.inf):
        with pytest.raises(UserError, match="above 0"):
            inequality_measures.atkinson([1, 2], [1, 1], aversion)
    for share in (0, 0.6, NAN):
        with pytest.raises(UserError, match="not above a half"):
            inequality_measures.quantile_share_ratio([1, 2], [1, 1], share)


@given(AREAS)
def test_gini_is_its_definition(areas: list[tuple[float, int, str]]) -> None:
    values, people, _groups = unzip(areas)
    found = inequality_measures.gini(values, people)
    assert 0 <= found < 1
    assert found == pytest.approx(plain_gini(values, people), abs=1e-12)


@given(AREAS)
def test_the_same_numbers_as_pysal(areas: list[tuple[float, int, str]]) -> None:
    values, people, groups = unzip(areas)
    each = np.repeat(values, np.asarray(people, dtype=int))
    assert inequality_measures.gini(values, people) == pytest.approx(PysalGini(each).g, abs=1e-12)
    if not (each > 0).all():
        return  # PySAL puts a small number in place of 0
    labels = np.repeat(groups, np.asarray(people, dtype=int))
    ours, theirs = inequality_measures.theil(values, people, groups), PysalTheil(each, labels)
    assert ours.between == pytest.approx(theirs.bg, abs=1e-9)
    assert ours.within == pytest.approx(theirs.wg, abs=1e-9)
    for aversion in (0.5, 1, 2):
        index = inequality_measures.atkinson(values, people, aversion)
        assert index == pytest.approx(PysalAtkinson(each, aversion).A, abs=1e-9)


@given(AREAS, st.floats(0.01, 100), st.integers(1, 9), st.randoms())
def test_only_shares_matter(
    areas: list[tuple[float, int, str]], factor: float, times: int, random: object
) -> None:
    """Another unit, everybody several times over and another order change nothing."""
    values, people, groups = unzip(areas)
    before = measures(values, people, groups)
    more = [value * factor for value in values], [count * times for count in people]
    assert measures(*more, groups) == pytest.approx(before, abs=1e-9)
    random.shuffle(areas)  # type: ignore[attr-defined]
    assert measures(*unzip(areas)) == pytest.approx(before, abs=1e-9)


def measures(values: list[float], people: list[float], groups: list[str]) -> list[float]:
    found = inequality_measures.theil(values, people, groups)
    atkinson = [inequality_measures.atkinson(values, people, aversion) for aversion in (0.5, 1, 2)]
    ranks = [ord(group) for group in groups]
    index = inequality_measures.concentration(values, people, ranks).index
    return [inequality_measures.gini(values, people), found.within, found.between, *atkinson, index]


@given(AREAS, st.floats(0.01, 0.49))
def test_giving_to_the_poorer_never_makes_less_equal(
    areas: list[tuple[float, int, str]], part: float
) -> None:
    values, _people, _groups = unzip(areas)
    people = [1.0] * len(values)
    assume(sum(values) > 0)
    rich, poor = values.index(max(values)), values.index(min(values))
    given_away = (values[rich] - values[poor]) * part
    fairer = list(values)
    fairer[rich] -= given_away
    fairer[poor] += given_away
    assert (
        inequality_measures.gini(fairer, people) <= inequality_measures.gini(values, people) + 1e-12
    )
    assert (
        inequality_measures.theil(fairer, people).total
        <= inequality_measures.theil(values, people).total + 1e-12
    )


@given(AREAS)
def test_concentration_of_a_share_keeps_its_bounds(areas: list[tuple[float, int, str]]) -> None:
    values, people, groups = unzip(areas)
    shares = [value / 1e3 for value in values]
    found = inequality_measures.concentration(shares, people, [ord(group) for group in groups])
    mean = sum(y * p for y, p in zip(shares, people, strict=True)) / sum(people)
    assert mean - 1 - 1e-12 <= found.index <= 1 - mean + 1e-12
    assert abs(found.index) <= inequality_measures.gini(shares, people) + 1e-12
    assert found.erreygers == pytest.approx(4 * mean * found.index)
