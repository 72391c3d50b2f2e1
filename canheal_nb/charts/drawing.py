"""What every drawing is made of: one element, the glyphs, the colour of a class, hatching."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from canheal_nb.charts import style

NO_DATA = "url(#hatch)"
GLYPHS = {
    "diamond": "M0,-6 6,0 0,6 -6,0Z",
    "circle": "M-5,0a5,5 0 1,0 10,0a5,5 0 1,0 -10,0Z",
    "square": "M-4,-4H4V4H-4Z",
    "triangle": "M0,-6 6,4.5H-6Z",
    "wedge": "M0,6 6,-4.5H-6Z",
    "plus": "M-2,-6H2V-2H6V2H2V6H-2V2H-6V-2H-2Z",
    "saltire": "M-5,-2.5-2.5,-5 0,-2.5 2.5,-5 5,-2.5 2.5,0 5,2.5 2.5,5 0,2.5-2.5,5-5,2.5-2.5,0Z",
}
PATTERN = Markup(
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<path d="M0,0H6V6H0Z" fill="{paper}"/>'
    '<path d="M-1,7L7,-1M-1,1L1,-1M5,7L7,5" stroke="{hatch}" stroke-width="1.1"/></pattern>'
)


def tag(name: str, inner: str = "", **attributes: Any) -> Markup:
    """Return one element with escaped attributes (`class_` for class, `_` for a hyphen)."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{given}>{inner}</{name}>" if inner else f"<{name}{given}/>")


def nested(svg: Markup, x: float, y: float, width: float, height: float) -> Markup:
    """Return a picture as a part of another, in its place and size."""
    place = f'<svg x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" '
    return Markup(place + str(svg)[len("<svg ") :])


def fill(klass: int | None, classes: int) -> str:
    """Return the colour of one of so many classes, or the hatching of "not known"."""
    return NO_DATA if klass is None else style.sequence(classes)[klass]


def pattern() -> Markup:
    """Return the hatching that means "not known"."""
    return PATTERN.format(paper=style.PAPER, hatch=style.HATCH)
