"""Journeys as they are stored: what is packed comes back, to a tenth of a minute."""

from __future__ import annotations

import pandas as pd

from canheal_nb.data.journeys import Journeys, packed, unpacked

CENTRES = pd.DataFrame({"latitude": [50.0, 40.5], "longitude": [4.0, -3.25]}, index=["b", "a"])


def table(*rows: tuple[int, int, float]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["origin", "destination", "minutes"])


def test_stored_journeys_come_back_in_order_also_those_of_no_time_and_of_one_pace_only() -> None:
    slow = table((2, 0, 0.0), (0, 1, 180.0))
    fast = table((0, 1, 99.9), (2, 0, 0.0), (70_000, 1, 12.3))
    made = Journeys("abc", CENTRES, {"slow": slow, "fast": fast})
    back = unpacked(packed(made))
    assert back.digest == "abc"
    pd.testing.assert_frame_equal(back.centres, CENTRES, check_names=False, check_index_type=False)
    for pace, rows in (("slow", slow), ("fast", fast)):
        expected = rows.sort_values(["origin", "destination"]).to_numpy().round(1).tolist()
        assert back.tables[pace].to_numpy(float).round(1).tolist() == expected


def test_the_same_journeys_give_the_same_bytes_whatever_their_order() -> None:
    rows = table((0, 1, 5.0), (1, 0, 6.0), (1, 1, 7.0))
    one, two = (Journeys("d", CENTRES, {"slow": r}) for r in (rows, rows.iloc[::-1]))
    assert packed(one) == packed(two)
