"""Cells of the grid on a canvas under the map: shapes sent once, then one class per cell.

The classes are minutes by car. Those within the limit are blue, darkest where a centre is
nearest; those beyond are orange, darkest where it is farthest.
"""

from __future__ import annotations

import re
import textwrap
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup
from numpy.typing import NDArray

from canheal_nb.charts import plot, style
from canheal_nb.charts.drawing import tag
from canheal_nb.indicators import words
from canheal_nb.text.locale import _

MAIN = "main"
BOUNDS = (30, 45, 60, 90, 120, 180)
UNKNOWN, UNSEEN = len(BOUNDS) + 1, 255
NEAR = ("#082a50", "#10457c", "#2a70ad", "#5495c8", "#8bb8da", "#b7d4ea")
FAR = ("#fdecd2", "#fbd5a5", "#f3b871", "#e39a45", "#c97a22", "#a65f16")
GREY = "#d5dbe1"
WIDE, HIGH, LETTERS = 432, 164, 62  # a legend, and the letters of its line
FINE = 32  # parts of a map unit that corners are sent in
NUMBER = re.compile(r"-?\d*\.?\d+")


def ordered(hexagons: pd.DataFrame, insets: Sequence[str]) -> pd.DataFrame:
    """Return the cells with people and an outline, frame by frame (column `frame`)."""
    drawn = hexagons[(hexagons["population"] > 0) & (hexagons["path"] != "")]
    frame = drawn["area_id"].where(drawn["area_id"].isin(insets), MAIN)
    order = {name: place for place, name in enumerate([MAIN, *insets])}
    return drawn.assign(frame=frame).sort_values("frame", key=lambda names: names.map(order))


def cells(drawn: pd.DataFrame, geometry: Mapping[str, Any], names: pd.Series) -> dict[str, Any]:
    """Return the shapes as base64 (corners, and how many each cell has), frames and names.

    `drawn`: from `ordered`; `names` by h3. A frame is its first cell, the number of cells, and
    its width in units of the map.
    """
    outlines = [corners(path) for path in drawn["path"]]
    width = {inset["id"]: inset["width"] for inset in geometry["insets"]}
    width[MAIN] = geometry["width"]
    counts = drawn["frame"].value_counts()
    frames, start = {}, 0
    for frame in drawn["frame"].unique():
        frames[frame] = [start, int(counts[frame]), width[frame]]
        start += int(counts[frame])
    flat = np.concatenate([one.ravel() for one in outlines]) if outlines else np.zeros(0)
    return {
        "corners": _base64(np.round(flat * FINE).astype("<i4")),
        "sizes": _base64(np.array([len(one) for one in outlines], dtype=np.uint8)),
        "fine": FINE,
        "frames": frames,
        "names": "\n".join(str(names.get(cell, "")) for cell in drawn.index),
    }


def corners(path: str) -> NDArray[np.float64]:
    """Return the corners of an outline ("M1,2l3,4 ...z"), a row each."""
    numbers = np.array([float(text) for text in NUMBER.findall(path)]).reshape(-1, 2)
    return numbers.cumsum(axis=0)


def classes(
    minutes: pd.Series, drawn: pd.DataFrame, limit: int, states: Mapping[str, str]
) -> NDArray[np.uint8]:
    """Return the class of each cell drawn.

    `states` by country (exact, at_least, unknown): beyond the limit nothing can be said where
    the list is not whole.
    """
    times = minutes.reindex(drawn.index).fillna(np.inf).to_numpy(float)
    place: NDArray[np.uint8] = np.searchsorted(BOUNDS, times, side="left").astype(np.uint8)
    state = drawn["country"].map(dict(states)).fillna("unknown").to_numpy(dtype=object)
    place[(state == "at_least") & (times > limit)] = UNKNOWN
    place[state == "unknown"] = UNSEEN
    return place


def colours(limit: int) -> list[str]:
    """Return the colour of each class for a limit: blue within, orange beyond, grey not known."""
    near = BOUNDS.index(limit) + 1
    far = len(BOUNDS) + 1 - near
    within = [NEAR[round(i * (len(NEAR) - 1) / max(near - 1, 1))] for i in range(near)]
    beyond = [FAR[round(i * (len(FAR) - 1) / max(far - 1, 1))] for i in range(far)]
    return [*within, *beyond, GREY]


def texts() -> list[str]:
    """Return what is said of each class."""
    edges = [words.bound(bound) for bound in BOUNDS]
    between = [
        _("more than {low} and up to {high} minutes").format(low=low, high=high)
        for low, high in zip(edges, edges[1:], strict=False)
    ]
    return [
        _("up to {high} minutes").format(high=edges[0]),
        *between,
        _("more than 3 hours, or no way by car"),
        _("not within reach of those listed; the list is not whole"),
    ]


