"""What a scenario brief says: blocks made from one run, each ready to be shown by a notebook."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from canheal_nb import data
from canheal_nb.charts import dumbbell
from canheal_nb.funding import scenario_file
from canheal_nb.funding.question import ScenarioBrief
from canheal_nb.funding.report import brief_text, coverage_rows, priorities_rows, robustness
from canheal_nb.funding.report.brief_data import Funding
from canheal_nb.funding.text import plan_limits, plan_text
from canheal_nb.indicators import words
from canheal_nb.need.model import inputs
from canheal_nb.need.text import service_words
from canheal_nb.reporting.blocks import Block, image, spoken
from canheal_nb.reporting.contract import Cover
from canheal_nb.text.locale import _
from canheal_nb.text.question import read
from canheal_nb.uncertainty.sampling import ASSUMED, NONE, SOURCED


def vocabulary(dataset: data.Dataset) -> dict[str, list[str]]:
    """Return the ids of the shipped scenarios, of which `--all` makes one report each."""
    return {"scenario": list(scenario_file.shipped())}


def open_scenario(**given: object) -> Brief:
    """Read a brief's parameters and return its blocks; UserError says what is wrong with them."""
    dataset = data.load()
    return opened(read(ScenarioBrief, given, vocabulary(dataset)), dataset)


def opened(question: ScenarioBrief, dataset: data.Dataset) -> Brief:
    """Return the blocks of a question that was read; UserError says what is wrong in its file."""
    return Brief(question, dataset, scenario_file.load(question.scenario, dataset))


def cover(question: ScenarioBrief, dataset: data.Dataset) -> Cover:
    """Return the title block of a brief."""
    scenario = scenario_file.load(question.scenario, dataset)
    name = question.scenario
    name = Path(name).stem if scenario_file.is_file(name) else name
    subject = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-_")[:60] or "scenario"
    return Cover(
        subject=subject,
        as_of=dataset.edition.as_of,
        title=scenario.title,
        subtitle=_("What it would do, for whom, at what cost, and how sure that is"),
        edition=dataset.edition.name,
        lang=question.lang,
    )


