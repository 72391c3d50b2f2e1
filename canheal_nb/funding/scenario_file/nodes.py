"""Reading one value of a YAML file, or refusing it with its line."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import yaml

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.text.refusals import shown, suggestion

MOST_BYTES = 200_000
DEEPEST = 12
TRUE, FALSE = ("true", "yes"), ("false", "no")
_TEXT = "tag:yaml.org,2002:str"


def root(text: str, file: str) -> yaml.Node:
    """Return the file's tree; refuse what is no YAML, too long, or has anchors or tags."""
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        said = _("{file} is too long for a scenario: at most {most} bytes.")
        raise UserError(said.format(file=file, most=MOST_BYTES), code="scenario-too-long")
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                said = _("more than {most} blocks lie in one another; a scenario has fewer.")
                raise refused(event, said.format(most=DEEPEST), file)
            tag = getattr(event, "tag", None)
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or tag:
                said = _("Anchors (&, *) and tags (!) are not read here; write the value itself.")
                raise refused(event, said, file)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = _("{file}, line {line}: this is not YAML ({why}). Look at indents, colons, quotes.")
        line = mark.line + 1 if mark else 1
        said = said.format(file=file, line=line, why=error.problem or "?")
        raise UserError(said, code="not-yaml") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + 1
        said = _("{file}, line {line}: a sign that cannot be printed stands here; take it out.")
        raise UserError(said.format(file=file, line=line), code="not-yaml") from None
    if node is None:
        said = _("{file} is empty; a scenario has a title, an author and the reason for it.")
        raise UserError(said.format(file=file), code="empty-scenario")
    return node


def refused(node: Any, said: str, file: str) -> UserError:
    """Return the refusal of a node: the sentence after file and line."""
    place = _("{file}, line {line}: ").format(file=file, line=node.start_mark.line + 1)
    return UserError(place + said, code="wrong-scenario")


class Block:
    """A mapping of the file whose keys are known; each value is read once, by name."""

    def __init__(self, node: yaml.Node, keys: Iterable[str], file: str, what: str) -> None:
        """Raises UserError for what is no mapping, a key not known, or one that comes twice."""
        self.node, self.file, self.what, self.keys = node, file, what, list(keys)
        if not isinstance(node, yaml.MappingNode):
            said = _("{what} must be a block of names and values.").format(what=what)
            raise refused(node, said, file)
        self.values: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if name not in self.keys:
                said = _("{what} has no {name}. {hint}").format(
                    what=what, name=shown(name), hint=suggestion(name, self.keys)
                )
                raise refused(key, said, file)
            if name in self.values:
                raise refused(key, _("{name} stands twice; keep one.").format(name=name), file)
            self.values[name] = value

    def has(self, name: str) -> bool:
        """Return whether a value is given."""
        return name in self.values and not _empty(self.values[name])

    def at(self, name: str) -> yaml.Node:
        """Return a value's node. Raises UserError where it is missing."""
        if not self.has(name):
            said = _("{what} needs {name}.").format(what=self.what, name=name)
            raise refused(self.values.get(name, self.node), said, self.file)
        return self.values[name]

    def wrong(self, name: str, said: str) -> UserError:
        """Return the refusal of a value: its name, then the sentence."""
        return refused(self.values.get(name, self.node), f"{name}: {said}", self.file)

    def text(self, name: str, default: str | None = None, most: int = 4000) -> str:
        """Return a text, at most so many signs."""
        if default is not None and not self.has(name):
            return default
        node = self.at(name)
        if not isinstance(node, yaml.ScalarNode):
            raise self.wrong(name, _("a text is needed."))
        value = str(node.value)
        if len(value) > most:
            raise self.wrong(name, _("at most {most} signs.").format(most=most))
        return value

    def number(
        self,
        name: str,
        default: float | None = None,
        low: float = 0.0,
        high: float = math.inf,
    ) -> float:
        """Return a finite number between low and high."""
        if default is not None and not self.has(name):
            return default
        node = self.at(name)
        value = _number(node)
        if value is None:
            given = shown(getattr(node, "value", ""))
            said = _("{given} is no number; write it as 1500000 or 0.25.")
            raise self.wrong(name, said.format(given=given))
        if not low <= value <= high:
            said = _("{value:g} is not possible; give a number from {low:g} to {high:g}.")
            if math.isinf(high):
                said = _("{value:g} is not possible; give a number of {low:g} or more.")
            raise self.wrong(name, said.format(value=value, low=low, high=high))
        return value

    def whole(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """Return a whole number between low and high."""
        value = self.number(name, default, low, high)
        if value != int(value):
            raise self.wrong(name, _("{value:g} is not a whole number.").format(value=value))
        return int(value)

    def yes(self, name: str, default: bool) -> bool:
        """Return yes or no."""
        if not self.has(name):
            return default
        value = str(getattr(self.at(name), "value", "")).lower()
        if value not in TRUE + FALSE:
            raise self.wrong(name, _("{given} is neither yes nor no.").format(given=shown(value)))
        return value in TRUE

    def one_of(self, name: str, ids: Iterable[str], default: str | None = None) -> str:
        """Return one of the known ids."""
        if default is not None and not self.has(name):
            return default
        value, known = self.text(name), list(ids)
        if value not in known:
            raise self.wrong(name, _unknown(value, known))
        return value

    def some_of(self, name: str, ids: Iterable[str]) -> tuple[str, ...]:
        """Return a list of known ids, each once; empty where none is given."""
        known, found = list(ids), []
        for node in self.items(name):
            value = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
            if value not in known:
                raise refused(node, f"{name}: {_unknown(value, known)}", self.file)
            if value in found:
                said = _("{name} stands twice; keep one.").format(name=value)
                raise refused(node, said, self.file)
            found.append(value)
        return tuple(found)

    def items(self, name: str) -> list[yaml.Node]:
        """Return the nodes of a list; empty where it is not given."""
        if not self.has(name):
            return []
        node = self.at(name)
        if not isinstance(node, yaml.SequenceNode):
            raise self.wrong(name, _("a list is needed: one line each, beginning with a dash."))
        return list(node.value)

    def numbers(
        self, name: str, check: Callable[[str], str]
    ) -> Iterator[tuple[str, float, yaml.Node]]:
        """Yield key, number (0 or more) and node of a block; `check`: "" or what is wrong."""
        if not self.has(name):
            return
        node = self.at(name)
        if not isinstance(node, yaml.MappingNode):
            raise self.wrong(name, _("a block of names and numbers is needed."))
        seen: set[str] = set()
        for key, value in node.value:
            given = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            number, fault = _number(value), check(given)
            if given in seen:
                fault = _("{name} stands twice; keep one.").format(name=shown(given))
            elif not fault and (number is None or number < 0):
                fault = _("{name} needs a number of 0 or more.").format(name=shown(given))
            if fault or number is None:
                raise refused(key, f"{name}: {fault}", self.file)
            seen.add(given)
            yield given, number, key


def _unknown(value: str, known: list[str]) -> str:
    if value == "EL" and "GR" in known:
        return _("Greece is written GR here.")
    said = _("{value} is not known. {hint}")
    return said.format(value=shown(value), hint=suggestion(value, known))


def _number(node: yaml.Node) -> float | None:
    if not isinstance(node, yaml.ScalarNode) or node.tag == _TEXT and node.style:
        return None
    try:
        value = float(str(node.value).replace("_", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not str(node.value).strip()
