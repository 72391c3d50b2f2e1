"""Uncertainty against values worked out by hand, and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from canheal_nb.text.errors import UserError
from canheal_nb.uncertainty import results, sampling
from canheal_nb.uncertainty.results import Floats
from canheal_nb.uncertainty.sampling import Range

NAN = math.nan


def test_intervals_leave_out_what_is_not_known_and_count_it() -> None:
    outcomes = {"met": [*range(101), NAN], "nothing": [NAN] * 102}
    found = results.intervals(outcomes, 0.8)
    assert found.loc["met"].tolist() == pytest.approx([10, 50, 90, 50, 101])
    assert found.loc["nothing", "draws"] == 0
    assert found.loc["nothing", ["low", "median", "high", "mean"]].isna().all()
    with pytest.raises(UserError, match=r"level 90 must lie between 0 and 1"):
        results.intervals(outcomes, 90)


def test_a_beats_b_within_the_same_future() -> None:
    """Independent draws of the same values would say 0.5; the same futures say always."""
    luck = np.arange(1_000.0)
    assert results.beats(luck + 1, luck).probability == 1.0
    assert results.beats(luck + 1, luck, more_is_better=False).probability == 0.0
    found = results.beats([3, 1, 2, NAN], [1, 3, 2, 0])
    assert (found.probability, found.ties, found.draws) == (1 / 3, 1 / 3, 3)
    with pytest.raises(UserError, match="A has 2 draws and B has 3"):
        results.beats([1, 2], [1, 2, 3])
    assert math.isnan(results.beats([NAN], [1]).probability)


def test_the_interval_of_a_probability_is_wilsons() -> None:
    found = results.beats([1] * 81 + [-1] * 182, [0] * 263)
    exact = stats.binomtest(81, 263).proportion_ci(0.95, method="wilson")
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high))
    assert results.beats([1] * 10, [0] * 10).high == pytest.approx(1.0)


def test_the_best_share_ties_and_sum_to_one() -> None:
    found = results.best({"a": [3, 1, 5, NAN], "b": [2, 4, 5, 1], "c": [0, 0, 5, 1]})
    assert found.to_dict() == pytest.approx({"a": 4 / 9, "b": 4 / 9, "c": 1 / 9})
    assert results.best({"a": [NAN], "b": [1]}).isna().all()
    with pytest.raises(UserError, match="same number of draws"):
        results.best({"a": [1, 2], "b": [1]})


SAVAGE = pd.DataFrame(
    {"machines": [100, 20], "teams": [70, 60], "both": [90, 30]}, index=["prices stay", "rise"]
)


def test_minimax_regret_by_hand() -> None:
    found = results.regret(SAVAGE)
    assert found.table.to_numpy().tolist() == [[0, 30, 10], [40, 0, 30]]
    assert found.worst.to_dict() == {"machines": 40, "teams": 30, "both": 30}
    assert found.choice == ("teams", "both")
    costs = results.regret(SAVAGE, more_is_better=False)
    assert costs.table.to_numpy().tolist() == [[30, 0, 20], [0, 40, 10]]
    assert costs.choice == ("both",)


def test_no_regret_beside_an_unknown() -> None:
    holed = SAVAGE.astype(float)
    holed.loc["rise", "teams"] = NAN
    with pytest.raises(UserError, match="rise / teams has none"):
        results.regret(holed)
    with pytest.raises(UserError, match="the table has none"):
        results.regret(SAVAGE.iloc[:0])


def test_perfect_information_by_hand() -> None:
    options = {"a": [10.0, 0.0], "b": [4.0, 8.0]}
    assert results.perfect_information(options) == pytest.approx(9 - 6)
    assert results.perfect_information(options, more_is_better=False) == pytest.approx(5 - 2)
    assert results.perfect_information({"a": [1.0, 2.0], "b": [0.0, 0.0]}) == 0.0


def test_the_value_of_one_input_is_that_of_the_closed_form() -> None:
    """A is normal(0, 1) in x, plus noise of 2; B is 0: knowing x is worth 1 / sqrt(2 pi)."""
    x = stats.norm.ppf(sampling.uniforms(1, "x", 0, 20_000))
    noise = 2 * stats.norm.ppf(sampling.uniforms(1, "noise", 0, 20_000))
    options = {"a": x + noise, "b": np.zeros(20_000)}
    other = sampling.uniforms(1, "other", 0, 20_000)
    inputs = {"other": other, "x": x, "noise": noise, "same": np.ones(20_000)}
    found = results.information(inputs, options)
    assert list(found.index) == ["noise", "x", "other"]
    assert found["x"] == pytest.approx(1 / math.sqrt(2 * math.pi), abs=0.03)
    assert found["noise"] == pytest.approx(2 / math.sqrt(2 * math.pi), abs=0.04)
    assert found["other"] < 0.03
    assert found.max() <= results.perfect_information(options)


PRICE = Range("price", 3.0, 1.0, 9.0, "pert")
PEOPLE = Range("people", NAN, 100.0, 300.0, "uniform")
KNOWN = Range("known", 12.0)


def two(values: dict[str, Floats]) -> dict[str, Floats]:
    """A serves people / price, B always 24 and 12 more: A is ahead while price < people / 36."""
    return {
        "a": values["people"] / values["price"],
        "b": np.full(len(values["price"]), 24.0) + values["known"],
    }


def test_break_even_is_where_the_two_meet() -> None:
    found = results.break_even(two, [PRICE, PEOPLE, KNOWN], "a", "b")
    assert list(found.index) == ["price", "people"], "what does not vary changes nothing"
    assert found["break_even"].to_dict() == pytest.approx({"price": 200 / 36, "people": 108.0})
    assert found["changes"].all()
    assert found.loc["price", ["gap_low", "gap_high"]].tolist() == pytest.approx(
        [164, 200 / 9 - 36]
    )
    turned = results.break_even(two, [PRICE, PEOPLE, KNOWN], "a", "b", more_is_better=False)
    assert turned["break_even"].tolist() == pytest.approx(found["break_even"].tolist())
    assert turned.loc["price", "gap_low"] == pytest.approx(-164)


def test_a_conclusion_that_holds_in_the_whole_range_says_so() -> None:
    cheap = Range("price", 3.0, 1.0, 5.0, "pert")
    found = results.break_even(two, [cheap, PEOPLE, KNOWN], "a", "b")
    assert found["changes"].tolist() == [False, True]
    assert math.isnan(found.loc["price", "break_even"])
    assert results.break_even(two, [KNOWN], "a", "b").empty


def test_the_nearest_of_two_changes_is_given_also_where_it_jumps() -> None:
    x = Range("x", 5.0, 0.0, 10.0, "pert")

    def window(values: dict[str, Floats]) -> dict[str, Floats]:
        inside = (values["x"] > 1.0) & (values["x"] < 7.5)
        return {"a": np.where(inside, 1.0, -1.0), "b": np.zeros(len(inside))}

    found = results.break_even(window, [x], "a", "b")
    assert found.loc["x", "break_even"] == pytest.approx(7.5, abs=1e-6)
