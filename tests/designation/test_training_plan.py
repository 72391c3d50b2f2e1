"""The training plan on paper, without a kernel: which programme for which gap, and what is left."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from canheal_nb.data import Dataset
from canheal_nb.designation.model import training_match
from canheal_nb.designation.model.self_check import check
from canheal_nb.designation.question import DesignationCheck, TrainingPlan
from canheal_nb.designation.report import designation_check, training_plan
from canheal_nb.designation.report.country_path import CountryDesignation
from canheal_nb.reporting import catalogue
from canheal_nb.text.errors import UserError

NOTEBOOKS = Path(__file__).parents[2] / "notebooks" / "reports"
NOU = "nou-bratislava"


def blocks(dataset: Dataset, report: str = "training_plan", **given: str) -> dict[str, str]:
    if report == "training_plan":
        made = training_plan.Training(TrainingPlan(**given), dataset)
    else:
        made = CountryDesignation(DesignationCheck(**given), dataset)
    made.check()
    cells = json.loads((NOTEBOOKS / f"{report}.ipynb").read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    names = [name for name in re.findall(r"^\w+\.(\w+)\(\)", code, re.M) if name != "check"]
    return {
        name: " ".join(re.sub(r"<[^>]+>", " ", getattr(made, name)().markup).split())
        for name in names
    }


def wants(dataset: Dataset, as_of: dt.date, **said: str) -> list[training_match.Want]:
    found = check(dataset, "cc", said, NOU, dataset.edition.as_of)
    own, every = dataset.table(training_plan.TRAINING), dataset.table(training_plan.PROGRAMMES)
    return training_match.wants(found, own, every, as_of)


def test_gaps_come_in_the_order_of_the_path_and_ended_programmes_last(dataset: Dataset) -> None:
    said = {"own_unit": "no", "beds": "90", "member": "yes", "c111": "no", "who-own_unit": "Anna"}
    found = wants(dataset, dataset.edition.as_of, **said)
    gaps = [one for one in found if one.verdict == "not_met"]
    assert [one.asked for one in gaps] == [
        "own_unit",
        "beds",
        "accreditation",
        "maturity:01 Structure of the CCI",
    ]
    assert [(o.name, o.ended) for o in gaps[0].offers] == [
        ("CCI4EU deep dives", False),
        ("CCI4EU foundation programme", True),
    ]
    assert (gaps[0].owner, gaps[0].running, gaps[1].running) == ("Anna", True, False)
    earlier = wants(dataset, dt.date(2026, 5, 31), **said)
    assert not any(o.ended for o in earlier[0].offers)
    assert {one.verdict for one in found[len(gaps) :]} == {"open"}
    (last,) = [one for one in found if one.asked == "maturity:Comprehensive Cancer Centre"]
    assert [(o.name, o.ended) for o in last.offers] == [
        ("OECI peer-review programme", False),
        ("CCI4EU foundation programme", True),
    ]


def test_what_is_met_needs_no_training(dataset: Dataset) -> None:
    names = {one.asked for one in wants(dataset, dataset.edition.as_of, own_unit="yes")}
    assert "own_unit" not in names
    assert "own_unit" in {one.asked for one in wants(dataset, dataset.edition.as_of)}
    highest = {"c111": "yes", "c121": "yes", "c122": "3"}
    left = {one.asked for one in wants(dataset, dataset.edition.as_of, **highest)}
    assert "maturity:01 Structure of the CCI" not in left


def test_the_plan_says_who_by_when_and_what_training_does_not_close(dataset: Dataset) -> None:
    given = "own_unit:no,beds:90,who-own_unit:Anna,by-own_unit:2027-05"
    found = blocks(dataset, centre=NOU, answers=given)
    assert "a programme that goes on is for 3 of them" in found["findings"]
    assert "No programme of our list is for: Add cancer beds" in found["findings"]
    assert "Ended, and only worth asking what came after: CCI4EU foundation" in found["findings"]
    assert "Anna May 2027" in found["plan"]
    assert re.search(r"CCI4EU foundation programme \(May 2023 - May 2026; ended ?\)", found["plan"])
    assert "Length: 210 learning items Cost: not stated Place: not stated" in found["programmes"]
    assert "oncologists employed full time" in found["open"]
    assert "EUPATI" in found["others"]
    assert "EUPATI" not in found["programmes"]


def test_a_country_counts_its_centres(dataset: Dataset) -> None:
    found = blocks(dataset, country="SK", answers=f"{NOU}.own_unit:no,vou-kosice.own_unit:no")
    assert re.search(r"Give the cancer unit a budget .* ended ?\) .* 2 ", found["plan"])
    assert "nobody yet" not in found["plan"]
    assert re.search(r"identifiable cancer unit .* 1$", found["open"].split("surgical")[0].strip())
    assert "No gap is known" in blocks(dataset, country="LV")["plan"] or blocks(
        dataset, country="LV"
    )


def test_the_designation_of_a_country_says_who_is_where_and_what_comes_next(
    dataset: Dataset,
) -> None:
    given = f"{NOU}.budget_care:20,vou-kosice.budget_care:23"
    found = blocks(dataset, "designation_check", country="SK", answers=given)
    assert "3 centres of Slovakia are in our list" in found["findings"]
    assert "comes next for 3 centres" in found["findings"]
    assert "0 of 10 criteria met, 2 not met, 8 open" in found["criteria"]
    assert "7,000,000 euros a year more, the missing budgets themselves" in found["path"]
    assert re.search(r"annual budget for cancer care 1\b", found["unknown"])
    assert found["maturity"] == found["calendar"] == ""


@pytest.mark.parametrize("report", ["training_plan", "designation_check"])
def test_every_country_has_its_report_and_nobody_is_refused(dataset: Dataset, report: str) -> None:
    subjects = catalogue.subjects(report, dataset)
    assert len(subjects) == 27
    for own in subjects[::9]:
        question, cover = catalogue.ask(report, own, dataset)
        assert cover.subject == own["country"] == question.model_dump()["country"]
        blocks(dataset, report, **own)
    with pytest.raises(UserError, match="Say whom it is about"):
        catalogue.ask(report, {}, dataset)
    with pytest.raises(UserError, match="there is no answer bedz"):
        catalogue.ask(report, {"country": "SK", "answers": f"{NOU}.bedz:3"}, dataset)


def test_saved_answers_are_opened_by_their_file(dataset: Dataset, tmp_path: Path) -> None:
    saved = tmp_path / "saved.json"
    answers = f"{NOU}.beds:90,vou-kosice.beds:5"
    saved.write_text(json.dumps({"draft": "check_designation", "fields": {"answers": answers}}))
    given = {"centre": NOU, "answers": str(saved)}
    question, _cover = catalogue.ask("training_plan", given, dataset)
    assert question.model_dump()["answers"] == answers
    for text, said in [("{}", "cannot be read"), ("[1]", "cannot be read")]:
        saved.write_text(text)
        with pytest.raises(UserError, match=said):
            catalogue.ask("training_plan", given, dataset)
    with pytest.raises(UserError, match=r"gone\.json cannot be read \(No such file"):
        catalogue.ask("training_plan", {"answers": str(tmp_path / "gone.json")}, dataset)


def test_a_filled_sheet_says_centre_and_certificate(dataset: Dataset, tmp_path: Path) -> None:
    from canheal_nb.designation.text import answer_book

    found = check(dataset, "ccc", {}, NOU, dataset.edition.as_of)
    file = tmp_path / "filled.xlsx"
    file.write_bytes(answer_book.book(found, {"beds": "90"}, (NOU, "x"), [], "").content)
    question, cover = catalogue.ask("designation_check", {"answers": str(file)}, dataset)
    assert question.model_dump()["answers"] == f"{NOU}.beds:90"
    assert cover.subject == f"{NOU}-ccc"
    _question, cover = catalogue.ask(
        "training_plan", {"answers": str(file), "country": "SK"}, dataset
    )
    assert cover.subject == "SK"


def test_a_centre_that_is_not_in_the_list_has_its_reports(dataset: Dataset) -> None:
    given = {"centre": "own", "answers": f"own.beds:90,{NOU}.beds:500"}
    for report in ("designation_check", "training_plan"):
        _question, cover = catalogue.ask(report, given, dataset)
        assert cover.subject == "own-cc"
        assert cover.title.startswith("Own centre")
    assert "Add cancer beds" in blocks(dataset, **given)["plan"]
    made = designation_check.Designation(DesignationCheck(**given), dataset)
    made.check()
    assert "Own centre, OECI Cancer Centre: 0 of 10" in made.findings().markup
    assert made.standing().markup == ""
    assert "standing" not in made.numbers
