"""The screen of the self-check without a browser: known facts, answers, files, refusals."""

from __future__ import annotations

import re

import pytest

from canheal_nb.data import Dataset
from canheal_nb.designation.model import country_path, self_check
from canheal_nb.designation.question import CheckDesignation
from canheal_nb.designation.screen import check_page
from canheal_nb.screens import shell
from canheal_nb.text.errors import UserError
from canheal_nb.text.question import read, read_query

NOU = "nou-bratislava"  # three facts are known of it


def shown(
    dataset: Dataset, answers: dict[str, str] | None = None, centre: str = NOU, **more: str
) -> shell.Screen:
    who = centre or check_page.OWN
    given = ",".join(f"{who}.{key}:{value}" for key, value in (answers or {}).items())
    asked = {**more, "centre": centre, "answers": given}
    question = read(CheckDesignation, asked, check_page.vocabulary(dataset))
    return check_page.screen(question, dataset)


def test_a_centre_with_three_known_facts_is_open_not_failed(dataset: Dataset) -> None:
    view = shown(dataset)
    assert view.context["answer"] == (
        "National Cancer Institute Bratislava, OECI Cancer Centre: 0 of 10 criteria met, "
        "1 not met, 9 open. A self-check, not an accreditation."
    )
    markup = view.markup()
    assert "no, as known" in markup
    assert "come from one national page" in markup
    assert [s["text"] for s in view.context["steps"]] == [
        "Join the Organisation of European Cancer Institutes",
        "Assess yourselves, be reviewed by peers, and follow up",
    ]
    assert view.context["standing"] == [("not an OECI member under its own name", 3)]
    ids = re.findall(r'<(?:select|input)[^>]* id="([^"]+)"', markup)
    assert len(ids) == len(set(ids))
    assert set(ids) <= set(re.findall(r'<label for="([^"]+)"', markup))


def test_a_known_fact_can_be_answered_otherwise_or_left_open(dataset: Dataset) -> None:
    assert "0 not met, 10 open" in shown(dataset, {"member": "open"}).context["answer"]
    assert "1 of 10 criteria met, 0 not met" in shown(dataset, {"member": "yes"}).context["answer"]


def test_an_answer_changes_its_own_line_and_never_the_form(dataset: Dataset) -> None:
    before, after = shown(dataset).state(), shown(dataset, {"beds": "100"}).state()
    changed = {k for k, v in after["regions"].items() if before["regions"][k] != v}
    assert changed == {"answer", "path", "plan", "standing", f"v-{NOU}-cc-beds"}
    owned = shown(dataset, {"beds": "100", "who-beds": "Director", "by-beds": "2027-05"}).state()
    moved = {k for k, v in owned["regions"].items() if after["regions"][k] != v}
    assert moved == {"path"}  # what is typed into the plan never draws the plan anew
    assert "Director; May 2027" in owned["regions"]["path"]
    assert "exactly at the threshold" in after["regions"][f"v-{NOU}-cc-beds"]
    other = shown(dataset, {}, aim="ccc").state()["regions"]
    assert not {k for k in other if k.startswith("v-")} & set(before["regions"])


def test_removing_a_gap_removes_its_step_on_the_screen(dataset: Dataset) -> None:
    short = shown(dataset, {"budget_care": "20"}).context
    enough = shown(dataset, {"budget_care": "26"}).context
    assert [s["costs"] for s in short["steps"]][1] == [
        "5,000,000 euros a year more, the missing budget itself"
    ]
    assert len(short["steps"]) - len(enough["steps"]) == 1
    assert enough["total"].startswith("At least 7,800 to 160,000 euros a year; 2 costs are not")


def test_the_comprehensive_certificate_says_its_rule(dataset: Dataset) -> None:
    answers = {"publications": "126", "publications_5_10": "51", "publications_10": "18"}
    view = shown(dataset, answers | {"studies": "76", "phase1": "no", "accrual": "10"}, aim="ccc")
    assert view.context["rule"].endswith("is not met. At least 1 more must be met.")
    assert "phase I-III interventional trials only" in view.markup()
    met = shown(dataset, answers | {"studies": "76", "phase1": "yes"}, aim="ccc")
    assert met.context["rule"].endswith(
        "Met now: 3 on publications, 2 on trials; open: 1. The rule is met."
    )


