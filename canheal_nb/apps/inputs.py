"""The inputs page: what the money model knows, from where, and what nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import pandas as pd

from canheal_nb import scenarios
from canheal_nb.apps.shell import Screen
from canheal_nb.data import Dataset, scenario_files
from canheal_nb.locale import _
from canheal_nb.model import inputs, prices, services
from canheal_nb.model.scenario import Scenario
from canheal_nb.questions_scenarios import Inputs
from canheal_nb.views import exports, facts, scenario_words, words
from canheal_nb.views import inputs as shown
from canheal_nb.views import inputs_counted as counted

TEMPLATE = "inputs.html"
INDEX_SOURCES = "cpi_index_2015_100"


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
    found = {name: scenarios.load(name, dataset) for name in scenario_files.shipped(dataset.path)}
    return {name: one for name, one in found.items() if one.assumptions}


@dataclass(frozen=True)
class Known:
    """The matrix with a scenario's assumptions, and need and what stands of every service."""

    dataset: Dataset
    scenario: str

    @cached_property
    def matrix(self) -> pd.DataFrame:
        """The input matrix (see `model.inputs.matrix`)."""
        given = shipped(self.dataset)[self.scenario].assumptions if self.scenario else ()
        return inputs.matrix(self.dataset, given)

    @cached_property
    def values(self) -> dict[str, float]:
        """The assumed values by input."""
        return inputs.values(self.matrix)

    @cached_property
    def need(self) -> dict[str, pd.DataFrame]:
        """The need by service (see `model.services.need`)."""
        names = services.SERVICES
        return {name: services.need(self.dataset, name, self.values) for name in names}

    @cached_property
    def stands(self) -> dict[str, pd.DataFrame]:
        """What stands by service (see `model.services.baseline`)."""
        names = services.SERVICES
        return {name: services.baseline(self.dataset, name, self.values) for name in names}

    @cached_property
    def rows(self) -> list[shown.Row]:
        """The matrix as it is shown."""
        known = {f"{name}.need": int(t["need"].notna().sum()) for name, t in self.need.items()}
        known |= {
            f"{name}.baseline": int(t["baseline"].notna().sum()) for name, t in self.stands.items()
        }
        members = len(services.countries(self.dataset))
        return shown.rows(self.matrix, self.dataset.parameters, known, members)

    @property
    def both(self) -> list[str]:
        """The services of which need and what stands are known for some country."""
        return [
            name
            for name in services.SERVICES
            if (self.need[name]["need"] * self.stands[name]["baseline"]).notna().any()
        ]

    def capacity(self, service: str) -> float:
        """Return what one unit of a service serves in a year; NaN where not known."""
        cells = self.matrix[self.matrix["service"] == service].set_index("cell")
        return float(cells.at["capacity", "value"])


def screen(question: Inputs, dataset: Dataset, notice: str = "") -> Screen:
    """Return what the inputs page shows for a question."""
    known = Known(dataset, question.scenario)
    names = words.country_names(dataset.areas)
    service, rule = question.service, services.rule(question.service, dataset)
    row = next(row for row in known.rows if row.service == service)
    need, stands = known.need[service], known.stands[service]
    label = _(str(dataset.indicator_types.at[rule.of.indicator, "label"])) if rule.of else ""
    share = float(need["share"].iloc[0])
    worked = example(question.country, need, stands)
    table = counted.lines(need, stands, names)
    context = {
        "question": question,
        "notice": notice,
        "answer": counted.answer(known.both, len(services.SERVICES)),
        "shares": shown.shares(known.matrix),
        "services": [(name, scenario_words.service(name)) for name in services.SERVICES],
        "countries": [(area, names[area]) for area in services.countries(dataset)],
        "scenarios": [(name, one.title) for name, one in shipped(dataset).items()],
        "key": shown.signs(),
        "rows": known.rows,
        "here": row,
        "unit": _(rule.unit),
        "things": _(rule.counted),
        "why": _(rule.why),
        "sources": {cell.cell: cited(cell, dataset) for cell in row.cells},
        "computed": counted.computed(rule, share, label),
        "example": counted.example(
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
        "alike": counted.alike(table),
        "country_sources": facts.cited(dataset.sources, ids(need, stands)),
        "year": prices.TARGET_YEAR,
        "chosen_by": chosen_by(dataset),
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


def cited(cell: shown.Cell, dataset: Dataset) -> list[facts.Source]:
    """Return the sources of a cell; of a price brought to another year also those of the tables."""
    found = list(cell.source_ids)
    if cell.steps:
        money = prices.of(dataset).money
        found += sorted(set(money.loc[money["indicator"] == INDEX_SOURCES, "source_id"]))
    return facts.cited(dataset.sources, list(dict.fromkeys(found)))


def chosen_by(dataset: Dataset) -> str:
    """Return who chose what fills the cells, and when."""
    rows = dataset.table(services.INPUTS)
    return "; ".join(sorted({f"{r['chosen_by']}, {r['chosen_on']}" for _i, r in rows.iterrows()}))


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
        head, body = shown.sheet(known.rows)
        told = known.matrix[known.matrix[["value", "low", "high"]].notna().any(axis=1)]
        names = [part for one in told["source_id"] for part in one.split("+") if part]
        sources = facts.cited(dataset.sources, list(dict.fromkeys(names)))
        cite = exports.citation(about)
        return exports.table_file(kind_of, "canheal-inputs", head, body, sources, cite)
    need, stands = known.need[question.service], known.stands[question.service]
    table = counted.lines(need, stands, words.country_names(dataset.areas))
    open_ = dataset.sources["redistribute"] != "no"
    may = all(open_[name] for name in ids(need.head(0), stands))
    head, body = counted.sheet(table, label or _("Count"), may)
    sources = facts.cited(dataset.sources, ids(need, stands if may else stands.head(0)))
    stem = f"canheal-inputs-{question.service}"
    return exports.table_file(kind_of, stem, head, body, sources, exports.citation(about))
