"""The one place where goldens touch the product: commands, notebooks, and few names within.

Screens and reports are driven by the cells of their own notebooks and by the command line, so
that a golden does not depend on where code lies. What cannot be asked that way is below `WITHIN`.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import json
import os
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest import mock

import nbformat

import canheal_nb
from canheal_nb.cli import main

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
STORE = "STORE"  # stands for the folder of the store, whose name is another each time


# --- the command line and the public names ----------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What a command printed, and with which code it ended."""

    code: int
    out: str
    err: str


def command(*words: str) -> Said:
    """Run a command of `canheal` in this process, in a terminal of 100 columns."""
    out, err = io.StringIO(), io.StringIO()
    with plain_surroundings(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(list(words))
        except SystemExit as ended:
            code = int(ended.code or 0)
        folder = os.environ["CANHEAL_STORE"]
    return Said(code, out.getvalue().replace(folder, STORE), err.getvalue().replace(folder, STORE))


@contextlib.contextmanager
def plain_surroundings() -> Iterator[None]:
    """Let nothing of whoever runs this be seen: no store, no address, no link, no terminal."""
    ours = {name for name in os.environ if name.startswith(("CANHEAL_", "VOILA_"))}
    ours |= {"QUERY_STRING"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    with tempfile.TemporaryDirectory(prefix="canheal-goldens-") as folder:
        more = {"CANHEAL_STORE": folder, "COLUMNS": "100", "NO_COLOR": "1"}
        with mock.patch.dict(os.environ, {**kept, **more}, clear=True), dataset_is_shared():
            yield


def public_names() -> list[str]:
    """Return a line for each public name, its members under it, with signatures as written."""
    lines = [f"canheal_nb.{name}" for name in sorted(dir(canheal_nb))]
    for name in sorted(canheal_nb.__all__):
        one = getattr(canheal_nb, name)
        if inspect.isfunction(one):
            lines += ["", f"{name}{inspect.signature(one)}"]
        elif inspect.isclass(one):
            bases = ", ".join(base.__name__ for base in one.__bases__)
            lines += ["", f"class {name}({bases})", *_members(one)]
    return lines


def _members(one: type) -> Iterator[str]:
    fields = getattr(one, "__dataclass_fields__", {})
    for field, about in fields.items():
        if not field.startswith("_"):
            yield f"    {field}: {about.type}"
    for member in sorted(dir(one)):
        if member in fields or (member.startswith("_") and member != "_repr_html_"):
            continue
        value = inspect.getattr_static(one, member)
        if isinstance(value, property):
            yield f"    {member} -> {inspect.signature(value.fget).return_annotation}"
        elif isinstance(value, classmethod | staticmethod):
            yield f"    {type(value).__name__} {member}{inspect.signature(value.__func__)}"
        elif inspect.isfunction(value):
            yield f"    {member}{inspect.signature(value)}"


# --- notebooks: their own cells, in this process ----------------------------------------------


@cache
def _code(path: Path) -> tuple[tuple[str, bool], ...]:
    """Return the code cells of a notebook and whether each is its parameters."""
    book = nbformat.read(path, as_version=4)
    return tuple(
        (cell.source, "parameters" in cell.metadata.get("tags", []))
        for cell in book.cells
        if cell.cell_type == "code"
    )


def app_names() -> list[str]:
    """Return the names of the apps, as their addresses spell them."""
    return sorted(path.stem for path in (NOTEBOOKS / "apps").glob("*.ipynb"))


def report_names() -> list[str]:
    """Return the names of the reports, as the command line spells them."""
    return sorted(path.stem for path in (NOTEBOOKS / "reports").glob("*.ipynb"))


def opened(app: str, query: str) -> Any:
    """Return the app that the cells of its notebook make for a link."""
    scope: dict[str, Any] = {}
    for source, parameters in _code(NOTEBOOKS / "apps" / f"{app}.ipynb")[:-1]:
        exec(source, scope)
        if parameters:
            scope["query"] = query
    return scope["app"]


@dataclass(frozen=True)
class Seen:
    """A screen as a visitor gets it: its page, its link, and what is set on the page later."""

    page: str
    query: str
    state: Mapping[str, Any]


def seen(app: str, query: str, steps: Sequence[tuple[str, str | bytes]]) -> Seen:
    """Return what a visitor sees who opens a link and then does some things.

    A step is a field with its value, as the page sends it; ("file", bytes) hands in a file, and
    ("save", kind) asks for one, which is wanted for its refusal.
    """
    with plain_surroundings():
        made = opened(app, query)
        for field, value in steps:
            if isinstance(value, bytes):
                made.take(b64encode(value).decode())
            elif field == "save":
                made.file(value)
            else:
                made.handle(field, value)
        view = made.show()
        state = view.state()
        return Seen(str(view.markup()), str(state["query"]), state)


def saved(app: str, query: str, kind: str) -> bytes:
    """Return the file that a screen saves."""
    with plain_surroundings():
        file = opened(app, query).file(kind)
    return bytes(file.content)


def _run_here(path: Path, parameters: Mapping[str, object], *_more: object) -> Any:
    """Run a report's notebook in this process: what each cell shows, as a kernel would keep it."""
    book = nbformat.read(path, as_version=4)
    scope: dict[str, Any] = {}
    for cell in book.cells:
        if cell.cell_type != "code":
            continue
        if "parameters" in cell.metadata.get("tags", []):
            scope.update(parameters)
            continue
        *lines, last = cell.source.splitlines()
        try:
            compile(last, "cell", "eval")
        except SyntaxError:
            exec(cell.source, scope)
            continue
        exec("\n".join(lines), scope)
        value = eval(last, scope)
        html = getattr(value, "_repr_html_", lambda: None)()
        if html is not None:
            data = {"text/html": html, "text/plain": ""}
            cell.outputs = [nbformat.v4.new_output("execute_result", data)]
    return book


def report(name: str, *words: str) -> str:
    """Return the page of a report, as the command line makes it."""
    with tempfile.TemporaryDirectory(prefix="canheal-goldens-") as folder, kernel_is_here():
        told = command("report", name, *words, "--format", "html", "--out", folder)
        if told.code:
            raise AssertionError(told.err)
        (path,) = Path(folder).glob("*.html")
        return path.read_text(encoding="utf-8")


# --- WITHIN: names that a move of the code has to follow --------------------------------------


@contextlib.contextmanager
def dataset_is_shared() -> Iterator[None]:
    """Let all that is asked here stand on one dataset: what was worked out of it is not again."""
    from canheal_nb import data

    with mock.patch.object(data, "load", partial(_load, data.load)):
        yield


@cache
def _load(plain: Callable[[], Any]) -> Any:
    """Return the dataset, read once."""
    return plain()


@contextlib.contextmanager
def kernel_is_here() -> Iterator[None]:
    """Let a report's notebook run in this process instead of a kernel of its own."""
    from canheal_nb.reporting import production

    with mock.patch.object(production, "execute", _run_here):
        yield


@contextlib.contextmanager
def groups_told() -> Iterator[None]:
    """Let the priorities of three imagined groups be published."""
    import datetime as dt

    from canheal_nb.priorities import named_sets
    from canheal_nb.priorities.model.snapshot_rules import Snapshot
    from canheal_nb.priorities.snapshot_store import Published

    told = [
        ("patient", 4, Snapshot(12, 0.05, {"mri": 0.4, "radiotherapy": 0.1}, ("swing",), "agree")),
        ("patient", 8, Snapshot(30, 0.05, {"mri": 0.1, "radiotherapy": 0.4}, (), "partly")),
        ("provider", 8, Snapshot(6, 0.1, {"mri": 0.5, "pet_ct": 0.1}, ("euros",), "too_few")),
        ("citizen-pairs", 8, Snapshot(8, 0.1, {"pet_ct": 0.2}, ("ahp",), "too_few")),
    ]
    days = [(group, dt.date(2026, 6, day), one) for group, day, one in told]
    made = [Published(f"{group}-{day}", group, day, one) for group, day, one in days]
    with mock.patch.object(named_sets, "told", return_value=made):
        yield


@contextlib.contextmanager
def bracketed() -> Iterator[str]:
    """Offer a language in which every text stands between brackets: what is left out is seen."""
    from canheal_nb.text import locale

    class Brackets(locale.gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return f"⟦{message}⟧"

        def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
            return f"⟦{msgid1 if n == 1 else msgid2}⟧"

    plain = locale._catalogue
    with tempfile.TemporaryDirectory(prefix="canheal-goldens-") as name:
        folder = Path(name)
        (folder / "eo" / "LC_MESSAGES").mkdir(parents=True)
        (folder / "eo" / "LC_MESSAGES" / "canheal.mo").touch()
        with (
            mock.patch.object(locale, "_FOLDER", folder),
            mock.patch.object(
                locale, "_catalogue", lambda code: Brackets() if code == "eo" else plain(code)
            ),
        ):
            yield "eo"


def plain_json(value: object) -> str:
    """Return a value of a screen's state as JSON."""
    return json.dumps(value, default=str, sort_keys=True, ensure_ascii=False)
