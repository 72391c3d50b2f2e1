"""Rules of the house that neither the linter nor the layer check can see."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from house import shape
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES_IN_A_CELL = 15
VAGUE_NAMES = {"utils", "helpers", "common", "misc"}
HEAVY = {"pandas", "numpy", "altair", "geopandas", "voila", "nbconvert", "papermill", "pydantic"}
NOT_IN_NOTEBOOKS = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.While,
    ast.Try,
)
# Spelled in halves so that this file does not match itself.
FOREIGN = re.compile(
    "|".join(
        re.escape(first) + re.escape(second)
        for first, second in (
            ("pypi", ".org"),
            ("python", "hosted.org"),
            ("registry.npm", "js.org"),
            ("registry.yarn", "pkg.com"),
            ("deb.debian", ".org"),
            ("conda.ana", "conda.org"),
            ("/wo", "rk/"),
            ("/tmp", "/w/"),
            ("/ro", "ot/"),
            ("/opt/", "wheels"),
            ("/opt/", "pypi"),
        )
    )
    + r"|\b(TO"
    + r"DO|FIX"
    + r"ME|XX"
    + r"X)\b"
)


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that git keeps or would keep: what is ignored is nobody's business."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return tuple(path for name in done.stdout.splitlines() if (path := ROOT / name).is_file())


def python_files(top: str) -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and (ROOT / top) in path.parents]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def notebooks() -> list[Path]:
    top = ROOT / "notebooks"
    return [path for path in tracked() if path.suffix == ".ipynb" and top in path.parents]


def code_cells(path: Path) -> list[dict[str, object]]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def source(cell: dict[str, object]) -> str:
    lines = cell["source"]
    return "".join(lines) if isinstance(lines, list) else str(lines)


def test_no_module_has_a_name_that_says_nothing() -> None:
    modules = python_files("canheal_nb") + python_files("build") + python_files("tests")
    vague = [shown(path) for path in modules if VAGUE_NAMES & {path.stem, *path.parts[-2:-1]}]
    assert vague == []


def test_what_breaks_a_rule_is_listed_and_what_is_listed_breaks_one() -> None:
    """The rules: see `house/shape.py`. What is mended goes from the list; nothing comes onto it."""
    found, listed = shape.found(), shape.listed()
    assert {name: found.get(name, set()) - lines for name, lines in listed.items()} == {
        name: set() for name in listed
    }
    assert {name: lines - listed.get(name, set()) for name, lines in found.items()} == {
        name: set() for name in found
    }
    assert {name: lines - found.get(name, set()) for name, lines in listed.items()} == {
        name: set() for name in listed
    }


def test_every_rule_sees_what_breaks_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "canheal_nb"
    (package / "small").mkdir(parents=True)
    (tmp_path / "tests").mkdir()
    for name in ("a", "b"):
        (package / "small" / f"{name}.py").write_text("", encoding="utf-8")
    wide = "from canheal_nb.small import a as other\n\n\ndef f(a, b, c, d, e, f): ...\n"
    (package / "small" / "b.py").write_text("import scipy.optimize\n" + wide, encoding="utf-8")
    (package / "small" / "long.py").write_text("\n" * 501, encoding="utf-8")
    for number in range(10):
        (package / "small" / f"m{number}.py").write_text("\n" * 90, encoding="utf-8")
    monkeypatch.setattr(shape, "ROOT", tmp_path)
    monkeypatch.setattr(shape, "PACKAGE", package)
    for one in (shape.modules, shape.importers):
        one.cache_clear()
    try:
        assert [sorted(rule()) for rule in shape.RULES] == [
            ["small/long.py: longer than 500 lines"],
            ["small/: more than 12 modules"],
            ["small/a.py: a fragment of b"],
            ["small/b.py: f takes 6 positional arguments"],
            ["small/b.py: small.a as other"],
            ["small/b.py: imports scipy.optimize"],
        ]
    finally:
        for one in (shape.modules, shape.importers):
            one.cache_clear()


def test_the_tests_lie_by_slice() -> None:
    slices = {path.parent.name for path in shape.PACKAGE.glob("*/__init__.py")}
    whole = {"browser", "fixtures", "goldens", "house", "notebooks", "perimeter", "serve_load"}
    folders = {path.parent.name for path in shape.ROOT.glob("tests/*/*.py")}
    assert folders - whole <= slices
    # What people write is tested on a store of each kind, in tests/store.
    assert slices - folders == {"feedback"}


def test_importing_the_package_loads_nothing_heavy_and_opens_no_file() -> None:
    script = (
        "import sys; opened = []\n"
        "sys.addaudithook(lambda event, args: event == 'open' and opened.append(str(args[0])))\n"
        "import canheal_nb\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))\n"
        "print(*[name for name in opened if not name.endswith(('.py', '.pyc', 'None'))])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True
    )
    loaded, opened = done.stdout.split("\n")[:2]
    assert "canheal_nb" in loaded.split()
    assert HEAVY & set(loaded.split()) == set()
    assert opened == ""


def test_what_tests_and_scripts_import_is_declared() -> None:
    """`make check` asks the same of the package itself."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    declared = [*project["project"]["dependencies"], *groups["build"], *groups["dev"]]
    names = {canonicalize_name(Requirement(line).name) for line in declared}
    brought_by = metadata.packages_distributions()
    foreign = {
        module: {canonicalize_name(name) for name in brought_by[module]}
        for path in python_files("tests") + python_files("build")
        for module in imported(path)
        if module in brought_by and module != "canheal_nb"
    }
    assert {"pytest", "shapely"} <= set(foreign)
    assert [module for module, found in foreign.items() if not found & names] == []


