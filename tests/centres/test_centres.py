"""The screen of centres: list, map and words say the same; a profile holds every fact."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from canheal_nb.centres.model import centre_profile
from canheal_nb.centres.question import Centres
from canheal_nb.centres.screen import search
from canheal_nb.centres.text import centre_facts, centre_map, search_text
from canheal_nb.data import Dataset
from canheal_nb.screens.shell import App
from canheal_nb.text.question import read_query

Build = Callable[..., Dataset]
HOSTILE = [
    'O\'Dreamt "Quoted"',
    "`backticks` ${alert(1)}",
    "<script>alert(1)</script>",
    "</title></svg><img src=x onerror=alert(1)>",
    '" onload="alert(1)" x="',
    "{{ 7*7 }} %(x)s {0} 100 %",
    "\u202eright to left\u202c \u200fשלום",
    "Z̤͔a̴l̷g̸o̶ e\u0301",
    "A & B &amp; C",
]
LAYERS = (
    "layer,capability,value,label,chosen_by,chosen_on,why\n"
    "any,oeci_designation,CCC,Any of the three,us,2026-11-24,it is made up\n"
    "eunetccc,eunetccc_status,designated,EUnetCCC designated,us,2026-11-24,it is made up\n"
    "national,kingly,yes,National title,us,2026-11-24,it is made up\n"
    "oeci,oeci_designation,CCC,OECI comprehensive,us,2026-11-24,it is made up\n"
)
NOTES = "centre_id,note,chosen_by,chosen_on,why\nmill,The mill moved.,us,2026-11-24,seen\n"
TYPES = [
    ("beds", "Beds", "Size", "number", "beds", "Beds of the hospital.", "Not cancer beds."),
    ("kingly", "Kingly title", "Quality", "yes_no", "", "Given by a king.", ""),
    ("oeci_accredited", "OECI accredited", "Quality", "yes_no", "", "Accredited by OECI.", ""),
    ("oeci_designation", "OECI designation", "Quality", "category", "", "CCC or CC.", ""),
    ("rays", "Rays", "Care", "yes_no", "", "Has rays.", "Old list."),
]
FACTS = [
    ("dreamt", "oeci_accredited", "yes", 2026, "S2", ""),
    ("dreamt", "oeci_designation", "CCC", 2026, "S2", ""),
    ("fabled", "oeci_accredited", "yes", 2026, "S2", ""),
    ("fabled", "kingly", "yes", 2020, "S2", ""),
    ("hill", "oeci_accredited", "no", 2026, "S2", ""),
    ("mill", "beds", "1200", 2019, "S1", "one site"),
    ("mill", "beds", "900", 2019, "S2", ""),
    ("mill", "oeci_accredited", "yes", 2026, "S2", ""),
    ("mill", "oeci_designation", "CC", 2026, "S2", ""),
    ("mill", "rays", "yes", None, "S1", ""),
    ("mill", "rays", "yes", 2023, "S1", "seen by a visitor"),
]
LISTS = [
    ("kingly", "NO", "complete", "2020", "", "S2", "no", "no"),
    ("oeci_accredited", "EU", "complete", "2026-09-10", "a town", "S2", "yes", "yes"),
    ("rays", "EU", "partial", "2023", "", "S1", "no", "no"),
]


@pytest.fixture
def data(build: Build, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """A fictional dataset in which two centres known are enough for a filter."""
    monkeypatch.setattr("canheal_nb.centres.model.selection.FEWEST", 2)
    return fictional(build)


def fictional(build: Build, **given: Any) -> Dataset:
    made = build(
        **{"capabilities": FACTS, "capability_types": TYPES, "capability_lists": LISTS} | given
    )
    folder = made.path / "judgements"
    folder.mkdir(exist_ok=True)
    (folder / "ccc_layers.csv").write_text(LAYERS, encoding="utf-8")
    (folder / "centre_notes.csv").write_text(NOTES, encoding="utf-8")
    listed = made.centres
    listed["name_local"] = ""
    listed["coordinate_basis"] = ["hospital", "main site", "city", "neighbour", ""]
    listed["website"] = ["https://example.org", "javascript:alert(1)", "", "", ""]
    return replace(made, tables={**made.tables, "centres": listed})


def shown(data: Dataset, query: str = "") -> Any:
    return search.screen(read_query(Centres, query, search.vocabulary(data)), data)


class Reader(HTMLParser):
    """Collects elements with the names of their attributes, and what a person would read."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, ...]] = []
        self.values: dict[str, list[str]] = {}
        self.said = ""
        self.feed(str(markup))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _value in attrs)))
        for name, value in attrs:
            self.values.setdefault(name, []).append(value or "")

    def handle_data(self, data: str) -> None:
        self.said += data


