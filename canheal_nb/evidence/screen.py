"""The facts page: what is known for how many, how old it is, with what rights, and what is not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from canheal_nb.data import Dataset
from canheal_nb.evidence import model, text
from canheal_nb.evidence.question import Facts
from canheal_nb.indicators import facts, measures, words
from canheal_nb.screens.shell import Screen
from canheal_nb.text.locale import _

TEMPLATE = "known.html"
FIRST_SOURCES = 12


def vocabulary(dataset: Dataset) -> dict[str, list[str]]:
    """Return the ids that the question may name."""
    groups = [*dataset.indicator_types["group"], *dataset.capability_types["group"]]
    return {"country": measures.members(dataset.areas), "group": ["", *dict.fromkeys(groups)]}


@dataclass(frozen=True)
class Scope:
    """The part of the facts that a question is about: one country or all, one group or all.

    `figures`: indicators with the ratios computed here, each marked "computed" in `edition`.
    """

    dataset: Dataset
    country: str
    group: str

    @cached_property
    def members(self) -> list[str]:
        """All member states, by name."""
        return measures.members(self.dataset.areas)

    @cached_property
    def indicator_types(self) -> pd.DataFrame:
        """The indicators of the group."""
        return self._grouped(self.dataset.indicator_types)

    @cached_property
    def capability_types(self) -> pd.DataFrame:
        """The capabilities of the group."""
        return self._grouped(self.dataset.capability_types)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Figures about member states in the group, published and computed."""
        rows = self.dataset.indicators
        rows = rows[rows["indicator"].isin(self.indicator_types.index)]
        missing = self.indicator_types.index.difference(pd.Index(rows["indicator"].unique()))
        made = [self._computed(str(indicator)) for indicator in missing]
        return pd.concat([rows, *made], ignore_index=True)

    @cached_property
    def published(self) -> pd.DataFrame:
        """Figures in the table about the country, or about all member states."""
        rows = self.dataset.indicators
        rows = rows[rows["indicator"].isin(self.indicator_types.index)]
        return rows[rows["area_id"].isin([self.country] if self.country else self.members)]

    @cached_property
    def centres(self) -> pd.DataFrame:
        """Centres of the country, or of all member states."""
        table = self.dataset.centres
        return table[table["country"].isin([self.country] if self.country else self.members)]

    @cached_property
    def capabilities(self) -> pd.DataFrame:
        """Facts of the group about these centres."""
        rows = self.dataset.capabilities
        rows = rows[rows["capability"].isin(self.capability_types.index)]
        return rows[rows["centre_id"].isin(self.centres.index)]

    def _grouped(self, types: pd.DataFrame) -> pd.DataFrame:
        return types[types["group"] == self.group] if self.group else types

    def _computed(self, indicator: str) -> pd.DataFrame:
        table = measures.measure(self.dataset, indicator).table.reset_index()
        return table.assign(indicator=indicator, sex="T", edition=text.COMPUTED, value="computed")


def screen(question: Facts, dataset: Dataset, notice: str = "") -> Screen:
    """Return what the facts page shows for a question."""
    scope = Scope(dataset, question.country, question.group)
    names = words.country_names(dataset.areas)
    as_of = dataset.edition.as_of
    by_indicator = model.known_indicators(scope.figures, scope.indicator_types, scope.members)
    inside = dataset.centres[dataset.centres["country"].isin(scope.members)]
    by_capability = model.known_capabilities(
        dataset.capabilities, scope.capability_types, inside.index
    )
    context = {
        "question": question,
        "notice": notice,
        "answer": answer(scope, by_indicator, names),
        "amounts": text.amounts(scope.published, scope.capabilities, as_of.year),
        "countries": [(area, names[area]) for area in scope.members],
        "groups": [(group, _(group)) for group in vocabulary(dataset)["group"] if group],
        "heat": heat(scope, names),
        "indicator_lines": text.lines(by_indicator, scope.indicator_types, _newest(scope)),
        "capability_lines": text.lines(by_capability, scope.capability_types, None),
        "of_centres": len(inside),
        "chosen": names.get(question.country, ""),
        "ages": text.age_lines(scope.published["year"], scope.capabilities["year"], as_of.year),
        "disagreements": disagreements(scope, names),
        "left": text.left_out_lines(dataset.left_out, question.find),
        "tables": text.table_lines(dataset.tables),
        "edition": dataset.edition.name,
        "as_of": text.date(as_of),
        **rights(scope),
    }
    return Screen(question, TEMPLATE, context, {}, {})


