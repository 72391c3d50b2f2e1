"""The screen of readiness for genomics without a browser."""

from __future__ import annotations

import csv
import json
import math
import re

import pytest

from canheal_nb.data import Dataset
from canheal_nb.genomics import screen
from canheal_nb.genomics.question import CheckGenomics
from canheal_nb.genomics.text import workload_text
from canheal_nb.screens import shell
from canheal_nb.text.errors import UserError
from canheal_nb.text.question import read


def shown(dataset: Dataset, answers: dict[str, str] | None = None, **more: str) -> shell.Screen:
    who = more.get("centre") or more.get("country") or screen.OWN
    given = ",".join(f"{who}.{key}:{value}" for key, value in (answers or {}).items())
    question = read(CheckGenomics, {**more, "answers": given}, screen.vocabulary(dataset))
    return screen.screen(question, dataset)


def test_where_almost_nothing_is_known_it_says_what_to_assess(dataset: Dataset) -> None:
    view = shown(dataset, country="GR")
    assert view.context["answer"] == (
        "Greece: 0 of 49 indicators assessed, 0 of 34 statements answered. "
        "Not assessed is not the first level."
    )
    assert len(view.context["unassessed"]) == 8
    assert view.context["steps"] == []
    assert "1+ Million Genomes: yes" in view.context["known"][0]
    assert "Needed: not known" in view.context["cost"][0]
    markup = view.markup()
    assert "600-1000 EUR now" in markup
    ids = re.findall(r'<(?:select|input)[^>]* id="([^"]+)"', markup)
    assert len(ids) == len(set(ids))
    assert set(ids) <= set(re.findall(r'<label for="([^"]+)"', markup))


def test_levels_give_a_profile_and_next_steps_lowest_first(dataset: Dataset) -> None:
    view = shown(dataset, {"mlm02": "5", "mlm01": "2", "mtb02": "no"}, country="GR")
    assert [(r["id"], r["level"]) for r in view.context["ranked"]] == [("MLM01", 2), ("MLM02", 5)]
    assert [r["next"] for r in view.context["steps"]] == ["remit set, still being built"]
    assert len(view.context["no"]) == 1
    assert {n: (k, a) for n, k, a in view.context["perspectives"]}["Gender"] == (0, 0)


def test_steps_name_what_they_rest_on_who_owns_them_and_dates_are_told(dataset: Dataset) -> None:
    view = shown(dataset, {"mlm05": "1", "mlm06": "1", "mlm03": "1"}, country="GR")
    steps = {r["id"]: r for r in view.context["steps"]}
    assert list(steps) == ["MLM03", "MLM06", "MLM05"]
    assert (steps["MLM05"]["after"], steps["MLM05"]["blank"]) == ("MLM06", "")
    assert steps["MLM03"]["blank"] == "MLM01"
    assert "Ministry of health" in steps["MLM03"]["whom"]
    assert sum(n for _domain, _whom, _paper, n in view.context["asks"]) == 46 + 34
    assert view.context["tracked"] == "1 overdue, 5 coming, 1 in force, 1 without a year."
    late = [row[0] for row in view.context["dates"] if row[3].startswith("overdue")]
    assert late == ["Cross-border genomic data infrastructure"]
    genomic = [row for row in view.context["dates"] if "genomic data" in row[0]]
    assert [(row[2], row[3]) for row in genomic if row[2] == "2031"] == [("2031", "coming")]
    assert view.context["dates"][0][3] == "applies since then"


def test_an_answer_never_changes_the_form(dataset: Dataset) -> None:
    before = shown(dataset, country="GR").state()["regions"]
    after = shown(dataset, {"mlm01": "2", "samples_now": "5"}, country="GR").state()["regions"]
    changed = {name for name, text in after.items() if before[name] != text}
    assert changed == {"answer", "cost", "profile", "owned", "next", "five", "asks"}
    plan = {"mlm01": "2", "mlm01_owner": "Ministry", "mlm01_after": "a vote", "mlm01_date": "2027"}
    typed = shown(dataset, {**plan, "samples_now": "5"}, country="GR").state()["regions"]
    assert {name for name, text in typed.items() if after[name] != text} == {"owned"}
    assert typed["owned"] == "<p>1 of 1 step has an owner and a date.</p>"
    plan["mlm01_date"] = "soon"
    wrong = shown(dataset, plan, country="GR")
    assert wrong.context["notice"].startswith("MLM01: soon is no date")
    assert wrong.context["owned"].startswith("0 of 1")


def test_samples_cost_and_what_is_missing(dataset: Dataset) -> None:
    cost = shown(dataset, {"samples_planned": "2000", "samples_now": "500"}).context["cost"]
    assert cost[0] == "2,000 samples a year cost about 840,000 euros a year, at 420 euros a sample."
    assert cost[1] == "1,500 samples a year are missing."
    enough = shown(dataset, {"samples_planned": "500", "samples_now": "500"}).context["cost"]
    assert enough[1] == "No samples are missing."
    wrong = shown(dataset, {"samples_planned": "-5", "samples_now": "1.500"})
    assert {row[2] for row in wrong.context["capacity"]} == {
        "none",
        "sourced",
        "sourced, weak source",
    }
    assert "less than nought" in wrong.context["notice"]
    assert "two ways" in wrong.context["notice"]
    assert "Needed: not known" in wrong.context["cost"][0]


def test_places_are_kept_apart_and_out_of_the_link(dataset: Dataset) -> None:
    question = CheckGenomics(country="GR", answers="own.mlm01:3,SI.mlm01:4")
    view = screen.screen(question, dataset)
    assert "0 of 49" in view.context["answer"]
    assert view.context["others"] == [("own", "A place of your own"), ("SI", "Slovenia")]
    assert question.query() == "country=GR"


