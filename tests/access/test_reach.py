"""Pairs from tables, the nearest centre, and people within limits: by hand."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest

from canheal_nb.access.model import nearest_centre
from canheal_nb.access.model.catchments import access
from canheal_nb.access.model.decay import flat
from canheal_nb.access.travel import travel_times
from canheal_nb.text.errors import UserError

NAN = float("nan")
FOUR_WAYS = [("a", "x", 20), ("b", "x", 40), ("b", "y", 21), ("c", "y", 0)]


def table(ways: list[tuple[str, str, float]]) -> pd.DataFrame:
    return pd.DataFrame(ways, columns=["origin_id", "destination_id", "minutes"])


def test_pairs_lie_by_place_and_by_centre() -> None:
    ways = travel_times.from_table(table(FOUR_WAYS[::-1]))
    assert ways.starts.tolist() == [0, 1, 3, 4]
    assert ways.columns.tolist() == [0, 0, 1, 1]
    assert ways.minutes.tolist() == [20, 40, 21, 0]
    assert ways.column_starts.tolist() == [0, 2, 4]
    assert ways.rows.tolist() == [0, 1, 1, 2]
    assert ways.minutes[ways.order].tolist() == [20, 40, 21, 0]
    assert ways.minutes.dtype == np.float32
    with pytest.raises(ValueError, match="read-only"):
        ways.minutes[0] = 3


def test_the_digest_is_of_the_content() -> None:
    ways = travel_times.from_table(table(FOUR_WAYS))
    assert travel_times.from_table(table(FOUR_WAYS[::-1])) == ways
    slower = [*FOUR_WAYS[:3], ("c", "y", 1)]
    renamed = [*FOUR_WAYS[:3], ("d", "y", 0)]
    for other in (slower, renamed, FOUR_WAYS[:3]):
        assert travel_times.from_table(table(other)) != ways
    assert ways != "ways"


def test_empty_minutes_are_no_way() -> None:
    for empty in (NAN, None, "", " "):
        ways = [("a", "x", 5), ("a", "y", empty), ("b", "y", 7)]
        found = travel_times.from_table(table(ways).astype({"minutes": object}))  # type: ignore[arg-type]
        assert len(found) == 2
        assert list(found.destinations) == ["x", "y"]


@pytest.mark.parametrize(
    ("ways", "says"),
    [
        ([("a", "x", -1)], "Row 1 of the travel times says -1 minutes"),
        ([("a", "x", 1), ("b", "x", math.inf)], "Row 2 of the travel times says inf"),
        ([("a", "x", "soon")], "says soon minutes"),
        ([("a", "x", 1), ("", "x", 1)], "Row 2 of the travel times has no origin_id"),
        ([("a", None, 1)], "Row 1 of the travel times has no destination_id"),
        ([("a", "x", 1), ("a", "y", 2), ("a", "x", 3)], "from a to x is given twice"),
        ([("a", "x", 1), ("d", "x", 1)], "origin_id d of the travel times is not known"),
    ],
)
def test_faulty_tables_are_refused(ways: list[tuple[str, str, float]], says: str) -> None:
    with pytest.raises(UserError, match=re.escape(says)):
        travel_times.from_table(table(ways), origins=["a", "b", "c"])


def test_other_faults_of_tables() -> None:
    with pytest.raises(UserError, match="no column minutes"):
        travel_times.from_table(table(FOUR_WAYS).drop(columns="minutes"))
    with pytest.raises(UserError, match="id a is listed twice"):
        travel_times.from_table(table(FOUR_WAYS), origins=["a", "b", "c", "a"])
    empty = travel_times.from_table(table([]), ["a"], ["x"])
    assert access(empty, [3], [1], flat(60)).score.tolist() == [0]


def test_borders_closed() -> None:
    ways = travel_times.from_table(table(FOUR_WAYS))
    home, centre = np.array(["FR", "FR", "DE"]), np.array(["FR", "DE"])
    domestic = travel_times.kept(ways, home[travel_times.places(ways)] == centre[ways.columns])
    assert len(domestic) == 3
    assert nearest_centre.nearest(domestic).minutes.tolist() == [20, 40, 0]
    assert list(domestic.destinations) == ["x", "y"]


def test_nearest_with_ties_gaps_and_a_choice_of_centres() -> None:
    ways = [("a", "x", 30), ("a", "y", 30), ("b", "y", 5), ("b", "x", 9), ("d", "x", 1)]
    every = travel_times.from_table(table(ways), list("abcd"), list("xyz"))
    found = nearest_centre.nearest(every)
    assert found.table()["destination_id"].to_dict() == {"a": "x", "b": "y", "c": "", "d": "x"}
    assert found.table()["minutes"].tolist()[:2] == [30, 5]
    assert math.isnan(found.table().loc["c", "minutes"])
    assert found.unreachable == 1
    some = nearest_centre.nearest(every, [False, True, True])
    assert some.table()["destination_id"].tolist() == ["y", "y", "", ""]
    assert some.unreachable == 2
    assert nearest_centre.nearest(every, [False, False, True]).unreachable == 4


def test_people_within_the_limit_itself() -> None:
    minutes = [59, 60, np.nextafter(np.float32(60), np.float32(61)), NAN, 0]
    found = nearest_centre.within(minutes, [1, 10, 100, 1000, 10000], [60, 30, 60, 0, 120])
    assert list(found.within.columns) == [0, 30, 60, 120]
    assert found.within.loc[nearest_centre.ALL].tolist() == [10000, 10000, 10011, 10111]
    assert found.people[nearest_centre.ALL] == 11111
    assert found.unreachable[nearest_centre.ALL] == 1000
    assert found.share.loc[nearest_centre.ALL, 60] == 10011 / 11111


def test_people_within_by_country() -> None:
    groups = ["FR", "DE", "FR", None, "MT"]
    found = nearest_centre.within([20, 50, NAN, 1, 5], [4, 5, 6, 7, 0], [30, 60], groups)
    assert found.within.loc["DE"].tolist() == [0, 5]
    assert found.within.loc["FR"].tolist() == [4, 4]
    assert found.unreachable.to_dict() == {"DE": 0, "FR": 6, "MT": 0}
    assert found.share.loc["FR", 30] == 0.4
    assert found.share.loc["MT"].isna().all()


def test_the_curve_rises_to_those_who_reach_any() -> None:
    found = nearest_centre.curve([2.5, 10, NAN], [1, 2, 1], upto=12, every=2)
    assert list(found.columns) == [0, 2, 4, 6, 8, 10, 12]
    assert found.loc[nearest_centre.ALL].tolist() == [0, 0, 0.25, 0.25, 0.25, 0.75, 0.75]


@pytest.mark.parametrize("limits", [[], [-1], [NAN], [math.inf]])
def test_impossible_limits_are_refused(limits: list[float]) -> None:
    with pytest.raises(UserError, match="are not times in minutes"):
        nearest_centre.within([1], [1], limits)
