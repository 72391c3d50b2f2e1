"""Need and what stands today, by hand, for every service; unknown stays unknown."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from canheal_nb.data import Dataset
from canheal_nb.need.model import machine_need, services
from canheal_nb.text.errors import UserError


def of(table: pd.DataFrame, country: str) -> pd.Series:
    return table.set_index("country").loc[country]


def test_radiotherapy_of_one_country_by_hand(dataset: Dataset) -> None:
    found = of(services.need(dataset, "radiotherapy"), "SI")
    assert found["need"] == pytest.approx(13719 * 0.483)
    assert (found["year"], found["basis"]) == (2022, "sourced")
    assert of(services.baseline(dataset, "radiotherapy"), "SI")["baseline"] == 9


def test_another_share_of_the_cases_is_taken_and_named(dataset: Dataset) -> None:
    found = of(services.need(dataset, "radiotherapy", {"radiotherapy.need": 0.5}), "SI")
    assert (found["need"], found["basis"]) == (6859.5, "assumed")


@pytest.mark.parametrize(
    "service", ["pet_ct", "mri", "molecular_testing", "tumour_boards", "specialist_nurses"]
)
def test_without_a_sourced_share_the_need_is_unknown_until_assumed(
    dataset: Dataset, service: str
) -> None:
    assert services.need(dataset, service)["need"].isna().all()
    assert set(services.need(dataset, service)["basis"]) == {"none"}
    found = services.need(dataset, service, {f"{service}.need": 2.0})
    assert of(found, "SI")["need"] == 27438


def test_genetic_counselling_takes_women_with_breast_cancer(dataset: Dataset) -> None:
    found = of(services.need(dataset, "genetic_counselling"), "MT")
    assert found["need"] == pytest.approx(102.676)  # 386 new cases times 0.266


def test_palliative_teams_are_for_every_inhabitant(dataset: Dataset) -> None:
    found = of(services.need(dataset, "palliative_home"), "MT")
    assert (found["need"], found["year"]) == (574250, 2025)


def test_screening_needs_a_share_of_the_inhabitants(dataset: Dataset) -> None:
    assert services.need(dataset, "breast_screening")["need"].isna().all()
    given = {"breast_screening.need": 0.1}
    assert of(services.need(dataset, "breast_screening", given), "MT")["need"] == 57425


def test_accreditation_counts_centres_which_no_table_counts(dataset: Dataset) -> None:
    assert services.need(dataset, "accreditation", {"accreditation.need": 1})["need"].isna().all()
    assert services.baseline(dataset, "accreditation")["baseline"].isna().all()


def test_what_stands_is_unknown_or_assumed_per_million(dataset: Dataset) -> None:
    assert services.baseline(dataset, "mri")["baseline"].isna().all()
    found = of(services.baseline(dataset, "mri", {"mri.baseline": 10.0}), "MT")
    assert found["baseline"] == pytest.approx(5.7425)
    assert found["basis"] == "assumed"


def test_machines_of_another_ground_are_left_out(dataset: Dataset) -> None:
    assert of(services.baseline(dataset, "radiotherapy"), "FR")["baseline"] == 570
    found = services.baseline(dataset, "radiotherapy")
    apart = found[found["flag"].str.contains("areas_differ")]
    assert apart["country"].tolist() == ["CY"]
    assert apart["baseline"].isna().all()


def test_known_machines_of_another_ground_are_told_but_not_set_against_the_need(
    dataset: Dataset,
) -> None:
    found = of(services.baseline(dataset, "pet_ct"), "FR")
    assert (found["reported"], found["flag"], found["basis"]) == (203, "areas_differ", "none")
    assert pd.isna(found["baseline"])
    same = of(services.baseline(dataset, "pet_ct"), "SI")
    assert same["reported"] == same["baseline"] == 3


@pytest.mark.parametrize("service", services.SERVICES)
def test_need_is_count_times_share_wherever_it_is_known(dataset: Dataset, service: str) -> None:
    found = services.need(dataset, service, {f"{service}.need": 0.25})
    known = found[found["need"].notna()]
    assert (known["need"] == known["count"] * 0.25).all()
    assert len(known) == (0 if service == "accreditation" else 27)
    assert set(found["basis"]) == {"assumed" if len(known) else "none"}


def test_ids_in_code_are_those_of_the_table(dataset: Dataset) -> None:
    rows = dataset.table("judgements/services")
    assert tuple(rows["service"]) == services.SERVICES == tuple(services.rules(dataset))
    assert rows["place"].tolist() == [str(n) for n in range(1, 11)]
    assert (rows[["unit", "counted", "chosen_by", "chosen_on", "why"]] != "").all(axis=None)
    assert set(rows["count"]) - {""} <= set(dataset.indicators["indicator"])
    assert services.rule("radiotherapy", dataset).of == machine_need.CASES
    assert services.rule("radiotherapy", dataset).stands == machine_need.MACHINES
    assert services.rule("radiotherapy", dataset).share == machine_need.SHARE


def test_a_table_that_names_other_services_is_refused(dataset: Dataset) -> None:
    class Renamed:
        areas, parameters, indicators = dataset.areas, dataset.parameters, dataset.indicators

        def table(self, name: str) -> pd.DataFrame:
            return dataset.table(name).replace("mri", "m.r.i.")

    with pytest.raises(UserError, match=r"judgements/services names .*m\.r\.i\."):
        services.rules(Renamed())


def test_what_is_read_of_one_dataset_does_not_answer_for_another(dataset: Dataset) -> None:
    rows = dataset.tables["indicators"]
    cases = (rows["indicator"] == "cancer_new_cases_excl_nmsc") & (rows["area_id"] == "SI")
    changed = rows.assign(number=rows["number"].mask(cases, 1000.0))
    other = replace(dataset, tables={**dataset.tables, "indicators": changed})
    assert of(services.need(other, "radiotherapy"), "SI")["need"] == 483
    assert of(services.need(dataset, "radiotherapy"), "SI")["count"] == 13719


def test_every_service_has_every_member_state_once(dataset: Dataset) -> None:
    for service in services.SERVICES:
        for table in (services.need(dataset, service), services.baseline(dataset, service)):
            assert table["country"].is_unique
            assert len(table) == 27


def test_an_unknown_service_is_refused_by_name(dataset: Dataset) -> None:
    with pytest.raises(UserError, match="There is no service proton"):
        services.need(dataset, "proton")
