"""Hostile names are shown as they are written, on the screen and in the picture."""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from canheal_nb.atlas.question import Atlas
from canheal_nb.atlas.screen import atlas_map
from canheal_nb.charts.maps import map_svg, picture
from canheal_nb.data import Dataset
from canheal_nb.indicators import designated_centres
from canheal_nb.indicators.measures import measure
from canheal_nb.reporting import html

Build = Callable[..., Dataset]
HOSTILE = [
    "L'Aquila",
    "Côte d’Azur",
    "<script>alert(1)</script>",
    "</title></svg><img src=x onerror=alert(1)>",
    '" onload="alert(1)" x="',
    "' onfocus='alert(1)",
    "`backticks` ${x}",
    "{{ 7*7 }} {% raw %} {0} %s %(x)s 100 %",
    "\u202eright to left\u202c \u200fmark\u200e",
    "Z̤͔a̴l̷g̸o̶ e\u0301",
    "A & B &amp; C &#39;",
    "]]> <!-- --> <?xml?>",
    "javascript:alert(1)",
]
ACTIVE = {"script", "img", "iframe", "object", "embed", "link", "style", "base", "meta"}


class Reader(HTMLParser):
    """Collects elements, attributes, and what a person would read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, ...]] = []
        self.attributes: list[tuple[str, str]] = []
        self.said = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _value in attrs)))
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.said += data

    def handle_comment(self, data: str) -> None:
        self.elements.append(("!--",))

    def unknown_decl(self, data: str) -> None:
        self.elements.append(("![",))

    def handle_pi(self, data: str) -> None:
        self.elements.append(("?",))


def read(markup: str) -> Reader:
    reader = Reader()
    reader.feed(str(markup))
    reader.close()
    return reader


def plain(name: str) -> str:
    """The same name with nothing in it, to see which elements are ours."""
    return re.sub(r"[^A-Za-z]+", "x", name)


def hostile(build: Build, name: str) -> Dataset:
    """Return the fictional dataset with every text that comes from data replaced by one name."""
    given: dict[str, Any] = {}
    data = build()
    areas = data.areas.reset_index()
    given["areas"] = [
        (area, f"{name} {area}", kind, own)
        for area, _old, kind, own in areas.itertuples(index=False)
    ]
    centres = data.centres.reset_index()
    given["centres"] = [
        (row.centre_id, f"{name} {row.centre_id}", name, row.country)
        + (row.latitude, row.longitude, row.source_id)
        for row in centres.itertuples(index=False)
    ]
    types = data.indicator_types.reset_index()
    given["indicator_types"] = [
        (row.indicator, f"{name} {row.indicator}", name, "number", f"% {name}")
        + (row.direction, row.rank, name, name)
        for row in types.itertuples(index=False)
    ]
    given["capability_types"] = [
        (capability, name, name, "yes_no", "", name, name)
        for capability in data.capability_types.index
    ]
    given["sources"] = [
        (source, name, name, name, 2025, name, "no", "2026-11-01", name) for source in ("S1", "S2")
    ]
    given["map"] = copy.deepcopy(data.map)
    given["map"]["notes"]["neutrality"] = name
    given["map"]["insets"][0]["name"] = name
    return build(**given)


def screens(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Yield every region of the atlas, and the whole page."""
    question = Atlas(show="waiting", country="FR", centres="all")
    shown = atlas_map.screen(question, dataset, notice=dataset.areas.loc["FR", "name"])
    yield "page", shown.markup()
    yield from shown.state()["regions"].items()


def unwrapped(elements: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Leave out the lines of letters: how many there are depends on the length of a name."""
    return [element for element in elements if element[0] != "text"]


def check(markup: str, benign: str) -> None:
    """The hostile name adds no element and no attribute to what a harmless name gives."""
    found, expected = read(markup).elements, read(benign).elements
    assert Counter(unwrapped(found)) == Counter(unwrapped(expected))  # names decide the order
    assert set(found) == set(expected)


@pytest.mark.parametrize("name", HOSTILE)
def test_on_the_screen(build: Build, name: str) -> None:
    benign = dict(screens(hostile(build, plain(name))))
    found = dict(screens(hostile(build, name)))
    assert set(found) == set(benign)
    assert len(found) >= 10
    for region, markup in found.items():
        check(markup, benign[region])
    page = read(found["page"])
    for suffix in (" FR", " mill", " waiting"):
        assert name + suffix in page.said
    assert not ACTIVE & {element[0] for element in page.elements}
    assert ("aria-label", f"{name} GR: not known") in page.attributes


@pytest.mark.parametrize("name", HOSTILE)
def test_in_the_picture(build: Build, name: str) -> None:
    drawn, benign = (figure(hostile(build, text)) for text in (name, plain(name)))
    assert unwrapped(shapes(drawn)) == unwrapped(shapes(benign))
    assert set(shapes(drawn)) == set(shapes(benign))
    said = [text for e in drawn.iter() for text in (e.text or "", *e.attrib.values())]
    assert any(text.startswith(f"{name} mill (") for text in said)
    assert name in said  # the outermost region


def shapes(root: ElementTree.Element) -> list[tuple[str, ...]]:
    return [(element.tag.split("}")[1], *element.keys()) for element in root.iter()]


def figure(dataset: Dataset) -> ElementTree.Element:
    """Return the picture that stands alone in a report."""
    points = designated_centres.points(dataset, "oeci")
    found = measure(dataset, "waiting")
    made = picture.compose(found, dataset.map, dataset.areas, points)
    return ElementTree.fromstring(str(map_svg.figure_svg(made, "FR")))


def test_a_template_escapes_what_it_translates(build: Build) -> None:
    """A text that passes through a template's own translation is markup: no data may."""
    calls = [
        call
        for folder in html.template_folders()
        for path in folder.glob("*.html")
        for call in re.findall(r"\b_\(([^)]*)", path.read_text(encoding="utf-8"))
    ]
    assert len(calls) > 20
    assert [call for call in calls if not call.startswith(('"', "'"))] == []


def test_the_state_can_be_sent(build: Build) -> None:
    shown = atlas_map.screen(Atlas(country="FR"), hostile(build, HOSTILE[2]))
    assert json.loads(json.dumps(shown.state())) == shown.state()
