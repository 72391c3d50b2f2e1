"""Somebody with every snapshot and four accomplices: how little that teaches of a fifth person.

The attacker knows the rule, what the four accomplices answer, how people answer in general, and
every snapshot of two years, one a month. In each one new person joins, so that five answers have
changed as the rule asks (the accomplices alter theirs). The attack is the best there is but for
taking the rounding for normal chance: for each way the victim may have answered, how likely are
the snapshots that were told (a Kalman filter over what the others who joined sum up to)?

What is held: the mean square error of the attacker's best estimate stays at least LEFT of what it
is without any snapshot. Where people spread their points over several services, little is learned;
where everybody puts all on one service, more (one bit a person is all there is to hide).
"""

from __future__ import annotations

import numpy as np
import pytest

from canheal_nb.priorities.model import snapshot_rules

SERVICES, MONTHS, VICTIMS, TRIED = 10, 24, 30, 150
OWN = np.full((4, SERVICES), 1 / SERVICES)
LEFT = {"spread": 2 / 3, "all on one": 2 / 3}
GUESSED = {"spread": 0.6, "all on one": 0.6}


def people(kind: str, count: int, chance: np.random.Generator) -> np.ndarray:
    """Return weights that people may give: over few services of ten, or all on one."""
    if kind == "spread":
        return chance.dirichlet(np.full(SERVICES, 0.3), count)
    return np.eye(SERVICES)[chance.integers(0, SERVICES, count)]


def attacked(kind: str, seed: int) -> tuple[float, float]:
    """Return the share of the error that is left, and how often the weightiest is guessed."""
    chance = np.random.default_rng(seed)
    candidates = people(kind, TRIED, chance)
    capped = np.clip(candidates, 0, snapshot_rules.CAP)
    usual = np.clip(people(kind, 4000, chance), 0, snapshot_rules.CAP)
    mean, spread = usual.mean(axis=0), usual.var(axis=0)
    error = blind = hits = 0.0
    for victim in chance.integers(0, TRIED, VICTIMS):
        group = np.vstack([OWN, candidates[victim]])
        likely, moved, unsure = np.zeros(TRIED), np.zeros_like(candidates), np.zeros(SERVICES)
        for month in range(MONTHS):
            if month:
                group, unsure = np.vstack([group, people(kind, 1, chance)]), unsure + spread
            count = len(group)
            told = [snapshot_rules.told_weight(column, chance) for column in group.T]
            # What is left for victim and others, less what the others sum up to by custom.
            seen = np.array(told) * count - OWN.sum(axis=0) - month * mean
            noise = 2 * (snapshot_rules.CAP / snapshot_rules.LEAK) ** 2
            noise += (count * snapshot_rules.step_of(count)) ** 2 / 12
            off, width = seen - (capped + moved), unsure + noise
            likely += (-(off**2) / width / 2 - np.log(width) / 2).sum(axis=1)
            gain = unsure / width
            moved, unsure = moved + gain * off, unsure * (1 - gain)
        belief = np.exp(likely - likely.max())
        belief /= belief.sum()
        error += float(((belief @ candidates - candidates[victim]) ** 2).sum())
        blind += float(((candidates.mean(axis=0) - candidates[victim]) ** 2).sum())
        first = np.bincount(candidates.argmax(axis=1), weights=belief, minlength=SERVICES)
        hits += first.argmax() == candidates[victim].argmax()
    return error / blind, hits / VICTIMS


@pytest.mark.parametrize("kind", LEFT)
def test_every_snapshot_and_four_accomplices_teach_little_of_a_fifth(kind: str) -> None:
    left, guessed = attacked(kind, seed=11)
    assert left >= LEFT[kind]
    assert guessed <= GUESSED[kind]


def test_without_chance_the_same_attacker_learns_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_rules, "LEAK", 50.0)
    monkeypatch.setattr(snapshot_rules, "HIDDEN", 0.01)
    left, guessed = attacked("all on one", seed=11)
    assert left < 0.5
    assert guessed > 0.8


def test_a_step_times_the_people_is_at_least_what_hides_one_of_them() -> None:
    assert [
        snapshot_rules.step_of(people) for people in (1, 2, 4, 5, 9, 10, 11, 1000)
    ] == pytest.approx([0.5, 0.25, 0.15, 0.1, 0.1, 0.05, 0.05, 0.005])
