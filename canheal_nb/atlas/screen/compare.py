"""The comparison: up to six countries over up to six measures, or two measures set together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from canheal_nb.atlas.question import Compare
from canheal_nb.atlas.text import bivariate_map, comparison_files, comparison_text
from canheal_nb.charts import scatter, strips
from canheal_nb.charts.maps import map_svg
from canheal_nb.charts.maps.picture import MapPicture
from canheal_nb.data import Dataset
from canheal_nb.indicators import comparison, facts, measures, words
from canheal_nb.screens import exports
from canheal_nb.screens.shell import Screen
from canheal_nb.text.locale import _
from canheal_nb.text.question import parts

TEMPLATE = "compare.html"
WIDE, NARROW = (560, 430), (340, 330)
Names = Mapping[str, str]


def vocabulary(dataset: Dataset) -> dict[str, list[str]]:
    """Return the ids that the question may name."""
    shown = [show for items in offered(dataset).values() for show, _label in items]
    return {"country": measures.members(dataset.areas), "show": shown}


def offered(dataset: Dataset) -> dict[str, list[tuple[str, str]]]:
    """Return what can be compared, by group; an id with a comma could not stand in a list."""
    return {
        _(group): [(show, _(label)) for show, label in items if "," not in show]
        for group, items in measures.offered(dataset).items()
    }


def screen(question: Compare, dataset: Dataset, notice: str = "") -> Screen:
    """Return what the comparison shows for a question."""
    names = words.country_names(dataset.areas)
    chosen = parts(question.countries)
    shown = [measures.measure(dataset, show) for show in parts(question.measures)]
    pair = comparison.pair(*shown[:2]) if len(shown) > 1 else None
    two = question.view == "two"
    picture = bivariate_map.compose(pair, dataset.map, names, measures.members(dataset.areas))
    trouble = comparison_text.no_pair(pair) if two else ""
    view = "none" if trouble else question.view
    context = {
        "question": question,
        "notice": notice,
        "view": view,
        "chosen": chosen,
        "shown": [measure.id for measure in shown],
        "places": [*(measure.id for measure in shown[:2]), "", ""][:2],
        "countries": [(area, names[area]) for area in measures.members(dataset.areas)],
        "offered": offered(dataset),
        "pairable": pairable(dataset, shown),
        "chips": chips(chosen, names),
        "picture": picture,
        "map_svg": map_svg.map_svg(picture, question.countries, live=True, many=True),
        "neutrality": dataset.map["notes"]["neutrality"],
        **(pair_context(pair, chosen, dataset, names, picture) if two else NO_PAIR),
        **(NO_DOTS if two else dots_context(shown, chosen, dataset, names)),
    }
    return Screen(
        question,
        TEMPLATE,
        context,
        marks(picture, question, view),
        save=lambda kind: saved(kind, question, dataset, shown, pair, picture),
    )


def saved(
    kind: str,
    question: Compare,
    dataset: Dataset,
    shown: Sequence[measures.Measure],
    pair: comparison.Pair | None,
    picture: MapPicture,
) -> exports.File:
    """Return what is seen as a file: csv and xlsx the figures, svg and png the picture.

    A sheet leaves out measures whose terms forbid passing them on, unless there are no others.
    """
    names, chosen = words.country_names(dataset.areas), parts(question.countries)
    two = question.view == "two" and not comparison_text.no_pair(pair)
    shown = shown[:2] if two else shown
    if kind in ("csv", "xlsx"):
        closed = [measure for measure in shown if not may_pass_on(measure, dataset)]
        shown = [measure for measure in shown if measure not in closed] or shown
    ids = dict.fromkeys(source for measure in shown for source in measure.sources)
    sources = facts.cited(dataset.sources, list(ids))
    cite = exports.citation(
        {
            "title": _("Countries compared"),
            "edition": dataset.edition.name,
            "as_of": dataset.edition.as_of.isoformat(),
            "view": "app/compare?" + question.query(),
        }
    )
    if kind in ("csv", "xlsx"):
        areas = measures.members(dataset.areas) if two else chosen
        head, rows = comparison_files.sheet(shown, areas, names, closed)
        return exports.table_file(kind, "canheal-compare", head, rows, sources, cite)
    foot = [*(f"{s.title}, {s.publisher}, {s.year}." for s in sources), cite]
    if two and pair:
        drawn = comparison_files.pair_figure(pair, picture, names, chosen, foot)
    else:
        ranked = [m for m in shown if comparison.may_rank(m) and not m.table.empty]
        goals = [measures.target(dataset, m.id) for m in ranked]
        rows_ = [strips.compose(m, names, chosen, g) for m, g in zip(ranked, goals, strict=True)]
        drawn = comparison_files.dots_figure(rows_, foot)
    return exports.picture_file(kind, "canheal-compare", str(drawn))


def may_pass_on(measure: measures.Measure, dataset: Dataset) -> bool:
    """Return whether the terms of all sources behind a measure let it be passed on."""
    return "no" not in set(dataset.sources.loc[measure.sources, "redistribute"])


NO_PAIR: dict[str, Any] = {"pair": None}
NO_DOTS: dict[str, Any] = {"strips": (), "rows": (), "directions": ()}


def dots_context(
    shown: Sequence[measures.Measure], chosen: Sequence[str], dataset: Dataset, names: Names
) -> dict[str, Any]:
    """Return what the strips of dots need, and the table behind them."""
    return {
        "answer": comparison_text.answer(shown, chosen, names),
        "directions": comparison_text.directions(shown) if chosen else [],
        "strips": [strip(measure, shown, chosen, dataset, names) for measure in shown],
        "rows": [table_row(measure, chosen, names) for measure in shown],
    }


def strip(
    measure: measures.Measure,
    shown: Sequence[measures.Measure],
    chosen: Sequence[str],
    dataset: Dataset,
    names: Names,
) -> dict[str, Any]:
    """Return one measure: its picture, or bare figures where countries are not put in an order."""
    target = measures.target(dataset, measure.id)
    ranked = comparison.may_rank(measure) and not measure.table.empty
    drawn = strips.compose(measure, names, chosen, target)
    sources = [*measure.sources, *([target.source_id] if target else [])]
    return {
        "id": measure.id,
        "title": _(measure.label),
        "unit": words.unit(measure),
        "said": comparison_text.against_median(measure, chosen, names),
        "svg": strips.svg(drawn) if ranked else "",
        "figures": [(names[area], words.figure(measure, area)) for area in chosen],
        "known": words.known_line(measure, names),
        "note": " ".join(filter(None, (_(measure.definition), _(measure.caveat)))),
        "target": target.why if target else "",
        "sources": facts.cited(dataset.sources, list(dict.fromkeys(sources))),
        "without": ",".join(other.id for other in shown if other is not measure),
    }


def table_row(measure: measures.Measure, chosen: Sequence[str], names: Names) -> dict[str, Any]:
    """Return one measure's line of the table: each chosen country's figure, age and notes."""
    found = {row.area_id: row for row in facts.rows(measure, names)}
    lines = strips.reference_lines(measure, None) if comparison.may_rank(measure) else []
    return {
        "title": _(measure.label),
        "unit": words.unit(measure),
        "cells": [cell(measure, found[area], area) for area in chosen],
        "reference": "; ".join(line.text for line in lines),
        "sources": ", ".join(measure.sources),
    }


def cell(measure: measures.Measure, row: facts.Row, area: str) -> dict[str, str]:
    """Return one figure with its age, its notes and its interval where one is published."""
    small = [row.age, row.note]
    if row.known and measure.table.loc[area, ["low", "high"]].notna().all():
        low, high = (words.bound(float(measure.table.at[area, end])) for end in ("low", "high"))
        small.insert(0, _("between {low} and {high}").format(low=low, high=high))
    return {
        "text": words.value_text(measure, area),
        "small": "; ".join(filter(None, small)),
    }


def pair_context(
    pair: comparison.Pair | None,
    chosen: Sequence[str],
    dataset: Dataset,
    names: Names,
    picture: MapPicture,
) -> dict[str, Any]:
    """Return what the view of two measures needs: points, square, quarters, table."""
    if pair is None:
        return {"pair": None, "answer": comparison_text.no_pair(None)}
    trouble = comparison_text.no_pair(pair)
    points = scatter.compose(pair, names, chosen)
    both = (pair.first, pair.second)
    sources = sorted({source for measure in both for source in measure.sources})
    return {
        "pair": pair,
        "answer": trouble or comparison_text.pair_answer(pair, chosen, names),
        "known": bivariate_map.known_words(pair, names),
        "labels": [_(measure.label) for measure in both],
        "units": [words.unit(measure) for measure in both],
        "scatters": [scatter.svg(points, *size) for size in (WIDE, NARROW) if not trouble],
        "square": bivariate_map.square(pair, names),
        "quarters": comparison_text.quarters(pair, names),
        "cautions": comparison_text.cautions(pair),
        "notes": [" ".join(filter(None, (_(m.definition), _(m.caveat)))) for m in both],
        "insets": [(unit.name, map_svg.inset_svg(picture, unit)) for unit in picture.overseas],
        "sources": facts.cited(dataset.sources, sources),
        "lines": pair_lines(pair, names),
    }


def pair_lines(pair: comparison.Pair, names: Names) -> list[dict[str, str]]:
    """Return one line per member state: both figures, their ages and notes, and its thirds."""
    sides = [facts.rows(measure, names) for measure in (pair.first, pair.second)]
    lines = []
    for first, second in zip(*sides, strict=True):
        area = first.area_id
        klass = int(pair.cells[area]) if area in pair.cells.index else None
        lines.append(
            {
                "area_id": area,
                "name": first.name,
                "first": words.value_text(pair.first, area),
                "second": words.value_text(pair.second, area),
                "first_small": "; ".join(filter(None, (first.age, first.note))),
                "second_small": "; ".join(filter(None, (second.age, second.note))),
                "thirds": bivariate_map.cell_words(klass, pair),
            }
        )
    return lines


def pairable(
    dataset: Dataset, shown: Sequence[measures.Measure]
) -> dict[str, list[tuple[str, str]]]:
    """Return the measures that may be ranked, by group, and those chosen already."""
    ranks = dataset.indicator_types["rank"]
    kept = {str(show) for show in ranks.index[ranks != "no"]} | {m.id for m in shown[:2]}
    groups = {
        group: [item for item in items if item[0] in kept]
        for group, items in offered(dataset).items()
    }
    return {group: items for group, items in groups.items() if items}


def chips(chosen: Sequence[str], names: Names) -> list[dict[str, str]]:
    """Return the chosen countries with their shapes, and the list without each."""
    shapes = strips.shapes(chosen)
    return [
        {
            "id": area,
            "name": names[area],
            "shape": shapes[area],
            "without": ",".join(other for other in chosen if other != area),
        }
        for area in chosen
    ]


def marks(picture: MapPicture, question: Compare, view: str) -> dict[str, dict[str, str]]:
    """Return what changes by element id: the view, and on the map the classes and the chosen."""
    changed = {"compare": {"data-view": view}}
    if view != "two":
        return changed
    for unit in picture.units:
        changed[f"u-{unit.area_id}"] = map_svg.unit_attributes(picture, unit, question.countries)
        changed[f"s-{unit.area_id}"] = {"fill": picture.colour(unit.klass)}
    changed["ring"] = {"d": map_svg.ring(picture, question.countries)}
    return changed
