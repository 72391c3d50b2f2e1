"""Every shipped notebook, found by glob: its anatomy, its parameters, and each report made.

That apps and guides run clean is nbval's part (`make test` runs pytest with `--nbval-lax` over
their folders); reports are made here, and what their figures say is tested in code.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pypdf
import pytest

from canheal_nb.reporting import catalogue, notebook
from canheal_nb.text.home import notebooks_dir

REPORTS = {name: asked.question for name, asked in catalogue.definitions().items()}
FIGURES = {"centre_profile": 0, "designation_check": 0, "genomics_readiness": 0, "training_plan": 0}
MOST_PAGES = {
    "country_brief": 5,
    "eu_overview": 8,
    "centre_profile": 4,
    "designation_check": 4,
    "genomics_readiness": 8,
    "scenario_brief": 6,
    "training_plan": 4,
}
FOLDERS = ("apps", "reports", "guides")
NOTEBOOKS = sorted(notebooks_dir().rglob("*.ipynb"))
WITH_PARAMETERS = [path for path in NOTEBOOKS if path.parent.name != "guides"]
CODE_LINES = {"apps": 25, "reports": 90, "guides": 200}
CELL_LINES = 15
GUIDE_IMPORTS = ("geopandas", "pandas", "pathlib", "tempfile")
LOGIC = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.Try)


def named(path: Path) -> str:
    """Return a notebook's folder and name, for the test's own name."""
    return f"{path.parent.name}/{path.stem}"


each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=named)


def cells(path: Path, kind: str) -> list[dict[str, Any]]:
    """Return a notebook's cells of one kind, each source as one text."""
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [{**c, "source": "".join(c["source"])} for c in found if c["cell_type"] == kind]


def test_notebooks_are_found_where_they_belong() -> None:
    assert {path.parent.name for path in NOTEBOOKS} >= {"apps", "reports"}
    assert {path.parent.name for path in NOTEBOOKS} <= set(FOLDERS)
    assert {path.stem for path in NOTEBOOKS if path.parent.name == "reports"} == set(REPORTS)


@each_notebook
def test_it_opens_with_one_title_the_decision_and_for_whom(path: Path) -> None:
    first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]
    prose = "\n".join(cell["source"] for cell in cells(path, "markdown"))
    assert first["cell_type"] == "markdown"
    assert re.match(r"# \S", "".join(first["source"]))
    assert len(re.findall(r"^# ", prose, re.MULTILINE)) == 1
    for word in ("**Decision:**", "**For:**"):
        assert word in "".join(first["source"])


@each_notebook
def test_it_says_method_sources_and_limits(path: Path) -> None:
    text = " ".join(cell["source"] for cell in cells(path, "markdown")).lower()
    assert "method" in text
    assert "sources" in text
    assert "limits" in text or "not known" in text


@each_notebook
def test_it_holds_calls_and_no_logic(path: Path) -> None:
    code = [cell["source"] for cell in cells(path, "code")]
    for source in code:
        assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, LOGIC)]
        assert len(source.splitlines()) <= CELL_LINES
    assert sum(len(source.splitlines()) for source in code) <= CODE_LINES[path.parent.name]


@each_notebook
def test_it_imports_this_package_only(path: Path) -> None:
    """Guides also show how the package goes with what its readers have at hand."""
    allowed = {"canheal_nb", *(GUIDE_IMPORTS if path.parent.name == "guides" else ())}
    for cell in cells(path, "code"):
        for node in ast.walk(ast.parse(cell["source"])):
            if isinstance(node, ast.Import):
                assert {name.name.split(".")[0] for name in node.names} <= allowed
            if isinstance(node, ast.ImportFrom):
                assert str(node.module).split(".")[0] in allowed


@each_notebook
def test_it_keeps_no_output_no_count_and_no_path(path: Path) -> None:
    for cell in cells(path, "code"):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
        assert not re.search(r"['\"](/|~|[A-Z]:\\)", cell["source"])
    assert re.fullmatch(r"[a-z0-9_]+\.ipynb", path.name)


@pytest.mark.parametrize("path", WITH_PARAMETERS, ids=named)
def test_its_parameters_are_literals_and_all_are_used(path: Path) -> None:
    names = set(notebook.defaults(path))
    rest = [c for c in cells(path, "code") if "parameters" not in c["metadata"].get("tags", [])]
    used = {
        node.id
        for cell in rest
        for node in ast.walk(ast.parse(cell["source"]))
        if isinstance(node, ast.Name)
    }
    assert names
    assert names <= used


@pytest.mark.parametrize("report", sorted(REPORTS))
def test_a_report_takes_what_its_question_asks(report: str) -> None:
    fields = REPORTS[report].model_fields
    assert list(notebook.defaults(notebook.find(report))) == list(fields)


@pytest.mark.parametrize("report", sorted(REPORTS))
def test_a_report_is_made_with_its_own_defaults(report: str, tmp_path: Path) -> None:
    defaults = notebook.defaults(notebook.find(report))
    outcome = catalogue.make(report, defaults, tmp_path)
    page = outcome.paths[0].read_text(encoding="utf-8")
    sheets = pypdf.PdfReader(outcome.paths[1]).pages
    text = " ".join(sheet.extract_text() for sheet in sheets)
    assert page.count("<h1>") == 1
    assert page.count("<figure") == page.count("<figcaption>")
    assert page.count("<figure") >= FIGURES.get(report, 1)
    assert "What is not known" in text
    assert "Sources and method" in text
    assert len(sheets) <= MOST_PAGES[report]
