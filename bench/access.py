"""What is measured about access: the functions that the apps call, and what they are held to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench import peers
from bench.points import LIMIT, Points, points
from bench.timing import Run, race
from canheal_nb.access.model import catchment_summary, inequality_measures, nearest_centre
from canheal_nb.access.model.catchment_weights import kept, weigh
from canheal_nb.access.model.catchments import Access, access
from canheal_nb.access.model.decay import Gaussian
from canheal_nb.access.travel import travel_times

WIDTH = 40.0
DECAY = Gaussian(WIDTH, LIMIT)
LARGE = (78_000, 1_000)
GROWTH = ((2_000, 200), (20_000, 500), LARGE, (78_000, 5_000))
OURS = "canheal_nb"


@dataclass(frozen=True)
class Line:
    """One comparison. `ours`, `peer`: median; `*_best`: shortest; `ratio`: peer over ours."""

    name: str
    size: str
    against: str
    ours: float
    peer: float
    ratio: float
    unit: str
    checked: str
    ours_best: float
    peer_best: float
    ratio_best: float
    runs: tuple[int, int]

    def as_row(self) -> dict[str, Any]:
        """Return the line as it is written."""
        return asdict(self)


def lines() -> Iterator[Line]:
    """Measure everything, one comparison after the other."""
    for places, centres in GROWTH:
        at = points(places, centres)
        yield from in_full(at)
        if (places, centres) == LARGE:
            yield from in_three_steps(at)
            yield from one_centre(at)
            yield from from_minutes(at)
            yield from reached(at)
            yield from inequality(at)


def in_full(at: Points) -> Iterator[Line]:
    """All scores from people and supply, with the weights there already."""
    ways = travel_times.from_table(at.table, at.people.index, at.supply.index)
    contenders: dict[str, Callable[[], Any]] = {
        OURS: lambda: access(ways, at.people, at.supply, DECAY).score,
        "access (PySAL)": peers.pysal(at, WIDTH, stages=2),
        "plain scipy": peers.plain_scipy(at, WIDTH),
        "plain numpy": peers.plain_numpy(at, WIDTH),
    }
    if len(at.people) * len(at.supply) <= 1e8:
        contenders["planx-sdk"] = peers.planx(at, WIDTH)
    yield from _lines("E2SFCA in full", at, contenders, "every score")


def in_three_steps(at: Points) -> Iterator[Line]:
    """The three-step method, with the choice among all listed centres as PySAL has it."""
    ways = travel_times.from_table(at.table, at.people.index, at.supply.index)
    contenders: dict[str, Callable[[], Any]] = {
        OURS: lambda: access(ways, at.people, at.supply, DECAY, "3sfca-listed").score,
        "access (PySAL)": peers.pysal(at, WIDTH, stages=3),
    }
    yield from _lines("3SFCA in full", at, contenders, "every score")


def one_centre(at: Points) -> Iterator[Line]:
    """The centre that most places reach changes, or opens: new scores, and all that is shown."""
    ways = travel_times.from_table(at.table, at.people.index, at.supply.index)
    grouped = catchment_summary.groups(at.country, at.people)
    widest = int(np.diff(ways.column_starts).argmax())
    name = str(ways.destinations[widest])
    column = slice(*ways.column_starts[widest : widest + 2])
    rows, minutes = ways.rows[column], ways.minutes[ways.order[column]]
    state = access(ways, at.people, at.supply, DECAY)
    fewer = state.closed(name)
    more = Points(**{**vars(at), "supply": at.supply.where(at.supply.index != name, 12.0)})
    scipy = peers.plain_scipy(more, WIDTH)
    contenders: dict[str, Callable[[], Any]] = {
        OURS: lambda: _shown(state.with_supply({name: 12.0}), grouped),
        "plain scipy": lambda: peers.plain_summary(at, scipy()),
    }
    checked = "27 means, Gini, bytes to draw"
    yield from _lines("One centre changed, with summary", at, contenders, checked)
    contenders[OURS] = lambda: _shown(fewer.opened("new", rows, minutes, 12.0), grouped)
    yield from _lines("One centre opened, with summary", at, contenders, checked)


def from_minutes(at: Points) -> Iterator[Line]:
    """A table of minutes with ids becomes pairs and weights."""

    def ours() -> NDArray[np.float64]:
        ways = travel_times.from_table(at.table, at.people.index, at.supply.index)
        return np.asarray(weigh(ways, DECAY, "e2sfca").give.sum(axis=1))

    def pandas() -> NDArray[np.float64]:
        table = at.table.drop_duplicates(["origin_id", "destination_id"])
        origin = pd.Categorical(table["origin_id"], at.people.index).codes
        weight = np.exp(-0.5 * (table["minutes"].to_numpy() / WIDTH) ** 2)
        return np.bincount(origin, weight, len(at.people))

    contenders = {OURS: ours, "plain pandas (weights only)": pandas}
    yield from _lines("Minutes to index", at, contenders, "sum of weights of every place")


def reached(at: Points) -> Iterator[Line]:
    """The nearest centre, and people within five limits by country."""
    ways = travel_times.from_table(at.table, at.people.index, at.supply.index)

    def ours() -> NDArray[np.float64]:
        near = nearest_centre.nearest(ways).minutes
        return nearest_centre.within(near, at.people, groups=at.country).within.to_numpy()

    def pandas() -> NDArray[np.float64]:
        near = at.table.groupby("origin_id")["minutes"].min().reindex(at.people.index)
        return np.column_stack(
            [
                at.people.where(near <= limit, 0).groupby(at.country).sum()
                for limit in nearest_centre.LIMITS
            ]
        )

    contenders = {OURS: ours, "plain pandas": pandas}
    yield from _lines("Nearest and people within", at, contenders, "27 countries x 5 limits")


def inequality(at: Points) -> Iterator[Line]:
    """The Gini of all scores, everybody counted once (PySAL's has no weights)."""
    from inequality.gini import Gini

    ways = travel_times.from_table(at.table, at.people.index, at.supply.index)
    scores = access(ways, at.people, at.supply, DECAY).score
    once = np.ones_like(scores)
    contenders = {
        OURS: lambda: inequality_measures.gini(scores, once),
        "inequality (PySAL)": lambda: Gini(scores).g,
    }
    yield from _lines("Gini, unweighted", at, contenders, "the Gini")


def _shown(state: Access, grouped: catchment_summary.Groups) -> tuple[Any, float, bytes]:
    found = catchment_summary.summary(state.score, grouped)
    return found.means.to_numpy(), found.gini, found.drawn


def _lines(
    name: str, at: Points, contenders: dict[str, Callable[[], Any]], checked: str
) -> Iterator[Line]:
    kept.cache_clear()
    runs = race(contenders)
    ours = runs.pop(OURS)
    for against, run in runs.items():
        error = _difference(ours.answer, run.answer)
        yield _line(name, at, against, ours, run, f"{checked}, to {error:.0e}")


def _line(name: str, at: Points, against: str, ours: Run, peer: Run, checked: str) -> Line:
    mine, theirs, mine_best, theirs_best = (
        round(seconds * 1e3, 3) for seconds in (ours.median, peer.median, ours.best, peer.best)
    )
    return Line(
        name,
        at.size,
        against,
        mine,
        theirs,
        round(peer.median / ours.median, 1),
        "ms",
        checked,
        mine_best,
        theirs_best,
        round(peer.best / ours.best, 1),
        (len(ours.seconds), len(peer.seconds)),
    )


def _difference(ours: Any, theirs: Any) -> float:
    """Return the largest relative difference; more than a millionth is an error."""
    if isinstance(ours, tuple):
        return max(_difference(a, b) for a, b in zip(ours, theirs, strict=True))
    if isinstance(ours, bytes):
        ours, theirs = (np.frombuffer(part, "<f4").astype(float) for part in (ours, theirs))
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)
    scale = np.maximum(np.abs(theirs), np.finfo(float).tiny)
    return float(np.max(np.abs(np.asarray(ours) - theirs) / scale))
