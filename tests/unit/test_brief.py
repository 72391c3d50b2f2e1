"""The country brief without a kernel: what its blocks say, in which language, from where."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from canheal_nb.data import Dataset
from canheal_nb.errors import UserError
from canheal_nb.model import measures
from canheal_nb.questions import CountryBrief
from canheal_nb.reports import asking, brief
from canheal_nb.reports.brief import Brief
from canheal_nb.reports.contract import Outcome

Build = Callable[..., Dataset]
RATIO = "radiotherapy_machines_dirac_per_million"
BLOCKS = ("findings", "map_figure", "map_table", "standing", "centres", "unknown", "sources")
TAGS = re.compile(r"<[^>]*>")


def text(block: brief.Block) -> str:
    """Return what is read of a block."""
    return " ".join(TAGS.sub(" ", block._repr_html_()).split())


def of(country: str, dataset: Dataset) -> Brief:
    return Brief(CountryBrief(country=country), dataset)


@pytest.fixture
def small(build: Build, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """The fictional data, which have two of the measures that a brief compares."""
    monkeypatch.setattr(brief, "UNMET", "waiting")
    monkeypatch.setattr(brief, "STANDING", (RATIO, "waiting"))
    data = build()
    monkeypatch.setattr("canheal_nb.data.load", lambda: data)
    return data


# --- what it says -------------------------------------------------------------------------


def test_findings_are_machines_centres_and_care_gone_without(small: Dataset) -> None:
    found = text(of("SI", small).findings())
    assert "Slovenia has 9 radiotherapy machines in the register, 4.2 machines per million" in found
    assert "the one other country known has no less." in found
    assert "One cancer centre in Slovenia is in our list, Imaginary Hill." not in found
    assert "2 cancer centres in Slovenia are in our list. None has an OECI designation." in found
    assert "12.5 % said in 2024" in found
    assert of("SI", small).findings().markup.count("<li>") == 3


def test_what_cannot_be_divided_says_why(small: Dataset, build: Build) -> None:
    assert "cannot be said, for it is not stated which area they cover." in text(
        of("GR", small).findings()
    )
    rows = [("SI", "radiotherapy_machines_dirac_number", "", 2026, "T", "9", None, None, "S1")]
    rows = [(*row, "", "") for row in rows]
    found = text(of("SI", build(indicators=rows)).findings())
    assert "Slovenia has 9 radiotherapy machines" in found
    assert "the number of people in the same area is not known" in found


def test_what_is_not_known_is_no_nought(small: Dataset) -> None:
    made = of("MT", small)
    assert "The number of radiotherapy machines in Malta is not known." in text(made.findings())
    assert "0 % said in 2024" in text(made.findings())  # nought is known
    assert "Machines per million" in text(made.unknown())
    assert "People who wait" not in text(made.unknown())
    assert "No centre of this country is in our list." in text(made.centres())
    waiting = text(of("GR", small).findings())
    assert "How many people go without care they need is not known." in waiting


def test_standing_has_figure_age_note_union_and_span(small: Dataset) -> None:
    found = text(of("FR", small).standing())
    assert "7.4 machines per million people entry of 2023; metropolitan France only" in found
    assert "European Union: 7.3 machines per million people" in found
    assert "From 4.2 (Slovenia) to 7.4 (France)." in found
    assert "8.25 % 2024; modelled Median country: 8.25 %" in found
    assert "not known" in text(of("MT", small).standing())


def test_the_table_has_every_member_once(dataset: Dataset) -> None:
    markup = of("SI", dataset).map_table().markup
    assert markup.count('<th scope="row">') == 27
    assert re.findall(r'<th scope="row">Cyprus</th><td class="n">([^<]*)</td>', markup) == [
        "not known"
    ]
    assert re.findall(r'<th scope="row">France</th><td class="n">([^<]*)</td>', markup) == ["8.6"]


def test_the_picture_has_its_words(small: Dataset) -> None:
    markup = of("SI", small).map_figure().markup
    (words,) = re.findall(r'<img alt="([^"]+)"', markup)
    assert words.startswith("Map of Europe: Machines per million, by country.")
    assert "Not known: Greece and Malta." in words


def test_centres_are_listed_with_their_designation(small: Dataset) -> None:
    found = text(of("FR", small).centres())
    assert "Dreamt Hospital Fableville OECI Comprehensive Cancer Centre" in found
    assert "Made-up Mill Fableville OECI Cancer Centre" in found
    assert "read on 2026-09-10" in found


@pytest.mark.parametrize("country", ["CY", "FR", "MT", "SI"])
def test_numbers_of_sources_lead_to_the_list_of_sources(dataset: Dataset, country: str) -> None:
    made = of(country, dataset)
    listed = made.sources().markup.count("<li>")
    assert listed == len(made.source_ids) == len(set(made.source_ids))
    for name in ("findings", "map_figure", "map_table", "standing", "centres"):
        marks = re.findall(r"\[([\d, ]+)\]", text(getattr(made, name)()))
        assert marks, name
        assert all(1 <= int(n) <= listed for mark in marks for n in mark.split(","))


def test_every_member_has_a_brief(dataset: Dataset) -> None:
    for country in measures.members(dataset.areas):
        made = of(country, dataset)
        for name in BLOCKS:
            if not name.startswith("map"):
                assert " nan" not in text(getattr(made, name)()), (country, name)
        made.check()


def test_a_figure_without_a_source_is_refused(small: Dataset, build: Build) -> None:
    rows = [("SI", "waiting", "", 2024, "T", "5", None, None, "S1+S9", "", "")]
    with pytest.raises(UserError) as caught:
        of("SI", build(indicators=rows)).check()
    assert caught.value.code == "lost-source"
    assert "S9" in str(caught.value)
    of("SI", small).check()


# --- how it is asked for ------------------------------------------------------------------


@pytest.mark.usefixtures("small")
def test_a_notebook_opens_it_by_name() -> None:
    assert brief.open_brief(country="SI").question == CountryBrief(country="SI")
    with pytest.raises(UserError, match="Greece is written GR here"):
        brief.open_brief(country="EL")


def test_the_cover_is_of_the_edition(small: Dataset) -> None:
    cover = brief.cover(CountryBrief(country="SI"), small)
    assert (cover.subject, cover.title, cover.edition) == ("SI", "Slovenia", "fiction.1")
    assert cover.as_of == dt.date(2026, 11, 24)


@pytest.mark.usefixtures("small")
def test_making_one_reads_the_question_and_speaks_its_language(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bracketed: str
) -> None:
    asked: list[Any] = []
    done = Outcome((tmp_path,), 0.0, {})

    def run(*given: Any, cover: Any) -> Outcome:
        asked.extend([*given, cover])
        return done

    monkeypatch.setattr(asking, "run", run)
    given = {"country": "SI", "lang": bracketed}
    assert asking.make("country_brief", given, tmp_path, ("html",)) == done
    report, parameters, out, formats, cover = asked
    assert (report, parameters, out, formats) == ("country_brief", given, tmp_path, ("html",))
    assert cover.lang == bracketed
    assert cover.subtitle.startswith("⟦")


def unbracketed(words: str) -> str:
    while (shorter := re.sub(r"⟦[^⟦⟧]*⟧", " ", words)) != words:
        words = shorter
    return words


@pytest.mark.parametrize("country", ["FR", "GR", "MT", "SI"])
def test_every_text_of_ours_can_be_translated(small: Dataset, bracketed: str, country: str) -> None:
    made = Brief(CountryBrief(country=country, lang=bracketed), small)
    found = {name: getattr(made, name)().markup for name in BLOCKS}
    data = " ".join(
        [*small.centres["name"], *small.centres["city"], *made.names.values(), "OECI"]
        + [str(cell) for cell in small.sources.to_numpy().ravel()]
        + [small.map["notes"]["neutrality"]]
    )
    allowed = set(re.findall(r"[^\W\d_]+", data))
    for name, markup in found.items():
        said = " ".join([TAGS.sub(" ", markup), *re.findall(r'alt="([^"]*)"', markup)])
        left = set(re.findall(r"[^\W\d_]+", unbracketed(said).replace("&#39;", "'")))
        assert left <= allowed, name
        assert "⟦" in markup, name
        assert "⟦⟧" not in markup, name
