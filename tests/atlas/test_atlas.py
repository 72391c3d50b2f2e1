"""The atlas without a browser: picture and live state agree, all is translated and sourced."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from canheal_nb.atlas.question import Atlas
from canheal_nb.atlas.screen import atlas_map
from canheal_nb.charts.drawing import NO_DATA
from canheal_nb.charts.maps import legend, map_svg, picture
from canheal_nb.data import Dataset
from canheal_nb.indicators import designated_centres, facts, measures, words
from canheal_nb.screens.shell import Screen
from canheal_nb.text import locale

Build = Callable[..., Dataset]
RATIO = "radiotherapy_machines_dirac_per_million"
SPOKEN = {"aria-label", "alt", "title", "data-tip", "placeholder", "value"}


class Page(HTMLParser):
    """Collects elements by id, the names of regions, and all that is read out or shown."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.by_id: dict[str, dict[str, str]] = {}
        self.regions: list[str] = []
        self.said: list[str] = []
        self.feed(str(markup))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            assert values["id"] not in self.by_id, "an id twice"
            self.by_id[values["id"]] = values
        if "data-region" in values:
            self.regions.append(values["data-region"])
        self.said += [v for name, v in values.items() if name in SPOKEN and tag != "option"]

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def shapes(shown: Screen) -> dict[str, dict[str, str]]:
    """Return the attributes of the map's elements that have an id."""
    root = ElementTree.fromstring(str(shown.context["map_svg"]))
    return {e.attrib["id"]: dict(e.attrib) for e in root.iter() if "id" in e.attrib}


# --- first picture and live state ---------------------------------------------------------


def test_marks_are_what_is_drawn(build: Build) -> None:
    shown = atlas_map.screen(Atlas(show="waiting", country="SI"), build())
    drawn = shapes(shown)
    assert {f"u-{area}" for area in ("FR", "GR", "MT", "SI")} | {"ring", "s-MT"} <= set(drawn)
    for element, attributes in shown.marks.items():
        if element in drawn:
            assert attributes.items() <= drawn[element].items()


@pytest.mark.parametrize("show", [RATIO, "oeci_accredited", "waiting"])
@pytest.mark.parametrize("country", ["", "FR"])
def test_setting_the_marks_gives_the_map_that_would_be_drawn(
    build: Build, show: str, country: str
) -> None:
    lists = [("oeci_accredited", "EU", "partial", "", "", "S2", "", "")]
    data = build(capability_lists=lists)
    live = shapes(atlas_map.screen(Atlas(show="oeci_accredited", country="SI"), data))
    after = atlas_map.screen(Atlas(show=show, country=country), data)
    for element, attributes in after.marks.items():
        if element in live:
            live[element] |= attributes
    for element, attributes in shapes(after).items():
        attributes.pop("tabindex", None)  # the keyboard's place stays where it was
        live[element].pop("tabindex", None)
        assert live[element] == attributes


def test_regions_are_the_same_in_the_first_picture(build: Build) -> None:
    shown = atlas_map.screen(
        Atlas(show="waiting", country="FR", centres="all"), build(), "Mind this."
    )
    page, state = str(shown.markup()), shown.state()
    assert set(Page(page).regions) == set(state["regions"])
    for name, markup in state["regions"].items():
        assert str(markup) in page, name


def test_the_state_is_plain_data_and_names_the_link(build: Build) -> None:
    shown = atlas_map.screen(Atlas(show="waiting", country="FR"), build())
    state = json.loads(json.dumps(shown.state()))
    assert state["query"] == "show=waiting&country=FR"
    assert state["fields"]["country"] == "FR"
    assert state["marks"]["u-GR"]["fill"] == NO_DATA
    assert state["marks"]["u-FR"]["aria-selected"] == "true"


def test_the_same_question_gives_the_same_bytes(build: Build) -> None:
    first, second = (atlas_map.screen(Atlas(country="FR"), build()) for _ in range(2))
    assert first.markup() == second.markup()
    assert first.state() == second.state()


# --- what it says -------------------------------------------------------------------------


def said(dataset: Dataset, **asked: Any) -> str:
    return " ".join(" ".join(Page(atlas_map.screen(Atlas(**asked), dataset).markup()).said).split())


def test_a_country_has_its_figure_age_note_sources_and_centres(build: Build) -> None:
    text = said(build(), show="waiting", country="FR", centres="all")
    for part in ("8.25 %", "2024; modelled", "Imaginary Yearbook. Office of Fiction, 2025."):
        assert part in text
    assert "Median country: 8.25 %, of 3 known." in text
    assert "2 centres" in text
    assert "Dreamt Hospital OECI Comprehensive Cancer Centre" in text
    assert "Read from: a friend's copy." in text
    assert "Rights: not stated." in text


def test_a_country_that_is_not_known_says_so(build: Build) -> None:
    shown = atlas_map.screen(Atlas(show="waiting", country="GR"), build())
    assert shown.context["profile"]["figure"] == "not known"
    assert shown.context["profile"]["sources"] == []
    assert "Known for 3 of 4. Not known: Greece." in said(build(), show="waiting", country="GR")


def test_without_a_country_it_says_how_to_choose(build: Build) -> None:
    assert "No country chosen" in said(build())
    assert atlas_map.screen(Atlas(), build()).context["profile"] is None


