"""Pages and parts of pages from templates: everything is escaped, every text is translated."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from canheal_nb.charts.drawing import GLYPHS
from canheal_nb.indicators import words
from canheal_nb.text import locale

REGION = "region_"
PARTS = ("where_from", "choice", "glyph")


def page(template: str, context: Mapping[str, Any]) -> Markup:
    """Return a whole template as markup."""
    return Markup(_environment().get_template(template).render(dict(context)))


def regions(template: str, context: Mapping[str, Any]) -> dict[str, str]:
    """Return the parts of a screen that change: block `region_x` of the template, by name x."""
    loaded = _environment().get_template(template)
    scope = loaded.new_context(dict(context))
    return {
        name.removeprefix(REGION): "".join(block(scope))
        for name, block in loaded.blocks.items()
        if name.startswith(REGION)
    }


def part(template: str, name: str, context: Mapping[str, Any]) -> str:
    """Return one block of a template."""
    loaded = _environment().get_template(template)
    return "".join(loaded.blocks[name](loaded.new_context(dict(context))))


@cache
def template_folders() -> list[Path]:
    """Return the folders of templates: every slice has its own; no two templates share a name."""
    return sorted(Path(__file__).resolve().parents[1].glob("*/templates"))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(template_folders()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        locale._, locale.ngettext, newstyle=True
    )
    environment.globals |= {"language": locale.language, "glyphs": GLYPHS}
    environment.globals["listed"] = words.listed
    parts = environment.get_template("parts.html").module
    environment.globals |= {name: getattr(parts, name) for name in PARTS}
    return environment
