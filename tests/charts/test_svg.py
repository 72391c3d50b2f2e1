"""The map picture as SVG: well formed, one path per country, the same fills everywhere."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from canheal_nb.charts import drawing, style
from canheal_nb.charts.maps import legend, map_svg, picture
from canheal_nb.charts.maps.picture import MapPicture
from canheal_nb.data import Dataset
from canheal_nb.indicators import designated_centres
from canheal_nb.indicators.measures import measure

Build = Callable[..., Dataset]
NS = "{http://www.w3.org/2000/svg}"
RATIO = "radiotherapy_machines_dirac_per_million"
MEMBERS = {"FR", "GR", "MT", "SI"}


def drawn(dataset: Dataset, show: str = "waiting", which: str = "all") -> MapPicture:
    points = designated_centres.points(dataset, which)
    return picture.compose(measure(dataset, show), dataset.map, dataset.areas, points)


def only(area: str) -> list[tuple[object, ...]]:
    """Rows in which one area alone has a figure, and that is nought."""
    return [(area, "waiting", "", 2024, "T", "0", None, None, "S1", "", "")]


def parsed(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(str(markup))


def by_id(root: ElementTree.Element, prefix: str) -> dict[str, ElementTree.Element]:
    found = [e for e in root.iter() if e.get("id", "").startswith(prefix)]
    assert len({e.get("id") for e in found}) == len(found), "an id twice"
    return {e.get("id", "").removeprefix(prefix): e for e in found}


def fills(root: ElementTree.Element) -> dict[str, str | None]:
    return {area: path.get("fill") for area, path in by_id(root, "u-").items()}


# --- the map ------------------------------------------------------------------------------


@pytest.mark.parametrize("live", [False, True])
def test_one_path_per_member(build: Build, live: bool) -> None:
    root = parsed(map_svg.map_svg(drawn(build()), live=live))
    paths = by_id(root, "u-")
    assert set(paths) == MEMBERS
    assert {e.tag for e in paths.values()} == {f"{NS}path"}
    assert paths["SI"].get("d") == "M40,0H49V9Z"


def test_one_path_per_member_of_the_union(dataset: Dataset) -> None:
    root = parsed(map_svg.map_svg(drawn(dataset, RATIO), "SI", live=True))
    assert len(by_id(root, "u-")) == 27


def test_a_picture_in_a_report_says_what_it_shows(build: Build) -> None:
    made = drawn(build())
    for root in (parsed(map_svg.map_svg(made)), parsed(map_svg.figure_svg(made))):
        assert root.get("role") == "img"
        assert root.get("aria-label") == made.description


def test_a_live_map_is_a_list_of_options_with_one_stop(build: Build) -> None:
    root = parsed(map_svg.map_svg(drawn(build()), "SI", live=True))
    paths = by_id(root, "u-")
    (box,) = [e for e in root.iter() if e.get("role") == "listbox"]
    assert set(box) == set(paths.values())
    assert {e.get("role") for e in box} == {"option"}
    assert [area for area, e in paths.items() if e.get("tabindex") == "0"] == ["SI"]
    assert [area for area, e in paths.items() if e.get("aria-selected") == "true"] == ["SI"]
    assert paths["GR"].get("aria-label") == "Greece: not known"
    assert "People who wait" in box.get("aria-label", "")
    assert "People who wait" in root.get("aria-label", "")


def test_without_a_choice_the_first_country_is_the_stop(build: Build) -> None:
    paths = by_id(parsed(map_svg.map_svg(drawn(build()), live=True)), "u-")
    assert [area for area, e in paths.items() if e.get("tabindex") == "0"] == ["FR"]
    assert {e.get("aria-selected") for e in paths.values()} == {"false"}


def test_what_is_not_known_is_hatched(build: Build) -> None:
    made = drawn(build(indicators=only("SI")))
    root = parsed(map_svg.map_svg(made))
    (hatch,) = root.iter(f"{NS}pattern")
    assert {area for area, f in fills(root).items() if f == f"url(#{hatch.get('id')})"} == {
        "FR",
        "GR",
        "MT",
    }
    assert fills(root)["SI"] in style.SEQUENTIAL
    (swatch,) = by_id(root, "s-").values()
    assert swatch.get("fill") == drawing.NO_DATA


def test_classes_are_told_apart_by_colour() -> None:
    for classes in range(2, 8):
        colours = [drawing.fill(klass, classes) for klass in range(classes)]
        assert len(set(colours)) == classes
        assert colours == [c for c in style.SEQUENTIAL if c in colours]  # darker is more


@pytest.mark.parametrize("show", ["waiting", RATIO, "oeci_accredited"])
def test_map_and_figure_have_the_same_fills(build: Build, show: str) -> None:
    made = drawn(build(), show)
    live = fills(parsed(map_svg.map_svg(made, "SI", live=True)))
    assert live == fills(parsed(map_svg.map_svg(made)))
    assert live == fills(parsed(map_svg.figure_svg(made, "SI")))
    assert set(live) == MEMBERS


def test_the_chosen_country_is_ringed(build: Build) -> None:
    made = drawn(build())
    for root in (parsed(map_svg.map_svg(made, "SI")), parsed(map_svg.figure_svg(made, "SI"))):
        assert by_id(root, "ring")[""].get("d") == "M40,0H49V9Z"
    assert by_id(parsed(map_svg.map_svg(made)), "ring")[""].get("d") == ""


def test_at_least_is_dotted(build: Build) -> None:
    lists = [("oeci_accredited", "EU", "partial", "", "", "S2", "", "")]
    made = drawn(build(capability_lists=lists), "oeci_accredited")
    still, live = parsed(map_svg.map_svg(made)), parsed(map_svg.map_svg(made, live=True))
    dotted = {area for area, e in by_id(still, "u-").items() if e.get("stroke-dasharray")}
    soft = {area for area, e in by_id(live, "u-").items() if e.get("class") == "u soft"}
    assert dotted == soft == {"FR"}
    # The live widget sets the class only: an attribute would stay when the view changes.
    assert not any(e.get("stroke-dasharray") for e in live.iter())


def test_small_states_can_be_touched_and_seen(build: Build) -> None:
    live = parsed(map_svg.map_svg(drawn(build()), live=True))
    hits = {e.get("data-area") for e in live.iter(f"{NS}circle") if e.get("class") == "hit"}
    assert hits == {"MT", "SI"}
    swatch = by_id(live, "s-")["MT"]
    assert swatch.get("fill") == fills(live)["MT"]
    assert swatch.get("data-area") == "MT"


def test_every_centre_has_its_name(build: Build) -> None:
    root = parsed(map_svg.map_svg(drawn(build()), live=True))
    titles = [e.get("data-tip") for e in root.iter() if e.get("data-tip")]
    assert "Made-up Mill (OECI Cancer Centre)" in titles
    assert {"1 centre", "2 centres"} <= set(titles)


def test_an_inset_is_coloured_like_the_map(build: Build) -> None:
    made = drawn(build())
    root = parsed(map_svg.inset_svg(made, made.overseas[0]))
    (path,) = by_id(root, "o-").values()
    assert path.get("fill") == fills(parsed(map_svg.map_svg(made)))["FR"]
    assert root.get("aria-label") == "Guadeloupe: counted with France"


def test_a_figure_stands_alone(build: Build) -> None:
    text = str(map_svg.figure_svg(drawn(build(), RATIO), "SI"))
    assert not re.search(r"(href|src|@import|<style|<script|<image)", text)
    assert re.findall(r"url\([^#]", text) == []
    assert by_id(parsed(text), "hatch").keys() == {""}


def test_nothing_known_can_be_drawn(build: Build) -> None:
    made = drawn(build(indicators=only("NO")))
    root = parsed(map_svg.figure_svg(made))
    assert set(fills(root).values()) == {drawing.NO_DATA}
    assert legend.legend_words(made) == "Countries by class (%), darker is more: not known: 4."


# --- the legend ---------------------------------------------------------------------------


def bars(root: ElementTree.Element) -> list[ElementTree.Element]:
    return [e for e in root.iter(f"{NS}rect") if e.get("class") == "bar"]


def test_the_legend_has_a_bar_for_each_class_and_one_for_not_known(build: Build) -> None:
    made = drawn(build())
    found = bars(parsed(legend.legend_svg(made)))
    assert len(found) == len(made.bins) + 1
    assert found[-1].get("fill") == drawing.NO_DATA
    colours = {unit.klass: f for unit, f in zip(made.units, map_fills(made), strict=True)}
    for one, bar in zip(made.bins, found, strict=False):
        assert bar.findtext(f"{NS}title") == one.text
        assert colours.get(one.klass, bar.get("fill")) == bar.get("fill")


def map_fills(made: MapPicture) -> list[str | None]:
    drawn_fills = fills(parsed(map_svg.map_svg(made)))
    return [drawn_fills[unit.area_id] for unit in made.units]


def test_the_legend_says_its_counts(build: Build) -> None:
    made = drawn(build())
    texts = parsed(legend.legend_svg(made)).iter(f"{NS}text")
    above = [e.text for e in texts if float(e.get("y", "")) < legend.TALL + 20]
    assert above == [str(b.count) for b in made.bins] + [str(made.unknown)]
    assert "2 to under 4: 0" in legend.legend_words(made)
    assert "not known: 1." in legend.legend_words(made)
    assert parsed(legend.legend_svg(made)).get("aria-label") == legend.legend_words(made)


@pytest.mark.parametrize(
    ("union", "place"), [(8.25, 4.125), (0.0, 0.0), (-9.0, 0.0), (12.0, 6.0), (99.0, 7.0)]
)
def test_the_unions_mark_lies_where_its_figure_lies(
    build: Build, union: float, place: float
) -> None:
    made = dataclasses.replace(drawn(build()), union=union)
    assert made.inner == (2.0, 4.0, 6.0, 8.0, 10.0, 12.0)
    (mark,) = [e for e in parsed(legend.legend_svg(made)).iter() if e.get("class") == "eu"]
    match = re.match(r"M([\d.]+),", mark.get("d", ""))
    assert match is not None
    assert float(match[1]) == pytest.approx(place * legend.BAR, abs=0.06)


def test_without_a_union_figure_there_is_no_mark(build: Build) -> None:
    text = str(legend.legend_svg(drawn(build(), "oeci_accredited")))
    assert 'class="eu"' not in text
    assert "▲" not in text


def test_the_legend_says_what_a_dotted_outline_means(build: Build) -> None:
    assert "otted outline" not in str(legend.legend_svg(drawn(build(), "oeci_accredited")))
    lists = [("oeci_accredited", "EU", "complete", "", "", "S2", "", "")]
    lists += [("oeci_accredited", "FR", "partial", "", "", "S2", "", "")]
    partly = drawn(build(capability_lists=lists), "oeci_accredited")
    assert "Dotted outline: at least" in str(legend.legend_svg(partly))
    assert "dotted outline: at least" in legend.legend_words(partly)


def test_every_legend_keeps_inside_its_frame(dataset: Dataset) -> None:
    shows = ["unmet_medical_need_among_those_in_need_pct", "survival_5y_breast", RATIO]
    widest = 0
    for show in shows:
        made = drawn(dataset, show, "none")
        widest = max(widest, len(made.bins))
        root = parsed(legend.legend_svg(made))
        for bar in bars(root):
            assert float(bar.get("x", "")) + float(bar.get("width", "")) <= legend.WIDTH
        assert all(float(e.get("y", "")) <= legend.HEIGHT - 4 for e in root.iter(f"{NS}text"))
    assert widest == 7
