"""What all screens share: the first picture, the live widget, the link, and the error boundary."""

from __future__ import annotations

import logging
import os
import re
import threading
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from canheal_nb import data
from canheal_nb.reporting import html
from canheal_nb.screens.background_work import Work, Worker
from canheal_nb.screens.exports import File
from canheal_nb.text import refusals
from canheal_nb.text.errors import UserError
from canheal_nb.text.home import data_dir
from canheal_nb.text.locale import _, use
from canheal_nb.text.question import Question, read, read_query

if TYPE_CHECKING:
    from canheal_nb.screens.widget import ScreenWidget

Q = TypeVar("Q", bound=Question)
_SAVE = re.compile(r'data-set="save=([\w-]+)"')
LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Screen:
    """One view of an app: its question, a template with its context, and what changes on the map.

    `question` is the one that is shown: a screen may settle what does not fit together. `marks`:
    element id -> attributes; `drawn`: name of a region inside the map -> its marks; `save`: kind of
    file -> what is seen as such a file; `opened`: a file that was filled in -> what its answers
    make of the question's fields; `canvas`: what cells under the map show now, `cells`: their
    shapes, which are sent once (both as `charts.maps.hexagons` makes them); `work`: what goes on
    while the screen is read, and shows it anew.
    """

    question: Question
    template: str
    context: Mapping[str, Any]
    marks: Mapping[str, Mapping[str, str]]
    drawn: Mapping[str, str] = field(default_factory=dict)
    save: Callable[[str], File] | None = None
    canvas: Mapping[str, Any] = field(default_factory=dict)
    cells: Mapping[str, Any] = field(default_factory=dict)
    work: Work | None = None
    opened: Callable[[bytes], Mapping[str, str]] | None = None

    @property
    def language(self) -> str:
        """The language the screen speaks."""
        return str(getattr(self.question, "lang", "en"))

    def markup(self) -> str:
        """Return the whole screen, as it is painted first."""
        with use(self.language):
            return html.page(self.template, self.context)

    def saved(self, kind: str) -> File:
        """Return what is seen as a file; UserError for a kind that no button on it offers."""
        offered = list(dict.fromkeys(_SAVE.findall(self.markup()))) if self.save else []
        if self.save is None or kind not in offered:
            sentence = _("This screen saves no file of the kind {kind}; it offers: {kinds}.")
            kinds = ", ".join(offered) or _("none")
            told = sentence.format(kind=refusals.shown(kind), kinds=kinds)
            raise UserError(told, code="unknown-kind")
        return self.save(kind)

    def state(self) -> dict[str, Any]:
        """Return the parts that change, for the live widget."""
        with use(self.language):
            regions = html.regions(self.template, self.context)
        return {
            "regions": {**regions, **self.drawn},
            "marks": self.marks,
            "fields": self.question.model_dump(),
            "query": self.question.query(),
            **({"canvas": self.canvas} if self.canvas else {}),
        }


@dataclass
class App(Generic[Q]):
    """An app's state: the question asked now; `handle` answers what a person does.

    `first`: what of the answer (`Screen.canvas`) is shown before the rest is ready; `opening`:
    the view of the link, until `open_app` shows it.
    """

    model: type[Q]
    screen: Callable[[Q, data.Dataset, str], Screen]
    vocabulary: Mapping[str, list[str]]
    dataset: data.Dataset
    question: Q
    notice: str = ""
    first: Callable[[Q, data.Dataset], Mapping[str, Any]] | None = None
    opening: Screen | None = None

    def show(self) -> Screen:
        """Return the present view, in the question's language."""
        with use(getattr(self.question, "lang", "en")):
            shown = self.screen(self.question, self.dataset, self.notice)
        self.question = cast("Q", shown.question)
        return shown

    def file(self, kind: str) -> File | None:
        """Return what is seen as a file; None, with the reason as notice, where that cannot be."""
        shown = self.show()
        self.notice = ""
        with use(shown.language):
            try:
                return shown.saved(kind)
            except UserError as error:
                self.notice = str(error)
            except Exception:
                LOG.exception("no file could be made: %s", refusals.shown(kind))
                self.notice = _fault()
        return None

    def take(self, content: str) -> dict[str, str]:
        """Take the answers of a file (base64) that was filled in; return the fields it changes.

        A file that is refused changes nothing, and the reason is the notice.
        """
        before = self.show()
        self.notice = ""
        with use(before.language):
            try:
                fields = dict(before.opened(_decoded(content)) if before.opened else {})
                changed = {**before.question.model_dump(), **fields}
                self.question = read(self.model, changed, self.vocabulary)
                self.show()
                return fields
            except UserError as error:
                self.notice = str(error)
            except Exception:
                LOG.exception("a file could not be taken")
                self.notice = _fault()
        self.question = cast("Q", before.question)
        return {}

    def sooner(self, field: str, value: str) -> Mapping[str, Any]:
        """Return what can be shown before the rest of an answer; nothing when that fails."""
        if self.first is None or field not in self.model.model_fields:
            return {}
        try:
            changed = {**self.question.model_dump(), field: value}
            return self.first(read(self.model, changed, self.vocabulary), self.dataset)
        except Exception:  # the whole answer, which follows, says what is wrong
            return {}

    def handle(self, field: str, value: str) -> Screen:
        """Answer one change; a wrong one leaves the view and says why.

        Choosing what is chosen already, as a country on the map, stays as it is.
        """
        before, self.notice = self.question, ""
        with use(getattr(before, "lang", "en")):
            try:
                changed = {**before.model_dump(), field: value}
                self.question = read(self.model, changed, self.vocabulary)
                return self.show()
            except UserError as error:
                self.notice = str(error)
            except Exception:
                LOG.exception(
                    "the view could not be changed: %s=%s",
                    refusals.shown(field),
                    refusals.shown(value),
                )
                self.notice = _fault()
        self.question = before
        return self.show()


