"""A report's page as a tree of elements, and its text as runs with spaces as they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "img", "meta", "hr", "wbr", "col"}
BOLD, UNSEEN = {"b", "strong", "dt"}, {"svg", "style", "head"}
_SPACES = re.compile(r"[ \t\r\n]+")


@dataclass
class Element:
    """An element with its attributes, and what stands in it: texts and elements."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[str | Element] = field(default_factory=list)

    @property
    def elements(self) -> list[Element]:
        """The elements directly in it."""
        return [one for one in self.inside if isinstance(one, Element)]

    def every(self, *tags: str) -> Iterator[Element]:
        """Yield the elements of some tags anywhere in it, in reading order."""
        for one in self.elements:
            if one.tag in tags:
                yield one
            yield from one.every(*tags)

    def classed(self, name: str) -> bool:
        """Say whether it has a class."""
        return name in self.attributes.get("class", "").split()


@dataclass(frozen=True)
class Run:
    """A piece of text of one kind: bold, quiet, or leading to an address."""

    text: str
    bold: bool = False
    quiet: bool = False
    href: str = ""


def read(page: str) -> Element:
    """Return a page as a tree; its root has no tag."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.root


def runs(inside: list[str | Element], kind: Run = Run("")) -> list[Run]:  # noqa: B008
    """Return texts and inline elements as runs; a line break is a run of one line end."""
    return _tidied(list(_raw(inside, kind)))


def text(element: Element) -> str:
    """Return all text of an element, with single spaces."""
    return " ".join("".join(run.text for run in _raw([element], Run(""))).split())


def _raw(inside: list[str | Element], kind: Run) -> Iterator[Run]:
    for one in inside:
        if isinstance(one, str):
            yield Run(_SPACES.sub(" ", one), kind.bold, kind.quiet, kind.href)
        elif one.tag == "br":
            yield Run("\n")
        elif one.tag == "svg" and one.attributes.get("aria-label"):
            yield Run(f"({one.attributes['aria-label']})", kind.bold, kind.quiet)
        elif one.tag not in UNSEEN:
            href = one.attributes.get("href", "")
            own = Run(
                "",
                kind.bold or one.tag in BOLD,
                kind.quiet or one.classed("quiet"),
                href if href.startswith(("http:", "https:")) else kind.href,
            )
            yield from _raw(one.inside, own)


def _tidied(found: list[Run]) -> list[Run]:
    """Return runs without spaces at the ends of lines and without double ones."""
    tidy: list[Run] = []
    before = "\n"
    for run in found:
        said = run.text
        if said != "\n" and before in " \n":
            said = said.lstrip(" ")
        if said == "\n" and tidy and tidy[-1].text.endswith(" "):
            tidy[-1] = Run(tidy[-1].text.rstrip(" "), *_kind(tidy[-1]))
        if said:
            tidy.append(Run(said, *_kind(run)))
            before = said[-1]
    while tidy and not tidy[-1].text.strip():
        tidy.pop()
    if tidy:
        tidy[-1] = Run(tidy[-1].text.rstrip(), *_kind(tidy[-1]))
    return tidy


def _kind(run: Run) -> tuple[bool, bool, str]:
    return run.bold, run.quiet, run.href


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].inside.append(made)
        if tag not in VOID:
            self._open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].tag == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)
