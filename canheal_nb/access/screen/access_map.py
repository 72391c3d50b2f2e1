"""Who can reach what: modelled times by car to the centres of one definition, on hexagons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from canheal_nb.access.model import access_tables, coverage, definitions
from canheal_nb.access.question import Access
from canheal_nb.access.screen import crowding_view
from canheal_nb.access.screen.sections import crossing, curves, equal, layer_rows, method_notes
from canheal_nb.access.screen.travel_view import Seen, asked, cells, geometry, times
from canheal_nb.access.text import coverage_text
from canheal_nb.access.travel.driving import Pace
from canheal_nb.charts import dots, style
from canheal_nb.charts.maps import hexagons, map_svg
from canheal_nb.charts.maps.picture import SHAPES, MapPicture, Unit
from canheal_nb.data import Dataset
from canheal_nb.indicators import facts, measures
from canheal_nb.screens import exports
from canheal_nb.screens.shell import Screen
from canheal_nb.text.locale import _

TEMPLATE = "access.html"


def vocabulary(dataset: Dataset) -> dict[str, list[str]]:
    """Return the ids that the question may name."""
    return {
        "country": measures.members(dataset.areas),
        "definition": list(access_tables.offered(dataset)),
    }


def screen(question: Access, dataset: Dataset, notice: str = "") -> Screen:
    """Return what is shown for a question: the template's context, the map's marks, the cells."""
    one = asked(question, dataset)
    found, table, names = one.found, one.table, one.names
    seen = crowding_view.crowded(one) if question.view == "crowding" else times(one)
    picture, goal = seen.picture, access_tables.target(dataset)
    canvas = first(question, dataset)
    context = {
        "question": question,
        "notice": notice,
        "seen": seen,
        "answer": seen.answer,
        "goal": coverage_text.met_line(table, goal.number / 100, goal.policy, goal.year),
        "goal_sources": facts.cited(dataset.sources, [goal.source_id]),
        "offered": choices(dataset),
        "limits": [(str(n), _("{n} min").format(n=n)) for n in coverage.LIMITS],
        "countries": [(code, names[code]) for code in measures.members(dataset.areas)],
        "map_svg": map_svg.map_svg(picture, question.country, live=True),
        "insets": [(u.area_id, u.name, map_svg.inset_svg(picture, u)) for u in picture.overseas],
        "unknown": sum(unit.klass is None for unit in picture.units),
        "at_least": sum(unit.soft for unit in picture.units),
        "picture": picture,
        "sources": facts.cited(dataset.sources, definitions.sources(dataset, found.definition)),
        "missing": definitions.missing(dataset, found.definition),
        "centres": len(found.centres),
        "symbol_key": symbol_key(picture),
        "neutrality": dataset.map["notes"]["neutrality"],
        "chart_svg": dots.svg(seen.chart),
        "chart_missing": seen.chart.missing,
        "layers": layer_rows(dataset, question, names, one.weak),
        "curve": curves(found, question, table, names, goal.number / 100),
        "crossing": crossing(found, one.limit, question, names),
        "equal": equal(dataset, found, question),
        "methods": crowding_view.methods(question, dataset),
        "method": method_notes(dataset, found, question),
        "rows": seen.rows,
    }
    return Screen(
        question,
        TEMPLATE,
        context,
        marks(picture, question.country),
        {"points": map_svg.points(picture), "groups": map_svg.groups(picture)},
        lambda kind: saved(kind, question, dataset, context, canvas),
        canvas=canvas,
        cells=shapes(dataset),
    )


def first(question: Access, dataset: Dataset) -> dict[str, Any]:
    """Return what the cells show, which is seen first; nothing when countries are asked for."""
    limit = int(question.limit)
    if question.show == "countries":
        return hexagons.canvas(None, limit)
    if question.view == "crowding":
        return crowding_view.canvas(question, dataset)
    across = question.borders == "open"
    return hexagons.canvas(near(dataset, question.centres, limit, across, question.speed), limit)


@lru_cache(maxsize=64)
def near(
    dataset: Dataset, definition: str, limit: int, across: bool, pace: Pace
) -> NDArray[np.uint8]:
    """Return the class of each cell by its minutes (`hexagons.classes`)."""
    minutes = access_tables.cells(dataset, definition, across, pace)
    states = access_tables.shares(dataset, definition, limit, across, pace)["state"].to_dict()
    return hexagons.classes(minutes, cells(dataset), limit, states)


@lru_cache(maxsize=2)
def shapes(dataset: Dataset) -> dict[str, Any]:
    """Return the cells' shapes and names."""
    return hexagons.cells(cells(dataset), geometry(dataset), access_tables.place_names(dataset))


