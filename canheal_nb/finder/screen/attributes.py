"""What the centre finder knows before anybody asks: attributes, needs, titles, places, wording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from canheal_nb.centres.model import selection
from canheal_nb.centres.model.selection import Said
from canheal_nb.centres.text import centre_map
from canheal_nb.data import Dataset
from canheal_nb.finder.model.matching import yes_no
from canheal_nb.finder.question import Finder
from canheal_nb.indicators.designated_centres import designations
from canheal_nb.indicators.measures import DESIGNATION
from canheal_nb.text.locale import _
from canheal_nb.text.question import parts

TABLE = "judgements/finder_{name}"
LAYERS = "judgements/ccc_layers"
CHILDREN, UNIVERSITY = "ern_paedcan", "university_hospital"
WEIGHTED = ("nearness", "own_country", "certificate", "comprehensive", "university")


@dataclass(frozen=True, eq=False)
class Known:
    """Tables of judgements by name, what is known of capabilities, and `x, y` of the centres.

    `said`: by capability, plus "comprehensive" (any layer) and "adults" (children's hospitals
    are known not to be for them).
    """

    tables: Mapping[str, pd.DataFrame]
    said: Mapping[str, Said]
    kinds: Mapping[str, str]
    where: pd.DataFrame

    def rows(self, name: str, column: str, value: str) -> pd.DataFrame:
        """Return the rows of a table of judgements where a column has a value."""
        table = self.tables[name]
        return table[table[column] == value]

    def labels(self, use: str) -> dict[str, str]:
        """Return the words for the attributes of a use: weight, need or not offered."""
        rows = self.rows("attributes", "use", use)
        return {str(r.attribute): _(str(r.label)) for r in rows.itertuples()}


@lru_cache(maxsize=2)
def known(dataset: Dataset) -> Known:
    """Return what does not depend on the question."""
    names = ("attributes", "children", "questions", "reach", "rights", "tumours")
    tables = {name: dataset.table(TABLE.format(name=name)) for name in names}
    tables["layers"] = dataset.table(LAYERS)
    needs = tables["attributes"]
    asked = {*needs["rests_on"][needs["use"] == "need"], CHILDREN, UNIVERSITY, DESIGNATION}
    asked |= set(tables["tumours"]["capability"]) - {""}
    said = {str(c): selection.said_of(dataset, str(c)) for c in sorted(asked)}
    said["comprehensive"] = selection.designated(dataset, tables["layers"], "any")
    young = frozenset(map(str, tables["children"]["centre_id"]))
    said["adults"] = Said(frozenset(map(str, dataset.centres.index)) - young, young)
    kinds = {str(i): str(kind) for i, kind in designations(dataset.capabilities).items()}
    return Known(tables, said, kinds, centre_map.located(dataset.centres, dataset.map))


def needs(question: Finder, about: Known) -> dict[str, Said]:
    """Return what the centre must have, each with what is known of it."""
    found = {name: about.said[name] for name in parts(question.has)}
    if question.who == "child":
        found[CHILDREN] = about.said[CHILDREN]
    if question.who == "adult":
        found["adults"] = about.said["adults"]
    if question.certified:
        found[DESIGNATION] = about.said[DESIGNATION]
    return found


def weights(question: Finder) -> dict[str, str]:
    """Return what matters to the person, with its weight; what does not is left out."""
    given = {name: str(getattr(question, name)) for name in WEIGHTED}
    return {name: weight for name, weight in given.items() if weight != "0"}


def values(about: Known, centre: str, *, own: bool, near: float | None) -> dict[str, float | None]:
    """Return what every attribute is worth at a centre, 0 to 1; None for not known."""
    return {
        "nearness": near,
        "own_country": float(own),
        "certificate": yes_no(about.said[DESIGNATION], centre),
        "comprehensive": yes_no(about.said["comprehensive"], centre),
        "university": yes_no(about.said[UNIVERSITY], centre),
    }
