"""Machines needed, counted in nine ways: by hand for one country, and where nothing is said."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from canheal_nb.data import Dataset
from canheal_nb.indicators import measures
from canheal_nb.need.model import machine_need

Build = Callable[..., Dataset]
CASES = "cancer_new_cases_excl_nmsc"
MACHINES = "radiotherapy_machines_dirac_number"


def row(
    area: str, indicator: str, value: str, flag: str = "", edition: str = ""
) -> tuple[object, ...]:
    year = 2022 if indicator == CASES else 2026
    return (area, indicator, edition, year, "T", value, None, None, "S1", flag, "")


def small(build: Build, *given: tuple[str, str, str, str, str]) -> Dataset:
    """Return data with cases and machines: (area, cases, flag, machines, flag), "" for no row."""
    rows = []
    for area, cases, cases_flag, machines, machines_flag in given:
        if cases:
            rows.append(row(area, CASES, cases, cases_flag, "GLOBOCAN 2022"))
        if machines:
            rows.append(row(area, MACHINES, machines, machines_flag))
    return build(indicators=rows)


def test_slovenia_as_one_works_it_out_by_hand(dataset: Dataset) -> None:
    found = machine_need.need(dataset, "SI")
    assert (found.cases, found.machines, found.year) == (13719.0, 9.0, 2022)
    assert found.table.index.tolist() == [0.406, 0.483, 0.523]
    assert found.table.columns.tolist() == [450.0, 485.0, 700.0]
    by_hand = [[12.4, 11.5, 8.0], [14.7, 13.7, 9.5], [15.9, 14.8, 10.3]]
    assert found.table.to_numpy().tolist() == by_hand
    assert found.gaps.to_numpy().tolist() == [[3.4, 2.5, -1.0], [5.7, 4.7, 0.5], [6.9, 5.8, 1.3]]
    assert (found.short, found.ways) == (8, 9)


def test_shares_and_patients_are_read_and_never_typed(build: Build) -> None:
    other = [("rtu_ccore_2012", 0.5, 0.4, 0.6, "S1"), ("linac_patients_quarts", 100.0, None, None)]
    other[1] = (*other[1], "S1")  # type: ignore[assignment]
    other += [("eortc_pts_unit", 200.0, None, None, "S2")]
    other += [("linac_patients_eortc", 400.0, None, None, "S2")]
    rows = [row("SI", CASES, "1000", "", "GLOBOCAN 2022"), row("SI", MACHINES, "3")]
    found = machine_need.need(build(indicators=rows, parameters=other), "SI")
    assert found.table.to_numpy().tolist() == [[4, 2, 1], [5, 2.5, 1.2], [6, 3, 1.5]]
    assert found.short == 3
    assert machine_need.parameter_sources(build(parameters=other).parameters) == ["S1", "S2"]


def test_a_release_of_another_year_is_not_taken(build: Build) -> None:
    rows = [row("SI", CASES, "1000", "", "GLOBOCAN 2024"), row("SI", MACHINES, "3")]
    assert machine_need.need(build(indicators=rows), "SI").reason == "no_cases"


@pytest.mark.parametrize(
    ("cases_flag", "machines_flag", "reason"),
    [
        ("derived", "record_2023", ""),
        ("derived,metropolitan", "metropolitan,record_2023", ""),
        ("derived,metropolitan", "record_2023", "areas_differ"),
        ("derived", "metropolitan", "areas_differ"),
        ("whole_island", "record_2025,area_not_stated", "areas_differ"),
        ("whole_island", "government_area", "areas_differ"),
    ],
)
def test_only_the_same_ground_is_compared(
    build: Build, cases_flag: str, machines_flag: str, reason: str
) -> None:
    found = machine_need.need(small(build, ("FR", "1000", cases_flag, "3", machines_flag)), "FR")
    assert found.reason == reason
    assert found.table.empty == bool(reason)


def test_what_is_not_known_is_not_short(build: Build) -> None:
    data = small(build, ("SI", "1000", "", "", ""), ("MT", "", "", "3", ""))
    found = machine_need.needs(data, ["SI", "MT", "GR"])
    assert {c: n.reason for c, n in found.items()} == {
        "SI": "no_machines",
        "MT": "no_cases",
        "GR": "no_machines",
    }
    assert all(n.ways == n.short == 0 for n in found.values())
    assert machine_need.short_counts(found).empty


def test_no_ratio_for_cyprus_and_metropolitan_france(dataset: Dataset) -> None:
    found = machine_need.needs(dataset, measures.members(dataset.areas))
    assert found["CY"].reason == "areas_differ"
    assert found["FR"].metropolitan
    assert [c for c, n in found.items() if n.reason] == ["CY"]


def test_what_one_has_to_spare_cancels_no_lack(build: Build) -> None:
    data = small(build, ("SI", "13719", "", "9", ""), ("FR", "13719", "", "900", ""))
    alone = machine_need.shortfalls(machine_need.needs(data, ["SI"]))
    pd.testing.assert_frame_equal(
        machine_need.shortfalls(machine_need.needs(data, ["SI", "FR"])), alone
    )
    assert alone.iloc[0].tolist() == [3.4, 2.5, 0.0]
    assert machine_need.short_counts(machine_need.needs(data, ["SI", "FR"])).to_numpy().sum() == 8


def test_short_is_decided_on_what_is_said() -> None:
    assert machine_need.said(12.3776) == 12.4
    assert machine_need.said(99.96) == 100.0
    assert machine_need.said(472.6) == 473.0
