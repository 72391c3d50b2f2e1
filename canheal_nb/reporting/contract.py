"""What goes into a report beside its parameters, what comes out, and how it says no."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

if TYPE_CHECKING:
    from canheal_nb.data import Dataset
    from canheal_nb.text.question import Question

FORMATS, SLIDE, DOCUMENT = ("html", "pdf"), "pptx", "docx"
_SUBJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")


class ReportError(UserError):
    """A report that could not be made; nothing was written."""


@dataclass(frozen=True)
class Cover:
    """What stands on a report's title block, running head and file name.

    `subject` names the file (`country_brief-SI.html`); `title` is the page's only h1,
    the notebook's own heading when empty; `as_of` dates the PDF, never the clock.
    """

    subject: str
    as_of: dt.date
    title: str = ""
    subtitle: str = ""
    edition: str = ""
    lang: str = "en"

    def __post_init__(self) -> None:
        if not _SUBJECT.fullmatch(self.subject):
            sentence = _(
                "{subject} cannot be part of a file name; use letters, digits, hyphens and "
                "underscores only."
            )
            raise ReportError(sentence.format(subject=ascii(self.subject)), code="wrong-subject")


@dataclass(frozen=True)
class Definition:
    """What a report asks: its question, the ids that may be named, and its title block.

    `subject`: the field that tells one report from another; empty where there is only one.
    `opened`: what puts the content of a file in place of its name; `slide`: what makes the bytes of
    its slide, None where it has none; `document`: whether it can be made as a Word file too.
    """

    question: type[Question]
    vocabulary: Callable[[Dataset], dict[str, list[str]]]
    cover: Callable[[Any, Dataset], Cover]
    subject: str = ""
    slide: Callable[[Any, Dataset], bytes] | None = None
    document: bool = False
    opened: Callable[[Mapping[str, object], Dataset], Mapping[str, object]] | None = None


@dataclass(frozen=True)
class Outcome:
    """The files of one report: where they are, how long it took, each file's SHA-256 by name."""

    paths: tuple[Path, ...]
    seconds: float
    sha256: Mapping[str, str]
