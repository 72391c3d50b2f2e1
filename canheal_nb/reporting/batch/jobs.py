"""The jobs of a batch: every subject of a report, and what each job's bytes depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import NoReturn

from canheal_nb import __version__
from canheal_nb.data import Dataset, registry
from canheal_nb.reporting import catalogue, feedback_link, notebook
from canheal_nb.reporting.contract import ReportError
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

PACKAGE = Path(__file__).resolve().parents[2]
LIBRARIES = ("nbconvert", "pandas", "papermill", "weasyprint")


@dataclass(frozen=True)
class Job:
    """One report to be made: `given` is its question, `inputs` the SHA-256 of all it depends on."""

    report: str
    subject: str
    title: str
    given: Mapping[str, object]
    formats: tuple[str, ...]
    inputs: str

    @property
    def name(self) -> str:
        """Return the report and its subject, as they stand in the file's name."""
        return f"{self.report}-{self.subject}"


def jobs(
    reports: Sequence[str], common: Mapping[str, object], formats: Sequence[str], dataset: Dataset
) -> list[Job]:
    """Return a job for every subject of every report, in the order they are made.

    `common` holds parameters that all of them share, such as the language. UserError for an
    unknown report, or a parameter that does not fit any subject; where only some subjects are
    refused, their jobs are there and will fail with the same sentence.
    """
    return [
        job for report in dict.fromkeys(reports) for job in _of(report, common, formats, dataset)
    ]


def _of(
    report: str, common: Mapping[str, object], formats: Sequence[str], dataset: Dataset
) -> list[Job]:
    subjects = _subjects(report, common, dataset)
    found, refusals = [], []
    for own in subjects:
        given = {**common, **own}
        try:
            question, cover = catalogue.ask(report, given, dataset)
            about, stated = (cover.subject, cover.title), question.model_dump()
        except UserError as error:
            refusals.append(error)
            about, stated = ("-".join(own.values()) or report,) * 2, given
        kinds = tuple(formats or catalogue.all_formats(report))
        digest = _inputs(report, stated, kinds, dataset.path)
        found.append(Job(report, *about, given, kinds, digest))
    if len(refusals) == len(subjects):
        raise refusals[0]
    return found


def _subjects(report: str, common: Mapping[str, object], dataset: Dataset) -> list[dict[str, str]]:
    notebook.find(report)
    subjects = catalogue.subjects(report, dataset)
    twice = sorted({name for subject in subjects for name in subject} & set(common))
    if twice:
        sentence = _("--all makes every {name} that there is; leave out --{name}, or --all.")
        raise ReportError(sentence.format(name=twice[0]), code="all-and-one")
    return subjects or _nothing(report)


def _nothing(report: str) -> NoReturn:
    sentence = _("There is nothing that the report {report} could be about in these data.")
    raise ReportError(sentence.format(report=report), code="no-subject")


def _inputs(
    report: str, parameters: Mapping[str, object], formats: Sequence[str], folder: Path
) -> str:
    """Return the SHA-256 of all that a report's bytes depend on, fonts of the system aside."""
    inputs = {
        "data": _data(folder),
        "code": _code(),
        "libraries": {name: metadata.version(name) for name in LIBRARIES},
        "notebook": registry.digest(notebook.find(report).read_bytes()),
        "report": report,
        "address": feedback_link.address(),
        "parameters": dict(parameters),
        "formats": sorted(formats),
    }
    return registry.digest(json.dumps(inputs, sort_keys=True).encode())


@cache
def _data(folder: Path) -> str:
    """Return the SHA-256 of a data folder as its files are now, not as its registry says."""
    return registry.digest(registry.text(folder).encode())


@cache
def _code() -> str:
    """Return the version and the SHA-256 of the package's files: a checkout changes without it."""
    found = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and not {"__pycache__", "_share"} & set(path.parts):
            found.update(path.name.encode() + b"\0" + path.read_bytes())
    return f"{__version__} {found.hexdigest()}"
