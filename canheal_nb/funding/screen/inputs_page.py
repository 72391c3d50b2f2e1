"""The inputs page: what the money model knows, from where, and what nobody knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

import pandas as pd

from canheal_nb.data import Dataset, scenario_files
from canheal_nb.funding import scenario_file
from canheal_nb.funding.model.scenario import Scenario
from canheal_nb.funding.question import Inputs, PlanFunding
from canheal_nb.funding.screen import plan_run
from canheal_nb.indicators import facts, words
from canheal_nb.need.model import inputs, prices, services
from canheal_nb.need.text import input_text, need_table, service_words
from canheal_nb.screens import exports
from canheal_nb.screens.shell import Screen
from canheal_nb.text.locale import _, language
from canheal_nb.uncertainty.sampling import ASSUMED

TEMPLATE = "inputs.html"
YEAR = re.compile(r"\d{4}")


def vocabulary(dataset: Dataset) -> dict[str, list[str]]:
    """Return the ids that the question may name."""
    return {
        "service": list(services.SERVICES),
        "country": services.countries(dataset),
        "scenario": list(shipped(dataset)),
    }


@lru_cache(maxsize=2)
def shipped(dataset: Dataset) -> dict[str, Scenario]:
    """Return the scenarios of the data folder that assume something, by id."""
    found = {
        name: scenario_file.load(name, dataset) for name in scenario_files.shipped(dataset.path)
    }
    return {name: one for name, one in found.items() if one.assumptions}


@dataclass(frozen=True)
class Known:
    """The matrix with a scenario's assumptions, and need and what stands of every service."""

    dataset: Dataset
    scenario: str
    language: str

    @cached_property
    def matrix(self) -> pd.DataFrame:
        """The input matrix (see `need.model.inputs.matrix`)."""
        given = shipped(self.dataset)[self.scenario].assumptions if self.scenario else ()
        return inputs.matrix(self.dataset, given)

    @cached_property
    def values(self) -> dict[str, float]:
        """The assumed values by input."""
        return inputs.values(self.matrix)

    @cached_property
    def need(self) -> dict[str, pd.DataFrame]:
        """The need by service (see `need.model.services.need`)."""
        names = services.SERVICES
        return {name: services.need(self.dataset, name, self.values) for name in names}

    @cached_property
    def stands(self) -> dict[str, pd.DataFrame]:
        """What stands by service (see `need.model.services.baseline`)."""
        names = services.SERVICES
        return {name: services.baseline(self.dataset, name, self.values) for name in names}

    @cached_property
    def rows(self) -> list[input_text.Row]:
        """The matrix as it is shown."""
        known = {f"{name}.need": by_country(table, "need") for name, table in self.need.items()}
        known |= {
            f"{name}.baseline": by_country(table, "baseline") for name, table in self.stands.items()
        }
        found = self.dataset.parameters
        years = self.sources["year"].reindex(found["source_id"])
        published = found.assign(year=["" if pd.isna(year) else str(year) for year in years])
        return input_text.rows(self.matrix, published, known)

    @cached_property
    def sources(self) -> pd.DataFrame:
        """The sources (see `Dataset.sources`)."""
        return self.dataset.sources

    def price_sources(self, currency: str, country: str) -> list[str]:
        """Return the ids of the sources of a country's consumer prices and of the rate."""
        money = self.dataset.table("facts/money")
        asked = (money["area_id"] == country) & (money["indicator"] == prices.INDEX)
        found = sorted(set(money.loc[asked, "source_id"]))
        if currency != prices.EURO:
            found += prices.rate_sources(self.dataset)
        return found

    @cached_property
    def chosen_by(self) -> str:
        """Who chose what fills the cells, and when."""
        rows = self.dataset.table(services.INPUTS)[["chosen_by", "chosen_on"]].drop_duplicates()
        return "; ".join(", ".join(map(str, row)) for row in rows.itertuples(index=False))

    @cached_property
    def both(self) -> list[str]:
        """The services of which need and what stands are known for some country."""
        return [
            name
            for name in services.SERVICES
            if (self.need[name]["need"] * self.stands[name]["baseline"]).notna().any()
        ]

    def cell(self, service: str, cell: str) -> pd.Series:
        """Return one row of the matrix."""
        return self.matrix.set_index(["service", "cell"]).loc[(service, cell)]

    def capacity(self, service: str) -> tuple[float, bool]:
        """Return what one unit of a service serves in a year, and whether that is assumed.

        NaN where not known.
        """
        found = self.cell(service, "capacity")
        return float(found["value"]), found["basis"] == ASSUMED

    def chosen(self, service: str, cell: str) -> str:
        """Return who assumed an input and why, in words; "" where nobody did."""
        found = self.cell(service, cell)
        if found["basis"] != ASSUMED:
            return ""
        return need_table.assumed(str(found["by"]), str(found["why"]))


@lru_cache(maxsize=16)
def known_of(dataset: Dataset, scenario: str, language: str) -> Known:
    """Return what is known with a scenario's assumptions, computed once per language."""
    return Known(dataset, scenario, language)


def by_country(table: pd.DataFrame, column: str) -> input_text.ByCountry:
    """Return for how many countries a figure is known, and of which years these figures are."""
    rows = table[table[column].notna()]
    ages = (words.age({"flag": row.flag, "year": row.year}) for row in rows.itertuples())
    years = sorted({found.group() for found in map(YEAR.search, ages) if found})
    span = "" if not years else years[0]
    if len(years) > 1:
        span = _("{first} to {last}").format(first=years[0], last=years[-1])
    return input_text.ByCountry(len(rows), len(table), span)


