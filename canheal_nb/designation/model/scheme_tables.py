"""What a self-check is made of: criteria, rules, steps and facts, brought together once.

All of it hangs on the tables alone, not on an answer, so it is kept for as long as they are used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import pandas as pd

from canheal_nb.designation.model import certification_path, criteria, maturity
from canheal_nb.designation.model.criteria import Bounds, Criterion
from canheal_nb.indicators.capabilities import newest
from canheal_nb.indicators.designated_centres import designations
from canheal_nb.need.model import inputs, prices
from canheal_nb.text.locale import language

FRAMEWORK, ITEMS = "frameworks/ccc_criteria", "judgements/standards_items"
AIMS = ("cc", "ccc")
SETS, RULE = ("application", "volume", "maturity"), "rule"


class Tables(Protocol):
    """The tables of a check (as in `canheal_nb.data.Dataset`)."""

    def __hash__(self) -> int: ...
    @property
    def centres(self) -> pd.DataFrame: ...
    @property
    def areas(self) -> pd.DataFrame: ...
    @property
    def indicators(self) -> pd.DataFrame: ...
    @property
    def parameters(self) -> pd.DataFrame: ...
    @property
    def capabilities(self) -> pd.DataFrame: ...
    def table(self, name: str) -> pd.DataFrame:
        """Return any table as texts."""


@dataclass(frozen=True)
class Fact:
    """A fact of the centre that answers a criterion, or that stands beside it."""

    asked: str
    capability: str
    value: str
    year: int | None
    source_id: str
    answers: bool


@dataclass(frozen=True)
class Prepared:
    """The criteria by set, the statements of maturity, the rules, the path's tables, and all facts.

    `facts`: by centre_id; `held`: the designation by centre_id; `asked`: names of all answers;
    `steps`: names of all steps there can be; `yes_no`: by answer whether it is yes or no; `bounds`:
    by answer between which numbers it can be true at all.
    """

    criteria: Mapping[str, list[Criterion]]
    levels: list[maturity.Statement]
    rules: Mapping[str, float]
    path: certification_path.Tables
    facts: Mapping[str, list[Fact]]
    held: Mapping[str, str]
    asked: tuple[str, ...]
    steps: tuple[str, ...]
    yes_no: Mapping[str, bool]
    bounds: Mapping[str, Bounds]


def prepared(tables: Tables) -> Prepared:
    """Return what every check of these tables is made of, in the language in use."""
    return _prepared(tables, language())


@lru_cache(maxsize=4)
def _prepared(tables: Tables, _language: str) -> Prepared:
    items, texts = tables.table(ITEMS), tables.table(FRAMEWORK)
    own = {
        which: criteria.criteria(items, texts, tables.parameters, which)
        for which in (*AIMS, *SETS, RULE)
    }
    behind = {one.asked: one for one in own["maturity"]}
    rules = _rules(tables, own[RULE])
    levels = maturity.statements(tables.table("frameworks/maturity_levels"), behind)
    yes_no = {one.asked: one.yes_no for which in (*AIMS, *SETS) for one in own[which]}
    path = _path(tables, rules)
    return Prepared(
        own,
        levels,
        rules,
        path,
        _facts(tables),
        {str(centre): str(kind) for centre, kind in designations(tables.capabilities).items()},
        tuple(str(asked) for asked in items.loc[items["set"].isin([*AIMS, *SETS]), "asked"]),
        tuple(str(asked) for asked in path.steps["asked"]),
        yes_no | {one.asked: True for one in levels if one.behind is None},
        _bounds(tables, {one.asked: one.unit for which in (*AIMS, *SETS) for one in own[which]}),
    )


def known(tables: Tables, centre: str) -> list[Fact]:
    """Return what the tables know of a centre that answers a criterion or helps to."""
    return prepared(tables).facts.get(centre, [])


def rules_of(tables: Tables) -> Mapping[str, float]:
    """Return the numbers of the rules: those of the judgement and those of the framework."""
    return prepared(tables).rules


def _facts(tables: Tables) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for _i, row in tables.table("judgements/standards_known").iterrows():
        facts = newest(tables.capabilities, str(row["capability"]))
        own = facts[facts["value"] == row["value"]] if row["value"] else facts
        for _j, fact in own.drop_duplicates("centre_id").iterrows():
            year = None if pd.isna(fact["year"]) else int(fact["year"])
            words = (str(row["asked"]), str(row["capability"]), str(fact["value"]))
            made = Fact(*words, year, str(fact["source_id"]), row["use"] == "answer")
            found.setdefault(str(fact["centre_id"]), []).append(made)
    return found


def _bounds(tables: Tables, units: Mapping[str, str]) -> dict[str, Bounds]:
    rows = tables.table("judgements/standards_bounds")
    return {
        str(row["asked"]): Bounds(float(row["low"]), float(row["high"]), units[str(row["asked"])])
        for _i, row in rows.iterrows()
    }


def _rules(tables: Tables, own: list[Criterion]) -> dict[str, float]:
    rows = tables.table("judgements/standards_rules")
    found = {str(r["rule"]): float(r["value"]) for _i, r in rows.iterrows()}
    return found | {one.asked: one.threshold for one in own}


def _path(tables: Tables, rules: Mapping[str, float]) -> certification_path.Tables:
    return certification_path.Tables(
        tables.table("judgements/standards_steps"),
        rules,
        tables.table("judgements/standards_training"),
        tables.table("frameworks/training_programmes"),
        tables.parameters,
        inputs.matrix(tables, price_tables=prices.of(tables)),
    )
