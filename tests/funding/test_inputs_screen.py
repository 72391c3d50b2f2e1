"""What the money model knows, on a screen: every cell says where from, every need can be redone."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

import pytest

from canheal_nb.data import Dataset
from canheal_nb.funding.question import Inputs
from canheal_nb.funding.screen import inputs_page
from canheal_nb.need.model import inputs, services
from canheal_nb.need.text import input_text, need_table
from canheal_nb.screens import shell
from canheal_nb.text.errors import UserError
from canheal_nb.text.question import read


def shown(dataset: Dataset, **asked: str) -> shell.Screen:
    return inputs_page.screen(read(Inputs, asked, inputs_page.vocabulary(dataset)), dataset)


def cell(view: shell.Screen, service: str, name: str) -> input_text.Cell:
    row = next(row for row in view.context["rows"] if row.service == service)
    return next(cell for cell in row.cells if cell.cell == name)


def line(view: shell.Screen, country: str) -> need_table.Line:
    return next(line for line in view.context["lines"] if line.area_id == country)


class Page(HTMLParser):
    """Collects ids, what points to them, and what is written in the matrix, cell by cell."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.named: set[str] = set()
        self.linked: set[str] = set()
        self.cells: list[str] = []
        self.inside = False
        self.feed(str(markup))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.named |= {given[name] or "" for name in ("aria-labelledby", "for") if name in given}
        self.linked |= {given.get("href") or ""} if tag == "a" else set()
        if tag == "td":
            self.inside = (given.get("class") or "").startswith("is-")
            self.cells += [""] if self.inside else []

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "td"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.cells[-1] += data


@pytest.mark.parametrize(
    ("service", "scenario"),
    [
        *((service, "") for service in services.SERVICES),
        ("pet_ct", "equity_first"),
        ("molecular_testing", "ngs_for_all"),
    ],
)
def test_every_service_is_shown_whole(dataset: Dataset, service: str, scenario: str) -> None:
    view = shown(dataset, service=service, scenario=scenario, country="FR")
    markup = view.markup()
    page = Page(markup)
    assert len(page.ids) == len(set(page.ids)), "an id twice"
    assert page.named <= set(page.ids)
    inner = {link[1:] for link in page.linked if link.startswith("#")}
    assert inner - set(page.ids) == {"tell"}, "the form stands on the page around the screen"
    assert not re.search(r"\bnan\b|\bNone\b|\bNaN\b", markup)
    assert set(view.state()["regions"]) == {"notice", "answer", "matrix", "service"}
    words = {word for _sign, word in input_text.STATES.values()}
    assert len(page.cells) == 80
    assert all(any(word in one for word in words) for one in page.cells), "a sign without a word"
    assert len(view.context["lines"]) == 27
    for one in view.context["here"].cells:
        assert one.why or one.state == "assumed"
        assert bool(one.source_ids) == (one.state in ("sourced", "weak", "refused"))


def test_the_answer_counts_what_the_matrix_holds(dataset: Dataset) -> None:
    view = shown(dataset)
    share = inputs.share(inputs.matrix(dataset))
    assert view.context["shares"].startswith(
        "Of 80 inputs 19 (24 %) have a source; 61 (76 %) have none. 6 of the"
    )
    assert share == {"sourced": 19, "assumed": 0, "none": 61}
    assert [number for _sign, _word, number, _said in view.context["key"]] == [
        *("13 (16 %)", "6 (8 %)", "0 (0 %)", "4 (5 %)", "57 (71 %)"),
    ]
    assert view.context["totals"][0] == ("Need", "3 sourced, 0 assumed, 7 none")
    assert "4 prices were found that cannot be brought to euros of 2023." in view.context["shares"]
    assert "for 1 of 10 services: radiotherapy." in view.context["answer"]
    with_guesses = shown(dataset, scenario="equity_first")
    assert "6 (8 %) are assumed" in with_guesses.context["shares"]
    assert "for 2 of 10 services: radiotherapy and PET-CT scans." in with_guesses.context["answer"]
    assert "Of no service" in need_table.answer([], 10)


