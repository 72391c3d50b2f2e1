"""Readiness for genomics on paper, without a kernel: with nothing known, and with answers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from canheal_nb.data import Dataset
from canheal_nb.genomics import report
from canheal_nb.genomics.question import GenomicsReadiness
from canheal_nb.reporting import catalogue
from canheal_nb.text.errors import UserError

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "reports" / "genomics_readiness.ipynb"


def blocks(dataset: Dataset, **given: str) -> dict[str, str]:
    made = report.Readiness(GenomicsReadiness(**{"country": "GR", **given}), dataset)
    made.check()
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    names = [name for name in re.findall(r"\bcheck\.(\w+)\(\)", code) if name != "check"]
    return {
        name: " ".join(re.sub(r"<[^>]+>", " ", getattr(made, name)().markup).split())
        for name in names
    }


def test_where_nothing_is_known_it_says_whom_to_ask_and_what(dataset: Dataset) -> None:
    found = blocks(dataset)
    assert "0 of 49 indicators assessed, 0 of 34 statements answered" in found["findings"]
    assert "no profile" in found["profile"]
    assert found["steps"] == ""
    assert "Table 1. Who usually knows" in found["asks"]
    assert "Heads of sequencing laboratories" in found["asks"]
    assert "MLM49" in found["sheet"]
    assert "level 1" not in found["profile"].lower()
    assert "332.9 EUR per sample" in found["costs"]
    assert "Needed: not known" in found["costs"]
    assert "Gender : open: no indicator is about it" in found["perspectives"]
    assert "2031 coming" in found["dates"]
    assert "1 overdue, 5 coming" in found["dates"]
    assert "Where to begin" in found["asks"]
    assert "MLM35. Genomic centres (4 rest on it" in found["asks"]
    assert "People to counsel a year" in found["counselling"]
    assert "Not known: Hours for one person" in found["counselling"]
    assert "laboratory access" in found["genomes"].split("Not known: ")[1]
    assert "Not known: Samples needed a year" in found["costs"]
    assert " none" not in found["costs"] + found["counselling"] + found["genomes"]
    assert not re.search(r"\w_\w+_\w", found["costs"].replace("check_genomics", ""))


def test_answers_make_a_plan_and_leave_the_sheet(dataset: Dataset) -> None:
    found = blocks(dataset, answers="mlm06:1,mlm05:1,mtb02:no,samples_planned:1000")
    assert "1. MLM06" in found["steps"]
    assert re.search(r"2\. MLM05\..* MLM06 to be set", found["steps"])
    assert "to be named; usually National payer" in found["steps"]
    plan = "mlm05_owner:Payer,mlm05_date:2028-01,mlm05_after:the budget,mtb02_owner:Board"
    planned = blocks(dataset, answers=f"mlm06:1,mlm05:1,mtb02:no,{plan}")["steps"]
    assert re.search(r"2\. MLM05\..* Payer MLM06 the budget 2028-01", planned)
    assert "1 of 3 steps have an owner and a date" in planned
    assert re.search(r"Not in place: core team.* Board to be set", planned)
    assert "(assess first: MLM07)" in found["steps"]
    assert "Not in place: core team" in found["steps"]
    assert "Table 1. What is assessed" in found["profile"]
    assert "MLM06" not in found["sheet"]
    assert "1,000 samples a year cost about 420,000 euros" in found["costs"]
    closed = blocks(dataset, answers="mlm06:5,mlm05:1")
    assert "MLM06" not in closed["steps"]


def test_answers_saved_by_the_app_are_taken_those_of_this_country_only(dataset: Dataset) -> None:
    found = blocks(dataset, answers="GR.mlm01:3,SI.mlm02:1,own.mlm03:2")
    assert "1 of 49 indicators" in found["findings"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("mlm01:6", "MLM01: '6' is no level"),
        ("mtb01:perhaps", "'perhaps' is no answer"),
        ("mlm50:1", "there is no answer mlm50"),
        ("samples_now:-1", "less than nought"),
        ("mlm01:1,mlm01_date:soon", "soon is no date"),
        ("mlm01_wish:x", "there is no answer mlm01_wish"),
        ("mlm01", "cannot be read"),
    ],
)
def test_wrong_answers_are_refused_before_anything_runs(
    dataset: Dataset, answers: str, said: str
) -> None:
    with pytest.raises(UserError, match=said):
        catalogue.ask("genomics_readiness", {"country": "GR", "answers": answers}, dataset)


def test_every_country_has_its_blocks_and_numbers_its_tables(dataset: Dataset) -> None:
    every = catalogue.subjects("genomics_readiness", dataset)
    assert len(every) == 27
    for one in every:
        text = " ".join(blocks(dataset, **one).values())
        numbers = [int(n) for n in re.findall(r"Table (\d+)\.", text)]
        assert numbers == [1, 2, 3, 4, 5, 6, 7]
        assert "nan" not in re.findall(r"\w+", text)
