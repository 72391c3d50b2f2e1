"""What must hold for the embedded facts themselves, read straight from the files."""

import csv
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data"
Row = dict[str, str]

KEYS = {
    "sources": ["source_id"],
    "facts/areas": ["area_id"],
    "facts/centres": ["centre_id"],
    "facts/capabilities": ["centre_id", "capability", "value", "year", "source_id"],
    "facts/capability_types": ["capability"],
    "facts/capability_lists": ["capability", "country"],
    "facts/indicators": ["area_id", "indicator", "edition", "year", "sex", "source_id"],
    "facts/indicator_types": ["indicator"],
    "facts/parameters": ["parameter"],
    "facts/left_out": ["table", "key", "value"],
    "facts/money": ["area_id", "indicator", "year", "sex", "source_id"],
    "facts/exchange_rates": ["year"],
    "facts/national_designations": ["country", "designation", "year", "source_id"],
    "frameworks/ngs_readiness": ["id"],
    "frameworks/targets": ["policy", "target", "year"],
    "judgements/ccc_layers": ["layer", "capability", "value"],
    "judgements/centre_notes": ["centre_id"],
}
SOURCED = sorted(
    path.relative_to(DATA).with_suffix("").as_posix()
    for folder in ("facts", "frameworks")
    for path in (DATA / folder).glob("*.csv")
    if "source_id" in path.read_text(encoding="utf-8").partition("\n")[0].split(",")
)
# Computed by the product from two tables: a type without rows of its own.
COMPUTED = {
    "ct_scanners_per_million",
    "gamma_cameras_per_million",
    "mammography_units_per_million",
    "pet_scanners_per_million",
    "radiotherapy_equipment_per_million",
    "radiotherapy_machines_dirac_per_million",
}


