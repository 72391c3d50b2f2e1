"""Options over the same futures: fictional ones, with answers worked out by hand."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest

from canheal_nb.data import Dataset
from canheal_nb.need.model import inputs
from canheal_nb.text.errors import UserError
from canheal_nb.uncertainty import futures, sweeps
from canheal_nb.uncertainty.futures import Option
from canheal_nb.uncertainty.results import Floats
from canheal_nb.uncertainty.sampling import Range

NAN = math.nan
MONEY = 3_600.0
PRICE = Range("mri.capital", 3.0, 1.0, 9.0, "pert", "machine_price")
PEOPLE = Range("mri.capacity", NAN, 100.0, 300.0, "uniform")
WAGE = Range("nurse.running", 4.0, 2.0, 6.0, "triangular")
DEARER = Range("mri.capital", 6.0, 2.0, 18.0, "pert", "machine_price")


def machines(values: dict[str, Floats]) -> dict[str, Floats]:
    bought = MONEY / values["mri.capital"]
    return {"served": bought * values["mri.capacity"], "cost": np.full(len(bought), MONEY)}


def nurses(values: dict[str, Floats]) -> dict[str, Floats]:
    hired = MONEY / values["nurse.running"]
    return {"served": hired * 160, "cost": np.full(len(hired), MONEY)}


MACHINES = Option("machines", machines, (PRICE, PEOPLE))
NURSES = Option("nurses", nurses, (WAGE,))
DEAR = Option("dear machines", machines, (DEARER, PEOPLE))


def test_options_meet_the_same_futures() -> None:
    alone = futures.look([MACHINES], seed=3)
    both = futures.look([NURSES, MACHINES], seed=3)
    assert both.of("served")["machines"].tobytes() == alone.of("served")["machines"].tobytes()
    assert both.of("served")["machines"] == pytest.approx(
        MONEY / both.values["mri.capital"] * both.values["mri.capacity"]
    )
    assert list(both.values) == ["nurse.running", "mri.capital", "mri.capacity"]
    again = futures.look([NURSES, MACHINES], seed=3)
    assert all(again.made[name].tobytes() == drawn.tobytes() for name, drawn in both.made.items())


def test_one_input_with_two_ranges_is_two_that_move_together() -> None:
    found = futures.look([MACHINES, DEAR], seed=3)
    prices = found.values["machines: mri.capital"], found.values["dear machines: mri.capital"]
    assert prices[1] == pytest.approx(2 * prices[0])
    assert "mri.capacity" in found.values
    assert found.beats("machines", "dear machines", "served").probability == 1.0
    named = list(found.matters("served", "machines").index)
    assert named[0] == "machines: mri.capital = dear machines: mri.capital"


def test_intervals_of_every_outcome_of_every_option() -> None:
    found = futures.look([MACHINES, NURSES], seed=3, draws=4_000).intervals(0.8)
    assert list(found.index)[:2] == [("machines", "served"), ("machines", "cost")]
    assert set(found.loc[("nurses", "cost"), ["low", "median", "high"]]) == {MONEY}
    # A triangular wage from 2 to 6 around 4: a tenth lies below 2 + 2 sqrt(0.2).
    cheap = 2 + 2 * math.sqrt(0.2)
    assert found.loc[("nurses", "served"), "high"] == pytest.approx(MONEY * 160 / cheap, rel=0.01)


def test_who_wins_what_matters_and_what_would_turn_it() -> None:
    found = futures.look([MACHINES, NURSES], seed=3)
    won = found.beats("machines", "nurses", "served")
    direct = found.of("served")
    assert won.probability == (direct["machines"] > direct["nurses"]).mean()
    assert 0.2 < won.probability < 0.95
    assert found.best("served").sum() == pytest.approx(1.0)
    assert found.beats("machines", "nurses", "cost").ties == 1.0
    mattering = found.matters("served", "machines", against="nurses")
    assert mattering.index[0] == "mri.capital"
    assert list(found.matters("served", "nurses").index)[0] == "nurse.running"
    assert found.matters("served", "nurses")["first"].iloc[0] > 0.9
    assert found.information("served").index[0] == "mri.capital"
    turning = found.break_even("machines", "nurses", "served")["break_even"]
    # At the best guesses 200 / 3 > 160 / 4: until a price of 5, a capacity of 120, a wage of 2.4.
    expected = {"mri.capital": 5.0, "mri.capacity": 120.0, "nurse.running": 2.4}
    assert turning.to_dict() == pytest.approx(expected)


def test_regret_over_named_futures() -> None:
    named = {"as expected": {}, "dear": {"mri.capital": 8.0}, "wages fall": {"nurse.running": 2.0}}
    found = futures.regret([MACHINES, NURSES], named, "served")
    assert list(found.table.index) == list(named)
    by_hand = [[0, 3_600 * (200 / 3 - 40)], [3_600 * (40 - 25), 0], [3_600 * (80 - 200 / 3), 0]]
    assert found.table.to_numpy() == pytest.approx(np.array(by_hand))
    assert found.choice == ("machines",)
    with pytest.raises(UserError, match=r"mri.prize is not among the inputs; there is: mri.cap"):
        futures.regret([MACHINES], {"x": {"mri.prize": 1.0}}, "served")


def test_a_future_of_an_input_with_two_ranges_sets_both_or_one() -> None:
    both = futures.regret([MACHINES, DEAR], {"same": {"mri.capital": 2.0}}, "served")
    assert both.worst.tolist() == [0.0, 0.0]
    one = futures.regret([MACHINES, DEAR], {"one": {"machines: mri.capital": 12.0}}, "served")
    assert one.choice == ("dear machines",)


def test_the_options_together_can_be_swept() -> None:
    live = futures.look([MACHINES, NURSES], seed=3, draws=1_000)
    together = live.together
    swept = sweeps.run(together, together.given, draws=1_000, seed=3)
    assert list(swept.outcomes) == list(live.made)
    for name, drawn in live.made.items():
        assert swept.outcomes[name] == pytest.approx(drawn)


def test_the_matrix_becomes_inputs_that_share_their_source(dataset: Dataset) -> None:
    assumed = inputs.Assumption("mri.capacity", 4_000.0, 3_000.0, 6_000.0, "scans", "me", "a guess")
    given = {one.name: one for one in futures.inputs_of(inputs.matrix(dataset, [assumed]))}
    assert given["mri.capacity"].shape == "pert"
    assert given["mri.capacity"].stream == "mri.capacity"
    assert given["mri.life"].stream == given["pet_ct.life"].stream == "life_imaging_esr"
    assert math.isnan(given["mri.running"].value), "what is not known stays so"
    assert given["radiotherapy.life"].shape == "uniform"


def test_what_cannot_be_compared_is_refused() -> None:
    found = futures.look([MACHINES, NURSES], seed=3, draws=100)
    for wrong, said in (
        (lambda: futures.look([], seed=1), "here: none"),
        (lambda: futures.look([MACHINES, MACHINES], seed=1), "machines, machines"),
        (lambda: found.beats("machines", "nurses", "lives"), r"no outcome machines \| lives"),
        (lambda: found.break_even("machines", "beds", "served"), r"no outcome beds \| served"),
    ):
        with pytest.raises(UserError, match=said):
            wrong()


def test_a_thousand_futures_are_live() -> None:
    """Everything a reader is told at once, with room for a busy machine."""
    futures.look([MACHINES], seed=1, draws=100).matters("served", "machines")
    begun = time.perf_counter()
    found = futures.look([MACHINES, DEAR, NURSES], seed=3)
    found.intervals()
    found.best("served")
    found.matters("served", "machines", against="nurses")
    found.break_even("machines", "nurses", "served")
    assert time.perf_counter() - begun < 1.0
