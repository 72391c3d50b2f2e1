"""Who can reach a centre: on a tiny made-up land where every figure is known, then on the data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from canheal_nb import data
from canheal_nb.access.model import access_inequality, access_tables, coverage
from canheal_nb.access.model.catchment_weights import Method
from canheal_nb.access.model.decay import Decay, Gaussian
from canheal_nb.access.model.definitions import Definition, State
from canheal_nb.access.travel import journeys
from canheal_nb.access.travel.driving import PACES, Drive, Pace
from canheal_nb.access.travel.travel_times import Pairs, from_table
from canheal_nb.data.journeys import Journeys

MEANT = Definition("made-up", "Made up", True, ((("title", "yes"),),))
PLACES = pd.DataFrame(
    {
        "people": [100.0, 300.0, 200.0, 400.0],
        "country": ["AA", "AA", "BB", "BB"],
        "area_id": ["AA", "AA-9", "BB", "BB"],
        "size": ["city", "rural", "city", "rural"],
        "h3": ["x", "y", "z", "z"],
        "latitude": [0.0, 1.0, 2.0, 3.0],
        "longitude": [0.0, 0.0, 0.0, 0.0],
    },
    index=pd.Index(["a1", "a2", "b1", "b2"], name="origin_id"),
)
CENTRES = pd.DataFrame(
    {"name": ["A", "B"], "country": ["AA", "BB"], "latitude": [0.0, 2.0], "longitude": [0.0, 0.0]},
    index=["ca", "cb"],
)
ENHANCED: tuple[Method, Decay] = ("e2sfca", Gaussian(30.0, 60.0))
SLOWER = {"slow": 1.5, "middle": 1.0, "fast": 0.5}


def ways() -> dict[Pace, Pairs]:
    """At the middle pace: a1 10 to ca, a2 60 to cb only, b1 30 to cb, b2 nowhere."""
    rows = [("a1", "ca", 10.0), ("a2", "cb", 60.0), ("b1", "cb", 30.0), ("a1", "cb", 90.0)]
    table = pd.DataFrame(rows, columns=["origin_id", "destination_id", "minutes"])
    return {
        pace: from_table(
            table.assign(minutes=table["minutes"] * SLOWER[pace]), PLACES.index, CENTRES.index
        )
        for pace in PACES
    }


def found(**states: State) -> coverage.Reaching:
    every: dict[str, State] = {"AA": "exact", "BB": "exact", **states}
    return coverage.reaching(MEANT, PLACES, CENTRES, every, ways())


def shares(limit: int, across: bool, **states: State) -> pd.DataFrame:
    return coverage.shares(found(**states), limit, across)


def test_a_time_of_exactly_the_limit_is_inside_and_the_band_is_slow_to_fast() -> None:
    table = shares(60, across=True)
    assert table.loc["AA", ["persons", "people"]].tolist() == [400.0, 400.0]
    assert table.loc["AA", ["low", "share", "high"]].tolist() == [0.25, 1.0, 1.0]
    assert table.at["EU", "share"] == pytest.approx(600 / 1000)
    assert set(table["state"]) == {"exact"}


def test_with_borders_closed_a_centre_of_another_country_does_not_count() -> None:
    table = shares(60, across=False)
    assert table["share"].tolist() == pytest.approx([0.25, 200 / 600, 300 / 1000])


def test_a_list_that_says_nothing_gives_no_figure_and_never_a_zero() -> None:
    table = shares(60, across=False, BB="unknown")
    assert table.at["BB", "state"] == "unknown"
    assert np.isnan(table.at["BB", "share"])
    assert (table.at["EU", "state"], table.at["EU", "share"]) == ("at_least", 0.1)


def test_over_open_borders_one_open_list_makes_all_figures_lower_bounds() -> None:
    table = shares(60, across=True, AA="unknown")
    assert table["state"].tolist() == ["at_least", "at_least", "at_least"]
    assert table.at["AA", "persons"] == 400.0
    alone = shares(4, across=True, AA="unknown")
    assert alone["state"].tolist() == ["unknown", "at_least", "at_least"]


def test_without_any_list_nothing_is_known_of_the_union() -> None:
    table = shares(60, across=False, AA="unknown", BB="unknown")
    assert set(table["state"]) == {"unknown"}
    assert table["share"].isna().all()


def test_the_curve_meets_the_shares_and_never_falls() -> None:
    made = found()
    for area in ("AA", "BB", "EU"):
        line = coverage.curve(made, area, across=True)
        table = coverage.shares(made, 60, across=True)
        assert line[60] == pytest.approx(table.at[area, "share"])
        assert (np.diff(line) >= 0).all()


def test_only_a_border_makes_the_second_place_reachable() -> None:
    gained = coverage.gains(found(), 60)
    assert gained.loc["AA"].tolist() == [300.0, 0.75]
    assert gained.loc["BB", "persons"] == 0.0


def test_sizes_and_regions_are_shares_of_their_own_people() -> None:
    sizes = coverage.by_size(found(), 60, across=True)
    assert sizes["share"].tolist() == pytest.approx([1.0, 300 / 700])
    regions = coverage.regions(found(BB="unknown"), 60, across=True)
    assert regions[["AA", "AA-9"]].tolist() == [1.0, 1.0]
    assert np.isnan(regions["BB"])


def test_a_cell_takes_the_time_of_its_middle_person() -> None:
    cells = coverage.cells(found(), across=True)
    assert cells.to_dict() == {"x": 10.0, "y": 60.0, "z": np.inf}


def test_classes_add_up_to_all_people_of_the_countries_with_a_figure() -> None:
    shares_ = coverage.by_class(found(), (30, 60), across=True)
    assert shares_.tolist() == pytest.approx([0.3, 0.3, 0.4])
    known = coverage.by_class(found(BB="unknown"), (30, 60), across=False)
    assert known.tolist() == pytest.approx([0.25, 0.0, 0.75])


def test_fairness_leaves_out_countries_whose_list_is_not_whole() -> None:
    income = pd.Series({"AA": 10.0, "BB": 20.0})
    both = access_inequality.fairness(found(), 60, True, "middle", income, *ENHANCED)
    one = access_inequality.fairness(found(BB="at_least"), 60, False, "middle", income, *ENHANCED)
    assert (both.countries, both.ranked, one.countries, one.ranked) == (2, 2, 1, 1)
    assert both.concentration.index < 0  # the poorer country reaches more
    assert one.gini == pytest.approx(0.75)  # 100 of 400 people share the only centre
    assert one.atkinson == pytest.approx(0.75)  # 1 - (a quarter of the root of four) squared
    assert one.fifths == float("inf")  # the worst-off fifth has nothing
    assert both.theil.total == pytest.approx(both.theil.within + both.theil.between)


def ground() -> journeys.Ground:
    speeds = pd.DataFrame({"local": [60.0], "long": [60.0]}, index=["AA"])
    drives = {pace: Drive(speeds, SLOWER[pace], SLOWER[pace], 500.0) for pace in PACES}
    return journeys.Ground(PLACES, drives, Line)


class Line:
    """Land on one meridian: a node each degree, all in one country."""

    nodes = pd.DataFrame(
        {"area_id": ["AA"] * 4, "latitude": [0.0, 1.0, 2.0, 3.0], "longitude": [0.0] * 4}
    )
    edges = pd.DataFrame({"start": [0, 1, 2], "end": [1, 2, 3], "metres": [111_195] * 3})
    shores = pd.DataFrame({"latitude": [], "longitude": [], "node": []}).astype({"node": int})
    links = pd.DataFrame(
        columns=["link_id", "kind", "state", "from_node", "to_node", "metres", "minutes"]
    )


def test_journeys_are_computed_where_nothing_fits_and_taken_where_it_does() -> None:
    over = ground()
    new = journeys.pairs(over, CENTRES)
    assert new["slow"].minutes.max() == pytest.approx(166.8)  # a degree, 111.2 km
    assert (len(new["slow"]), len(new["fast"])) == (5, 8)
    made = journeys.computed(over, CENTRES)
    one = {pace: table.assign(minutes=1.0) for pace, table in made.items()}
    stored = Journeys(over.digest, CENTRES[["latitude", "longitude"]], one)
    assert set(journeys.pairs(over, CENTRES, stored)["fast"].minutes) == {1.0}
    moved = CENTRES.assign(latitude=[0.0, 1.0])
    mixed = journeys.pairs(over, moved, stored)["fast"]
    assert set(mixed.minutes[mixed.columns == 0]) == {1.0}
    fresh = journeys.pairs(over, moved)["fast"]
    assert mixed.minutes[mixed.columns == 1].tolist() == fresh.minutes[fresh.columns == 1].tolist()
    stale = Journeys("of another land", stored.centres, stored.tables)
    assert journeys.pairs(over, CENTRES, stale) == new


def test_people_of_a_large_settlement_stand_in_its_cells_and_none_is_lost() -> None:
    settlements = pd.DataFrame(
        {
            "h3": ["x", "y"], "population": [100.0, 900.0], "country": ["AA", "AA"],
            "area_id": ["AA", "AA"], "size": ["rural", "city"],
            "latitude": [1.0, 2.0], "longitude": [5.0, 6.0],
        },
        index=pd.Index(["1", "2"], name="geonameid"),
    )  # fmt: skip
    spread = pd.DataFrame({"geonameid": ["2", "2"], "h3": ["y", "z"], "population": [600.0, 300.0]})
    cells = pd.DataFrame(
        {"latitude": [1.1, 2.1, 2.2], "longitude": [5.1, 6.1, 6.2]}, index=["x", "y", "z"]
    )
    places = journeys.places(settlements, spread, cells)
    assert places["people"].to_dict() == {"1": 100.0, "2:y": 600.0, "2:z": 300.0}
    assert places["latitude"].tolist() == [1.0, 2.1, 2.2]
    assert places["size"].tolist() == ["rural", "city", "city"]


def test_the_stored_journeys_fit_the_data_and_are_what_the_model_gives(
    dataset: data.Dataset,
) -> None:
    over = access_tables.ground(dataset)
    assert dataset.journeys is not None
    assert dataset.journeys.digest == over.digest, "make data/built/journeys.npz again"
    some = dataset.journeys.centres.iloc[[0, 100, 200]]
    assert journeys.pairs(over, some, dataset.journeys) == journeys.pairs(over, some)


# Parts of a hundred of all people of the Union: middle, slow, fast.
FIGURES = {
    ("oeci", 60, False): (27.3, 24.1, 30.6),
    ("oeci", 60, True): (28.5, 25.0, 32.0),
    ("oeci", 120, False): (45.5, 41.6, 48.5),
    ("oeci", 120, True): (53.2, 46.9, 59.0),
    ("national", 60, False): (15.5, 13.5, 17.3),
    ("national", 60, True): (16.6, 14.2, 18.8),
    ("national", 120, False): (20.8, 20.4, 20.9),
    ("national", 120, True): (29.5, 26.1, 32.7),
    ("any", 60, False): (43.0, 37.8, 48.2),
    ("any", 60, True): (44.4, 38.9, 49.8),
    ("any", 120, False): (66.2, 61.9, 69.1),
    ("any", 120, True): (71.7, 65.9, 76.0),
}


@pytest.mark.parametrize(("meant", "limit", "across"), FIGURES)
def test_the_union_s_shares_are_those_that_were_written_down(
    dataset: data.Dataset, meant: str, limit: int, across: bool
) -> None:
    row = access_tables.shares(dataset, meant, limit, across, "middle").loc["EU"]
    found_ = [100 * row[name] for name in ("share", "low", "high")]
    assert found_ == pytest.approx(FIGURES[meant, limit, across], abs=0.1)


def test_the_simple_way_agrees_within_a_few_points(dataset: data.Dataset) -> None:
    for across in (True, False):
        line = access_tables.by_line(dataset, "oeci", across)
        for limit, km in ((60, 60.0), (120, 120.0)):
            share = access_tables.shares(dataset, "oeci", limit, across, "middle").at["EU", "share"]
            assert abs(share - line[km]) < 0.1, (across, limit)


def test_figures_that_may_not_be_given_are_not(dataset: data.Dataset) -> None:
    table = access_tables.shares(dataset, "eunetccc", 120, True, "middle")
    assert set(table["state"]) == {"unknown"}
    assert access_tables.fair(dataset, "any", 60, True, "middle") is None
    assert access_tables.fair(dataset, "eunetccc", 60, True, "middle") is None
