"""The model of driving times on small lands, where every answer can be worked out by hand."""

from __future__ import annotations

import importlib
import math
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from canheal_nb.access.travel import driving, driving_check, own_times, route
from canheal_nb.access.travel.driving import Drive, Network
from canheal_nb.text.errors import UserError

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "build"))
land_module = importlib.import_module("land")
shores = importlib.import_module("shores")

STEP = 5 / 111.1949  # degrees of five km
LINKS = [
    "link_id", "kind", "state", "from_node", "to_node", "metres", "minutes", "minutes_fast",
    "minutes_slow",
]  # fmt: skip


@dataclass(frozen=True)
class Small:
    """A lattice along the equator; nodes five km apart."""

    nodes: pd.DataFrame
    edges: pd.DataFrame
    shores: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            {"node": np.zeros(0, int), "latitude": np.zeros(0), "longitude": np.zeros(0)}
        )
    )
    links: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=LINKS))


def small(
    columns: list[int], *, area: str = "AA", links: tuple[tuple[object, ...], ...] = ()
) -> Small:
    """A row of nodes at these columns; neighbours one column apart are joined."""
    nodes = pd.DataFrame(
        {"area_id": area, "latitude": 0.0, "longitude": [STEP * one for one in columns]}
    )
    joined = [i for i in range(len(columns) - 1) if columns[i + 1] - columns[i] == 1]
    edges = pd.DataFrame({"start": joined, "end": [i + 1 for i in joined], "metres": 5000})
    return Small(nodes, edges.astype(int), links=pd.DataFrame(list(links), columns=LINKS))


def slow_drive(local: float = 30, long: float = 60, entry: float = 20, area: str = "AA") -> Drive:
    speeds = pd.DataFrame({"local": [local], "long": [long]}, index=[area])
    return Drive(speeds, detour_local=1.0, detour_long=1.0, entry=entry)


def at(*columns: float, country: str = "AA") -> pd.DataFrame:
    """Places on the equator."""
    frame = pd.DataFrame({"latitude": 0.0, "longitude": [STEP * one for one in columns]})
    return frame.set_index(pd.Index([f"p{one:g}" for one in columns])).assign(country=country)


def time(roads: Network, origin: float, destination: float, limit: float = 500) -> float:
    found = driving.minutes(roads, at(origin), at(destination), limit=limit)
    return float(found["minutes"].iloc[0]) if len(found) else math.nan


def test_a_short_way_is_local_and_a_long_way_is_entry_and_the_long_speed() -> None:
    roads = driving.network(small(list(range(41))), slow_drive())
    assert time(roads, 0, 2) == pytest.approx(20, abs=0.01)  # 10 km at 30 km/h
    assert time(roads, 0, 4) == pytest.approx(40, abs=0.01)  # 20 km: both take 40
    assert time(roads, 0, 40) == pytest.approx(20 + 200, abs=0.1)  # 200 km at 60 km/h


def test_water_is_not_crossed() -> None:
    roads = driving.network(small([0, 1, 2, 4, 5, 6]), slow_drive())
    assert math.isnan(time(roads, 2, 4))
    assert time(roads, 0, 2) == pytest.approx(20, abs=0.01)


def test_a_bridge_is_a_road_and_a_ferry_takes_its_own_minutes_at_any_speed() -> None:
    bridge = ("b", "road", "used", 2, 3, 12_000, np.nan, np.nan, np.nan)
    ferry = ("f", "ferry", "used", 2, 3, np.nan, 35.0, 25.0, 60.0)
    islands = [0, 1, 2, 4, 5, 6]
    roads = driving.network(small(islands, links=(bridge,)), slow_drive())
    assert time(roads, 2, 4) == pytest.approx(24, abs=0.01)
    by_sea = small(islands, links=(ferry,))
    for column, expected in (("minutes", 35), ("minutes_fast", 25), ("minutes_slow", 60)):
        for speed in (30, 90):
            drive = replace(slow_drive(speed, speed), ferry=column)
            assert time(driving.network(by_sea, drive), 2, 4) == pytest.approx(expected, abs=0.01)


def test_a_link_that_is_not_used_or_not_needed_changes_nothing() -> None:
    unused = ("u", "road", "not used", 2, 3, 12_000, np.nan, np.nan, np.nan)
    assert math.isnan(
        time(driving.network(small([0, 1, 2, 4, 5], links=(unused,)), slow_drive()), 2, 4)
    )
    joined = ("j", "road", "used", 1, 2, 500, np.nan, np.nan, np.nan)
    roads = driving.network(small([0, 1, 2], links=(joined,)), slow_drive())
    assert time(roads, 1, 2) == pytest.approx(10, abs=0.01)


def test_an_area_without_a_speed_is_not_driven_through() -> None:
    land = small([0, 1, 2, 3, 4])
    land.nodes.loc[2, "area_id"] = "BB"
    assert math.isnan(time(driving.network(land, slow_drive()), 0, 4))
    both = pd.DataFrame({"local": [30, 15], "long": [60, 15]}, index=["AA", "BB"])
    roads = driving.network(land, replace(slow_drive(), speeds=both))
    # Two edges of 10 minutes, and two whose halves take 5 and 10.
    assert time(roads, 0, 4) == pytest.approx(2 * 10 + 2 * 15, abs=0.01)


