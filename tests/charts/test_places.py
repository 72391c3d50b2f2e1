"""Points on the map: projected, pushed apart a little, always in the same way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist

from canheal_nb.charts.maps import projection

EUROPE = {"x0": 2_100_000, "y0": 5_355_000, "scale": 4500}
numbers = st.integers(0, 200).map(float)
points = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=25).map(
    lambda rows: pd.DataFrame(rows, columns=["x", "y"])
)


def moved(before: pd.DataFrame, after: pd.DataFrame) -> np.ndarray:
    return np.asarray(np.linalg.norm((after - before).to_numpy(), axis=1))


def test_the_centre_of_the_projection_lies_where_it_must() -> None:
    where = pd.DataFrame({"latitude": [52.0], "longitude": [10.0]}, index=["a"])
    x, y = projection.to_map(where, EUROPE).loc["a"]
    assert x == pytest.approx((4_321_000 - 2_100_000) / 4500)
    assert y == pytest.approx((5_355_000 - 3_210_000) / 4500)


def test_north_is_up_and_east_is_right() -> None:
    where = pd.DataFrame({"latitude": [46.0, 60.0, 46.0], "longitude": [14.0, 14.0, 20.0]})
    drawn = projection.to_map(where, EUROPE)
    assert drawn["y"][1] < drawn["y"][0]
    assert drawn["x"][2] > drawn["x"][0]


def test_a_map_may_have_a_projection_of_its_own() -> None:
    own = {"proj4": "+proj=laea +lat_0=16.2 +lon_0=-61.5", "x0": 0, "y0": 0, "scale": 1000}
    where = pd.DataFrame({"latitude": [16.2], "longitude": [-61.5]})
    assert projection.to_map(where, own).loc[0].tolist() == pytest.approx([0, 0], abs=1e-6)


def test_points_in_one_place_come_apart() -> None:
    before = pd.DataFrame({"x": [5.0] * 4, "y": [5.0] * 4})
    assert pdist(projection.spread(before, 15.0)).min() > 12


def test_neighbours_move_no_further_than_they_must() -> None:
    before = pd.DataFrame({"x": [0.0, 10.0], "y": [0.0, 0.0]})
    after = projection.spread(before, 15.0)
    assert pdist(after)[0] == pytest.approx(15.0, abs=0.1)
    assert moved(before, after).max() < 2.6


def test_points_that_lie_apart_stay() -> None:
    before = pd.DataFrame({"x": [0.0, 100.0], "y": [0.0, 0.0]})
    assert moved(before, projection.spread(before, 15.0)).max() < 0.02


@given(points)
@settings(max_examples=30, deadline=None)
def test_spreading_is_the_same_each_time_and_never_goes_far(before: pd.DataFrame) -> None:
    kept = before.copy()
    after = projection.spread(before, 15.0)
    assert after.equals(projection.spread(kept, 15.0))
    assert before.equals(kept)
    assert moved(before, after).max() <= projection.REACH * 15.0 + 1e-6


def test_a_crowd_is_held_near_its_place() -> None:
    before = pd.DataFrame({"x": [0.0] * 80, "y": [0.0] * 80})
    assert moved(before, projection.spread(before, 15.0)).max() == pytest.approx(30.0)


def test_no_points_are_spread_to_none() -> None:
    empty = pd.DataFrame({"x": [], "y": []}, dtype="float64")
    assert projection.spread(empty, 15.0).empty


def test_clusters_count_every_point_once() -> None:
    where = pd.DataFrame({"x": [0.0, 2.0, 100.0], "y": [0.0, 0.0, 50.0]}, index=list("abc"))
    found = projection.clusters(where, 40.0).sort_values("x")
    assert found.to_numpy().tolist() == [[1.0, 0.0, 2.0], [100.0, 50.0, 1.0]]


def test_one_point_is_a_cluster_of_one() -> None:
    where = pd.DataFrame({"x": [3.0], "y": [4.0]}, index=["a"])
    assert projection.clusters(where, 40.0).to_numpy().tolist() == [[3.0, 4.0, 1.0]]
