"""Catchments for any network: against slow twins written from the papers' formulas alone."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canheal_nb.access.model import nearest_centre
from canheal_nb.access.model.catchment_weights import METHODS, Method
from canheal_nb.access.model.catchments import Access, access
from canheal_nb.access.model.decay import Decay, Gaussian, InversePower, flat, steps
from canheal_nb.access.travel import travel_times

STEPS = {20.0: 1.0, 40.0: 0.68, 60.0: 0.22}
DECAYS: list[Decay] = [
    steps(STEPS),
    flat(60),
    Gaussian(25, 90),
    InversePower(10, 1.5, 10, 60),
]
KEEPING: list[Method] = ["2sfca", "e2sfca", "3sfca", "3sfca-listed"]
MINUTES = st.one_of(
    st.sampled_from([0.0, 20.0, 40.0, 60.0, 60.5, 90.0, 91.0]), st.floats(0, 150, width=32)
)
Ways = dict[tuple[str, str], float]


@dataclass(frozen=True)
class Network:
    """Places with people, centres with a supply, and the minutes between some of them."""

    people: dict[str, int]
    supply: dict[str, int]
    ways: Ways

    def pairs(self) -> pairs.Pairs:
        rows = [(*way, minutes) for way, minutes in self.ways.items()]
        table = pd.DataFrame(rows, columns=["origin_id", "destination_id", "minutes"])
        return travel_times.from_table(table, list(self.people), list(self.supply))

    def access(self, decay: Decay, method: Method) -> Access:
        people, supply = pd.Series(self.people, dtype=float), pd.Series(self.supply, dtype=float)
        return access(self.pairs(), people, supply, decay, method)

    def without(self, centre: str) -> Network:
        supply = {name: amount for name, amount in self.supply.items() if name != centre}
        ways = {way: minutes for way, minutes in self.ways.items() if way[1] != centre}
        return Network(self.people, supply, ways)


@st.composite
def networks(draw: st.DrawFn, centres: int = 4) -> Network:
    people = draw(st.lists(st.just(0) | st.integers(0, 10**6), min_size=1, max_size=6))
    supply = draw(st.lists(st.integers(0, 50), min_size=1, max_size=centres))
    places, names = [f"p{i}" for i in range(len(people))], [f"c{j}" for j in range(len(supply))]
    every = [(place, name) for place in places for name in names]
    ways = draw(st.dictionaries(st.sampled_from(every), MINUTES, max_size=len(every)))
    return Network(
        dict(zip(places, people, strict=True)), dict(zip(names, supply, strict=True)), ways
    )


def weight(decay: Decay, minutes: float) -> float:
    return float(decay.weights(minutes)) if minutes <= decay.limit else 0.0


def twin(network: Network, decay: Decay, method: Method) -> dict[str, float]:
    """The formulas of the papers, letter by letter, in loops."""
    near = {way: weight(decay, minutes) for way, minutes in network.ways.items()}
    if method == "2sfca":
        near = {way: float(minutes <= decay.limit) for way, minutes in network.ways.items()}
    chosen = near
    if method == "3sfca-listed":
        chosen = {way: float(decay.weights(minutes)) for way, minutes in network.ways.items()}
    if method.startswith("3sfca"):
        total = {a: sum(w for (b, _j), w in chosen.items() if b == a) for a in network.people}
        choice = {(a, j): w / total[a] if total[a] else 0.0 for (a, j), w in near.items()}
    else:
        choice = dict.fromkeys(near, 1.0)
    scores = dict.fromkeys(network.people, 0.0)
    for j, stock in network.supply.items():
        here = [way for way in near if way[1] == j]
        demand = sum(network.people[a] * choice[a, j] * near[a, j] for a, j in here)
        for a, _j in here:
            given_out = near[a, j] ** 2 if method == "m2sfca" else choice[a, j] * near[a, j]
            scores[a] += given_out * stock / demand if demand else 0.0
    return scores


def exact(network: Network, method: Method) -> Fraction:
    """Return the sum of scores times people in fractions: by steps, or with one step (2SFCA)."""
    given_out = {60.0: Fraction(1)}
    if method != "2sfca":
        given_out = {limit: Fraction(str(value)) for limit, value in STEPS.items()}
    near = {}
    for way, minutes in network.ways.items():
        near[way] = next((w for limit, w in given_out.items() if minutes <= limit), Fraction(0))
    total = {a: sum(w for (b, _j), w in near.items() if b == a) for a in network.people}
    if method == "3sfca":
        near = {(a, j): w * w / total[a] if total[a] else w for (a, j), w in near.items()}
    kept = Fraction(0)
    for j, stock in network.supply.items():
        asked = [network.people[a] * w for (a, k), w in near.items() if k == j]
        kept += sum((Fraction(stock) * share / sum(asked) for share in asked if share), Fraction(0))
    return kept


def held(found: Access) -> float:
    return float((found.score * found.people).sum())


def reached(network: Network, decay: Decay) -> int:
    """Return the supply of the centres within the limit of somebody."""
    within = {j for (a, j), minutes in network.ways.items() if minutes <= decay.limit
              and network.people[a]}  # fmt: skip
    return sum(network.supply[name] for name in within)


@given(networks(), st.sampled_from(DECAYS), st.sampled_from(METHODS))
def test_as_the_papers_say(network: Network, decay: Decay, method: Method) -> None:
    found = network.access(decay, method).table().to_dict()
    assert found == pytest.approx(twin(network, decay, method), rel=1e-12, abs=0)


@given(networks(), st.sampled_from(DECAYS))
def test_supply_is_neither_lost_nor_made(network: Network, decay: Decay) -> None:
    supply = reached(network, decay)
    for method in KEEPING:
        found = network.access(decay, method)
        assert held(found) == pytest.approx(supply, rel=1e-12)
        assert found.unreached == sum(network.supply.values()) - supply
    assert held(network.access(decay, "m2sfca")) <= supply * (1 + 1e-12)


@given(networks(), st.sampled_from(["2sfca", "e2sfca", "3sfca"]))
def test_in_fractions_supply_is_kept_exactly(network: Network, method: Method) -> None:
    assert exact(network, method) == reached(network, DECAYS[0])
    found = network.access(DECAYS[0], method)
    assert held(found) == pytest.approx(float(exact(network, method)), rel=1e-12)


@given(networks(), st.sampled_from(DECAYS), st.sampled_from(METHODS), st.floats(0.01, 100))
def test_scores_go_with_supply_and_against_people(
    network: Network, decay: Decay, method: Method, factor: float
) -> None:
    found = network.access(decay, method)
    more = access(network.pairs(), found.people, found.supply * factor, decay, method)
    np.testing.assert_allclose(more.score, found.score * factor, rtol=1e-12)
    fuller = access(network.pairs(), found.people * factor, found.supply, decay, method)
    np.testing.assert_allclose(fuller.score, found.score / factor, rtol=1e-12)


@given(networks(), st.sampled_from(DECAYS), st.sampled_from(METHODS), st.randoms())
def test_order_does_not_matter(
    network: Network, decay: Decay, method: Method, random: object
) -> None:
    def mixed(given_in: dict) -> dict:  # type: ignore[type-arg]
        items = list(given_in.items())
        random.shuffle(items)  # type: ignore[attr-defined]
        return dict(items)

    other = Network(mixed(network.people), mixed(network.supply), mixed(network.ways))
    found, again = (one.access(decay, method).table() for one in (network, other))
    assert again.to_dict() == pytest.approx(found.to_dict(), rel=1e-12, abs=0)
    same = Network(network.people, network.supply, mixed(network.ways))
    assert same.pairs().digest == network.pairs().digest


@given(networks(), st.sampled_from(DECAYS), st.sampled_from(METHODS), st.data())
def test_more_supply_lowers_no_score(
    network: Network, decay: Decay, method: Method, data: st.DataObject
) -> None:
    before = network.access(decay, method)
    name = data.draw(st.sampled_from(list(network.supply)))
    more = network.supply[name] + data.draw(st.floats(0.001, 1000))
    assert (before.with_supply({name: more}).score >= before.score).all()


@given(networks(), st.sampled_from(DECAYS), st.sampled_from(METHODS), st.data())
@settings(max_examples=300)
def test_any_row_of_changes_is_a_computation_from_the_start(
    network: Network, decay: Decay, method: Method, data: st.DataObject
) -> None:
    state = network.access(decay, method)
    for step in range(data.draw(st.integers(1, 5))):
        open_centres = list(network.supply)
        kinds = ["supply", "open", "close"] if open_centres else ["open"]
        kind, amount = data.draw(st.sampled_from(kinds)), data.draw(st.integers(0, 50))
        if kind == "open":
            name = f"new{step}"
            times = data.draw(st.dictionaries(st.sampled_from(list(network.people)), MINUTES))
            where = [list(network.people).index(place) for place in times]
            state = state.opened(name, where, list(times.values()), amount)
            ways = {**network.ways, **{(a, name): minutes for a, minutes in times.items()}}
            network = Network(network.people, {**network.supply, name: amount}, ways)
        elif kind == "close":
            name = data.draw(st.sampled_from(open_centres))
            state, network = state.closed(name), network.without(name)
        else:
            name = data.draw(st.sampled_from(open_centres))
            state = state.with_supply({name: amount})
            network = Network(network.people, {**network.supply, name: amount}, network.ways)
        full = network.access(decay, method)
        np.testing.assert_allclose(state.score, full.score, rtol=1e-12)
        ratios = pd.Series(state.ratio, state.destinations)[list(network.supply)]
        np.testing.assert_allclose(ratios, full.ratio, rtol=1e-12)
        assert state.unreached == full.unreached


@given(networks(), st.lists(st.one_of(MINUTES, st.just(45.1)), min_size=1, max_size=6))
def test_people_within_any_limits(network: Network, limits: list[float]) -> None:
    best = {
        a: min((t for (b, _j), t in network.ways.items() if b == a), default=None)
        for a in network.people
    }
    near = nearest_centre.nearest(network.pairs())
    people = list(network.people.values())
    found = nearest_centre.within(near.minutes, people, limits)
    counted = found.within.loc[nearest_centre.ALL]
    for limit in limits:
        inside = [
            a for a, t in best.items() if t is not None and np.float32(t) <= np.float32(limit)
        ]
        assert counted[limit] == sum(network.people[a] for a in inside)
    assert counted.is_monotonic_increasing
    assert found.unreachable[nearest_centre.ALL] == sum(
        network.people[a] for a, t in best.items() if t is None
    )
    assert near.unreachable == sum(t is None for t in best.values())


@given(networks(), st.data())
def test_the_nearest_of_any_choice_of_centres(network: Network, data: st.DataObject) -> None:
    names = list(network.supply)
    among = data.draw(st.lists(st.booleans(), min_size=len(names), max_size=len(names)))
    allowed = [name for name, yes in zip(names, among, strict=True) if yes]
    table = nearest_centre.nearest(network.pairs(), among).table()
    for place, row in table.iterrows():
        times = [(network.ways[place, j], names.index(j)) for j in allowed
                 if (place, j) in network.ways]  # fmt: skip
        if times:
            assert (row["minutes"], names.index(row["destination_id"])) == min(times)
        else:
            assert np.isnan(row["minutes"])
            assert row["destination_id"] == ""
    closed = network.pairs()
    kept = travel_times.kept(closed, np.asarray(among)[closed.columns])
    again = nearest_centre.nearest(kept).table()
    pd.testing.assert_frame_equal(again, table)


@given(networks(2), networks(2))
def test_joined_pairs_are_the_pairs_of_both(one: Network, two: Network) -> None:
    ways = {(a, f"n{j}"): t for (a, j), t in two.ways.items() if a in one.people}
    supply = {f"n{name}": amount for name, amount in two.supply.items()}
    both = Network(one.people, {**one.supply, **supply}, {**one.ways, **ways})
    second = Network(one.people, supply, ways)
    assert travel_times.joined(one.pairs(), second.pairs()) == both.pairs()
