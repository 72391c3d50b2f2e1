"""The country brief without a kernel: what its blocks say, in which language, from where."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from canheal_nb.country.question import CountryBrief
from canheal_nb.country.report import country_brief
from canheal_nb.country.report.country_brief import Brief
from canheal_nb.data import Dataset
from canheal_nb.reporting import catalogue
from canheal_nb.reporting.contract import Outcome
from canheal_nb.text.errors import UserError

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "reports" / "country_brief.ipynb"
HOSTILE = ["L'Aquila", "Côte d’Azur", "<script>alert(1)</script>", '" onload="alert(1)" x="']
HOSTILE += ["' onfocus='alert(1)", "`id` ${x}", "{{ 7*7 }} {0} %s %(x)s 100 %", "A &amp; B &#39;"]
HOSTILE += [
    "\u202eright to left\u202c \u200fmark",
    "Z̤͔a̴l̷g̸o̶ e\u0301",
    "</td></table><img src=x onerror=alert(1)>",
]
TAGS = re.compile(r"<(\w+)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>|</\w+>")


def block_names() -> list[str]:
    """Return the blocks that the notebook shows, in its order."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return [name for name in re.findall(r"\bbrief\.(\w+)\(\)", code) if name != "check"]


BLOCKS = block_names()
QUOTED = {"titles"}  # what a country calls its centres is quoted as it was read


def text(markup: str) -> str:
    """Return what is read of a block."""
    return " ".join(TAGS.sub(" ", markup).split())


@cache
def blocks(country: str, dataset: Dataset, lang: str = "en") -> dict[str, str]:
    made = Brief(CountryBrief(country=country, lang=lang), dataset)
    return {name: getattr(made, name)()._repr_html_() for name in BLOCKS}


def with_table(dataset: Dataset, name: str, /, **columns: Any) -> Dataset:
    """Return the dataset with some columns of one table replaced."""
    changed = dataset.tables[name].assign(**columns)
    return dataclasses.replace(dataset, tables={**dataset.tables, name: changed})


# --- what it says -------------------------------------------------------------------------


def test_the_notebook_shows_findings_map_centres_gaps_and_sources() -> None:
    assert {"findings", "map_figure", "map_table", "centres", "unknown", "sources"} <= set(BLOCKS)


def test_slovenia_has_nine_machines(dataset: Dataset) -> None:
    found = text(blocks("SI", dataset)["findings"])
    assert "Slovenia has 9 radiotherapy machines in the register, 4.2 machines per million" in found
    assert "no other of the 25 countries known has less" in found
    assert "over the 26 countries known" in found
    assert "OECI has designated 1 Cancer Centre." in found


def test_what_cannot_be_divided_says_why(dataset: Dataset) -> None:
    found = blocks("CY", dataset)
    assert "Cyprus has 10 radiotherapy machines in the register" in text(found["findings"])
    assert "it is not stated which area" in text(found["findings"])
    assert "per million people: " not in text(found["findings"])
    assert "Radiotherapy machines per million people (IAEA directory)" in text(found["unknown"])


def test_the_table_has_every_member_once(dataset: Dataset) -> None:
    markup = blocks("SI", dataset)["map_table"]
    figures = dict(re.findall(r'<th scope="row">([^<]*)</th><td class="n">([^<]*)</td>', markup))
    assert len(figures) == 27
    assert figures["Cyprus"] == "not known"
    assert (figures["France"], figures["Slovenia"]) == ("8.6", "4.2")


def test_the_picture_has_its_words(dataset: Dataset) -> None:
    (words,) = re.findall(r'<img alt="([^"]+)"', blocks("SI", dataset)["map_figure"])
    assert words.startswith("Map of Europe: Radiotherapy machines per million people")
    assert "Known for 26 of 27. Not known: Cyprus." in words


@pytest.mark.parametrize("country", ["CY", "FR", "GR", "LU", "MT", "SI"])
def test_numbers_of_sources_lead_to_the_list_of_sources(dataset: Dataset, country: str) -> None:
    found = blocks(country, dataset)
    made = Brief(CountryBrief(country=country), dataset)
    made.check()
    listed = re.findall(r"<li>(.*?)</li>", found["sources"], re.DOTALL)
    assert len(made.source_ids) == len(set(made.source_ids)) <= len(listed)
    for name, markup in found.items():
        assert not re.search(r"\bnan\b|<NA>", text(markup)), name
        for mark in re.findall(r"\[(\d[\d, ]*)\]", text(markup)):
            assert all(1 <= int(n) <= len(listed) for n in mark.split(",")), name
    for name in ("findings", "map_figure", "map_table", "centres"):
        assert re.search(r"\[\d", text(found[name])), name


