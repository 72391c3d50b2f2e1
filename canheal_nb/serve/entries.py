"""The app notebooks: what the landing page says about each, taken from the notebook itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"\*\*|__|`|(?<!\w)[*_]|[*_](?!\w)")


@dataclass(frozen=True)
class Entry:
    """One app: its name in addresses, its title, and the decision it serves, as plain text.

    `short` is its name in the header and `place` its place among the others, from the notebook's
    metadata `canheal`; `personal`: its address holds what a person chose for themselves.
    """

    name: str
    title: str
    intro: str
    markdown: tuple[str, ...]
    short: str = ""
    place: int = 99
    personal: bool = False

    @property
    def path(self) -> str:
        """The notebook's path below the served folder."""
        return f"{self.name}.ipynb"


def entries(folder: Path) -> dict[str, Entry]:
    """Read every app notebook of a folder, in their order; UserError when there is none."""
    found = [entry(path) for path in sorted(folder.glob("*.ipynb"))]
    if found:
        return {one.name: one for one in sorted(found, key=lambda one: (one.place, one.name))}
    sentence = _("There is no app notebook in the folder {folder}; name a folder that holds one.")
    raise UserError(sentence.format(folder=folder), code="no-apps")


def entry(path: Path) -> Entry:
    """Read one app notebook; its first markdown cell gives the title and the first paragraph."""
    try:
        notebook = nbformat.read(path, as_version=4)
        cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
        markdown = tuple(str(cell.source) for cell in cells)
        said = notebook.metadata.get("canheal", {})
        short, place = str(said.get("short", "")), int(said.get("place", 99))
        personal = bool(said.get("personal", False))
    except (OSError, ValueError, AttributeError, TypeError, nbformat.ValidationError) as error:
        sentence = _("The notebook {path} cannot be read ({error}); repair or remove it.")
        raise UserError(
            sentence.format(path=path, error=type(error).__name__), code="unreadable-notebook"
        ) from error
    title, intro = _heading(markdown[0] if markdown else "")
    name = path.stem
    shown = short or title or name
    return Entry(name, title or name, intro, markdown, shown, place, personal)


def _heading(source: str) -> tuple[str, str]:
    """Split a markdown cell into its first heading and its first paragraph, both plain."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n|(?<=^)(#[^\n]*)\n", source) if block]
    title = next((block for block in blocks if block.startswith("#")), "")
    intro = next((block for block in blocks if not block.startswith("#")), "")
    return _plain(title.lstrip("# ")), _plain(intro)


def _plain(markdown: str) -> str:
    words = _EMPHASIS.sub("", _LINK.sub(r"\1", markdown))
    return " ".join(words.split())
