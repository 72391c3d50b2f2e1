"""What a country brief says: blocks made from the data, each ready to be shown by a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from canheal_nb import data
from canheal_nb.charts.maps import map_svg, picture
from canheal_nb.country.question import CountryBrief
from canheal_nb.country.report.country_blocks import Country
from canheal_nb.country.text import (
    comparison_rows,
    country_text,
    coverage_rows,
    designations,
    missing_facts,
)
from canheal_nb.indicators import designated_centres, facts, measures, words
from canheal_nb.need.model.machine_need import Need
from canheal_nb.reporting.blocks import Block, ids, image, spoken
from canheal_nb.reporting.contract import Cover, Definition
from canheal_nb.text.locale import _
from canheal_nb.text.question import read

MANY_CENTRES, MANY_NEIGHBOURS = 10, 5


def vocabulary(dataset: data.Dataset) -> dict[str, list[str]]:
    """Return the ids that a brief's question may name."""
    return {"country": measures.members(dataset.areas)}


def open_brief(**given: object) -> Brief:
    """Read a brief's parameters and return its blocks; UserError says what is wrong with them."""
    dataset = data.load()
    return Brief(read(CountryBrief, given, vocabulary(dataset)), dataset)


def cover(question: CountryBrief, dataset: data.Dataset) -> Cover:
    """Return the title block of a brief."""
    names = words.country_names(dataset.areas)
    return Cover(
        subject=question.country,
        as_of=dataset.edition.as_of,
        title=names[question.country],
        subtitle=_("What its cancer centres can do, what its people need, and what is not known"),
        edition=dataset.edition.name,
        lang=question.lang,
    )


