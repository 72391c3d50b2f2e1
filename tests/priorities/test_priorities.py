"""Priorities of one person: exact cases, and what holds for every answer."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canheal_nb.priorities.model import weighting
from canheal_nb.priorities.model.ahp import hierarchy, matrix
from canheal_nb.priorities.model.best_worst import best_worst
from canheal_nb.text.errors import UserError

ABC = ("a", "b", "c")
POINTS = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 100), min_size=1, max_size=10
).filter(lambda points: sum(points.values()) > 0)


def test_h14_as_worked_out() -> None:
    found = hierarchy(ABC, [[1, 1 / 3, 5], [3, 1, 7], [1 / 5, 1 / 7, 1]])
    assert list(found.weights.values()) == pytest.approx([0.278955, 0.649118, 0.071927], abs=1e-6)
    assert found.eigenvalue == pytest.approx(3.064888, abs=1e-6)
    assert found.index == pytest.approx(0.032444, abs=1e-6)
    assert found.ratio == pytest.approx(0.055938, abs=2e-6)
    assert found.accepted
    found = hierarchy(ABC, [[1, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]])
    assert list(found.weights.values()) == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    assert found.ratio == 0
    assert found.reconsider is None
    found = hierarchy(ABC, [[1, 2, 8], [1 / 2, 1, 2], [1 / 8, 1 / 2, 1]])
    assert found.eigenvalue == pytest.approx(3.053622, abs=1e-6)
    assert found.ratio == pytest.approx(0.046225, abs=2e-6)
    found = hierarchy(ABC, [[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1]])
    assert list(found.weights.values()) == pytest.approx([1 / 3] * 3)
    assert found.eigenvalue == pytest.approx(91 / 9)
    assert found.ratio == pytest.approx(6.13, abs=0.005)
    assert not found.accepted


def test_the_one_wrong_judgment_of_four_is_named_with_what_the_others_imply() -> None:
    true = dict(zip("abcd", (8.0, 4.0, 2.0, 1.0), strict=True))
    judged = {(i, j): true[i] / true[j] for i, j in itertools.combinations("abcd", 2)}
    judged["b", "c"] = 1 / 7
    found = hierarchy("abcd", matrix("abcd", judged))
    assert not found.accepted
    assert found.reconsider is not None
    assert (found.reconsider.first, found.reconsider.second) == ("b", "c")
    assert found.reconsider.implied > found.reconsider.given * 3


@given(st.lists(st.integers(1, 3), min_size=1, max_size=9))
def test_a_consistent_matrix_has_ratio_zero_and_its_own_weights(sizes: list[int]) -> None:
    names = [f"x{i}" for i in range(len(sizes))]
    found = hierarchy(names, [[i / j for j in sizes] for i in sizes])
    assert found.ratio == pytest.approx(0, abs=1e-9)
    assert list(found.weights.values()) == pytest.approx([one / sum(sizes) for one in sizes])


@given(st.lists(st.sampled_from([1, 2, 5, 9, 1 / 3, 1 / 7]), min_size=6, max_size=6))
def test_comparisons_do_not_depend_on_the_order(given_: list[float]) -> None:
    judged = dict(zip(itertools.combinations("abcd", 2), given_, strict=True))
    one = hierarchy("abcd", matrix("abcd", judged))
    other = hierarchy("dbca", matrix("dbca", judged))
    assert sum(one.weights.values()) == pytest.approx(1)
    assert other.weights == pytest.approx(one.weights)
    assert other.ratio == pytest.approx(one.ratio)


def test_best_worst_fits_exact_answers_exactly_whatever_the_order() -> None:
    over, under = {"b": 2, "c": 4}, {"a": 4, "b": 2}
    for order in itertools.permutations(ABC):
        found = best_worst(order, "a", "c", over, under)
        assert found.strain == pytest.approx(0, abs=1e-9)
        assert [found.weights[one] for one in ABC] == pytest.approx([4 / 7, 2 / 7, 1 / 7])


def test_best_worst_by_hand_where_answers_contradict() -> None:
    # 8 between the ends, 2 and 2 on the way: xi = w_a - 2 w_b = w_b - 2 w_c = 8 w_c - w_a.
    found = best_worst(ABC, "a", "c", {"b": 2, "c": 8}, {"b": 2})
    a, b, c = (found.weights[one] for one in ABC)
    for gap in (a - 2 * b, b - 2 * c, 8 * c - a):
        assert gap == pytest.approx(found.strain)
    assert c == pytest.approx(1 / 11)
    assert found.strain == pytest.approx(1 / 11)


def test_ranking_gives_the_centroid() -> None:
    assert weighting.ranking(ABC) == pytest.approx({"a": 11 / 18, "b": 5 / 18, "c": 2 / 18})
    with pytest.raises(UserError, match="a stands twice"):
        weighting.ranking("aba")


@given(POINTS)
def test_swing_sums_to_one_and_no_order_matters(points: dict[str, int]) -> None:
    found = weighting.swing(points)
    assert sum(found.values()) == pytest.approx(1)
    turned = weighting.swing(dict(reversed(points.items())))
    assert turned == pytest.approx(found)
    assert max(points, key=points.__getitem__) in [
        one for one, weight in found.items() if weight == max(found.values())
    ]


def test_euros_are_refused_unless_all_hundred_are_shared_out() -> None:
    assert weighting.euros({"a": 75, "b": 25}) == {"a": 0.75, "b": 0.25}
    with pytest.raises(UserError, match="add up to 90 euros"):
        weighting.euros({"a": 75, "b": 15})
    with pytest.raises(UserError, match="between 0 and 100"):
        weighting.euros({"a": -5, "b": 105})


@pytest.mark.parametrize("points", [{"a": 101}, {"a": -1}, {"a": 0, "b": 0}])
def test_wrong_points_are_refused(points: dict[str, float]) -> None:
    with pytest.raises(UserError):
        weighting.swing(points)


def test_wrong_comparisons_are_refused() -> None:
    with pytest.raises(UserError, match="a and c are not compared"):
        matrix(ABC, {("a", "b"): 2})
    with pytest.raises(UserError, match="outside 1/9 to 9"):
        matrix("ab", {("a", "b"): 10})
    with pytest.raises(UserError, match="not reciprocal"):
        hierarchy("ab", [[1, 2], [2, 1]])
    with pytest.raises(UserError, match="10 things"):
        hierarchy("abcdefghij", [[1.0] * 10] * 10)
    with pytest.raises(UserError, match="two different"):
        best_worst(ABC, "a", "a", {}, {})
    with pytest.raises(UserError, match="c is not compared"):
        best_worst(ABC, "a", "c", {"b": 2}, {"b": 2})
