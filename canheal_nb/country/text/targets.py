"""Targets set by policy and whether the data say that they are met: met, missed, or not known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from canheal_nb.atlas.model import disparity
from canheal_nb.data import Dataset
from canheal_nb.indicators import measures, words
from canheal_nb.text.locale import _, ngettext

TARGETS, CHOSEN = "frameworks/targets", "judgements/target_measures"


@dataclass(frozen=True)
class Goal:
    """One target: what, how much, by when, set by whom, and its state in words.

    `sources`: of the target, then of the figures it is held against.
    """

    what: str
    mark: str
    year: str
    policy: str
    state: str
    sources: tuple[str, ...]


def goals(dataset: Dataset) -> list[Goal]:
    """Return every target of the edition, the ones that a measure answers first.

    Proposals, baselines and reported states are not targets and are left out.
    """
    rows = dataset.table(TARGETS)
    rows = rows[rows["kind"] == "target"]
    chosen = dataset.table(CHOSEN)
    answered = {
        (str(row["target"]), str(row["policy"])): str(row["indicator"])
        for _i, row in chosen.iterrows()
    }
    made = [_goal(dataset, row, answered) for _i, row in rows.iterrows()]
    return [goal for has, goal in sorted(made, key=lambda pair: not pair[0])]


def _goal(
    dataset: Dataset, row: pd.Series, answered: dict[tuple[str, str], str]
) -> tuple[bool, Goal]:
    show = answered.get((str(row["target"]), str(row["policy"])))
    sources = [str(row["source_id"])]
    if show:
        measure = measures.measure(dataset, show)
        sources += measure.sources
        state = _held(measure, row, dataset.edition.as_of)
    else:
        state = _unheld(row, dataset.edition.as_of)
    goal = Goal(
        what=_(str(row["target"])),
        mark=_mark(row),
        year=str(row["year"]) or _("not stated"),
        policy=_(str(row["policy"])),
        state=state,
        sources=tuple(sources),
    )
    return bool(show), goal


def _mark(row: pd.Series) -> str:
    if not row["value"]:
        return _("no figure")
    if row["value"] == "yes":
        return _("to be in place")
    value = words.as_published(str(row["value"]))
    if row["upper"]:
        value = _("{low} to {high}").format(low=value, high=words.as_published(str(row["upper"])))
    sign = {">=": "≥ ", "<=": "≤ ", "<": "< ", ">": "> "}.get(str(row["operator"]), "")
    return f"{sign}{value} {_(str(row['unit']))}"


def _held(measure: measures.Measure, row: pd.Series, as_of: dt.date) -> str:
    known = measure.exact["number"]
    met = disparity.reached(known, str(row["operator"]), float(row["value"]))
    years = measure.table["year"].dropna()
    text = ngettext(
        "met in {n} of {known} member states known ({year})",
        "met in {n} of {known} member states known ({year})",
        len(met),
    ).format(
        n=len(met), known=len(known), year=int(years.max()) if len(years) else _("year not stated")
    )
    if len(known) < len(measure.members):
        missing = len(measure.members) - len(known)
        text += "; " + _("not known for {n}").format(n=missing)
    return text if _past(row, as_of) else text + "; " + _("not yet due")


def _unheld(row: pd.Series, as_of: dt.date) -> str:
    if _past(row, as_of):
        return _("past its date; not known if met")
    return _("not known")


def _past(row: pd.Series, as_of: dt.date) -> bool:
    return str(row["year"]).isdigit() and int(row["year"]) < as_of.year