def test_a_figure_without_a_source_is_refused(dataset: Dataset) -> None:
    indicators = dataset.tables["indicators"]
    lost = indicators["source_id"].mask(indicators["indicator"] == "population_total", "nowhere")
    made = Brief(CountryBrief(country="SI"), with_table(dataset, "indicators", source_id=lost))
    with pytest.raises(UserError) as caught:
        made.check()
    assert caught.value.code == "lost-source"
    assert "nowhere" in str(caught.value)


def test_the_need_is_nine_figures_and_never_one(dataset: Dataset) -> None:
    found = text(blocks("SI", dataset)["need"])
    assert "13,719 new cases in 2022" in found
    said_so = ("12.4 short by 3.4", "8.0 enough, +1.0", "10.3 short by 1.3", "48.3 % of new cases")
    for said in said_so:
        assert said in found
    assert "too few in 8 (Table 1)" in text(blocks("SI", dataset)["findings"])
    assert "those of metropolitan France" in text(blocks("FR", dataset)["need"])
    assert "metropolitan" not in found


def test_no_need_is_computed_for_cyprus(dataset: Dataset) -> None:
    found = blocks("CY", dataset)
    assert "<table" not in found["need"]
    assert "it is not stated which area is covered" in text(found["need"])
    assert not re.search(r"short by|enough", text(found["need"] + found["findings"]))
    assert "Table 1. Who calls" in text(found["layers"])


@pytest.mark.parametrize(
    ("country", "said"),
    [
        ("IE", "Ireland shares no land border with another member state, only with United Kingdom"),
        ("MT", "Malta shares no land border with another country."),
        ("CY", "Cyprus shares no land border with another country."),
        ("BG", "It also borders on North Macedonia, Serbia and"),
        ("FI", "It also borders on Norway and Russia, outside the Union"),
        ("SI", "Measure Slovenia Austria Croatia Hungary Italy Girls"),
        ("DE", "AT Austria, BE Belgium"),
    ],
)
def test_neighbours_are_member_states_and_others_are_said(
    dataset: Dataset, country: str, said: str
) -> None:
    found = blocks(country, dataset)["neighbours"]
    assert said in text(found)
    assert ("<table" in found) == (country not in ("IE", "MT", "CY"))


def test_layers_say_number_at_least_or_not_known(dataset: Dataset) -> None:
    slovenia, spain = (text(blocks(c, dataset)["layers"]) for c in ("SI", "ES"))
    assert "OECI comprehensive cancer centre 0 · complete list, 10 September 2026" in slovenia
    assert "EUnetCCC designated not known · no list of this country was read" in slovenia
    assert "EUnetCCC designated at least 2 · list not complete" in spain


def test_the_third_finding_follows_its_rule(dataset: Dataset) -> None:
    found = {c: text(blocks(c, dataset)["findings"]) for c in ("GR", "HU")}
    assert "Unmet need among people who needed care, 20" in found["GR"]
    assert "Lung cancer: death rate, 39.8 per 100,000" in found["HU"]
    assert "Median country: 20.7, of 27 known." in found["HU"]


def test_tables_are_numbered_as_they_stand(dataset: Dataset) -> None:
    for country in ("CY", "FR", "SI"):
        said = " ".join(blocks(country, dataset).values())
        numbers = [int(n) for n in re.findall(r"<caption><b>Table (\d+)\. ", said)]
        assert numbers == list(range(1, len(numbers) + 1)), country


def test_what_is_missing_is_counted(dataset: Dataset) -> None:
    found = text(blocks("MT", dataset)["unknown"])
    assert "PET scanners" in found
    assert re.search(r"Tumour boards 0 of 1", found)
    assert "Questions that no source read here answers" in found


# --- names --------------------------------------------------------------------------------


def renamed(dataset: Dataset, names: list[str]) -> Dataset:
    """Return the dataset with its countries, centres, cities and sources renamed in turn."""
    for table, column in (("areas", "name"), ("centres", "name"), ("centres", "city")):
        given = [f"{names[i % len(names)]} {i}" for i in range(len(dataset.tables[table]))]
        dataset = with_table(dataset, table, **{column: given})
    given = [names[i % len(names)] for i in range(len(dataset.tables["sources"]))]
    return with_table(dataset, "sources", title=given, publisher=given, rights=given, via=given)


