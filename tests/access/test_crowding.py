"""How crowded centres are: by hand on four made-up places, and what is never shown."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from canheal_nb.access.model import crowding
from canheal_nb.access.model.catchment_weights import Method
from canheal_nb.access.model.coverage import Reaching, reaching
from canheal_nb.access.model.decay import Decay, flat, steps
from canheal_nb.access.model.definitions import Definition, State
from canheal_nb.access.travel.driving import PACES
from canheal_nb.access.travel.travel_times import from_table

MEANT = Definition("made-up", "Made up", True, ((("title", "yes"),),))
CONSTANTS = {
    "gaussian_width": 0.5, "step_weight_1": 1.0, "step_weight_2": 0.5, "step_weight_3": 0.25,
    "power": 1.0, "power_least": 5.0,
}  # fmt: skip
PLACES = pd.DataFrame(
    {
        "people": [100.0, 300.0, 200.0, 400.0],
        "country": ["AA", "AA", "BB", "BB"],
        "area_id": ["AA", "AA-9", "BB", "BB"],
        "size": ["city", "rural", "city", "rural"],
        "h3": ["x", "x", "z", "z"],
    },
    index=pd.Index(["a1", "a2", "b1", "b2"], name="origin_id"),
)
CENTRES = pd.DataFrame({"name": ["A", "B"], "country": ["AA", "BB"]}, index=["ca", "cb"])
TIMES = [("a1", "ca", 10.0), ("a2", "ca", 60.0), ("a2", "cb", 20.0), ("b1", "cb", 30.0)]
HALF = steps({30: 1.0, 60: 0.5})


def found(**states: State) -> Reaching:
    table = pd.DataFrame(TIMES, columns=["origin_id", "destination_id", "minutes"])
    pairs = from_table(table, PLACES.index, CENTRES.index)
    every: dict[str, State] = {"AA": "exact", "BB": "exact", **states}
    return reaching(MEANT, PLACES, CENTRES, every, dict.fromkeys(PACES, pairs))


def made(
    method: Method = "e2sfca", across: bool = False, falling: Decay = HALF, **states: State
) -> crowding.Crowding:
    return crowding.crowding(found(**states), across, "middle", method, falling)


def test_in_their_own_country_each_shares_with_whom_it_meets() -> None:
    table = made().table
    # ca is asked by 100 in full and by 300 by half: 1 of 250; cb by 200 alone
    assert made().score.tolist() == pytest.approx([1 / 250, 0.5 / 250, 1 / 200, 0.0])
    assert table["score"].tolist() == pytest.approx([1 / 400, 1 / 600, 2 / 1000])
    assert table["relative"].tolist() == pytest.approx([1.25, 1 / 1.2, 1.0])
    assert table["none"].tolist() == pytest.approx([0.0, 400 / 600, 0.4])
    assert made().mean == pytest.approx(0.002)


def test_over_a_border_more_ask_for_the_same() -> None:
    shared = made(across=True)
    assert shared.score.tolist() == pytest.approx([1 / 250, 0.5 / 250 + 1 / 500, 1 / 500, 0.0])
    assert shared.mean == pytest.approx(0.002)


def test_what_is_hard_to_reach_is_lost_by_the_modified_method_only() -> None:
    lost = made("m2sfca")
    assert lost.score.tolist() == pytest.approx([1 / 250, 0.25 / 250, 1 / 200, 0.0])
    assert lost.mean < made().mean
    for method in ("2sfca", "e2sfca", "3sfca"):
        assert made(method).mean == pytest.approx(2 / 1000)  # type: ignore[arg-type]


def test_less_than_half_of_the_mean_counts_those_without_any() -> None:
    table = made("m2sfca", falling=steps({30: 1.0, 60: 0.25})).table
    assert table.at["AA", "none"] == 0.0
    assert table.at["AA", "little"] == 0.75
    assert table.at["BB", "little"] == pytest.approx(400 / 600)


def test_a_country_whose_list_is_not_whole_is_not_shown_and_not_in_the_mean() -> None:
    part = made(AA="at_least")
    assert part.shown == ("BB",)
    assert np.isnan(part.score[:2]).all()
    assert np.isnan(part.table.at["AA", "relative"])
    assert part.mean == pytest.approx(1 / 600)
    assert part.table.at["EU", "people"] == 600.0


@pytest.mark.parametrize("state", ["at_least", "unknown"])
def test_over_open_borders_one_open_list_leaves_nothing_to_show(state: State) -> None:
    nothing = made(across=True, AA=state)
    assert nothing.shown == ()
    assert np.isnan(nothing.score).all()
    assert nothing.table["relative"].isna().all()
    assert math.isnan(nothing.mean)
    assert crowding.by_class(nothing, PLACES).sum() == 0.0


def test_nobody_in_reach_of_anything_has_no_mean_to_stand_beside() -> None:
    nothing = made(falling=flat(5.0))
    assert nothing.mean == 0.0
    assert nothing.table["relative"].isna().all()
    assert nothing.table["none"].tolist() == [1.0, 1.0, 1.0]


def test_cells_and_regions_are_means_of_their_people() -> None:
    cells = crowding.relative(made(), PLACES, "h3")
    assert cells.to_dict() == pytest.approx({"x": 1.25, "z": 1 / 1.2})
    assert crowding.relative(made(), PLACES, "area_id")["AA-9"] == pytest.approx(1.0)
    assert np.isnan(crowding.relative(made(AA="unknown"), PLACES, "h3")["x"])


def test_classes_begin_at_their_bound_and_nothing_is_a_class_of_its_own() -> None:
    times = pd.Series([0.0, 0.1, 0.25, 0.5, 0.99, 1.0, 2.0, 4.0, np.nan])
    assert crowding.classes(times).tolist() == [0, 1, 2, 3, 3, 4, 5, 6, -1]
    counted = crowding.by_class(made(), PLACES)  # 2, 1, 2.5 times the mean, and nothing
    assert counted.tolist() == pytest.approx([0.4, 0.0, 0.0, 0.0, 0.3, 0.3, 0.0])


def test_each_decay_begins_at_one_and_ends_at_the_limit() -> None:
    for name in ("gaussian", "step", "power"):
        falling = crowding.decay(name, 60, CONSTANTS)  # type: ignore[arg-type]
        assert falling.limit == 60.0
        assert falling.weights(0.0) == 1.0
        weights = falling.weights([0.0, 20.0, 40.0, 60.0])
        assert (np.diff(weights) <= 0).all()
    step = crowding.decay("step", 60, CONSTANTS)
    assert step.weights([20.0, 20.1, 60.0]).tolist() == [1.0, 0.5, 0.25]
    assert crowding.decay("power", 60, CONSTANTS).weights(10.0) == 0.5
