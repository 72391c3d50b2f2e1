"""Which training fits the gaps of a self-check, in the order of its path, and what it leaves open.

Which programme is for which gap is the project's judgement and comes in as a table. A gap without
a programme is named, so that nobody takes training for the whole answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from canheal_nb.designation.model import certification_path
from canheal_nb.designation.model.criteria import NOT_MET, Verdict
from canheal_nb.designation.model.self_check import Check

THEME = "maturity:"
STATED = ("name", "audience", "provider", "topic", "period", "duration", "cost", "place")


@dataclass(frozen=True)
class Offer:
    """A programme as its source states it; "" is not stated. `ended`: over as of the date asked."""

    name: str
    audience: str
    provider: str
    topic: str
    period: str
    duration: str
    cost: str
    place: str
    ended: bool
    source_id: str
    why: str = ""


@dataclass(frozen=True)
class Want:
    """A gap, or a criterion or theme that is open: what it is, and the programmes for it.

    `owner` and `due`: as typed in for the step of this gap.
    """

    asked: str
    text: str
    verdict: Verdict
    offers: tuple[Offer, ...]
    owner: str = ""
    due: dt.date | None = None

    @property
    def running(self) -> bool:
        """Whether a programme for it goes on."""
        return any(not one.ended for one in self.offers)


def wants(
    found: Check, training: pd.DataFrame, programmes: pd.DataFrame, as_of: dt.date
) -> list[Want]:
    """Return gaps in the order of the path, then themes of maturity, then what is open.

    `training`: asked, programme, why; `programmes`: the columns of `Offer` but `ended` and `why`.
    """
    every = offers(programmes, as_of)
    rows: Mapping[str, list[tuple[str, str]]] = {
        str(asked): [(str(r["programme"]), str(r["why"])) for _i, r in own.iterrows()]
        for asked, own in training.groupby("asked")
    }

    def fitting(asked: str) -> tuple[Offer, ...]:
        own = [_because(every[name], why) for name, why in rows.get(asked, [])]
        return tuple(sorted(own, key=lambda one: one.ended))

    gaps = [
        Want(s.step.asked, s.step.text, NOT_MET, fitting(s.step.asked), s.owner, s.due)
        for s in found.plan.slots
    ]
    themes: dict[str, Verdict] = {}
    for one in found.reached:
        if one.stop and themes.get(one.theme) != NOT_MET:
            themes[one.theme] = NOT_MET if one.stop == NOT_MET else "open"
    levels = [Want(THEME + t, t, said, fitting(THEME + t)) for t, said in themes.items()]
    open_ = [
        Want(r.criterion.asked, r.criterion.text, "open", fitting(r.criterion.asked))
        for r in found.open
    ]
    return [*gaps, *(w for w in levels if w.verdict == NOT_MET), *open_] + [
        w for w in levels if w.verdict != NOT_MET
    ]


def offers(programmes: pd.DataFrame, as_of: dt.date) -> dict[str, Offer]:
    """Return every programme by its name, in the order of the table."""
    found = {}
    for _i, row in programmes.iterrows():
        stated = {name: str(row[name]) for name in STATED}
        over = certification_path.ended(stated["period"], as_of)
        found[stated["name"]] = Offer(**stated, ended=over, source_id=str(row["source_id"]))
    return found


def chosen(found: Sequence[Want]) -> list[Offer]:
    """Return the programmes for known gaps, each once, those that go on first."""
    own = {one.name: one for want in found if want.verdict == NOT_MET for one in want.offers}
    return sorted(own.values(), key=lambda one: one.ended)


def _because(one: Offer, why: str) -> Offer:
    return Offer(**{**vars(one), "why": why})