def test_known_to_and_known_not_to_and_not_known_are_said(data: Dataset) -> None:
    context = shown(data, "has=oeci_accredited").context
    assert context["answer"] == "3 of 5 centres are known to meet this: OECI accredited."
    assert context["rest"] == (
        "1 is known not to meet it. Not known for 1: nobody has told us, so ask them."
    )
    assert [row.centre_id for row in context["without"]] == ["hill"]
    assert [row.centre_id for row in context["unknown"]] == ["unplaced"]


def test_country_search_and_designation_narrow_the_list(data: Dataset) -> None:
    def found(query: str) -> list[str]:
        return [row.centre_id for row in shown(data, query).context["rows"]]

    assert found("country=FR") == ["dreamt", "mill"]
    assert found("find=FÁBLEVILLE+mill") == ["mill"]
    assert found("designation=CCC") == ["dreamt"]
    assert found("designation=national") == ["fabled"]
    assert found("has=oeci_accredited&country=SI") == []
    said = shown(data, "has=oeci_accredited&country=SI&find=hill").context
    assert said["answer"].startswith("Slovenia, “hill”: 0 of 1 centres")


def test_the_counts_beside_an_option_are_what_choosing_it_gives(data: Dataset) -> None:
    context = shown(data, "find=fable").context
    for options in context["filters"].values():
        for option in options:
            then = shown(data, f"find=fable&has={option.value}").context
            assert len(then["rows"]) == option.left
    for option in context["designations"]:
        then = shown(data, f"find=fable&designation={option.value}").context
        assert len(then["rows"]) == option.left
    for option in context["countries"]:
        assert len(shown(data, f"find=fable&country={option.value}").context["rows"]) == option.left
    (accredited,) = [o for group in context["filters"].values() for o in group]
    assert accredited.known == "known for 4 of 5; 3 yes, 1 no"
    assert context["too_little"] == [
        ("Rays", "known for 1 of 5; 1 yes"),
        ("Kingly title", "known for 1 of 5; 1 yes"),
    ]


def test_the_real_counts_beside_every_option(dataset: Dataset) -> None:
    context = shown(dataset, "has=oeci_accredited&country=DE").context
    options = [option for group in context["filters"].values() for option in group]
    assert {o.value for o in options if o.chosen} == {"oeci_accredited"}
    for option in options:
        both = {"oeci_accredited", option.value}
        then = shown(dataset, f"has={','.join(sorted(both))}&country=DE").context["rows"]
        assert len(then) == option.left, option


def test_list_and_map_show_the_same(data: Dataset) -> None:
    for query in ("", "country=FR", "has=oeci_accredited", "designation=CC"):
        screen = shown(data, query)
        drawn = set(re.findall(r'data-set="centre=(\w+)"', screen.drawn["symbols"]))
        listed = {row.centre_id for row in screen.context["rows"]}
        assert drawn == listed - {"unplaced"}
        assert screen.context["unplaced"] == len(listed & {"unplaced"})


def test_a_centre_keeps_its_place_whatever_is_chosen(data: Dataset) -> None:
    places = [
        set(re.findall(r'style="([^"]+)" data-set="centre=mill"', shown(data, q).drawn["symbols"]))
        for q in ("", "has=oeci_accredited", "designation=CC")
    ]
    assert places[0] == places[1] == places[2]
    assert len(places[0]) == 1


def test_the_chosen_centre_is_marked_even_when_it_is_filtered_away(data: Dataset) -> None:
    assert "halo" in shown(data, "centre=hill&country=FR").drawn["chosen"]
    assert shown(data, "centre=unplaced").drawn["chosen"] == ""
    assert shown(data).drawn["chosen"] == ""


def test_a_profile_holds_every_fact(dataset: Dataset) -> None:
    facts = dataset.capabilities
    for centre in facts["centre_id"].unique()[::25]:
        profile = shown(dataset, f"centre={centre}").context["profile"]
        own = facts[facts["centre_id"] == centre]
        lines = [line for group in profile["topics"].values() for t in group for line in t.lines]
        assert len(lines) == len(own)
        assert all(line.sources for line in lines)
        assert sorted(line.note for line in lines) == sorted(own["note"])
        asked = sum(map(len, profile["questions"].values()))
        known = own["capability"].nunique()
        without = 1 if "no" in set(own["value"][own["capability"] == "oeci_accredited"]) else 0
        _ask, elsewhere = centre_profile.unknown(dataset, str(centre))
        assert asked + known + len(elsewhere) + without == len(dataset.capability_types)


