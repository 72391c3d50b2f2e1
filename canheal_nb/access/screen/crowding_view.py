"""How crowded the centres are: the map, chart and table of it, and four methods side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from canheal_nb.access.model import access_tables, crowding
from canheal_nb.access.model.catchment_weights import Method
from canheal_nb.access.model.coverage import UNION
from canheal_nb.access.model.crowding import Crowding
from canheal_nb.access.question import Access
from canheal_nb.access.screen.travel_view import Asked, Seen, cells, drawn
from canheal_nb.access.text import coverage_text, crowding_text
from canheal_nb.access.travel.driving import PACES, Pace
from canheal_nb.charts import dots
from canheal_nb.charts.maps import hexagons
from canheal_nb.charts.maps.picture import Unit
from canheal_nb.data import Dataset
from canheal_nb.indicators import words
from canheal_nb.text.locale import _


def made(
    question: Access, dataset: Dataset, pace: Pace | None = None, method: Method | None = None
) -> Crowding:
    """Return how crowded the centres are; at another pace or by another method where given."""
    return access_tables.crowded(
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
    places = access_tables.ground(dataset).places
    return dict(
        crowding_text.packed(crowding.relative(one, places, "h3"), cells(dataset), one.shown)
    )


def crowded(one: Asked) -> Seen:
    """Return how crowded the centres are, beside the mean."""
    question, dataset = one.question, one.dataset
    found = made(question, dataset)
    title = crowding_text.title(one.what, one.limit)
    spans = bands(question, dataset)
    chart = crowding_text.chart(found, one.names, spans, question.country, title)
    text = crowding_text.spoken(found, one.area, spans[one.area])
    mean = crowding_text.mean_line(found, one.found)
    counts, line = counted(one, found)
    numbers = [words.significant(n) if n else words.decimal(0) for n in counts]
    total = max(sum(counts), 1e-9)
    return Seen(
        title=title,
        answer=crowding_text.answer(found, one.area, whom(one, found), one.what, one.limit, text),
        beside=mean,
        picture=picture(one, found, chart, title),
        legend=crowding_text.legend([n / total for n in counts], numbers, line),
        tall=hexagons.HIGH / hexagons.WIDE * 950,
        key=f"{colours_words()} {mean} {shared_words(question, dataset)}",
        chart=chart,
        heads=(_("Beside the mean"), _("People per centre"), _("None in reach")),
        rows=rows(
            one, found, {area: crowding_text.spoken(found, area, spans[area]) for area in spans}
        ),
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
    label, _line, paper = crowding_text.method_words(question.method)
    if question.method == "2sfca":
        return f"{label}, {paper}."
    falling = access_tables.decay(dataset, question.decay, int(question.limit))
    return f"{label}, {paper}; {crowding_text.decay_words(question.decay, falling)}."


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
        text = crowding_text.times(value) if value > 0 else _("none in reach")
        return unit(area, value, text if value == value else _("not shown"))

    return replace(
        base,
        units=tuple(unit(u, float(table[u.area_id]), spans[u.area_id]) for u in base.units),
        overseas=tuple(alone(u) for u in base.overseas),
        colours=crowding_text.COLOURS,
    )


def rows(one: Asked, found: Crowding, texts: dict[str, str]) -> list[dict[str, str]]:
    """Return the table's lines: countries by name, the Union last."""
    notes, lines = access_tables.notes(one.dataset)["note"].to_dict(), []
    for area, row in found.table.to_dict("index").items():
        name, known = str(area), row["score"] == row["score"]
        none = _("{share} %").format(share=coverage_text.percent(row["none"])) if known else ""
        lines.append(
            {"id": name, "name": one.names[name], "share": texts[name],
             "persons": crowding_text.per_centre(row["score"]), "people": none,
             "note": str(notes.get(area, ""))}
        )  # fmt: skip
    if not one.found.whole:
        lines.pop()  # the Union's would be of a part of it
    return lines


def methods(question: Access, dataset: Dataset) -> dict[str, Any]:
    """Return the four methods side by side: what each says, and in one line what it does."""
    lines = []
    for name in crowding_text.METHODS:
        found = made(question, dataset, method=name)
        label, line, paper = crowding_text.method_words(name)
        row = found.table.loc[UNION]
        known = bool(found.shown) and row["score"] > 0
        lines.append(
            {
                "id": name,
                "name": label,
                "line": line,
                "paper": paper,
                "chosen": name == question.method,
                "per": crowding_text.per_centre(float(row["score"])) if known else "",
                "gini": words.decimal(found.gini, 2) if known else "",
                "little": coverage_text.percent(float(row["little"])) if known else "",
            }
        )
    limit = int(question.limit)
    return {
        "rows": lines,
        "known": any(line["per"] for line in lines),
        "decays": [
            (name, crowding_text.decay_words(name, access_tables.decay(dataset, name, limit)))
            for name in crowding_text.DECAYS
        ],
        "decay": crowding_text.decay_words(
            question.decay, access_tables.decay(dataset, question.decay, limit)
        ),
    }
