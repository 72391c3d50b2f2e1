"""What all reports share: blocks of markup, numbered sources, numbered figures and tables."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar

from canheal_nb import data
from canheal_nb.indicators import facts, words
from canheal_nb.reporting import html
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _, use


@dataclass(frozen=True)
class Block:
    """A part of a report as markup; a notebook cell ends with it."""

    markup: str

    def _repr_html_(self) -> str:
        return self.markup


P = ParamSpec("P")
R = TypeVar("R", bound="Report")


def spoken(make: Callable[Concatenate[R, P], Block]) -> Callable[Concatenate[R, P], Block]:
    """Make a block in the language of the report's question."""

    @wraps(make)
    def made(report: R, /, *args: P.args, **kwargs: P.kwargs) -> Block:
        with use(report.question.lang):
            return make(report, *args, **kwargs)

    return made


def image(svg: object) -> str:
    """Return a picture as the text of a data address, in base64."""
    return b64encode(str(svg).encode()).decode()


def ids(table: Any) -> list[str]:
    """Return the ids of all sources in a table's `source_id`, joint ones apart, sorted."""
    return sorted({part for joint in table["source_id"] for part in joint.split("+") if part})


@dataclass(frozen=True)
class Report:
    """A question and the data it is answered from; every public method returns one block."""

    question: Any
    dataset: data.Dataset

    TEMPLATE: ClassVar[str] = ""
    TABLES: ClassVar[tuple[str, ...]] = ()

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of areas."""
        return words.country_names(self.dataset.areas)

    @cached_property
    def shapes(self) -> Mapping[str, Any]:
        """The built map."""
        return self.dataset.map

    @cached_property
    def parameters(self) -> Any:
        """The models' inputs."""
        return self.dataset.parameters

    @property
    def cited(self) -> Iterable[str]:
        """The ids of the sources that the blocks name, in reading order; repeats are welcome."""
        raise NotImplementedError

    @property
    def absent(self) -> set[str]:
        """Those of TABLES that this report does not have."""
        return set()

    @cached_property
    def source_ids(self) -> list[str]:
        """All sources of the report; a source's place here is its number in the text."""
        return list(dict.fromkeys(self.cited))

    @spoken
    def sources(self) -> Block:
        """Return the numbered sources and the method."""
        cited = facts.cited(self.dataset.sources, self.source_ids)
        return self.block("sources", cited=cited, neutrality=self.shapes["notes"]["neutrality"])

    def check(self) -> None:
        """Raise UserError when the report would show a figure without a source."""
        known = set(self.dataset.sources.index)
        lost = [source for source in self.source_ids if source not in known]
        if lost:
            sentence = _("The report cites {lost}, which is not in sources.csv; add it there.")
            raise UserError(sentence.format(lost=lost[0]), code="lost-source")

    def block(self, part: str, **context: object) -> Block:
        """Return a block of the report's template."""
        return Block(html.part(self.TEMPLATE, part, {"tables": self.numbers, **context}))

    def marks(self, source_ids: Sequence[str]) -> str:
        """Return sources as their numbers in the text: "[1, 2]"."""
        numbers = sorted({self.source_ids.index(source) + 1 for source in source_ids})
        return "[" + ", ".join(map(str, numbers)) + "]" if numbers else ""

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each table that the report has."""
        there = [name for name in self.TABLES if name not in self.absent]
        return {name: i + 1 for i, name in enumerate(there)}
