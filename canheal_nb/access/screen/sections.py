"""The parts beneath the map of access: layers, curve, borders, equality, method."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pandas as pd
from markupsafe import Markup

from canheal_nb.access.model import access_tables, coverage
from canheal_nb.access.model.coverage import UNION, Reaching
from canheal_nb.access.question import Access
from canheal_nb.access.text import coverage_text, crowding_text
from canheal_nb.access.travel.driving import PACES
from canheal_nb.charts import dots
from canheal_nb.charts.curve import Rising
from canheal_nb.charts.curve import svg as curve_svg
from canheal_nb.charts.dots import Chart, Dot, Line
from canheal_nb.data import Dataset
from canheal_nb.indicators import facts, words
from canheal_nb.text.locale import _

MOST = 6
ROADS = ("speeds", "fixed_links", "ferries", "city_times")
PARTS = ("local", "long")


def size_words(size: str) -> str:
    """Return a size of settlement in words."""
    return {"city": _("cities"), "town": _("towns"), "rural": _("villages")}[size]


def layer_rows(
    dataset: Dataset, question: Access, names: Mapping[str, str], weak: Mapping[str, bool]
) -> dict[str, Any]:
    """Return the chosen area's share by who says what a comprehensive cancer centre is."""
    area, limit = question.country or UNION, int(question.limit)
    made = []
    for name, one in access_tables.offered(dataset).items():
        if one.layer:
            across = question.borders == "open"
            table = access_tables.shares(dataset, name, limit, across, question.speed)
            row, label = table.loc[area], coverage_text.layer_words(name)
            made.append(coverage_text.dot(row, "", label, weak.get(area, False)))
    target = access_tables.target(dataset).number
    line = Line(target, _("target {number} %").format(number=words.bound(target)), "target")
    title = _("{area}: people within {limit} minutes, by who says so")
    title = title.format(area=names[area], limit=limit)
    chart = Chart(title, _("% of people"), tuple(made), (line,), ranked=False, zero=True)
    said_ = [(dot.name, dot.text) for dot in made]
    return {"title": title, "svg": dots.svg(chart), "missing": chart.missing, "said": said_}


def curves(
    found: Reaching,
    question: Access,
    table: pd.DataFrame,
    names: Mapping[str, str],
    target: float,
) -> Markup | None:
    """Return the share of people within 0 to 180 minutes, of the Union and the chosen country."""
    across, areas = question.borders == "open", [UNION, question.country]
    lines = []
    for area in areas:
        if not area or table.at[area, "state"] == "unknown":
            continue
        middle, slow, fast = (
            coverage.curve(found, area, across, pace) for pace in (question.speed, "slow", "fast")
        )
        name = names[area]
        if table.at[area, "state"] == "at_least":
            name = _("{area}, at least").format(area=name)
        lines.append(Rising(name, middle, slow, fast, area == question.country))
    return curve_svg(lines, int(question.limit), target) if lines else None


def crossing(
    found: Reaching, limit: int, question: Access, names: Mapping[str, str]
) -> dict[str, Any] | None:
    """Return who is within the limit only over a border; None where no list is whole."""
    gained = coverage.gains(found, limit, question.speed)
    if not len(gained) or not found.whole:
        return None
    persons = float(gained["persons"].sum())
    some = gained[gained["persons"] >= 1000].head(MOST)
    rows = [
        {"name": names[str(country)], "persons": coverage_text.people(float(row["persons"])),
         "share": coverage_text.percent(float(row["share"]))}
        for country, row in some.iterrows()
    ]  # fmt: skip
    return {"persons": coverage_text.people(persons), "rows": rows}