def test_the_limit_is_inside_and_what_is_beyond_is_left_out() -> None:
    roads = driving.network(small(list(range(11))), slow_drive(entry=1000))
    exact = time(roads, 0, 3)
    found = driving.minutes(roads, at(0), at(0, 3, 4), limit=exact)
    assert list(found["destination_id"]) == ["p0", "p3"]
    assert driving.minutes(roads, at(0), at(3), limit=exact - 0.01).empty
    assert driving.minutes(roads, at(0, 1), at(), limit=60).empty


def test_ids_come_back_and_pairs_of_one_country_can_be_kept() -> None:
    roads = driving.network(small(list(range(6))), slow_drive())
    origins = pd.concat([at(0), at(5, country="BB")])
    open_ = driving.minutes(roads, origins, at(1), across_borders=True)
    closed = driving.minutes(roads, origins, at(1), across_borders=False)
    assert list(open_["origin_id"]) == ["p0", "p5"]
    assert list(closed["origin_id"]) == ["p0"]
    assert set(open_["destination_id"]) == {"p1"}


def test_a_place_far_from_every_node_has_no_time() -> None:
    roads = driving.network(small([0, 1, 2]), slow_drive())
    assert math.isnan(time(roads, 30, 0))
    assert time(roads, 3, 0) > time(roads, 2, 0)  # five km beyond the last node


def test_a_place_near_two_shores_lies_on_the_one_that_the_shores_say() -> None:
    land = small([0, 1, 2, 3, 4])
    land = replace(land, edges=land.edges[land.edges["start"] != 1].reset_index(drop=True))
    point = 1.6  # nearer to node 2, but on the land of node 1
    said = pd.DataFrame({"node": [1], "latitude": [0.0], "longitude": [STEP * point]})
    apart = driving.network(replace(land, shores=said), slow_drive())
    assert math.isnan(time(driving.network(land, slow_drive()), point, 0))
    assert time(apart, point, 0) == pytest.approx(10 + 0.6 * 10, abs=0.01)


def test_two_places_on_the_same_ground_are_joined_by_the_straight_line() -> None:
    roads = driving.network(small([0, 1, 2]), slow_drive())
    assert time(roads, 0.8, 0.8) == 0
    assert time(roads, 0.8, 1.2) == pytest.approx(4, abs=0.01)


COLUMNS = st.lists(st.floats(-0.4, 30.4), min_size=3, max_size=3)
SPEEDS = st.tuples(st.floats(10, 60), st.floats(60, 130), st.floats(0, 60))


@settings(max_examples=60, deadline=None)
@given(COLUMNS, SPEEDS)
def test_times_are_symmetric_zero_at_home_and_no_third_place_is_a_short_cut(
    columns: list[float], speeds: tuple[float, float, float]
) -> None:
    roads = driving.network(small(list(range(31))), slow_drive(*speeds))
    places = at(*columns).set_axis(list("abc"))
    found = driving.minutes(roads, places, places, limit=1e6)
    times = found.pivot(index="origin_id", columns="destination_id", values="minutes").to_numpy()
    assert np.allclose(times, times.T)
    assert np.allclose(np.diag(times), 0)
    for a, b, c in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        assert times[a, b] <= times[a, c] + times[c, b] + 1e-6


@settings(max_examples=40, deadline=None)
@given(COLUMNS, SPEEDS, st.floats(1, 2), st.floats(1, 2), st.floats(0, 1))
def test_faster_is_never_longer(
    columns: list[float],
    speeds: tuple[float, float, float],
    more: float,
    longer: float,
    less: float,
) -> None:
    land, places = small(list(range(31))), at(*columns).set_axis(list("abc"))
    local, long, entry = speeds
    slow = driving.network(land, slow_drive(local, long, entry))
    fast = driving.network(land, slow_drive(local * more, long * longer, entry * less))
    times = [driving.minutes(roads, places, places, limit=1e6) for roads in (slow, fast)]
    assert (times[1]["minutes"] <= times[0]["minutes"] + 1e-6).all()


def test_a_way_names_its_bridges_in_order() -> None:
    links = (
        ("first", "road", "used", 1, 2, 8000, np.nan, np.nan, np.nan),
        ("second", "ferry", "used", 3, 4, np.nan, 15.0, 10.0, 30.0),
    )
    land = small([0, 1, 3, 4, 6, 7], links=links)
    roads = driving.network(land, slow_drive())
    way = route.way(land, roads, at(0).iloc[0], at(7).iloc[0])
    back = route.way(land, roads, at(7).iloc[0], at(0).iloc[0])
    assert way is not None
    assert back is not None
    assert way.links == ("first", "second")
    assert back.links == ("second", "first")
    assert way.minutes == pytest.approx(time(roads, 0, 7))
    assert way.points["longitude"].is_monotonic_increasing
    assert (
        route.way(
            small([0, 5]),
            driving.network(small([0, 5]), slow_drive()),
            at(0).iloc[0],
            at(5).iloc[0],
        )
        is None
    )


