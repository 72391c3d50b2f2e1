"""An app's state: what a person does is answered, what is wrong is said, nothing is lost."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from markupsafe import escape

from canheal_nb.atlas.question import Atlas
from canheal_nb.atlas.screen import atlas_map
from canheal_nb.data import Dataset
from canheal_nb.screens import shell
from canheal_nb.screens.shell import App, Screen
from canheal_nb.screens.widget import ScreenWidget

Build = Callable[..., Dataset]


@pytest.fixture
def app(build: Build) -> App[Atlas]:
    data = build()
    return App(Atlas, atlas_map.screen, atlas_map.vocabulary(data), data, Atlas())


def test_a_change_is_shown(app: App[Atlas]) -> None:
    shown = app.handle("country", "SI")
    assert app.question == shown.question == Atlas(country="SI")
    assert app.handle("show", "waiting").question == Atlas(country="SI", show="waiting")
    assert app.notice == ""


def test_choosing_what_is_chosen_stays(app: App[Atlas]) -> None:
    assert app.handle("country", "SI").state() == app.handle("country", "SI").state()
    assert app.handle("country", "").question == Atlas()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("country", "EL", "Greece is written GR here."), ("contry", "SI", "Did you mean country?")]
    + [("show", "<script>", "is not known"), ("centres", "some", "Use one of: oeci")]
    + [("lang", "tlh", "Use one of: en")],
)
def test_a_wrong_change_leaves_the_view_and_says_why(
    app: App[Atlas], field: str, value: str, said: str
) -> None:
    app.handle("country", "SI")
    shown = app.handle(field, value)
    assert shown.question == Atlas(country="SI")
    assert said in shown.context["notice"]
    assert "<script" not in shown.state()["regions"]["notice"]


def test_the_next_good_change_takes_the_notice_away(app: App[Atlas]) -> None:
    assert 'class="notice"' in app.handle("country", "XX").state()["regions"]["notice"]
    assert app.handle("country", "SI").state()["regions"]["notice"] == ""


def test_a_fault_of_ours_keeps_the_view_and_has_a_code(
    app: App[Atlas], caplog: pytest.LogCaptureFixture
) -> None:
    def faulty(question: Atlas, dataset: Dataset, notice: str) -> Screen:
        if question.show == "waiting":
            raise ZeroDivisionError(question.show)
        return atlas_map.screen(question, dataset, notice)

    app.screen = faulty
    with caplog.at_level(logging.ERROR):
        shown = app.handle("show", "waiting")
    assert shown.question == Atlas()
    assert "code E1" in shown.context["notice"]
    assert "ZeroDivisionError" in caplog.text
    assert app.handle("country", "SI").question == Atlas(country="SI")


def test_another_language_is_spoken_at_once(app: App[Atlas], bracketed: str) -> None:
    assert "⟦No country chosen⟧" in app.handle("lang", bracketed).markup()
    assert app.handle("country", "XX").context["notice"].startswith("⟦")
    assert "⟦" not in app.handle("lang", "en").markup()


# --- opening ------------------------------------------------------------------------------


@pytest.fixture
def _small(build: Build, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    data = build()
    monkeypatch.setattr("canheal_nb.data.load", lambda: data)
    for name in ("VOILA_REQUEST_URL", "VOILA_PREHEAT", "QUERY_STRING"):
        monkeypatch.delenv(name, raising=False)
    shell._dataset.cache_clear()
    yield
    shell._dataset.cache_clear()


@pytest.mark.usefixtures("_small")
def test_a_link_opens_its_view() -> None:
    app = shell.start(Atlas, atlas_map.screen, atlas_map.vocabulary, "show=waiting&country=SI")
    assert app.question == Atlas(show="waiting", country="SI")
    assert app.notice == ""


@pytest.mark.usefixtures("_small")
def test_a_wrong_link_is_said_and_starts_afresh() -> None:
    app = shell.start(Atlas, atlas_map.screen, atlas_map.vocabulary, "country=EL")
    assert app.question == Atlas()
    assert "Greece is written GR here. The view starts afresh." in app.notice
    assert escape(app.notice) in app.show().markup()


@pytest.mark.usefixtures("_small")
def test_the_pages_own_query_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUERY_STRING", "country=MT")
    app = shell.start(Atlas, atlas_map.screen, atlas_map.vocabulary)
    assert app.question == Atlas(country="MT")


def opened(app: App[Atlas], monkeypatch: pytest.MonkeyPatch) -> tuple[ScreenWidget, list[Any]]:
    displayed: list[Any] = []
    monkeypatch.setattr("IPython.display.display", displayed.append)
    return shell.open_app(app), displayed


def test_the_first_picture_is_there_before_the_widget(
    app: App[Atlas], monkeypatch: pytest.MonkeyPatch
) -> None:
    _widget, displayed = opened(app, monkeypatch)
    assert [page.data for page in displayed] == [app.show().markup()]


@pytest.mark.usefixtures("_small")
def test_a_visit_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(question: Atlas, dataset: Dataset, notice: str) -> Screen:
        asked.append(question.country)
        return atlas_map.screen(question, dataset, notice)

    app = shell.start(Atlas, counted, atlas_map.vocabulary, "country=SI")
    opened(app, monkeypatch)
    assert asked == ["", "SI"], "once to be ready, once for the visitor"
    opened(app, monkeypatch)
    assert asked == ["", "SI", "SI"], "opened again, it is shown as it is now"


def test_the_widget_answers_with_what_changed_only(
    app: App[Atlas], monkeypatch: pytest.MonkeyPatch
) -> None:
    widget, _displayed = opened(app, monkeypatch)
    before = app.show().state()
    widget._handle_custom_msg({"field": "country", "value": "SI"}, [])
    after = app.show().state()
    assert widget.state["query"] == "country=SI"
    assert set(widget.state["marks"]) == {"u-SI", "ring"}
    for part in ("regions", "marks"):
        assert {**before[part], **widget.state[part]} == after[part]
    assert "profile" in widget.state["regions"]
    assert "caption" not in widget.state["regions"]
    json.dumps(widget.state)


@pytest.mark.parametrize("message", [None, [], {}, {"field": "country"}, "country=SI"])
def test_a_message_that_is_none_of_ours_changes_nothing(
    app: App[Atlas], monkeypatch: pytest.MonkeyPatch, message: object
) -> None:
    widget, _displayed = opened(app, monkeypatch)
    before = dict(widget.state)
    widget._handle_custom_msg(message, [])
    assert dict(widget.state) == before
    assert app.question == Atlas()


def test_a_message_of_odd_types_is_refused_in_words(
    app: App[Atlas], monkeypatch: pytest.MonkeyPatch
) -> None:
    widget, _displayed = opened(app, monkeypatch)
    widget._handle_custom_msg({"field": ["x"], "value": {"y": 1}}, [])
    assert "There is no parameter" in widget.state["regions"]["notice"]
