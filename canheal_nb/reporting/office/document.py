"""A report's page as a Word file that people can edit: the same headings, lists and tables.

It is made from the page itself, so that it says what the page says. A picture is taken over where
it is a PNG; of any other its words are written, and the table behind it stands in the page. The
same page gives the same bytes.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from typing import Any

from canheal_nb.charts import style
from canheal_nb.reporting.contract import Cover
from canheal_nb.reporting.office import page_tree
from canheal_nb.reporting.office.page_tree import Element, Run
from canheal_nb.reporting.office.parts import printable, timeless

TEXT_WIDTH = 17.0  # centimetres of an A4 page between its margins
PNG = "data:image/png;base64,"
BLOCKS = {"p", "ul", "ol", "dl", "dt", "dd", "table", "div", "section", "header", "main", "footer"}
BLOCKS |= {"h1", "h2", "h3", "h4", "figure", "figcaption", "caption", "details", "body"}
SHORTEST, LONGEST = 8, 48  # signs between which a column's width follows its longest text
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def make_docx(page: str, cover: Cover) -> bytes:
    """Return the page as the bytes of a .docx file, with the cover's title, language and date."""
    from docx import Document

    book = Document()
    _set_up(book, cover)
    body = next(page_tree.read(page).every("body"))
    foot = next(body.every("footer"), None)
    if foot is not None:
        body.inside.remove(foot)
        _foot(book, [page_tree.text(one) for one in foot.every("p")])
    skip = [one for one in body.elements if one.classed("skip")]
    _blocks(book, [one for one in body.inside if one not in skip])
    title = next((page_tree.text(one) for one in body.every("h1")), cover.title)
    about = book.core_properties
    about.title, about.subject, about.language = title, cover.subtitle, cover.lang
    about.author, about.comments, about.last_modified_by, about.revision = "canheal_nb", "", "", 1
    made = io.BytesIO()
    book.save(made)
    return timeless(made.getvalue(), cover.as_of.isoformat().encode() + b"T00:00:00Z")


def _set_up(book: Any, cover: Cover) -> None:
    """Set the paper, the language of all text, and the house's colours and sizes."""
    from docx.shared import Cm, Pt

    paper = book.sections[0]
    paper.page_width, paper.page_height = Cm(21), Cm(29.7)
    paper.left_margin = paper.right_margin = paper.top_margin = paper.bottom_margin = Cm(2)
    defaults = book.styles.element.find(f".//{_WORD}rPrDefault/{_WORD}rPr/{_WORD}lang")
    defaults.set(f"{_WORD}val", "en-GB" if cover.lang == "en" else cover.lang)
    book.styles["Normal"].font.size = Pt(10.5)
    book.styles["Normal"].paragraph_format.space_after = Pt(6)
    for level, size in ((1, 22), (2, 15), (3, 12), (4, 11)):
        named = book.styles[f"Heading {level}"]
        named.font.size, named.font.color.rgb = Pt(size), _colour(style.INK)
        named.paragraph_format.keep_with_next = True
    caption = book.styles["Caption"]
    caption.font.size, caption.font.bold, caption.font.color.rgb = Pt(10), False, None
    caption.paragraph_format.keep_with_next = True


def _foot(book: Any, lines: Sequence[str]) -> None:
    """Write the colophon and the page's number at the foot of every page."""
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    place = book.sections[0].footer.paragraphs[0]
    shown = [*lines, ""]
    for at, line in enumerate(shown):
        run = place.add_run(printable(line))
        run.font.size = Pt(8)
        if at + 1 < len(shown):
            run.add_break()
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = place.add_run()
        run.font.size = Pt(8)
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(f"{_WORD}fldCharType", kind)
        part.text = words
        run._r.append(part)


def _blocks(book: Any, inside: Sequence[str | Element], named: str = "") -> None:
    """Write what stands in an element: blocks as they are, and text between them as paragraphs."""
    loose: list[str | Element] = []
    for one in [*inside, Element("end")]:
        if isinstance(one, str) or (one.tag not in BLOCKS | {"img", "end"}):
            loose.append(one)
            continue
        said = page_tree.runs(loose)
        loose = []
        if said:
            _fill(book.add_paragraph(style=named or None), said)
        if one.tag != "end":
            _block(book, one, named)


def _block(book: Any, one: Element, named: str) -> None:
    if one.tag in ("h1", "h2", "h3", "h4"):
        _fill(book.add_paragraph(style=f"Heading {one.tag[1]}"), page_tree.runs(one.inside))
    elif one.tag == "table":
        _table(book, one)
    elif one.tag == "img":
        _picture(book, one)
    elif one.tag in ("ul", "ol"):
        _list(book, one)
    elif one.tag in ("caption", "figcaption"):
        _fill(book.add_paragraph(style="Caption"), page_tree.runs(one.inside))
    elif one.tag == "p" and one.classed("quiet"):
        _fill(
            book.add_paragraph(style=named or None), page_tree.runs(one.inside, Run("", quiet=True))
        )
    else:
        bold = one.tag == "dt"
        inside = [Element("b", {}, one.inside)] if bold else one.inside
        _blocks(book, inside, named)


def _list(book: Any, one: Element) -> None:
    """Write a list; every numbered one counts from its own first item."""
    numbered = one.tag == "ol"
    name = "List Number" if numbered else "List Bullet"
    number = _numbering(book) if numbered else None
    for item in one.elements:
        before = len(book.paragraphs)
        _blocks(book, item.inside, name)
        for place in book.paragraphs[before:]:
            if number is not None and place.style.name == name:
                place._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = number


