"""Write docs/API.md: the public names of the package, from their signatures and docstrings.

Usage:
    python build/api.py [FILE]
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import canheal_nb

TARGET = Path(__file__).resolve().parent.parent / "docs" / "API.md"
MOST_SIGNS = 88
OPENING = """# The public names

Made by `build/api.py` from signatures and docstrings; do not edit it, run `make docs`. These names
stay as they are within a version; everything else may change. Units, columns and errors are said
at each. The notebooks in `notebooks/guides/` show them at work.

```python
import canheal_nb

dataset = canheal_nb.load()
canheal_nb.map_figure(dataset, "unmet_medical_need_pct", country="SI")
```"""


def text() -> str:
    """Return the reference as Markdown: functions first, then classes and their members."""
    named = {name: getattr(canheal_nb, name) for name in sorted(canheal_nb.__all__)}
    functions = [_function(name, one) for name, one in named.items() if inspect.isfunction(one)]
    classes = [_class(name, one) for name, one in named.items() if inspect.isclass(one)]
    parts = [OPENING, "## Functions", *functions, "## Classes", *classes]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _function(name: str, function: object) -> str:
    return f"### {name}\n\n{_code(name, function)}\n\n{_said(function)}"


def _class(name: str, one: type) -> str:
    parts = [f"### {name}", _said(one)]
    fields = "\n".join(f"- `{line}`" for line in _fields(one))
    parts += [fields] if fields else []
    parts += _members(name, one)
    return "\n\n".join(parts)


def _fields(one: type) -> Iterator[str]:
    """Yield the fields of a dataclass with their types."""
    for field, kind in getattr(one, "__annotations__", {}).items():
        if field in getattr(one, "__dataclass_fields__", {}):
            yield f"{field}: {kind}"


def _members(name: str, one: type) -> Iterator[str]:
    for member, value in vars(one).items():
        if member.startswith("_"):
            continue
        if isinstance(value, property):
            yield f"#### {name}.{member}\n\n{_said(value)}"
        elif inspect.isfunction(value):
            yield f"#### {name}.{member}\n\n{_code(member, value)}\n\n{_said(value)}"


def _code(name: str, function: object) -> str:
    """Return the signature as code, one parameter a line where it is long."""
    signature = inspect.signature(function)  # type: ignore[arg-type]
    given = list(_parameters(signature))
    result = f" -> {signature.return_annotation}"
    line = f"{name}({', '.join(given)}){result}"
    if len(line) > MOST_SIGNS:
        line = f"{name}(\n" + "".join(f"    {one},\n" for one in given) + f"){result}"
    return f"```python\n{line}\n```"


def _parameters(signature: inspect.Signature) -> Iterator[str]:
    """Yield the parameters as they are written in the code, without `self`."""
    starred = False
    for name, one in signature.parameters.items():
        if name == "self":
            continue
        if one.kind is one.KEYWORD_ONLY and not starred:
            starred = True
            yield "*"
        mark = "**" if one.kind is one.VAR_KEYWORD else ""
        default = "" if one.default is one.empty else f" = {one.default!r}"
        yield f"{mark}{name}: {one.annotation}{default}"


def _said(one: object) -> str:
    return inspect.cleandoc(getattr(one, "__doc__", None) or "").replace("<", "&lt;")


def main(target: Path = TARGET) -> int:
    """Write the reference of this version."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text(), encoding="utf-8", newline="\n")
    print(f"{target}: {len(canheal_nb.__all__)} names")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
