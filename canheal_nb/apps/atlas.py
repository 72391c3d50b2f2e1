"""The atlas: one measure on the map, one country beside it, one table below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from canheal_nb.apps.shell import Screen
from canheal_nb.data import Dataset
from canheal_nb.locale import _, ngettext
from canheal_nb.model import centres, measures
from canheal_nb.questions import Atlas
from canheal_nb.views import facts, legend, svg, words
from canheal_nb.views.drawing import fill
from canheal_nb.views.picture import SHAPES, MapPicture, compose

TEMPLATE = "atlas.html"


def vocabulary(dataset: Dataset) -> dict[str, list[str]]:
    """Return the ids that the atlas question may name."""
    shown = [i for items in measures.offered(dataset).values() for i, _label in items]
    return {"country": measures.members(dataset.areas), "show": shown}


def screen(question: Atlas, dataset: Dataset, notice: str = "") -> Screen:
    """Return what the atlas shows for a question: a template's context and the map's marks."""
    measure = measures.measure(dataset, question.show)
    names = words.country_names(dataset.areas)
    points = centres.points(dataset, question.centres)
    picture = compose(measure, dataset.map, dataset.areas, points)
    context = {
        "question": question,
        "notice": notice,
        "answer": words.answer(measure, names, list(picture.inner)),
        "known": words.known_line(measure, names),
        "union": words.union_line(measure),
        "offered": offered(dataset),
        "countries": [(area, names[area]) for area in measure.members],
        "centre_choices": centre_choices(dataset),
        "map_svg": svg.map_svg(picture, question.country, live=True),
        "insets": [(unit.name, svg.inset_svg(picture, unit)) for unit in picture.overseas],
        "legend_svg": legend.legend_svg(picture),
        "symbol_key": symbol_key(question.centres),
        "picture": picture,
        "definition": _(measure.definition),
        "caveat": _(measure.caveat),
        "method": method(measure),
        "neutrality": dataset.map["notes"]["neutrality"],
        "sources": facts.cited(dataset.sources, measure.sources),
        "profile": profile(question.country, measure, dataset, names),
        "rows": facts.rows(measure, names),
    }
    drawn = {"points": svg.points(picture), "groups": svg.groups(picture)}
    return Screen(question, TEMPLATE, context, marks(picture, question.country), drawn)


def offered(dataset: Dataset) -> dict[str, list[tuple[str, str]]]:
    """Return what can be shown, by group, in the language in use."""
    return {
        _(group): [(show, _(label)) for show, label in items]
        for group, items in measures.offered(dataset).items()
    }


def marks(picture: MapPicture, selected: str) -> dict[str, dict[str, str]]:
    """Return what changes on the map, by element id: the live screen sets just these."""
    changed = {
        f"u-{unit.area_id}": svg.unit_attributes(picture, unit, selected) for unit in picture.units
    }
    changed |= {
        f"s-{unit.area_id}": {"fill": fill(unit.klass, len(picture.bins))} for unit in picture.units
    }
    changed["ring"] = {"d": svg.ring(picture, selected)}
    return changed


def centre_choices(dataset: Dataset) -> list[tuple[str, str, str]]:
    """Return the choices of centres to draw, each with how many there are."""
    return [
        ("oeci", _("with an OECI designation"), str(len(centres.points(dataset, "oeci")))),
        ("all", _("all in our list"), str(len(centres.points(dataset, "all")))),
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


def profile(
    country: str, measure: measures.Measure, dataset: Dataset, names: Mapping[str, str]
) -> dict[str, Any] | None:
    """Return what is known of the chosen country; None where none is chosen."""
    if not country:
        return None
    row = facts.rows(measure, names)[measure.members.index(country)]
    listed = dataset.centres
    listed = listed[listed["country"] == country].sort_values("name")
    kinds = centres.designations(dataset.capabilities).reindex(listed.index).fillna("")
    described = [
        {"name": name, "shape": SHAPES[kind], "words": facts.designation_words(kind)}
        for name, kind in zip(listed["name"], kinds, strict=True)
    ]
    designated = [line for line, kind in zip(described, kinds, strict=True) if kind]
    others = [line for line, kind in zip(described, kinds, strict=True) if not kind]
    return {
        "name": row.name,
        "figure": row.text,
        "age": row.age,
        "note": row.note,
        "sources": facts.cited(dataset.sources, list(row.source_ids)),
        "union": words.union_line(measure) if measure.kind != "centres" else "",
        "listed": ngettext("{n} centre", "{n} centres", len(listed)).format(n=len(listed)),
        "designated": designated,
        "others": others,
        "others_title": ngettext(
            "{n} without an OECI designation known",
            "{n} without an OECI designation known",
            len(others),
        ).format(n=len(others)),
        "centre_sources": facts.cited(
            dataset.sources,
            sorted({*listed["source_id"], *centres.designation_sources(dataset.capabilities)}),
        ),
    }
