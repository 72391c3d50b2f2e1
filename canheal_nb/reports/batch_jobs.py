"""The jobs of a batch: every subject of a report, and what each job's bytes depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from canheal_nb import __version__
from canheal_nb.data import Dataset, registry
from canheal_nb.locale import _
from canheal_nb.reports import asking, notebook
from canheal_nb.reports.contract import ReportError

PACKAGE = Path(__file__).resolve().parents[1]
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
    unknown report, or a parameter that does not fit.
    """
    return [
        _job(report, {**common, **own}, tuple(formats), dataset)
        for report in dict.fromkeys(reports)
        for own in _subjects(report, common, dataset)
    ]


def _subjects(report: str, common: Mapping[str, object], dataset: Dataset) -> list[dict[str, str]]:
    subjects = asking.subjects(report, dataset)
    twice = sorted(set(common) & set(subjects[0]))
    if twice:
        sentence = _("--all makes every {name} that there is; leave out --{name}, or --all.")
        raise ReportError(sentence.format(name=twice[0]), code="all-and-one")
    return subjects


def _job(
    report: str, given: Mapping[str, object], formats: tuple[str, ...], dataset: Dataset
) -> Job:
    question, cover = asking.ask(report, given, dataset)
    notebook_file = notebook.find(report)
    inputs = {
        "data": _data(dataset.path),
        "code": _code(),
        "libraries": {name: metadata.version(name) for name in LIBRARIES},
        "notebook": registry.digest(notebook_file.read_bytes()),
        "report": report,
        "parameters": question.model_dump(),
        "formats": sorted(formats),
    }
    digest = registry.digest(json.dumps(inputs, sort_keys=True).encode())
    return Job(report, cover.subject, cover.title, dict(given), formats, digest)


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