def equal(dataset: Dataset, found: Reaching, question: Access) -> dict[str, Any] | None:
    """Return how equal access is, in words and figures; None where no list is whole."""
    limit, across = int(question.limit), question.borders == "open"
    way = (question.method, question.decay)
    fair = access_tables.fair(dataset, question.centres, limit, across, question.speed, *way)
    if fair is None:
        return None
    sizes = access_tables.by_size(dataset, question.centres, limit, across)
    made = tuple(
        Dot(
            "",
            size_words(str(size)),
            100 * row["share"],
            _("{share} %").format(share=coverage_text.percent(row["share"])),
            coverage_text.percent(row["share"]),
            100 * row["low"],
            100 * row["high"],
        )
        for size, row in sizes.iterrows()
    )
    title = _("People within {limit} minutes by size of settlement").format(limit=limit)
    chart = Chart(title, _("% of people"), made, ranked=False, zero=True)
    spread = fair.theil.total
    index = fair.concentration
    label, _line, paper = crowding_text.method_words(question.method)
    return {
        "countries": fair.countries,
        "method": label,
        "paper": paper,
        "sizes": dots.svg(chart),
        "gini": words.decimal(fair.gini, 2),
        "theil": words.decimal(spread, 2),
        "atkinson": words.decimal(fair.atkinson, 2),
        "fifths": words.significant(fair.fifths) if math.isfinite(fair.fifths) else "",
        "between": words.decimal(100 * fair.theil.between / spread) if spread else "",
        "index": words.decimal(index.index, 2),
        "erreygers": words.decimal(index.erreygers, 2),
        "wagstaff": words.decimal(index.wagstaff, 2),
        "ranked": fair.ranked,
        "richer": fair.ranked > 1 and index.index > 0,
        "known": fair.gini == fair.gini and index.index == index.index,
        "sources": facts.cited(dataset.sources, income_sources(dataset)),
    }


@lru_cache(maxsize=2)
def income_sources(dataset: Dataset) -> list[str]:
    """Return the ids of the sources of income per person."""
    rows = dataset.indicators
    rows = rows[rows["indicator"] == access_tables.INCOME]
    return sorted({part for ids in rows["source_id"] for part in ids.split("+") if part})


def method_notes(dataset: Dataset, found: Reaching, question: Access) -> dict[str, Any]:
    """Return what is said of the model: its error, its speeds, and the simple second way."""
    across = question.borders == "open"
    error = access_tables.error(dataset)
    drives = access_tables.ground(dataset).drives
    line = access_tables.by_line(dataset, question.centres, across)
    modelled = {
        limit: access_tables.shares(dataset, question.centres, limit, across, question.speed).at[
            UNION, "share"
        ]
        for limit in (60, 120)
    }
    return {
        "error": {
            "pairs": error.pairs,
            "median": words.decimal(error.median),
            "most": words.decimal(error.ninth_decile),
            "inside": error.inside,
            "calibrated": error.calibrated,
            "bias": words.decimal(error.bias),
        },
        "speeds": [
            (pace_words(pace), *(speed_span(drives[pace].speeds[part]) for part in PARTS))
            for pace in PACES
        ],
        "line": [(words.decimal(km), coverage_text.percent(share)) for km, share in line.items()],
        "modelled": [
            (n, coverage_text.percent(share)) for n, share in modelled.items() if share == share
        ],
        "roads": facts.cited(dataset.sources, road_sources(dataset)),
        "places": facts.cited(dataset.sources, people_sources(dataset)),
    }


def pace_words(pace: str) -> str:
    """Return a speed assumption in words."""
    return {"slow": _("slow"), "middle": _("middle"), "fast": _("fast")}[pace]


def speed_span(speeds: pd.Series) -> str:
    """Return the speeds of the countries as a span."""
    text = _("{low} to {high} km/h")
    return text.format(low=words.decimal(speeds.min()), high=words.decimal(speeds.max()))


@lru_cache(maxsize=2)
def road_sources(dataset: Dataset) -> list[str]:
    """Return the ids of the sources of speeds, crossings and known times."""
    tables = [dataset.table(f"facts/travel/{name}") for name in ROADS]
    named = [str(one) for table in tables for one in table["source_id"] if one]
    return list(dict.fromkeys(named))


@lru_cache(maxsize=2)
def people_sources(dataset: Dataset) -> list[str]:
    """Return the ids of the sources of regional populations."""
    rows = dataset.table("facts/population/admin1_population")
    return list(dict.fromkeys(part for ids in rows["source_id"] for part in ids.split("+")))
