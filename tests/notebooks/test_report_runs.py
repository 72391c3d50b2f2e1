"""Reports made for real: papermill, one kernel each, the page and the PDF of a specimen."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pikepdf
import pypdf
import pytest

from canheal_nb.reporting import notebook
from canheal_nb.reporting.contract import Cover, Outcome, ReportError
from canheal_nb.reporting.production import run

FIXTURES = Path(__file__).parent / "fixtures"
HOSTILE = (
    '"; import os # <script>alert(1)</script> {{7*7}} {% x %} \\" \\ \' \n\t`a` $x$ '
    "Åse O'Neill עברית à‍ \u202e 🎗"
)
GIVEN: dict[str, object] = {
    "country": "SI",
    "note": HOSTILE,
    "years": 5,
    "share": 0.5,
    "draft": True,
}
COVER = Cover("SI", dt.date(2026, 11, 24), "Slovenia", "What is known", "2026.1")

AGAIN = """
import sys, json
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_report_runs import COVER, FIXTURES, GIVEN, notebook, run
notebook.notebooks_dir = lambda: FIXTURES
print(json.dumps(run("specimen", GIVEN, Path("out"), cover=COVER).sha256))
"""


@pytest.fixture(scope="module", autouse=True)
def _fixtures() -> Iterator[None]:
    """Let the fixtures be the known reports, and their blocks be found by the kernels."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notebook, "notebooks_dir", lambda: FIXTURES)
        patch.setenv("PYTHONPATH", str(FIXTURES), prepend=os.pathsep)
        yield


@pytest.fixture(scope="module")
def specimen(tmp_path_factory: pytest.TempPathFactory, _fixtures: None) -> Outcome:
    """The specimen report with a hostile text among its parameters."""
    return run("specimen", GIVEN, tmp_path_factory.mktemp("specimen"), cover=COVER)


@pytest.fixture(scope="module")
def page(specimen: Outcome) -> str:
    """The specimen's page."""
    return specimen.paths[0].read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def texts(specimen: Outcome) -> list[str]:
    """The text of each page of the specimen's PDF, as a reader would copy it."""
    return [sheet.extract_text() for sheet in pypdf.PdfReader(specimen.paths[1]).pages]


@pytest.fixture
def pdf(specimen: Outcome) -> Iterator[pikepdf.Pdf]:
    """The specimen's PDF."""
    with pikepdf.open(specimen.paths[1]) as opened:
        yield opened


class Outline(HTMLParser):
    """Counts elements and keeps attributes, for questions about a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of each element with this tag."""
        return [attrs for found, attrs in self.elements if found == tag]


# --- the page -----------------------------------------------------------------------------


def test_the_files_are_named_after_report_and_subject(specimen: Outcome) -> None:
    folder = specimen.paths[0].parent
    assert sorted(p.name for p in folder.iterdir()) == ["specimen-SI.html", "specimen-SI.pdf"]
    assert list(specimen.sha256) == ["specimen-SI.html", "specimen-SI.pdf"]


def test_the_page_has_language_title_one_heading_and_landmarks(page: str) -> None:
    outline = Outline(page)
    assert outline.all("html") == [{"lang": "en"}]
    assert len(outline.all("h1")) == 1
    for landmark in ("title", "header", "main", "footer"):
        assert len(outline.all(landmark)) == 1
    assert {"class": "skip", "href": "#report"} in outline.all("a")


def test_the_page_asks_for_nothing_and_runs_nothing(page: str) -> None:
    outline = Outline(page)
    assert not {"script", "link", "iframe", "object"} & {tag for tag, _ in outline.elements}
    assert all(str(image["src"]).startswith("data:") for image in outline.all("img"))
    assert not re.search(r"url\(|@import", page)
    assert "default-src 'none'" in page


def test_every_picture_has_words(page: str) -> None:
    images = Outline(page).all("img")
    assert images
    assert all(image["alt"] for image in images)


def test_no_code_no_prompt_no_path_and_no_time_of_day_is_shown(page: str) -> None:
    for trace in ("specimen_blocks", "assert (", "In [", "papermill", str(Path.home())):
        assert trace not in page
    assert not re.search(r"\d\d:\d\d:\d\d", page)


def test_a_hostile_text_is_a_text(page: str) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} {% x %}" in page
    assert "49" not in re.findall(r"<p>&quot;; import.*?</p>", page, re.DOTALL)[0]


# --- the PDF ------------------------------------------------------------------------------


def test_the_pdf_is_tagged_and_says_what_it_is(pdf: pikepdf.Pdf) -> None:
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.Lang == "en"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert pdf.docinfo.Title == "Slovenia – Specimen brief"
    assert pdf.docinfo.Author == "canheal_nb"
    assert pdf.docinfo.CreationDate == pdf.docinfo.ModDate == "D:20261124"
    assert b'pdfuaid:part="1"' in pdf.Root.Metadata.read_bytes()


def test_the_pdfs_structure_has_headings_lists_tables_and_a_described_figure(
    pdf: pikepdf.Pdf,
) -> None:
    tags = list(walk(pdf.Root.StructTreeRoot.K))
    kinds = [str(tag.S) for tag in tags]
    assert kinds.count("/H1") == 1
    assert {"/H2", "/H3", "/P", "/L", "/LI", "/Table", "/TH", "/TD", "/Caption", "/Link"} <= {
        *kinds
    }
    figures = [tag for tag in tags if tag.S == "/Figure"]
    assert [str(figure.Alt)[:14] for figure in figures] == ["Thirty squares"]
    cells = [tag for tag in tags if tag.S == "/TD"]
    assert all("/Headers" in cell.A for cell in cells)


