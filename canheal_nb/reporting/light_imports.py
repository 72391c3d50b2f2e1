"""Import without a grammar that nobody here asks for.

jsonschema, which nbformat and altair load, builds a complete grammar of
internationalised addresses from `rfc3987_syntax` when it is imported: one to four seconds.
It serves only the formats `iri` and `iri-reference`, which no schema of a notebook or a
chart uses. jsonschema leaves those two formats unchecked when the module is missing, so
the module is made to look missing while jsonschema is imported, and only then.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_GRAMMAR = "rfc3987_syntax"


@contextmanager
def without_iri_grammar() -> Iterator[None]:
    """Hide the grammar from the imports in the `with` block, unless it is already loaded."""
    if "jsonschema" in sys.modules or _GRAMMAR in sys.modules:
        yield
        return
    hide_iri_grammar()
    try:
        yield
    finally:
        del sys.modules[_GRAMMAR]


def hide_iri_grammar() -> None:
    """Hide the grammar for the rest of this process: for a report's kernel, which ends soon."""
    sys.modules[_GRAMMAR] = None  # type: ignore[assignment]
