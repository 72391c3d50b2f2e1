"""Choosing centres by what is known: yes, no and "not known" never run into each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canheal_nb.centres.model import selection
from canheal_nb.centres.model.selection import Said, combine
from canheal_nb.data import Dataset

Build = Callable[..., Dataset]
CENTRES = list("abcdef")
ids = st.frozensets(st.sampled_from(CENTRES))


@st.composite
def said(draw: Any) -> Said:
    yes = draw(ids)
    return Said(yes, draw(ids) - yes)


def set_of(text: str) -> frozenset[str]:
    return frozenset(text)


def test_one_no_is_no_and_one_gap_is_not_known() -> None:
    protons, accredited = Said(set_of("abc"), set_of("d")), Said(set_of("bcd"), set_of("a"))
    split = combine(CENTRES, [protons, accredited])
    assert (split.yes, split.no, split.unknown) == (set_of("bc"), set_of("ad"), set_of("ef"))


def test_nothing_asked_keeps_all_and_nothing_known_keeps_none() -> None:
    assert combine("ab", []).yes == set_of("ab")
    split = combine("ab", [Said(frozenset())])
    assert (split.yes, split.no, split.unknown) == (set_of(""), set_of(""), set_of("ab"))


def test_both_yes_and_no_is_refused() -> None:
    with pytest.raises(ValueError, match="a"):
        Said(set_of("ab"), set_of("a"))


@given(ids, st.lists(said(), max_size=4))
def test_each_centre_is_in_one_set_and_by_three_valued_logic(
    base: frozenset[str], criteria: list[Said]
) -> None:
    split = combine(base, criteria)
    for centre in CENTRES:
        truths = [centre in c.yes or (None if centre not in c.no else False) for c in criteria]
        wanted = "no" if False in truths else "unknown" if None in truths else "yes"
        found = [name for name in ("yes", "no", "unknown") if centre in getattr(split, name)]
        assert found == ([wanted] if centre in base else [])


@given(ids, st.lists(said(), max_size=3), said())
def test_asking_more_never_adds_and_order_is_nothing(
    base: frozenset[str], criteria: list[Said], more: Said
) -> None:
    before, after = combine(base, criteria), combine(base, [*criteria, more])
    assert after.yes <= before.yes
    assert before.no <= after.no
    assert after == combine(base, [more, *reversed(criteria)])


YES_NO = [
    ("a", "A", "Quality", "yes_no", "", "A.", ""),
    ("b", "B", "Quality", "yes_no", "", "B.", ""),
]
FACTS = [
    ("dreamt", "a", "yes", 2020, "S1", ""),
    ("dreamt", "a", "no", 2024, "S1", ""),
    ("fabled", "a", "no", 2024, "S1", ""),
    ("hill", "a", "no", 2024, "S1", ""),
    ("mill", "a", "yes", 2024, "S1", ""),
    ("mill", "a", "no", 2024, "S2", ""),
    ("unplaced", "a", "yes", None, "S1", ""),
]


def lists(*rows: tuple[str, str, str]) -> list[tuple[str, ...]]:
    return [("a", country, whole, "2024", "", "S1", "no", no) for country, whole, no in rows]


def test_no_counts_only_where_a_list_may_say_it(build: Build) -> None:
    data = build(
        capabilities=FACTS,
        capability_types=YES_NO,
        capability_lists=lists(("EU", "complete", "yes"), ("SI", "partial", "no")),
    )
    found = selection.said_of(data, "a")
    # hill is in Slovenia, whose own list may not say no; fabled is outside the Union; the
    # sources differ about mill; dreamt's newest fact counts, and it is a no.
    assert (found.yes, found.no) == ({"unplaced"}, {"dreamt"})
    assert selection.said_of(data, "b") == Said(frozenset())


def test_without_a_list_nothing_is_no(build: Build) -> None:
    data = build(capabilities=FACTS, capability_types=YES_NO, capability_lists=[])
    assert selection.said_of(data, "a").no == frozenset()


def test_a_missing_row_of_a_complete_list_stays_not_known(build: Build) -> None:
    data = build(
        capabilities=[("dreamt", "a", "yes", 2024, "S1", "")],
        capability_types=YES_NO,
        capability_lists=lists(("EU", "complete", "yes")),
    )
    split = combine(map(str, data.centres.index), [selection.said_of(data, "a")])
    assert split.yes == {"dreamt"}
    assert split.no == frozenset()
    assert split.unknown == {"fabled", "hill", "mill", "unplaced"}


def test_fewer_than_ten_known_is_no_filter(dataset: Dataset) -> None:
    usable, too_little = selection.filters(dataset)
    assert set(usable) & set(too_little) == set()
    assert all(one.known >= 10 for one in usable.values())
    assert all(one.known < 10 for one in too_little.values())
    facts = dataset.capabilities
    for capability, one in usable.items():
        rows = facts[facts["capability"] == capability]
        assert one.yes <= set(rows["centre_id"][rows["value"] == "yes"])
        assert one.no <= set(rows["centre_id"][rows["value"] == "no"])
    assert "brachytherapy" in too_little


LAYERS = pd.DataFrame(
    {
        "layer": ["any", "any", "national"],
        "capability": ["oeci_designation", "a", "a"],
        "value": ["CCC", "yes", "yes"],
    }
)


def test_designations_are_layers(build: Build) -> None:
    data = build()
    assert selection.designated(data, LAYERS, "CCC") == Said({"dreamt"}, {"mill", "hill"})
    assert selection.designated(data, LAYERS, "CC") == Said({"mill"}, {"dreamt", "hill"})
    assert selection.designated(data, LAYERS, "any") == Said({"dreamt"})
    assert selection.designated(data, LAYERS, "national") == Said(frozenset())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["lodz", "malaga", "rtl"]),
        ("MÁLAGA", ["malaga"]),
        ("malaga costa", ["malaga"]),
        ("lodz", ["lodz"]),
        ("łódź", ["lodz"]),
        ("STRASSE", ["lodz"]),
        ("שלום", ["rtl"]),
        ("malaga lodz", []),
        ("<script>", []),
        ("(", []),
        ("%", []),
    ],
)
def test_search_knows_no_accents_no_case_and_no_patterns(text: str, found: list[str]) -> None:
    centres = pd.DataFrame(
        {
            "name": ["Hospital Costa", "Straße 4", "\u202eשלום\u202c"],
            "name_local": ["", "", ""],
            "city": ["Ma\u0301laga", "Łódź", ""],
            "country": ["ES", "PL", "CY"],
        },
        index=["malaga", "lodz", "rtl"],
    )
    assert sorted(selection.matching(centres, text)) == found
    assert selection.matching(centres, "", "PL") == ["lodz"]


@given(st.text(max_size=30))
def test_any_text_finds_a_name_that_holds_it(text: str) -> None:
    centres = pd.DataFrame(
        {"name": [f"x{text}y", "z"], "name_local": "", "city": "", "country": "PL"},
        index=["one", "two"],
    )
    assert "one" in selection.matching(centres, text)
