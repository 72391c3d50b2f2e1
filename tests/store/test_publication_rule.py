"""Weights of a group are published only of so many as make its first three services right."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from canheal_nb.data import Dataset, load
from canheal_nb.model import snapshots as rule
from canheal_nb.store import handing, snapshots

DAY = dt.date(2026, 3, 2)
SERVICES = ["radiotherapy", "mri"]
COUNT, TOP = 10, 3
WHOLE, PERSON = 2.0, 5.0  # concentrations of the judgement's distributions
RANKED = np.array([sum(1 / j for j in range(i, COUNT + 1)) / COUNT for i in range(1, COUNT + 1)])


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return load()


def weights(pool: str, people: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Return what people say in a pool, NaN for what they do not speak about."""
    if pool == "points":
        return people
    if pool == "order":
        return RANKED[np.argsort(np.argsort(-people, axis=1), axis=1)]
    said = np.full(people.shape, np.nan)
    for row, own in zip(said, np.maximum(people, 1e-9), strict=True):
        chosen = chance.choice(COUNT, 5, replace=False)
        ratios = np.clip(own[chosen] / own[chosen].min(), 1, 9)
        row[chosen] = ratios / ratios.sum() * 5 / COUNT
    return said


def share_right(pool: str, people: int, groups: int) -> float:
    """Return in what share of simulated groups the first three that are told are the true ones."""
    chance = np.random.default_rng(20261125)
    right = 0
    for _group in range(groups):
        whole = chance.dirichlet(np.full(COUNT, WHOLE))
        own = chance.dirichlet(np.maximum(PERSON * whole, 1e-3), people)
        said = weights(pool, own, chance)
        told = [rule.told_weight(one[~np.isnan(one)], chance) for one in said.T]
        first = np.argsort(-np.array(told), kind="stable")[:TOP]
        right += set(first) == set(np.argsort(-whole)[:TOP])
    return right / groups


def test_the_least_number_is_right_nine_times_in_ten_and_a_hundred_are_not(
    dataset: Dataset,
) -> None:
    rows = dataset.table("judgements/priority_publication").set_index("pool")
    least = int(rows.at["points", "least_people"])
    assert share_right("points", least, 150) >= float(rows.at["points", "share_right"])
    assert share_right("points", 100, 150) < float(rows.at["points", "share_right"])


@pytest.mark.long
def test_each_pool_has_the_least_number_that_the_simulation_gives(dataset: Dataset) -> None:
    rows = dataset.table("judgements/priority_publication").set_index("pool")
    found = {
        pool: {n: share_right(pool, n, 400) for n in (5, 10, 20, 30, 50, 100, 300, 1000, 2000)}
        for pool in rows.index
    }

    for pool, row in rows.iterrows():
        wanted = float(row["share_right"])
        if not row["least_people"]:
            assert max(found[pool].values()) < wanted
            continue
        assert found[pool][int(row["least_people"])] >= wanted
        assert all(right < wanted for n, right in found[pool].items() if n <= 300)


def test_a_snapshot_of_too_few_is_neither_made_nor_shown(store, priorities, monkeypatch) -> None:
    for _each in range(5):
        handing.hand_in(store, priorities(), DAY, set())
    made, waiting = snapshots.publish(store, SERVICES, DAY)
    assert made == []
    assert [one.people for one in waiting if one.group == "patient"] == [5]
    monkeypatch.setattr(snapshots, "least_people", lambda: {"points": 5})
    (one,), _waiting = snapshots.publish(store, SERVICES, DAY)
    assert [each.name for each in snapshots.published(store)] == [one.name]
    monkeypatch.undo()
    assert snapshots.published(store) == []


@pytest.mark.parametrize(
    ("group", "people", "enough"),
    [
        ("patient", 1999, False),
        ("patient", 2000, True),
        ("patient-order", 2000, True),
        ("patient-pairs", 10**6, False),
        ("patient-other", 10**6, False),
    ],
)
def test_the_rule_goes_by_pool(group: str, people: int, enough: bool) -> None:
    assert snapshots.are_enough(group, people) is enough
