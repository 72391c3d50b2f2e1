"""Colours and type in one place, for screens, charts, maps, reports and print."""

from __future__ import annotations

from functools import cache
from pathlib import Path

SEQUENTIAL = ("#dbe9f6", "#b7d4ea", "#8bb8da", "#5495c8", "#2a70ad", "#10457c", "#082a50")
# Three by three, row by row from low: blue is more of the first, orange more of the second.
# Kept apart for all kinds of colour vision (a test measures it).
BIVARIATE = (
    *("#eeeeee", "#9dc3e6", "#3585d0"),
    *("#f3bd7e", "#a39a90", "#38587a"),
    *("#dd7a12", "#8d5a2a", "#22262f"),
)
INK, QUIET, LINE, PAPER = "#1b1f24", "#4d5863", "#c9d1d9", "#ffffff"
ACCENT, SEA, LAND, COAST, RING = "#1a4f8b", "#f3f7fa", "#e4e7ea", "#7d8a97", "#111418"
HATCH = "#8f9aa5"
FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif"
_PACKAGE = Path(__file__).resolve().parents[1]


def sequence(classes: int) -> list[str]:
    """Return `classes` colours of one hue from light to dark, spread over the whole ramp."""
    if classes <= 1:
        return [SEQUENTIAL[2]][:classes]
    last = len(SEQUENTIAL) - 1
    return [SEQUENTIAL[round(i * last / (classes - 1))] for i in range(classes)]


def tokens() -> str:
    """Return the colours and type as CSS custom properties, light and dark."""
    light = {
        "ink": INK,
        "quiet": QUIET,
        "line": LINE,
        "paper": PAPER,
        "accent": ACCENT,
        "sea": SEA,
        "land": LAND,
        "coast": COAST,
        "ring": RING,
        "hatch": HATCH,
        "wash": "#f6f8fa",
    }
    dark = {
        "ink": "#e8ecf0",
        "quiet": "#b3bec9",
        "line": "#3c4652",
        "paper": "#14181d",
        "accent": "#9cc7f2",
        "sea": "#1a2027",
        "land": "#2b333c",
        "coast": "#8794a1",
        "ring": "#ffffff",
        "hatch": "#8f9aa5",
        "wash": "#1d232a",
    }
    return (
        f":root{{--font:{FONT};{_declared(light)}}}"
        f"@media (prefers-color-scheme:dark){{:root:not(.print){{{_declared(dark)}}}}}"
        f"@media print{{:root{{{_declared(light)}}}}}"
    )


@cache
def css() -> str:
    """Return the style sheet of the screens: tokens, what all share, and what each slice adds."""
    shared = _PACKAGE / "screens" / "screen.css"
    own = [sheet for sheet in sorted(_PACKAGE.glob("*/screen.css")) if sheet != shared]
    sheets = [shared, *own]
    return tokens() + "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)


@cache
def report_css() -> str:
    """Return the style sheet that reports share: tokens in their light values and type."""
    light = tokens().split("@media", 1)[0]
    return light + (_PACKAGE / "reporting" / "report.css").read_text(encoding="utf-8")


def _declared(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colours.items())
