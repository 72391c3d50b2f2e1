"""Sequencing and counselling: what is needed, what there is, what it costs, figure by figure.

Every figure says where it comes from: sourced (the input matrix), assumed (whoever answers typed
it), computed (from others here), or none. Nothing unknown becomes nought; what is computed from an
unknown figure is none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from canheal_nb.uncertainty.sampling import ASSUMED, NONE, SOURCED

COMPUTED = "computed"
PLANNED, NOW, SEQUENCER = "samples_planned", "samples_now", "sequencer_samples"
PATIENTS, COUNSELLORS = "counsel_patients", "counsellors"
EACH, YEARLY, REMOTE = "counsel_hours", "counsellor_hours", "counsel_remote"
PERCENT = 100.0


@dataclass(frozen=True)
class Figure:
    """One figure; `value` is NaN where it is not known (basis "none").

    `why`: the reason of the input matrix, or what is missing; `weak`: of a weak source.
    """

    name: str
    value: float
    basis: str
    source_id: str = ""
    why: str = ""
    weak: bool = False

    @property
    def known(self) -> bool:
        """Whether there is a figure."""
        return not math.isnan(self.value)


def sequencing(cells: pd.DataFrame, amounts: Mapping[str, float]) -> list[Figure]:
    """Return what sequencing takes: samples, what is short, money, and what nobody knows.

    `cells`: the input matrix of molecular testing by cell (value, basis, source_id, why, weak),
    money in euros; `amounts`: typed numbers by name, NaN where blank. Samples a year; a sequencer
    is bought for the samples that are short, in whole ones.
    """
    why = cells["why"]
    planned = _given(PLANNED, amounts, str(why["need"]))
    now = _given(NOW, amounts, str(why["baseline"]))
    each = _given(SEQUENCER, amounts, str(why["capacity"]))
    price, capital = (_cell(cells.loc[name], name) for name in ("running", "capital"))
    short = _made("short", max(planned.value - now.value, 0.0), planned, now)
    wanted = math.nan if not each.value else short.value / each.value
    more = _made("sequencers", wanted if math.isnan(wanted) else math.ceil(wanted), short, each)
    return [
        planned,
        now,
        short,
        price,
        _made("yearly", planned.value * price.value, planned, price),
        each,
        more,
        capital,
        _made("purchase", more.value * capital.value, more, capital),
        *(_cell(cells.loc[name], name) for name in ("life", "lag", "staff")),
    ]


def counselling(
    need: float, source_id: str, cells: pd.DataFrame, amounts: Mapping[str, float]
) -> list[Figure]:
    """Return the load of counselling: hours asked for over hours there are, and journeys saved.

    `need`: people a year who would meet the criteria for a test, NaN where not known; it is taken
    where nobody typed another. `amounts`: as above; REMOTE is a share in percent of consultations
    at a distance, each of which saves one journey.
    """
    asked = amounts.get(PATIENTS, math.nan)
    patients = Figure(PATIENTS, asked, ASSUMED)
    if math.isnan(asked):
        basis = NONE if math.isnan(need) else SOURCED
        patients = Figure(PATIENTS, need, basis, source_id if basis == SOURCED else "")
    people = _given(COUNSELLORS, amounts, str(cells.at["baseline", "why"]))
    each = _given(EACH, amounts, str(cells.at["capacity", "why"]))
    yearly, remote = (_given(name, amounts) for name in (YEARLY, REMOTE))
    hours = _made("hours", patients.value * each.value, patients, each)
    there = _made("hours_there", people.value * yearly.value, people, yearly)
    load = hours.value / there.value * PERCENT if there.value else math.nan
    saved = patients.value * remote.value / PERCENT
    return [
        patients,
        each,
        hours,
        people,
        yearly,
        there,
        _made("load", load, hours, there),
        remote,
        _made("journeys", saved, patients, remote),
    ]


def _given(name: str, amounts: Mapping[str, float], why: str = "") -> Figure:
    """Return a number as typed, else none with the reason of the matrix."""
    value = amounts.get(name, math.nan)
    return Figure(name, value, NONE, why=why) if math.isnan(value) else Figure(name, value, ASSUMED)


def _cell(cell: pd.Series, name: str) -> Figure:
    value = float(cell["value"])
    if math.isnan(value):
        return Figure(name, value, NONE, why=str(cell["why"]))
    source = str(cell["source_id"])
    return Figure(name, value, SOURCED, source, str(cell["why"]), bool(cell["weak"]))


def _made(name: str, value: float, *of: Figure) -> Figure:
    """Return a computed figure, weak where one behind it is; none where one is not known."""
    if math.isnan(value) or not all(one.known for one in of):
        return Figure(name, math.nan, NONE)
    return Figure(name, value, COMPUTED, weak=any(one.weak for one in of))