def test_a_computed_figure_says_how(build: Build) -> None:
    data = build()
    assert "Computed here" in said(data)
    assert "Counted here" in said(data, show="oeci_accredited")
    assert atlas_map.method(measures.measure(data, "waiting")) == ""


def test_the_table_has_every_member(build: Build) -> None:
    shown = atlas_map.screen(Atlas(show="waiting"), build())
    rows = [(row.area_id, row.text, row.known) for row in shown.context["rows"]]
    assert rows == [
        ("FR", "8.25 %", True),
        ("GR", "not known", False),
        ("MT", "0 %", True),
        ("SI", "12.5 %", True),
    ]


def test_choices_of_centres_are_counted(build: Build) -> None:
    counts = [count for _value, _label, count in atlas_map.centre_choices(build())]
    assert counts == ["2", "3", ""]
    assert [shape for shape, _words in atlas_map.symbol_key("all")] == [
        "diamond",
        "circle",
        "square",
    ]
    assert atlas_map.symbol_key("none") == []


def test_the_question_may_name_what_is_offered(build: Build) -> None:
    known = atlas_map.vocabulary(build())
    assert known["country"] == ["FR", "GR", "MT", "SI"]
    assert set(known["show"]) >= {RATIO, "waiting", "oeci_accredited"}
    assert Atlas().show in known["show"]


# --- every measure of the embedded data ---------------------------------------------------


def test_every_measure_can_be_drawn_worded_and_tabled(dataset: Dataset) -> None:
    names, sources = words.country_names(dataset.areas), dataset.sources
    geometry, areas, none = dataset.map, dataset.areas, designated_centres.points(dataset, "none")
    for show in atlas_map.vocabulary(dataset)["show"]:
        found = measures.measure(dataset, show)
        made, rows = picture.compose(found, geometry, areas, none), facts.rows(found, names)
        assert sum(b.count for b in made.bins) + made.unknown == 27, show
        assert len(rows) == len(made.units) == 27, show
        for row, unit in zip(rows, made.units, strict=True):
            assert row.known == (unit.klass is not None) == (unit.text != "not known"), show
            assert bool(row.source_ids) == bool(row.age) == row.known, show
            assert set(row.source_ids) <= set(found.sources), show
        assert len(facts.cited(sources, found.sources)) == len(found.sources) > 0, show
        said = [words.answer(found, names, list(made.inner)), made.description]
        said += [legend.legend_words(made), *(row.text for row in rows)]
        assert not re.search(r"\bnan\b|[{}]", " ".join(said)), show
        assert len(fills(str(map_svg.map_svg(made)))) == 27, show


def fills(markup: str) -> dict[str, str]:
    return dict(re.findall(r'id="u-(\w+)" fill="([^"]+)"', markup))


def test_on_the_embedded_map_every_member_is_drawn(dataset: Dataset) -> None:
    drawn = shapes(atlas_map.screen(Atlas(), dataset))
    members = measures.members(dataset.areas)
    assert {name for name in drawn if name.startswith("u-")} == {f"u-{area}" for area in members}
    assert drawn["u-CY"]["fill"] == drawn["s-CY"]["fill"] == NO_DATA
    assert drawn["u-SI"]["aria-label"] == "Slovenia: 4.2 machines per million people"


# --- language -----------------------------------------------------------------------------


def unbracketed(text: str) -> str:
    """Return what is left when every translated text is taken out, with what is inside."""
    while True:
        shorter = re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
        if shorter == text:
            return text
        text = shorter


def data_words(dataset: Dataset) -> set[str]:
    """Return the words that come from the data or from Unicode's names, in any language."""
    texts = [*dataset.centres["name"], *dataset.centres["city"], *dataset.sources.index]
    texts += [str(text) for text in dataset.sources.to_numpy().ravel()]
    texts += [inset["name"] for inset in dataset.map["insets"]]
    texts += [*dataset.areas.index, *words.country_names(dataset.areas).values()]
    texts += [dataset.map["notes"]["neutrality"], words.listed(["", ""])]
    return set(re.findall(r"[^\W\d_]+", " ".join(texts)))


@pytest.mark.parametrize("show", [RATIO, "oeci_accredited", "waiting"])
@pytest.mark.parametrize("country", ["", "FR", "GR"])
def test_every_text_of_ours_can_be_translated(
    build: Build, bracketed: str, show: str, country: str
) -> None:
    question = Atlas(show=show, country=country, centres="all", lang=bracketed)
    with locale.use(bracketed):
        shown = atlas_map.screen(question, build(), "")
        allowed = data_words(build())
    page = Page(shown.markup())
    left = set(re.findall(r"[^\W\d_]+", unbracketed(" ".join(page.said))))
    assert left - allowed - {"oeci", "all", "none"} == set()
    assert "⟦What can cancer care count on, and where is it scarce?⟧" in page.said
    assert "⟦⟧" not in str(shown.markup())
    for markup in shown.state()["regions"].values():
        left = set(re.findall(r"[^\W\d_]+", unbracketed(" ".join(Page(markup).said))))
        assert left - allowed == set()


def test_the_page_says_which_language_it_speaks(build: Build, bracketed: str) -> None:
    question = Atlas(lang=bracketed)
    with locale.use(bracketed):
        markup = str(atlas_map.screen(question, build()).markup())
    assert f'lang="{bracketed}"' in markup
    assert 'lang="en"' in str(atlas_map.screen(Atlas(), build()).markup())
