"""The one map picture as data: classes, legend, words and points."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from canheal_nb.charts.maps import picture
from canheal_nb.charts.maps.picture import MapPicture
from canheal_nb.data import Dataset
from canheal_nb.indicators import designated_centres
from canheal_nb.indicators.measures import measure

Build = Callable[..., Dataset]
RATIO = "radiotherapy_machines_dirac_per_million"


def drawn(dataset: Dataset, show: str, which: str = "oeci") -> MapPicture:
    points = designated_centres.points(dataset, which)
    return picture.compose(measure(dataset, show), dataset.map, dataset.areas, points)


def waiting(**values: str) -> list[tuple[object, ...]]:
    return [
        (area, "waiting", "", 2024, "T", value, None, None, "S1", "", "")
        for area, value in values.items()
    ]


def test_what_is_not_known_has_no_class_and_is_counted_apart(build: Build) -> None:
    made = drawn(build(), "waiting")
    units = {unit.area_id: unit for unit in made.units}
    assert units["GR"].klass is None
    assert units["GR"].label == "Greece: not known"
    assert units["MT"].klass == 0  # nought is known
    assert units["MT"].label == "Malta: 0 %"
    assert made.unknown == 1
    assert sum(b.count for b in made.bins) == 3


def test_every_member_is_a_unit_by_name(build: Build) -> None:
    assert [unit.area_id for unit in drawn(build(), "waiting").units] == ["FR", "GR", "MT", "SI"]


def test_the_legend_counts_what_the_map_shows(build: Build) -> None:
    made = drawn(build(), "waiting")
    for one in made.bins:
        assert one.count == sum(unit.klass == one.klass for unit in made.units)
    assert [b.text for b in made.bins][0] == "under 2"
    assert [b.text for b in made.bins][1] == "2 to under 4"
    assert [b.text for b in made.bins][-1] == "12 or more"
    assert len(made.bins) == len(made.inner) + 1


def test_all_alike_is_one_class(build: Build) -> None:
    made = drawn(build(indicators=waiting(FR="5", SI="5")), "waiting")
    assert [(b.text, b.count) for b in made.bins] == [("all the same", 2)]
    assert made.unknown == 2


def test_nothing_known_has_no_class_at_all(build: Build) -> None:
    made = drawn(build(indicators=waiting(NO="5")), "waiting")
    assert made.bins == ()
    assert made.unknown == 4
    assert {unit.klass for unit in (*made.units, *made.overseas)} == {None}
    assert made.description == "Map of Europe. Nothing is known for any country."


def test_the_description_says_what_and_who(build: Build) -> None:
    assert drawn(build(), "waiting").description == (
        "Map of Europe: People who wait, by country. Highest: Slovenia, 12.5 %; "
        "lowest: Malta, 0 %. Known for 3 of 4. Not known: Greece."
    )


def test_at_least_is_soft_and_no_extreme(build: Build) -> None:
    lists = [("oeci_accredited", "EU", "complete", "", "", "S2", "", "")]
    lists += [("oeci_accredited", "FR", "partial", "", "", "S2", "", "")]
    made = drawn(build(capability_lists=lists), "oeci_accredited")
    assert {unit.area_id for unit in made.units if unit.soft} == {"FR"}
    assert made.units[0].text == "at least 2 centres"
    assert "Highest: Greece, 0 centres" in made.description


def test_where_all_is_at_least_there_is_no_highest(build: Build) -> None:
    lists = [("oeci_accredited", "EU", "partial", "", "", "S2", "", "")]
    made = drawn(build(capability_lists=lists), "oeci_accredited")
    assert "Highest" not in made.description
    assert made.description.endswith("Known for 1 of 4. Not known: Greece, Malta and Slovenia.")


def test_outermost_regions_go_with_their_country(build: Build) -> None:
    (guadeloupe,) = drawn(build(), "waiting").overseas
    assert guadeloupe.label == "Guadeloupe: counted with France"
    assert guadeloupe.klass == drawn(build(), "waiting").units[0].klass


def test_metropolitan_figures_leave_outermost_regions_out(build: Build) -> None:
    (guadeloupe,) = drawn(build(), RATIO).overseas
    assert (guadeloupe.klass, guadeloupe.text) == (None, "not known")


def test_a_region_of_a_country_not_known_is_not_known(build: Build) -> None:
    (guadeloupe,) = drawn(build(indicators=waiting(SI="5", MT="9")), "waiting").overseas
    assert (guadeloupe.klass, guadeloupe.text) == (None, "not known")


def test_a_sum_is_not_marked_on_the_scale_of_countries(build: Build) -> None:
    assert drawn(build(), "oeci_accredited").union is None
    assert drawn(build(), "waiting").union == 8.25


def test_a_centre_is_one_symbol_with_its_name_and_shape(build: Build) -> None:
    made = drawn(build(), "waiting", "all")
    assert [(s.shape, s.label) for s in made.symbols] == [
        ("diamond", "Dreamt Hospital (OECI Comprehensive Cancer Centre)"),
        ("square", "Imaginary Hill (no OECI designation known)"),
        ("circle", "Made-up Mill (OECI Cancer Centre)"),
    ]
    assert sorted(group.count for group in made.groups) == [1, 2]
    assert {group.label for group in made.groups} == {"1 centre", "2 centres"}


def test_without_centres_nothing_is_drawn(build: Build) -> None:
    made = drawn(build(), "waiting", "none")
    assert made.symbols == made.groups == ()


def test_groups_hold_every_centre_of_the_embedded_data(dataset: Dataset) -> None:
    made = drawn(dataset, RATIO, "all")
    assert sum(group.count for group in made.groups) == len(made.symbols) == 235


@pytest.mark.parametrize("which", ["oeci", "all"])
def test_centres_lie_on_the_map(dataset: Dataset, which: str) -> None:
    made = drawn(dataset, RATIO, which)
    width, height = dataset.map["width"], dataset.map["height"]
    europe = [s for s in made.symbols if 0 <= s.x <= width and 0 <= s.y <= height]
    away = pd.Series([s.label for s in made.symbols if s not in europe])
    assert len(europe) >= len(made.symbols) - 3, away
