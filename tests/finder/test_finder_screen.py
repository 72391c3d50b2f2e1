"""The finder's screen: what it says for a place, what it keeps to itself, what it never says."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

import pytest

from canheal_nb.data import Dataset
from canheal_nb.finder.question import PRIVATE, Finder
from canheal_nb.finder.screen import attributes, place_search, search
from canheal_nb.finder.text import finder_text
from canheal_nb.text.errors import UserError
from canheal_nb.text.question import read_query

VIDIN, KRAKOW, BUCHAREST, REUNION = "725905", "3094802", "683506", "935264"


def asked(dataset: Dataset, **fields: str) -> search.Screen:
    return search.screen(Finder(**{"travel": "none", **fields}), dataset)  # type: ignore[arg-type]


def cards(shown: search.Screen) -> dict[str, list[str]]:
    return {group: [c.centre_id for c in cards] for group, _t, _m, cards in shown.context["groups"]}


def test_where_one_lives_is_in_the_link_only_when_asked_for(dataset: Dataset) -> None:
    own = Finder(
        find="x", place=VIDIN, who="child", tumour="rare", purpose="second", certified="oeci"
    )
    assert parse_qs(own.query()) == {"certified": ["oeci"]}
    linked = own.changed(linked="yes")
    assert set(parse_qs(linked.query())) == {*PRIVATE, "certified", "linked"}
    assert read_query(Finder, linked.query(), search.vocabulary(dataset)) == linked


def test_a_name_is_settled_to_a_place_and_a_new_name_goes_before_the_old_place(
    dataset: Dataset,
) -> None:
    shown = asked(dataset, find="Видин")
    assert (shown.question.place, shown.question.find) == (VIDIN, "")  # type: ignore[attr-defined]
    again = asked(dataset, find="Frankfurt", place=VIDIN)
    assert again.question.place == ""  # type: ignore[attr-defined]
    assert again.context["answer"] == "2 places have this name: “Frankfurt”. Which is yours?"
    picked = asked(dataset, find="#" + again.context["candidates"][1].value)
    assert picked.context["place"] == "Frankfurt (Oder) (Germany)"
    with pytest.raises(UserError) as refused:
        asked(dataset, place="0<b>")
    assert refused.value.code == "unknown-place"


def test_nothing_within_the_limit_says_how_to_widen_and_whom_to_ask(dataset: Dataset) -> None:
    shown = asked(dataset, place=VIDIN, reach="near")
    assert "no centre in our list that could fit is within 50 km" in shown.context["answer"]
    assert [one.value for one in shown.context["wider"]] == ["reach=far"]
    assert len(shown.context["nearest"]) == search.NEAREST
    assert "your family doctor" in shown.markup()


def test_no_car_gives_straight_lines_and_questions_about_the_way(dataset: Dataset) -> None:
    shown = asked(dataset, place=VIDIN, reach="far")
    markup = shown.markup()
    assert "by car" not in re.sub(r"<form class=\"controls\".*?</form>", "", markup, flags=re.S)
    assert "in a straight line" in shown.context["answer"]
    assert any("transport" in one for one in shown.context["questions"])


def test_what_is_not_known_stands_apart_and_what_is_known_to_lack_is_left_out(
    dataset: Dataset,
) -> None:
    child = asked(dataset, find="Trier", reach="far", where="both", who="child")
    known = attributes.known(dataset).said[attributes.CHILDREN].yes
    assert set(cards(child)["well"]) <= known
    assert not set(cards(child)["little"]) & known
    certified = asked(dataset, place=BUCHAREST, certified="oeci")
    assert certified.context["lacking"]
    assert certified.context["at_home"].startswith("In Romania no centre")
    assert not {c for ids in cards(certified).values() for c in ids} & set(
        attributes.known(dataset).said["oeci_accredited"].no
    )


def test_a_weight_moves_a_centre_to_another_group_and_ties_stay_by_name(dataset: Dataset) -> None:
    plain = asked(dataset, place=KRAKOW, reach="far")
    assert list(cards(plain)) == ["well"]
    heavy = asked(dataset, place=KRAKOW, reach="far", certificate="4")
    assert set(sum(cards(heavy).values(), [])) == set(sum(cards(plain).values(), []))
    assert cards(heavy) != cards(plain)
    by_name = asked(dataset, place=KRAKOW, reach="far", sort="name").context["groups"][0][3]
    assert [c.name for c in by_name] == sorted(c.name for c in by_name)


def test_a_rare_cancer_leads_to_its_network_and_care_abroad_to_approval_first(
    dataset: Dataset,
) -> None:
    shown = asked(dataset, find="Trier", tumour="rare", where="both", reach="far")
    assert "ERN EURACAN" in shown.context["network"]["text"]
    assert len(shown.context["network"]["members"]) == 2
    assert any("insurer sign before" in one for one in shown.context["questions"])
    common = asked(dataset, find="Trier", tumour="other").context["network"]
    assert "we do not know which centre treats it" in common["text"]


def test_every_view_says_112_and_no_medical_advice_and_never_best(dataset: Dataset) -> None:
    for fields in ({}, {"place": VIDIN}, {"place": KRAKOW, "reach": "far"}, {"find": "Frankfurt"}):
        markup = asked(dataset, **fields).markup()
        assert "call 112" in markup
        assert "not medical advice" in markup
        assert "best" not in markup.replace("Nobody can say from lists which centre is best", "")


def test_adults_are_not_sent_to_a_childrens_hospital(dataset: Dataset) -> None:
    shown = asked(dataset, find="Wien", who="adult", reach="near")
    assert "st-anna-vienna" not in sum(cards(shown).values(), [])
    assert any("St. Anna" in one for one in shown.context["lacking"])


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '" onload="x', "{{ 7*7 }}", "%s{x}"])
def test_hostile_text_is_shown_as_it_is_written(dataset: Dataset, text: str) -> None:
    markup = asked(dataset, find=text).markup()
    assert "<script>" not in markup
    assert 'onload="x' not in markup
    assert "49" not in asked(dataset, find=text).context["answer"]


def test_a_place_off_the_map_is_answered_too(dataset: Dataset) -> None:
    shown = asked(dataset, find="#" + REUNION, travel="car")
    assert "Réunion" in shown.context["answer"]
    assert shown.context["frame"] == ""
    assert shown.context["no_times"]


def test_the_judgements_rest_on_what_exists_and_say_who_and_why(dataset: Dataset) -> None:
    about = attributes.known(dataset)
    rows = about.tables["attributes"]
    assert set(rows["attribute"][rows["use"] == "weight"]) == set(attributes.WEIGHTED)
    for need in about.labels("need"):
        assert about.said[need].known >= 10
    for table in ("attributes", "children", "questions", "reach", "rights", "tumours", "units"):
        found = dataset.table(f"judgements/finder_{table}")
        assert (found[["chosen_by", "chosen_on", "why"]] != "").all(axis=None)
    assert set(about.tables["children"]["centre_id"]) <= set(dataset.centres.index)
    rights = about.tables["rights"]
    cited = {one for text in rights["source_id"] for one in text.split("+") if one}
    assert cited <= set(dataset.sources.index)
    assert set(dataset.table(place_search.UNITS)["unit"]) <= set(dataset.settlements["unit"])


def test_words_for_ways_and_certificates() -> None:
    time = {"low": 41.0, "middle": 52.0, "high": 64.0}
    assert finder_text.way(time, 40, car=True) == (
        "about 50 minutes by car (between 40 minutes and 65 minutes)"
    )
    assert finder_text.duration(131) == "2 h 10 min"
    assert finder_text.way(None, 123, car=False).startswith("about 120 km in a straight line")
    said = finder_text.certificate("Cancer Centre", "2026-09-10", held=True)
    assert said == (
        "certified by OECI as Cancer Centre; directory of 10 September 2026; "
        "until when is not known"
    )
