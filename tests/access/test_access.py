"""Catchments, decays and reach, by hand and in exact fractions."""

from __future__ import annotations

import math
import re
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from canheal_nb.access.model import catchment_summary, catchment_weights, inequality_measures
from canheal_nb.access.model.catchment_weights import METHODS, Method
from canheal_nb.access.model.catchments import Access, access
from canheal_nb.access.model.decay import Decay, Gaussian, InversePower, Step, flat, steps
from canheal_nb.access.travel import travel_times
from canheal_nb.text.errors import UserError

NAN = float("nan")
PYSAL_STEPS = steps({20: 1, 40: 0.68, 60: 0.22})
PEOPLE = pd.Series({"a": 1000, "b": 2000, "c": 1000})
SUPPLY = pd.Series({"x": 4, "y": 2})
FOUR_WAYS = [("a", "x", 20), ("b", "x", 40), ("b", "y", 21), ("c", "y", 0)]


def table(ways: list[tuple[str, str, float]]) -> pd.DataFrame:
    return pd.DataFrame(ways, columns=["origin_id", "destination_id", "minutes"])


def four(method: Method, decay: Decay = PYSAL_STEPS) -> Access:
    return access(travel_times.from_table(table(FOUR_WAYS)), PEOPLE, SUPPLY, decay, method)


@pytest.mark.parametrize(
    ("method", "scores", "total"),
    [
        ("2sfca", [Fraction(1, 750), Fraction(1, 500), Fraction(1, 1500)], 6),
        ("e2sfca", [Fraction(1, 590), Fraction(51, 29500), Fraction(1, 1180)], 6),
        ("m2sfca", [Fraction(1, 590), Fraction(867, 737500), Fraction(1, 1180)], 4.893559),
        ("3sfca", [Fraction(1, 420), Fraction(17, 14000), Fraction(1, 840)], 6),
        ("3sfca-listed", [Fraction(1, 420), Fraction(17, 14000), Fraction(1, 840)], 6),
    ],
)
def test_three_places_two_centres(method: Method, scores: list[Fraction], total: float) -> None:
    found = four(method)
    assert found.table().to_dict() == pytest.approx(
        dict(zip("abc", map(float, scores), strict=True)), rel=1e-15
    )
    assert (found.table() * PEOPLE).sum() == pytest.approx(total, abs=5e-7)


def test_the_enhanced_method_weighs_the_demand() -> None:
    assert four("e2sfca").demand.tolist() == [2360, 2360]


def test_more_supply_lowers_nobody_and_lifts_some() -> None:
    for method in METHODS:
        before = four(method)
        after = before.with_supply({"x": 5})
        assert (after.score >= before.score).all()
        assert after.score[0] > before.score[0]
        assert after.score[2] == before.score[2]


def test_a_faster_way_for_some_can_lower_others() -> None:
    faster = [("a", "x", 20), ("b", "x", 20), ("b", "y", 21), ("c", "y", 0)]
    before = four("e2sfca").table()
    after = access(travel_times.from_table(table(faster)), PEOPLE, SUPPLY, PYSAL_STEPS).table()
    assert after["b"] > before["b"]
    assert after["a"] < before["a"]


def test_choosing_within_the_limit_or_among_all_listed() -> None:
    ways = [("a", "x", 1), ("a", "y", 4), ("b", "x", 1), ("b", "y", 2)]
    people, supply = pd.Series({"a": 100, "b": 50}), pd.Series({"x": 3, "y": 2})
    decay = InversePower(scale=1, power=1, least=1, limit=3)
    near = access(travel_times.from_table(table(ways)), people, supply, decay, "3sfca")
    assert near.table().tolist() == pytest.approx([9 / 400, 11 / 200], rel=1e-14)
    listed = access(travel_times.from_table(table(ways)), people, supply, decay, "3sfca-listed")
    assert listed.table().tolist() == pytest.approx([9 / 425, 49 / 850], rel=1e-14)
    # Once y is closed nobody chooses it, not even where it was listed but too far.
    assert listed.closed("y").table().tolist() == pytest.approx([1 / 50, 1 / 50], rel=1e-14)