def test_a_price_is_told_step_by_step_with_the_sources_of_the_tables(dataset: Dataset) -> None:
    view = shown(dataset)
    price = cell(view, "radiotherapy", "capital")
    assert (price.state, price.word, price.sign) == ("weak", "weak source", "◐")
    assert price.value == "3,200,819 EUR per machine"
    assert price.steps == (
        "2,700,000 EUR per machine, prices of 2018",
        "consumer prices of DE, 103.78 (2018) to 123.03 (2023)",
        "= 3,200,819 EUR per machine, prices of 2023",
    )
    named = [source.source_id for source in view.context["sources"]["capital"]]
    assert named == ["p-kma-online-1", "S204"]


def test_a_price_that_cannot_be_used_says_why(dataset: Dataset) -> None:
    found = cell(shown(dataset), "accreditation", "capital")
    assert (found.state, found.value, found.steps) == ("refused", "", ())
    assert "870000 CHF per re-accreditation cannot be brought to euros of 2023" in found.refused
    assert found.refused in shown(dataset, service="accreditation").markup()
    assert found.blank == "A scenario can assume it; unit: EUR of 2023."


def test_bounds_contrasts_and_countries_are_told_as_what_they_are(dataset: Dataset) -> None:
    view = shown(dataset)
    assert cell(view, "radiotherapy", "life").value == "between 7 and 8 years"
    share = cell(view, "radiotherapy", "need")
    assert share.value == "0.483 of all new cases"
    assert share.span == "The source's other figures (0.406, 0.523) are other cases, not a range."
    assert cell(view, "radiotherapy", "baseline").value == "known for 26 of 27 countries"
    assert cell(view, "mri", "life").value == "10 years"
    assert input_text.figure(1, "years") == "1 year"
    assert cell(view, "mri", "capacity").blank.endswith("unit: scans per scanner-year.")


def test_an_assumption_shows_who_why_and_its_range(dataset: Dataset) -> None:
    found = cell(shown(dataset, scenario="radiotherapy_catch_up"), "radiotherapy", "running")
    assert (found.state, found.value) == ("assumed", "300,000 EUR a year")
    assert found.span == "Range: 200,000 to 600,000."
    assert found.by.startswith("canheal_nb project")
    assert found.why.startswith("about a tenth")
    assert found.source_ids == ()


def test_the_need_of_a_country_can_be_redone_by_hand(dataset: Dataset) -> None:
    view = shown(dataset, country="SI")
    assert view.context["computed"].endswith("(GLOBOCAN 2022) × 0.483, rounded here to whole ones.")
    assert view.context["example"] == (
        "Slovenia: 13,719 × 0.483 = 6,626 patients a year. At 450 a unit that is 14.7 machines. "
        "What stands: 9 machines, for 9 × 450 / 6,626 = 61.1 % of the benchmark."
    )
    assert view.context["stood"].endswith("as reported; known for 26 of 27 countries.")
    own = line(view, "SI")
    assert (own.count, own.year, own.need, own.stands, own.when) == (
        *("13,719", "2022", "6,626", "9", "entry of 2026"),
    )
    assert view.context["alike"] == ["count: computed from two sources"]


def test_known_scanners_that_are_not_set_against_the_need_are_named(dataset: Dataset) -> None:
    found = line(shown(dataset, service="pet_ct"), "FR")
    assert found.stands == "not known"
    assert any(note.startswith("203 units are known, but not set against") for note in found.notes)
    assert line(shown(dataset, service="pet_ct"), "DE").notes == (
        "count: computed from two sources",
    )


def test_without_a_known_need_no_country_is_worked_out(dataset: Dataset) -> None:
    view = shown(dataset, service="mri", country="SI")
    assert view.context["example"] == ""
    assert view.context["computed"].endswith("so the need is not; a scenario can assume it.")
    assert line(view, "SI").need == "not known"
    everybody = shown(dataset, service="palliative_home", country="MT")
    assert everybody.context["example"].startswith("Malta: 574,250 inhabitants. At 100,000 a unit")


