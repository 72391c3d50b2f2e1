"""What a page may send that no page of ours sends: each app answers, and stays as it was."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import pytest

from canheal_nb.data import Dataset
from canheal_nb.screens import shell
from canheal_nb.screens.widget import ScreenWidget
from canheal_nb.text import home

APPS = sorted((home.notebooks_dir() / "apps").glob("*.ipynb"))
IMPORTED = re.compile(r'"from (canheal_nb\.\S+) import ([\w, ]+?)\\n"')
STARTED = re.compile(r"shell\.start\((\w+), (\w+)\.screen")
LONG = "x" * 1_000_000
DEEP: list[Any] = []
for _n in range(5_000):
    DEEP = [DEEP]
MESSAGES: tuple[object, ...] = (
    None, [], {}, "save=csv", 1.5, {"field": "save"}, {"value": "csv"},
    {"field": None, "value": None},
    {"field": "save", "value": "xyz"}, {"field": "save", "value": "../../etc/passwd"},
    {"field": "save", "value": ""}, {"field": "save", "value": ["csv"]},
    {"field": "save", "value": "countries-csv-"}, {"field": "save", "value": LONG},
    {"field": "file", "value": "x"}, {"field": "file", "value": "é" * 9},
    {"field": "file", "value": "UEsDBA=="}, {"field": "file", "value": LONG},
    {"field": "work", "value": "explode"}, {"field": "work", "value": DEEP},
    {"field": "unknown", "value": "SI"}, {"field": LONG, "value": "SI"},
    {"field": "__class__", "value": "x"}, {"field": "lang", "value": LONG},
    {"field": "lang", "value": float("nan")}, {"field": DEEP, "value": DEEP},
    {"field": "lang", "value": 10**5_000}, {"field": "lang", "value": "\0\ud800"},
)  # fmt: skip


def parts(path: Path) -> tuple[type[Any], Any]:
    """Return the question and the module of an app, as its notebook starts it."""
    from importlib import import_module

    text = path.read_text(encoding="utf-8")
    names = {
        name: getattr(import_module(module), name, None) or import_module(f"{module}.{name}")
        for module, listed in IMPORTED.findall(text)
        for name in listed.split(", ")
    }
    found = STARTED.search(text)
    assert found
    return names[found.group(1)], names[found.group(2)]


@pytest.fixture
def _quiet(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "_dataset", lambda _stamp: dataset)
    monkeypatch.setattr("IPython.display.display", lambda _shown: None)
    for name in ("VOILA_REQUEST_URL", "VOILA_PREHEAT", "QUERY_STRING"):
        monkeypatch.delenv(name, raising=False)


def send(widget: ScreenWidget, message: object) -> None:
    """Send as a page does; what would reach the kernel's log as a traceback is raised here."""
    for receive in widget._msg_callbacks.callbacks:
        receive(widget, message, [])


@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize(
    "text", ["[[[[\0", pytest.param(LONG, marks=pytest.mark.long)], ids=["short", "long"]
)
@pytest.mark.parametrize("path", APPS, ids=lambda path: path.stem)
def test_no_message_breaks_a_screen(
    path: Path, text: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    question, module = parts(path)
    app = shell.start(question, module.screen, module.vocabulary)
    whole, drawn = app.screen, dict[object, shell.Screen]()
    states, pages = dict[int, dict[str, Any]](), dict[int, str]()

    def screen(asked: Any, data: Dataset, notice: str) -> shell.Screen:
        if asked not in drawn:
            drawn[asked] = whole(asked, data, notice)
        return drawn[asked]

    def state(one: shell.Screen) -> dict[str, Any]:
        if id(one) not in states:
            states[id(one)] = state_of(one)
        return states[id(one)]

    def markup(one: shell.Screen) -> str:
        if id(one) not in pages:
            pages[id(one)] = markup_of(one)
        return pages[id(one)]

    state_of, markup_of = shell.Screen.state, shell.Screen.markup
    widget = shell.open_app(app)
    app.screen = screen  # each view is drawn once: what is refused shows the one before
    monkeypatch.setattr(shell.Screen, "state", state)
    monkeypatch.setattr(shell.Screen, "markup", markup)
    before = app.question
    with caplog.at_level(logging.ERROR):
        for message in MESSAGES:
            send(widget, message)
            assert app.question == before
            assert len(app.notice) < 1_000
        for field in question.model_fields:
            send(widget, {"field": field, "value": text})
    assert not caplog.records, "nothing was a fault of ours"
    app.screen = whole
    send(widget, {"field": "save", "value": "xyz"})
    assert "of the kind 'xyz'" in app.notice
    assert app.notice.endswith(".")
    assert 'class="notice"' in markup_of(app.show())
