"""Marks on a map that is zoomed: together while near, apart as one nears, none lost, none twice."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from canheal_nb.centres.model import map_scales

PLACES = st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 890)), max_size=12)


def points(*places: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(
        {"x": [p[0] for p in places], "y": [p[1] for p in places]},
        index=[f"c{i}" for i in range(len(places))],
        dtype="float64",
    )


def shown(groups: list[map_scales.Group], scale: float) -> list[tuple[str, ...]]:
    return sorted(group.ids for group in groups if group.low <= scale < group.high)


def test_two_neighbours_and_one_apart() -> None:
    found = map_scales.groups(
        points((10, 10), (20, 10), (500, 500)), apart=30, scales=(2.0, 0.5, 0.2)
    )
    assert shown(found, 1.0) == [("c0", "c1"), ("c2",)]
    assert shown(found, 0.1) == [("c0",), ("c1",), ("c2",)]
    (pair,) = [group for group in found if len(group.ids) == 2]
    assert (pair.x, pair.y, pair.low) == (15.0, 10.0, 0.2)


def test_two_points_that_look_like_distances_are_points() -> None:
    found = map_scales.groups(points((0, 400), (400, 0)), apart=30)
    assert shown(found, 1.0) == [("c0",), ("c1",)]


def test_one_and_none() -> None:
    assert map_scales.groups(points(), 30) == []
    (only,) = map_scales.groups(points((1, 2)), 30)
    assert (only.ids, only.low, only.high) == (("c0",), 0.0, map_scales.NEVER)


@settings(deadline=None, max_examples=40)
@given(PLACES, st.sampled_from([5.0, *map_scales.SCALES, 0.001]))
def test_at_every_scale_each_point_is_in_one_mark(
    places: list[tuple[float, float]], scale: float
) -> None:
    found = shown(map_scales.groups(points(*places), 30), scale)
    assert sorted(centre for ids in found for centre in ids) == sorted(points(*places).index)
    if scale < map_scales.SCALES[-1]:
        assert all(len(ids) == 1 for ids in found)


@settings(deadline=None, max_examples=40)
@given(PLACES)
def test_groups_only_fall_apart(places: list[tuple[float, float]]) -> None:
    found = map_scales.groups(points(*places), 30)
    steps = [shown(found, scale) for scale in (5.0, *map_scales.SCALES, 0.001)]
    for far, near in zip(steps, steps[1:], strict=False):
        assert all(any(set(one) <= set(whole) for whole in far) for one in near)


def test_a_name_is_shown_where_it_covers_nothing() -> None:
    found = map_scales.named_below(points((0, 0), (90, 0), (0, 400)), wide=180, tall=20)
    assert found["c0"] == found["c1"] == 0.5
    assert found["c2"] == 20
    assert map_scales.named_below(points((1, 1)), 180, 20)["c0"] == map_scales.NEVER
    assert map_scales.named_below(points(), 180, 20).empty
