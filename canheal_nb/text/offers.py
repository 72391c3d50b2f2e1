"""What slices name in their `__init__`, as text, and how it is loaded when somebody asks for it.

A lower slice can so use what a higher one offers without importing it: nothing central lists it.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[1]


@cache
def offered(kind: str) -> dict[str, str]:
    """Return where each thing of a kind is, by name: REPORTS gives "country_brief" and so on.

    A place is spelled "canheal_nb.country.report.country_brief:REPORT".
    """
    found: dict[str, str] = {}
    for one in pkgutil.iter_modules([str(PACKAGE)]):
        if one.ispkg and one.name != "serve":  # which loads a web server, and offers nothing
            slice_ = import_module(f"canheal_nb.{one.name}")
            for name, place in getattr(slice_, kind, {}).items():
                found[name] = f"{slice_.__name__}.{place}"
    return dict(sorted(found.items()))


def load(kind: str, name: str) -> Any:
    """Return the thing of a kind and name itself. Raises KeyError where no slice offers it."""
    module, _colon, attribute = offered(kind)[name].partition(":")
    return getattr(import_module(module), attribute)
