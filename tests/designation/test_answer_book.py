"""The self-check as a spreadsheet: saved, filled in, opened; what is wrong is named by its cell."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from base64 import b64encode
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from canheal_nb.data import Dataset
from canheal_nb.designation.model.self_check import by_place
from canheal_nb.designation.question import CheckDesignation
from canheal_nb.designation.screen import check_page
from canheal_nb.designation.text import answer_book
from canheal_nb.screens import shell
from canheal_nb.text.errors import UserError
from canheal_nb.text.question import read

NOU = "nou-bratislava"
CODE, ANSWER = 1, 5


@pytest.fixture(scope="module")
def empty(dataset: Dataset) -> bytes:
    return saved(dataset, {})


def saved(dataset: Dataset, answers: dict[str, str], aim: str = "cc", kind: str = "xlsx") -> bytes:
    given = ",".join(f"{NOU}.{key}:{value}" for key, value in answers.items())
    asked = {"centre": NOU, "aim": aim, "answers": given}
    view = check_page.screen(read(CheckDesignation, asked, check_page.vocabulary(dataset)), dataset)
    assert view.save is not None
    return view.save(kind).content


def changed(book: bytes, **cells: Any) -> bytes:
    """Return the book with values by code in its column of answers, or by cell."""
    made = load_workbook(io.BytesIO(book))
    sheet = made.worksheets[0]
    at = {str(row[0].value): row[0].row for row in sheet.iter_rows(min_row=6)}
    for name, value in cells.items():
        place = f"E{at[name]}" if name in at else name
        sheet[place] = value
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


def test_what_is_saved_opens_as_it_was(dataset: Dataset) -> None:
    said = {"beds": "140", "member": "yes", "own_unit": "no", "c122": "3", "start": "2027-03"}
    said |= {"who-own_unit": "Head of finance", "by-own_unit": "2027-09", "pp111": "yes"}
    found = answer_book.read(saved(dataset, said, "ccc"), dataset)
    assert (found.centre, found.aim, found.said) == (NOU, "ccc", said)


def test_every_answer_has_a_line_and_is_empty_at_first(dataset: Dataset, empty: bytes) -> None:
    rows = list(load_workbook(io.BytesIO(empty)).worksheets[0].iter_rows(min_row=6))
    codes = [row[0].value for row in rows]
    assert len(codes) == len(set(codes))
    assert {"beds", "member", "pancreas", "c122", "ccc4", "certificate", "start"} <= set(codes)
    assert {"who-member", "by-accreditation"} <= set(codes)
    assert all(row[4].value is None for row in rows)
    assert answer_book.read(empty, dataset).said == {}


def test_what_people_type_is_read(dataset: Dataset, empty: bytes) -> None:
    book = changed(empty, beds=140, budget_care=22.5, oncologists=1.125, member=True)
    book = changed(book, departments="Yes", start=dt.datetime(2027, 3, 1))
    book = changed(book, **{"who-member": "Anna: deputy, finance"})
    assert answer_book.read(book, dataset).said == {
        "beds": "140",
        "budget_care": "22.5",
        "oncologists": "1.1250",
        "member": "yes",
        "departments": "yes",
        "start": "2027-03-01",
        "who-member": "Anna. deputy, finance",
    }


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"beds": "=1+1"}, r"sheet Answers, cell E\d+: =1\+1 is a formula"),
        ({"beds": "many"}, r"cell E\d+: many is no number"),
        ({"beds": "1.500"}, r"cell E\d+: 1.500 can be read in two ways"),
        (
            {"budget_care": 32000000},
            r"sheet Answers, cell E\d+: 32000000 is read as 32,000,000 million EUR per year; 0",
        ),
        ({"beds": "-1"}, r"cell E\d+: -1 is read as -1 .*; 0 to 3,000 is expected"),
        ({"member": "perhaps"}, r"cell E\d+: perhaps is no answer here"),
        ({"member": 1}, r"cell E\d+: 1 is no answer here"),
        ({"beds": dt.datetime(2027, 1, 1)}, r"cell E\d+: 2027-01-01 00:00:00 is a date"),
        ({"start": "spring"}, r"cell E\d+: spring is no date"),
        ({"who-member": "x" * 61}, r"cell E\d+: x+… is longer than 60 signs"),
        ({"who-member": "=cmd|x"}, r"cell E\d+: =cmd\|x is a formula"),
        ({"A6": "bedz"}, "cell A6: there is no answer with the code bedz"),
        ({"A7": "member"}, "cell A7: member stands there twice"),
        ({"B1": "nowhere"}, "cell B1: Centre: nowhere is not known here"),
        ({"B2": "gold"}, "cell B2: Certificate: gold is not known here"),
        ({"A1": "x"}, "does not say which Centre it is about"),
        ({"A5": "x"}, "no line with the heads Code and Answer"),
        ({"E90": "stray"}, "cell E90: stray stands in a line without a code"),
    ],
)
def test_what_is_wrong_is_named_by_sheet_cell_and_value(
    dataset: Dataset, empty: bytes, cells: dict[str, Any], said: str
) -> None:
    with pytest.raises(UserError, match=said):
        answer_book.read(changed(empty, **cells), dataset)


def test_what_is_no_spreadsheet_is_refused(dataset: Dataset) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 41_000_000)
    plain = io.BytesIO()
    Workbook().save(plain)
    long = io.BytesIO()
    sheet = Workbook()
    sheet.active.cell(2001, 1, "beds")  # type: ignore[union-attr]
    sheet.save(long)
    for content, code in [
        (b"", "no-spreadsheet"),
        (b"PK\3\4 not a zip", "no-spreadsheet"),
        (b"x" * 2_000_001, "too-large"),
        (bomb.getvalue(), "too-large"),
        (plain.getvalue(), "wrong-sheet"),
        (long.getvalue(), "too-large"),
    ]:
        with pytest.raises(UserError) as refused:
            answer_book.read(content, dataset)
        assert refused.value.code == code


def test_no_text_of_an_answer_is_a_formula_when_it_is_written(dataset: Dataset) -> None:
    said = {"who-accreditation": "=1+1", "who-member": "@SUM(A1)"}
    book = saved(dataset, said)
    cells = [c for row in load_workbook(io.BytesIO(book)).worksheets[0].iter_rows() for c in row]
    assert not [c for c in cells if c.data_type == "f"]
    assert "'=1+1" in [c.value for c in cells]
    assert answer_book.read(book, dataset).said == said


def test_opening_a_sheet_keeps_the_answers_of_other_centres(dataset: Dataset, empty: bytes) -> None:
    made = shell.start(CheckDesignation, check_page.screen, check_page.vocabulary, f"centre={NOU}")
    made.handle("answers", "vou-kosice.beds:90,own.beds:5")
    book = changed(empty, beds=140)
    fields = made.take(b64encode(book).decode())
    assert by_place(fields["answers"]) == {
        "vou-kosice": {"beds": "90"},
        "own": {"beds": "5"},
        NOU: {"beds": "140"},
    }
    assert (fields["centre"], fields["aim"]) == (NOU, "cc")
    before = made.question
    assert made.take(b64encode(changed(empty, beds="many")).decode()) == {}
    assert made.question == before
    assert "many is no number" in made.show().context["notice"]


def test_the_path_is_a_scenario_the_command_line_reads(dataset: Dataset) -> None:
    from canheal_nb.funding import scenario_file
    from canheal_nb.funding.model.scenario import Add, Give

    with pytest.raises(UserError, match="needs a centre of the list and the month"):
        saved(dataset, {"beds": "90"}, kind="yaml")
    said = {"start": "2027-03", "oncologists": "20"}
    text = saved(dataset, said, kind="yaml").decode()
    made = scenario_file.read(text, scenario_file.vocabulary(dataset))
    assert made.changes == (
        Give(NOU, "oeci_accredited", 2033),
        Add("accreditation", "SK", 1.0, 2027),
    )
    assert (made.start, made.years) == (2027, 7)
