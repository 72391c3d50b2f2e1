"""The simple second way: straight lines on a ball."""

from __future__ import annotations

import pandas as pd
import pytest

from canheal_nb.access.travel import straight_line

PLACES = pd.DataFrame(
    {
        "latitude": [0.0, 0.0, 1.0, 60.0],
        "longitude": [0.0, 1.0, 0.0, 10.0],
        "country": ["AA", "BB", "AA", "CC"],
        "people": [10.0, 20.0, 30.0, 40.0],
    }
)
CENTRES = pd.DataFrame({"latitude": [0.0], "longitude": [0.0], "country": ["AA"]}, index=["x"])


def test_a_degree_is_a_hundred_and_eleven_kilometres_in_both_directions() -> None:
    km = straight_line.nearest_km(PLACES, CENTRES)
    assert km[:3] == pytest.approx([0.0, 111.19, 111.19], abs=0.01)
    assert km[3] > 6000


def test_people_within_a_distance_over_borders_and_at_home_only() -> None:
    across = straight_line.shares(PLACES, CENTRES, (60.0, 120.0), across=True)
    assert across == pytest.approx({60.0: 0.1, 120.0: 0.6})
    home = straight_line.shares(PLACES, CENTRES, (60.0, 120.0), across=False)
    assert home == pytest.approx({60.0: 0.1, 120.0: 0.4})


def test_without_a_centre_nobody_lives_near_one() -> None:
    assert straight_line.shares(PLACES, CENTRES.iloc[:0], (60.0,), across=True) == {60.0: 0.0}