def answer(scope: Scope, by_indicator: pd.DataFrame, names: dict[str, str]) -> str:
    """Return the finding in words: for one country, one group, or all."""
    pairs = scope.capabilities[["centre_id", "capability"]].drop_duplicates()
    centres = (len(pairs), len(scope.centres), len(scope.capability_types))
    if scope.country:
        rows = scope.figures[scope.figures["area_id"] == scope.country]
        have = set(rows["indicator"])
        types = scope.indicator_types
        missing = [_(str(types.at[i, "label"])) for i in types.index if i not in have]
        return text.country_answer(names[scope.country], len(types), missing, centres)
    return text.union_answer(by_indicator, len(scope.members), centres)


def heat(scope: Scope, names: dict[str, str]) -> list[dict[str, Any]]:
    """Return the two tables of counts by group and country, without those that have no group."""
    indicators = model.grid(scope.figures, scope.indicator_types, scope.members)
    tables = scope.dataset
    centres = model.centre_grid(
        tables.capabilities, scope.capability_types, tables.centres, scope.members
    )
    listed = tables.centres["country"].value_counts().reindex(scope.members, fill_value=0)
    full = pd.DataFrame(dict.fromkeys(scope.members, indicators["of"]), index=indicators.index)
    every = pd.DataFrame({area: int(listed[area]) for area in scope.members}, index=centres.index)
    made = [
        ("indicators", text.heat_lines(indicators, full, names)),
        ("centres", text.heat_lines(centres, every, names)),
    ]
    return [{"kind": kind, "lines": lines} for kind, lines in made if lines]


def rights(scope: Scope) -> dict[str, Any]:
    """Return the sources of the scope with their counts: by permission, by terms, one by one."""
    tables = [scope.published, scope.capabilities]
    if not scope.country and not scope.group:
        tables = [t for name, t in scope.dataset.tables.items() if name != "sources"]
    sources = scope.dataset.sources
    counts = model.facts_by_source(tables, sources)
    counts = counts[counts > 0]
    named = facts.cited(sources, list(counts.index))
    listed = list(zip(named, counts, strict=True))
    used = sources.loc[counts.index]
    return {
        "permissions": text.permission_lines(used["redistribute"], counts),
        "terms": text.term_lines(used["rights"], counts),
        "first_sources": listed[:FIRST_SOURCES],
        "other_sources": listed[FIRST_SOURCES:],
    }


def disagreements(scope: Scope, names: dict[str, str]) -> list[dict[str, Any]]:
    """Return what sources say differently of one thing, each with its year and source."""
    about = (
        (scope.published, model.KEY["indicators"], scope.indicator_types, names),
        (
            scope.capabilities,
            model.KEY["capabilities"],
            scope.capability_types,
            scope.centres["name"].to_dict(),
        ),
    )
    return [
        line
        for rows, key, types, who in about
        for line in text.disagreement_lines(model.disagreements(rows, key), types, who)
    ]


def _newest(scope: Scope) -> dict[str, str] | None:
    """Return how old the newest figure about the country is, by indicator; None without one."""
    if not scope.country:
        return None
    rows = scope.figures[scope.figures["area_id"] == scope.country]
    newest = rows.groupby("indicator")["year"].max()
    return {str(indicator): text.year(year) for indicator, year in newest.items()}
