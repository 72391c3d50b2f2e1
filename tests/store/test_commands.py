"""`canheal feedback`: the team's work from the command line, and its refusals."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from canheal_nb import cli
from canheal_nb.feedback import report
from canheal_nb.feedback.text import comment_text
from canheal_nb.reporting import feedback_link
from canheal_nb.reporting.contract import ReportError
from canheal_nb.store import comments, submissions, terms

OFFER = replace(terms.offered(), topics={"data", "other"})
DAY = dt.date(2026, 3, 2)
TOPICS = {
    "data": {"label": "Data", "work_package": "WP2", "work_package_label": "dissemination"},
    "other": {"label": "Something else", "work_package": "", "work_package_label": ""},
}


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'state' / 'canheal.sqlite'}"


@pytest.fixture
def filled(store, feedback):
    """Three comments on two topics: one answered, one late, one new."""
    for days, topic, text in ((0, "data", "Old."), (0, "other", "Done."), (40, "data", "New.")):
        day = DAY + dt.timedelta(days=days)
        submissions.hand_in(store, feedback(topic=topic, text=text), day, OFFER)
    done = next(one for one in comments.comments(store) if one.text == "Done.")
    comments.note(store, done.item, DAY, owner="Ana", answer="Yes.", changed="A new layer.")
    return store


def run(capsys, *words: str) -> str:
    assert cli.main(["feedback", *words]) == 0
    return capsys.readouterr().out


def refused(capsys, *words: str) -> str:
    assert cli.main(["feedback", *words]) == 2
    told_there = capsys.readouterr()
    assert told_there.out == ""
    (line,) = told_there.err.splitlines()
    return line


def test_a_comment_is_answered_from_the_command_line(filled, address, capsys, tmp_path):
    at = ("--store", address)
    first, *lines = run(capsys, "list", *at, "--as-of", "2026-04-11").splitlines()
    assert first == (
        "As of 2026-04-11 there are 3 comments; 1 answered. 1 waits longer than 30 days or past"
        " its day."
    )
    assert [line.split("  ")[-1] for line in lines] == ["late", "Done.", "New."]
    item = lines[0].split()[0]
    assert "Name first who owns" in refused(capsys, "answer", item, "--answer", "x", *at)
    assert "is no day" in refused(capsys, "answer", item, "--due", "soon", *at)
    run(capsys, "answer", item, "--owner", "Ana", "--answer", "Fixed.", *at)
    shown = run(capsys, "show", item, *at)
    assert "  Old.\n  Fixed.\n" in shown
    assert "owner: '' -> 'Ana'" in shown
    assert "proposes no correction" in refused(
        capsys, "decide", item, "accepted", "--why", "x", *at
    )
    file = str(tmp_path / "all.jsonl")
    first, second = run(capsys, "export", file, *at).splitlines()
    assert first == f"3 hand-ins in {file}."
    assert second.endswith("what is taken back meanwhile is still in it.")
    other = ("--store", str(tmp_path / "other"))
    assert run(capsys, "import", file, *other) == "3 added, 0 were there already.\n"
    assert run(capsys, "show", item, *other) == shown
    run(capsys, "delete", item, *other)
    assert "There is no comment" in refused(capsys, "show", item, *other)
    assert run(capsys, "forget", "--before", "2026-03-03", *other) == "1 hand-in deleted.\n"
    assert "cannot be read" in refused(capsys, "import", str(tmp_path / "nothing"), *other)


def test_a_mistyped_store_is_refused_and_none_is_made(capsys, tmp_path):
    for task in (["list"], ["report", "--out", str(tmp_path / "out")], ["show", "x"]):
        line = refused(capsys, *task, "--store", str(tmp_path / "typo"))
        assert "There is no store" in line
    assert list(tmp_path.iterdir()) == []


def test_the_report_counts_by_work_package_and_says_what_changed(filled, tmp_path):
    as_of = DAY + dt.timedelta(days=40)
    found = comments.comments(filled)
    rows = comment_text.packages(comment_text.rows(found, TOPICS, as_of))
    numbers = [(p["package"], p["total"], p["new"], p["answered"], p["late"]) for p in rows]
    assert numbers == [("WP2", 2, 2, 0, 1), ("No work package named", 1, 0, 1, 0)]
    page = report.page(found, TOPICS, as_of)
    assert "A new layer." in page
    assert "WP2: dissemination" in page
    assert "<script" not in page
    first = report.write(found, TOPICS, as_of, tmp_path / "a")
    again = report.write(found, TOPICS, as_of, tmp_path / "b")
    same = [a.read_bytes() == b.read_bytes() for a, b in zip(first, again, strict=True)]
    assert same[:3] == [True, True, True], "HTML, PDF and CSV are the same bytes"
    pdf = pypdf.PdfReader(first[1])
    assert "Old." in "".join(sheet.extract_text() for sheet in pdf.pages)
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_no_comment_is_said_so(store, tmp_path):
    page = report.page(comments.comments(store), TOPICS, DAY)
    assert "As of 2026-03-02 there is no comment." in page
    with pytest.raises(ReportError, match="is made as html, pdf, csv, xlsx, not as 'docx'"):
        report.write([], TOPICS, DAY, tmp_path, ["docx"])


def test_reports_say_where_to_write(monkeypatch):
    monkeypatch.delenv("CANHEAL_ADDRESS", raising=False)
    assert "of every app's page" in feedback_link.line()
    monkeypatch.setenv("CANHEAL_ADDRESS", "https://canheal.example.org/")
    assert "https://canheal.example.org/" in feedback_link.line()
    for bad in ("javascript:alert(1)", 'https://x"><script>', "https://x y"):
        monkeypatch.setenv("CANHEAL_ADDRESS", bad)
        assert bad not in feedback_link.line()
