"""A report's notebook before it runs: where it is, which parameters it takes, of which type.

papermill alone runs an unknown parameter with the defaults, accepts a wrong type, runs a
notebook without a `parameters` cell to its end, and writes parameter names into code. All
four are refused here, before a kernel starts.
"""

from __future__ import annotations

import ast
import difflib
import json
import math
from collections.abc import Mapping
from pathlib import Path

from canheal_nb.reporting.contract import ReportError
from canheal_nb.text.home import notebooks_dir
from canheal_nb.text.locale import _

Simple = str | int | float | bool


def known_reports() -> list[str]:
    """Return the names of the reports that can be made, sorted."""
    return sorted(path.stem for path in (notebooks_dir() / "reports").glob("*.ipynb"))


def find(report: str) -> Path:
    """Return the path of a report's notebook; ReportError names the known ones."""
    known = known_reports()
    if report in known:
        return notebooks_dir() / "reports" / f"{report}.ipynb"
    near = difflib.get_close_matches(report, known, n=1)
    if near:
        hint = _("Did you mean {near}?").format(near=near[0])
    else:
        hint = _("Use one of: {listed}.").format(listed=", ".join(known))
    sentence = _("There is no report {report}. {hint}")
    raise ReportError(sentence.format(report=_quoted(report), hint=hint), code="unknown-report")


def defaults(path: Path) -> dict[str, Simple]:
    """Return the names and default values of a notebook's `parameters` cell.

    ReportError when the file is no notebook, has not exactly one such cell, or the cell
    holds anything but literals.
    """
    cells = [cell for cell in _cells(path) if "parameters" in _tags(cell)]
    if len(cells) != 1:
        raise _broken(path, _("it must have exactly one cell tagged parameters"))
    try:
        return _literals("".join(_source(cells[0])))
    except (SyntaxError, ValueError):
        fault = _("its parameters cell must hold literals only")
        raise _broken(path, fault) from None


def check(given: Mapping[str, object], path: Path) -> dict[str, Simple]:
    """Return the parameters when names and types are exactly the notebook's; else ReportError."""
    expected = defaults(path)
    for name in given:
        if name not in expected:
            raise _unknown(name, list(expected), path)
    for name in expected:
        if name not in given:
            sentence = _("The report {report} needs the parameter {name}; give it a value.")
            text = sentence.format(report=path.stem, name=name)
            raise ReportError(text, code="missing-parameter")
    return {name: _typed(name, given[name], expected[name]) for name in expected}


def _typed(name: str, value: object, default: Simple) -> Simple:
    """Return the value when its type is the default's; a whole number may stand for a number."""
    if type(value) is int and type(default) is float:
        return float(value)
    finite = not isinstance(value, float) or math.isfinite(value)
    if isinstance(value, Simple) and type(value) is type(default) and finite:
        return value
    sentence = _("{name} must be of type {kind}, not {value} (which is of type {given}).")
    kind, given = type(default).__name__, type(value).__name__
    text = sentence.format(name=name, kind=kind, value=_quoted(value), given=given)
    raise ReportError(text, code="wrong-type")


def _unknown(name: object, names: list[str], path: Path) -> ReportError:
    sentence = _("The report {report} has no parameter {name}; it takes: {listed}.")
    text = sentence.format(report=path.stem, name=_quoted(name), listed=", ".join(names))
    return ReportError(text, code="unknown-parameter")


def _cells(path: Path) -> list[dict[str, object]]:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError, TypeError):
        raise _broken(path, _("its file is not a notebook")) from None
    return list(cells)


def _source(cell: dict[str, object]) -> list[str]:
    source = cell.get("source")
    return [source] if isinstance(source, str) else list(source) if isinstance(source, list) else []


def _tags(cell: dict[str, object]) -> list[str]:
    metadata = cell.get("metadata")
    return list(metadata.get("tags", [])) if isinstance(metadata, dict) else []


def _literals(source: str) -> dict[str, Simple]:
    """Read `name: type = literal` and `name = literal` lines; ValueError on anything else."""
    found: dict[str, Simple] = {}
    for line in ast.parse(source).body:
        if isinstance(line, ast.Assign) and len(line.targets) == 1:
            target: ast.expr = line.targets[0]
        elif isinstance(line, ast.AnnAssign):
            target = line.target
        else:
            raise ValueError(ast.dump(line))
        value = ast.literal_eval(line.value) if line.value is not None else None
        if not isinstance(target, ast.Name) or not isinstance(value, Simple):
            raise ValueError(ast.dump(line))
        found[target.id] = value
    return found


def _broken(path: Path, fault: str) -> ReportError:
    sentence = _("The report {report} cannot be run: {fault}. Please tell the maintainers.")
    return ReportError(sentence.format(report=path.stem, fault=fault), code="report-broken")


def _quoted(value: object) -> str:
    """Return a value as it can be printed in a sentence: quoted, in ASCII, at most 60 signs."""
    return f"'{ascii(str(value))[1:-1][:60]}'"
