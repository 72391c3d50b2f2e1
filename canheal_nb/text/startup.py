"""Imports without a grammar that nobody here asks for.

jsonschema, which Jupyter's server and altair load, builds a complete grammar of
internationalised addresses from `rfc3987_syntax` when it is imported: seconds, in the server
and again in every kernel. It serves only the formats `iri` and `iri-reference`, which
jsonschema leaves unchecked when the module is missing; no schema here uses them.
"""

from __future__ import annotations

import sys

_GRAMMAR = "rfc3987_syntax"


def hide_iri_grammar() -> None:
    """Make the grammar look missing in this process, unless it is already loaded."""
    sys.modules.setdefault(_GRAMMAR, None)  # type: ignore[arg-type]
