"""Ranked dots and pairs as pictures: order, scale, what is said, and names that would break out."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canheal_nb import load
from canheal_nb.charts import dots, plot, value_pairs
from canheal_nb.charts.dots import Chart, Dot, Line
from canheal_nb.charts.value_pairs import Pair, Pairs
from canheal_nb.indicators import measures, words

HOSTILE = '<b>"O\'Brien"</b> & `x` \u202eא́'
SVG = "{http://www.w3.org/2000/svg}"


def texts(markup: str) -> list[str]:
    return [e.text or "" for e in ElementTree.fromstring(str(markup)).iter(f"{SVG}text")]


def chart(**changes: object) -> Chart:
    rows = (
        Dot("A", "Aland", 2, "2 things", "2"),
        Dot("B", "Bland", None, "not known"),
        Dot("C", "Cland", 7, "7 things", "7", low=5, high=9),
        Dot("D", "Dland", 9, "at least 9 things", "at least 9", soft=True),
    )
    return Chart(**{"title": "Things", "unit": "things", "dots": rows, **changes})  # type: ignore[arg-type]


def test_highest_first_at_least_last_and_unknown_never() -> None:
    assert [row.key for row in chart().rows] == ["C", "A", "D"]
    assert [row.key for row in chart(ranked=False).rows] == ["A", "C", "D"]
    assert chart().missing == ["Bland"]


def test_the_picture_holds_every_row_and_says_the_rest() -> None:
    line = Line(8, "goal 8", "target")
    drawn = chart(lines=(line,), highlight=("A",))
    said = texts(dots.svg(drawn))
    assert said.count("Aland") == 1
    assert "Bland" not in said
    assert "goal 8" in said
    spoken = dots.describe(drawn)
    for part in ("Highest: Cland, 7 things", "Lowest: Aland", "goal 8", "Not known: Bland"):
        assert part in spoken
    root = ElementTree.fromstring(str(dots.svg(drawn)))
    assert root.attrib["aria-label"] == spoken
    assert sum("ring" in e.attrib.get("class", "") for e in root.iter()) == 1
    assert sum(e.attrib.get("class") == "range" for e in root.iter()) == 1
    assert "Highest" not in dots.describe(chart(ranked=False))


def test_nothing_known_is_said() -> None:
    empty = chart(dots=(Dot("A", "Aland", None, "not known"),))
    assert dots.describe(empty) == "Things: nothing is known."
    assert "Aland" not in texts(dots.svg(empty))


def test_names_stay_names() -> None:
    row = Dot(HOSTILE, HOSTILE, 1, HOSTILE, "1")
    root = ElementTree.fromstring(str(dots.svg(chart(dots=(row,)))))
    assert root.find(f".//{SVG}b") is None
    group = next(e for e in root.iter() if e.attrib.get("class") == "line")
    assert group.attrib["data-tip"] == f"{HOSTILE}: {HOSTILE}"
    pair = Pairs("t", "u", "w", "m", "r", (Pair(HOSTILE, HOSTILE, 1, 2, HOSTILE),))
    assert HOSTILE in texts(value_pairs.svg(pair))


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=30))
def test_a_scale_holds_all_values_in_few_rising_ticks(values: list[float]) -> None:
    ticks = plot.scale(values)
    assert ticks == sorted(set(ticks))
    assert 2 <= len(ticks) <= plot.MOST_TICKS
    slack = 1e-6 * (ticks[-1] - ticks[0])
    assert ticks[0] - slack <= min(values) <= max(values) <= ticks[-1] + slack


def test_a_scale_begins_at_zero_where_honesty_wants_it() -> None:
    assert plot.scale([10, 91])[0] == 0
    assert plot.scale([71.1, 86.9])[0] == 70
    assert plot.scale([71.1, 86.9], zero=True)[0] == 0


def test_pairs_widest_first_and_only_where_both_are_known() -> None:
    rows = (
        Pair("A", "Aland", 1, 2, "women 1, men 2", "0.5"),
        Pair("B", "Bland", 5, None, "not known"),
        Pair("C", "Cland", 9, 3, "women 9, men 3", "3.0"),
    )
    picture = Pairs("Things", "u", "women", "men", "ratio", rows, ("A",))
    assert [row.key for row in picture.drawn] == ["C", "A"]
    assert picture.missing == ["Bland"]
    root = ElementTree.fromstring(str(value_pairs.svg(picture)))
    assert sum(e.attrib.get("class") == "ring" for e in root.iter()) == 2
    assert "Widest difference: Cland, women 9, men 3" in root.attrib["aria-label"]
    assert "Not known: Bland" in root.attrib["aria-label"]


@pytest.mark.parametrize("show", ["cancer_deaths", "oeci_accredited", "physicians_per_1000"])
def test_a_measure_as_dots_is_ranked_only_where_it_may_be(show: str) -> None:
    dataset = load()
    measure = measures.measure(dataset, show)
    drawn = dots.of_measure(measure, words.country_names(dataset.areas))
    values = [row.value for row in drawn.rows]
    assert (values == sorted(values, reverse=True)) == (measure.rank != "no")  # type: ignore[type-var]
    assert len(drawn.rows) + len(drawn.missing) == 27
