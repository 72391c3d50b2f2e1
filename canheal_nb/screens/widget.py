"""The live screen: one anywidget with one file of plain JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from canheal_nb.charts import style


class ScreenWidget(anywidget.AnyWidget):
    """Takes over the markup on the page and sets what changes.

    `state`: `regions` (name -> markup), `marks` (element id -> attributes),
    `fields` (what the controls show), `query` (the link), `canvas` (what the cells show, where
    that changed) and `turn` (counts the answers, so that each is shown even when it says what
    the last one said). `cells`: the shapes of the cells, sent once.
    """

    _esm = Path(__file__).with_name("screen.js")
    _css = style.css()
    state = traitlets.Dict().tag(sync=True)
    markup = traitlets.Unicode("").tag(sync=True)
    cells = traitlets.Dict().tag(sync=True)

    def on_change(self, answer: Callable[[str, str], dict[str, Any]]) -> None:
        """Call `answer(field, value)` for what a person does, and show what it returns."""

        def receive(_widget: Any, content: Any, _buffers: Any) -> None:
            if isinstance(content, dict) and {"field", "value"} <= set(content):
                changed = answer(_text(content["field"]), _text(content["value"]))
                self.state = {**changed, "turn": self.state.get("turn", 0) + 1}

        self.on_msg(receive)

    def push(self, regions: Mapping[str, str]) -> None:
        """Show parts of the screen that changed without being asked; controls stay as they are."""
        if regions:
            self.send({"regions": dict(regions)})

    def show_first(self, canvas: Mapping[str, Any]) -> None:
        """Show what cells say, ahead of the rest of an answer."""
        if canvas:
            self.send({"canvas": dict(canvas)})

    def save(self, name: str, kind: str, content: bytes) -> None:
        """Let the browser save a file; a .png is drawn there from the SVG that is given."""
        self.send({"save": name, "type": kind}, buffers=[content])


def _text(sent: Any) -> str:
    """Return what a page sent as text; of what has none only its type."""
    try:
        return str(sent)
    except (ValueError, RecursionError):  # numbers of thousands of digits, lists in lists in lists
        return type(sent).__name__