def canvas(shown: NDArray[np.uint8] | None, limit: int) -> dict[str, Any]:
    """Return what the cells show now; without classes nothing is drawn."""
    return packed(shown, colours(limit), texts()) if shown is not None else {"classes": ""}


def packed(shown: NDArray[np.uint8], paint: Sequence[str], said: Sequence[str]) -> dict[str, Any]:
    """Return the class of each cell, the classes' colours, and what is said of a cell of each."""
    around = _("Around {place}: {time}")
    return {
        "classes": _base64(shown), "colours": list(paint), "texts": list(said), "said": around,
    }  # fmt: skip


def outlines(
    drawn: pd.DataFrame, shown: Mapping[str, Any], geometry: Mapping[str, Any]
) -> dict[str, Markup]:
    """Return the cells as marks for a picture that is saved, by frame: one path a colour.

    `drawn`: from `ordered`; `shown`: from `packed`. They end at the coast.
    """
    klass = np.frombuffer(b64decode(shown["classes"]), dtype=np.uint8)
    land = {MAIN: [one["path"] for one in geometry["countries"]]}
    land |= {inset["id"]: [inset["path"]] for inset in geometry["insets"]}
    found = {}
    for frame in drawn["frame"].unique():
        paths = [
            tag("path", d="".join(drawn["path"][(klass == i) & (drawn["frame"] == frame)]),
                fill=colour, stroke=colour, stroke_width="0.3")
            for i, colour in enumerate(shown["colours"])
        ]  # fmt: skip
        coast = Markup("").join(tag("path", d=path) for path in land[frame])
        clip = tag("defs", tag("clipPath", coast, id=f"land-{frame}"))
        found[frame] = clip + tag("g", Markup("").join(paths), clip_path=f"url(#land-{frame})")
    borders = tag("path", d=geometry["borders"], fill="none", stroke=style.INK, stroke_width="0.8")
    return {**found, MAIN: found.get(MAIN, Markup()) + borders}


def legend(shares: Sequence[float], limit: int, whole: bool) -> Markup:
    """Return the legend: how many of a hundred people live in each class, and what is grey."""
    paint = colours(limit)
    if not whole:
        paint = [c if i <= BOUNDS.index(limit) else GREY for i, c in enumerate(paint)]
    numbers = [words.significant(100 * s) if s else words.decimal(0) for s in shares]
    line = _("minutes by car; above each bar people of a hundred; ▲ the limit")
    edges = [words.bound(b) for b in BOUNDS]
    place = BOUNDS.index(limit)
    return bars(shares, numbers, paint, texts(), edges, place, line, legend_words(shares, limit))


def bars(
    shares: Sequence[float],
    numbers: Sequence[str],
    paint: Sequence[str],
    said: Sequence[str],
    edges: Sequence[str],
    mark: int,
    line: str,
    label: str,
) -> Markup:
    """Return a histogram of classes: `edges` between them, a ▲ under one, a line of words."""
    bar, tall, gap = 48, 64, 4
    base, parts = tall + 20, []
    most = max([*shares, 0.01])
    for i, share in enumerate(shares):
        height = round(tall * share / most * 0.75 + 4, 1)
        parts.append(
            tag(
                "rect", tag("title", said[i]), x=i * bar, y=round(base - height, 1),
                width=bar - gap, height=height, class_="bar", stroke=style.COAST, fill=paint[i],
            )
        )  # fmt: skip
        parts.append(plot.text((i + 0.46) * bar, base - height - 6, numbers[i], "middle"))
    parts += [plot.text((i + 1) * bar - 2, base + 18, e, "middle") for i, e in enumerate(edges)]
    place = (mark + 1) * bar - 2
    parts.append(tag("path", d=f"M{place},{base + 22}l5,8h-10Z", class_="eu", fill=style.RING))
    lines = textwrap.wrap(line, LETTERS)
    parts += [plot.text(0, base + 48 + 18 * i, text) for i, text in enumerate(lines)]
    return tag(
        "svg",
        Markup("").join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDE} {HIGH}",
        role="img",
        aria_label=label,
    )


def legend_words(shares: Sequence[float], limit: int) -> str:
    """Return the legend as one sentence."""
    listed = "; ".join(
        _("{text}: {n} %").format(text=text, n=words.significant(100 * share))
        for text, share in zip(texts(), shares, strict=False)
    )
    form = _("People by minutes by car, blue within {limit} minutes, orange beyond: {list}.")
    return form.format(limit=limit, list=listed)


def _base64(values: NDArray[Any]) -> str:
    return b64encode(values.tobytes()).decode()
