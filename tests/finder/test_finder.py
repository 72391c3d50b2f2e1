"""The finder's core: names of places, matches by hand, and what weights may never do."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canheal_nb.centres.model.selection import Said
from canheal_nb.data import Dataset
from canheal_nb.finder.model import gazetteer, matching
from canheal_nb.finder.model.matching import Match, group, match
from canheal_nb.finder.screen import place_search

NAMES = ("a", "b", "c", "d")
WEIGHTS = st.fixed_dictionaries({name: st.sampled_from(matching.WEIGHTS) for name in NAMES})
WORTH = st.one_of(st.none(), st.sampled_from([0.0, 0.25, 0.5, 1.0]))
VALUES = st.fixed_dictionaries(dict.fromkeys(NAMES, WORTH))
FULL = st.fixed_dictionaries({name: st.sampled_from([0.0, 0.5, 1.0]) for name in NAMES})
RANK = {"well": 2, "could": 1}


def test_a_match_by_hand() -> None:
    """Weights 4 (half), 2 (yes), 1 (not known): (4 x 0.5 + 2) / 6, and 6 of 7 known."""
    found = match({"a": 4, "b": 2, "c": 1, "d": 0}, {"a": 0.5, "b": 1.0, "c": None, "d": 0.0})
    assert found == Match(4 / 6, 6 / 7)
    assert group(found, needs_known=True) == "well"
    assert group(found, needs_known=False) == "little"
    assert match({}, {"a": 0.0}) == Match(None, 1.0)
    assert match({"a": 3}, {}) == Match(None, 0.0)
    assert group(match({"a": 3}, {}), needs_known=True) == "little"
    assert group(match({"a": 1, "b": 1}, {"a": 1.0, "b": 0.0}), needs_known=True) == "could"


def test_half_known_is_enough_and_less_is_not() -> None:
    assert group(match({"a": 2, "b": 2}, {"a": 1.0}), needs_known=True) == "well"
    assert group(match({"a": 2, "b": 3}, {"a": 1.0}), needs_known=True) == "little"


@given(weights=WEIGHTS, values=VALUES, name=st.sampled_from(NAMES))
def test_what_is_not_known_is_never_worse_than_no(
    weights: dict[str, int], values: dict[str, float | None], name: str
) -> None:
    unknown = match(weights, {**values, name: None}).share
    no = match(weights, {**values, name: 0.0}).share
    yes = match(weights, {**values, name: 1.0}).share
    if unknown is not None and no is not None and yes is not None:
        assert no <= unknown + 1e-12
        assert unknown <= yes + 1e-12


@given(weights=WEIGHTS, one=FULL, other=FULL, name=st.sampled_from(NAMES))
def test_more_weight_on_what_a_centre_has_never_puts_it_behind(
    weights: dict[str, int], one: dict[str, float | None], other: dict[str, float | None], name: str
) -> None:
    heavier = {**weights, name: 4}
    before = [match(weights, values).share for values in (one, other)]
    after = [match(heavier, values).share for values in (one, other)]
    if None in before or None in after:
        return
    mine, theirs = one[name] or 0.0, other[name] or 0.0
    if before[0] >= before[1] and mine >= theirs:  # type: ignore[operator]
        assert after[0] >= after[1] - 1e-12  # type: ignore[operator]


@given(weights=WEIGHTS, values=FULL, name=st.sampled_from(NAMES))
def test_a_better_value_never_leads_to_a_lower_group(
    weights: dict[str, int], values: dict[str, float | None], name: str
) -> None:
    low = group(match(weights, {**values, name: 0.0}), needs_known=True)
    high = group(match(weights, {**values, name: 1.0}), needs_known=True)
    assert RANK[low] <= RANK[high]


@given(weights=WEIGHTS, values=VALUES)
def test_equal_centres_tie_and_no_weight_changes_nothing(
    weights: dict[str, int], values: dict[str, float | None]
) -> None:
    assert match(weights, values) == match(weights, dict(reversed(values.items())))
    kept = {name: weight for name, weight in weights.items() if weight}
    assert match(weights, values) == match(kept, values)


def test_a_change_of_weight_moves_a_centre_to_another_group() -> None:
    near_uncertified = {"near": 1.0, "certificate": 0.0}
    light = group(match({"near": 4, "certificate": 1}, near_uncertified), needs_known=True)
    heavy = group(match({"near": 1, "certificate": 4}, near_uncertified), needs_known=True)
    assert (light, heavy) == ("well", "could")


def test_nearness_runs_from_here_to_the_limit() -> None:
    assert matching.nearness(0, 60) == 1
    assert matching.nearness(45, 60) == 0.25
    assert matching.nearness(60, 60) == matching.nearness(999, 60) == 0
    assert matching.nearness(None, 60) is matching.nearness(math.nan, 60) is None


def test_reach_has_its_limit_inside_and_keeps_unknown_ways_apart() -> None:
    minutes = pd.Series({"in": 120.0, "out": 120.1})
    km = pd.Series({"in": 90.0, "out": 90.0, "island": 100.0, "far": 100.1})
    found = matching.reach(minutes, km, 120, 100)
    assert (found.inside, found.unsure) == (frozenset({"in"}), frozenset({"island"}))


def test_ties_in_the_way_are_by_name_and_unknown_ways_at_the_end() -> None:
    groups = dict.fromkeys(["c", "b", "a", "d"], "well")
    ways = pd.Series({"a": 20.0, "b": 10.0, "c": 10.0, "d": np.nan})
    names = pd.Series({"a": "zeta", "b": "beta", "c": "alfa", "d": "aaa"})
    assert matching.sort(groups, ways, names, "way") == ["c", "b", "a", "d"]  # type: ignore[arg-type]
    assert matching.sort(groups, ways, names, "name") == ["d", "c", "b", "a"]  # type: ignore[arg-type]


def test_straight_km_is_that_of_the_globe() -> None:
    there = pd.DataFrame({"latitude": [48.2082, 0.0], "longitude": [16.3738, 180.0]})
    km = matching.straight_km({"latitude": 47.4979, "longitude": 19.0402}, there)
    assert km[0] == pytest.approx(214.4, abs=1)
    assert matching.straight_km({"latitude": 0.0, "longitude": 0.0}, there)[1] == pytest.approx(
        math.pi * matching.EARTH_KM
    )


def test_needs_are_met_not_met_or_not_known() -> None:
    split = matching.needed(
        frozenset("abc"), {"x": Said(frozenset("ab"), frozenset("c")), "y": Said(frozenset("a"))}
    )
    assert (split.yes, split.no, split.unknown) == (frozenset("a"), frozenset("c"), frozenset("b"))


@pytest.mark.parametrize(
    ("spelled", "name", "country"),
    [
        ("Wien", "Vienna", "AT"),
        ("Vienna", "Vienna", "AT"),
        ("Bécs", "Vienna", "AT"),
        ("köln", "Köln", "DE"),
        ("KOELN", "Köln", "DE"),
        ("Cologne", "Köln", "DE"),
        ("София", "Sofia", "BG"),
        ("Sofia", "Sofia", "BG"),
        ("Αθήνα", "Athens", "GR"),
        ("αθηνα", "Athens", "GR"),
        ("Athens", "Athens", "GR"),
        ("  bucuresti ", "Bucharest", "RO"),
        ("Krakow", "Kraków", "PL"),
        ("Видин", "Vidin", "BG"),
    ],
)
def test_a_place_is_found_by_any_of_its_names(
    dataset: Dataset, spelled: str, name: str, country: str
) -> None:
    settlements, known, _regions = place_search.places(dataset)
    found = gazetteer.find(known, spelled)
    assert found.how in ("exact", "several")
    first = settlements.loc[found.ids[0]]
    assert (first["name"], first["country"]) == (name, country)


@pytest.mark.parametrize("text", ["Frankfurt", "Newcastle", "Victoria"])
def test_several_of_one_name_are_asked_about_and_told_apart(dataset: Dataset, text: str) -> None:
    _settlements, known, _regions = place_search.places(dataset)
    found = gazetteer.find(known, text)
    assert found.how == "several"
    options = place_search.candidates(dataset, found.ids)
    assert len({(one.name, one.context) for one in options}) == len(found.ids) > 1


def test_a_region_and_a_near_spelling_lead_to_places(dataset: Dataset) -> None:
    settlements, known, _regions = place_search.places(dataset)
    gozo = gazetteer.find(known, "Gozo")
    assert gozo.how == "region"
    assert set(settlements.loc[list(gozo.ids), "unit"]) == {"MT002"}
    near = gazetteer.find(known, "Viddin")
    assert near.how == "near"
    assert "Vidin" in set(settlements.loc[list(near.ids), "name"])


@pytest.mark.parametrize("text", ["", "  ", "<script>", "' OR 1=1", "%s {x}", "\u202e", "q" * 900])
def test_hostile_text_finds_nothing_and_breaks_nothing(dataset: Dataset, text: str) -> None:
    _settlements, known, _regions = place_search.places(dataset)
    assert gazetteer.find(known, text).how in ("none", "near")


@given(text=st.text(max_size=30))
def test_any_text_is_answered(text: str) -> None:
    known = gazetteer.Names({"wien": ("1",)}, {})
    assert gazetteer.find(known, text).how in ("exact", "near", "none")