FJORD = shapely.box(0, 0, 60_000, 40_000) - shapely.box(20_000, 6_000, 22_000, 40_000)


def test_the_two_shores_of_a_fjord_are_joined_only_around_its_end() -> None:
    lattice = land_module.cut(FJORD, 5000.0)
    nodes, edges = lattice.nodes, lattice.edges
    left, right = nodes["x"] < 20_000, nodes["x"] > 22_000
    across = edges[left[edges["start"]].to_numpy() & right[edges["end"]].to_numpy()]
    assert len(across)
    assert (nodes.loc[across["start"], "y"] < 11_000).all()
    square = nodes[(nodes["column"] == 4) & (nodes["row"] == 6)]
    assert len(square) == 1  # the fjord fills the other side of this square
    points = shores.points(lattice)
    near = points[(points["x"] < 20_000) & (points["y"] > 15_000)]
    assert len(near)
    assert left[near["node"]].all()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(2, 12)),
        min_size=1,
        max_size=5,
    )
)
def test_no_edge_of_a_lattice_leaves_the_land(boxes: list[tuple[int, int, int]]) -> None:
    land = shapely.union_all(
        [
            shapely.box(x * 1000, y * 1000, (x + size) * 1000, (y + size / 2) * 1000)
            for x, y, size in boxes
        ]
    )
    lattice = land_module.cut(land, 5000.0)
    points = shapely.points(lattice.nodes[["x", "y"]].to_numpy())
    near = land.buffer(1)
    assert shapely.covers(near, points).all()
    apart = (
        lattice.nodes[["column", "row"]].to_numpy()[lattice.edges["end"]]
        - lattice.nodes[["column", "row"]].to_numpy()[lattice.edges["start"]]
    )
    far = np.abs(apart).sum(axis=1) > 1
    for start, end in lattice.edges.loc[far, ["start", "end"]].to_numpy():
        assert near.covers(shapely.LineString([points[start], points[end]]))
    parts = shapely.get_parts(land)
    owner = shapely.STRtree(parts).query_nearest(points, all_matches=False)[1]
    assert (owner[lattice.edges["start"]] == owner[lattice.edges["end"]]).all()


def test_the_error_counts_only_the_half_that_measures() -> None:
    pairs = pd.DataFrame(
        {
            "half": ["measure"] * 4 + ["calibrate"] * 10 + ["bound"],
            "minutes": 100.0,
            "middle": [110.0, 90.0, 140.0, 100.0] + [500.0] * 11,
            "slow": 120.0,
            "fast": [80.0, 80.0, 80.0, 101.0] + [80.0] * 11,
        }
    )
    found = driving_check.error(pairs)
    assert (found.pairs, found.inside, found.calibrated) == (4, 3, False)
    assert found.median == pytest.approx(10)
    assert found.bias == pytest.approx(10)
    assert found.ninth_decile == pytest.approx(40)
    more = pd.concat([pairs, pairs[:4], pairs[:4]])
    assert driving_check.error(more).calibrated
    assert not driving_check.error(more[more["half"] != "calibrate"]).calibrated


def test_a_pair_without_a_modelled_way_is_an_error_without_bounds() -> None:
    pairs = pd.DataFrame(
        {
            "half": ["measure"] * 3,
            "minutes": 60.0,
            "middle": [60.0, 66.0, np.nan],
            "slow": [70.0, 70.0, np.nan],
            "fast": [50.0, 50.0, np.nan],
        }
    )
    found = driving_check.error(pairs)
    assert found.inside == 2
    assert found.median == pytest.approx(10)
    assert math.isinf(found.ninth_decile)


def test_the_fit_finds_the_constants_that_made_the_times() -> None:
    long = np.linspace(10, 400, 12)
    times = pd.DataFrame({"local": 3 * long, "long": long})
    truth = pd.Series(np.minimum(3 * long, 13 + 0.85 * long))
    assert driving_check.fit(times, truth) == (13.0, 0.85)


def test_a_table_of_ones_own_says_what_it_lacks() -> None:
    table = pd.DataFrame({"origin_id": ["a", "a"], "destination_id": ["x", "y"], "minutes": [5, 7]})
    found = own_times.own_times(table, ["a", "b"], ["x", "y", "z"])
    assert (found.missing, found.places, found.centres) == (4, 1, 1)
    assert found.pairs.minutes.tolist() == [5, 7]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"origin_id": "q"}, "unknown-id"),
        ({"destination_id": "x"}, "repeated-pair"),
        ({"minutes": -1}, "wrong-minutes"),
        ({"minutes": "soon"}, "wrong-minutes"),
    ],
)
def test_a_faulty_table_is_refused_in_one_sentence(change: dict[str, object], code: str) -> None:
    table = pd.DataFrame({"origin_id": ["a", "a"], "destination_id": ["x", "y"], "minutes": [5, 7]})
    table = table.astype(object)
    for name, value in change.items():
        table.loc[1, name] = value
    with pytest.raises(UserError) as caught:
        own_times.own_times(table, ["a", "b"], ["x", "y"])
    assert caught.value.code == code
    assert str(caught.value).count("\n") == 0