def _numbering(book: Any) -> int:
    """Return the id of a new numbering like that of the list style, starting at one."""
    part = book.part.numbering_part.numbering_definitions._numbering
    styled = book.styles["List Number"].element.pPr.numPr.numId.val
    abstract = part.num_having_numId(styled).abstractNumId.val
    made = part.add_num(abstract)
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(made.numId)


def _table(book: Any, one: Element) -> None:
    """Write a table under its caption; the rows of its head are repeated on every page."""
    caption = next(one.every("caption"), None)
    if caption is not None:
        _block(book, caption, "")
    heads = [row for head in one.every("thead") for row in head.every("tr")]
    rows = [[c for c in row.elements if c.tag in ("td", "th")] for row in one.every("tr")]
    rows = [row for row in rows if row]
    if not rows:
        return
    columns = max(sum(_span(cell) for cell in row) for row in rows)
    made = book.add_table(rows=len(rows), cols=columns, style="Table Grid")
    made.autofit = False
    _describe(made, page_tree.text(caption) if caption is not None else "", bool(heads))
    widths = list(_widths(rows, columns))
    for at, (row, line) in enumerate(zip(rows, made.rows, strict=True)):
        _row(line, row, widths, at < len(heads))
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    book.add_paragraph().paragraph_format.space_after = 0


def _row(line: Any, row: Sequence[Element], widths: Sequence[Any], head: bool) -> None:
    from docx.oxml import OxmlElement

    settings = line._tr.get_or_add_trPr()
    settings.append(OxmlElement("w:cantSplit"))
    if head:
        settings.append(OxmlElement("w:tblHeader"))
    places, at = line.cells, 0
    for place, width in zip(places, widths, strict=True):
        place.width = width
    for cell in row:
        span = _span(cell)
        place = places[at] if span == 1 else places[at].merge(places[at + span - 1])
        at += span
        group = cell.attributes.get("scope") == "rowgroup"
        _cell(place, cell, bold=head or group)


def _cell(place: Any, cell: Element, *, bold: bool) -> None:
    """Write a cell: one paragraph for its text, more where it holds blocks."""
    from docx.shared import Pt

    inside: list[str | Element] = [Element("b", {}, cell.inside)] if bold else cell.inside
    blocks = any(isinstance(one, Element) and one.tag in BLOCKS | {"img"} for one in inside)
    if blocks:
        _blocks(_Cell(place), inside)
        if len(place.paragraphs) > 1 and not place.paragraphs[0].text:
            place._tc.remove(place.paragraphs[0]._p)
    else:
        _fill(place.paragraphs[0], page_tree.runs(inside))
    for paragraph in place.paragraphs:
        paragraph.paragraph_format.space_after = Pt(2)
        for run in paragraph.runs:
            run.font.size = Pt(9)


class _Cell:
    """A cell as a place for paragraphs, as a document is; tables in it are written as text."""

    def __init__(self, place: Any) -> None:
        self._place = place
        self.paragraphs = place.paragraphs

    def add_paragraph(self, style: str | None = None) -> Any:
        known = None if style and style.startswith(("List Number", "Heading")) else style
        return self._place.add_paragraph(style=known)


def _describe(made: Any, words: str, head: bool) -> None:
    """Say in the table what it is about and that its first row is its head."""
    from docx.oxml import OxmlElement

    settings = made._tbl.tblPr
    if words:
        said = OxmlElement("w:tblCaption")
        said.set(f"{_WORD}val", printable(words)[:250])
        settings.append(said)
    look = settings.find(f"{_WORD}tblLook")
    if look is not None:
        look.set(f"{_WORD}firstRow", "1" if head else "0")


def _widths(rows: Sequence[Sequence[Element]], columns: int) -> Iterator[Any]:
    from docx.shared import Cm

    longest = [SHORTEST] * columns
    for row in rows:
        if all(_span(cell) == 1 for cell in row):
            for at, cell in enumerate(row):
                longest[at] = max(longest[at], min(LONGEST, len(page_tree.text(cell))))
    for one in longest:
        yield Cm(round(TEXT_WIDTH * one / sum(longest), 2))


def _span(cell: Element) -> int:
    said = cell.attributes.get("colspan", "1")
    return int(said) if said.isdigit() else 1


def _picture(book: Any, one: Element) -> None:
    """Write a PNG with its words; of another picture the words alone."""
    from docx.shared import Cm

    words, source = one.attributes.get("alt", ""), one.attributes.get("src", "")
    if source.startswith(PNG) and hasattr(book, "add_picture"):
        shown = book.add_picture(io.BytesIO(base64.b64decode(source[len(PNG) :])))
        if shown.width > Cm(TEXT_WIDTH):
            shown.height = int(shown.height * Cm(TEXT_WIDTH) / shown.width)
            shown.width = Cm(TEXT_WIDTH)
        shown._inline.docPr.set("descr", printable(words))
    elif words:
        _fill(book.add_paragraph(), [Run(words, quiet=True)])


def _fill(place: Any, said: Sequence[Run]) -> None:
    for run in said:
        if run.text == "\n":
            place.add_run().add_break()
            continue
        made = place.add_run(printable(run.text))
        made.bold = run.bold or None
        if run.quiet:
            made.font.color.rgb = _colour(style.QUIET)
        if run.href:
            _link(place, made, run.href)


def _link(place: Any, made: Any, href: str) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement

    target = place.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id", target)
    made.font.underline = True
    place._p.append(link)
    link.append(made._r)


def _colour(code: str) -> Any:
    from docx.shared import RGBColor

    return RGBColor.from_string(code.lstrip("#").upper())
