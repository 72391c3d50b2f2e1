"""How crowded centres are, in words and colours: beside the mean of the European Union."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from markupsafe import Markup

from canheal_nb.access.model.catchment_weights import Method
from canheal_nb.access.model.coverage import UNION, Reaching
from canheal_nb.access.model.crowding import BOUNDS, Crowding, Falling, classes
from canheal_nb.access.model.decay import Decay
from canheal_nb.access.text import coverage_text
from canheal_nb.charts.dots import Chart, Dot, Line
from canheal_nb.charts.maps import hexagons
from canheal_nb.indicators import words
from canheal_nb.text.locale import _, ngettext

# Grey: nothing in reach. Less than the mean is orange, more is blue, both darker away from it.
NOBODY = "#b4bcc6"
COLOURS = (NOBODY, *(hexagons.FAR[i] for i in (5, 3, 1)), *(hexagons.NEAR[i] for i in (4, 2, 0)))
MEAN = BOUNDS.index(1.0) + 1
METHODS: tuple[Method, ...] = ("2sfca", "e2sfca", "m2sfca", "3sfca")
DECAYS: tuple[Falling, ...] = ("gaussian", "step", "power")


def method_words(name: str) -> tuple[str, str, str]:
    """Return a method's name, what it does in one plain line, and its paper."""
    return {
        "2sfca": (
            _("Two steps (2SFCA)"),
            _("Everybody within the limit counts alike, five minutes away or at the limit."),
            _("Radke and Mu 2000; Luo and Wang 2003"),
        ),
        "e2sfca": (
            _("Enhanced (E2SFCA)"),
            _(
                "The longer the way, the less people ask of a centre, and the less they have of it;"
                " what they do not take goes to those who live nearer."
            ),
            _("Luo and Qi 2009"),
        ),
        "m2sfca": (
            _("Modified (M2SFCA)"),
            _(
                "As enhanced, but what a long way takes from people is lost and goes to nobody: "
                "where all live far from their centre, all have less."
            ),
            _("Delamater 2013"),
        ),
        "3sfca": (
            _("Three steps (3SFCA)"),
            _(
                "People divide themselves among the centres in reach, more of them to the nearer, "
                "so that nobody asks in full at each of several."
            ),
            _("Wan, Zou and Sternberg 2012"),
        ),
    }[name]


def decay_words(name: Falling, falling: Decay) -> str:
    """Return how much a centre counts, by minutes."""
    limit = falling.limit
    times = {"gaussian": (limit / 2, limit), "step": (limit / 3, limit * 2 / 3, limit)}
    parts = []
    for minutes in times.get(name, (5.0, limit / 2, limit)):
        weight = words.decimal(100 * float(falling.weights(minutes)))
        text = _("at {minutes} minutes {weight} %")
        parts.append(text.format(minutes=words.decimal(minutes), weight=weight))
    form = {
        "gaussian": _("Gaussian, slowly at first: {list}"),
        "step": _("in three steps: {list}"),
        "power": _("by half for twice the time: {list}"),
    }[name]
    return form.format(list=words.listed(parts))


def title(what: str, limit: int) -> str:
    """Return what map, chart and table show."""
    text = _(
        "How crowded centres are, when all within {limit} minutes by car (modelled) share them: "
        "{what}"
    )
    return text.format(limit=limit, what=what)


def times(value: float) -> str:
    """Return a figure beside the mean: "1.9 times"."""
    return _("{n} times").format(n=words.significant(value))


def spoken(made: Crowding, area: str, band: tuple[float, float]) -> str:
    """Return a country's figure beside the mean in words, with its slow to fast band."""
    value = float(made.table.at[area, "relative"])
    if value != value:
        return _("not shown")
    if value == 0:
        return _("none in reach")
    low, high = (words.significant(end) for end in band)
    if low == high:
        return times(value)
    return _("{times} ({low} to {high})").format(times=times(value), low=low, high=high)


def per_centre(score: float) -> str:
    """Return the people that share a centre; empty where none is in reach or nothing is known."""
    return coverage_text.people(1 / score) if score > 0 else ""


