"""The generated documents: they are what the scripts make of the code and the data."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

import canheal_nb
from canheal_nb.data import Dataset
from canheal_nb.data.contracts import TABLES

ROOT = Path(__file__).resolve().parents[2]
AGAIN = "run `make docs` and commit docs/"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "build" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def dictionary(dataset: Dataset) -> str:
    return str(script("dictionary").text(dataset))


def test_the_committed_dictionary_is_that_of_the_data(dictionary: str) -> None:
    written = (ROOT / "docs" / "DICTIONARY.md").read_text(encoding="utf-8")
    assert written == dictionary, AGAIN


def test_the_committed_reference_is_that_of_the_code() -> None:
    written = (ROOT / "docs" / "API.md").read_text(encoding="utf-8")
    assert written == script("api").text(), AGAIN


def test_the_dictionary_holds_every_table_column_indicator_and_capability(
    dataset: Dataset, dictionary: str
) -> None:
    rows = set(re.findall(r"^\| `([^`]+)`", dictionary, re.MULTILINE))
    assert {table.file for table in TABLES.values()} <= rows
    assert {name for table in TABLES.values() for name in table.names} <= rows
    assert set(dataset.indicator_types.index) <= rows
    assert set(dataset.capability_types.index) <= rows


def test_every_row_of_the_dictionary_has_the_cells_of_its_head(dictionary: str) -> None:
    blocks = re.findall(r"(?:^\|.*\n?)+", dictionary, re.MULTILINE)
    assert len(blocks) > len(TABLES)
    for block in blocks:
        cells = {len(re.split(r"(?<!\\)\|", line)) for line in block.strip().splitlines()}
        assert len(cells) == 1, block[:200]


def test_hostile_cells_stay_in_their_cell() -> None:
    made = script("dictionary")._lines("a|b", [("x|y\n| z", "<script>")])
    assert made.splitlines()[-1] == "| x\\|y \\| z | &lt;script> |"


def test_the_reference_names_all_that_is_public() -> None:
    text = script("api").text()
    heads = set(re.findall(r"^### (\S+)$", text, re.MULTILINE))
    assert heads == set(canheal_nb.__all__) - {"__version__"}
    for head, section in re.findall(r"^#{3,4} (\S+)\n\n(.*?)(?=\n#)", text, re.M | re.S):
        assert re.search(r"^[A-Z].*\.", section, re.MULTILINE), head