def imported(path: Path) -> set[str]:
    """Return the top names of what a file imports, wherever in the file it does."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    parts = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    return {name.split(".")[0] for name in plain | parts}


def test_no_test_sleeps() -> None:
    sleepy = [
        f"{shown(path)}:{node.lineno}"
        for path in python_files("tests")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name | ast.Attribute)
        and (node.id if isinstance(node, ast.Name) else node.attr) in {"sleep", "wait_for_timeout"}
    ]
    assert sleepy == []


def test_nothing_in_git_names_a_registry_or_a_machine() -> None:
    found = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [f"{shown(path)}: {match.group()}" for match in FOREIGN.finditer(text)]
    assert found == []


def test_there_are_notebooks() -> None:
    """The rules below would pass on none."""
    assert {path.parent.name for path in notebooks()} >= {"apps", "reports"}


@pytest.mark.parametrize("path", notebooks(), ids=shown)
def test_a_notebook_is_prose_and_a_few_calls(path: Path) -> None:
    for number, cell in enumerate(code_cells(path), start=1):
        text = source(cell)
        assert cell["outputs"] == [], f"code cell {number} has outputs"
        assert cell["execution_count"] is None, f"code cell {number} has a count"
        assert len(text.splitlines()) <= MOST_LINES_IN_A_CELL, f"code cell {number} is long"
        clever = [node for node in ast.walk(ast.parse(text)) if isinstance(node, NOT_IN_NOTEBOOKS)]
        assert clever == [], f"code cell {number} defines or loops"


@pytest.mark.parametrize(
    "path", [path for path in notebooks() if path.parent.name == "reports"], ids=shown
)
def test_a_report_has_one_cell_of_parameters_and_it_holds_literals(path: Path) -> None:
    (cell,) = [
        cell
        for cell in code_cells(path)
        if "parameters" in json.dumps(cell["metadata"].get("tags", []))  # type: ignore[attr-defined]
    ]
    for statement in ast.parse(source(cell)).body:
        assert isinstance(statement, ast.Assign | ast.AnnAssign)
        assert statement.value is not None
        ast.literal_eval(statement.value)


def test_every_app_is_opened_in_the_browser() -> None:
    """There the apps' notebooks run, on the real server; `make test` runs them nowhere else."""
    tests = "".join(path.read_text(encoding="utf-8") for path in python_files("tests/browser"))
    apps = [path.stem for path in notebooks() if path.parent.name == "apps"]
    assert [name for name in apps if f"app/{name}" not in tests] == []