@cache
def rows(table: str) -> tuple[Row, ...]:
    """The rows of one table under data/, as text."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def column(table: str, name: str) -> set[str]:
    return {row[name] for row in rows(table)}


def key(row: Row, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(row[name] for name in names)


def values(indicator: str, year: str) -> dict[str, float]:
    """Published values by area, for an indicator with one row per area and year."""
    found = [
        r for r in rows("facts/indicators") if key(r, ("indicator", "year")) == (indicator, year)
    ]
    assert len({r["area_id"] for r in found}) == len(found)
    return {r["area_id"]: float(r["value"]) for r in found}


@pytest.mark.parametrize("table", sorted(KEYS))
def test_keys_are_unique_and_sorted(table: str) -> None:
    keys = [key(row, KEYS[table]) for row in rows(table)]
    assert keys
    assert keys == sorted(set(keys))


@pytest.mark.parametrize("table", SOURCED)
def test_every_source_resolves(table: str) -> None:
    used = {part for value in column(table, "source_id") for part in value.split("+")}
    assert used
    assert used - column("sources", "source_id") == set()


@pytest.mark.parametrize("path", sorted(DATA.glob("*/*.csv")) + [DATA / "sources.csv"], ids=str)
def test_files_are_plain_text(path: Path) -> None:
    raw = path.read_bytes()
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    assert not raw.startswith(b"\xef\xbb\xbf")


def test_edition_is_dated() -> None:
    edition = tomllib.loads((DATA / "edition.toml").read_text(encoding="utf-8"))
    assert edition == {"edition": "2026.1", "as_of": date(2026, 11, 24)}


def test_sources_say_whether_they_may_be_redistributed() -> None:
    assert column("sources", "redistribute") == {"yes", "no", "unknown"}
    said = {row["source_id"]: row["redistribute"] for row in rows("sources")}
    closed = {name for name, value in said.items() if value == "no"}
    assert closed == {"S07", "S38", "S39", "commission-112-2009"}
    for row in rows("sources"):
        assert row["title"]
        assert row["rights"]
        if row["redistribute"] == "yes":
            open_terms = r"reuse|CC BY|Creative Commons Attribution"
            assert re.search(open_terms, row["rights"]), row["source_id"]


def test_areas_are_the_union_its_members_and_its_outermost_regions() -> None:
    kinds = Counter(row["kind"] for row in rows("facts/areas"))
    assert kinds == {"union": 1, "member_state": 27, "outermost_region": 8, "other": 5}
    members = {r["area_id"] for r in rows("facts/areas") if r["kind"] == "member_state"}
    assert "GR" in members
    assert "EL" not in members


def test_centres_cover_every_member_state() -> None:
    kind = {row["area_id"]: row["kind"] for row in rows("facts/areas")}
    centres = Counter(kind[row["country"]] for row in rows("facts/centres"))
    assert centres == {"member_state": 235, "other": 10}
    countries = {
        r["country"] for r in rows("facts/centres") if kind[r["country"]] == "member_state"
    }
    assert len(countries) == 27


def test_centre_points_are_in_europe_and_say_what_they_are() -> None:
    basis = Counter(row["coordinate_basis"] for row in rows("facts/centres"))
    assert basis == {"hospital": 195, "city": 40, "main site": 9, "neighbour": 1}
    for row in rows("facts/centres"):
        assert 27 < float(row["latitude"]) < 72, row["centre_id"]
        assert -32 < float(row["longitude"]) < 36, row["centre_id"]


def test_oeci_counts() -> None:
    kind = {row["area_id"]: row["kind"] for row in rows("facts/areas")}
    union = {r["centre_id"] for r in rows("facts/centres") if kind[r["country"]] == "member_state"}
    count: Counter[tuple[str, str]] = Counter()
    in_union: Counter[tuple[str, str]] = Counter()
    for row in rows("facts/capabilities"):
        count[row["capability"], row["value"]] += 1
        in_union[row["capability"], row["value"]] += row["centre_id"] in union
    assert count["oeci_accredited", "yes"] == 76
    assert count["oeci_accredited", "no"] == 130
    assert count["oeci_designation", "CCC"] == 54
    assert count["oeci_designation", "CC"] == 22
    assert in_union["oeci_accredited", "yes"] == 73
    assert in_union["oeci_designation", "CCC"] == 51
    assert in_union["oeci_designation", "CC"] == 22
    assert count["oeci_member", "yes"] == 154


def test_only_accredited_centres_have_a_designation() -> None:
    facts = rows("facts/capabilities")
    accredited = {
        r["centre_id"]
        for r in facts
        if key(r, ("capability", "value")) == ("oeci_accredited", "yes")
    }
    assert {r["centre_id"] for r in facts if r["capability"] == "oeci_designation"} == accredited


def test_capabilities_belong_to_a_centre_and_a_type() -> None:
    assert column("facts/capabilities", "centre_id") <= column("facts/centres", "centre_id")
    assert column("facts/capabilities", "capability") == column(
        "facts/capability_types", "capability"
    )
    assert column("facts/capability_lists", "capability") <= column(
        "facts/capability_types", "capability"
    )


def test_capability_values_fit_their_kind() -> None:
    kind = {row["capability"]: row["kind"] for row in rows("facts/capability_types")}
    assert set(kind.values()) <= {"yes_no", "number", "category", "year"}
    for row in rows("facts/capabilities"):
        if kind[row["capability"]] == "yes_no":
            assert row["value"] in {"yes", "no"}, row
        if kind[row["capability"]] in {"number", "year"}:
            assert float(row["value"]) >= 0, row


def test_no_is_said_only_where_a_list_lets_us() -> None:
    country = {row["centre_id"]: row["country"] for row in rows("facts/centres")}
    may = {
        (row["capability"], row["country"])
        for row in rows("facts/capability_lists")
        if row["may_say_no"] == "yes" and row["completeness"] == "complete"
    }
    said = [row for row in rows("facts/capabilities") if row["value"] == "no"]
    assert said
    for row in said:
        places = {(row["capability"], "EU"), (row["capability"], country[row["centre_id"]])}
        assert places & may, row


def test_access_is_computed_only_from_complete_lists() -> None:
    assert column("facts/capability_lists", "may_compute_access") <= {"yes", "no", "at_least"}
    for row in rows("facts/capability_lists"):
        if row["may_compute_access"] == "yes":
            assert row["completeness"] == "complete", row
    countries = {
        r["area_id"] for r in rows("facts/areas") if r["kind"] in {"union", "member_state", "other"}
    }
    assert column("facts/capability_lists", "country") <= countries


def test_indicators_belong_to_an_area_and_a_type() -> None:
    assert column("facts/indicators", "area_id") <= column("facts/areas", "area_id")
    typed = column("facts/indicator_types", "indicator")
    assert column("facts/indicators", "indicator") == typed - COMPUTED
    assert typed >= COMPUTED


def test_indicator_types_use_the_agreed_words() -> None:
    assert column("facts/indicator_types", "kind") <= {"number", "yes_no", "category"}
    assert column("facts/indicator_types", "rank") == {"yes", "with care", "no"}
    directions = {"more_is_better", "more_is_worse", "neutral"}
    assert column("facts/indicator_types", "direction") == directions
    for row in rows("facts/indicator_types"):
        assert row["label"], row
        assert row["definition"], row
        assert row["caveat"], row


def test_indicator_values_fit_their_kind() -> None:
    kind = {row["indicator"]: row["kind"] for row in rows("facts/indicator_types")}
    for row in rows("facts/indicators"):
        assert row["sex"] in {"T", "M", "F"}, row
        if kind[row["indicator"]] == "number":
            assert float(row["value"]) >= 0, row
        else:
            assert row["value"] in {"yes", "no"}, row


def test_weak_series_are_not_shown() -> None:
    shown = column("facts/indicators", "indicator")
    assert not [name for name in shown if name.startswith(("wait_", "screening_"))]
    assert not shown & {"oeci_comprehensive_cancer_centres", "national_cancer_plan"}
    assert not shown & COMPUTED


def test_nothing_left_out_is_shown() -> None:
    shown = {
        "indicators": {
            "|".join(key(r, KEYS["facts/indicators"])) for r in rows("facts/indicators")
        },
        "capabilities": {
            "|".join(key(r, ("centre_id", "capability", "year", "source_id")))
            for r in rows("facts/capabilities")
        },
        "parameters": column("facts/parameters", "parameter"),
    }
    assert column("facts/left_out", "table") == set(shown)
    for row in rows("facts/left_out"):
        assert row["reason"], row
        assert row["key"] not in shown[row["table"]], row


def test_editions_of_one_indicator_never_share_a_row() -> None:
    editions = defaultdict(set)
    for row in rows("facts/indicators"):
        editions[row["indicator"], row["area_id"], row["year"], row["sex"]].add(row["edition"])
    assert all(len(found) == 1 for found in editions.values())


def test_globocan_rows_carry_their_edition_and_its_year() -> None:
    releases = set()
    for row in rows("facts/indicators"):
        release = re.fullmatch(r"GLOBOCAN (\d{4})", row["edition"])
        if release:
            assert row["year"] == release[1], row
            releases.add(release[1])
        if row["source_id"] in {"S02", "S03", "S41", "S101", "S102"}:
            assert row["edition"] == "GLOBOCAN 2022", row
    assert releases == {"2022", "2024"}


def test_survival_says_when_people_were_diagnosed() -> None:
    survival = [r for r in rows("facts/indicators") if r["indicator"].startswith("survival_")]
    assert len(survival) == 92
    assert {row["edition"] for row in survival} == {"CONCORD-2 (diagnosed 2005-2009)"}


@pytest.mark.parametrize(("area", "flag"), [("CY", "whole_island"), ("FR", "metropolitan")])
def test_cancer_estimates_say_which_part_of_the_country_they_cover(area: str, flag: str) -> None:
    cancer = [
        row
        for row in rows("facts/indicators")
        if row["area_id"] == area and row["edition"].startswith(("GLOBOCAN", "UN WPP"))
    ]
    assert cancer
    for row in cancer:
        assert flag in row["flag"].split(","), row


def test_metropolitan_france_has_its_own_machine_rate() -> None:
    population = values("population_total", "2025")
    overseas = sum(population[area] for area in ("GP", "MQ", "GF", "RE", "YT"))
    machines = values("radiotherapy_machines_dirac_number", "2026")["FR"]
    assert overseas == 2_304_053
    assert round(machines / population["FR"] * 1e6, 2) == 8.27
    # 8.56 with Eurostat's population of 2025, not the 8.27 of the whole population.
    assert round(machines / (population["FR"] - overseas) * 1e6, 2) == 8.56


def test_machines_of_france_and_cyprus_are_flagged() -> None:
    flags = {
        row["area_id"]: row["flag"].split(",")
        for row in rows("facts/indicators")
        if row["indicator"] == "radiotherapy_machines_dirac_number"
    }
    assert len(flags) == 27
    assert "metropolitan" in flags["FR"]
    assert "area_not_stated" in flags["CY"]


def test_population_adds_up_to_the_union() -> None:
    population = values("population_total", "2025")
    members = {r["area_id"] for r in rows("facts/areas") if r["kind"] == "member_state"}
    assert 445e6 < sum(population[area] for area in members) < 455e6


def test_parameters_say_what_their_range_is() -> None:
    assert column("facts/parameters", "range_kind") == {"", "interval", "contrast"}
    for row in rows("facts/parameters"):
        numbers = [float(row[name]) for name in ("low", "value", "high") if row[name]]
        if row["range_kind"] == "interval":
            assert numbers == sorted(numbers), row
        if row["range_kind"]:
            assert row["low"] or row["high"], row


def test_targets_split_the_number_from_its_bound() -> None:
    assert column("frameworks/targets", "operator") == {"", "=", "<", "<=", ">=", "range"}
    assert column("frameworks/targets", "kind") == {"target", "baseline", "status", "proposal"}
    for row in rows("frameworks/targets"):
        assert bool(row["upper"]) == (row["operator"] == "range"), row
        assert bool(row["operator"]) == bool(row["value"]), row


def test_layers_of_ccc_name_values_that_exist() -> None:
    known = {key(row, ("capability", "value")) for row in rows("facts/capabilities")}
    assert {key(row, ("capability", "value")) for row in rows("judgements/ccc_layers")} <= known
    assert column("judgements/ccc_layers", "layer") == {"oeci", "national", "eunetccc", "any"}
    single = {r["capability"] for r in rows("judgements/ccc_layers") if r["layer"] != "any"}
    assert {r["capability"] for r in rows("judgements/ccc_layers") if r["layer"] == "any"} == single


def test_judgements_say_who_when_and_why() -> None:
    for table in ("judgements/ccc_layers", "judgements/centre_notes"):
        for row in rows(table):
            assert row["chosen_by"], row
            assert date.fromisoformat(row["chosen_on"]) <= date(2026, 11, 24), row
            assert row["why"], row
    assert column("judgements/centre_notes", "centre_id") <= column("facts/centres", "centre_id")
