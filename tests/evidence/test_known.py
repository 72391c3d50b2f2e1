"""The facts page as data and markup: what it counts, says and lists for a question."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import pytest

from canheal_nb.data import Dataset
from canheal_nb.evidence import screen, text
from canheal_nb.evidence.question import Facts
from canheal_nb.reporting import html
from canheal_nb.screens import shell
from canheal_nb.text.question import read


def shown(dataset: Dataset, **asked: str) -> shell.Screen:
    question = read(Facts, asked, screen.vocabulary(dataset))
    return screen.screen(question, dataset)


def test_the_answer_counts_indicators_and_answers_about_centres(
    dataset: Dataset,
) -> None:
    context = shown(dataset).context
    full = re.match(
        r"Of (\d+) indicators, (\d+) are known for all 27 countries\.", context["answer"]
    )
    assert full is not None
    counted = [row for group in context["indicator_lines"] for row in group["rows"]]
    assert int(full[1]) == len(counted) == len(dataset.indicator_types)
    assert int(full[2]) == sum(row["known"] == 27 for row in counted)
    assert "% of the answers are known" in context["answer"]


def test_a_country_is_told_what_is_not_known_of_it(dataset: Dataset) -> None:
    context = shown(dataset, country="CY", group="Outcomes").context
    assert context["answer"].startswith("Cyprus: 0 of 5 indicators are known. Not known: ")
    (table,) = context["heat"]
    cell = next(c for c in table["lines"][0]["cells"] if c["area"] == "CY")
    assert (cell["text"], cell["shade"], cell["said"]) == ("0", 0, "Cyprus: 0 of 5")
    assert {row["own"] for row in context["indicator_lines"][0]["rows"]} == {"not known"}


def test_every_fact_has_its_place_among_the_ages_and_the_sources(dataset: Dataset) -> None:
    context = shown(dataset, country="SI").context
    own = dataset.indicators[dataset.indicators["area_id"] == "SI"]
    assert sum(int(left.replace(",", "")) for _text, left, _right in context["ages"]) == len(own)
    listed = [*context["first_sources"], *context["other_sources"]]
    assert sum(n for _text, n, _facts in context["permissions"]) == len(listed)
    assert sum(n for _text, n, _facts in context["terms"]) == len(listed)
    assert all(facts > 0 for _source, facts in listed)


def test_what_was_left_out_is_found_by_a_text(dataset: Dataset) -> None:
    every = shown(dataset).context["left"]
    assert every["sum"].startswith(f"{len(dataset.left_out):,} facts, ")
    some = shown(dataset, find="press").context["left"]
    assert 0 < len(some["rows"]) < len(every["rows"])
    none = shown(dataset, find="no such thing").markup()
    assert "Nothing that was left out holds this text." in none


@pytest.mark.parametrize("asked", [{}, {"country": "SI"}, {"group": "Care"}, {"find": "<i>"}])
def test_every_part_that_changes_can_be_made_alone(dataset: Dataset, asked: dict[str, str]) -> None:
    made = shown(dataset, **asked)
    regions = html.regions(made.template, made.context)
    whole = str(made.markup())
    assert set(regions) == set(re.findall(r'data-region="(\w+)"', whole))
    assert [name for name, part in regions.items() if part.strip() not in whole] == []
    assert "<i>" not in whole


def test_sources_that_differ_stand_side_by_side_with_year_and_source() -> None:
    rows = pd.DataFrame(
        [("hill", "status", "<b>", pd.NA, "S1"), ("hill", "status", "designated", 2026, "S2")],
        columns=["centre_id", "capability", "value", "year", "source_id"],
    )
    types = pd.DataFrame({"label": ["Status"]}, index=["status"])
    (line,) = text.disagreement_lines(rows, types, {"hill": "Imaginary Hill"})
    assert (line["who"], line["what"]) == ("Imaginary Hill", "Status")
    assert [saying["year"] for saying in line["sayings"]] == ["year not stated", "2026"]
    assert [saying["source"] for saying in line["sayings"]] == ["S1", "S2"]


def test_shades_go_from_none_to_all() -> None:
    counts = pd.DataFrame({"A": [0, 1, 4], "B": [8, 7, 0], "of": [8, 8, 8]}, index=["x", "y", "z"])
    full = pd.DataFrame({"A": [8, 8, 8], "B": [8, 8, 0]}, index=["x", "y", "z"])
    lines = text.heat_lines(counts, full, {"A": "Aland", "B": "Bland"})
    assert [[cell["shade"] for cell in line["cells"]] for line in lines] == [
        [0, 5],
        [1, 4],
        [3, -1],
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"facts": 0, "first": pd.NA, "last": pd.NA, "undated": 0}, ""),
        ({"facts": 2, "first": pd.NA, "last": pd.NA, "undated": 2}, "year not stated"),
        ({"facts": 2, "first": 2022, "last": 2022, "undated": 0}, "2022"),
        ({"facts": 3, "first": 2019, "last": 2022, "undated": 1}, "2019–2022; 1 without a year"),
    ],
)
def test_years_are_said_as_a_span(row: dict[str, object], said: str) -> None:
    assert text.span(row) == said


def test_hostile_names_are_text(build: Callable[..., Dataset]) -> None:
    bad = "<script>alert('x')</script> & \"`"
    sources = [
        ("S1", bad, bad, "", None, bad, "unknown", "", ""),
        ("S2", bad, bad, "", None, "", "no", "", ""),
    ]
    left = pd.DataFrame(
        [["parameters", bad, bad, bad]], columns=["table", "key", "value", "reason"]
    )
    data = build(sources=sources)
    data.tables["left_out"] = left  # type: ignore[index]
    page = str(shown(data, find="script").markup())
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 4
