"""One report from end to end: checked, run, set as a page and a PDF, and only then written."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from canheal_nb.reporting import files, notebook
from canheal_nb.reporting.contract import DOCUMENT, FORMATS, Cover, Outcome, ReportError
from canheal_nb.reporting.execution import EXECUTED, execute
from canheal_nb.reporting.notebook import Simple
from canheal_nb.reporting.office.document import make_docx
from canheal_nb.reporting.page import make_page
from canheal_nb.reporting.typeset import make_pdf, require
from canheal_nb.text.locale import _, use


def run(
    report: str,
    parameters: Mapping[str, object],
    out: Path,
    formats: Sequence[str] = FORMATS,
    *,
    cover: Cover,
    debug: Path | None = None,
    more: Mapping[str, Callable[[], bytes]] | None = None,
    document: bool = False,
) -> Outcome:
    """Make one report and write `<report>-<subject>.html` and `.pdf` into `out`.

    The same notebook, parameters, cover and data give the same bytes. `debug` names a
    folder that receives the notebook when it fails; `more` makes further formats; with `document`
    the page can be a Word file (docx) too. ReportError
    for an unknown report, parameters that are not exactly the notebook's, a failing cell, a
    missing Pango, a full disk or a folder that cannot be written; then nothing was written.
    """
    started = time.monotonic()
    path = notebook.find(report)
    checked = notebook.check(parameters, path)
    further = more or {}
    on_page = (*FORMATS, DOCUMENT) if document else FORMATS
    _require_formats(formats, (*on_page, *further))
    stem = f"{report}-{cover.subject}"
    with use(cover.lang), files.plain_full_disk(out):
        page_formats = [kind for kind in formats if kind in on_page]
        contents = _make(path, checked, cover, page_formats, debug) if page_formats else {}
        contents |= {kind: make() for kind, make in further.items() if kind in formats}
        named = {f"{stem}.{kind}": content for kind, content in contents.items()}
        paths = files.put(out, named)
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in named.items()}
    return Outcome(paths, time.monotonic() - started, sums)


def _make(
    path: Path,
    parameters: Mapping[str, Simple],
    cover: Cover,
    formats: Sequence[str],
    debug: Path | None,
) -> dict[str, bytes]:
    """Return the bytes of each format that is made of the page: html, pdf, docx."""
    with tempfile.TemporaryDirectory(prefix="canheal-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        try:
            executed = execute(path, parameters, folder, cover.as_of)
            page = make_page(executed, cover, path.stem)
        except ReportError:
            _keep(folder / EXECUTED, debug, f"{path.stem}-{cover.subject}-failed.ipynb")
            raise
    contents = {"html": page.encode()} if "html" in formats else {}
    contents |= {"pdf": make_pdf(page)} if "pdf" in formats else {}
    return contents | ({DOCUMENT: make_docx(page, cover)} if DOCUMENT in formats else {})


def _keep(executed: Path, debug: Path | None, name: str) -> None:
    if debug is not None and executed.exists():
        debug.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(executed, debug / name)


def _require_formats(formats: Sequence[str], known: Sequence[str]) -> None:
    """Refuse unknown formats, and a PDF that could not be made, before anything runs."""
    unknown = [kind for kind in formats if kind not in known]
    if unknown or not formats:
        sentence = _("A report is made as {known}, not as {given}.")
        given = ", ".join(ascii(kind) for kind in unknown) or _("nothing")
        few, last = ", ".join(known[:-1]), known[-1]
        listed = _("{few} or {last}").format(few=few, last=last)
        text = sentence.format(known=listed, given=given)
        raise ReportError(text, code="unknown-format")
    if "pdf" in formats:
        require()
