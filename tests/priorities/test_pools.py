"""Which ways of answering are averaged: the rule, its reasons, and what was not compared."""

from __future__ import annotations

import pandas as pd
import pytest

from canheal_nb.data import Dataset
from canheal_nb.priorities.model import comparable, consensus
from canheal_nb.priorities.model.priority_answers import METHODS
from canheal_nb.store.schema import GROUPS, check_kept

SERVICES = list("abcdefghij")


def test_every_way_is_in_one_pool_and_the_table_gives_the_reason(dataset: Dataset) -> None:
    table = dataset.table("judgements/priority_pools")
    assert dict(zip(table["method"], table["pool"], strict=True)) == comparable.POOLS
    assert set(comparable.POOLS) == set(METHODS)
    assert (table["why"] != "").all()


def test_whoever_compared_three_has_three_tenths_to_give() -> None:
    three = comparable.evened({"a": 0.5, "b": 0.3, "c": 0.2}, SERVICES)
    assert three == pytest.approx({"a": 0.15, "b": 0.09, "c": 0.06})
    ten = dict.fromkeys(SERVICES, 0.1)
    assert comparable.evened(ten, SERVICES) == pytest.approx(ten)
    # Two who find all they weigh alike agree that everything counts the same.
    alike = comparable.evened({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}, SERVICES)
    assert consensus.combined(pd.DataFrame([ten, alike])).tolist() == pytest.approx([0.1] * 10)
    assert comparable.evened({}, []) == {}


def test_everybody_is_in_one_cell_whose_name_the_store_keeps() -> None:
    made = comparable.cells(GROUPS)
    assert len(made) == 15
    each = [(group, way) for group, ways in made.values() for way in ways]
    assert len(each) == len(set(each)) == len(GROUPS) * len(METHODS)
    for name, (group, ways) in made.items():
        check_kept("as_group", name)
        check_kept("name", f"{name}-2026-03-02")
        assert len(name) <= 20
        assert comparable.split(name) == (group, comparable.POOLS[ways[0]])
