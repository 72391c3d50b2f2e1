"""The atlas: one measure on the map, one country beside it, one table below."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from canheal_nb.atlas.question import Atlas
from canheal_nb.atlas.screen import country_panel
from canheal_nb.charts import dots
from canheal_nb.charts.drawing import fill
from canheal_nb.charts.maps import legend, map_svg
from canheal_nb.charts.maps.picture import SHAPES, MapPicture, compose
from canheal_nb.data import Dataset
from canheal_nb.indicators import designated_centres, facts, measures, words
from canheal_nb.screens import exports
from canheal_nb.screens.shell import Screen
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.text.question import parts, shown

TEMPLATE = "atlas.html"
MOST_BOUNDS = 6


def vocabulary(dataset: Dataset) -> dict[str, list[str]]:
    """Return the ids that the atlas question may name."""
    show = [i for items in measures.offered(dataset).values() for i, _label in items]
    editions = ["", *sorted(dataset.indicators["edition"].unique())]
    return {"country": measures.members(dataset.areas), "show": show, "edition": editions}


def screen(question: Atlas, dataset: Dataset, notice: str = "") -> Screen:
    """Return what the atlas shows for a question: a template's context and the map's marks."""
    found = measures.choices(dataset, question.show, question.sex, question.edition)
    question = settled(question, found)
    measure = measures.measure(
        dataset, question.show, question.sex, question.edition, question.year or None
    )
    names = words.country_names(dataset.areas)
    points = designated_centres.points(dataset, question.centres)
    given = bounds_given(question.bounds) if question.classes == "fixed" else []
    picture = compose(
        measure, dataset.map, dataset.areas, points, method=question.classes, given=given
    )
    goal = measures.target(dataset, question.show)
    chart = dots.of_measure(measure, names, (question.country,), reference_lines(measure, goal))
    sources = facts.cited(dataset.sources, measure.sources)
    context = {
        "question": question,
        "notice": notice,
        "answer": words.answer(measure, names, list(picture.inner)),
        "known": words.known_line(measure, names),
        "union": words.union_line(measure),
        "goal": target_line(measure, goal),
        "goal_sources": facts.cited(dataset.sources, [goal.source_id]) if goal else [],
        "offered": offered(dataset),
        "countries": [(area, names[area]) for area in measure.members],
        "series": series_choices(question, found, measure),
        "methods": methods(),
        "centre_choices": centre_choices(dataset),
        "map_svg": map_svg.map_svg(picture, question.country, live=True),
        "insets": [(unit.name, map_svg.inset_svg(picture, unit)) for unit in picture.overseas],
        "legend_svg": legend.legend_svg(picture),
        "symbol_key": symbol_key(question.centres),
        "picture": picture,
        "definition": _(measure.definition),
        "caveat": _(measure.caveat),
        "method": method(measure),
        "neutrality": dataset.map["notes"]["neutrality"],
        "sources": sources,
        "chart_svg": dots.svg(chart),
        "chart_missing": chart.missing,
        "chart_ranked": chart.ranked,
        "profile": country_panel.beside(question.country, measure, dataset, names),
        "in_full": in_full(question, dataset, names),
        "rows": facts.rows(measure, names),
    }
    drawn = {"points": map_svg.points(picture), "groups": map_svg.groups(picture)}
    return Screen(
        question,
        TEMPLATE,
        context,
        marks(picture, question.country),
        drawn,
        lambda kind: saved(kind, question, dataset, measure, picture, sources),
    )


def settled(question: Atlas, found: measures.Choices) -> Atlas:
    """Return the question without a sex, edition or year that this measure does not have."""
    return question.changed(
        sex=question.sex if question.sex in found.sexes else "",
        edition=question.edition if question.edition in found.editions else "",
        year=question.year if question.year in found.years else 0,
        every=question.every and bool(question.country),
    )


def bounds_given(text: str) -> list[float]:
    """Return the class bounds written in a link; UserError when they are no numbers."""
    try:
        given = [float(part) for part in parts(text)]
    except ValueError:
        given = []
    if 1 <= len(given) <= MOST_BOUNDS and all(map(math.isfinite, given)):
        return given
    sentence = _("bounds: {value} is not understood; write one to six numbers, such as 5,7,9.")
    raise UserError(sentence.format(value=shown(text)), code="wrong-bounds")


def reference_lines(
    measure: measures.Measure, goal: measures.Target | None
) -> tuple[dots.Line, ...]:
    """Return the lines of the chart: the Union's figure where it is on the same scale, a target."""
    lines = []
    if measure.union is not None and measure.union.how != "sum":
        lines.append(dots.Line(measure.union.number, words.union_short(measure)))
    if goal is not None:
        text = _("target {number}").format(number=words.bound(goal.number))
        lines.append(dots.Line(goal.number, text, "target"))
    return tuple(lines)


