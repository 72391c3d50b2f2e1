"""The shape of the package, measured: what the rules of the house ask for, as lines that can
differ.

What does not keep a rule yet stands in `remaining/`, one file a slice, and is to become less: a
line goes when its reason does, and none is added. `python tests/house/shape.py` writes the files
again; a change that makes one longer is a mistake.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "canheal_nb"
REMAINING = Path(__file__).parent / "remaining"
MOST_LINES, MOST_MODULES, FEWEST_LINES, MOST_POSITIONAL = 500, 12, 80, 5
# What every slice may have, however short it is.
FIXED = {"__init__", "commands", "model", "question", "report", "screen", "text"}
SOLVERS = "scipy.optimize"


@cache
def modules() -> dict[str, Path]:
    """Return every module of the package by its dotted name; migrations are not imported."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "migrations" not in parts:
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the full name of all that a file imports, and the name that it gets there."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((name.name, name.asname or "") for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{name.name}", name.asname or "") for name in node.names)


@cache
def importers() -> dict[str, set[str]]:
    """Return for each module the other modules of the package that import it or from it."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, path in modules().items():
        for what, _alias in imported(path):
            module = what if what in modules() else what.rpartition(".")[0]
            if module in modules() and module != name:
                found[module].add(name)
    return found


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix().removeprefix("canheal_nb/")


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def long_modules() -> Iterator[str]:
    """Yield modules of more than 500 lines."""
    for path in modules().values():
        if lines_of(path) > MOST_LINES:
            yield f"{shown(path)}: longer than {MOST_LINES} lines"


def full_folders() -> Iterator[str]:
    """Yield folders of more than twelve modules."""
    for folder in sorted({path.parent for path in modules().values()} - {PACKAGE}):
        if len([path for path in folder.glob("*.py") if path.stem != "__init__"]) > MOST_MODULES:
            yield f"{shown(folder)}/: more than {MOST_MODULES} modules"


def fragments() -> Iterator[str]:
    """Yield short modules that nobody imports but one other module of their folder."""
    for name, path in modules().items():
        by = importers().get(name, set())
        if path.stem in FIXED or lines_of(path) >= FEWEST_LINES or len(by) != 1:
            continue
        if modules()[next(iter(by))].parent == path.parent:
            yield f"{shown(path)}: a fragment of {next(iter(by)).rpartition('.')[2]}"


def wide_functions() -> Iterator[str]:
    """Yield functions with more than five positional arguments."""
    for path in modules().values():
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            names = [one.arg for one in [*node.args.posonlyargs, *node.args.args]]
            if len([name for name in names if name not in ("self", "cls")]) > MOST_POSITIONAL:
                yield f"{shown(path)}: {node.name} takes {len(names)} positional arguments"


def other_names() -> Iterator[str]:
    """Yield own modules that are imported by a name that is not theirs, tests included."""
    tests = [path for path in sorted((ROOT / "tests").rglob("*.py")) if path != Path(__file__)]
    more = [path for top in ("build", "bench") for path in sorted((ROOT / top).glob("*.py"))]
    for path in [*modules().values(), *tests, *more]:
        for what, alias in imported(path):
            if what in modules() and alias:
                yield f"{shown(path)}: {what.removeprefix('canheal_nb.')} as {alias}"


def solvers() -> Iterator[str]:
    """Yield modules that call a solver of scipy outside the slice `solver`."""
    for name, path in modules().items():
        if name.startswith("canheal_nb.solver"):
            continue
        if any(what.startswith(SOLVERS) for what, _alias in imported(path)):
            yield f"{shown(path)}: imports {SOLVERS}"


RULES = (long_modules, full_folders, fragments, wide_functions, other_names, solvers)


def found() -> dict[str, set[str]]:
    """Return every line that breaks a rule, by slice (or "tests", "build", "bench")."""
    every: dict[str, set[str]] = defaultdict(set)
    for rule in RULES:
        for line in rule():
            every[line.partition("/")[0]].add(line)
    return every


def listed() -> dict[str, set[str]]:
    """Return what is listed as remaining, by slice."""
    return {
        path.stem: set(path.read_text(encoding="utf-8").splitlines())
        for path in sorted(REMAINING.glob("*.txt"))
    }


def write(every: dict[str, set[str]]) -> None:
    """List what remains; a slice with nothing has no file."""
    REMAINING.mkdir(exist_ok=True)
    for path in REMAINING.glob("*.txt"):
        path.unlink()
    for name, lines in every.items():
        (REMAINING / f"{name}.txt").write_text(_text(lines), encoding="utf-8")


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in sorted(lines))


if __name__ == "__main__":
    write(found())
