"""Markup, JSON and floats as lines that can be compared: one element a line, no end tags."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from itertools import groupby
from typing import Any
from urllib.parse import unquote

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"]
)
# These stand in a line of text with what is around them.
INLINE = frozenset(["a", "abbr", "b", "br", "em", "i", "small", "strong", "sub", "sup", "time"])
# Numbers of a drawing: a long list of them says nothing to a reader.
DRAWN = frozenset(["d", "points", "transform", "viewbox", "x", "y", "style"])
LONGEST_DRAWN, LONGEST, LONGEST_CHOICE, FEWEST, DIGITS = 40, 1500, 1000, 4, 9
SVG = "data:image/svg+xml;base64,"


def short(text: str) -> str:
    """Return what stands for a long text: a hash of it and its length."""
    return f"#{hashlib.sha256(text.encode()).hexdigest()[:10]}({len(text)})"


class _Lines(HTMLParser):
    """Collects a line for each element, indented by its depth, with its own text behind it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._open: list[str] = []
        self._raw: list[str] | None = None
        self._same_line = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "script"):
            self._raw = []
        pictures: list[str] = []
        words = [tag, *(_attribute(name, value, pictures) for name, value in attrs)]
        self._element(f"<{' '.join(words)}>", inline=tag in INLINE)
        for picture in pictures:
            indent = " " * (len(self._open) + 1)
            self.lines += [indent + line for line in markup_lines(picture)]
            self._same_line = False
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._raw is not None and tag in ("style", "script"):
            self._text(short("".join(self._raw)))
            self._raw = None
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag in INLINE and self._same_line:
            self.lines[-1] += f"</{tag}>"
        else:
            self._same_line = False

    def handle_data(self, data: str) -> None:
        if self._raw is not None:
            self._raw.append(data)
        elif data.strip():
            self._text(re.sub(r"\s+", " ", data))
        elif data and self._same_line and self.lines:
            self._text(" ")

    def handle_decl(self, decl: str) -> None:
        self._element(f"<!{decl}>", inline=False)

    def handle_comment(self, data: str) -> None:
        self._element(f"<!-- {data.strip()} -->", inline=False)

    def _element(self, text: str, inline: bool) -> None:
        if inline and self._same_line:
            self.lines[-1] += text
        else:
            self.lines.append(" " * len(self._open) + text)
        self._same_line = True

    def _text(self, text: str) -> None:
        if self._same_line:
            self.lines[-1] += text
        else:
            self.lines.append(" " * len(self._open) + text.lstrip())
            self._same_line = True


def _attribute(name: str, value: str | None, pictures: list[str]) -> str:
    if value is None:
        return name
    text = re.sub(r"\s+", " ", value).strip()
    if text.startswith(SVG):
        pictures.append(b64decode(text.removeprefix(SVG)).decode())
        text = SVG + short(text)
    elif text.startswith("data:"):
        text = text.partition(",")[0] + "," + short(text)
    elif name in DRAWN and len(text) > LONGEST_DRAWN:
        text = short(text)
    elif len(text) > LONGEST:
        text = text[:60] + short(text)
    return f'{name}="{text}"'


def markup_lines(text: str) -> list[str]:
    """Return markup as lines: an element each, its text behind it, drawings as a hash."""
    lines = _Lines()
    lines.feed(text)
    lines.close()
    return [line.rstrip() for line in _folded(lines.lines)]


def _folded(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines with what stands in a row on one: the options of a choice, bare shapes."""
    for kind, group in groupby(lines, _kind):
        held = list(group)
        if kind is None or (kind != "option" and len(held) < FEWEST):
            yield from held
        else:
            yield _one_line(kind, held)


def _kind(line: str) -> str | None:
    """Return "option", the shape that a line is without any meaning of its own, or None."""
    found = re.fullmatch(r"<(path|circle|rect|line|polyline|polygon|use)( [^>]*)?>", line.strip())
    if found and not re.search(r"\b(id|data-[a-z-]+|aria-[a-z-]+|role)=", line):
        return found[1]
    return "option" if line.lstrip().startswith("<option") else None


def _one_line(kind: str, held: list[str]) -> str:
    indent = held[0][: len(held[0]) - len(held[0].lstrip())]
    whole = " ".join(one.strip() for one in held)
    if kind == "option" and len(whole) <= LONGEST_CHOICE:
        return indent + whole
    chosen = [one.strip() for one in held if kind == "option" and " selected" in one]
    return " ".join([f"{indent}<{kind}> {len(held)} of them {short(whole)}", *chosen])


def text_of_json(text: str) -> str:
    """Return JSON as text, keys in their order, numbers to nine significant digits."""
    return json.dumps(_rounded(json.loads(text)), indent=0, ensure_ascii=False)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list) else value


def query_text(query: str) -> str:
    """Return a link's query as a person reads it."""
    return unquote(query)
