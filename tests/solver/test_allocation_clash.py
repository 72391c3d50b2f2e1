"""Why no plan fits: nothing in the clash can be spared, and the least relaxation makes room."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from canheal_nb.solver import milp
from canheal_nb.solver.allocation import Cofunding, Infeasible, Problem, Staff, solve
from canheal_nb.solver.infeasibility import explain
from canheal_nb.solver.infeasibility_text import Named, named
from canheal_nb.solver.milp_model import build

NAMES = Named(("AA", "BB"), ("pet_ct",), (2027, 2028, 2029), ("nurse",))


def problem(**more):
    given = {
        "need": np.array([[100.0], [100.0]]), "start_units": np.zeros((2, 1)),
        "capacity": np.array([10.0]), "cost": np.ones((2, 1)), "budget": np.array([12.0]),
    }  # fmt: skip
    return Problem(**(given | more))


def why(of, *goal):
    with pytest.raises(Infeasible) as caught:
        solve(of, *goal)
    return caught.value


def told(error):
    return {(one.kind, one.where) for one in error.clash}


def test_only_what_clashes_is_named():
    """AA must have 9 of 10 units and can spend 5; BB and the money are not in the way."""
    error = why(problem(absorption=np.array([[5.0], [50.0]])), "least_cost", np.array([0.9, 0.1]))
    assert told(error) == {("absorption", (0, -1, 0)), ("target", (0, -1, 0))}
    assert error.minimal
    (gives,) = error.relaxation
    assert gives.needs == pytest.approx(4.0 if gives.kind == "absorption" else 0.4, rel=1e-4)


def test_a_share_is_told_as_a_share():
    caps, most = np.array([[3.0], [99.0]]), np.full((2, 1), 99.0)
    of = problem(caps=caps, absorption=most, start_units=np.array([[1.0], [0.0]]))
    error = why(of, "most_need_met", np.array([0.5, 0.0]))
    assert told(error) == {("cap", (0, 0, -1)), ("target", (0, -1, 0))}
    (target,) = (one for one in error.clash if one.kind == "target")
    assert target.limit == pytest.approx(0.5)
    words = str(named(error, NAMES))
    assert "50 % of the benchmark in AA in 2027" in words
    assert "at most 3 pet_ct in AA" in words
    assert "by 1" in words or "by 10 points" in words


def test_whole_units_that_clash_though_parts_would_fit():
    """5 euros buy 2.5 units in parts, which would do; whole units cost 6."""
    of = problem(
        need=np.array([[25.0], [0.0]]), cost=np.full((2, 1), 2.0), budget=np.array([5.0]),
        absorption=np.full((2, 1), 99.0), locked={},
    )  # fmt: skip
    error = why(of, "most_need_met", np.array([1.0, 0.0]))
    assert told(error) == {("budget", (-1, -1, 0)), ("target", (0, -1, 0))}
    (gives,) = error.relaxation
    assert gives.needs == pytest.approx(1.0 if gives.kind == "budget" else 0.2)


@pytest.mark.parametrize("seed", range(8))
def test_without_any_one_there_is_a_plan_and_the_relaxation_makes_room(seed):
    rng = np.random.default_rng(seed)
    of = problem(
        need=rng.uniform(40, 70, (2, 1, 2)), budget=rng.uniform(2, 5, 2), carry_over=seed % 2 > 0,
        floors=np.array([[float(rng.integers(0, 5))], [0.0]]), caps=np.full((2, 1), 5.0),
        absorption=rng.uniform(2, 5, (2, 2)),
        staff=Staff(np.array([[1.0]]), rng.uniform(3, 8, (2, 1, 2)), np.array([1])),
        cofunding=Cofunding(np.array([0.5, 1.0]), rng.uniform(1, 4, (2, 2))),
    )  # fmt: skip
    model = build(of, np.array([0.9, 0.5]))
    units = np.array(list(itertools.product(range(8), repeat=4)), float)
    done = units @ model.matrix()[:, :4].toarray().T
    below, above = np.array(model.below), np.array(model.above)
    breaks = (done < below - 1e-9) | (done > above + 1e-9)
    for row, (kind, (a, _i, _t)) in enumerate(model.labels):
        if kind == "target":
            met = np.minimum(units[:, 2 * a : 2 * a + 2].sum(axis=1) * 10 / of.need[a, 0, 1], 1)
            breaks[:, row] = met < (0.9, 0.5)[a] - 1e-9
    rows = {label: n for n, label in enumerate(model.labels) if label[0]}
    every = np.array(list(rows.values()))
    if not breaks[:, every].any(axis=1).all():
        return  # there is a plan
    error = explain(model, 60.0, milp._solve)
    clash = [rows[one.kind, one.where] for one in error.clash]
    assert breaks[:, clash].any(axis=1).all()
    for one in clash:
        assert not breaks[:, [row for row in clash if row != one]].any(axis=1).all()
    loose = [rows[one.kind, one.where] for one in error.relaxation]
    assert not breaks[:, np.setdiff1d(every, loose)].any(axis=1).all()


def test_floors_that_cost_too_much_are_named_until_none_can_be_spared():
    floors = np.array([[9.0], [5.0]])
    error = why(problem(floors=floors, budget=np.array([8.0])))
    assert told(error) == {("budget", (-1, -1, 0)), ("floor", (0, 0, -1))}
    error = why(problem(floors=floors))
    assert len(error.clash) == 3
    assert error.relaxation[0].needs == 2
    words = str(named(error, NAMES))
    assert "12 euros in 2027; at least 9 pet_ct in AA; at least 5 pet_ct in BB" in words
    assert "12 euros in 2027: by 2 euros" in words


def test_a_floor_over_a_cap_is_a_clash_of_two():
    floors = np.full((2, 1), 3.0)
    error = why(problem(floors=floors, caps=np.full((2, 1), 2.0)))
    assert told(error) == {("floor", (0, 0, -1)), ("cap", (0, 0, -1))}
    assert [one.needs for one in error.relaxation] == [1, 1]


def test_without_time_the_clash_is_not_called_the_smallest():
    of = replace(problem(), absorption=np.full((2, 1), 3.0))
    error = explain(build(of, np.array([0.9, 0.9])), 0.0, milp._solve)
    assert not error.minimal
    assert "without any one" not in str(named(error, NAMES))
    assert ("target", (0, -1, 0)) in told(error)
