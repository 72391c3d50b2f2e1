"""What the overview of the Union says: blocks made from the data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from canheal_nb import data
from canheal_nb.charts.maps import map_svg, picture
from canheal_nb.country.question import EuOverview
from canheal_nb.country.report.union_blocks import Union
from canheal_nb.country.text import comparison_rows, country_text, coverage_rows, missing_facts
from canheal_nb.indicators import designated_centres, facts, measures, words
from canheal_nb.need.model import machine_need
from canheal_nb.need.model.machine_need import Need
from canheal_nb.need.text import methods_chart
from canheal_nb.reporting.blocks import Block, ids, image, spoken
from canheal_nb.reporting.contract import Cover, Definition
from canheal_nb.text.locale import _, ngettext
from canheal_nb.text.question import read

UNION = "EU"


def vocabulary(dataset: data.Dataset) -> dict[str, list[str]]:
    """Return the ids that an overview's question may name: none."""
    return {}


def open_overview(**given: object) -> Overview:
    """Read an overview's parameters and return its blocks; UserError says what is wrong."""
    dataset = data.load()
    return Overview(read(EuOverview, given, vocabulary(dataset)), dataset)


def cover(question: EuOverview, dataset: data.Dataset) -> Cover:
    """Return the title block of the overview."""
    return Cover(
        subject=UNION,
        as_of=dataset.edition.as_of,
        title=words.country_names(dataset.areas)[UNION],
        subtitle=_("What cancer care can count on in the member states, and what is not known"),
        edition=dataset.edition.name,
        lang=question.lang,
    )