def target_line(measure: measures.Measure, goal: measures.Target | None) -> str:
    """Return how many countries have reached the policy target; empty where there is none."""
    if goal is None:
        return ""
    met = int((measure.exact["number"] >= goal.number).sum())
    text = _("Target {number} {unit} by {year} ({policy}): reached by {met} of {known} known.")
    return text.format(
        number=words.bound(goal.number),
        unit=words.unit(measure),
        year=goal.year or _("a year not stated"),
        policy=goal.policy,
        met=met,
        known=len(measure.exact),
    )


def series_choices(
    question: Atlas, found: measures.Choices, measure: measures.Measure
) -> list[dict[str, Any]]:
    """Return the controls for sex, edition and year, each only where there is a choice."""
    years = [str(year) for year in reversed(found.years)]
    shown_year = str(question.year or "") or str(measure.table["year"].max())
    controls = [
        ("sex", _("Sex"), [(sex, sex_words(sex)) for sex in found.sexes], found.sex),
        ("edition", _("Edition"), [(e, e) for e in found.editions], found.edition),
        ("year", _("Year"), [(year, year) for year in years], shown_year),
    ]
    return [
        {"field": field, "label": label, "options": options, "chosen": chosen}
        for field, label, options, chosen in controls
        if len(options) > 1
    ]


def sex_words(sex: str) -> str:
    """Return a sex code in words."""
    return {"T": _("both sexes"), "F": _("women"), "M": _("men")}[sex]


def methods() -> list[tuple[str, str]]:
    """Return the ways to cut the legend's classes."""
    return [
        ("steps", _("round steps")),
        ("quantiles", _("as many countries in each")),
        ("equal", _("equal intervals")),
        ("natural", _("natural breaks")),
        ("fixed", _("bounds of your own")),
    ]


def in_full(
    question: Atlas, dataset: Dataset, names: Mapping[str, str]
) -> list[dict[str, Any]] | None:
    """Return every fact of the chosen country when it is asked for."""
    return country_panel.in_full(question.country, dataset, names) if question.every else None


def saved(
    kind: str,
    question: Atlas,
    dataset: Dataset,
    measure: measures.Measure,
    picture: MapPicture,
    sources: list[facts.Source],
) -> exports.File:
    """Return what is seen as a file: csv and xlsx the table, svg and png the map."""
    stem = f"canheal-{question.show}"
    cite = exports.citation(
        {
            "title": picture.title,
            "edition": dataset.edition.name,
            "as_of": dataset.edition.as_of.isoformat(),
            "view": "app/atlas?" + question.query(),
        }
    )
    if kind in ("csv", "xlsx"):
        head, rows = facts.sheet(measure, words.country_names(dataset.areas))
        return exports.table_file(kind, stem, head, rows, sources, cite)
    cited = [f"{s.title}, {s.publisher}, {s.year}." for s in sources]
    return exports.picture_file(
        kind, stem, str(map_svg.figure_svg(picture, question.country, [*cited, cite]))
    )


def offered(dataset: Dataset) -> dict[str, list[tuple[str, str]]]:
    """Return what can be shown, by group, in the language in use."""
    return {
        _(group): [(show, _(label)) for show, label in items]
        for group, items in measures.offered(dataset).items()
    }


def marks(picture: MapPicture, selected: str) -> dict[str, dict[str, str]]:
    """Return what changes on the map, by element id: the live screen sets just these."""
    changed = {
        f"u-{unit.area_id}": map_svg.unit_attributes(picture, unit, selected)
        for unit in picture.units
    }
    changed |= {
        f"s-{unit.area_id}": {"fill": fill(unit.klass, len(picture.bins))} for unit in picture.units
    }
    changed["ring"] = {"d": map_svg.ring(picture, selected)}
    return changed


def centre_choices(dataset: Dataset) -> list[tuple[str, str, str]]:
    """Return the choices of centres to draw, each with how many there are."""
    return [
        (
            "oeci",
            _("with an OECI designation"),
            str(len(designated_centres.points(dataset, "oeci"))),
        ),
        ("all", _("all in our list"), str(len(designated_centres.points(dataset, "all")))),
        ("none", _("none"), ""),
    ]


def symbol_key(which: str) -> list[tuple[str, str]]:
    """Return the shapes drawn and what each means."""
    shown = {"oeci": ["CCC", "CC"], "all": ["CCC", "CC", ""], "none": []}[which]
    return [(SHAPES[kind], facts.designation_words(kind)) for kind in shown]


def method(measure: measures.Measure) -> str:
    """Return how a computed figure was made; empty for a published one."""
    if measure.kind == "ratio":
        return _(
            "Computed here: machines divided by people, where both cover the same ground; "
            "metropolitan counts by metropolitan people. Rounded to two figures."
        )
    if measure.kind == "centres":
        return _("Counted here from the list of centres; a centre is never assumed to have none.")
    return ""