def test_hostile_names_are_only_text(dataset: Dataset) -> None:
    found = blocks("FR", renamed(dataset, HOSTILE))
    benign = blocks("FR", renamed(dataset, [f"Name {i}" for i in range(len(HOSTILE))]))
    for name, markup in found.items():
        assert re.findall(r"<[a-z]+", markup) == re.findall(r"<[a-z]+", benign[name]), name
        assert not re.search(r"<[^>]*\s(onload|onerror|onfocus)=[^>]*>", plain(markup)), name
        assert "<script" not in markup
    read = text(found["centres"])
    for hostile in HOSTILE:
        assert escaped(hostile) in read


def plain(markup: str) -> str:
    """Leave out the values of attributes: a name in quotation marks is only text."""
    return re.sub(r'"[^"]*"', '""', markup)


def escaped(name: str) -> str:
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#39;")):
        name = name.replace(sign, entity)
    return " ".join(name.replace('"', "&#34;").split())


# --- how it is asked for ------------------------------------------------------------------


@pytest.fixture
def _loaded(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("canheal_nb.data.load", lambda: dataset)


@pytest.mark.usefixtures("_loaded")
def test_a_notebook_opens_it_by_name() -> None:
    assert country_brief.open_brief(country="SI").question == CountryBrief(country="SI")
    with pytest.raises(UserError, match="Greece is written GR here"):
        country_brief.open_brief(country="EL")


def test_the_cover_is_of_the_edition(dataset: Dataset) -> None:
    cover = country_brief.cover(CountryBrief(country="SI"), dataset)
    assert (cover.subject, cover.title, cover.edition) == ("SI", "Slovenia", dataset.edition.name)
    assert cover.as_of == dataset.edition.as_of == dt.date(2026, 11, 24)


@pytest.mark.usefixtures("_loaded")
def test_making_one_reads_the_question_and_speaks_its_language(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bracketed: str
) -> None:
    asked: list[Any] = []
    done = Outcome((tmp_path,), 0.0, {})

    def run(*given: Any, cover: Any, more: Any, document: Any) -> Outcome:
        asked.extend([*given, cover, {**more, "document": document}])
        return done

    monkeypatch.setattr(catalogue, "run", run)
    given = {"country": "SI", "lang": bracketed}
    assert catalogue.make("country_brief", given, tmp_path, ("html",)) == done
    report, parameters, out, formats, cover, more = asked
    assert more == {"document": catalogue.definition("country_brief").document}
    assert (report, parameters, out, formats) == ("country_brief", given, tmp_path, ("html",))
    assert cover.lang == bracketed
    assert cover.subtitle.startswith("⟦")


def unbracketed(words: str) -> str:
    while (shorter := re.sub(r"⟦[^⟦⟧]*⟧", " ", words)) != words:
        words = shorter
    return words


def without_words(dataset: Dataset) -> Dataset:
    """Return the dataset with figures for the texts that only the data can translate."""
    for table, columns in {
        "centres": ["name", "name_local", "city"],
        "sources": ["title", "publisher", "url", "rights", "via"],
    }.items():
        numbers = [str(i) for i in range(len(dataset.tables[table]))]
        dataset = with_table(dataset, table, **dict.fromkeys(columns, numbers))
    return dataset


@pytest.mark.parametrize("country", ["CY", "FR", "SI"])
def test_every_sentence_of_ours_can_be_translated(
    dataset: Dataset, bracketed: str, country: str
) -> None:
    """No two English words of ours stand side by side outside a translated text."""
    ours = re.compile(r"\b(the|of|is|are|has|not|known|and|in|by|for|from|no)\b [a-z]+")
    for name, markup in blocks(country, without_words(dataset), bracketed).items():
        said = " ".join([text(markup), *re.findall(r'alt="([^"]*)"', markup)])
        said = said.replace(dataset.map["notes"]["neutrality"].replace("'", "&#39;"), "")
        left = unbracketed(said)
        assert "⟦⟧" not in markup, name
        if name in QUOTED:
            continue
        assert ours.findall(left) == [], f"{name}: {left[:300]}"


def test_who_can_reach_is_a_band_where_people_are_placed_roughly(dataset: Dataset) -> None:
    germany, ireland = (text(blocks(c, dataset)["reach"]) for c in ("DE", "IE"))
    assert "national title 78 (68–86)" in germany
    assert "Not known: EUnetCCC" in germany
    assert re.search(r"OECI \d+–\d+ ", ireland)