def screen(question: Inputs, dataset: Dataset, notice: str = "") -> Screen:
    """Return what the inputs page shows for a question."""
    known = known_of(dataset, question.scenario, language())
    names = words.country_names(dataset.areas)
    service, rule = question.service, services.rule(question.service, dataset)
    row = next(row for row in known.rows if row.service == service)
    need, stands = known.need[service], known.stands[service]
    labels = dataset.indicator_types["label"]
    label = _(str(labels[rule.of.indicator])) if rule.of else ""
    units = _(str(labels[rule.stands.indicator])) if rule.stands else ""
    share = float(need["share"].iloc[0])
    guess = {cell: known.chosen(service, cell) for cell in ("need", "baseline")}
    worked = example(question.country, need, stands)
    table = need_table.lines(need, stands, names)
    context = {
        "question": question,
        "notice": notice,
        "answer": need_table.answer(known.both, len(services.SERVICES)),
        "shares": input_text.shares(known.matrix),
        "services": [(name, service_words.service(name)) for name in services.SERVICES],
        "countries": [(area, names[area]) for area in services.countries(dataset)],
        "scenarios": [(name, one.title) for name, one in shipped(dataset).items()],
        "key": input_text.signs(known.matrix),
        "totals": input_text.totals(known.matrix),
        "share": input_text.counts(inputs.share(known.matrix)),
        "plan": plan(question, dataset),
        "rows": known.rows,
        "here": row,
        "unit": _(rule.unit),
        "things": _(rule.counted),
        "why": _(rule.why),
        "sources": {cell.cell: cited(cell, known) for cell in row.cells},
        "computed": need_table.computed(rule, share, label, guess["need"]),
        "stood": need_table.stood(stands, units, guess["baseline"]),
        "guessed": {cell: bool(by) for cell, by in guess.items()},
        "example": need_table.example(
            names[worked],
            service,
            rule,
            need.set_index("country").loc[worked],
            stands.set_index("country").loc[worked],
            known.capacity(service),
        )
        if worked
        else "",
        "count": label,
        "lines": table,
        "alike": need_table.alike(table),
        "country_sources": facts.cited(known.sources, ids(need, stands)),
        "year": prices.TARGET_YEAR,
        "chosen_by": known.chosen_by,
    }
    return Screen(
        question, TEMPLATE, context, {}, save=lambda kind: saved(kind, question, known, label)
    )


def example(country: str, need: pd.DataFrame, stands: pd.DataFrame) -> str:
    """Return whose need is worked out: the country asked for, else the first where most is known.

    "" where the need of no country is known.
    """
    if country:
        return country
    known = need[need["need"].notna()]
    full = known[known["country"].isin(stands.loc[stands["baseline"].notna(), "country"])]
    first = full if len(full) else known
    return str(first["country"].iloc[0]) if len(first) else ""


def ids(need: pd.DataFrame, stands: pd.DataFrame) -> list[str]:
    """Return the ids of the sources behind need and what stands."""
    joined = [*need["source_id"], *stands["source_id"]]
    return list(dict.fromkeys(part for one in joined for part in one.split("+") if part))


def cited(cell: input_text.Cell, known: Known) -> list[facts.Source]:
    """Return the sources of a cell; of a price brought to another year also those of the tables."""
    price = inputs.keys(known.dataset)[f"{cell.service}.{cell.cell}"].price
    found = [*cell.source_ids, *(known.price_sources(*price) if cell.steps and price else ())]
    return facts.cited(known.sources, list(dict.fromkeys(found)))


def plan(question: Inputs, dataset: Dataset) -> str:
    """Return where a plan is made with these inputs: the link of `plan_funding`, relative."""
    planned = question.scenario if question.scenario in plan_run.offered(dataset) else ""
    asked = PlanFunding(
        scenario=planned, service=question.service, country=question.country, lang=question.lang
    )
    return f"plan_funding?{asked.query()}".rstrip("?")


def saved(kind: str, question: Inputs, known: Known, label: str) -> exports.File:
    """Return the matrix (csv, xlsx) or the countries of one service (countries-csv and -xlsx)."""
    dataset = known.dataset
    about = {
        "title": _("What the money model knows"),
        "edition": dataset.edition.name,
        "as_of": dataset.edition.as_of.isoformat(),
        "view": f"inputs?{question.query()}".rstrip("?"),
    }
    what, _dash, kind_of = kind.rpartition("-")
    if what != "countries":
        names = [name for row in known.rows for cell in row.cells for name in cell.source_ids]
        given = facts.cited(known.sources, list(dict.fromkeys(names)))
        by_id = {source.source_id: source for source in given}
        head, body = input_text.sheet(known.matrix, known.rows, by_id)
        told = known.matrix[known.matrix[["value", "low", "high"]].notna().any(axis=1)]
        kept = {part for one in told["source_id"] for part in one.split("+")}
        sources = [source for source in given if source.source_id in kept]
        cite = exports.citation(about)
        return exports.table_file(kind_of, "canheal-inputs", head, body, sources, cite)
    need, stands = known.need[question.service], known.stands[question.service]
    table = need_table.lines(need, stands, words.country_names(dataset.areas))
    open_ = known.sources["redistribute"] != "no"
    may = all(open_[name] for name in ids(need.head(0), stands))
    head, body = need_table.sheet(table, label or _("Count"), may)
    sources = facts.cited(known.sources, ids(need, stands if may else stands.head(0)))
    stem = f"canheal-inputs-{question.service}"
    return exports.table_file(kind_of, stem, head, body, sources, exports.citation(about))