@dataclass(frozen=True)
class Overview(Union):
    """The overview of the Union; every method returns one block."""

    @spoken
    def findings(self) -> Block:
        """Return three findings: machines, designations, where the countries are most unlike."""
        made = [self._machines(), self._designated(), self._widest()]
        return self.block("findings", findings=[text for text in made if text])

    @spoken
    def map_figure(self) -> Block:
        """Return the map of machines for the people there."""
        points = designated_centres.points(self.dataset, "oeci")
        made = picture.compose(self._map, self.shapes, self.dataset.areas, points)
        return self.block(
            "map",
            encoded=image(map_svg.figure_svg(made)),
            alt=made.description,
            title=made.title,
            marks=self.marks(self._map.sources),
        )

    @spoken
    def need(self) -> Block:
        """Return in how many countries machines are short, and by how many, in every way."""
        known = machine_need.comparable(self._needs)
        counts, gaps = machine_need.short_counts(self._needs), machine_need.shortfalls(self._needs)
        rows = [
            {
                "share": words.decimal(100 * float(str(share)), 1),
                "cells": [
                    {
                        "countries": int(counts.at[share, load]),
                        "machines": country_text.machines(float(gaps.at[share, load])),
                    }
                    for load in counts.columns
                ],
            }
            for share in counts.index
        ]
        return self.block(
            "need",
            rows=rows,
            heads=[words.decimal(load) for load in counts.columns],
            known=len(known),
            left_out=words.listed(self.names[n.country] for n in self._left_out),
            marks=self.marks(self._need_sources),
        )

    @spoken
    def layers(self) -> Block:
        """Return how many centres each layer of designation names in the Union."""
        return self.block("layers", rows=self._totals)

    @spoken
    def reach(self) -> Block:
        """Return who can reach a comprehensive cancer centre, by layer, limit and border."""
        return self.block(
            "reach",
            rows=coverage_rows.rows(self.dataset, UNION),
            marks=self.marks(coverage_rows.sources(self.dataset)),
            **coverage_rows.context(self.dataset, UNION),
        )

    @spoken
    def ways(self) -> Block:
        """Return for each country in which ways of counting its machines are too few."""
        known = sorted(
            machine_need.comparable(self._needs), key=lambda n: (-n.short, self.names[n.country])
        )
        return self.block(
            "ways",
            encoded=image(methods_chart.svg(known, self.names)),
            alt=methods_chart.describe(known, self.names),
            left_out=words.listed(self.names[n.country] for n in self._left_out),
            marks=self.marks(self._need_sources),
        )

    @spoken
    def countries(self) -> Block:
        """Return machines, machines per million and machines needed of every member state."""
        rows = [self._country_row(found) for found in self._needs.values()]
        half = (len(rows) + 1) // 2
        pairs = [rows[i::half] for i in range(half)]
        marks = self.marks([*self._map.sources, *self._need_sources])
        notes = [(row["name"], row["note"]) for row in rows if row["note"]]
        return self.block("countries", pairs=pairs, notes=notes, marks=marks)

    @spoken
    def union(self) -> Block:
        """Return the span of the member states on every measure compared."""
        rows = [comparison_rows.line(m, self.names, self.marks(m.sources)) for m in self._standing]
        return self.block("union", rows=rows)

    @spoken
    def disparities(self) -> Block:
        """Return women beside men, over the member states."""
        types = self.dataset.indicator_types
        rows = [
            comparison_rows.halves_line(
                table, types.loc[show], self.names, "", self.marks(ids(table))
            )
            for show, table in self._halves.items()
        ]
        return self.block("disparities", rows=[r for r in rows if r])

    @spoken
    def centres(self) -> Block:
        """Return centres by layer and country."""
        listed = self.dataset.centres["country"].value_counts()
        rows = [
            {
                "name": self.names[area],
                "listed": int(listed.get(area, 0)),
                "layers": [country_text.layer(found) for found in found_layers],
            }
            for area, found_layers in self._layers.items()
        ]
        some = next(iter(self._layers.values()))
        return self.block(
            "centres",
            rows=rows,
            heads=[_(found.label) for found in some],
            marks=self.marks(self._layer_sources),
        )

    @spoken
    def targets(self) -> Block:
        """Return the targets set by policy and what the data say of them."""
        rows = [(goal, self.marks(goal.sources)) for goal in self._goals]
        return self.block("targets", rows=rows)

    @spoken
    def unknown(self) -> Block:
        """Return what is not known, counted from the tables."""
        states = measures.members(self.dataset.areas)
        centres = self.dataset.centres
        inside = centres[centres["country"].isin(states)]
        return self.block(
            "unknown",
            groups=missing_facts.by_group(self.dataset),
            members=len(states),
            rows=missing_facts.capabilities(self.dataset, inside),
            questions=missing_facts.questions(self.dataset, 2),
        )

    def _country_row(self, found: Need) -> dict[str, Any]:
        entry = words.RECORD.search(found.machine_flag)
        low, high = (found.table.min(axis=None), found.table.max(axis=None))
        needed = _("{low} to {high}").format(
            low=country_text.machines(float(low)), high=country_text.machines(float(high))
        )
        return {
            "name": self.names[found.country],
            "machines": "" if pd.isna(found.machines) else words.decimal(found.machines),
            "million": words.value_text(self._map, found.country),
            "needed": _("not computed") if found.reason else needed,
            "short": "–" if found.reason else f"{found.short} / {found.ways}",
            "entry": entry.group(1) if entry else "",
            "note": facts.note(found.machine_flag),
        }

    def _machines(self) -> str:
        known = machine_need.comparable(self._needs)
        if not known:
            return _("In no country can machines be set against the need.")
        gaps = machine_need.shortfalls(self._needs)
        all_ways = [n for n in known if n.short == n.ways]
        most = [n for n in known if n.short > n.ways / 2]
        some = [n for n in known if n.short]
        named = words.listed(self.names[n.country] for n in most)
        text = _(
            "Radiotherapy machines are too few in {some} of the {known} countries that can be "
            "compared, by at least one of {ways} ways of counting; in {most}{list} by more than "
            "half of the ways, in {all} by every way. The lack adds up to between {low} and {high} "
            "machines (Table {table}). {marks}"
        )
        return text.format(
            ways=known[0].ways,
            some=len(some),
            known=len(known),
            most=len(most),
            list=f" ({named})" if most else "",
            all=len(all_ways) or _("none"),
            low=country_text.machines(float(gaps.min(axis=None))),
            high=country_text.machines(float(gaps.max(axis=None))),
            table=self.numbers["need"],
            marks=self.marks(self._need_sources),
        )

    def _designated(self) -> str:
        said = [
            _("{layer}: {number}, {where}").format(**total) for total in self._totals if total["n"]
        ]
        text = _(
            "What counts as a cancer centre depends on who counts. {list} (Table {n}). {marks}"
        )
        return text.format(
            list="; ".join(said), n=self.numbers["layers"], marks=self.marks(self._layer_sources)
        )

    @cached_property
    def _totals(self) -> list[dict[str, Any]]:
        """Each layer over the member states: how many centres, in how many countries."""
        return [self._total(i) for i in range(len(next(iter(self._layers.values()))))]

    def _total(self, i: int) -> dict[str, Any]:
        column = [row[i] for row in self._layers.values()]
        n = sum(1 for found in column if found.number)
        number = words.decimal(sum(found.number or 0 for found in column))
        if any(found.at_least for found in column):
            number = _("at least {number}").format(number=number)
        unknown = sum(1 for found in column if found.number is None)
        return {
            "layer": _(column[0].label),
            "number": number,
            "n": n,
            "where": ngettext("in {n} country", "in {n} countries", n).format(n=n),
            "unknown": unknown,
            "marks": self.marks([s for found in column for s in found.sources]),
        }

    def _widest(self) -> str:
        measure = self._odd
        if measure is None:
            return ""
        known = measure.exact["number"]
        low, high = (words.significant(float(known.quantile(share)), 3) for share in (0.25, 0.75))
        return _(
            "Countries differ most, for the middle of them, on this one: {label}. Half of the "
            "{n} countries known lie between {low} and {high} {unit}; all of them between {span}. "
            "{marks}"
        ).format(
            label=_(measure.label),
            n=len(known),
            low=low,
            high=high,
            unit=words.unit(measure),
            span=words.span(measure, self.names),
            marks=self.marks(measure.sources),
        )


REPORT = Definition(EuOverview, vocabulary, cover)
