"""The report pipeline without a kernel: what is refused, what a page may hold, what is written."""

from __future__ import annotations

import datetime as dt
import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from canheal_nb.reporting import files, kernel, notebook, typeset
from canheal_nb.reporting.contract import FORMATS, Cover, ReportError
from canheal_nb.reporting.page import make_page
from canheal_nb.reporting.production import run

FIXTURES = Path(__file__).parents[1] / "notebooks" / "fixtures"
SPECIMEN = FIXTURES / "reports" / "specimen.ipynb"
GIVEN: dict[str, object] = {
    "country": "SI",
    "note": "",
    "years": 5,
    "share": 0.5,
    "draft": True,
}
COVER = Cover("SI", dt.date(2026, 11, 24), title="Slovenia", edition="2026.1")
HTML = "<p>Known for 26 of 27.</p>"


def refused(code: str) -> pytest.RaisesExc[ReportError]:
    """Expect a refusal with this code, said in one line without a traceback's marks."""
    return pytest.RaisesExc(
        ReportError,
        check=lambda error: error.code == code and "\n" not in str(error) and len(str(error)) < 400,
    )


def shown(*outputs: str, prose: str = "# Specimen brief") -> nbformat.NotebookNode:
    """Return an executed notebook: a heading, then one cell for each HTML output."""
    cells = [nbformat.v4.new_markdown_cell(prose)]
    for html in outputs:
        output = nbformat.v4.new_output("execute_result", {"text/html": html, "text/plain": "x"})
        cells.append(nbformat.v4.new_code_cell("secret_code()", outputs=[output]))
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture
def _fixtures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "notebooks_dir", lambda: FIXTURES)


# --- before anything runs -----------------------------------------------------------------


def test_parameters_that_are_the_notebooks_pass_in_its_order() -> None:
    checked = notebook.check(dict(reversed(GIVEN.items())), SPECIMEN)
    assert list(checked) == ["country", "note", "years", "share", "draft"]


def test_a_whole_number_may_stand_for_a_number() -> None:
    assert notebook.check({**GIVEN, "share": 1}, SPECIMEN)["share"] == 1.0


@pytest.mark.parametrize(
    ("name", "value"),
    [("years", "5"), ("years", True), ("draft", 1), ("country", None), ("country", ["SI"])]
    + [("share", float("nan")), ("share", float("inf")), ("note", b"x"), ("share", "0.5")],
)
def test_a_wrong_type_is_refused(name: str, value: object) -> None:
    with refused("wrong-type"):
        notebook.check({**GIVEN, name: value}, SPECIMEN)


@pytest.mark.parametrize("name", ["contry", "x = 1; import os; y", "", "{{7*7}}", "country\n"])
def test_an_unknown_name_is_refused(name: str) -> None:
    with refused("unknown-parameter"):
        notebook.check({**GIVEN, name: "1"}, SPECIMEN)


def test_a_parameter_left_out_is_refused() -> None:
    with refused("missing-parameter"):
        notebook.check({"country": "SI"}, SPECIMEN)


@pytest.mark.parametrize("name", ["no_parameters", "computed_parameters"])
def test_a_notebook_without_literal_parameters_is_refused(name: str) -> None:
    with refused("report-broken"):
        notebook.defaults(FIXTURES / "reports" / f"{name}.ipynb")


def test_a_file_that_is_no_notebook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.ipynb").write_text('{"cells": ')
    with refused("report-broken"):
        notebook.defaults(tmp_path / "x.ipynb")


