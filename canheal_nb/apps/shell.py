"""What all screens share: the first picture, the live widget, the link, and the error boundary."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from canheal_nb import data
from canheal_nb.errors import UserError
from canheal_nb.locale import _, use
from canheal_nb.questions import Question, read, read_query
from canheal_nb.views import html

if TYPE_CHECKING:
    from canheal_nb.views.widget import ScreenWidget

Q = TypeVar("Q", bound=Question)
LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Screen:
    """One view of an app: its question, a template with its context, and the marks that change."""

    question: Question
    template: str
    context: Mapping[str, Any]
    marks: Mapping[str, Mapping[str, str]]

    @property
    def language(self) -> str:
        """The language the screen speaks."""
        return str(getattr(self.question, "lang", "en"))

    def markup(self) -> str:
        """Return the whole screen, as it is painted first."""
        with use(self.language):
            return html.page(self.template, self.context)

    def state(self) -> dict[str, Any]:
        """Return the parts that change, for the live widget."""
        with use(self.language):
            regions = html.regions(self.template, self.context)
        return {
            "regions": regions,
            "marks": self.marks,
            "fields": self.question.model_dump(),
            "query": self.question.query(),
        }


@dataclass
class App(Generic[Q]):
    """An app's state: the question asked now; `handle` answers what a person does."""

    model: type[Q]
    screen: Callable[[Q, data.Dataset, str], Screen]
    vocabulary: Mapping[str, list[str]]
    dataset: data.Dataset
    question: Q
    notice: str = ""

    def show(self) -> Screen:
        """Return the present view, in the question's language."""
        with use(getattr(self.question, "lang", "en")):
            return self.screen(self.question, self.dataset, self.notice)

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
                LOG.exception("the view could not be changed: %s=%r", field, value)
                self.notice = _("This could not be shown (code E1). Nothing is lost; try again.")
        self.question = before
        return self.show()


def start(
    model: type[Q],
    screen: Callable[[Q, data.Dataset, str], Screen],
    vocabulary: Callable[[data.Dataset], Mapping[str, list[str]]],
    query: str,
) -> App[Q]:
    """Return the app for a link; what the link gets wrong is said on the screen."""
    dataset = data.load()
    known = vocabulary(dataset)
    try:
        return App(model, screen, known, dataset, read_query(model, query, known))
    except UserError as error:
        notice = f"{error} " + _("The view starts afresh.")
        return App(model, screen, known, dataset, read(model, {}, known), notice)


def query() -> str:
    """Return the query of the page that is being opened; empty outside Voilà."""
    if "VOILA_REQUEST_URL" not in os.environ and "VOILA_PREHEAT" not in os.environ:
        return os.environ.get("QUERY_STRING", "")
    from voila.utils import get_query_string

    return str(get_query_string() or "")


def open_app(app: App[Q]) -> ScreenWidget:
    """Show the first picture at once and return the widget that brings it to life."""
    from IPython.display import HTML, display

    from canheal_nb.views.widget import ScreenWidget

    first = app.show()
    display(HTML(first.markup()))
    widget = ScreenWidget(state=first.state(), markup="")
    widget.on_change(lambda field, value: app.handle(field, value).state())
    return widget
