"""Need and what stands today, country by country, so that anybody can redo it by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from canheal_nb.indicators import facts, words
from canheal_nb.need.model.services import DIFFER, Service
from canheal_nb.need.text import service_words
from canheal_nb.text.locale import _, ngettext
from canheal_nb.text.numbers import bound, decimal


@dataclass(frozen=True)
class Line:
    """One country: what is counted, the need, and what stands.

    `numbers`: count, need, what stands and what the source reports, plain; "" where not known;
    `bases`: of the need and of what stands, in a word.
    """

    area_id: str
    name: str
    count: str
    year: str
    need: str
    stands: str
    when: str
    notes: tuple[str, ...]
    numbers: tuple[str, ...]
    bases: tuple[str, str]


def answer(both: Sequence[str], services: int) -> str:
    """Return of which services need and what stands are known, `both`, of how many."""
    if not both:
        return _("Of no service are both the need and what stands today known.")
    said = ngettext(
        "Need and what stands today are both known for {n} of {all} services: {list}. For the "
        "others a plan can only count what it adds.",
        "Need and what stands today are both known for {n} of {all} services: {list}. For the "
        "others a plan can only count what it adds.",
        len(both),
    )
    listed = words.listed(_inside(service_words.service(name)) for name in both)
    return said.format(n=len(both), all=services, list=listed)


def computed(service: Service, share: float, label: str, chosen: str = "") -> str:
    """Return how the need of a country is computed; `label`: the name of what is counted.

    `chosen`: who chose the share and why, as `assumed` says it; "" for a sourced share.
    """
    if service.of is None:
        return _("No table counts what the need would be a share of, so there is no need.")
    edition = f" ({service.of.edition})" if service.of.edition else ""
    if service.whole:
        said = _("Need of a country = {label}{edition}: everybody is counted.")
        return said.format(label=label, edition=edition)
    if math.isnan(share):
        said = _(
            "Need of a country = {label}{edition} × a share. The share is not known, so the need "
            "is not; a scenario can assume it."
        )
        return said.format(label=label, edition=edition)
    said = _("Need of a country = {label}{edition} × {share}, rounded here to whole ones.")
    if chosen:
        said = _(
            "Need of a country = {label}{edition} × {share} (assumed), rounded here to whole ones."
        )
    told = said.format(label=label, edition=edition, share=bound(share))
    return f"{told} {chosen}".strip()


def stood(stands: pd.DataFrame, label: str, chosen: str = "") -> str:
    """Return where what stands comes from; `label`: of the series; `chosen`: as in `computed`."""
    if chosen:
        said = _("What stands = inhabitants × the assumed units per million / 1,000,000.")
        return f"{said} {chosen}"
    if not label:
        return _("No table counts what stands today, so it is not known for any country.")
    number = int(stands["baseline"].notna().sum())
    said = _("What stands = {label}, as reported; known for {n} of {all} countries.")
    return said.format(label=label, n=number, all=len(stands))


def assumed(by: str, why: str) -> str:
    """Return who chose an assumption, and why."""
    unstated = _("not stated")
    said = _("Assumed by: {by}. Why: {why}.")
    return said.format(by=by or unstated, why=(why or unstated).rstrip("."))


def example(
    name: str,
    service: str,
    rule: Service,
    need: pd.Series,
    stands: pd.Series,
    capacity: tuple[float, bool],
) -> str:
    """Return one country's need worked out, the units it keeps busy, and what they can serve.

    `capacity`: people a unit serves in a year, NaN where not known, and whether it is assumed.
    """
    if math.isnan(need["count"]):
        return _("{name}: the count is not known, so the need is not.").format(name=name)
    if math.isnan(need["need"]):
        return ""
    parts = []
    size, guessed = capacity
    if rule.whole:
        said = _("{name}: {need} {things}.")
    else:
        said = _("{name}: {count} × {share} = {need} {things}.")
    parts.append(
        said.format(
            name=name,
            count=decimal(need["count"]),
            share=bound(need["share"]),
            need=decimal(need["need"]),
            things=_(rule.counted),
        )
    )
    if size > 0:
        said = _("At {capacity} a unit that is {n}.")
        if guessed:
            said = _("At {capacity} a unit (assumed) that is {n}.")
        units = service_words.units(service, round(need["need"] / size, 1))
        parts.append(said.format(capacity=bound(size), n=units))
    parts.append(_standing(service, float(need["need"]), float(stands["baseline"]), size))
    return " ".join(parts)


def _standing(service: str, need: float, stands: float, size: float) -> str:
    if math.isnan(stands):
        return _("What stands is not known.")
    units = service_words.units(service, stands)
    if not (size > 0 and need > 0):
        return _("What stands: {n}.").format(n=units)
    share = stands * size / need
    said = _("What stands: {n}, for {number} × {capacity} / {need} = {share} of the benchmark.")
    if share > 1:
        said = _(
            "What stands: {n}, for {number} × {capacity} / {need} = {share} of the benchmark; a "
            "plan counts 100 % at most."
        )
    return said.format(
        n=units,
        number=service_words.count(stands),
        capacity=bound(size),
        need=decimal(need),
        share=service_words.share(share),
    )


def lines(need: pd.DataFrame, stands: pd.DataFrame, names: Mapping[str, str]) -> list[Line]:
    """Return one line per country; `need`, `stands`: as `services.need`, `.baseline` give them."""
    both = need.merge(stands, on="country", suffixes=("", "_stands"))
    found = [_line(row, names) for _i, row in both.iterrows()]
    return sorted(found, key=lambda line: line.name)


def alike(table: Sequence[Line]) -> list[str]:
    """Return the notes that stand at every country, to be said once."""
    return [note for note in table[0].notes if all(note in line.notes for line in table)]


def sheet(
    table: Sequence[Line], label: str, with_stands: bool = True
) -> tuple[list[str], list[list[str]]]:
    """Return the countries as a sheet; without what stands where it may not be passed on."""
    head = [_("Code"), _("Country"), label, _("Year"), _("Need"), _("Basis of the need")]
    head += [_("To know")]
    found = [
        [one.area_id, one.name, one.numbers[0], one.year, one.numbers[1], one.bases[0]]
        + ["; ".join(one.notes)]
        for one in table
    ]
    if not with_stands:
        return head, found
    head += [_("What stands today"), _("As reported"), _("Of when"), _("Basis of what stands")]
    both = zip(found, table, strict=True)
    return head, [[*cells, *one.numbers[2:], one.when, one.bases[1]] for cells, one in both]


def _line(row: pd.Series, names: Mapping[str, str]) -> Line:
    of_need, of_stands = (
        [facts.note(flag) for flag in str(row[name]).split(",") if facts.note(flag)]
        for name in ("flag", "flag_stands")
    )
    notes = [_("count: {note}").format(note=note) for note in of_need]
    notes += [_("what stands: {note}").format(note=note) for note in of_stands]
    if DIFFER in str(row["flag_stands"]).split(","):
        said = _(
            "{n} units are known, but not set against the need: it is not sure that both are of "
            "the same area"
        )
        notes.append(said.format(n=decimal(row["reported"])))
    numbers = [row["count"], row["need"], row["baseline"], row["reported"]]
    stands = {"flag": row["flag_stands"], "year": row["year_stands"]}
    return Line(
        area_id=str(row["country"]),
        name=names[str(row["country"])],
        count=_number(row["count"]),
        year="" if pd.isna(row["year"]) else str(row["year"]),
        need=_number(row["need"]),
        stands=service_words.count(float(row["baseline"])),
        when="" if math.isnan(row["reported"]) else words.age(stands),
        notes=tuple(notes),
        numbers=tuple("" if math.isnan(number) else f"{number:.10g}" for number in numbers),
        bases=(
            _(service_words.BASES[str(row["basis"])]),
            _(service_words.BASES[str(row["basis_stands"])]),
        ),
    )


def _inside(name: str) -> str:
    """Return a name as it stands inside a sentence; one that starts as PET-CT stays."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _number(value: float) -> str:
    return _("not known") if math.isnan(value) else decimal(value)
