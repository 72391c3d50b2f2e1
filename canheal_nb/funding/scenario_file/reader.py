"""From the text of a scenario file to a scenario, or one sentence that names the faulty line."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

import yaml

from canheal_nb.funding.model.planning import RULES
from canheal_nb.funding.model.scenario import (
    Add,
    Budget,
    Cofunding,
    Constraints,
    Give,
    Goal,
    Limit,
    Open,
    Role,
    Scenario,
    Spending,
)
from canheal_nb.funding.scenario_file.nodes import Block, refused, root
from canheal_nb.need.model.inputs import Assumption
from canheal_nb.need.model.services import CELLS, SERVICES
from canheal_nb.solver.problem import OBJECTIVES
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.text.refusals import shown, suggestion

SCHEMA = 1
FIRST, LAST, LONGEST = 2020, 2060, 15
GOALS = (*OBJECTIVES, *RULES)
PRICE_YEARS = (2023,)
UNITS = {
    "need": ("share", "per new case", "per inhabitant"),
    "baseline": ("units per million people",),
    "capacity": ("a year per unit",),
    "capital": ("EUR",),
    "running": ("EUR a year", "EUR per sample", "EUR per examination", "EUR per case"),
    "life": ("years",),
    "lag": ("years",),
    "staff": ("people per unit",),
}
ABOVE_NOUGHT = (".capacity", ".life")
TOP = (
    "schema", "title", "author", "why", "edition", "start", "years", "services", "budget", "goal",
    "changes", "constraints", "assumptions", "priorities", "seed",
)  # fmt: skip
CHANGES = {
    "add": ("add", "country", "units", "year"),
    "give": ("give", "centre", "year"),
    "open": ("open", "name", "country", "latitude", "longitude", "year"),
}
Vocabulary = Mapping[str, Iterable[str]]


def read(text: str, vocabulary: Vocabulary, file: str = "scenario") -> Scenario:
    """Return the scenario in a file's text.

    `vocabulary`: the ids known: country, centre, capability, priorities. Raises UserError with
    one sentence, file and line, for the first thing that is wrong.
    """
    top = Block(root(text, file), TOP, file, _("the scenario"))
    if top.whole("schema", 1, 1000) != SCHEMA:
        said = _("this file is of another version; {schema} is read here.")
        name = "schema"
        raise top.wrong(name, said.format(schema=SCHEMA))
    start = top.whole("start", FIRST, LAST)
    years = top.whole("years", 1, LONGEST)
    span = range(start, start + years)
    services = top.some_of("services", SERVICES)
    reader = _Reader(file, vocabulary, services, span)
    made = Scenario(
        title=top.text("title", most=200),
        author=top.text("author", most=200),
        why=top.text("why"),
        edition=top.text("edition", most=40),
        start=start,
        years=years,
        budget=reader.budget(top),
        services=services,
        changes=tuple(reader.change(node) for node in top.items("changes")),
        goal=reader.goal(top),
        constraints=reader.constraints(top),
        assumptions=tuple(reader.assumption(node) for node in top.items("assumptions")),
        priorities=top.one_of("priorities", vocabulary["priorities"], ""),
        seed=top.whole("seed", 0, 2**31 - 1, 0),
    )
    _once(top, made)
    return made


class _Reader:
    """Reads the parts of one file."""

    def __init__(
        self, file: str, vocabulary: Vocabulary, services: tuple[str, ...], span: range
    ) -> None:
        self.file, self.span, self.services = file, span, services
        self.country, self.centre, self.capability = (
            list(vocabulary[name]) for name in ("country", "centre", "capability")
        )

    def block(self, node: yaml.Node, keys: Iterable[str], what: str) -> Block:
        return Block(node, keys, self.file, what)

    def year(self, block: Block) -> int:
        return block.whole("year", self.span[0], self.span[-1])

    def units(self, block: Block) -> float:
        return float(block.whole("units", 0, 100_000))

    def budget(self, top: Block) -> Budget:
        if not top.has("budget"):
            return Budget()
        keys = ("total", "by_year", "price_year", "carry_over")
        block = self.block(top.at("budget"), keys, _("the budget"))
        if block.has("total") == block.has("by_year"):
            said = _("the budget needs either total or by_year, not both.")
            raise refused(block.node, said, self.file)
        years = {str(year): year for year in self.span}

        def outside(name: str) -> str:
            said = _("{name} is no year of the scenario ({first} to {last}).")
            said = said.format(name=shown(name), first=self.span[0], last=self.span[-1])
            return "" if name in years else said

        by_year = tuple((years[n], euros) for n, euros, _node in block.numbers("by_year", outside))
        total = block.number("total") if block.has("total") else None
        price_year = block.whole("price_year", PRICE_YEARS[0], PRICE_YEARS[-1], PRICE_YEARS[-1])
        return Budget(total, by_year, price_year, block.yes("carry_over", True))

    def goal(self, top: Block) -> Goal:
        if not top.has("goal"):
            return Goal()
        block = self.block(top.at("goal"), [f.name for f in fields(Goal)], _("the goal"))
        objective = block.one_of("objective", GOALS, "most_need_met")
        target = block.number("target", high=1.0) if block.has("target") else None
        if objective == "least_cost" and target is None:
            name = "target"
            raise block.wrong(name, _("the goal least_cost needs a target, as 0.9."))
        return Goal(objective, target, block.some_of("services", self.services))

    def change(self, node: yaml.Node) -> Add | Give | Open:
        names = [str(key.value) for key, _value in node.value] if _mapping(node) else []
        kinds = [kind for kind in CHANGES if kind in names]
        if len(kinds) != 1:
            said = _("a change begins with add (a service), give or open (a capability).")
            raise refused(node, said, self.file)
        kind = kinds[0]
        block = self.block(node, CHANGES[kind], _("a change"))
        if kind == "add":
            service = block.one_of("add", self.services)
            country = block.one_of("country", self.country)
            return Add(service, country, self.units(block), self.year(block))
        capability = block.one_of(kind, self.capability)
        if kind == "give":
            return Give(block.one_of("centre", self.centre), capability, self.year(block))
        return Open(
            block.text("name", most=120),
            block.one_of("country", self.country),
            block.number("latitude", low=-60.0, high=72.0),
            block.number("longitude", low=-64.0, high=60.0),
            capability,
            self.year(block),
        )

    def constraints(self, top: Block) -> Constraints:
        if not top.has("constraints"):
            return Constraints()
        keys = [f.name for f in fields(Constraints)]
        block = self.block(top.at("constraints"), keys, _("the constraints"))
        return Constraints(
            floors=tuple(self.limit(node, _("a floor")) for node in block.items("floors")),
            caps=tuple(self.limit(node, _("a cap")) for node in block.items("caps")),
            locked=tuple(self.lock(node) for node in block.items("locked")),
            absorption=tuple(self.spending(node) for node in block.items("absorption")),
            cofunding=tuple(self.cofunding(node) for node in block.items("cofunding")),
            staff=tuple(self.role(node) for node in block.items("staff")),
        )

    def limit(self, node: yaml.Node, what: str) -> Limit:
        block = self.block(node, [f.name for f in fields(Limit)], what)
        service = block.one_of("service", self.services)
        return Limit(service, block.one_of("country", self.country), self.units(block))

    def lock(self, node: yaml.Node) -> Add:
        block = self.block(node, [f.name for f in fields(Add)], _("a locked cell"))
        service = block.one_of("service", self.services)
        country = block.one_of("country", self.country)
        return Add(service, country, self.units(block), self.year(block))

    def spending(self, node: yaml.Node) -> Spending:
        block = self.block(node, [f.name for f in fields(Spending)], _("an absorption limit"))
        return Spending(block.one_of("country", self.country), block.number("euros"))

    def cofunding(self, node: yaml.Node) -> Cofunding:
        block = self.block(node, [f.name for f in fields(Cofunding)], _("a co-funding"))
        country = block.one_of("country", self.country)
        return Cofunding(country, block.number("eu_share", high=1.0), block.number("purse"))

    def role(self, node: yaml.Node) -> Role:
        block = self.block(node, [f.name for f in fields(Role)], _("a staff role"))

        def among(ids: Iterable[str]) -> Any:
            known = list(ids)
            said = _("{name} is not known here. {hint}")
            return lambda name: (
                "" if name in known else said.format(name=shown(name), hint=suggestion(name, known))
            )

        block.at("per_unit")
        return Role(
            block.text("role", most=80),
            tuple((n, v) for n, v, _node in block.numbers("per_unit", among(self.services))),
            tuple((n, v) for n, v, _node in block.numbers("free", among(self.country))),
            block.whole("training_years", 0, 15, 0),
        )

    def assumption(self, node: yaml.Node) -> Assumption:
        block = self.block(node, [f.name for f in fields(Assumption)], _("an assumption"))
        inputs = [f"{service}.{cell}" for service in SERVICES for cell in CELLS]
        name = block.one_of("input", inputs)
        unit = block.one_of("unit", UNITS[name.partition(".")[2]])
        value = block.number("value", high=1.0 if unit == "share" else math.inf)
        if value == 0 and name.endswith(ABOVE_NOUGHT):
            said = _("0 is not possible; give a number above 0.")
            raise refused(block.at("value"), f"value: {said}", self.file)
        low, high = (block.number(end) if block.has(end) else math.nan for end in ("low", "high"))
        by, why = block.text("by", most=200), block.text("why")
        try:
            return Assumption(name, value, low, high, unit, by, why)
        except UserError as error:
            raise refused(node, str(error), self.file) from None


def _mapping(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode)


def _once(top: Block, made: Scenario) -> None:
    """Refuse what stands twice: an assumption, a floor, a cap, a locked cell, a country's money."""
    rules = made.constraints
    groups: dict[str, list[object]] = {
        "assumptions": [one.input for one in made.assumptions],
        "floors": [(one.service, one.country) for one in rules.floors],
        "caps": [(one.service, one.country) for one in rules.caps],
        "locked": [(one.service, one.country, one.year) for one in rules.locked],
        "absorption": [one.country for one in rules.absorption],
        "cofunding": [one.country for one in rules.cofunding],
        "staff": [one.role for one in rules.staff],
    }
    for name, keys in groups.items():
        twice = [key for place, key in enumerate(keys) if key in keys[:place]]
        if twice:
            first = twice[0]
            key = ", ".join(map(str, first)) if isinstance(first, tuple) else first
            holder = "assumptions" if name == "assumptions" else "constraints"
            raise top.wrong(holder, _("{key} stands twice in {name}; keep one.").format(
                key=key, name=name
            ))  # fmt: skip
