"""Who can reach what: modelled times by car to the centres of one definition, on hexagons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pandas as pd

from canheal_nb.apps.access_parts import crossing, curves, equal, layer_rows, method_notes
from canheal_nb.apps.shell import Screen
from canheal_nb.data import Dataset
from canheal_nb.locale import _
from canheal_nb.model import centres as designated
from canheal_nb.model import definitions, measures, reached, reaching
from canheal_nb.model.measures import Measure
from canheal_nb.model.reaching import UNION, Reaching
from canheal_nb.questions import Access
from canheal_nb.views import dots, exports, facts, hexes, legend, svg, words
from canheal_nb.views import reaching as said
from canheal_nb.views.picture import SHAPES, MapPicture, Unit, compose

TEMPLATE = "access.html"


def vocabulary(dataset: Dataset) -> dict[str, list[str]]:
    """Return the ids that the question may name."""
    return {
        "country": measures.members(dataset.areas),
        "definition": list(reached.offered(dataset)),
    }


def screen(question: Access, dataset: Dataset, notice: str = "") -> Screen:
    """Return what is shown for a question: the template's context, the map's marks, the cells."""
    limit, across = int(question.limit), question.borders == "open"
    found = reached.found(dataset, question.centres)
    table = reached.shares(dataset, question.centres, limit, across, question.speed)
    names, weak = words.country_names(dataset.areas), weak_areas(dataset)
    goal, area = reached.target(dataset), question.country or UNION
    measure = measured(dataset, found, table, limit, weak)
    picture = drawn(dataset, found, measure, table, question, names, weak)
    title = title_of(found, limit)
    chart = said.chart(table, names, weak, goal.number, question.country, title)
    context = {
        "question": question,
        "notice": notice,
        "answer": said.answer(
            table, area, named(area, names), _(found.definition.label), limit, across,
            weak.get(area, False),
        ),
        "beside": said.union_line(table) if question.country else "",
        "goal": said.met_line(table, goal.number / 100, goal.policy, goal.year),
        "goal_sources": facts.cited(dataset.sources, [goal.source_id]),
        "offered": choices(dataset),
        "limits": [(str(n), _("{n} min").format(n=n)) for n in reaching.LIMITS],
        "countries": [(code, names[code]) for code in measure.members],
        "map_svg": svg.map_svg(picture, question.country, live=True),
        "insets": [(u.area_id, u.name, svg.inset_svg(picture, u)) for u in picture.overseas],
        "legend_svg": legend_of(dataset, found, picture, question),
        "unknown": sum(state == "unknown" for state in table["state"]),
        "at_least": sum(state == "at_least" for state in table["state"]),
        "picture": picture,
        "title": title,
        "sources": facts.cited(dataset.sources, measure.sources),
        "missing": definitions.missing(dataset, found.definition),
        "centres": len(found.centres),
        "symbol_key": symbol_key(picture),
        "neutrality": dataset.map["notes"]["neutrality"],
        "chart_svg": dots.svg(chart),
        "chart_missing": chart.missing,
        "layers": layer_rows(dataset, question, names, weak),
        "curve": curves(found, question, table, names, goal.number / 100),
        "crossing": crossing(found, limit, question, names),
        "equal": equal(dataset, found, question),
        "method": method_notes(dataset, found, question),
        "rows": rows(dataset, table, names, weak),
    }
    return Screen(
        question,
        TEMPLATE,
        context,
        marks(picture, question.country),
        {"points": svg.points(picture), "groups": svg.groups(picture)},
        lambda kind: saved(kind, question, dataset, context, picture),
        first(question, dataset),
        shapes(dataset),
    )


def weak_areas(dataset: Dataset) -> dict[str, bool]:
    """Return for which areas people are placed too roughly for more than a band."""
    return {str(area): bool(weak) for area, weak in reached.notes(dataset)["weak"].items()}


def named(area: str, names: Mapping[str, str]) -> str:
    """Return an area as it stands in a sentence."""
    return _("the European Union") if area == UNION else names[area]


def title_of(found: Reaching, limit: int) -> str:
    """Return what map, chart and table show."""
    text = _("People within {limit} minutes by car (modelled): {what}")
    return text.format(limit=limit, what=_(found.definition.label))


def measured(
    dataset: Dataset, found: Reaching, table: pd.DataFrame, limit: int, weak: Mapping[str, bool]
) -> Measure:
    """Return the shares as a measure with its sources."""
    sources = definitions.sources(dataset, found.definition)
    members = tuple(measures.members(dataset.areas))
    return said.measure(table, found.definition, limit, sources, members, weak)


def drawn(
    dataset: Dataset,
    found: Reaching,
    measure: Measure,
    table: pd.DataFrame,
    question: Access,
    names: Mapping[str, str],
    weak: Mapping[str, bool],
) -> MapPicture:
    """Return the map of countries, in our words; outermost regions have figures of their own."""
    kinds = designated.designations(dataset.capabilities).reindex(found.centres.index).fillna("")
    points = found.centres.assign(kind=kinds)
    given = list(said.GIVEN)
    made = compose(measure, geometry(dataset), dataset.areas, points, method="fixed", given=given)
    across, limit = question.borders == "open", int(question.limit)
    own = reached.regions(dataset, question.centres, limit, across, question.speed)
    title = title_of(found, limit)
    units = tuple(
        replace(u, text=said.spoken(table.loc[u.area_id], weak.get(u.area_id, False)))
        for u in made.units
    )
    overseas = tuple(region(u, own, given) for u in made.overseas)
    return replace(
        made,
        units=units,
        overseas=overseas,
        title=title,
        description=dots.describe(said.chart(table, names, weak, 90.0, question.country, title)),
    )


def region(unit: Unit, own: pd.Series, given: list[float]) -> Unit:
    """Return an outermost region with its own share (NaN: not known)."""
    share = float(own.get(unit.area_id, float("nan")))
    if share != share:
        return replace(unit, klass=None, text=_("not known"))
    klass = sum(100 * share >= bound for bound in given)
    return replace(unit, klass=klass, text=_("{share} %").format(share=said.percent(share)))


def legend_of(
    dataset: Dataset, found: Reaching, picture: MapPicture, question: Access
) -> Any:
    """Return the legend: people by minutes for hexagons, countries by share for countries."""
    if question.show == "countries":
        return legend.legend_svg(picture)
    across = question.borders == "open"
    shares = reached.by_class(dataset, question.centres, hexes.BOUNDS, across, question.speed)
    return hexes.legend(shares, int(question.limit), found.whole)


def first(question: Access, dataset: Dataset) -> dict[str, Any]:
    """Return what the cells show, which is seen first; nothing when countries are asked for."""
    limit = int(question.limit)
    if question.show == "countries":
        return hexes.canvas(None, limit)
    across = question.borders == "open"
    minutes = reached.cells(dataset, question.centres, across, question.speed)
    table = reached.shares(dataset, question.centres, limit, across, question.speed)
    states = table["state"].to_dict()
    return hexes.canvas(hexes.classes(minutes, cells(dataset), limit, states), limit)


@lru_cache(maxsize=2)
def geometry(dataset: Dataset) -> dict[str, Any]:
    """Return the built map, read once."""
    return dataset.map


@lru_cache(maxsize=2)
def cells(dataset: Dataset) -> pd.DataFrame:
    """Return the cells that are drawn, in the order in which they are sent."""
    insets = [inset["id"] for inset in geometry(dataset)["insets"]]
    return hexes.ordered(dataset.hexagons, insets)


@lru_cache(maxsize=2)
def shapes(dataset: Dataset) -> dict[str, Any]:
    """Return the cells' shapes and names."""
    return hexes.cells(cells(dataset), geometry(dataset), reached.place_names(dataset))


