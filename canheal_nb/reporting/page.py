"""An executed notebook as one self-contained page: no code, no script, no foreign request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree
from lxml.html import document_fromstring

from canheal_nb.charts.style import report_css
from canheal_nb.reporting import feedback_link
from canheal_nb.reporting.contract import Cover, ReportError
from canheal_nb.reporting.light_imports import without_iri_grammar
from canheal_nb.text.locale import _

if TYPE_CHECKING:
    from nbformat import NotebookNode

TEMPLATE = Path(__file__).parent / "template"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
FORBIDDEN = ("script", "iframe", "object", "embed", "link", "base", "form", "video", "audio")
FETCHING = ("src", "srcset", "data", "poster", "background", "xlink:href")
_HEADING = re.compile(r"\A\s*# +(.+?)\s*(?:\n|\Z)")


def make_page(notebook: NotebookNode, cover: Cover, report: str) -> str:
    """Return the report as HTML text; ReportError when it would not stand alone.

    The notebook's first heading names the kind of report in the running head; the
    cover's title is the page's h1 (that same heading when the cover has none).
    """
    kind, blocks = _kind_and_blocks(notebook, report)
    words = _words(cover)
    resources = {"cover": cover, "kind": _(kind), "blocks": blocks, "words": words, "css": _css()}
    with without_iri_grammar():
        from nbconvert.exporters.templateexporter import TemplateExporter

    exporter = TemplateExporter(
        template_paths=[str(TEMPLATE)],
        template_file="report.html.j2",
        filters={"prose": _prose},
    )
    exporter.environment.autoescape = True
    page, _resources = exporter.from_notebook_node(notebook, resources=resources)
    _refuse_faults(str(page), report)
    return str(page)


def _kind_and_blocks(notebook: NotebookNode, report: str) -> tuple[str, list[dict[str, str]]]:
    """Take the heading off the first prose; return it and the page's blocks in order.

    A block has `kind` (prose or html), `text`, and `side` (left, right or empty, from the
    cell's tags). Code, printed text, parameters and cells tagged `hide` make no block; a hidden
    heading still names the kind of report.
    """
    heading = report.replace("_", " ").capitalize()
    blocks: list[dict[str, str]] = []
    for number, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        prose = cell.cell_type == "markdown"
        found = _HEADING.match(cell.source) if prose and not blocks else None
        heading = found[1] if found else heading
        if "hide" in tags:
            continue
        side = next((tag for tag in tags if tag in ("left", "right")), "")
        if prose:
            text = cell.source[found.end() :] if found else cell.source
            if text.strip():
                blocks.append({"kind": "prose", "side": side, "text": text})
        elif cell.cell_type == "code":
            shown = [_shown(output, number, report) for output in cell.outputs]
            blocks += [{"kind": "html", "side": side, "text": text} for text in shown if text]
    return heading, blocks


def _shown(output: NotebookNode, number: int, report: str) -> str:
    """Return the HTML of one output, nothing for printed text; ReportError without HTML."""
    if output.output_type == "stream":
        return ""
    html = output.get("data", {}).get("text/html")
    if html is None:
        raise _unfit(report, _("its cell {number} shows no HTML").format(number=number + 1))
    return str(html)


def _prose(text: str) -> str:
    """Return a Markdown text as HTML; HTML inside it is shown as it is written, not obeyed."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(escape=True, exclude_anchor_links=True)
    return str(MarkdownWithMath(renderer=renderer).render(text))


def _words(cover: Cover) -> dict[str, str]:
    from babel.dates import format_date

    locale = "en_GB" if cover.lang == "en" else cover.lang
    date = format_date(cover.as_of, format="long", locale=locale)
    as_of = _("as of {date}").format(date=date)
    edition = _("Edition {edition}").format(edition=cover.edition)
    return {
        "skip": _("Skip to the report"),
        "edition": f"{edition} · {as_of}" if cover.edition else as_of,
        "tell": feedback_link.line(),
    }


def _css() -> str:
    """Return the house's tokens and type, then the rules of pages and screens of reports."""
    return report_css() + (TEMPLATE / "report.css").read_text(encoding="utf-8")


def _refuse_faults(page: str, report: str) -> None:
    tree = document_fromstring(page)
    count = len(tree.findall(".//h1"))
    faults = [fault for one in tree.iter(etree.Element) for fault in _faults(one)]
    faults += _level_faults([int(one.tag[1]) for one in tree.iter(*HEADINGS)])
    if count != 1:
        faults.append(_("it has {count} main headings").format(count=count))
    if faults:
        raise _unfit(report, faults[0])


def _faults(one: Any) -> Iterator[str]:
    """Yield what an element must not do: run, fetch, or show a picture without words."""
    tag, values = one.tag, one.attrib
    if tag in FORBIDDEN or any(name.startswith("on") for name in values):
        yield _("it has the active element {tag}").format(tag=tag)
    if tag == "img" and not values.get("alt", "").strip():
        yield _("a picture has no text alternative")
    if values.get("href", "").strip().lower().startswith("javascript:"):
        yield _("a link runs a script")
    for name in FETCHING:
        if not values.get(name, "data:").startswith(("data:", "#")):
            yield _("{tag} fetches something").format(tag=tag)
    css = values.get("style", "") + (one.text or "" if tag == "style" else "")
    if "@import" in css or re.search(r"url\(\s*['\"]?(?!data:|#)", css):
        yield _("its style fetches something")


def _level_faults(levels: list[int]) -> list[str]:
    skipped = (now for before, now in pairwise([0, *levels]) if now > before + 1)
    return [_("a heading skips a level before h{level}").format(level=now) for now in skipped]


def _unfit(report: str, fault: str) -> ReportError:
    sentence = _("The report {report} is not fit to be published: {fault}; nothing was written.")
    return ReportError(sentence.format(report=report, fault=fault), code="report-unfit")
