"""Counting what is known: by hand, on tables small enough to count."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from canheal_nb.data import Dataset
from canheal_nb.evidence import model
from canheal_nb.indicators import measures

Rows = Callable[..., pd.DataFrame]
STATES = ["FR", "GR", "MT", "SI"]


def years(*given: int | None) -> pd.Series:
    return pd.Series(given, dtype="Int64")


def test_empty_cells_are_counted_and_the_number_twin_is_not(build: Callable[..., Dataset]) -> None:
    facts = build().capabilities
    sizes = model.sizes({"capabilities": facts})
    assert sizes.loc["capabilities"].to_dict() == {"rows": 6, "cells": 36, "empty": 6}
    shares = model.empty_by_column(facts)
    assert shares["note"] == 1
    assert shares["value"] == 0
    assert "number" not in shares


def test_an_index_is_a_column_too(build: Callable[..., Dataset]) -> None:
    assert model.sizes({"sources": build().sources}).loc["sources", "cells"] == 18


def test_age_is_a_band_and_an_unstated_year_is_none_of_them() -> None:
    given = years(2030, 2027, 2026, 2025, 2024, 2022, 2021, 2017, 2016, None)
    assert list(model.age(given, 2026)) == [
        *["to come"] * 2,
        *["0-1"] * 2,
        *["2-4"] * 2,
        *["5-9"] * 2,
        "10+",
        "not stated",
    ]
    assert model.ages(given, 2026)["not stated"] == 1
    assert model.ages(given, 2026).sum() == 10
    assert model.old(given, 2026) == 3


def test_an_indicator_is_known_by_states_and_not_by_rows(indicators: Rows) -> None:
    rows = indicators(
        ("FR", "waits", "B", 2020, "F", "1", None, None, "S1", "", ""),
        ("FR", "waits", "A", 2022, "M", "2", None, None, "S1+S2", "", ""),
        ("SI", "waits", "A", None, "T", "3", None, None, "S2", "", ""),
        ("NO", "waits", "C", 1999, "T", "4", None, None, "S3", "", ""),
    )
    types = pd.DataFrame({"group": ["Care", "Care"]}, index=["never", "waits"])
    found = model.known_indicators(rows, types, STATES)
    assert list(found.index) == ["never", "waits"]
    row = found.loc["waits"]
    assert (row["known"], row["facts"], row["first"], row["last"]) == (2, 3, 2020, 2022)
    assert (row["undated"], row["editions"], row["sources"]) == (1, ("A", "B"), ("S1", "S2"))
    none = found.loc["never"]
    assert (none["known"], none["facts"], none["editions"], none["sources"]) == (0, 0, (), ())
    assert pd.isna(none["first"])


def test_a_capability_is_known_when_a_source_says_no(build: Callable[..., Dataset]) -> None:
    data = build()
    inside = data.centres.index[data.centres["country"].isin(STATES)]
    found = model.known_capabilities(data.capabilities, data.capability_types, inside)
    assert found.loc["oeci_accredited", ["known", "yes", "no"]].tolist() == [3, 2, 1]
    assert found.loc["oeci_designation", ["known", "yes", "no"]].tolist() == [2, 0, 0]


def test_the_grid_counts_indicators_by_group_and_state(build: Callable[..., Dataset]) -> None:
    data = build()
    found = model.grid(data.indicators, data.indicator_types, STATES)
    assert found.loc["Care"].to_dict() == {"FR": 2, "GR": 1, "MT": 1, "SI": 2, "of": 3}
    assert found.loc["People"].to_dict() == {"FR": 1, "GR": 1, "MT": 1, "SI": 1, "of": 1}


def test_the_centre_grid_counts_centres_and_not_facts(build: Callable[..., Dataset]) -> None:
    data = build()
    tables = (data.capabilities, data.capability_types, data.centres)
    found = model.centre_grid(*tables, STATES)
    assert found.loc["Quality"].to_dict() == {"FR": 2, "GR": 0, "MT": 0, "SI": 1, "of": 2}


def test_facts_that_do_not_agree_stand_side_by_side(capabilities: Rows) -> None:
    rows = capabilities(
        ("hill", "status", "candidate", 2025, "S1", ""),
        ("hill", "status", "designated", 2026, "S2", ""),
        ("mill", "status", "candidate", 2025, "S1", ""),
        ("mill", "status", "candidate", 2026, "S2", ""),
    )
    found = model.disagreements(rows, ["centre_id", "capability"])
    assert list(found["value"]) == ["candidate", "designated"]
    assert set(found["centre_id"]) == {"hill"}


def test_a_joint_source_counts_for_each_of_its_parts(build: Callable[..., Dataset]) -> None:
    data = build()
    table = pd.DataFrame({"source_id": ["S1", "S1+S2", ""]})
    found = model.facts_by_source([table, data.areas], data.sources)
    assert found.to_dict() == {"S1": 2, "S2": 1}


LEFT = pd.DataFrame(
    [
        ("indicators", "FR|mri||2013|T|S1", "4", "superseded"),
        ("indicators", "SI|mri||2013|T|S1", "5", "superseded"),
        ("capabilities", "hill|linacs|2015|S2", "2", "press count"),
        ("parameters", "cap_linac", "1", "press count"),
    ],
    columns=["table", "key", "value", "reason"],
)


def test_what_was_left_out_is_counted_by_reason() -> None:
    found = model.left_out(LEFT).to_dict("records")
    assert found[0] == {
        "table": "indicators",
        "reason": "superseded",
        "facts": 2,
        "what": ("mri",),
    }
    assert [row["what"] for row in found[1:]] == [("linacs",), ("cap_linac",)]


@pytest.mark.parametrize(("find", "rows"), [("MRI", 2), ("press", 2), ("hill", 1), ("zz", 0)])
def test_what_was_left_out_can_be_searched(find: str, rows: int) -> None:
    assert model.left_out(LEFT, find)["facts"].sum() == rows


def test_the_published_tables_are_all_counted(dataset: Dataset) -> None:
    states = measures.members(dataset.areas)
    found = model.known_indicators(dataset.indicators, dataset.indicator_types, states)
    inside = dataset.indicators["area_id"].isin(states)
    assert found["facts"].sum() == inside.sum()
    assert model.left_out(dataset.left_out)["facts"].sum() == len(dataset.left_out)
    assert model.ages(dataset.indicators["year"], 2026).sum() == len(dataset.indicators)