def test_a_wrong_level_is_refused(dataset: Dataset) -> None:
    with pytest.raises(UserError, match="no level"):
        shown(dataset, {"mlm01": "6"}, country="GR")


def test_every_country_and_a_centre_can_be_opened_and_saved(dataset: Dataset) -> None:
    for country in screen.vocabulary(dataset)["country"]:
        assert shown(dataset, country=country).context["known"]
    view = shown(dataset, {"mlm01": "1"}, centre="int-milan")
    assert view.save is not None
    text = view.save("csv").content.decode("utf-8-sig")
    assert text.count("not assessed") == 48 + 34
    assert "MLM01" in text


def test_the_sheet_holds_answers_as_the_screen_reads_them(dataset: Dataset) -> None:
    said = {"mlm01": "2", "mtb01": "no", "samples_now": "5", "called": "North"}
    said |= {"mtb01_owner": "Board", "mlm01_after": "a vote"}
    view = shown(dataset, said)
    assert view.save is not None
    lines = list(csv.reader(view.save("csv").content.decode("utf-8-sig").splitlines()))
    assert {"Code", "Level or answer"} <= set(lines[0])
    sheet = {line[0]: line[3] for line in lines if len(line) > 3}
    assert [sheet[name] for name in ("MLM01", "MTB01", "samples_now")] == ["2", "no", "5"]
    assert sheet["MLM02"] == "not assessed"
    by_code = {line[0]: dict(zip(lines[0], line, strict=False)) for line in lines if line}
    assert by_code["MTB01"]["Owner"] == "Board"
    assert by_code["MLM01"]["Depends on"] == "a vote"
    assert set(json.loads(view.context["columns"])) <= set(lines[0])
    assert view.context["answer"].startswith("North: 1 of 49")
    elsewhere = shown(dataset, {"called": "North"}, country="GR")
    assert elsewhere.context["answer"].startswith("Greece:")


def test_counselling_takes_the_sourced_need_of_a_country_never_for_a_centre(
    dataset: Dataset,
) -> None:
    rows = {row[0]: row[1:] for row in shown(dataset, country="GR").context["counselling"]}
    people = rows["People to counsel a year"]
    assert people[0] not in ("not known", "0")
    assert people[1] == "sourced"
    assert rows["Hours for one person"][:2] == ("not known", "none")
    centre = shown(dataset, centre="int-milan").context["counselling"]
    assert centre[0][1] == "not known"
    over = shown(dataset, {"counsel_remote": "101"}, country="GR")
    assert "more than all" in over.context["notice"]


def test_a_region_is_told_what_is_known_of_its_country_and_that_it_is_not_its_own(
    dataset: Dataset,
) -> None:
    view = shown(dataset, {"within": "GR"})
    assert view.context["known"][0].startswith("Greece signed")
    assert "not of your place" in view.state()["regions"]["known"]
    assert view.context["counselling"][0][1] == "not known"
    assert "not of your place" not in shown(dataset, country="GR").state()["regions"]["known"]
    assert shown(dataset, {"within": "XX"}).context["known"] == []


def test_genomes_and_biomarkers_say_what_is_known_and_what_is_not(dataset: Dataset) -> None:
    view = shown(
        dataset, {"genomes_planned": "5000", "gdi_node": "no", "iqn5": "yes"}, country="GR"
    )
    rows = [row[1:] for row in view.context["genomes"]]
    assert rows[0] == ("yes", "sourced", "")
    assert rows[1] == ("5,000", "assumed by you", "5 percent of the 100,000 of Genome of Europe")
    assert rows[2][:2] == ("no", "assumed by you")
    assert rows[3][:2] == ("not assessed", "none")
    metrics = view.context["biomarkers"]
    assert [kind for kind, _text, _said in metrics] == ["access"] * 4 + ["quality"] * 3
    assert [said for _kind, _text, said in metrics] == ["not assessed"] * 4 + [
        "yes",
        "not assessed",
        "not assessed",
    ]


@pytest.mark.parametrize("name", sorted(workload_text.NUMBERS))
def test_each_number_has_a_unit_and_bounds_beyond_which_nothing_is_computed(
    dataset: Dataset, name: str
) -> None:
    bounds = workload_text.bounds(dataset)[name]
    assert bounds.unit
    for inside in (bounds.low, bounds.high):
        amounts, wrong = workload_text.numbers({name: f"{inside:.15g}"}, dataset)
        assert (amounts[name], wrong) == (inside, [])
    for outside in (bounds.high * 2, bounds.low - 1):
        amounts, (why,) = workload_text.numbers({name: f"{outside:.15g}"}, dataset)
        assert math.isnan(amounts[name])
        assert workload_text.NUMBERS[name] in why
    amounts, wrong = workload_text.numbers({}, dataset)
    assert math.isnan(amounts[name])
    assert wrong == []
    assert set(workload_text.bounds(dataset)) == set(workload_text.NUMBERS)


def test_hours_that_cannot_be_worked_make_no_load(dataset: Dataset) -> None:
    fit = "own.counsellors:2,own.counsel_hours:2,own.counsel_patients:100,own.counsellor_hours:"
    known = screen.screen(CheckGenomics(answers=f"{fit}1600"), dataset)
    wild = screen.screen(CheckGenomics(answers=f"{fit}32000000"), dataset)
    load_row = "Load: hours needed of hours there are, percent"
    assert {row[0]: row[1] for row in known.context["counselling"]}[load_row] == "6.2"
    assert {row[0]: row[1] for row in wild.context["counselling"]}[load_row] == "not known"
    assert "1 to 3,000 is expected, by our judgement" in wild.context["notice"]
    assert '<span id="u-counsellor_hours">hours a year</span>' in str(wild.markup())