def symbol_key(picture: MapPicture) -> list[tuple[str, str]]:
    """Return the shapes drawn and what each means."""
    drawn = {symbol.shape for symbol in picture.symbols}
    return [
        (shape, facts.designation_words(kind)) for kind, shape in SHAPES.items() if shape in drawn
    ]


def choices(dataset: Dataset) -> dict[str, list[tuple[str, str]]]:
    """Return the definitions by group."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, one in access_tables.offered(dataset).items():
        group = _("Comprehensive cancer centre, by who says so")
        group = group if one.layer else _("Other titles and machines")
        groups.setdefault(group, []).append((name, _(one.label)))
    return groups


def marks(picture: MapPicture, selected: str) -> dict[str, dict[str, str]]:
    """Return what changes on the map, by element id."""
    changed = {
        f"u-{u.area_id}": map_svg.unit_attributes(picture, u, selected) for u in picture.units
    }
    changed |= {f"s-{u.area_id}": {"fill": picture.colour(u.klass)} for u in picture.units}
    changed |= {
        f"o-{u.area_id}": {"fill": picture.colour(u.klass), "data-tip": u.label}
        for u in picture.overseas
    }
    changed["ring"] = {"d": map_svg.ring(picture, selected)}
    return changed


def saved(
    kind: str,
    question: Access,
    dataset: Dataset,
    context: Mapping[str, Any],
    canvas: Mapping[str, Any],
) -> exports.File:
    """Return what is seen as a file: csv and xlsx the table, svg and png the map with its cells."""
    seen: Seen = context["seen"]
    stem = f"canheal-{question.view}-{question.centres}-{question.limit}"
    cite = exports.citation(
        {
            "title": seen.title,
            "edition": dataset.edition.name,
            "as_of": dataset.edition.as_of.isoformat(),
            "view": "app/access?" + question.query(),
        }
    )
    sources = context["sources"]
    if kind in ("csv", "xlsx"):
        head = [_("Code"), _("Country"), f"{seen.title}: {seen.heads[0]}", *seen.heads[1:]]
        lines = [
            [str(r[key]) for key in ("id", "name", "share", "persons", "people", "note")]
            for r in seen.rows
        ]
        return exports.table_file(kind, stem, [*head, _("To know")], lines, sources, cite)
    cited = [f"{s.title}, {s.publisher}, {s.year}." for s in sources]
    foot = [f"{seen.title}.", *filter(None, [seen.key]), *cited, cite]
    key, picture = (seen.legend, seen.tall), seen.picture
    if not canvas["classes"]:
        return exports.picture_file(
            kind, stem, str(map_svg.figure_svg(picture, question.country, foot, key))
        )
    blank = replace(picture, units=tuple(map(bare, picture.units)), colours=(style.PAPER,))
    blank = replace(blank, overseas=tuple(map(bare, picture.overseas)))
    drawn = hexagons.outlines(cells(dataset), canvas, geometry(dataset))
    figure = map_svg.figure_svg(blank, question.country, foot, key, drawn)
    return exports.picture_file(kind, stem, str(figure))


def bare(unit: Unit) -> Unit:
    """Return an area without a colour of its own, for cells to lie on; hatched stays hatched."""
    return replace(unit, klass=None if unit.klass is None else 0, soft=False)
