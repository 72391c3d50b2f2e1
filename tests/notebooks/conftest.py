"""What the tests of notebooks share: fixture reports, each with one fault, and their blocks."""

from __future__ import annotations

from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"

# These fail on purpose: they are run by the tests here, never collected as notebooks.
collect_ignore_glob = ["fixtures/*"]
