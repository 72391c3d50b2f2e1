"""What a scenario brief is made from: the run, its rivals, and the sources behind its inputs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from canheal_nb.funding import scenario_file
from canheal_nb.funding.model import rule_comparison, scenario_run
from canheal_nb.funding.model.model_inputs import PROJECTED
from canheal_nb.funding.model.rule_comparison import Rivals
from canheal_nb.funding.model.scenario import Give, Open, Scenario
from canheal_nb.funding.model.scenario_run import Run
from canheal_nb.funding.report import stress_rows
from canheal_nb.funding.report.stress_rows import TINY
from canheal_nb.indicators import designated_centres
from canheal_nb.need.model import inputs, prices, services
from canheal_nb.priorities.model.priority_sets import PrioritySet
from canheal_nb.reporting.blocks import Report
from canheal_nb.uncertainty.named_futures import Faced
from canheal_nb.uncertainty.sampling import ASSUMED, SOURCED


@dataclass(frozen=True)
class Funding(Report):
    """One scenario and what it does; `run` is the same that the app and command line show."""

    scenario: Scenario

    TEMPLATE: ClassVar[str] = "scenario_brief.html"
    TABLES: ClassVar[tuple[str, ...]] = (
        "services",
        "equity",
        "access",
        "bought",
        "titles",
        "matrix",
        "assumed",
        "rules",
        "futures",
        "matters",
    )

    @cached_property
    def run(self) -> Run:
        """The scenario's run over 1,000 draws."""
        weights = scenario_file.weights(self.scenario)
        return scenario_run.run(self.dataset, self.scenario, weights=weights)

    @cached_property
    def priorities(self) -> PrioritySet | None:
        """The set of priorities that the scenario names; None where it names none."""
        return scenario_file.priority_set(self.scenario)

    @cached_property
    def unweighed(self) -> Run | None:
        """The same scenario with all services alike; None where no plan was weighed."""
        if self.priorities is None or self.run.planned is None:
            return None
        return scenario_run.run(self.dataset, replace(self.scenario, priorities=""))

    @cached_property
    def rivals(self) -> Rivals | None:
        """The plan beside rules of thumb; None where its author wrote what is bought."""
        return rule_comparison.rivals(self.run)

    @cached_property
    def faced(self) -> Faced | None:
        """The scenario in named futures; None where no future moves anything here."""
        return stress_rows.faced(self)

    @cached_property
    def futures(self) -> dict[str, Any] | None:
        """What is said of named futures; None where nothing is."""
        return stress_rows.seen(self)

    @property
    def openings(self) -> list[Give | Open]:
        """The centres that open or gain a title, as the scenario lists them."""
        return [one for one in self.scenario.changes if isinstance(one, Give | Open)]

    @cached_property
    def own_money(self) -> tuple[str, str, float, str] | None:
        """Country, currency, its units per euro, and source of the rate.

        None unless all is bought for one country, whose money is not the euro.
        """
        areas = sorted(self.run.units["country"].unique())
        if len(areas) != 1:
            return None
        currency, rate = prices.own_money(areas[0], prices.of(self.dataset))
        source = prices.rate_sources(self.dataset)
        return (areas[0], currency, rate, source[0]) if currency else None

    @property
    def absent(self) -> set[str]:
        """The tables this brief does not have."""
        there = {
            "access": len(self.run.access) > 0,
            "bought": len(self.run.units) > 0,
            "equity": bool(self.served),
            "titles": bool(self.openings),
            "futures": self.futures is not None,
            "assumed": bool((self.run.matrix["basis"] == ASSUMED).any()),
            "matters": bool(self.mattering),
            "rules": self.rivals is not None,
        }
        return {name for name, has in there.items() if not has}

    @property
    def cited(self) -> Iterable[str]:
        """The ids of the sources behind the inputs and the counts, in reading order."""
        yield from self.count_sources
        yield from self.input_sources
        if self.own_money:
            yield self.own_money[3]
        if len(self.run.access):
            yield from designated_centres.designation_sources(self.dataset.capabilities)

    @cached_property
    def count_sources(self) -> list[str]:
        """The sources of the counts of people and cases, and of their projections."""
        run, found = self.run, []
        assumed = inputs.values(run.case.matrix)
        for service in run.case.services:
            counted = services.need(self.dataset, service, assumed | {f"{service}.need": 1.0})
            found += [part for joint in counted["source_id"] for part in joint.split("+")]
            of = services.rule(service, self.dataset).of
            name = PROJECTED.get(of.indicator) if of else None
            rows = self.dataset.indicators
            found += list(rows.loc[rows["indicator"] == name, "source_id"].unique())
        return sorted({one for one in found if one})

    @cached_property
    def input_sources(self) -> list[str]:
        """The sources of the inputs, and of the prices' tables."""
        kept = self.run.matrix[self.run.matrix["basis"] == SOURCED]
        found = [part for joint in kept["source_id"] for part in joint.split("+") if part]
        if (kept["price_steps"] != "").any():
            money = self.dataset.table("facts/money")
            index = money[money["indicator"] == "cpi_index_2015_100"]
            found += list(index["source_id"].unique())
        return sorted(set(found))

    @cached_property
    def mattering(self) -> list[tuple[str, str, float]]:
        """The inputs that account for most of a result's spread: service, input, share of it."""
        found: list[tuple[str, str, float]] = []
        for service in self.served:
            outcome = f"{service}: share"
            drawn = self.run.futures.of(outcome)[scenario_run.PLAN]
            if np.nanstd(drawn) <= 0:
                continue
            table = self.run.futures.matters(outcome, scenario_run.PLAN)
            found += [
                (service, str(name), float(row["first"]))
                for name, row in table.head(3).iterrows()
                if row["first"] > 0.03
            ]
        return found

    @property
    def served(self) -> list[str]:
        """The services whose need met is known for some countries."""
        rows = self.run.services
        return [str(name) for name in rows.loc[rows["known"] > 0, "service"]]

    @cached_property
    def by_money(self) -> list[str]:
        """The services with a picture: known ones, those with most units bought first."""
        rows = self.run.services.set_index("service").loc[self.served]
        return [str(name) for name in rows.sort_values("cost", ascending=False).index]

    def gaining(self, service: str) -> pd.DataFrame:
        """Return the countries where a service serves more people than doing nothing."""
        rows = self.run.countries
        kept = rows[(rows["service"] == service) & (rows["served"] > 0)]
        return kept.sort_values("served", ascending=False)

    def not_gaining(self, service: str) -> dict[str, list[str]]:
        """Return ids of the countries that gain nothing by reason: met, unmet, unknown."""
        rows = self.run.countries
        rows = rows[rows["service"] == service].set_index("country")
        known = rows["after"].notna()
        idle = rows[known & ~(rows["served"] > 0)]
        short = idle["share_after"] < 1 - TINY
        return {
            "met": list(idle.index[~short]),
            "unmet": list(idle.index[short]),
            "unknown": list(rows.index[~known]),
        }

    def interval(self, outcome: str) -> Any:
        """Return low and high of an outcome over the draws, NaN where there is none."""
        table = self.run.intervals
        if outcome not in table.index:
            return (float("nan"), float("nan"))
        return float(table.loc[outcome, "low"]), float(table.loc[outcome, "high"])
