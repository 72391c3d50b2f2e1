"""Groups: one set of weights, agreement, and what a snapshot may not give away."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from canheal_nb.errors import UserError
from canheal_nb.model import consensus, snapshots

ABC = ["a", "b", "c"]
PEOPLE = pd.DataFrame([[0.6, 0.3, 0.1], [0.2, 0.3, 0.5], [0.1, 0.8, 0.1]], columns=ABC)


@pytest.mark.parametrize("how", consensus.HOWS)
def test_a_groups_weights_sum_to_one_in_any_order_of_people(how: consensus.How) -> None:
    found = consensus.combined(PEOPLE, how)
    assert found.sum() == pytest.approx(1)
    assert consensus.combined(PEOPLE.iloc[::-1], how).to_dict() == pytest.approx(found.to_dict())
    alone = consensus.combined(PEOPLE.iloc[[0]], how)
    assert alone.tolist() == pytest.approx([0.6, 0.3, 0.1])


def test_ways_by_hand() -> None:
    assert consensus.combined(PEOPLE).tolist() == pytest.approx([0.3, 7 / 15, 7 / 30])
    middle = consensus.combined(PEOPLE, "median")
    assert middle.tolist() == pytest.approx([2 / 6, 3 / 6, 1 / 6])
    roots = [0.012 ** (1 / 3), 0.072 ** (1 / 3), 0.005 ** (1 / 3)]
    expected = [one / sum(roots) for one in roots]
    assert consensus.combined(PEOPLE, "geometric").tolist() == pytest.approx(expected)


def test_each_group_counts_once_however_large() -> None:
    many = pd.DataFrame([[1.0, 0.0]] * 30, columns=["a", "b"])
    few = pd.DataFrame([[0.0, 1.0]] * 2, columns=["a", "b"])
    found = consensus.between({"patient": many, "provider": few})
    assert found.tolist() == [0.5, 0.5]


def test_nobody_and_nothing_are_refused() -> None:
    with pytest.raises(UserError, match="Nobody"):
        consensus.combined(PEOPLE.iloc[:0])
    split = pd.DataFrame([[1.0, 0.0], [0.0, 1.0]], columns=["a", "b"])
    with pytest.raises(UserError, match="arithmetic"):
        consensus.combined(split, "geometric")


def test_concordance_by_hand() -> None:
    same = pd.DataFrame([[0.5, 0.3, 0.2]] * 4, columns=ABC)
    assert consensus.kendall_w(same) == pytest.approx(1)
    against = pd.DataFrame([[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]], columns=ABC)
    assert consensus.kendall_w(against) == pytest.approx(0)
    # Ranks 3 2 1, 3 1 2: sums 6 3 3, S = 6, W = 12 * 6 / (4 * 24) = 0.75.
    near = pd.DataFrame([[0.5, 0.3, 0.2], [0.5, 0.2, 0.3]], columns=ABC)
    assert consensus.kendall_w(near) == pytest.approx(0.75)
    tied = pd.DataFrame([[0.5, 0.25, 0.25]] * 3, columns=ABC)
    assert consensus.kendall_w(tied) == pytest.approx(1)
    assert math.isnan(consensus.kendall_w(PEOPLE.iloc[[0]]))
    assert math.isnan(consensus.kendall_w(pd.DataFrame([[0.5, 0.5]] * 3)))


def test_intervals_hold_the_weights_and_repeat_with_their_seed() -> None:
    found = consensus.intervals(PEOPLE, seed=7, draws=200)
    assert found.equals(consensus.intervals(PEOPLE.iloc[::-1], seed=7, draws=200))
    assert not found.equals(consensus.intervals(PEOPLE, seed=8, draws=200))
    one = consensus.combined(PEOPLE)
    assert ((found["low"] <= one) & (one <= found["high"])).all()
    same = pd.DataFrame([[0.5, 0.3, 0.2]] * 4, columns=ABC)
    tight = consensus.intervals(same, seed=1, draws=20)
    assert tight["low"].tolist() == pytest.approx([0.5, 0.3, 0.2])
    spread = consensus.spread(PEOPLE)
    assert spread.loc["a", ["low", "middle", "high"]].tolist() == pytest.approx([0.1, 0.2, 0.6])


def drawn(generator: np.random.Generator, n: int) -> dict[str, float]:
    return dict(zip("abcdefghij"[:n], generator.dirichlet([1.0] * n).tolist(), strict=True))


def group(generator: np.random.Generator, size: int) -> dict[str, dict[str, float]]:
    return {f"p{i}": drawn(generator, 4) for i in range(size)}


def test_a_group_of_five_is_told_and_one_of_four_is_not() -> None:
    people = group(np.random.default_rng(1), 5)
    told = snapshots.snapshot(people, {})
    assert told is not None
    assert told.people == 5
    assert told.step == pytest.approx(0.1)
    four = dict(list(people.items())[:4])
    assert snapshots.snapshot(four, {}) is None
    assert snapshots.snapshot(four, people) is None


def test_four_changes_wait_for_a_fifth_and_withdrawing_is_a_change() -> None:
    generator = np.random.default_rng(2)
    before = group(generator, 20)
    changed = {**before, **{f"p{i}": drawn(generator, 4) for i in range(4)}}
    assert snapshots.snapshot(changed, before) is None
    withdrawn = {key: one for key, one in changed.items() if key != "p19"}
    told = snapshots.snapshot(withdrawn, before)
    assert told is not None
    assert (told.people, told.step) == (19, 0.05)


def attack(exact: bool, seed: int) -> float:
    """Return how well four accomplices, who see all snapshots, pin down the fifth person.

    The largest width, over attributes, of what they cannot tell apart.
    """
    generator = np.random.default_rng(seed)
    victim = drawn(generator, 4)
    low, high = dict.fromkeys(victim, 0.0), dict.fromkeys(victim, 1.0)
    last: dict[str, dict[str, float]] = {}
    for _round in range(3):
        people = {f"p{i}": drawn(generator, 4) for i in range(4)} | {"victim": victim}
        told = snapshots.snapshot(people, last)
        if told is None:
            continue
        last = people
        truth = pd.DataFrame(people).T.mean()
        for name in victim:
            half = 0.0 if exact else told.step / 2
            mean = truth[name] if exact else told.weights[name]
            known = sum(people[f"p{i}"][name] for i in range(4))
            low[name] = max(low[name], 5 * (mean - half) - known)
            high[name] = min(high[name], 5 * (mean + half) - known)
    assert all(low[name] - 1e-9 <= victim[name] <= high[name] + 1e-9 for name in victim)
    return max(high[name] - low[name] for name in victim)


def test_four_accomplices_with_every_snapshot_learn_nobodys_weights() -> None:
    assert all(attack(exact=True, seed=seed) < 1e-9 for seed in range(50)), "the attack works"
    assert all(attack(exact=False, seed=seed) > 0.15 for seed in range(50))


def test_snapshots_cannot_be_subtracted_to_find_who_came() -> None:
    generator = np.random.default_rng(3)
    before = group(generator, 12)
    first = snapshots.snapshot(before, {})
    came = {f"n{i}": drawn(generator, 4) for i in range(5)}
    second = snapshots.snapshot({**before, **came}, before)
    assert first is not None
    assert second is not None
    for name in "abcd":
        accomplices = sum(came[f"n{i}"][name] for i in range(4))
        guess = 17 * second.weights[name] - 12 * first.weights[name] - accomplices
        unsure = 17 * second.step / 2 + 12 * first.step / 2
        assert unsure > 0.5, "wider than any weight can be told from"
        assert abs(guess - came["n4"][name]) <= unsure + 1e-9