@pytest.mark.usefixtures("_fixtures")
@pytest.mark.parametrize("report", ["specimn", "../specimen", "", "specimen.ipynb", "x\ny"])
def test_an_unknown_report_is_refused_with_a_known_name(report: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with refused("unknown-report") as caught:
        run(report, GIVEN, out, cover=COVER)
    assert "specimen" in str(caught.value)
    assert not out.exists()


@pytest.mark.usefixtures("_fixtures")
@pytest.mark.parametrize("formats", [(), ("docx",), ("html", "PDF")])
def test_an_unknown_format_is_refused(formats: tuple[str, ...], tmp_path: Path) -> None:
    with refused("unknown-format"):
        run("specimen", GIVEN, tmp_path, formats, cover=COVER)


@pytest.mark.parametrize("subject", ["", "../SI", "S I", "a/b", ".hidden", "x" * 99, "Å"])
def test_a_subject_that_is_no_file_name_is_refused(subject: str) -> None:
    with refused("wrong-subject"):
        Cover(subject, dt.date(2026, 11, 24))


@pytest.mark.usefixtures("_fixtures")
def test_without_pango_a_pdf_is_refused_before_anything_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    monkeypatch.setattr("canheal_nb.reporting.production.execute", lambda *_: pytest.fail("it ran"))
    with refused("missing-pango") as caught:
        run("specimen", GIVEN, tmp_path, FORMATS, cover=COVER)
    assert "apt-get install --yes libpango-1.0-0" in str(caught.value)


@pytest.mark.usefixtures("_fixtures")
def test_without_pango_the_page_alone_is_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    monkeypatch.setattr("canheal_nb.reporting.production.execute", lambda *_: shown(HTML))
    outcome = run("specimen", GIVEN, tmp_path, ("html",), cover=COVER)
    assert [path.name for path in outcome.paths] == ["specimen-SI.html"]
    assert HTML in outcome.paths[0].read_text(encoding="utf-8")


# --- the page -----------------------------------------------------------------------------


def test_a_page_holds_what_is_shown_and_no_code() -> None:
    page = make_page(shown(HTML), COVER, "specimen")
    assert HTML in page
    assert "<h1>Slovenia</h1>" in page
    assert "<title>Slovenia – Specimen brief</title>" in page
    assert "secret_code" not in page
    assert "Edition 2026.1 · as of 24 November 2026" in page


def test_the_notebooks_heading_is_the_title_when_the_cover_has_none() -> None:
    page = make_page(shown(HTML), Cover("SI", COVER.as_of), "specimen")
    assert "<h1>Specimen brief</h1>" in page
    assert "<title>Specimen brief</title>" in page


def test_names_on_the_cover_are_escaped() -> None:
    hostile = "<script>x</script>\"'{{7*7}}"
    cover = Cover("SI", COVER.as_of, title=hostile, subtitle=hostile, edition=hostile)
    page = make_page(shown(HTML), cover, "specimen")
    assert "<script" not in page
    assert page.count("&lt;script&gt;x&lt;/script&gt;&#34;&#39;{{7*7}}") >= 4


def test_html_written_in_prose_is_shown_not_obeyed() -> None:
    page = make_page(shown(HTML, prose="# A\n\n<script>x</script> <b>y</b>"), COVER, "specimen")
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "<b>y" not in page


def test_cells_tagged_left_and_right_stand_side_by_side() -> None:
    executed = shown("<p>1</p>", "<p>2</p>", "<p>3</p>")
    executed.cells[1].metadata["tags"] = ["left"]
    executed.cells[2].metadata["tags"] = ["right"]
    page = "".join(make_page(executed, COVER, "specimen").split())
    left, right = '<divclass="left">', '<divclass="right">'
    block = '<divclass="html"><p>{}</p></div>'.format
    pair = f'<divclass="pair">{left}{block(1)}</div>{right}{block(2)}</div></div>'
    assert pair + block(3) in page


def test_a_hidden_cell_shows_nothing() -> None:
    executed = shown("<p>hidden</p>", HTML)
    executed.cells[1].metadata["tags"] = ["hide"]
    page = make_page(executed, COVER, "specimen")
    assert "hidden" not in page
    assert HTML in page


PICTURE = "<img alt='A map' src='data:image/svg+xml;base64,AAAA'>"


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<p onclick='x()'>a</p>",
        "<iframe src='data:text/html,x'></iframe>",
        "<link rel='stylesheet' href='data:text/css,x'>",
        "<img alt='A map' src='https://tiles.example/1.png'>",
        "<img alt='A map' src='map.png'>",
        "<img alt='A map' src='//tiles.example/1.png'>",
        "<img src='data:image/png;base64,AAAA'>",
        "<img alt=' ' src='data:image/png;base64,AAAA'>",
        "<style>@import 'https://fonts.example/x.css';</style>",
        "<p style='background: url(https://tiles.example/1.png)'>a</p>",
        "<a href='javascript:alert(1)'>a</a>",
        "<h1>Another title</h1>",
        "<h3>A level is skipped</h3>",
    ],
)
def test_what_a_page_must_not_hold_is_refused(html: str) -> None:
    with refused("report-unfit"):
        make_page(shown(HTML, html), COVER, "specimen")


