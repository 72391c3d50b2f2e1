"""Decision support for cancer care in the EU: sourced facts, pure functions, one picture.

Importing this package reads no file and loads no heavy library; `load` does both when called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from canheal_nb.data import load

__version__ = "0.1.0"
__all__ = ["__version__", "load"]


def __getattr__(name: str) -> object:
    """Fetch `load` from the data floor the first time somebody asks for it."""
    if name != "load":
        sentence = f"module 'canheal_nb' has no attribute {name!r}"
        raise AttributeError(sentence)
    from canheal_nb.data import load

    return load