def test_the_limit_itself_is_inside() -> None:
    just = float(np.nextafter(np.float32(45.1), np.float32(99)))
    ways = [("a", "x", 45.1), ("b", "x", just)]
    people = pd.Series({"a": 10, "b": 10})
    for decay in (flat(45.1), Gaussian(20, 45.1), InversePower(10, 1, 10, 45.1)):
        for method in METHODS:
            found = access(travel_times.from_table(table(ways)), people, [1], decay, method).table()
            assert found["a"] > 0
            assert found["b"] == 0


def test_gaussian_as_pysal_prints_it() -> None:
    found = Gaussian(width=20, limit=60).weights([20, 40, 60])
    assert found.round(6).tolist() == [0.606531, 0.135335, 0.011109]


def test_inverse_power_as_pysal_prints_it() -> None:
    found = InversePower(scale=20, power=2, least=1, limit=60).weights([0, 1, 2, 20, 40, 60])
    assert found.round(2).tolist() == [400, 400, 100, 1, 0.25, 0.11]


def test_steps_include_their_own_time() -> None:
    times = [0, 20, 20.01, 40, 40.01, 60, 60.01, 1e9]
    assert PYSAL_STEPS.weights(times).tolist() == [1, 1, 0.68, 0.68, 0.22, 0.22, 0, 0]
    assert PYSAL_STEPS.limit == 60


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Step(()), "has no step"),
        (lambda: steps({-5: 1}), "time of a step is -5.0: give a number that is 0 or more"),
        (lambda: steps({20: 0}), "weight of a step is 0.0: give a number above 0"),
        (lambda: steps({20: NAN}), "weight of a step is nan"),
        (lambda: steps({40: 1, 20: 0.5}), "20.0 minutes follow 40.0: put them in order"),
        (lambda: steps({20: 0.5, 40: 0.6}), "may not rise with time, but 0.6 follows 0.5"),
        (lambda: flat(math.inf), "time of a step is inf"),
        (lambda: Gaussian(0, 60), "width of a Gaussian decay is 0"),
        (lambda: Gaussian(20, -1), "limit is -1"),
        (lambda: Gaussian(1, 120), "weight at 120 minutes is 0, too extreme"),
        (lambda: InversePower(20, 0, 1, 60), "power of an inverse power is 0"),
        (lambda: InversePower(20, 2, 0, 60), "least time of an inverse power is 0"),
        (lambda: InversePower(0, 2, 1, 60), "scale of an inverse power is 0"),
        (lambda: InversePower(20, 300, 1, 60), "too extreme"),
        (lambda: InversePower(60, 900, 1e-3, 60), "at 0 minutes is inf, too extreme"),
    ],
)
def test_impossible_decays_are_refused(make: object, says: str) -> None:
    with pytest.raises(UserError, match=re.escape(says)) as caught:
        make()  # type: ignore[operator]
    assert caught.value.code == "impossible-decay"


def test_weights_above_one_cannot_lose_supply() -> None:
    gravity = InversePower(20, 2, 1, 60)
    assert four("e2sfca", gravity).score @ PEOPLE == pytest.approx(6)
    with pytest.raises(UserError, match="weights of at most 1, but 400"):
        four("m2sfca", gravity)


def test_out_of_reach_scores_nothing_and_the_supply_is_counted() -> None:
    ways = travel_times.from_table(
        table([("a", "x", 10), ("b", "y", 90)]), list("abc"), list("xyz")
    )
    found = access(ways, [5, 6, 7], [1, 2, 4], flat(60))
    assert found.table().to_dict() == {"a": 0.2, "b": 0, "c": 0}
    assert found.unreached == 6
    assert found.ratio.tolist() == [0.2, 0, 0]


def test_where_nobody_lives_there_is_a_score_all_the_same() -> None:
    ways = travel_times.from_table(table([("a", "x", 10), ("b", "x", 10), ("b", "y", 10)]))
    found = access(ways, pd.Series({"a": 4, "b": 0}), [8, 3], flat(60))
    assert found.table().to_dict() == {"a": 2, "b": 2}
    alone = access(ways, pd.Series({"a": 0, "b": 0}), [8, 3], flat(60))
    assert alone.score.tolist() == [0, 0]
    assert alone.unreached == 11


