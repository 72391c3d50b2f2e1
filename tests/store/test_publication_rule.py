"""Weights of a group are published only of so many as make its first three services right."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from canheal_nb.data import Dataset, load
from canheal_nb.priorities import snapshot_store
from canheal_nb.priorities.model import snapshot_rules
from canheal_nb.store import submissions, terms
from canheal_nb.text.errors import UserError

DAY = dt.date(2026, 3, 2)
OFFER = terms.offered()
SERVICES = ["radiotherapy", "mri"]
COUNT, TOP = 10, 3
SPOKEN = 5  # services of the ten that one person compares
SIZES = (5, 10, 20, 30, 50, 100, 200, 300, 500, 1000, 1500, 2000, 3000)
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
    own = np.maximum(people, 1e-9)
    own[chance.random(people.shape).argsort(axis=1) >= SPOKEN] = np.nan
    ratios = np.clip(own / np.nanmin(own, axis=1, keepdims=True), 1, 9)
    return ratios / np.nansum(ratios, axis=1, keepdims=True) * SPOKEN / COUNT


def share_right(pool: str, people: int, groups: int) -> float:
    """Return in what share of simulated groups the first three that are told are the true ones."""
    chance = np.random.default_rng(20261125)
    right = 0
    for _group in range(groups):
        whole = chance.dirichlet(np.full(COUNT, WHOLE))
        own = chance.dirichlet(np.maximum(PERSON * whole, 1e-3), people)
        said = weights(pool, own, chance)
        told = [_told(one[~np.isnan(one)], chance) for one in said.T]
        first = np.argsort(-np.array(told), kind="stable")[:TOP]
        right += set(first) == set(np.argsort(-whole)[:TOP])
    return right / groups


def _told(given: np.ndarray, chance: np.random.Generator) -> float:
    """Return what is told of a service; one that too few people weighed comes last."""
    return (
        snapshot_rules.told_weight(given, chance) if len(given) >= snapshot_rules.FEWEST else -1.0
    )


def test_the_least_number_is_right_nine_times_in_ten_and_a_hundred_are_not(
    dataset: Dataset,
) -> None:
    rows = dataset.table("judgements/priority_publication").set_index("pool")
    least = int(rows.at["points", "least_people"])
    assert share_right("points", least, 150) >= float(rows.at["points", "share_right"])
    assert share_right("points", 100, 150) < float(rows.at["points", "share_right"])


@pytest.mark.long
@pytest.mark.parametrize("pool", ["points", "order", "pairs"])
def test_each_pool_has_the_least_number_that_the_simulation_gives(
    dataset: Dataset, pool: str
) -> None:
    row = dataset.table("judgements/priority_publication").set_index("pool").loc[pool]
    found = {people: share_right(pool, people, 400) for people in SIZES}
    enough = [people for people, right in found.items() if right >= float(row["share_right"])]
    assert str(row["least_people"]) == (str(enough[0]) if enough else ""), found
    assert enough == list(SIZES[len(SIZES) - len(enough) :])  # and larger groups are right too


def test_a_service_that_few_of_many_people_weighed_is_not_told() -> None:
    many = {f"{n}": {"radiotherapy": 0.1} for n in range(40)}
    few = {f"few {n}": {"radiotherapy": 0.1, "mri": 0.1} for n in range(9)}
    told = snapshot_rules.snapshot({**many, **few}, 49, seed=1, fewest=10)
    assert told is not None
    assert list(told.weights) == ["radiotherapy"]
    told = snapshot_rules.snapshot({**many, **few}, 49, seed=1, fewest=9)
    assert told is not None
    assert list(told.weights) == ["mri", "radiotherapy"]


def test_a_name_that_is_no_longer_published_says_why(store, priorities, monkeypatch) -> None:
    for _each in range(5):
        submissions.hand_in(store, priorities(), DAY, OFFER)
    monkeypatch.setattr(snapshot_store, "least_people", lambda: {"points": 5})
    (one,), _waiting = snapshot_store.publish(store, SERVICES, DAY)
    assert snapshot_store.one(store, one.name) == one
    monkeypatch.undo()
    with pytest.raises(UserError, match=r"of 5 people, too few for its weights to be published"):
        snapshot_store.one(store, one.name)
    with pytest.raises(UserError, match="There is no snapshot other"):
        snapshot_store.one(store, "other")


def test_a_snapshot_of_too_few_is_neither_made_nor_shown(store, priorities, monkeypatch) -> None:
    for _each in range(5):
        submissions.hand_in(store, priorities(), DAY, OFFER)
    made, waiting = snapshot_store.publish(store, SERVICES, DAY)
    assert made == []
    assert [one.people for one in waiting if one.group == "patient"] == [5]
    monkeypatch.setattr(snapshot_store, "least_people", lambda: {"points": 5})
    (one,), _waiting = snapshot_store.publish(store, SERVICES, DAY)
    assert [each.name for each in snapshot_store.published(store)] == [one.name]
    monkeypatch.undo()
    assert snapshot_store.published(store) == []


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
    assert snapshot_store.are_enough(group, people) is enough
