"""Which centres are meant, and for which countries figures may be given, on the real data."""

from __future__ import annotations

from canheal_nb import data
from canheal_nb.access.model import definitions


def states(dataset: data.Dataset, name: str) -> dict[str, str]:
    return dict(definitions.states(dataset, definitions.offered(dataset)[name]))


def test_the_layers_come_first_and_no_capability_that_is_a_layer_comes_twice(
    dataset: data.Dataset,
) -> None:
    offered = definitions.offered(dataset)
    assert list(offered)[:4] == ["oeci", "national", "eunetccc", "any"]
    assert not {"oeci_designation", "german_cancer_aid_ccc", "eunetccc_status"} & set(offered)
    assert {"proton_therapy", "oeci_accredited", "unicancer_clcc"} <= set(offered)


def test_only_centres_of_member_states_count(dataset: data.Dataset) -> None:
    offered = definitions.offered(dataset)
    found = {name: definitions.centres(dataset, one) for name, one in offered.items()}
    assert len(found["oeci"]) == 51
    assert len(found["national"]) == 29
    assert set(found["national"]["country"]) == {"CZ", "DE"}
    assert set(found["oeci"].index) | set(found["national"].index) < set(found["any"].index)
    assert not {"GB", "CH", "NO"} & set(found["oeci"]["country"])


def test_a_whole_list_gives_figures_for_every_country(dataset: data.Dataset) -> None:
    assert set(states(dataset, "oeci").values()) == {"exact"}


def test_a_title_says_nothing_about_countries_without_a_list_of_it(dataset: data.Dataset) -> None:
    found = states(dataset, "national")
    assert {country for country, state in found.items() if state == "exact"} == {"CZ", "DE"}
    assert {state for country, state in found.items() if country not in ("CZ", "DE")} == {"unknown"}


def test_two_of_thirty_designated_centres_give_no_figure(dataset: data.Dataset) -> None:
    assert set(states(dataset, "eunetccc").values()) == {"unknown"}


def test_any_of_three_layers_is_at_least_as_long_as_one_list_is_not_whole(
    dataset: data.Dataset,
) -> None:
    assert set(states(dataset, "any").values()) == {"at_least"}


def test_a_partial_list_says_at_least_where_it_names_a_country(dataset: data.Dataset) -> None:
    found = states(dataset, "proton_therapy")
    assert found["DE"] == "at_least"
    assert found["BG"] == "unknown"