def answer(made: Crowding, area: str, name: str, what: str, limit: int, text: str) -> str:
    """Return the finding in one or two sentences; `text`: the country's figure in words."""
    row = made.table.loc[area]
    if not made.shown or (area != UNION and area not in made.shown):
        form = _(
            "How crowded the centres listed as “{what}” are for people in {area} is not shown: "
            "the list is not whole, so others may share with them."
        )
        return form.format(what=what, area=name)
    if not row["score"] > 0:
        form = _(
            "Nobody in {area} has a centre that is listed as “{what}” within {limit} minutes by "
            "car."
        )
        return form.format(what=what, area=name, limit=limit)
    given = {
        "what": what, "area": name, "limit": limit, "people": per_centre(float(row["score"])),
        "none": coverage_text.percent(float(row["none"])),
        "little": coverage_text.percent(float(row["little"] - row["none"])),
        "times": text,
    }  # fmt: skip
    if area == UNION:
        form = _(
            "Shared by all who reach them within {limit} minutes by car, there is one centre "
            "listed as “{what}” for every {people} people in {area}. But {none} % of them have "
            "none in reach, and another {little} % have less than half of the mean."
        )
    else:
        form = _(
            "Shared by all who reach them within {limit} minutes by car, there is one centre "
            "listed as “{what}” for every {people} people in {area}: {times} the mean. {none} % "
            "of them have none in reach."
        )
    return form.format(**given)


def mean_line(made: Crowding, found: Reaching) -> str:
    """Return what the mean is of."""
    if not made.shown:
        if found.exact:
            return _("Over open borders every list must be whole: choose “own country only”.")
        return _("No country's list of these centres is whole.")
    if found.whole:
        return _("The mean is that of all people in the European Union.")
    form = ngettext(
        "The mean is that of all people in the one country whose list is whole; no other is shown.",
        "The mean is that of all people in the {n} countries whose list is whole; no other is "
        "shown.",
        len(made.shown),
    )
    return form.format(n=len(made.shown))


def texts() -> list[str]:
    """Return what is said of each class."""
    edges = [words.bound(bound) for bound in BOUNDS]
    between = [
        _("{low} to under {high} times the mean").format(low=low, high=high)
        for low, high in zip(edges, edges[1:], strict=False)
    ]
    return [
        _("no centre within the limit"),
        _("under {high} times the mean").format(high=edges[0]),
        *between,
        _("{low} times the mean or more").format(low=edges[-1]),
    ]


def packed(relative: pd.Series, drawn: pd.DataFrame, shown: Sequence[str]) -> dict[str, object]:
    """Return what cells show; where the list is not whole they show nothing."""
    place = classes(relative.reindex(drawn.index))
    hidden = ~drawn["country"].isin(shown).to_numpy() | (place < 0)
    klass = np.where(hidden, hexagons.UNSEEN, place).astype(np.uint8)
    return hexagons.packed(klass, COLOURS, texts())


def legend(shares: Sequence[float], numbers: Sequence[str], line: str) -> Markup:
    """Return the histogram of classes, with the mean marked."""
    listed = "; ".join(f"{text}: {n}" for text, n in zip(texts(), numbers, strict=True))
    edges = [words.decimal(0), *map(words.bound, BOUNDS)]
    return hexagons.bars(shares, numbers, COLOURS, texts(), edges, MEAN, line, f"{line}. {listed}")


def chart(
    made: Crowding,
    names: Mapping[str, str],
    bands: Mapping[str, tuple[float, float]],
    chosen: str,
    heading: str,
) -> Chart:
    """Return every country beside the mean, which is the line at 1."""
    dots = []
    for area in made.table.index.drop(UNION):
        value, text = float(made.table.at[area, "relative"]), spoken(made, area, bands[area])
        if value != value:
            dots.append(Dot(area, names[area], None, text))
            continue
        low, high = bands[area]
        short = words.significant(value)
        dots.append(Dot(area, names[area], value, text, short, low, high))
    line = Line(1.0, _("the mean"))
    lit = (chosen,) if chosen else ()
    return Chart(heading, _("times the mean"), tuple(dots), (line,), lit, zero=True)