def test_an_output_without_html_is_refused() -> None:
    executed = shown(HTML)
    executed.cells[1].outputs[0].data = {"text/plain": "DataFrame"}
    with refused("report-unfit"):
        make_page(executed, COVER, "specimen")


def test_links_and_embedded_pictures_are_fine() -> None:
    html = f"<h2>Sources</h2><a href='https://register.example/'>a</a>{PICTURE}"
    assert html in make_page(shown(html), COVER, "specimen")


def test_setting_a_pdf_asks_no_other_host(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **_: asked.append(args))
    monkeypatch.setattr(socket.socket, "connect", lambda _self, host: asked.append(host))
    page = make_page(shown(HTML), COVER, "specimen")
    foreign = "<img alt='x' src='http://192.0.2.1/x.png'><img alt='x' src='file:///etc/hostname'>"
    assert typeset.make_pdf(page.replace(HTML, foreign)).startswith(b"%PDF-1.7")
    assert asked == []


# --- what is written ----------------------------------------------------------------------


def test_files_are_written_whole_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    paths = files.put(out, {"a.html": b"1", "a.pdf": b"2"})
    assert [path.read_bytes() for path in paths] == [b"1", b"2"]
    assert sorted(path.name for path in out.iterdir()) == ["a.html", "a.pdf"]


def test_a_full_disk_leaves_what_was_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"old")
    fill_disk(monkeypatch)
    with refused("disk-full"), files.plain_full_disk(tmp_path):
        files.put(tmp_path, {"a.html": b"new", "a.pdf": b"new"})
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]
    assert (tmp_path / "a.html").read_bytes() == b"old"


def test_a_full_disk_leaves_no_new_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fill_disk(monkeypatch)
    with refused("disk-full"), files.plain_full_disk(tmp_path):
        files.put(tmp_path / "new" / "folder", {"a.html": b"new"})
    assert list(tmp_path.iterdir()) == []


def fill_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk be full when a file is flushed to it."""

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with refused("cannot-write"):
        files.put(tmp_path / "file", {"a.html": b"1"})


def test_no_file_is_moved_when_one_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").mkdir()
    with refused("cannot-write"):
        files.put(tmp_path, {"a.html": b"1", "a.pdf": b"2"})
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]


# --- what it costs and whom it asks ---------------------------------------------------------

IMPORTS = """
import sys
import canheal_nb.reporting.catalogue
heavy = {"papermill", "nbconvert", "nbformat", "weasyprint", "jsonschema", "jupyter_client"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
from canheal_nb.reporting.light_imports import without_iri_grammar
with without_iri_grammar():
    import papermill
assert "jsonschema" in sys.modules
assert "rfc3987_syntax" not in sys.modules
"""


def test_importing_is_light_and_the_grammar_is_hidden_only_meanwhile() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("host", ["192.0.2.1", "tiles.example", "2001:db8::1", b"tiles.example"])
def test_a_reports_kernel_asks_no_other_host(host: str | bytes) -> None:
    with pytest.raises(PermissionError, match="other hosts"):
        kernel.stay_on_this_machine("socket.getaddrinfo", (host, 80, 0, 0, 0))
    with pytest.raises(PermissionError, match="other hosts"):
        kernel.stay_on_this_machine("socket.connect", (None, (host, 80)))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", None])
def test_a_reports_kernel_may_speak_to_its_own_machine(host: str | None) -> None:
    kernel.stay_on_this_machine("socket.getaddrinfo", (host, 80, 0, 0, 0))
    kernel.stay_on_this_machine("socket.connect", (None, (host, 80)))
    kernel.stay_on_this_machine("socket.connect", (None, "/run/socket"))
