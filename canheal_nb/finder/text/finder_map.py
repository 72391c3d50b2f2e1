"""The finder's map: the centres that were found, and the place that was named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from canheal_nb.centres.text import centre_map
from canheal_nb.charts import style
from canheal_nb.charts.drawing import tag


def frame(shown: pd.DataFrame, here: pd.DataFrame | None, geometry: Mapping[str, Any]) -> str:
    """Return the part of the map with the centres and the place; empty for the whole map.

    A place outside the map (an outermost region) is left out.
    """
    inside = [here] if here is not None and _on(here, geometry) else []
    points = pd.concat([shown[["x", "y"]], *inside])
    return centre_map.frame(points, geometry) if len(points) else ""


def drawn(
    shown: pd.DataFrame,
    here: pd.DataFrame | None,
    centre: str,
    centres: pd.DataFrame,
    kinds: Mapping[str, str],
) -> dict[str, str]:
    """Return the regions of the map: symbols of the centres, the chosen one, and the place."""
    points = centre_map.points(shown, centres, kinds)
    own = next((point for point in points if point.centre_id == centre), None)
    return {
        "symbols": home(here) + centre_map.symbols(points),
        "chosen": centre_map.chosen(own),
    }


def home(here: pd.DataFrame | None) -> Markup:
    """Return the mark of the place where the person lives."""
    if here is None:
        return Markup("")
    x, y = float(here["x"].iloc[0]), float(here["y"].iloc[0])
    outer = tag("circle", r=9, fill=style.PAPER, stroke=style.ACCENT, stroke_width=3)
    inner = tag("circle", r=4, fill=style.ACCENT)
    return tag("g", outer + inner, class_="sym home", style=f"--x:{x:.2f}px;--y:{y:.2f}px")


def _on(here: pd.DataFrame, geometry: Mapping[str, Any]) -> bool:
    x, y = float(here["x"].iloc[0]), float(here["y"].iloc[0])
    return 0 <= x <= float(geometry["width"]) and 0 <= y <= float(geometry["height"])
