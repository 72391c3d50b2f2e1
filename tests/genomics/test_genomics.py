"""The order of steps in genomics, whom to ask, and dates."""

from __future__ import annotations

import datetime as dt
import math

import pandas as pd
import pytest

from canheal_nb.data import Dataset
from canheal_nb.genomics.model import next_steps, readiness, workload
from canheal_nb.genomics.model.readiness import Assessed, Indicator

WORDS = ("a", "b", "c", "d", "e")


def found(**levels: int | None) -> list[Assessed]:
    return [
        Assessed(Indicator(name, "D", "p", name, WORDS, "F", "s"), level)
        for name, level in levels.items()
    ]


def ids(made: list[next_steps.Step]) -> list[str]:
    return [one.assessed.indicator.id for one in made]


def test_lowest_level_first_and_the_highest_and_the_blank_have_no_step() -> None:
    assert ids(next_steps.steps(found(A=3, B=1, C=5, D=None, E=4, F=2), {})) == ["B", "F", "A", "E"]


def test_within_a_level_a_step_comes_after_what_it_rests_on() -> None:
    made = next_steps.steps(found(A=2, B=2, C=2), {"A": ("B",), "B": ("C",)})
    assert ids(made) == ["C", "B", "A"]
    assert [[i.id for i in one.after] for one in made] == [[], ["C"], ["B"]]


def test_a_step_never_waits_for_a_higher_level() -> None:
    made = next_steps.steps(found(A=1, B=3), {"A": ("B",)})
    assert ids(made) == ["A", "B"]
    assert made[0].after == ()


def test_what_is_blank_is_named_to_be_assessed_first_and_is_no_level() -> None:
    (made,) = next_steps.steps(found(A=2, B=None), {"A": ("B",)})
    assert [i.id for i in made.blank] == ["B"]
    assert made.after == ()


def test_a_gap_that_is_closed_takes_its_step_away() -> None:
    order = {"A": ("B",)}
    assert ids(next_steps.steps(found(A=4, B=4), order)) == ["B", "A"]
    closed = next_steps.steps(found(A=4, B=5), order)
    assert ids(closed) == ["A"]
    assert (closed[0].after, closed[0].blank) == ((), ())


def test_a_ring_ends() -> None:
    assert ids(next_steps.steps(found(A=1, B=1), {"A": ("B",), "B": ("A",)})) == ["A", "B"]


@pytest.mark.parametrize(
    ("by", "day", "state"),
    [
        ("", (2025, 12, 31), "ahead"),
        ("", (2026, 12, 31), "now"),
        ("", (2027, 1, 1), "past"),
        ("2026-10", (2026, 10, 31), "now"),
        ("2026-10", (2026, 11, 1), "past"),
    ],
)
def test_a_date_is_ahead_now_or_past(by: str, day: tuple[int, int, int], state: str) -> None:
    row = {"target": "T", "operator": "=", "value": "yes", "unit": "", "year": "2026"}
    row |= {"kind": "target", "policy": "P", "source_id": "s", "note": ""}
    rows = pd.DataFrame([{**row, "target": "U", "year": ""}, row, {**row, "target": "V"}])
    wanted = pd.DataFrame([("T", by, "aim"), ("U", "", "law")], columns=["target", "by", "nature"])
    made = next_steps.dates(rows, wanted, dt.date(*day))
    assert [(one.target, one.state) for one in made] == [("T", state), ("U", "undated")]


def test_the_judgements_rest_on_what_exists_and_order_has_no_ring(dataset: Dataset) -> None:
    rows = dataset.table("frameworks/ngs_readiness")
    every = readiness.indicators(rows)
    order = next_steps.rests(dataset.table("judgements/genomics_order"))
    levels = [one for one in every if one.levels]
    assert {*order, *(a for on in order.values() for a in on)} <= {one.id for one in levels}
    made = ids(next_steps.steps([Assessed(one, 1) for one in levels], order))
    assert len(made) == 49
    assert all(made.index(a) < made.index(one) for one, on in order.items() for a in on)
    whom = dataset.table("judgements/genomics_asks")
    assert set(whom["domain"]) == {one.domain for one in every}
    assert sum(len(ask.asked) for ask in next_steps.asks(every, whom)) == len(every)
    dated = dataset.table("judgements/genomics_dates")
    assert set(dated["nature"]) <= {"law", "aim"}
    assert set(dated["target"]) <= set(dataset.table("frameworks/targets")["target"])
    costs = dataset.table("judgements/genomics_costs")["parameter"]
    assert set(costs) <= set(dataset.table("facts/parameters")["parameter"])
    for name in ("order", "asks", "dates", "costs", "perspectives", "facts"):
        table = dataset.table(f"judgements/genomics_{name}")
        assert set(table["chosen_by"]) == {"canheal_nb project"}
        assert all(table["why"])
        assert all(table["chosen_on"])


