"""What is measured about plans: the functions of the model beside HiGHS (scipy), CBC and PySAL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from bench import plan_peers as peers
from bench.access import OURS, Line
from bench.plan_examples import coupled, example, sites, travelling
from bench.timing import Run, race
from canheal_nb.solver import site_selection
from canheal_nb.solver.allocation import solve, worth
from canheal_nb.solver.draw_plans import plans_of_draws
from canheal_nb.solver.flows import serve
from canheal_nb.solver.frontier import frontier
from canheal_nb.solver.milp_model import build

SIZES = ((27, 12), (1_000, 12))
DRAWS, FEW = 10_000, 20
LONG, SHORT = 60.0, 10.0


def lines() -> Iterator[Line]:
    """Measure plans, from one budget to everything tied, and where to open."""
    for areas, services in SIZES:
        yield from under_one_budget(areas, services)
    yield from along_the_frontier()
    yield from drawn()
    yield from at_centres()
    yield from over_years()
    yield from where_to_open()


def under_one_budget(areas: int, services: int) -> Iterator[Line]:
    """One year and one budget, to a proven 0.1 %."""
    of = example(areas, services)
    runs = race(
        {
            OURS: lambda: solve(of),
            peers.HIGHS: lambda: peers.by_highs(of),
            peers.CBC: lambda: peers.by_cbc(of),
        }
    )
    plan = runs[OURS].answer
    assert plan.gap <= peers.GAP

    def checked(found: Any) -> str:
        if found is None:
            return f"ours within {plan.gap:.4%}; no plan in {peers.LIMIT:g} s"
        met = worth(of, found)
        assert met <= plan.bound * (1 + 1e-9)
        return f"ours within {plan.gap:.4%}; theirs {met / plan.objective - 1:+.4%} met"

    yield from _lines("plan under one budget", f"{areas:,} x {services}", runs, checked)


def along_the_frontier() -> Iterator[Line]:
    """Twenty least shares, from most need met to the fairest."""
    of = example(*SIZES[0])
    runs = race(
        {
            OURS: lambda: frontier(of, FEW),
            peers.HIGHS: lambda: peers.frontier_by_highs(of, frontier(of, FEW), 2.0),
        }
    )
    points = runs[OURS].answer
    gaps = sorted(point.gap for point in points)

    def checked(found: Any) -> str:
        better = [
            met / point.met - 1 for point, met in zip(points, found, strict=True) if met is not None
        ]
        for point, met in zip(points, found, strict=True):
            assert met is None or met <= point.bound * (1 + 1e-6)
        middle = gaps[len(gaps) // 2]
        return (
            f"ours within {middle:.3%} (median), {gaps[-1]:.2%} (the fairest); theirs "
            f"{min(better):+.3%} to {max(better):+.3%} met on {len(better)} of {len(points)}"
        )

    yield from _lines(f"frontier of {FEW} points", "27 x 12", runs, checked)


def drawn() -> Iterator[Line]:
    """A plan for every draw of the needs; CBC on a few, counted up to all."""
    of = example(*SIZES[0])
    needs = of.need * np.random.default_rng(2).lognormal(0, 0.2, (DRAWS, *of.need.shape))
    some = [replace(of, need=need) for need in needs[:FEW]]
    runs = race(
        {
            OURS: lambda: plans_of_draws(of, needs),
            peers.CBC: lambda: [peers.by_cbc(one) for one in some],
        }
    )
    many = runs[OURS].answer
    worst = float((1 - many.met / many.bound).max())

    def checked(found: Any) -> str:
        theirs = [worth(one, units) for one, units in zip(some, found, strict=True)]
        assert (theirs <= many.bound[:FEW] * (1 + 1e-9)).all()
        rest = theirs / many.met[:FEW] - 1
        return f"ours within {worst:.3%} in all draws; theirs {rest.max():+.4%} met at most"

    times, few = DRAWS // FEW, runs[peers.CBC]
    longer = Run(few.answer, tuple(times * seconds for seconds in few.seconds))
    told = {OURS: runs[OURS], f"{peers.CBC}, {FEW} draws times {times}": longer}
    yield from _lines(f"plans of {DRAWS:,} draws", "27 x 12", told, checked)


def at_centres() -> Iterator[Line]:
    """Whole units at centres, people travelling to them, to 0.5 % within ten seconds."""
    of = travelling()
    runs = race(
        {
            OURS: lambda: serve(of, SHORT, 0.005),
            peers.HIGHS: lambda: peers.travel_by_highs(of, SHORT, 0.005),
        }
    )
    ours = runs[OURS].answer

    def checked(found: Any) -> str:
        if found is None:
            return f"ours within {ours.gap:.3%}; no plan in {SHORT:g} s"
        value, bound = found
        assert value <= ours.bound * (1 + 1e-9)
        assert ours.objective <= bound * (1 + 1e-9)
        return f"ours within {ours.gap:.3%}; theirs within {(bound - value) / bound:.3%}"

    yield from _lines("units at centres", "240 x 300 x 10", runs, checked)


def over_years() -> Iterator[Line]:
    """Staff, absorption and money carried over, all binding, to 0.1 % or 60 seconds."""
    of = coupled()
    runs = race(
        {
            OURS: lambda: solve(of, time_limit=LONG),
            peers.CBC: lambda: peers.rows_by_cbc(build(of), LONG),
        }
    )
    plan = runs[OURS].answer
    kinds = {each.kind for each in plan.binding}
    assert {"staff", "absorption", "budget"} <= kinds
    spent = (of.over_years(of.cost) * plan.units).sum(axis=(0, 1))
    assert (spent > of.budget * (1 + 1e-6)).any()  # money of an earlier year is used
    nothing = worth(of, np.zeros(of.shape))

    def checked(gained: Any) -> str:
        said = f"ours within {plan.gap:.2%}; "
        if gained is None:
            return f"{said}no plan in {LONG:g} s"
        met = nothing + gained
        assert met <= plan.bound * (1 + 1e-6)
        return f"{said}theirs {met / plan.objective - 1:+.3%} met"

    yield from _lines("plan with everything tied", "27 x 12 x 5 years", runs, checked)


def where_to_open() -> Iterator[Line]:
    """Sites for most people within reach, and for the least travel, beside PySAL's spopt."""
    travel, people, limit, count = sites()
    size = f"{len(people)} x {travel.shape[1]}, {count} sites"

    def checked(mine: float) -> Callable[[Any], str]:
        def same(theirs: Any) -> str:
            np.testing.assert_allclose(mine, theirs, rtol=1e-9)
            return f"the objective, to {abs(mine / theirs - 1):.0e}"

        return same

    within = travel <= limit
    runs = race(
        {
            OURS: lambda: site_selection.most_covered(within, people, count),
            peers.SPOPT: lambda: peers.covered_by_spopt(travel, people, limit, count),
        }
    )
    yield from _lines("most people within reach", size, runs, checked(runs[OURS].answer.objective))
    runs = race(
        {
            OURS: lambda: site_selection.least_travel(travel, people, count),
            peers.SPOPT: lambda: peers.median_by_spopt(travel, people, count),
        }
    )
    yield from _lines("least travel (p-median)", size, runs, checked(runs[OURS].answer.objective))


def _lines(
    name: str, size: str, runs: dict[str, Run], checked: Callable[[Any], str]
) -> Iterator[Line]:
    ours = runs[OURS]
    for against, run in runs.items():
        if against != OURS:
            yield Line(
                name, size, against,
                round(1e3 * ours.median, 2), round(1e3 * run.median, 2),
                round(run.median / ours.median, 1), "ms", checked(run.answer),
                round(1e3 * ours.best, 2), round(1e3 * run.best, 2),
                round(run.best / ours.best, 1), (len(ours.seconds), len(run.seconds)),
            )  # fmt: skip
