"""A report's page as a Word file: opened again, it says what the page says, with its structure."""

from __future__ import annotations

import base64
import datetime as dt
import io
import struct
import zipfile
import zlib
from typing import Any

import docx
import pytest

from canheal_nb.reporting import catalogue
from canheal_nb.reporting.contract import Cover, ReportError
from canheal_nb.reporting.office import page_tree
from canheal_nb.reporting.office.document import make_docx
from canheal_nb.reporting.production import run

COVER = Cover("x", dt.date(2026, 11, 24), "The title", "Under it", "2026.1", "sk")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PAGE = """<!doctype html><html lang="sk"><head><title>no</title><style>p{}</style></head><body>
<a class="skip" href="#report">Skip</a><header><h1>The  title</h1><p class="subtitle">Under</p>
</header><main><div class="html"><h2>Part</h2>
<p>One <b>bold</b> and <a href="https://example.org/a">a link</a><br>next\x0b line</p>
<ol><li>first</li><li>second <span class="quiet">aside</span></li></ol><ol><li>again</li></ol>
<ul><li>point<ul><li>deeper</li></ul></li></ul>
<table><caption><b>Table 1.</b> What it holds</caption>
<thead><tr><th scope="col">Name</th><th scope="col">What is said of it</th></tr></thead>
<tbody><tr class="group"><th scope="rowgroup" colspan="2">A group</th></tr>
<tr><th scope="row">row</th><td>said<br>twice <svg aria-label="level 2"><circle r="1"/></svg></td>
</tr></tbody></table>
<figure><img alt="A map of nothing" src="data:image/svg+xml;base64,AAAA"></figure>PICTURE
</div></main><footer><p>Foot line</p></footer></body></html>"""


def png() -> str:
    def part(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    made = b"\x89PNG\r\n\x1a\n" + part(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    made += part(b"IDAT", zlib.compress(b"\0\0")) + part(b"IEND", b"")
    return base64.b64encode(made).decode()


def opened(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


@pytest.fixture(scope="module")
def book() -> Any:
    picture = f'<img alt="A dot" src="data:image/png;base64,{png()}">'
    return opened(make_docx(PAGE.replace("PICTURE", picture), COVER))


def test_headings_paragraphs_and_links_are_those_of_the_page(book: Any) -> None:
    said = [(p.style.name, p.text) for p in book.paragraphs]
    assert ("Heading 1", "The title") in said
    assert ("Heading 2", "Part") in said
    assert ("Normal", "One bold and a link\nnext  line") in said
    assert ("Caption", "Table 1. What it holds") in said
    assert not any("Skip" in text or text == "no" for _style, text in said)
    bold = [r.text for p in book.paragraphs for r in p.runs if r.bold and p.text.startswith("One")]
    assert bold == ["bold"]
    assert "https://example.org/a" in {r.target_ref for r in book.part.rels.values()}


def test_lists_are_lists_and_each_counts_from_one(book: Any) -> None:
    numbered = [p for p in book.paragraphs if p.style.name == "List Number"]
    assert [p.text for p in numbered] == ["first", "second aside", "again"]
    ids = [p._p.pPr.numPr.numId.val for p in numbered]
    assert ids[0] == ids[1] != ids[2]
    bullets = [p.text for p in book.paragraphs if p.style.name == "List Bullet"]
    assert bullets == ["point", "deeper"]


def test_a_table_has_its_head_its_groups_and_its_words(book: Any) -> None:
    (table,) = book.tables
    assert [[c.text for c in row.cells] for row in table.rows] == [
        ["Name", "What is said of it"],
        ["A group", "A group"],
        ["row", "said\ntwice (level 2)"],
    ]
    heads = [row._tr.find(f"{W}trPr/{W}tblHeader") is not None for row in table.rows]
    assert heads == [True, False, False]
    assert table._tbl.tblPr.find(f"{W}tblCaption").get(f"{W}val") == "Table 1. What it holds"
    assert all(r.bold for r in table.rows[0].cells[0].paragraphs[0].runs)


def test_a_picture_stands_there_or_its_words_do(book: Any) -> None:
    assert [shape._inline.docPr.get("descr") for shape in book.inline_shapes] == ["A dot"]
    assert "A map of nothing" in [p.text for p in book.paragraphs]


def test_title_language_paper_and_foot_are_set(book: Any) -> None:
    about = book.core_properties
    assert (about.title, about.language, about.author) == ("The title", "sk", "canheal_nb")
    assert about.created.date() == about.modified.date() == COVER.as_of
    assert book.styles.element.find(f".//{W}rPrDefault/{W}rPr/{W}lang").get(f"{W}val") == "sk"
    assert round(book.sections[0].page_width.cm, 1) == 21.0
    foot = book.sections[0].footer.paragraphs[0]
    assert foot.text.startswith("Foot line")
    assert "PAGE" in foot._p.xml


def test_the_same_page_gives_the_same_bytes() -> None:
    first, second = make_docx(PAGE, COVER), make_docx(PAGE, COVER)
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert {one.date_time for one in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        ("<p> a <b>b </b> c</p>", "a b c"),
        ("<p>a<br> b <br></p>", "a b"),
        ("<p>a</i></p>b", "ab"),
        ("<p>&lt;b&gt; &amp; c</p>", "<b> & c"),
    ],
)
def test_text_is_read_as_it_is_shown(markup: str, said: str) -> None:
    assert page_tree.text(page_tree.read(markup)) == said


def test_word_is_only_for_reports_that_have_it(tmp_path: Any) -> None:
    with pytest.raises(ReportError, match="is made as html or pdf, not as 'docx'"):
        run("country_brief", asked("country_brief"), tmp_path, ["docx"], cover=COVER)
    assert {name for name, one in catalogue.definitions().items() if one.document} >= {
        "designation_check",
        "genomics_readiness",
    }
    assert not list(tmp_path.iterdir())


def asked(report: str) -> dict[str, object]:
    from canheal_nb.reporting import notebook

    return dict(notebook.defaults(notebook.find(report)))