def test_answers_are_kept_by_centre_and_never_in_the_link(dataset: Dataset) -> None:
    question = read(
        CheckDesignation,
        {"centre": NOU, "answers": "own.beds:500,vou-kosice.beds:90,not-a-centre.beds:7"},
        check_page.vocabulary(dataset),
    )
    view = check_page.screen(question, dataset)
    assert [name for name, _label in view.context["others"]] == ["own", "vou-kosice"]
    assert "0 of 10 criteria met" in view.context["answer"]
    assert view.question.query() == f"centre={NOU}"


@pytest.mark.parametrize("text", ["beds:100", "own.beds", "own.:1", "own.b:" + "9" * 70])
def test_what_is_no_answer_is_refused(dataset: Dataset, text: str) -> None:
    with pytest.raises(UserError, match="open a file that was saved here"):
        check_page.screen(CheckDesignation(answers=text), dataset)
    with pytest.raises(UserError):
        check_page.screen(CheckDesignation(answers="own.beds:1," * 3000), dataset)


def test_a_wrong_number_is_said_and_counts_as_open(dataset: Dataset) -> None:
    view = shown(dataset, {"patients": "1.500", "certificate": "soon", "beds": "<b>9</b>"})
    assert "can be read in two ways" in view.context["notice"]
    assert "soon is no date" in view.context["notice"]
    assert "<b>9</b>" not in view.markup()
    assert "0 of 10 criteria met, 1 not met, 9 open" in view.context["answer"]


def test_the_calendar_says_what_is_past(dataset: Dataset) -> None:
    assert shown(dataset).context["dates"] == []
    assert [row[1:] for row in shown(dataset, {"certificate": "2023-05"}).context["dates"]] == [
        ("2023-05-01", "past"),
        ("2024-05-01", "past"),
        ("2027-11-01", "to come"),
        ("2028-05-01", "to come"),
    ]


def test_a_certified_centre_says_so_and_its_peers_are_not_named(dataset: Dataset) -> None:
    view = shown(dataset, {}, centre="onko-ljubljana", aim="ccc")
    assert view.context["held"] == "OECI Cancer Centre"
    assert "1 of 15 criteria met" in view.context["answer"]
    for line in view.context["bands"]:
        assert not any(name in line for name in dataset.centres["name"])


def test_maturity_has_no_overall_score_and_names_what_was_not_read(dataset: Dataset) -> None:
    view = shown(dataset, {"pp111": "yes", "pp121": "yes", "pp131": "5", "pp141": "89"})
    levels = {(theme, said) for theme, _criterion, said, _next in view.context["levels"]}
    assert ("08 Patient pathway", "level 3 of 4") in levels
    assert view.context["unread"] == "2, 3, 4, 6 and 7"
    assert "No overall score is made" in view.markup()


def test_the_sheet_has_a_line_for_every_criterion(dataset: Dataset) -> None:
    view = shown(dataset, {"beds": "140"})
    assert view.save is not None
    lines = view.save("csv").content.decode("utf-8-sig").splitlines()
    assert len([line for line in lines if line.endswith((",beds", ",member", ",pancreas"))]) == 3
    assert any("140,met" in line for line in lines)
    assert any("not an accreditation" in line for line in lines)


def test_every_centre_and_certificate_can_be_opened(dataset: Dataset) -> None:
    for centre in dataset.centres.index[::50]:
        for aim in ("cc", "ccc"):
            given = read_query(
                CheckDesignation, f"centre={centre}&aim={aim}", check_page.vocabulary(dataset)
            )
            assert check_page.screen(given, dataset).markup()


def test_steps_of_a_country_count_each_centre_once(dataset: Dataset) -> None:
    for country in ("IT", "SK", "FR"):
        counts = country_path.counts(dataset, country)
        assert sum(counts.values()) == (dataset.centres["country"] == country).sum()
    assert country_path.counts(dataset, "SI")["CC"] == 1
    assert country_path.band(dataset, "beds_total", "CCC", 1000) is None


def test_facts_beside_are_no_answers(dataset: Dataset) -> None:
    centre = next(
        str(c)
        for c in dataset.capabilities["centre_id"][
            dataset.capabilities["capability"] == "beds_total"
        ]
    )
    found = self_check.known(dataset, centre)
    assert [f.answers for f in found if f.asked == "beds"] == [False]
    assert "beds" in {
        r.criterion.asked
        for r in self_check.check(dataset, "cc", {}, centre, dataset.edition.as_of).open
    }
