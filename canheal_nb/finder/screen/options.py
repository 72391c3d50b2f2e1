"""What the finder offers to choose, and what it gives along: questions, rights, networks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from canheal_nb.data import Dataset
from canheal_nb.finder.question import Finder
from canheal_nb.finder.screen import attributes
from canheal_nb.finder.screen.attributes import Known
from canheal_nb.finder.text import finder_text
from canheal_nb.indicators import facts, words
from canheal_nb.text.locale import _
from canheal_nb.text.question import parts

NEAREST = 5


@dataclass(frozen=True)
class Option:
    """One thing to choose."""

    value: str
    label: str
    chosen: bool = False
    note: str = ""


def choices(question: Finder, about: Known) -> dict[str, list[Option]]:
    """Return what can be chosen, by field."""
    reach = "drive" if question.travel == "car" else "straight"
    order = {"near": 0, "day": 1, "far": 2}
    rows = sorted(about.tables["reach"].itertuples(), key=lambda row: order[str(row.reach)])
    tumours = about.tables["tumours"]
    found: dict[str, list[tuple[str, str]]] = {
        "travel": [("car", _("by car")), ("none", _("I have no car"))],
        "reach": [(str(row.reach), _(str(getattr(row, reach)))) for row in rows],
        "where": [("own", _("only in my country")), ("both", _("also across a border"))],
        "who": [("", _("not said")), ("adult", _("an adult")), ("child", _("a child"))],
        "purpose": [("", _("treatment")), ("second", _("a second opinion"))],
        "tumour": [
            ("", _("not said")),
            *(
                (str(row.tumour), _(str(row.label)))
                for row in tumours.itertuples()
                if row.tumour != "child"
            ),
        ],
        "certified": [("", _("with or without")), ("oeci", _("only with an OECI certificate"))],
        "sort": [("way", _("the nearest first")), ("name", _("by name"))],
    }
    listed = {
        name: [Option(v, label, v == getattr(question, name)) for v, label in options]
        for name, options in found.items()
    }
    chosen = parts(question.has)
    listed["has"] = [
        Option(name, label, name in chosen, _("known for {n}").format(n=about.said[name].known))
        for name, label in about.labels("need").items()
    ]
    return listed


def weighing(question: Finder, about: Known) -> list[Option]:
    """Return the attributes that can be given a weight; `note` is the weight chosen."""
    labels = about.labels("weight")
    return [
        Option(name, labels[name], note=str(getattr(question, name)))
        for name in attributes.WEIGHTED
    ]


def network(
    question: Finder, dataset: Dataset, about: Known, km: pd.Series | None
) -> dict[str, Any] | None:
    """Return what is known of the network for the illness, and the nearest members we know.

    `km`: straight way to each centre, by centre_id. None where no illness was chosen.
    """
    rows = about.rows("tumours", "tumour", "child" if question.who == "child" else question.tumour)
    if rows.empty:
        return None
    row = rows.iloc[0]
    capability = str(row["capability"])
    yes = about.said[capability].yes if capability else frozenset()
    text = finder_text.network(str(row["network"]), len(yes), len(dataset.centres))
    cited = dataset.capabilities
    cited = cited[(cited["capability"] == capability) & cited["centre_id"].isin(yes)]
    ids = sorted(set(cited["source_id"]) - {""})
    members = [_member(dataset, centre, km) for centre in _nearest(yes, km)]
    return {"text": text, "members": members, "sources": facts.cited(dataset.sources, ids)}


def _nearest(centres: frozenset[str], km: pd.Series | None) -> list[str]:
    ordered = sorted(centres) if km is None else km[sorted(centres)].sort_values().index
    return [str(centre) for centre in ordered][:NEAREST]


def _member(dataset: Dataset, centre: str, km: pd.Series | None) -> str:
    row = dataset.centres.loc[centre]
    country = words.country_names(dataset.areas)[str(row["country"])]
    text = ", ".join((str(row["name"]), str(row["city"]), country))
    if km is None:
        return text
    way = finder_text.way(None, float(km[centre]), car=False)
    return _("{centre}: {way}").format(centre=text, way=way)


def questions(question: Finder, about: Known, *, away: bool) -> list[str]:
    """Return the questions to take along that fit what was chosen; `away`: also other countries."""
    kinds = ["all"]
    kinds += ["tumour"] if question.tumour else []
    kinds += ["child"] if question.who == "child" else []
    kinds += ["nocar"] if question.travel == "none" else []
    kinds += ["second"] if question.purpose == "second" else []
    kinds += ["abroad"] if away else []
    table = about.tables["questions"]
    return [_(str(text)) for kind in kinds for text in table["question"][table["about"] == kind]]


def rights(dataset: Dataset, about: Known) -> dict[str, list[dict[str, Any]]]:
    """Return the wording on emergencies, advice, care abroad, and whom to ask, with sources."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in about.tables["rights"].itertuples():
        ids = [part for part in str(row.source_id).split("+") if part]
        entry = {
            "text": _(str(row.text)),
            "ask": _(str(row.ask)),
            "sources": facts.cited(dataset.sources, ids),
        }
        found.setdefault(str(row.about), []).append(entry)
    return found