def test_what_sources_say_differently_stands_side_by_side(data: Dataset) -> None:
    profile = shown(data, "centre=mill").context["profile"]
    (beds,) = profile["topics"]["Size"]
    assert beds.disputed
    assert {line.value for line in beds.lines} == {"1,200 beds", "900 beds"}
    assert {line.age for line in beds.lines} == {"2019, 7 years old"}
    (rays,) = profile["topics"]["Care"]
    assert not rays.disputed
    assert [line.age for line in rays.lines] == ["2023, 3 years old", "year not stated"]
    assert rays.listing == "partial list of 2023"
    known = centre_profile.Known("rays", (), "partial", "undated", "", disputed=False)
    assert centre_facts.listing(known) == "partial list, undated"
    assert centre_facts.listing(replace(known, as_of="")) == "partial list"
    assert profile["known"] == "What is known: 6 facts"
    assert profile["notes"] == ["The mill moved."]


def test_a_profile_of_a_centre_of_which_nothing_is_known(data: Dataset) -> None:
    screen = shown(data, "centre=unplaced")
    profile = screen.context["profile"]
    assert profile["topics"] == {}
    assert [asked for group in profile["questions"].values() for asked, _text in group] == [
        "Rays?",
        "OECI accredited?",
        "OECI designation?",
        "Beds?",
    ]
    assert profile["elsewhere"] == "Kingly title"
    assert "says nothing about the centre" in screen.markup()


def test_who_is_known_to_have_no_certificate_is_not_asked_which(data: Dataset) -> None:
    asked, elsewhere = centre_profile.unknown(data, "hill")
    assert asked == ["rays", "beds"]
    assert elsewhere == ["kingly"]


@pytest.mark.parametrize(
    ("year", "said"),
    [
        (2026, "2026, this year"),
        (2025, "2025, 1 year old"),
        (2023, "2023, 3 years old"),
        (2027, "2027"),
        (None, "year not stated"),
    ],
)
def test_age_is_said_as_age(year: int | None, said: str) -> None:
    value = pd.NA if year is None else year
    assert centre_facts.age(year, centre_profile.age(value, 2026)) == said


def test_only_web_pages_are_linked(data: Dataset) -> None:
    assert 'href="https://example.org"' in shown(data, "centre=dreamt").markup()
    assert "javascript:" not in shown(data, "centre=fabled").markup()
    assert "Website: not known." in shown(data, "centre=fabled").markup()


@pytest.mark.parametrize(
    ("centre", "said"),
    [("dreamt", "is the hospital"), ("hill", "is the city, not the hospital")]
    + [("mill", "a neighbouring hospital"), ("unplaced", "not stated what the point")],
)
def test_the_profile_says_what_its_point_is(data: Dataset, centre: str, said: str) -> None:
    assert said in shown(data, f"centre={centre}").context["profile"]["basis"]


def test_values_are_words_and_unknown_ones_stay_as_published() -> None:
    assert centre_facts.value("candidate") == "candidate"
    assert centre_facts.value("linked_institution") == "linked to another member"
    assert centre_facts.value("HUGO") == "HUGO"
    assert centre_facts.value("1500", "beds") == "1,500 beds"
    assert centre_facts.value("about 40", "beds") == "about 40 beds"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("has=brachytherapy", "has: 'brachytherapy' is not known"),
        ("has=oeci_acredited", "Did you mean oeci_accredited?"),
        ("centre=int-milano", "Did you mean int-milan?"),
        ("country=EL", "Greece is written GR here."),
        ("designation=best", "designation"),
    ],
)
def test_a_wrong_link_says_why(dataset: Dataset, query: str, said: str) -> None:
    app = App(Centres, search.screen, search.vocabulary(dataset), dataset, Centres())
    field, _equals, value = query.partition("=")
    assert said in app.handle(field, value).context["notice"]
    assert app.question == Centres()


def test_the_state_can_be_sent_and_names_no_region_twice(dataset: Dataset) -> None:
    screen = shown(dataset, "has=proton_therapy&centre=int-milan&find=%3Cscript%3E")
    state = screen.state()
    assert json.loads(json.dumps(state)) == state
    named = re.findall(r'data-region="(\w+)"', screen.markup())
    assert sorted(named) == sorted(state["regions"])
    assert state["query"] == "has=proton_therapy&find=%3Cscript%3E&centre=int-milan"
    assert "<script>" not in screen.markup()