@dataclass(frozen=True)
class Brief(Funding):
    """The brief of one scenario; every method returns one block."""

    @spoken
    def answer(self) -> Block:
        """Return the question, the plan in three sentences, and what "modelled" means here."""
        counts = inputs.share(self.run.matrix)
        return self.block(
            "answer",
            why=self.scenario.why,
            author=self.scenario.author,
            findings=brief_text.plan(self),
            unpriced=brief_text.unpriced(self),
            assumes=plan_text.assumes(self.run),
            left_out=[] if self.run.planned is None else plan_limits.left_out(self.run.planned),
            benchmark=_(service_words.BENCHMARK),
            priorities=priorities_rows.lines(self),
            counts=counts,
            cells=sum(counts.values()),
            draws=words.decimal(self.run.draws),
            marks=self.marks(self.count_sources),
        )

    @spoken
    def services(self) -> Block:
        """Return before, doing nothing and after for every service, with intervals."""
        rows = [
            {
                "service": service_words.service(str(row["service"])),
                "known": int(row["known"]),
                "added": service_words.people(float(row["added"])) if row["units"] > 0 else "0",
                "figures": [
                    self._figure(str(row["service"]), column, outcome)
                    for column, outcome in (
                        ("share_today", "today"), ("share_nothing", "nothing"),
                        ("share_after", "share"),
                    )
                ],
                "served": service_words.people(float(row["served"])) if row["known"] else "",
                "served_between": self._people(f"{row['service']}: served"),
                "cost": service_words.millions(float(row["cost"])),
                "each": brief_text.person(row),
            }
            for _place, row in self.run.services.iterrows()
        ]  # fmt: skip
        measure = service_words.measured(self.run.case.services)
        return self.block("services", rows=rows, year=self.run.case.years[-1], measure=measure)

    @spoken
    def equity(self) -> Block:
        """Return how even the shares are, unless that stands beside the only picture."""
        return Block("") if len(self.by_money) == 1 else self._evenness()

    def _evenness(self) -> Block:
        """Return how even the shares are between countries; nothing where none is known."""
        if not self.served:
            return Block("")
        rows = [
            {
                "service": service_words.service(str(row["service"])),
                "least": service_words.share(float(row["least"])),
                "country": self.names.get(str(row["least_country"]), ""),
                "before": words.decimal(float(row["gini_nothing"]), 3),
                "after": words.decimal(float(row["gini"]), 3),
            }
            for _place, row in self.run.services.iterrows()
            if row["known"]
        ]
        return self.block(
            "equity",
            rows=rows,
            year=self.run.case.years[-1],
            measure=service_words.measure(self.served),
        )

    @spoken
    def picture(self, place: int) -> Block:
        """Return before and after by country for the service in this place.

        Where only one service has a picture, the second place holds how even it is; where none
        has, but centres open, who comes within reach.
        """
        if not self.by_money:
            return coverage_rows.picture(self, place)
        if place >= len(self.by_money):
            return self._evenness() if place == len(self.by_money) == 1 else Block("")
        service = self.by_money[place]
        rows = self.run.countries
        rows = rows[rows["service"] == service].merge(
            self.run.country_intervals, on=["country", "service"]
        )
        missing = [self.names[area] for area in rows.loc[rows["after"].isna(), "country"]]
        kept = rows[rows["after"].notna()].sort_values(["share_after", "share_nothing"])
        pairs = [
            dumbbell.Pair(self.names[row.country], *(100 * float(v) for v in (
                row.share_nothing, row.share_after, row.after_low, row.after_high)))
            for row in kept.itertuples()
        ]  # fmt: skip
        alt = _("{service}, {measure}, doing nothing and with the scenario: {list}.").format(
            service=service_words.service(service),
            measure=service_words.measure([service]),
            list="; ".join(
                f"{p.name} {words.decimal(p.before)}–{words.decimal(p.after)} %" for p in pairs
            ),
        )
        return self.block(
            "picture",
            number=place + 1,
            service=service_words.service(service),
            measure=service_words.measure([service]),
            year=self.run.case.years[-1],
            alt=alt,
            encoded=image(dumbbell.svg(pairs, alt)),
            missing=missing,
        )

    @spoken
    def access(self) -> Block:
        """Return who comes within reach of a centre that opens or gains a title, or nothing."""
        return coverage_rows.block(self)

    @spoken
    def bought(self) -> Block:
        """Return what is bought: countries by services, units and euros, and who does not gain."""
        kinds = [str(k) for k in self.run.services.loc[self.run.services["units"] > 0, "service"]]
        table = self.run.countries[self.run.countries["units"] > 0].set_index(
            ["country", "service"]
        )
        rows = []
        for area in dict.fromkeys(table.index.get_level_values("country")):
            cells = [
                table.loc[(area, kind)] if (area, kind) in table.index else None for kind in kinds
            ]
            bought = [c for c in cells if c is not None]
            rows.append(
                {
                    "country": self.names[str(area)],
                    "cells": [
                        ("", "")
                        if c is None
                        else (
                            service_words.count(float(c["units"])),
                            service_words.millions(float(c["cost"])),
                        )
                        for c in cells
                    ],
                    "total": service_words.millions(math.fsum(_known(c["cost"]) for c in bought)),
                }
            )
        total = self.run.services.set_index("service")
        return self.block(
            "bought",
            rows=rows,
            heads=[service_words.service(kind) for kind in kinds],
            sums=[
                (
                    service_words.count(float(total.at[k, "units"])),
                    service_words.millions(float(total.at[k, "cost"])),
                )
                for k in kinds
            ],
            whole=service_words.millions(float(self.run.outcome.spent)),
            idle=[self._idle(service) for service in self.served],
            money=brief_text.money(self),
            own=brief_text.own_money(self),
            own_marks=self.marks([self.own_money[3]] if self.own_money else []),
            reached=coverage_rows.who(self),
            titles=coverage_rows.openings(self),
        )

    @spoken
    def matrix(self) -> Block:
        """Return the input matrix with its counts, and every assumption with its author."""
        table = self.run.matrix
        rows = [
            {
                "service": service_words.service(str(service)),
                "cells": [self._cell(row) for _place, row in cells.iterrows()],
            }
            for service, cells in table.groupby("service", sort=False)
        ]
        assumed = [
            {
                "input": service_words.input_name(f"{row['service']}.{row['cell']}"),
                "value": service_words.number(row["value"]),
                "low": service_words.number(row["low"]),
                "high": service_words.number(row["high"]),
                "unit": str(row["unit"]),
                "by": str(row["by"]),
                "why": " ".join(filter(None, [str(row["why"]), str(row["note"])])),
            }
            for _place, row in table[table["basis"] == ASSUMED].iterrows()
        ]
        return self.block(
            "matrix",
            rows=rows,
            heads=[_(label) for label in service_words.CELLS.values()],
            counts=inputs.share(table),
            cells=len(table),
            assumed=assumed,
            marks=self.marks(self.input_sources),
        )

    @spoken
    def sure(self) -> Block:
        """Return what would change the conclusion, which input matters, what is not modelled."""
        return robustness.block(self)

    def _figure(self, service: str, column: str, outcome: str) -> tuple[str, str]:
        value = float(self.run.services.set_index("service").at[service, column])
        low, high = self.interval(f"{service}: {outcome}")
        varies = high - low > 5e-4
        return service_words.share(value), service_words.span(low, high) if varies else ""

    def _people(self, outcome: str) -> str:
        low, high = self.interval(outcome)
        if math.isnan(low) or not high > low:
            return ""
        said_between = _("{low} to {high}")
        return said_between.format(low=service_words.people(low), high=service_words.people(high))

    def _idle(self, service: str) -> dict[str, Any]:
        found = self.not_gaining(service)
        named = {why: words.listed(self.names[a] for a in ids) for why, ids in found.items() if ids}
        gaining = list(self.gaining(service)["country"])
        served = words.listed(self.names[area] for area in gaining)
        return {"service": service_words.service(service), "gains": served, **named}

    def _cell(self, row: Any) -> dict[str, str]:
        value = service_words.number(row["value"])
        if row["basis"] != NONE and not value and row["cell"] != "baseline":
            value = _("{low} to {high}").format(
                low=service_words.number(row["low"]), high=service_words.number(row["high"])
            )
        if row["cell"] == "baseline" and row["basis"] == SOURCED:
            value = _("by country")
        return {
            "value": value if row["basis"] != NONE else "",
            "basis": _(service_words.BASES[str(row["basis"])]),
            "unit": str(row["unit"]) if row["basis"] != NONE else "",
            "weak": _("weak") if row["weak"] else "",
            "kind": str(row["basis"]),
        }


def _known(value: object) -> float:
    number = float(str(value))
    return 0.0 if math.isnan(number) else number
