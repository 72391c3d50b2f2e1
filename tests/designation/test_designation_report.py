"""The designation check on paper, without a kernel: what it says, and which answers it refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from canheal_nb.data import Dataset
from canheal_nb.designation.question import DesignationCheck
from canheal_nb.designation.report import designation_check
from canheal_nb.reporting import catalogue
from canheal_nb.text.errors import UserError

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "reports" / "designation_check.ipynb"
NOU = "nou-bratislava"


def blocks(dataset: Dataset, **given: str) -> dict[str, str]:
    made = designation_check.Designation(DesignationCheck(**{"centre": NOU, **given}), dataset)
    made.check()
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    names = [name for name in re.findall(r"\bcheck\.(\w+)\(\)", code) if name != "check"]
    return {
        name: " ".join(re.sub(r"<[^>]+>", " ", getattr(made, name)().markup).split())
        for name in names
    }


def test_a_blank_check_is_open_and_says_what_to_find_out(dataset: Dataset) -> None:
    found = blocks(dataset)
    assert "0 of 10 criteria met, 1 not met, 9 open. A self-check" in found["findings"]
    assert "one national page" in found["findings"]
    assert re.search(
        r"centre is an OECI member \[1, \d+\] yes no as known not met", found["criteria"]
    )
    assert "annual budget for cancer care" in found["unknown"]
    assert "No date of a certificate is given" in found["calendar"]


def test_answers_make_gaps_and_a_gap_that_is_closed_is_gone(dataset: Dataset) -> None:
    short = blocks(dataset, answers="budget_care:22,certificate:2023-05,member:yes")
    closed = blocks(dataset, answers="budget_care:25.5,certificate:2023-05,member:yes")
    assert "Raise the yearly budget for cancer care" in short["path"]
    assert "Raise the yearly budget for cancer care" not in closed["path"]
    assert "2028-05-01 to come" in short["calendar"]
    assert "as known" not in short["criteria"]


def test_answers_saved_by_the_app_are_taken_those_of_this_centre_only(dataset: Dataset) -> None:
    found = blocks(dataset, answers=f"{NOU}.beds:140,vou-kosice.beds:5,own.beds:9")
    assert "above 100 beds/chairs 140 met" in found["criteria"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("beds:many", "answers: beds: many is no number"),
        ("bedz:5", "there is no answer bedz"),
        ("certificate:soon", "soon is no date"),
        ("beds", "cannot be read"),
    ],
)
def test_wrong_answers_are_refused_before_anything_runs(
    dataset: Dataset, answers: str, said: str
) -> None:
    with pytest.raises(UserError, match=said):
        catalogue.ask("designation_check", {"centre": NOU, "answers": answers}, dataset)


def test_answers_for_the_other_certificate_are_no_fault(dataset: Dataset) -> None:
    given = {"centre": NOU, "answers": "accrual:12,phase1:yes,pp131:5"}
    question, cover = catalogue.ask("designation_check", given, dataset)
    assert cover.subject == f"{NOU}-cc"
    assert question.model_dump()["aim"] == "cc"