def _decoded(content: str) -> bytes:
    try:
        return b64decode(content)
    except ValueError:
        text = _("The file did not arrive whole; open it again.")
        raise UserError(text, code="broken-file") from None


def _fault() -> str:
    return _("This could not be shown (code E1). Nothing is lost; try again.")


def start(
    model: type[Q],
    screen: Callable[[Q, data.Dataset, str], Screen],
    vocabulary: Callable[[data.Dataset], Mapping[str, list[str]]],
    query: str = "",
    first: Callable[[Q, data.Dataset], Mapping[str, Any]] | None = None,
) -> App[Q]:
    """Return the app for a link; what the link gets wrong is said on the screen.

    Without a query the page's own is taken. All that does not depend on it is done before it is
    asked for: a warm kernel waits there for its visitor.
    """
    dataset = _dataset(_stamp(data_dir()))
    known = vocabulary(dataset)
    plain = read(model, {}, known)
    app = App(model, screen, known, dataset, plain, first=first)
    usual = app.show()
    usual.markup()
    try:
        app.question = read_query(model, query or page_query(), known)
        app.opening = usual if app.question == plain else app.show()
    except UserError as error:
        app.question = read(model, {}, known)
        app.notice = f"{error} " + _("The view starts afresh.")
    return app


@lru_cache(maxsize=1)
def _dataset(_stamp: tuple[tuple[str, int, int], ...]) -> data.Dataset:
    """Return the dataset; what was worked out from it before stays worked out."""
    return data.load()


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what changes when a file of the data does: each name, size and time."""
    found = ((path, path.stat()) for path in sorted(folder.rglob("*")) if path.is_file())
    return tuple((str(path), kept.st_size, kept.st_mtime_ns) for path, kept in found)


def page_query() -> str:
    """Return the query of the page that is being opened; empty outside Voilà."""
    if "VOILA_REQUEST_URL" not in os.environ and "VOILA_PREHEAT" not in os.environ:
        return os.environ.get("QUERY_STRING", "")
    from voila.utils import get_query_string

    return str(get_query_string() or "")


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the new state without the regions, marks and cells that are as they were."""
    same = {
        part: {name: v for name, v in after[part].items() if before[part].get(name) != v}
        for part in ("regions", "marks")
    }
    changed = {**after, **same}
    if before.get("canvas") == after.get("canvas"):
        changed.pop("canvas", None)
    return changed


def open_app(app: App[Q]) -> ScreenWidget:
    """Show the first picture at once and return the widget that brings it to life."""
    from IPython.display import HTML, display

    from canheal_nb.screens.widget import ScreenWidget

    first, app.opening = app.opening or app.show(), None
    display(HTML(first.markup()))
    shown = first.state()
    state = {**shown, "regions": {}, "marks": {}}
    widget = ScreenWidget(state=state, markup="", cells=dict(first.cells))
    work = first.work  # begun when the page says that it listens: field "work", value "go"
    one_at_a_time = threading.RLock()

    def told() -> None:
        """Show what the work behind the screen has come to; nobody asked, so no field changes."""
        nonlocal shown
        with one_at_a_time:
            before, shown = shown, app.show().state()
            widget.push(changes(before, shown)["regions"])

    worker = Worker(told)

    def answer(field: str, value: str) -> dict[str, Any]:
        nonlocal shown, work
        with one_at_a_time:
            widget.show_first(app.sooner(field, value))
            if field == "save":
                file = app.file(value)
                if file:
                    widget.save(file.name, file.type, file.content)
            elif field == "work" and work is not None:
                work.halted = value == "stop"
            taken = app.take(value) if field == "file" else {}
            asked = field not in ("save", "file", "work")
            view = app.handle(field, value) if asked else app.show()
            before, shown, work = shown, view.state(), view.work
            worker.follow(work)
            more: dict[str, Any] = {"taken": taken} if taken else {}
            if field == "file" and not taken:
                more = {"refused": app.notice}
            return {**changes(before, shown), **more}

    widget.on_change(answer)
    return widget
