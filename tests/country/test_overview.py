"""The overview of the Union without a kernel: what its blocks say, and of how many."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from canheal_nb.country.question import EuOverview
from canheal_nb.country.report import eu_overview
from canheal_nb.country.report.eu_overview import Overview
from canheal_nb.country.text import targets
from canheal_nb.data import Dataset

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "reports" / "eu_overview.ipynb"
TAGS = re.compile(r"<(\w+)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>|</\w+>")


def text(markup: str) -> str:
    return " ".join(TAGS.sub(" ", markup).split())


@pytest.fixture(scope="module")
def made(dataset: Dataset) -> Overview:
    return Overview(EuOverview(), dataset)


@pytest.fixture(scope="module")
def shown(made: Overview) -> dict[str, str]:
    """Return every block that the notebook shows."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    names = [name for name in re.findall(r"\boverview\.(\w+)\(\)", code) if name != "check"]
    return {name: getattr(made, name)().markup for name in names}


def test_the_lack_is_added_up_over_those_that_lack(shown: dict[str, str]) -> None:
    need = text(shown["need"])
    assert "of 26 countries that can be compared" in need
    assert "40.6 % of new cases 5 20.3 short 2 3.0 short 0 0 short" in need
    assert "52.3 % of new cases 10 185 short 8 121 short 1 1.3 short" in need
    assert "Left out: Cyprus" in need
    assert "between 0 and 185 machines" in text(shown["findings"])


def test_every_country_has_its_line_and_its_grid(shown: dict[str, str]) -> None:
    lines = re.findall(r'<th scope="row">([^<]*)</th>', shown["countries"])
    assert len(lines) == 27
    assert "not computed" in text(shown["countries"]).split("Cyprus*")[1][:60]
    (alt,) = re.findall(r'alt="([^"]*)"', shown["ways"])
    assert alt.startswith("In how many ways of counting machines are too few. Slovenia: 8 of 9;")
    assert "Cyprus" not in alt


def test_layers_are_summed_with_at_least(shown: dict[str, str]) -> None:
    layers = text(shown["layers"])
    assert "OECI comprehensive cancer centre 51 · in 13 countries" in layers
    assert "at least 29 · in 2 countries; not known for 25 countries" in layers
    assert "at least 2 · in 1 country; not known for 26 countries" in layers
    assert len(re.findall(r'<th scope="row">', shown["centres"])) == 27


def test_a_target_is_met_or_missed_only_by_data(dataset: Dataset, shown: dict[str, str]) -> None:
    found = {goal.what: goal for goal in targets.goals(dataset)}
    states = [goal.state for goal in found.values()]
    assert found["HPV vaccination of girls"].state == (
        "met in 3 of 26 member states known (2024); not known for 1; not yet due"
    )
    assert sum("met in" in state for state in states) == 1
    assert {s for s in states if "met in" not in s} == {
        "not known",
        "past its date; not known if met",
    }
    assert "EU-designated centres so far" not in found  # a state, not a target
    assert "Cancer deaths" not in found  # a baseline
    assert "HPV vaccination of girls" in text(shown["targets"])


def test_numbers_of_sources_lead_to_the_list(made: Overview, shown: dict[str, str]) -> None:
    made.check()
    for name, markup in shown.items():
        assert not re.search(r"\bnan\b|<NA>", text(markup)), name
        for mark in re.findall(r"\[(\d[\d, ]*)\]", text(markup)):
            assert all(1 <= int(n) <= len(made.source_ids) for n in mark.split(",")), name
    said = " ".join(shown.values())
    numbers = [int(n) for n in re.findall(r"<caption><b>Table (\d+)\. ", said)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_it_is_asked_for_without_a_name(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("canheal_nb.data.load", lambda: dataset)
    assert eu_overview.open_overview(lang="en").question == EuOverview()
    cover = eu_overview.cover(EuOverview(), dataset)
    assert (cover.subject, cover.title) == ("EU", "European Union")


def test_who_can_reach_is_said_by_layer_with_band_and_at_least(shown: dict[str, str]) -> None:
    reach = text(shown["reach"])
    assert "OECI 27 % (24 to 31 %) 28 % (25 to 32 %)" in reach
    assert "national title at least 16 %" in reach
    assert "EUnetCCC not known not known not known not known" in reach
    assert "by car, modelled" in reach.lower()
