"""How crowded the centres are: the map, chart and table of it, and four methods side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from canheal_nb.apps.access_seen import Asked, Seen, cells, drawn
from canheal_nb.data import Dataset
from canheal_nb.locale import _
from canheal_nb.model import crowding, reached
from canheal_nb.model.crowding import Crowding
from canheal_nb.model.reaching import UNION
from canheal_nb.model.travel import PACES, Pace
from canheal_nb.model.weights import Method
from canheal_nb.questions_access import Access
from canheal_nb.views import crowding as said
from canheal_nb.views import dots, hexes, words
from canheal_nb.views import reaching as shares
from canheal_nb.views.picture import Unit


def made(
    question: Access, dataset: Dataset, pace: Pace | None = None, method: Method | None = None
) -> Crowding:
    """Return how crowded the centres are; at another pace or by another method where given."""
    return reached.crowded(
        dataset,
        question.centres,
        int(question.limit),
        question.borders == "open",
        pace or question.speed,
        method or question.method,
        question.decay,
    )


def canvas(question: Access, dataset: Dataset) -> dict[str, Any]:
    """Return what the cells show."""
    one = made(question, dataset)
    places = reached.ground(dataset).places
    return dict(said.packed(crowding.relative(one, places, "h3"), cells(dataset), one.shown))


def crowded(one: Asked) -> Seen:
    """Return how crowded the centres are, beside the mean."""
    question, dataset = one.question, one.dataset
    found = made(question, dataset)
    title = said.title(one.what, one.limit)
    spans = bands(question, dataset)
    chart = said.chart(found, one.names, spans, question.country, title)
    text = said.spoken(found, one.area, spans[one.area])
    mean = said.mean_line(found, one.found)
    counts, line = counted(one, found)
    numbers = [words.significant(n) if n else words.decimal(0) for n in counts]
    total = max(sum(counts), 1e-9)
    return Seen(
        title=title,
        answer=said.answer(found, one.area, whom(one, found), one.what, one.limit, text),
        beside=mean,
        picture=picture(one, found, chart, title),
        legend=said.legend([n / total for n in counts], numbers, line),
        tall=hexes.HIGH / hexes.WIDE * 950,
        key=f"{colours_words()} {mean} {shared_words(question, dataset)}",
        chart=chart,
        heads=(_("Beside the mean"), _("People per centre"), _("None in reach")),
        rows=rows(one, found, {area: said.spoken(found, area, spans[area]) for area in spans}),
    )


def whom(one: Asked, found: Crowding) -> str:
    """Return whose people the figures of the area are of, as it stands in a sentence."""
    if one.area != UNION or one.found.whole or not found.shown:
        return one.named()
    return words.listed(one.names[country] for country in found.shown)


def colours_words() -> str:
    """Return what the colours say."""
    return _("Blue: more than the mean. Orange: less. Grey: no centre within the limit.")


def shared_words(question: Access, dataset: Dataset) -> str:
    """Return how centres are shared: the method, its paper, the decay where it has one."""
    label, _line, paper = said.method_words(question.method)
    if question.method == "2sfca":
        return f"{label}, {paper}."
    falling = reached.decay(dataset, question.decay, int(question.limit))
    return f"{label}, {paper}; {said.decay_words(question.decay, falling)}."


def bands(question: Access, dataset: Dataset) -> dict[str, tuple[float, float]]:
    """Return each area's lowest and highest figure beside the mean, over all paces."""
    at = pd.DataFrame({pace: made(question, dataset, pace).table["relative"] for pace in PACES})
    low, high = at.min(axis=1), at.max(axis=1)
    return {str(area): (float(low[area]), float(high[area])) for area in at.index}


def counted(one: Asked, found: Crowding) -> tuple[list[float], str]:
    """Return people of a hundred, or countries, in each class, and what the bars count."""
    if one.question.show == "countries":
        place = crowding.classes(found.table["relative"].drop(index=UNION))
        counts = np.bincount(place[place >= 0], minlength=crowding.CLASSES).astype(float)
        line = _("times the mean (▲); above each bar the number of countries; first bar: no centre")
        return counts.tolist(), line
    people = 100 * crowding.by_class(found, one.found.places)
    line = _("times the mean (▲); above each bar people of a hundred; first bar: no centre")
    return people.tolist(), line + " " + _("in reach")


def picture(one: Asked, found: Crowding, chart: dots.Chart, title: str) -> Any:
    """Return the map of countries in the colours of the classes; hatched: not shown."""
    base = drawn(one, title, chart)
    own = crowding.relative(found, one.found.places, "area_id")
    table = found.table["relative"]
    spans = {dot.key: dot.text for dot in chart.dots}

    def unit(area: Unit, value: float, text: str) -> Unit:
        place = int(crowding.classes(pd.Series([value]))[0])
        return replace(area, klass=place if place >= 0 else None, text=text, soft=False)

    def alone(area: Unit) -> Unit:
        value = float(own.get(area.area_id, float("nan")))
        text = said.times(value) if value > 0 else _("none in reach")
        return unit(area, value, text if value == value else _("not shown"))

    return replace(
        base,
        units=tuple(unit(u, float(table[u.area_id]), spans[u.area_id]) for u in base.units),
        overseas=tuple(alone(u) for u in base.overseas),
        colours=said.COLOURS,
    )


def rows(one: Asked, found: Crowding, texts: dict[str, str]) -> list[dict[str, str]]:
    """Return the table's lines: countries by name, the Union last."""
    notes, lines = reached.notes(one.dataset)["note"].to_dict(), []
    for area, row in found.table.to_dict("index").items():
        name, known = str(area), row["score"] == row["score"]
        none = _("{share} %").format(share=shares.percent(row["none"])) if known else ""
        lines.append(
            {"id": name, "name": one.names[name], "share": texts[name],
             "persons": said.per_centre(row["score"]), "people": none,
             "note": str(notes.get(area, ""))}
        )  # fmt: skip
    if not one.found.whole:
        lines.pop()  # the Union's would be of a part of it
    return lines


def methods(question: Access, dataset: Dataset) -> dict[str, Any]:
    """Return the four methods side by side: what each says, and in one line what it does."""
    lines = []
    for name in said.METHODS:
        found = made(question, dataset, method=name)
        label, line, paper = said.method_words(name)
        row = found.table.loc[UNION]
        known = bool(found.shown) and row["score"] > 0
        lines.append(
            {
                "id": name,
                "name": label,
                "line": line,
                "paper": paper,
                "chosen": name == question.method,
                "per": said.per_centre(float(row["score"])) if known else "",
                "gini": words.decimal(found.gini, 2) if known else "",
                "little": shares.percent(float(row["little"])) if known else "",
            }
        )
    limit = int(question.limit)
    return {
        "rows": lines,
        "known": any(line["per"] for line in lines),
        "decays": [
            (name, said.decay_words(name, reached.decay(dataset, name, limit)))
            for name in said.DECAYS
        ],
        "decay": said.decay_words(question.decay, reached.decay(dataset, question.decay, limit)),
    }
