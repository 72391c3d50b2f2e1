"""500 hostile texts through store, team's page, report, CSV, XLSX and terminal: none runs."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import openpyxl
import pytest

from canheal_nb import cli
from canheal_nb.feedback import report
from canheal_nb.feedback.text import comment_text
from canheal_nb.feedback.text.comment_sheets import as_text, sheet
from canheal_nb.serve import pages
from canheal_nb.store import comments, open_store, schema, submissions, terms, transfer
from canheal_nb.text.errors import UserError

DAY = dt.date(2026, 3, 2)
TOPICS = {"data": {"topic": "data", "label": "Data", "work_package": "WP1"}}
OFFER = replace(terms.offered(), topics={"data"})
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
FRAME = {"language": "en", "address": "/", "query": {}, "base_url": "/", "edition": None}


class Reader(HTMLParser):
    """Counts elements with the names of their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[tuple[str, ...]] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[(tag, *(name for name, _value in attrs))] += 1

    def handle_comment(self, data: str) -> None:
        self.found[("!--",)] += 1


def elements(page: str) -> Counter[tuple[str, ...]]:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader.found


def fill(store, feedback, texts: list[str]) -> list[comments.Comment]:
    """Hand in each text as all that can be written, and let the team write it too."""
    for text in texts:
        wrong = {"sort": "error", "fact": text[:300], "proposed": text[:300], "source": text[:500]}
        hand_in = feedback(text=text, part=text[:200], **wrong)
        if schema.plain("text", text):
            submissions.hand_in(store, hand_in, DAY, OFFER)
    for one in comments.comments(store)[:100]:
        comments.note(store, one.item, DAY, owner=one.text[:100] or "A", answer=one.text)
        comments.note(store, one.item, DAY, changed=one.text[:1000])
    return comments.comments(store)


@pytest.fixture
def kept(store, feedback, hostile):
    assert len(hostile) == 500
    found = fill(store, feedback, hostile)
    assert len(found) > 490
    return found


@pytest.fixture
def harmless(tmp_path, feedback, hostile):
    """The same comments with nothing in them, to see which elements are ours."""
    store = open_store(str(tmp_path / "harmless"))
    found = fill(store, feedback, [f"word {n}" for n in range(500)])
    store.close()
    return found


def test_none_runs_anywhere(store, kept, harmless, tmp_path):
    texts = {one.text for one in kept}
    assert any("<script>" in text for text in texts)
    assert not [t for t in texts if any(ord(c) < 32 and c not in "\n\t" for c in t)]
    harmless = harmless[: len(kept)]
    for make in (lambda found: report.page(found, TOPICS, DAY), team_page):
        hostile_page, plain_page = make(kept), make(harmless)
        assert set(elements(hostile_page)) == set(elements(plain_page))
        assert "&lt;script&gt;window.hit=1" in hostile_page
    rows = comment_text.rows(kept, TOPICS, DAY)
    for delimiter in ",;\t|":
        text = sheet("csv", "f", rows, "said").content.decode("utf-8-sig")
        cells = [c for line in csv.reader(io.StringIO(text), delimiter=delimiter) for c in line]
        assert [c for c in cells if c.lstrip().startswith(FORMULA) or "\t" in c] == []
    book = openpyxl.load_workbook(io.BytesIO(sheet("xlsx", "f", rows, "said").content))
    cells = [cell for line in book.active.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert len(cells) > 5000
    lines = list(transfer.export_lines(store))
    other = open_store(str(tmp_path / "other"))
    assert transfer.import_lines(other, lines, OFFER, DAY) == (len(kept), 0)
    assert list(transfer.export_lines(other)) == lines
    other.close()


def team_page(found) -> str:
    rows = comment_text.rows(found, TOPICS, DAY)
    return pages.page("team.html", title="t", rows=rows, said="s", **FRAME)


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_the_terminal_shows_them_on_one_line_each(address, kept, capsys):
    assert cli.main(["feedback", "list", "--store", address, "--as-of", "2026-03-02"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(kept) + 1
    assert all(line.isprintable() for line in lines)
    assert cli.main(["feedback", "show", kept[0].item, "--store", address]) == 0
    assert all(line.isprintable() for line in capsys.readouterr().out.splitlines())


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("  =1+1", "  '=1+1"),
        ("a;=1+1", "a;'=1+1"),
        ('a,"=1', "a,\"'=1"),
        ("\uff1d1", "'\uff1d1"),
        ("well-known, and +/- 2", "well-known, and +/- 2"),
        ("a\n-b", "a\n'-b"),
        ("plain", "plain"),
    ],
)
def test_a_cell_that_could_run_is_a_text(cell, safe):
    assert as_text(cell) == safe


def test_an_export_with_a_link_that_runs_is_refused(store, feedback, tmp_path):
    submissions.hand_in(store, feedback(), DAY, OFFER)
    lines = list(transfer.export_lines(store))
    bad = [lines[0], lines[1].replace("/app/atlas?country=SI", "javascript:alert(1)")]
    assert bad != lines
    other = open_store(str(tmp_path / "other"))
    with pytest.raises(UserError, match="Line 2 is no line"):
        transfer.import_lines(other, bad, OFFER, DAY)
    other.close()


def test_a_page_of_hundreds_of_them_becomes_a_pdf(tmp_path, kept):
    out = tmp_path / "out"
    paths = report.write(kept[:60], TOPICS, DAY, out)
    assert [path.name for path in paths] == [
        f"feedback-2026-03-02.{kind}" for kind in ("html", "pdf", "csv", "xlsx")
    ]
    assert paths[1].read_bytes().startswith(b"%PDF")
    assert not re.search(r"/(JavaScript|JS|Launch)\b", paths[1].read_bytes().decode("latin-1"))