def hostile(build: Build, name: str) -> Dataset:
    """Return the fictional dataset with every text of a centre, a fact and a source replaced."""
    rows = [
        (i, f"{name} {i}", name, *rest)
        for i, _name, _city, *rest in fictional(build)
        .centres.reset_index()[
            ["centre_id", "name", "city", "country", "latitude", "longitude", "source_id"]
        ]
        .itertuples(index=False)
    ]
    geometry = copy.deepcopy(build().map)
    geometry["others"][0]["name"] = name
    return fictional(
        build,
        centres=rows,
        capabilities=[(c, k, v, y, s, name) for c, k, v, y, s, _note in FACTS],
        capability_types=[
            (k, f"{name} {k}", name, kind, u, name, name) for k, _, _, kind, u, *_ in TYPES
        ],
        sources=[(s, name, name, name, 2025, name, "no", "2026-11-01", name) for s in ("S1", "S2")],
        map=geometry,
    )


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("query", ["", "has=oeci_accredited&centre=mill"])
def test_hostile_names_are_shown_as_they_are(
    build: Build, monkeypatch: pytest.MonkeyPatch, name: str, query: str
) -> None:
    monkeypatch.setattr("canheal_nb.centres.model.selection.FEWEST", 2)
    benign = Reader(shown(hostile(build, "Plain"), query).markup())
    screen = shown(hostile(build, name), query)
    found = Reader(screen.markup())
    assert sorted(found.elements) == sorted(benign.elements)
    for centre in ("dreamt", "fabled", "mill"):
        assert f"{name} {centre}" in found.said
        assert f"{name} {centre}, {name}" in found.values["data-tip"]
    for region, markup in screen.state()["regions"].items():
        assert not {e[0] for e in Reader(markup).elements} & {"script", "img"}, region
    app = App(
        Centres,
        search.screen,
        search.vocabulary(hostile(build, name)),
        hostile(build, name),
        Centres(),
    )
    searched = app.handle("find", f"{name} mill")
    assert [row.centre_id for row in searched.context["rows"]] == ["mill"]
    assert name in Reader(searched.markup()).said


def test_what_is_asked_says_what_it_means_and_who_says_so(data: Dataset) -> None:
    ((label, text, sources),) = shown(data, "has=oeci_accredited").context["about"]
    assert (label, text) == ("OECI accredited", "Accredited by OECI.")
    assert [source.source_id for source in sources] == ["S2"]
    ((_label, text, _sources),) = shown(data, "designation=national").context["about"]
    assert text == "Given by a king."


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_is_saved_with_its_sources(dataset: Dataset, kind: str) -> None:
    screen = shown(dataset, "has=proton_therapy&country=FR")
    assert screen.save is not None
    file = screen.save(kind)
    assert file.name == f"canheal-centres.{kind}"
    if kind == "csv":
        lines = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
        assert lines[0] == ["Id", "Centre", "Place", "OECI designation", "What is known"]
        assert [line[0] for line in lines[1:4]] == [r.centre_id for r in screen.context["rows"]]
        assert any("has=proton_therapy&country=FR" in cell for line in lines for cell in line)
        found = dataset.capabilities.merge(dataset.centres, on="centre_id")
        found = found[(found["capability"] == "proton_therapy") & (found["country"] == "FR")]
        named = {line[1] for line in lines if line[:1] == ["Source"]}
        assert named == {*found["source_id_x"], *found["source_id_y"]}


def test_every_text_is_translated(data: Dataset, bracketed: str) -> None:
    question = Centres(has="oeci_accredited", centre="mill", country="FR", lang=bracketed)
    app = App(Centres, search.screen, search.vocabulary(data), data, question)
    said = Reader(app.show().markup()).said
    for text in ("⟦Which cancer centres have what?⟧", "⟦The same as a list⟧", "⟦year not stated⟧"):
        assert text in said
    assert "⟦OECI accredited⟧" in said


def test_the_picture_says_what_is_shown(data: Dataset) -> None:
    screen = shown(data, "designation=CC")
    assert screen.marks["centre-map"]["aria-label"].startswith(
        "Map of the centres in the list. 1 of 5 centres is known to meet this: OECI Cancer Centre."
    )
    assert screen.context["frame"].split()[2] == f"{centre_map.NEAR}"
    assert search_text.rest(search.Split(frozenset("a"), frozenset(), frozenset()), True) == ""


def test_the_style_sheet_of_the_screen_is_its_own() -> None:
    folder = Path(centre_map.__file__).parents[1]
    text = re.sub(r"/\*.*?\*/", "", (folder / "screen.css").read_text(encoding="utf-8"), flags=re.S)
    selectors = re.findall(r"([^{}]+)\{", re.sub(r"@media[^{]+\{", "", text))
    for selector in selectors:
        for part in selector.replace("}", "").split(","):
            assert part.strip().startswith(".canheal.centres"), part