def test_where_nobody_lives_another_choice_changes_the_score() -> None:
    ways = travel_times.from_table(table([("a", "x", 20), ("b", "x", 20)]))
    before = access(ways, pd.Series({"a": 0, "b": 10}), [10], PYSAL_STEPS, "3sfca")
    after = before.opened("y", [0], [20], 3)
    assert before.score.tolist() == [1, 1]
    assert after.score.tolist() == [0.5, 1]
    assert after.unreached == 3
    assert after.closed("y").score.tolist() == [1, 1]


def test_by_id_in_any_order_and_not_aliased() -> None:
    people = PEOPLE.to_numpy(dtype=float)
    found = access(travel_times.from_table(table(FOUR_WAYS)), people, SUPPLY[::-1], PYSAL_STEPS)
    assert found.table().equals(four("e2sfca").table())
    people[:] = 0
    assert found.with_supply({"x": 4}).people.tolist() == [1000, 2000, 1000]


@pytest.mark.parametrize(
    ("people", "supply", "method", "says"),
    [
        (PEOPLE[:2], SUPPLY, "e2sfca", "people of c is nan: give a number"),
        (PEOPLE, SUPPLY * -1, "e2sfca", "supply of x is -4"),
        (PEOPLE, [1, 2, 3], "e2sfca", "3 figures of supply for 2 ids"),
        (PEOPLE, SUPPLY, "4sfca", "no method 4sfca; choose one of 2sfca, e2sfca"),
    ],
)
def test_impossible_inputs_are_refused(
    people: pd.Series, supply: object, method: Method, says: str
) -> None:
    with pytest.raises(UserError, match=says):
        access(travel_times.from_table(table(FOUR_WAYS)), people, supply, PYSAL_STEPS, method)  # type: ignore[arg-type]


def test_changes_that_make_no_sense_are_refused() -> None:
    state = four("e2sfca").closed("x")
    for change, says in (
        (lambda: state.with_supply({"x": 3}), "x is closed"),
        (lambda: state.with_supply({"q": 3}), "no travel times to q: choose one of the 2"),
        (lambda: state.with_supply({"y": -3}), "supply of y is -3"),
        (lambda: state.closed("q"), "no travel times to q"),
        (lambda: state.opened("y", [0], [10], 1), "a centre y already"),
        (lambda: state.opened("z", [3], [10], 1), "Position 3 is not one of the 3"),
        (lambda: state.opened("z", [0, 0], [10, 11], 1), "given twice"),
    ):
        with pytest.raises(UserError, match=says):
            change()


def test_a_change_leaves_the_state_before_it_alone() -> None:
    before = four("3sfca")
    kept = before.score.copy(), before.choice.copy(), before.demand.copy(), before.supply.copy()  # type: ignore[union-attr]
    before.with_supply({"x": 9}).opened("z", [0, 1], [5, 30], 3).closed("y")
    after = before.score, before.choice, before.demand, before.supply
    for was, now in zip(kept, after, strict=True):
        np.testing.assert_array_equal(was, now)


def test_weights_are_made_once() -> None:
    first = four("e2sfca").blocks[0]
    assert four("e2sfca").blocks[0] is first
    assert four("m2sfca").blocks[0] is not first
    again = catchment_weights.kept(
        travel_times.from_table(table(FOUR_WAYS[::-1])), PYSAL_STEPS, "e2sfca"
    )
    assert again is four("e2sfca").blocks[0]


def test_summary_by_country() -> None:
    people, scores = [1, 3, 4, 0, 2], [0.5, 0.9, 0.25, 7, 0.5]
    grouped = catchment_summary.groups(["FR", "FR", "DE", "MT", None], people)
    found = catchment_summary.summary(scores, grouped)
    assert found.means["FR"] == pytest.approx(0.8)
    assert found.means["DE"] == 0.25
    assert math.isnan(found.means["MT"])
    assert found.mean == pytest.approx((0.5 + 2.7 + 1 + 1) / 10)
    assert found.gini == inequality_measures.gini(scores, people)
    assert np.frombuffer(found.drawn, "<f4").tolist() == [np.float32(score) for score in scores]
