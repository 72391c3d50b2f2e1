"""Counting centres without taking "not known" for "no", and which of them are drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from canheal_nb.data import Dataset
from canheal_nb.indicators import capabilities as caps
from canheal_nb.indicators import designated_centres

Rows = Callable[..., pd.DataFrame]
MEMBERS = ["FR", "GR", "SI"]
CENTRES = pd.DataFrame({"country": {"a": "FR", "b": "FR", "c": "SI", "d": "NO"}})


def fact(
    centre: str, value: str = "yes", year: int | None = 2026, source: str = "S1"
) -> tuple[Any, ...]:
    return (centre, "boards", value, year, source, "")


def lists(*rows: tuple[str, str]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), columns=["country", "completeness"], dtype="str")
    return table.assign(capability="boards")


def count(facts: pd.DataFrame, *known: tuple[str, str]) -> pd.DataFrame:
    return caps.count_layer(CENTRES, facts, lists(*known), MEMBERS, "boards")


def test_a_complete_list_without_a_centre_is_a_true_zero(capabilities: Rows) -> None:
    table = count(capabilities(fact("a"), fact("b"), fact("c", "no")), ("EU", "complete"))
    assert table["number"].to_dict() == {"FR": 2, "GR": 0, "SI": 0}
    assert not table["at_least"].any()


@pytest.mark.parametrize("known", [("EU", "partial"), ("EU", "anecdotal"), ("DE", "complete")])
def test_without_a_complete_list_nothing_found_is_not_known(
    capabilities: Rows, known: tuple[str, str]
) -> None:
    table = count(capabilities(fact("a"), fact("c", "no")), known)
    assert table["number"].to_dict() == {"FR": 1}
    assert table["at_least"].to_dict() == {"FR": True}


def test_a_countrys_own_list_goes_before_the_unions(capabilities: Rows) -> None:
    table = count(capabilities(fact("a")), ("EU", "complete"), ("FR", "partial"))
    assert table["at_least"].to_dict() == {"FR": True, "GR": False, "SI": False}


def test_centres_outside_the_union_are_not_counted(capabilities: Rows) -> None:
    table = count(capabilities(fact("a"), fact("d")), ("EU", "complete"))
    assert table["number"].sum() == 1


def test_every_source_behind_a_count_is_named(capabilities: Rows) -> None:
    facts = capabilities(fact("a", source="S3"), fact("b", source="S1"), fact("c", source="S2"))
    assert set(count(facts, ("EU", "complete"))["source_id"]) == {"S1+S2+S3"}


def test_a_centre_named_twice_counts_once(capabilities: Rows) -> None:
    table = count(capabilities(fact("a"), fact("a", source="S2")), ("EU", "complete"))
    assert table.loc["FR", "number"] == 1
    assert table.loc["FR", "flag"] == ""


def test_sources_that_contradict_each_other_are_flagged(capabilities: Rows) -> None:
    table = count(capabilities(fact("a"), fact("a", "no", source="S2")), ("EU", "complete"))
    assert table["flag"].to_dict() == {"FR": "contradicted", "GR": "", "SI": ""}


def test_the_newest_fact_of_a_centre_holds(capabilities: Rows) -> None:
    facts = capabilities(fact("a", "yes", 2018), fact("a", "no", 2026), fact("b", "yes", None))
    assert list(caps.centres_with(facts, "boards")) == ["b"]
    assert set(count(facts, ("EU", "complete"))["flag"]) == {""}


def test_completeness_is_anecdotal_where_no_list_is_named() -> None:
    assert caps.completeness(lists(("FR", "complete")), "boards", "SI") == "anecdotal"
    assert caps.completeness(lists(("FR", "complete")), "boards", "FR") == "complete"
    assert caps.completeness(lists(("EU", "partial")), "boards", "SI") == "partial"
    assert caps.completeness(lists(("EU", "complete")), "linacs", "SI") == "anecdotal"


# --- centres ------------------------------------------------------------------------------


def test_the_newest_designation_holds(capabilities: Rows) -> None:
    facts = capabilities(
        ("a", "oeci_designation", "CC", 2019, "S1", ""),
        ("a", "oeci_designation", "CCC", 2026, "S2", ""),
        ("b", "boards", "yes", 2026, "S3", ""),
    )
    assert designated_centres.designations(facts).to_dict() == {"a": "CCC"}
    assert designated_centres.designation_sources(facts) == ["S1", "S2"]


@pytest.mark.parametrize(
    ("which", "drawn"),
    [("none", {}), ("oeci", {"dreamt": "CCC", "mill": "CC"})]
    + [("all", {"dreamt": "CCC", "hill": "", "mill": "CC"})],
)
def test_drawn_are_the_unions_centres_that_have_a_place(
    build: Callable[..., Dataset], which: str, drawn: dict[str, str]
) -> None:
    assert designated_centres.points(build(), which)["kind"].to_dict() == drawn


def test_the_embedded_data_have_73_designated_centres_in_the_union(dataset: Dataset) -> None:
    assert len(designated_centres.points(dataset, "oeci")) == 73
    assert set(designated_centres.points(dataset, "all")["kind"]) == {"CCC", "CC", ""}