def symbol_key(picture: MapPicture) -> list[tuple[str, str]]:
    """Return the shapes drawn and what each means."""
    drawn = {symbol.shape for symbol in picture.symbols}
    return [
        (shape, facts.designation_words(kind)) for kind, shape in SHAPES.items() if shape in drawn
    ]


def choices(dataset: Dataset) -> dict[str, list[tuple[str, str]]]:
    """Return the definitions by group."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, one in reached.offered(dataset).items():
        group = _("Comprehensive cancer centre, by who says so")
        group = group if one.layer else _("Other titles and machines")
        groups.setdefault(group, []).append((name, _(one.label)))
    return groups


def marks(picture: MapPicture, selected: str) -> dict[str, dict[str, str]]:
    """Return what changes on the map, by element id."""
    changed = {f"u-{u.area_id}": svg.unit_attributes(picture, u, selected) for u in picture.units}
    changed |= {f"s-{u.area_id}": {"fill": picture.colour(u.klass)} for u in picture.units}
    changed |= {
        f"o-{u.area_id}": {"fill": picture.colour(u.klass), "data-tip": u.label}
        for u in picture.overseas
    }
    changed["ring"] = {"d": svg.ring(picture, selected)}
    return changed


def rows(
    dataset: Dataset, table: pd.DataFrame, names: Mapping[str, str], weak: Mapping[str, bool]
) -> list[dict[str, Any]]:
    """Return the table's lines: countries by name, the Union last."""
    notes = reached.notes(dataset)["note"]
    lines = []
    for area in table.index:
        row, known = table.loc[area], table.at[area, "state"] != "unknown"
        persons = said.people(float(row["persons"])) if known else ""
        if row["state"] == "at_least":
            persons = _("at least {n}").format(n=persons)
        note = str(notes.get(area, ""))
        share = said.spoken(row, weak.get(str(area), False))
        lines.append(
            {"id": area, "name": names[str(area)], "share": share, "persons": persons,
             "people": said.people(float(row["people"])), "note": note}
        )  # fmt: skip
    return lines


def saved(
    kind: str,
    question: Access,
    dataset: Dataset,
    context: Mapping[str, Any],
    picture: MapPicture,
) -> exports.File:
    """Return what is seen as a file: csv and xlsx the table, svg and png the map of countries."""
    stem = f"canheal-access-{question.centres}-{question.limit}"
    cite = exports.citation(
        {
            "title": picture.title,
            "edition": dataset.edition.name,
            "as_of": dataset.edition.as_of.isoformat(),
            "view": "app/access?" + question.query(),
        }
    )
    sources = context["sources"]
    if kind in ("csv", "xlsx"):
        head = [_("Code"), _("Country"), picture.title, _("People within"), _("All people")]
        head.append(_("To know"))
        lines = [
            [str(r[key]) for key in ("id", "name", "share", "persons", "people", "note")]
            for r in context["rows"]
        ]
        return exports.table_file(kind, stem, head, lines, sources, cite)
    cited = [f"{s.title}, {s.publisher}, {s.year}." for s in sources]
    figure = svg.figure_svg(picture, question.country, [*cited, cite])
    return exports.picture_file(kind, stem, str(figure))
