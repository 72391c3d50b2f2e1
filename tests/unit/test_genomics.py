"""The order of steps in genomics, whom to ask, and dates."""

from __future__ import annotations

import pandas as pd
import pytest

from canheal_nb import load
from canheal_nb.data import Dataset
from canheal_nb.model import genomics, readiness
from canheal_nb.model.readiness import Assessed, Indicator

WORDS = ("a", "b", "c", "d", "e")


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return load()


def found(**levels: int | None) -> list[Assessed]:
    return [
        Assessed(Indicator(name, "D", "p", name, WORDS, "F", "s"), level)
        for name, level in levels.items()
    ]


def ids(made: list[genomics.Step]) -> list[str]:
    return [one.assessed.indicator.id for one in made]


def test_lowest_level_first_and_the_highest_and_the_blank_have_no_step() -> None:
    assert ids(genomics.steps(found(A=3, B=1, C=5, D=None, E=4, F=2), {})) == ["B", "F", "A", "E"]


def test_within_a_level_a_step_comes_after_what_it_rests_on() -> None:
    made = genomics.steps(found(A=2, B=2, C=2), {"A": ("B",), "B": ("C",)})
    assert ids(made) == ["C", "B", "A"]
    assert [[i.id for i in one.after] for one in made] == [[], ["C"], ["B"]]


def test_a_step_never_waits_for_a_higher_level() -> None:
    made = genomics.steps(found(A=1, B=3), {"A": ("B",)})
    assert ids(made) == ["A", "B"]
    assert made[0].after == ()


def test_what_is_blank_is_named_to_be_assessed_first_and_is_no_level() -> None:
    (made,) = genomics.steps(found(A=2, B=None), {"A": ("B",)})
    assert [i.id for i in made.blank] == ["B"]
    assert made.after == ()


def test_a_gap_that_is_closed_takes_its_step_away() -> None:
    order = {"A": ("B",)}
    assert ids(genomics.steps(found(A=4, B=4), order)) == ["B", "A"]
    closed = genomics.steps(found(A=4, B=5), order)
    assert ids(closed) == ["A"]
    assert (closed[0].after, closed[0].blank) == ((), ())


def test_a_ring_ends() -> None:
    assert ids(genomics.steps(found(A=1, B=1), {"A": ("B",), "B": ("A",)})) == ["A", "B"]


@pytest.mark.parametrize(("year", "state"), [(2025, "ahead"), (2026, "now"), (2027, "past")])
def test_a_date_is_ahead_now_or_past(year: int, state: str) -> None:
    row = {"target": "T", "operator": "=", "value": "yes", "unit": "", "year": "2026"}
    row |= {"kind": "target", "policy": "P", "source_id": "s", "note": ""}
    rows = pd.DataFrame([{**row, "target": "U", "year": ""}, row, {**row, "target": "V"}])
    made = genomics.dates(rows, ["T", "U"], year)
    assert [(one.target, one.state) for one in made] == [("T", state), ("U", "undated")]


def test_the_judgements_rest_on_what_exists_and_order_has_no_ring(dataset: Dataset) -> None:
    rows = dataset.table("frameworks/ngs_readiness")
    every = readiness.indicators(rows)
    order = genomics.rests(dataset.table("judgements/genomics_order"))
    levels = [one for one in every if one.levels]
    assert {*order, *(a for on in order.values() for a in on)} <= {one.id for one in levels}
    made = ids(genomics.steps([Assessed(one, 1) for one in levels], order))
    assert len(made) == 49
    assert all(made.index(a) < made.index(one) for one, on in order.items() for a in on)
    whom = dataset.table("judgements/genomics_asks")
    assert set(whom["domain"]) == {one.domain for one in every}
    assert sum(len(ask.asked) for ask in genomics.asks(every, whom)) == len(every)
    wanted = dataset.table("judgements/genomics_dates")["target"]
    assert set(wanted) <= set(dataset.table("frameworks/targets")["target"])
    costs = dataset.table("judgements/genomics_costs")["parameter"]
    assert set(costs) <= set(dataset.table("facts/parameters")["parameter"])
    for name in ("order", "asks", "dates", "costs", "perspectives", "facts"):
        table = dataset.table(f"judgements/genomics_{name}")
        assert set(table["chosen_by"]) == {"canheal_nb project"}
        assert all(table["why"])
        assert all(table["chosen_on"])
