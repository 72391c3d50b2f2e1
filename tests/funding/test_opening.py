"""Who comes within reach when a listed centre gains a title, or one opens."""

from __future__ import annotations

import pytest

from canheal_nb.access.model import access_tables
from canheal_nb.data import Dataset
from canheal_nb.funding.model import openings
from canheal_nb.funding.model.scenario import Add, Give, Open, Scenario
from canheal_nb.text.errors import UserError


def scenario(*changes: Add | Give | Open) -> Scenario:
    return Scenario("t", "a", "w", "e", 2027, 3, changes=changes)


def test_without_openings_there_is_nothing_to_say(dataset: Dataset) -> None:
    assert openings.by_area(dataset, scenario(Add("pet_ct", "SI", 1, 2027))).empty


def test_a_centre_that_gains_the_title_is_reached_by_its_own_country_only(
    dataset: Dataset,
) -> None:
    held = access_tables.found(dataset, "oeci").centres.index
    one = next(c for c in dataset.centres.query("country == 'SI'").index if c not in held)
    table = openings.by_area(dataset, scenario(Give(one, "oeci_designation", 2028)))
    rows = table.set_index("area")
    assert set(rows["definition"]) == {"oeci"}
    assert rows.at["SI", "before"] == 0 < rows.at["SI", "after"] <= 1
    people = rows.at["SI", "people"]
    assert rows.at["SI", "gained"] == pytest.approx(rows.at["SI", "after"] * people)
    rest = rows.drop(["SI", "EU"])
    assert (rest["gained"].fillna(0) == 0).all()
    assert rows.at["EU", "gained"] == pytest.approx(rows.at["SI", "gained"])


def test_opening_where_a_centre_stands_is_as_if_it_gained_the_title(dataset: Dataset) -> None:
    held = access_tables.found(dataset, "oeci").centres.index
    one = next(c for c in dataset.centres.query("country == 'SI'").index if c not in held)
    at = dataset.centres.loc[one]
    new = Open("new", "SI", float(at["latitude"]), float(at["longitude"]), "oeci", 2028)
    opened = openings.by_area(dataset, scenario(new)).set_index("area")
    given = openings.by_area(dataset, scenario(Give(one, "oeci", 2028))).set_index("area")
    assert opened.at["SI", "after"] == pytest.approx(given.at["SI", "after"], abs=1e-6)


def test_a_title_that_is_held_already_changes_nothing(dataset: Dataset) -> None:
    held = str(access_tables.found(dataset, "oeci").centres.index[0])
    table = openings.by_area(dataset, scenario(Give(held, "oeci_designation", 2028)))
    assert (table["gained"].dropna() == 0).all()


def test_unknown_centres_and_capabilities_without_lists_are_refused(dataset: Dataset) -> None:
    with pytest.raises(UserError, match="no centre nowhere"):
        openings.by_area(dataset, scenario(Give("nowhere", "oeci", 2028)))
    some = str(dataset.centres.index[0])
    with pytest.raises(UserError, match="no list allows access"):
        openings.by_area(dataset, scenario(Give(some, "beds_total", 2028)))


def test_the_best_title_in_one_country_is_the_one_that_gains_most(dataset: Dataset) -> None:
    """One more title: no listed centre gains more, tried one by one in two countries."""
    (one,), people, gap = openings.best_titles(dataset, "oeci", 60, 1)
    assert gap == 0
    tried = {}
    near = dataset.centres["country"].isin([dataset.centres.at[one, "country"], "SI"])
    for centre in dataset.centres.index[near]:
        table = openings.by_area(dataset, scenario(Give(str(centre), "oeci", 2028)))
        tried[centre] = float(table.set_index("area").at["EU", "gained"])
    assert max(tried, key=lambda centre: tried[centre]) == one
    assert tried[one] == pytest.approx(people)


def test_more_titles_bring_at_least_as_many_and_all_bring_what_all_bring(
    dataset: Dataset,
) -> None:
    several = [openings.best_titles(dataset, "oeci", 120, count) for count in (2, 5, 400)]
    assert several[0][1] < several[1][1] < several[2][1]
    assert [len(found) for found, _people, _gap in several[:2]] == [2, 5]
    every = scenario(*(Give(centre, "oeci", 2028) for centre in several[2][0]))
    table = openings.by_area(dataset, every, limit=120).set_index("area")
    assert table.at["EU", "gained"] == pytest.approx(several[2][1])