def walk(kids: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Yield every structure element under `kids`, a page's content numbers left out."""
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from walk(kid.get("/K", pikepdf.Array()))


def test_the_pdf_has_bookmarks_embedded_fonts_and_a4_pages(specimen: Outcome) -> None:
    reader = pypdf.PdfReader(specimen.paths[1])
    assert reader.outline[0]["/Title"] == "Slovenia"
    for sheet in reader.pages:
        assert [round(float(side)) for side in sheet.mediabox[2:]] == [595, 842]
        for font in sheet["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            assert "/FontFile2" in descendant["/FontDescriptor"]


def test_the_pdf_fetches_and_runs_nothing(pdf: pikepdf.Pdf) -> None:
    actions = [
        (str(note.A.S), str(note.A.get("/URI", "")))
        for sheet in pdf.pages
        for note in sheet.get("/Annots", [])
    ]
    assert actions == [("/URI", "https://register.example/machines")]
    assert not {"/OpenAction", "/AA", "/AcroForm", "/AF"} & set(pdf.Root.keys())
    assert not {"/JavaScript", "/EmbeddedFiles"} & set(pdf.Root.get("/Names", {}).keys())


def test_greek_cyrillic_and_accents_can_be_copied(texts: list[str]) -> None:
    text = " ".join(texts)
    for name in ("Αθήνα", "Λευκωσία", "София", "Пловдив", "Łódź", "Győr", "Šiauliai", "България"):
        assert name in text


def test_every_page_has_number_and_running_head(texts: list[str]) -> None:
    assert 2 <= len(texts) <= 4
    for number, text in enumerate(texts, start=1):
        assert f"{number} / {len(texts)}" in text
        assert "Specimen brief" in text
        assert "Slovenia" in text
        assert "Edition 2026.1 · as of 24 November 2026" in text


def test_a_long_table_repeats_its_head_and_keeps_its_caption(texts: list[str]) -> None:
    rows = [text for text in texts if "Ελλάδα" in text]
    assert len(rows) >= 2
    assert all("Machines per million" in text for text in rows)
    first = next(text for text in texts if "Every country in one table" in text)
    assert "Table 2. Sixty rows." in first
    assert "Österreich" in first


# --- twice the same, and failures -----------------------------------------------------------


def test_the_same_question_gives_the_same_bytes_in_anothers_home(
    specimen: Outcome, tmp_path: Path
) -> None:
    home, here = hostile_home(tmp_path / "home"), tmp_path / "here"
    here.mkdir()
    before = sorted(home.rglob("*"))
    found = os.pathsep.join([os.environ["PYTHONPATH"], str(Path(__file__).parents[2])])
    done = subprocess.run(
        [sys.executable, "-c", AGAIN, str(Path(__file__).parent)],
        cwd=here,
        env={"HOME": str(home), "PATH": os.defpath, "PYTHONPATH": found, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == specimen.sha256
    assert sorted(home.rglob("*")) == before
    assert [path.name for path in here.iterdir()] == ["out"]


def hostile_home(home: Path) -> Path:
    """Make a home whose own kernel, start-up file and template would spoil every report."""
    spec = {"argv": ["/bin/false"], "display_name": "Broken", "language": "python"}
    traps = {
        ".local/share/jupyter/kernels/python3/kernel.json": json.dumps(spec),
        ".local/share/jupyter/nbconvert/templates/report.html.j2": "spoilt",
        ".ipython/profile_default/startup/00.py": "import os\n\nos._exit(1)\n",
    }
    for name, content in traps.items():
        (home / name).parent.mkdir(parents=True)
        (home / name).write_text(content)
    return home


@pytest.mark.parametrize(
    ("report", "code", "words"),
    [
        ("raises", "report-failed", "KeyError: 'missing'"),
        ("refuses", "too-few", "Only 2 of 27 countries are known; choose another indicator."),
        ("dies", "report-stopped", "its process ended"),
        ("connects", "report-failed", "PermissionError: a report makes no connection"),
    ],
)
def test_a_failing_report_says_why_and_writes_nothing(
    report: str, code: str, words: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept"
    with pytest.raises(ReportError, match=re.escape(words)) as caught:
        run(report, {"country": "SI"}, out, cover=COVER, debug=kept)
    assert caught.value.code == code
    assert "\n" not in str(caught.value)
    assert not out.exists()
    assert [path.name for path in kept.iterdir()] == [f"{report}-SI-failed.ipynb"]
    assert capfd.readouterr() == ("", "")


def test_a_cell_that_takes_too_long_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canheal_nb.reporting.execution.CELL_SECONDS", 1)
    with pytest.raises(ReportError, match="took too long") as caught:
        run("lingers", {"country": "SI"}, tmp_path / "out", cover=COVER)
    assert caught.value.code == "report-too-slow"
    assert list(tmp_path.iterdir()) == []


def test_a_kernel_that_cannot_start_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ipykernel.py").write_text("raise ImportError('broken here')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(ReportError, match="its process ended") as caught:
        run("raises", {"country": "SI"}, tmp_path / "out", cover=COVER)
    assert caught.value.code == "report-stopped"
    assert not (tmp_path / "out").exists()
    assert capfd.readouterr() == ("", "")
