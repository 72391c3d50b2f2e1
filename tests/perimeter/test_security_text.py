"""SECURITY.md says the limits that the code has."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

from canheal_nb.serve.addresses import OWN_NAMES
from canheal_nb.serve.team import TOKEN_HEADER
from canheal_nb.store import terms

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| [^|]+ \| ([\d,]+)( \w+)? \| `([\w.]+)\.([A-Z_]+)` \|", re.MULTILINE)


def text() -> str:
    return (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_every_limit_is_the_codes_own():
    limits = text().partition("## Limits")[2].partition("\n## ")[0]
    rows = [line for line in limits.splitlines() if line.startswith("| ")][1:]
    found = ROW.findall(limits)
    assert len(found) == len(rows) > 20, "each row of the table can be read"
    said = {(module, name): int(value.replace(",", "")) for value, _unit, module, name in found}
    code = {
        (module, name): getattr(importlib.import_module(f"canheal_nb.{module}"), name)
        for module, name in said
    }
    assert said == code


def test_what_is_said_of_the_edge_is_so():
    assert "`localhost`, `127.0.0.1`, `[::1]`" in text()
    assert OWN_NAMES == ("localhost", "127.0.0.1", "::1")
    assert f"`{TOKEN_HEADER}`" in text()


def test_how_long_texts_are_kept():
    kept = terms.offered().kept_days
    assert {days[max(days)] for days in kept.values()} == {365, 730}
    assert list(kept["feedback"].values())[-1] == 365
    said = " ".join(text().split())
    assert "Comments go one year after their answer, priorities after two years" in said