def test_the_matrix_and_the_countries_are_saved(dataset: Dataset) -> None:
    view = shown(dataset, scenario="equity_first")
    assert view.save is not None
    file = view.save("csv")
    text = file.content.decode()
    assert file.name == "canheal-inputs.csv"
    assert text.count("\n") > 80
    sheet = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    lines = {(line[0], line[1]): dict(zip(sheet[0], line, strict=False)) for line in sheet[1:81]}
    assert len(lines) == 80
    guess = lines["PET-CT scans", "Capacity of a unit"]
    assert [guess[name] for name in ("Basis", "Value", "Low", "High", "Sources")] == [
        *("assumed", "2000", "1500", "3000", ""),
    ]
    price = lines["Radiotherapy", "Price of a unit"]
    assert float(price["Value"]) == pytest.approx(2_700_000 * 123.03 / 103.78, rel=1e-4)
    assert (price["Unit"], price["Of when"]) == ("EUR per machine", "prices of 2023")
    assert (price["Figure"], price["Rights"]) == ("cap_linac_de", "not stated")
    assert "inputs?scenario=equity_first" in text
    found = shown(dataset, service="pet_ct").save
    assert found is not None
    lines = found("countries-csv").content.decode().splitlines()
    assert next(line for line in lines if line.startswith("SI,")) == (
        "SI,Slovenia,13719,2022,,none,count: computed from two sources,3,3,2021,sourced"
    )


def test_a_closed_source_is_left_out_of_what_is_saved(dataset: Dataset) -> None:
    assert dataset.sources.at["S07", "redistribute"] == "no"
    save = shown(dataset).save
    assert save is not None
    text = save("countries-csv").content.decode()
    own = next(line for line in text.splitlines() if line.startswith("SI,"))
    assert own == "SI,Slovenia,13719,2022,6626.277,sourced,count: computed from two sources"
    assert "S07" not in text


def test_an_unknown_service_is_refused_with_what_is_meant(dataset: Dataset) -> None:
    with pytest.raises(UserError, match="radioterapy"):
        shown(dataset, service="radioterapy")


def test_what_rests_on_a_guess_is_marked_with_who_and_why(dataset: Dataset) -> None:
    guess = shown(dataset, service="pet_ct", country="SI", scenario="equity_first")
    assert (
        "× 0.5 (assumed), rounded here to whole ones. Assumed by: canheal_nb project"
        in (guess.context["computed"])
    )
    assert "At 2,000 a unit (assumed) that is 3.4 PET-CT scanners." in guess.context["example"]
    assert guess.context["guessed"] == {"need": True, "baseline": False}
    assert line(guess, "SI").bases == ("assumed", "sourced")
    assert guess.markup().count('<span class="mark">assumed</span>') == 1
    plain = shown(dataset, country="SI")
    assert plain.context["guessed"] == {"need": False, "baseline": False}
    assert '<span class="mark">' not in plain.markup()


def test_what_stands_can_be_more_than_the_need_or_not_known(dataset: Dataset) -> None:
    need = services.need(dataset, "radiotherapy").set_index("country")
    stands = services.baseline(dataset, "radiotherapy").set_index("country")
    rule = services.rule("radiotherapy", dataset)
    told_of = {
        country: need_table.example(
            country, "radiotherapy", rule, need.loc[country], stands.loc[country], (450.0, False)
        )
        for country in ("SI", "CY", "BE")
    }
    assert told_of["CY"].endswith("What stands is not known.")
    assert "126.9 % of the benchmark; a plan counts 100 % at most." in told_of["BE"]
    unknown = need.loc["SI"].copy()
    unknown["count"] = unknown["need"] = float("nan")
    said = need_table.example("SI", "radiotherapy", rule, unknown, stands.loc["SI"], (450.0, False))
    assert said == "SI: the count is not known, so the need is not."


def test_links_lead_to_the_plan_and_to_the_form(dataset: Dataset) -> None:
    view = shown(dataset, scenario="equity_first", country="SI", service="pet_ct")
    assert view.context["plan"] == ("plan_funding?scenario=equity_first&service=pet_ct&country=SI")
    assert 'data-tell="PET-CT scans: Price of a unit"' in view.markup()
    # Of this scenario some units are given already, so no plan is made for it.
    given = shown(dataset, scenario="access_90_by_2030").context["plan"]
    assert given == "plan_funding?service=radiotherapy"


def test_the_year_of_a_figure_is_told_or_said_to_be_missing(dataset: Dataset) -> None:
    view = shown(dataset)
    assert cell(view, "radiotherapy", "capital").when == "prices of 2023"
    assert cell(view, "radiotherapy", "capacity").when == "the source states no year"
    assert cell(view, "radiotherapy", "baseline").when == "figures of 2017 to 2026"
    assert cell(view, "pet_ct", "baseline").when == "figures of 2021"
    assert cell(view, "mri", "need").when == ""