def test_what_most_rests_on_is_assessed_first_and_nothing_that_waits_itself() -> None:
    order = {"B": ("A",), "C": ("B",), "E": ("D",), "D": ("E",), "G": ("F",)}
    blank = found(A=None, B=None, C=None, D=1, E=None, F=None, G=2, H=None)
    made = [(one.id, n) for one, n in next_steps.first(blank, order)]
    assert made == [("A", 2), ("E", 2), ("F", 1)]
    assert next_steps.first(found(A=1, B=None, C=None), order)[0][0].id == "B"


def cells(**values: float) -> pd.DataFrame:
    names = ["need", "baseline", "capacity", "capital", "running", "life", "lag", "staff"]
    rows = [(values.get(name, math.nan), "S", f"why {name}", name == "capital") for name in names]
    return pd.DataFrame(rows, index=names, columns=["value", "source_id", "why", "weak"])


def figures(made: list[workload.Figure]) -> dict[str, tuple[float, str]]:
    return {one.name: (one.value, one.basis) for one in made if one.known}


def test_sequencing_is_computed_only_from_what_is_known_and_buys_whole_machines() -> None:
    priced = cells(running=400.0, capital=200_000.0)
    amounts = {"samples_planned": 2500.0, "samples_now": 500.0, "sequencer_samples": 900.0}
    made = workload.sequencing(priced, amounts)
    assert figures(made) == {
        "samples_planned": (2500.0, "assumed"),
        "samples_now": (500.0, "assumed"),
        "short": (2000.0, "computed"),
        "running": (400.0, "sourced"),
        "yearly": (1_000_000.0, "computed"),
        "sequencer_samples": (900.0, "assumed"),
        "sequencers": (3.0, "computed"),
        "capital": (200_000.0, "sourced"),
        "purchase": (600_000.0, "computed"),
    }
    by_name = {one.name: one for one in made}
    assert (by_name["life"].basis, by_name["life"].why) == ("none", "why life")
    assert by_name["purchase"].weak
    assert not by_name["yearly"].weak
    blank = workload.sequencing(priced, {"samples_planned": 10.0})
    assert set(figures(blank)) == {"samples_planned", "running", "yearly", "capital"}
    enough = workload.sequencing(priced, {**amounts, "samples_planned": 100.0})
    assert figures(enough)["sequencers"] == (0.0, "computed")
    nothing = workload.sequencing(priced, {**amounts, "sequencer_samples": 0.0})
    assert "sequencers" not in figures(nothing)


def test_twice_the_counsellors_halve_the_load_and_distance_saves_journeys() -> None:
    amounts = {"counsellors": 4.0, "counsel_hours": 3.0, "counsellor_hours": 600.0}
    amounts |= {"counsel_remote": 25.0}
    made = figures(workload.counselling(1000.0, "S", cells(), amounts))
    assert made["counsel_patients"] == (1000.0, "sourced")
    assert made["load"] == (125.0, "computed")
    assert made["journeys"] == (250.0, "computed")
    twice = workload.counselling(1000.0, "S", cells(), {**amounts, "counsellors": 8.0})
    assert figures(twice)["load"] == (62.5, "computed")
    typed = workload.counselling(1000.0, "S", cells(), {**amounts, "counsel_patients": 500.0})
    assert figures(typed)["counsel_patients"] == (500.0, "assumed")
    unknown = workload.counselling(math.nan, "S", cells(), amounts)
    assert not {"hours", "load", "journeys", "counsel_patients"} & set(figures(unknown))
    none = workload.counselling(1000.0, "S", cells(), {**amounts, "counsellors": 0.0})
    assert "load" not in figures(none)
