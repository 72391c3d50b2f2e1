"""What sequencing, counselling and genomes come to in words: each figure with where it is from."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

import pandas as pd

from canheal_nb.data import Dataset
from canheal_nb.designation.model import criteria
from canheal_nb.genomics.model import workload
from canheal_nb.genomics.model.next_steps import Check
from canheal_nb.genomics.model.workload import Figure
from canheal_nb.need.model import inputs, services
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import N_, _
from canheal_nb.text.numbers import bound, significant
from canheal_nb.uncertainty.sampling import ASSUMED, NONE, SOURCED

TESTING, COUNSELLING = "molecular_testing", "genetic_counselling"
GENOMES = "genomes_planned"
BOUNDS = "judgements/genomics_bounds"
SECTIONS: dict[str, tuple[str, ...]] = {
    N_("Sequencing of tumours"): (workload.PLANNED, workload.NOW, workload.SEQUENCER),
    N_("Genetic counselling and telegenetics"): (
        workload.PATIENTS,
        workload.COUNSELLORS,
        workload.EACH,
        workload.YEARLY,
        workload.REMOTE,
    ),
    N_("Genome of Europe"): (GENOMES,),
}
NUMBERS = {
    workload.PLANNED: N_("Samples a year that you plan"),
    workload.NOW: N_("Samples a year that can be done now"),
    workload.SEQUENCER: N_("Samples a year that you assume for one sequencer"),
    workload.PATIENTS: N_(
        "People a year to counsel (blank: the sourced number, where there is one)"
    ),
    workload.COUNSELLORS: N_("Counsellors you have, full time"),
    workload.EACH: N_("Hours that you assume for one person counselled"),
    workload.YEARLY: N_("Hours of counselling that you assume for one counsellor in a year"),
    workload.REMOTE: N_("Percent of consultations at a distance (telegenetics)"),
    GENOMES: N_("Genomes that you plan for Genome of Europe"),
}
STATUS = {
    "gdi_node": N_("A national node of the genomic data infrastructure works"),
    "genomes_cancer": N_("Its genomes are linked to cancer care"),
}
SHORTER = {
    workload.PLANNED: N_("Samples needed a year"),
    workload.NOW: N_("Samples available a year"),
    "short": N_("Samples missing a year"),
    "running": N_("Cost of one sample (targeted panel), euros"),
    "yearly": N_("Cost of the samples needed, euros a year"),
    workload.SEQUENCER: N_("Samples a year of one sequencer"),
    "sequencers": N_("Sequencers for what is missing"),
    "capital": N_("Purchase of one sequencer, euros"),
    "purchase": N_("Purchase of these sequencers, euros"),
    "life": N_("Years a sequencer lasts"),
    "lag": N_("Years until the first patient"),
    "staff": N_("People for one laboratory"),
    workload.PATIENTS: N_("People to counsel a year"),
    workload.EACH: N_("Hours for one person"),
    "hours": N_("Hours of counselling needed a year"),
    workload.COUNSELLORS: N_("Counsellors, full time"),
    workload.YEARLY: N_("Hours of one counsellor in a year"),
    "hours_there": N_("Hours of counselling there are a year"),
    "load": N_("Load: hours needed of hours there are, percent"),
    workload.REMOTE: N_("At a distance, percent"),
    "journeys": N_("Journeys saved a year, one for each consultation at a distance"),
}
BASES = {
    SOURCED: N_("sourced"),
    ASSUMED: N_("assumed by you"),
    workload.COMPUTED: N_("computed"),
    NONE: N_("none"),
}
Row = tuple[str, str, str, str]
_KEYS = re.compile(r" \([a-z0-9]+_[a-z0-9_, ]+\)")  # names of parameters, for those who check


def bounds(dataset: Dataset) -> dict[str, criteria.Bounds]:
    """Return between which numbers each typed one is expected, with its unit, by name."""
    rows = dataset.table(BOUNDS).to_dict("records")
    return {
        row["asked"]: criteria.Bounds(float(row["low"]), float(row["high"]), row["unit"])
        for row in rows
    }


def numbers(said: Mapping[str, str], dataset: Dataset) -> tuple[dict[str, float], list[str]]:
    """Return the numbers that were typed and what could not be read or is not to be expected.

    A number is NaN where it is blank, cannot be read, or is outside its bounds: nothing is
    computed from it then.
    """
    amounts, wrong, expected = {}, [], bounds(dataset)
    for name, label in NUMBERS.items():
        text = said.get(name, "")
        try:
            amount = criteria.number(text)
            if amount < 0:
                sentence = _("{n} is less than nought; write nought or more.")
                raise UserError(sentence.format(n=bound(amount)), code="impossible-answer")
            if name == workload.REMOTE and amount > workload.PERCENT:
                sentence = _("{n} percent is more than all; write 100 or less.")
                raise UserError(sentence.format(n=bound(amount)), code="impossible-answer")
            criteria.require_possible(amount, text, expected[name])
            amounts[name] = amount
        except UserError as error:
            amounts[name] = math.nan
            wrong.append(f"{_(label)}: {error}")
    return amounts, wrong


def names() -> list[str]:
    """Return the names of all numbers and statuses that can be typed."""
    return [*NUMBERS, *STATUS]


@lru_cache(maxsize=4)
def cells(dataset: Dataset, service: str) -> pd.DataFrame:
    """Return the inputs of a service by cell, money in euros of one year; do not change them."""
    table = inputs.matrix(dataset)
    return table[table["service"] == service].set_index("cell")


def sequencing(amounts: Mapping[str, float], dataset: Dataset) -> tuple[list[Row], list[str]]:
    """Return what sequencing needs, has and costs, a row per figure, and the sources."""
    return _rows(workload.sequencing(cells(dataset, TESTING), amounts))


def counselling(
    country: str, amounts: Mapping[str, float], dataset: Dataset
) -> tuple[list[Row], list[str]]:
    """Return the load of counselling, a row per figure, and the sources."""
    need = services.need(dataset, COUNSELLING).set_index("country")
    known = country in need.index
    people = float(need.at[country, "need"]) if known else math.nan
    source = str(need.at[country, "source_id"]) if known else ""
    return _rows(workload.counselling(people, source, cells(dataset, COUNSELLING), amounts))


def genomes(
    signed: str, said: Mapping[str, str], amounts: Mapping[str, float], goal: float
) -> list[Row]:
    """Return where a place stands with 1+ Million Genomes and Genome of Europe.

    `signed`: the declaration, "" where not known; `goal`: genomes of Genome of Europe.
    """
    declared = {"yes": _("yes"), "no": _("no")}.get(signed, _("not known"))
    basis = SOURCED if signed else NONE
    made = [(_("Declaration on 1+ Million Genomes signed"), declared, _(BASES[basis]), "")]
    planned = amounts[GENOMES]
    known = not math.isnan(planned)
    share = _("{share} percent of the {goal} of Genome of Europe").format(
        share=bound(round(planned / goal * workload.PERCENT, 2)) if known else "", goal=bound(goal)
    )
    value = bound(planned) if known else _("not known")
    basis = ASSUMED if known else NONE
    made.append((_("Genomes planned"), value, _(BASES[basis]), share if known else ""))
    for name, text in STATUS.items():
        answer = {"yes": _("yes"), "no": _("no")}.get(said.get(name, ""))
        basis = ASSUMED if answer else NONE
        made.append((_(text), answer or _("not assessed"), _(BASES[basis]), ""))
    return made


def biomarkers(found: Check) -> list[tuple[str, str, str]]:
    """Return the metrics of biomarker testing: of access or quality, its text, its answer."""
    kinds = {"access": _("access"), "quality": _("quality")}
    answers = {"yes": _("yes"), "no": _("no"), "": _("not assessed")}
    return [
        (kinds[one.part], _(one.text), answers[said])
        for one, said in found.stated
        if one.id.startswith("IQN")
    ]


def parted(rows: Iterable[Row]) -> tuple[list[Row], list[str]]:
    """Return the rows that are known or typed, and the names of those that are not."""
    every = list(rows)
    none = _(BASES[NONE])
    known = [row for row in every if row[2] != none]
    return known, [row[0] for row in every if row[2] == none]


def _rows(figures: Iterable[Figure]) -> tuple[list[Row], list[str]]:
    made, ids = [], []
    for one in figures:
        value = _("not known") if not one.known else _said(one)
        basis = _(BASES[one.basis])
        if one.weak:
            basis = _("{basis}, weak source").format(basis=basis)
        made.append((_(SHORTER[one.name]), value, basis, _KEYS.sub("", one.why)))
        ids += [part for part in one.source_id.split("+") if part]
    return made, ids


def _said(one: Figure) -> str:
    """Return a figure: as typed, or to two figures where it was found or computed with one."""
    exact = one.basis == ASSUMED or one.name in ("short", "sequencers")
    return bound(one.value) if exact else significant(one.value)
