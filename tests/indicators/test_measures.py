"""What one map shows: which figures, which are not known, and where each comes from."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from canheal_nb.data import Dataset
from canheal_nb.indicators import measures, series_choice

Build = Callable[..., Dataset]
MACHINES = "radiotherapy_machines_dirac_number"
PEOPLE = "population_total"
RATIO = "radiotherapy_machines_dirac_per_million"


def ids(dataset: Dataset) -> list[str]:
    return [show for items in measures.offered(dataset).values() for show, _label in items]


# --- fictional data -----------------------------------------------------------------------


def test_members_are_the_member_states_by_name(build: Build) -> None:
    assert measures.members(build().areas) == ["FR", "GR", "MT", "SI"]


def test_a_ratio_is_computed_where_both_cover_the_same_ground(build: Build) -> None:
    found = measures.measure(build(), RATIO)
    assert found.kind == "ratio"
    assert found.table["number"].to_dict() == {
        "FR": pytest.approx(500 / 67.62),
        "SI": pytest.approx(9 / 2.13),
    }
    assert found.unknown == ["GR", "MT"]
    assert found.union is not None
    assert found.union.number == pytest.approx(509 / 69.75)
    assert found.sources == ["S1", "S2"]


def test_people_overseas_are_taken_of_the_same_year(build: Build) -> None:
    rows = [("FR", MACHINES, "", 2026, "T", "500", None, None, "S1", "metropolitan", "")]
    rows += [("SI", MACHINES, "", 2026, "T", "9", None, None, "S1", "", "")]
    rows += [("GP", PEOPLE, "", 2024, "T", "380000", None, None, "S2", "", "")]
    rows += [(a, PEOPLE, "", 2025, "T", "9000000", None, None, "S2", "", "") for a in ("FR", "SI")]
    found = measures.measure(build(indicators=rows), RATIO)
    assert list(found.table.index) == ["SI"]


def test_an_indicator_keeps_zero_and_not_known_apart(build: Build) -> None:
    found = measures.measure(build(), "waiting")
    assert found.table["number"].to_dict() == {"FR": 8.25, "MT": 0.0, "SI": 12.5}
    assert found.unknown == ["GR"]
    assert found.union is not None
    assert (found.union.number, found.union.how) == (8.25, "median")


def test_areas_outside_the_union_are_left_out(build: Build) -> None:
    rows = [(a, "waiting", "", 2024, "T", "5", None, None, "S1", "", "") for a in ("NO", "GP")]
    found = measures.measure(build(indicators=rows), "waiting")
    assert found.table.empty
    assert found.union is None
    assert found.unknown == ["FR", "GR", "MT", "SI"]


def test_a_series_of_women_and_men_shows_one_and_says_which(build: Build) -> None:
    rows = [("SI", "waiting", "", 2024, sex, "5", None, None, "S1", "", "") for sex in "FM"]
    assert measures.measure(build(indicators=rows), "waiting").sex == "F"
    assert measures.measure(build(), "waiting").sex == ""


def test_centres_are_counted_from_a_complete_list(build: Build) -> None:
    found = measures.measure(build(), "oeci_accredited")
    assert found.table["number"].to_dict() == {"FR": 2, "GR": 0, "MT": 0, "SI": 0}
    assert found.union is not None
    assert (found.union.number, found.union.at_least) == (2, False)
    assert found.exact.equals(found.table)


def test_a_partial_list_gives_at_least_and_is_not_compared(build: Build) -> None:
    lists = [("oeci_accredited", "EU", "complete", "", "", "S2", "", "")]
    lists += [("oeci_accredited", "FR", "partial", "", "", "S2", "", "")]
    found = measures.measure(build(capability_lists=lists), "oeci_accredited")
    assert found.union is not None
    assert found.union.at_least
    assert list(found.exact.index) == ["GR", "MT", "SI"]


def test_a_country_left_out_makes_the_sum_at_least(build: Build) -> None:
    lists = [("oeci_accredited", "FR", "complete", "", "", "S2", "", "")]
    found = measures.measure(build(capability_lists=lists), "oeci_accredited")
    assert found.unknown == ["GR", "MT", "SI"]
    assert found.union is not None
    assert found.union.at_least


def test_of_centres_nobody_named_there_is_no_sum(build: Build) -> None:
    found = measures.measure(build(capability_lists=[], capabilities=[]), "oeci_accredited")
    assert found.table.empty
    assert found.union is None


def test_offered_are_numbers_with_figures(build: Build) -> None:
    types = [("plan", "A plan", "Policy", "yes_no", "", "neutral", "no", "", "")]
    types += [("empty", "Empty", "Policy", "number", "%", "neutral", "no", "", "")]
    types += [("waiting", "Wait", "Care", "number", "%", "neutral", "no", "", "")]
    rows = [("SI", "plan", "", 2024, "T", "yes", None, None, "S1", "", "")]
    rows += [("SI", "waiting", "", 2024, "T", "5", None, None, "S1", "", "")]
    shown = measures.offered(build(indicator_types=types, indicators=rows))
    assert shown["Care"] == [("waiting", "Wait")]
    assert set(shown) == {"Care", "Centres: quality"}
    assert ("oeci_accredited", "OECI accredited") in shown["Centres: quality"]


def test_a_people_count_of_a_distant_year_is_no_base() -> None:
    columns = ["area_id", "year", *(c for c in series_choice.COLUMNS if c != "year")]
    rows = pd.DataFrame(
        [
            ("SI", 2019, 2.0, "2", None, None, "S1", "", ""),
            ("SI", 2021, 4.0, "4", None, None, "S1", "", ""),
            ("HR", 2021, 3.0, "3", None, None, "S1", "", ""),
        ],
        columns=columns,
    ).astype({"year": "Int64"})
    years = pd.Series({"SI": 2020, "HR": 2019}, dtype="Int64")
    found = series_choice.nearest_year(rows, years)
    assert found["number"].to_dict() == {"SI": 2.0}
    assert series_choice.nearest_year(rows, years, within=2)["number"].to_dict() == {
        "HR": 3.0,
        "SI": 2.0,
    }


def test_sex_edition_and_year_choose_the_series(dataset: Dataset) -> None:
    cases = "cancer_new_cases_excl_nmsc"
    found = measures.choices(dataset, cases)
    assert found.sexes == ("T", "F", "M")
    assert found.editions == ("GLOBOCAN 2022", "GLOBOCAN 2024")
    women = measures.measure(dataset, cases, sex="F").table["number"]
    men = measures.measure(dataset, cases, sex="M").table["number"]
    both = measures.measure(dataset, cases).table["number"]
    assert (women + men - both).abs().max() == 0
    newer = measures.measure(dataset, cases, edition="GLOBOCAN 2024").table
    assert set(newer["year"]) == {2024}
    years = measures.choices(dataset, "unmet_medical_need_pct").years
    old = measures.measure(dataset, "unmet_medical_need_pct", year=years[0]).table
    assert set(old["year"]) == {years[0]}


def test_a_target_comes_from_the_frameworks_table(dataset: Dataset) -> None:
    goal = measures.target(dataset, "hpv_vaccination_coverage_first_dose")
    assert goal is not None
    assert (goal.number, goal.policy, goal.year) == (90.0, "EBCP", "2030")
    assert goal.source_id in dataset.sources.index
    assert measures.target(dataset, "unmet_medical_need_pct") is None


def test_a_value_of_a_category_is_a_measure(dataset: Dataset) -> None:
    comprehensive = measures.measure(dataset, "oeci_designation=CCC")
    whole = measures.measure(dataset, "oeci_accredited")
    assert (comprehensive.table["number"] <= whole.table["number"]).all()
    assert comprehensive.union is not None
    assert 0 < comprehensive.union.number < whole.union.number  # type: ignore[union-attr]


def test_everything_on_offer_can_be_measured(dataset: Dataset) -> None:
    for items in measures.offered(dataset).values():
        for show, _label in items:
            assert len(measures.measure(dataset, show).table), show


def test_an_unknown_measure_is_a_key_error(build: Build) -> None:
    with pytest.raises(KeyError):
        measures.measure(build(), "nothing")


# --- the embedded data --------------------------------------------------------------------


def test_machines_per_million(dataset: Dataset) -> None:
    found = measures.measure(dataset, RATIO)
    assert found.table.loc["SI", "number"] == pytest.approx(4.2, abs=0.05)
    assert found.table.loc["FR", "number"] == pytest.approx(8.56, abs=0.005)
    assert found.table.loc["FR", "base"] < 67e6  # metropolitan people
    assert found.unknown == ["CY"]


def test_there_are_27_members_and_73_centres_designated_by_oeci(dataset: Dataset) -> None:
    found = measures.measure(dataset, "oeci_accredited")
    assert len(found.members) == 27
    assert found.union is not None
    assert found.union.number == 73
    assert found.unknown == []


def test_every_measure_offered_is_complete(dataset: Dataset) -> None:
    sources = set(dataset.sources.index)
    faults = []
    for show in ids(dataset):
        found = measures.measure(dataset, show)
        sound = len(found.table) + len(found.unknown) == 27
        sound &= bool(found.table["number"].notna().all()) and found.table.index.is_unique
        sound &= bool(found.sources) and set(found.sources) <= sources
        faults += [] if sound else [show]
    assert faults == []
    assert len(ids(dataset)) > 50
