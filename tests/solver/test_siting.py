"""Sites against every choice of small cases."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from canheal_nb.solver.site_selection import least_travel, most_covered


def test_h6_taking_the_best_first_is_not_best():
    within = np.zeros((6, 3), dtype=bool)
    for site, areas in enumerate([(1, 2, 3, 4), (1, 2, 5), (3, 4, 6)]):
        within[np.array(areas) - 1, site] = True
    found = most_covered(within, np.ones(6), 2)
    assert found.objective == pytest.approx(6)
    assert found.open == (1, 2)
    assert found.gap == 0


@pytest.mark.parametrize("seed", range(5))
def test_sites_equal_every_choice(seed):
    rng = np.random.default_rng(seed)
    travel, people = rng.uniform(1, 60, (9, 6)), rng.uniform(1, 9, 9)
    choices = [list(each) for each in itertools.combinations(range(6), 2)]
    least = min((travel[:, each].min(axis=1) * people).sum() for each in choices)
    assert least_travel(travel, people, 2).objective == pytest.approx(least)
    within = travel < 20
    most = max(people[within[:, each].any(axis=1)].sum() for each in choices)
    assert most_covered(within, people, 2).objective == pytest.approx(most)
