"""What is seen of access: its title, answer, map, chart and table, for the time a way takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import pandas as pd
from markupsafe import Markup

from canheal_nb.access.model import access_tables, definitions
from canheal_nb.access.model.coverage import UNION, Reaching
from canheal_nb.access.question import Access
from canheal_nb.access.text import coverage_text
from canheal_nb.charts import dots
from canheal_nb.charts.dots import Chart
from canheal_nb.charts.maps import hexagons, legend
from canheal_nb.charts.maps.picture import MapPicture, Symbol, Unit, compose, symbols
from canheal_nb.data import Dataset
from canheal_nb.indicators import designated_centres, measures, words
from canheal_nb.text.locale import _, language

NOWHERE = {"name": "", "country": "", "kind": "", "latitude": 0.0, "longitude": 0.0}


@dataclass(frozen=True)
class Seen:
    """One view: the words, the map of countries, the legend and its height at 950 wide, the rest.

    `heads`: of the table's columns after the country, all but the first two of which give way on
    a phone; `rows`: id, name, share, persons, people, note; `key`: what the legend's colours say,
    for a picture that leaves its page.
    """

    title: str
    answer: str
    beside: str
    picture: MapPicture
    legend: Markup
    tall: float
    key: str
    chart: Chart
    heads: tuple[str, ...]
    rows: list[dict[str, str]]


@dataclass(frozen=True)
class Asked:
    """A question with what it is answered from: who reaches what, shares by country, words."""

    question: Access
    dataset: Dataset
    found: Reaching
    table: pd.DataFrame
    names: Mapping[str, str]
    weak: Mapping[str, bool]

    @property
    def limit(self) -> int:
        """Minutes."""
        return int(self.question.limit)

    @property
    def across(self) -> bool:
        """Whether centres of other member states count."""
        return self.question.borders == "open"

    @property
    def area(self) -> str:
        """The country chosen, else the Union."""
        return self.question.country or UNION

    @property
    def what(self) -> str:
        """The centres meant, in words."""
        return _(self.found.definition.label)

    def named(self) -> str:
        """Return the area as it stands in a sentence."""
        return _("the European Union") if self.area == UNION else self.names[self.area]


def asked(question: Access, dataset: Dataset) -> Asked:
    """Return a question with what it is answered from."""
    across, limit = question.borders == "open", int(question.limit)
    table = access_tables.shares(dataset, question.centres, limit, across, question.speed)
    weak = {str(area): bool(one) for area, one in access_tables.notes(dataset)["weak"].items()}
    names = words.country_names(dataset.areas)
    return Asked(
        question, dataset, access_tables.found(dataset, question.centres), table, names, weak
    )


def times(one: Asked) -> Seen:
    """Return how many people a centre is within the limit of."""
    text = _("People within {limit} minutes by car (modelled): {what}")
    title = text.format(limit=one.limit, what=one.what)
    target = access_tables.target(one.dataset).number
    chart = coverage_text.chart(one.table, one.names, one.weak, target, one.question.country, title)
    picture = drawn(one, title, chart)
    countries = one.question.show == "countries"
    return Seen(
        title=title,
        answer=coverage_text.answer(
            one.table, one.area, one.named(), one.what, one.limit, one.across,
            one.weak.get(one.area, False),
        ),
        beside=coverage_text.union_line(one.table) if one.question.country else "",
        picture=picture,
        legend=legend.legend_svg(picture) if countries else histogram(one),
        tall=(legend.HEIGHT / legend.WIDTH if countries else hexagons.HIGH / hexagons.WIDE) * 950,
        key="" if countries else colours_words(one.found.whole),
        chart=chart,
        heads=(_("Share of people"), _("People within"), _("All people")),
        rows=rows(one),
    )  # fmt: skip


def colours_words(whole: bool) -> str:
    """Return what the colours of hexagons say."""
    text = _("Blue: within the limit, darker is nearer. Orange: beyond it, darker is farther.")
    return text if whole else text + " " + _("Grey: not known, for the list is not whole.")


def histogram(one: Asked) -> Markup:
    """Return the legend of hexagons: people by minutes."""
    centres, speed = one.question.centres, one.question.speed
    shares = access_tables.by_class(one.dataset, centres, hexagons.BOUNDS, one.across, speed)
    return hexagons.legend(shares, one.limit, one.found.whole)


def drawn(one: Asked, title: str, chart: Chart) -> MapPicture:
    """Return the map of countries, in our words; outermost regions have figures of their own."""
    sources = definitions.sources(one.dataset, one.found.definition)
    members = tuple(measures.members(one.dataset.areas))
    measure = coverage_text.measure(
        one.table, one.found.definition, one.limit, sources, members, one.weak
    )
    given = list(coverage_text.GIVEN)
    shape, areas, none = geometry(one.dataset), one.dataset.areas, pd.DataFrame([NOWHERE])[:0]
    made = compose(measure, shape, areas, none, method="fixed", given=given)
    centres, speed = one.question.centres, one.question.speed
    own = access_tables.regions(one.dataset, centres, one.limit, one.across, speed)
    lines = one.table.to_dict("index")
    single, grouped = signs(one.dataset, centres, language())
    return replace(
        made,
        units=tuple(
            replace(u, text=coverage_text.spoken(lines[u.area_id], one.weak.get(u.area_id, False)))
            for u in made.units
        ),
        overseas=tuple(region(unit, own, given) for unit in made.overseas),
        title=title,
        description=dots.describe(chart),
        symbols=single,
        groups=grouped,
    )


@lru_cache(maxsize=64)
def signs(
    dataset: Dataset, definition: str, spoken: str
) -> tuple[tuple[Symbol, ...], tuple[Symbol, ...]]:
    """Return the centres as signs on the map, in the language in use (`spoken`)."""
    centres = access_tables.found(dataset, definition).centres
    kinds = designated_centres.designations(dataset.capabilities).reindex(centres.index).fillna("")
    return symbols(centres.assign(kind=kinds), geometry(dataset)["transform"])


def region(unit: Unit, own: pd.Series, given: list[float]) -> Unit:
    """Return an outermost region with its own share (NaN: not known)."""
    share = float(own.get(unit.area_id, float("nan")))
    if share != share:
        return replace(unit, klass=None, text=_("not known"))
    klass = sum(100 * share >= bound for bound in given)
    return replace(
        unit, klass=klass, text=_("{share} %").format(share=coverage_text.percent(share))
    )


@lru_cache(maxsize=2)
def geometry(dataset: Dataset) -> dict[str, Any]:
    """Return the built map, read once."""
    return dataset.map


@lru_cache(maxsize=2)
def cells(dataset: Dataset) -> pd.DataFrame:
    """Return the cells that are drawn, in the order in which they are sent."""
    insets = [inset["id"] for inset in geometry(dataset)["insets"]]
    return hexagons.ordered(dataset.hexagons, insets)


def rows(one: Asked) -> list[dict[str, str]]:
    """Return the table's lines: countries by name, the Union last."""
    notes, lines = access_tables.notes(one.dataset)["note"].to_dict(), []
    for area, row in one.table.to_dict("index").items():
        persons = coverage_text.people(float(row["persons"])) if row["state"] != "unknown" else ""
        if row["state"] == "at_least":
            persons = _("at least {n}").format(n=persons)
        share = coverage_text.spoken(row, one.weak.get(str(area), False))
        lines.append(
            {"id": str(area), "name": one.names[str(area)], "share": share, "persons": persons,
             "people": coverage_text.people(float(row["people"])), "note": str(notes.get(area, ""))}
        )  # fmt: skip
    return lines