@dataclass(frozen=True)
class Brief(Country):
    """The brief of one country; every method returns one block."""

    @spoken
    def findings(self) -> Block:
        """Return three findings: machines, centres, and where the country is most unlike others."""
        made = [self._machines(), self._centre_sentence(), self._unlike()]
        return self.block("findings", findings=[text for text in made if text])

    @spoken
    def map_figure(self) -> Block:
        """Return the map of machines with the country ringed, as one picture with its words."""
        measure = self._map
        points = designated_centres.points(self.dataset, "oeci")
        made = picture.compose(measure, self.shapes, self.dataset.areas, points)
        return self.block(
            "map",
            encoded=image(map_svg.figure_svg(made, self._country)),
            alt=made.description,
            title=made.title,
            marks=self.marks(measure.sources),
        )

    @spoken
    def need(self) -> Block:
        """Return machines needed, counted in every way, against those in the register."""
        found = self._need
        return self.block(
            "need",
            need=found,
            country=self._name,
            rows=_need_rows(found),
            heads=[words.decimal(load) for load in found.table.columns],
            cases="" if pd.isna(found.cases) else words.decimal(found.cases),
            machines="" if pd.isna(found.machines) else words.decimal(found.machines),
            entry=words.RECORD.sub(r"\1", _word(found.machine_flag, "record_")),
            reason=country_text.reason(found) if found.reason else "",
            marks=self.marks(self._need_sources),
        )

    @spoken
    def layers(self) -> Block:
        """Return how many centres each layer of designation names, and how complete its list is."""
        rows = [
            {
                "label": _(found.label),
                "number": country_text.layer(found),
                "listed": country_text.layer_list(found),
                "marks": self.marks(found.sources),
            }
            for found in self._layers
        ]
        return self.block("layers", rows=rows, country=self._name)

    @spoken
    def reach(self) -> Block:
        """Return who can reach a comprehensive cancer centre, by layer, limit and border."""
        rows = coverage_rows.rows(self.dataset, self._country)
        return self.block(
            "reach",
            rows=rows,
            silent=[row["label"] for row in rows if row["silent"]],
            marks=self.marks(self._reach_sources),
            **coverage_rows.context(self.dataset, self._country),
        )

    @spoken
    def union(self) -> Block:
        """Return the country beside the Union and the span of the member states."""
        rows = [
            comparison_rows.line(m, self.names, self.marks(m.sources), self._country, self._inside)
            for m in self._standing
        ]
        return self.block("union", rows=rows, country=self._name, near=bool(self._inside))

    @spoken
    def neighbours(self) -> Block:
        """Return the country beside the member states that share a land border with it."""
        areas = [self._country, *self._inside]
        coded = len(self._inside) > MANY_NEIGHBOURS
        rows = [
            {
                "label": _(m.label),
                "unit": words.unit(m),
                "figures": comparison_rows.beside(m, areas),
            }
            for m in self._standing
        ]
        outside = country_text.territories(self.names, self._outside)
        return self.block(
            "neighbours",
            heads=[area if coded else self.names[area] for area in areas],
            key=", ".join(f"{a} {self.names[a]}" for a in areas) if coded else "",
            rows=rows if self._inside else [],
            country=self._name,
            border=country_text.border(
                self._name, self._inside, outside, not self._inside and not outside
            ),
            marks=self.marks([s for m in self._standing for s in m.sources]),
        )

    @spoken
    def disparities(self) -> Block:
        """Return women beside men, where a source gives both."""
        types = self.dataset.indicator_types
        rows = [
            comparison_rows.halves_line(
                table, types.loc[show], self.names, self._country, self.marks(ids(table))
            )
            for show, table in self._halves.items()
        ]
        return self.block("disparities", rows=[r for r in rows if r], country=self._name)

    @spoken
    def centres(self) -> Block:
        """Return the country's centres in the list with who designates them what."""
        named = designations.by_centre(self.dataset, self._centres, self._layers)
        many = len(named) > MANY_CENTRES
        half = (len(named) + 1) // 2 if many else len(named)
        pairs = [named[i::half] for i in range(half)]
        return self.block(
            "centres", pairs=pairs, many=many, country=self._name, marks=self.marks(self._listed)
        )

    @spoken
    def titles(self) -> Block:
        """Return what the country itself calls a cancer centre, as far as it was read."""
        rows = [
            {**title, "marks": self.marks([title["source_id"]])}
            for title in designations.national(self.dataset, self._country)
        ]
        return self.block("titles", rows=rows, country=self._name)

    @spoken
    def unknown(self) -> Block:
        """Return what nobody has told us about the country, counted."""
        of, lacking = missing_facts.indicators(self.dataset, self._country)
        return self.block(
            "unknown",
            of=of,
            known=of - len(lacking),
            lacking=lacking,
            country=self._name,
            rows=missing_facts.capabilities(self.dataset, self._centres),
            questions=missing_facts.questions(self.dataset, 1),
            edition=self.dataset.edition.name,
        )

    @spoken
    def map_table(self) -> Block:
        """Return the map's figures as a table, three countries a line."""
        found = facts.rows(self._map, self.names, words.value_text)
        third = -(-len(found) // 3)
        title, marks = _(self._map.label), self.marks(self._map.sources)
        lined = [found[i::third] for i in range(third)]
        notes = [(row.name, row.note) for row in found if row.note]
        return self.block("map_table", lines=lined, title=title, notes=notes, marks=marks)

    def _machines(self) -> str:
        found, country = self._need, self._country
        if pd.isna(found.machines):
            text = _("The number of radiotherapy machines in {country} is not known.")
            return text.format(country=self._name)
        given = {"country": self._name, "number": words.decimal(found.machines)}
        ways = country_text.ways(found, self.numbers.get("need", 0))
        marks = self.marks([*found.sources, *self._map.sources])
        if country not in self._map.table.index:
            text = _("{country} has {number} radiotherapy machines in the register. {ways} {marks}")
            return text.format(**given, ways=ways, marks=marks)
        return _(
            "{country} has {number} radiotherapy machines in the register, {figure}: {place}. "
            "{union} {ways} {marks}"
        ).format(
            **given,
            figure=words.figure(self._map, country),
            place=words.place(self._map, country),
            union=words.union_line(self._map),
            ways=ways,
            marks=marks,
        )

    def _centre_sentence(self) -> str:
        kinds = designated_centres.designations(self.dataset.capabilities)
        kinds = kinds.reindex(self._centres.index).dropna()
        others = [found for found in self._layers if not found.layer.startswith("oeci")]
        said = [
            _("{layer}: {number}").format(layer=_(found.label), number=country_text.layer(found))
            for found in others
        ]
        ids = designated_centres.designation_sources(self.dataset.capabilities)
        ids += [source for found in others for source in found.sources]
        first = words.centres_sentence(self._name, self._centres["name"], kinds)
        rest = _("{list}.").format(list="; ".join(said)) if said else ""
        return " ".join(filter(None, [first, rest, self.marks(ids)]))

    def _unlike(self) -> str:
        if self._odd is None:
            text = _("No measure is known on which {country} could be set beside the others.")
            return text.format(country=self._name)
        looked_at = len([m for m in self._rankable if self._country in m.exact.index])
        said = country_text.unlike(self._odd, self._country, self._name, looked_at)
        return f"{said} {self.marks(self._odd.sources)}"


def _need_rows(found: Need) -> list[dict[str, Any]]:
    rows = []
    for share, cells in found.table.iterrows():
        gaps = found.gaps.loc[share]
        rows.append(
            {
                "share": words.decimal(100 * float(str(share)), 1),
                "cells": [
                    {
                        "needed": country_text.machines(float(cells[load])),
                        "short": float(gaps[load]) > 0,
                        "gap": country_text.machines(abs(float(gaps[load]))),
                    }
                    for load in found.table.columns
                ],
            }
        )
    return rows


def _word(flag: str, start: str) -> str:
    return next((part for part in flag.split(",") if part.startswith(start)), "")


REPORT = Definition(CountryBrief, vocabulary, cover, "country")
