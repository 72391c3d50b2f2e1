"""What is known, with its source: rows for tables, profiles and "where from?"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from canheal_nb.indicators import words
from canheal_nb.indicators.measures import Measure
from canheal_nb.text.locale import N_, _


@dataclass(frozen=True)
class Source:
    """A source as it is cited: every part that is not stated says so."""

    source_id: str
    title: str
    publisher: str
    year: str
    rights: str
    url: str
    via: str
    redistribute: str


@dataclass(frozen=True)
class Row:
    """One country's line in the table; `known` is False where there is no figure."""

    area_id: str
    name: str
    text: str
    age: str
    note: str
    source_ids: tuple[str, ...]
    known: bool


def cited(sources: pd.DataFrame, source_ids: list[str]) -> list[Source]:
    """Return the sources with these ids, in order, ready to be printed."""
    unstated = _("not stated")
    rows = []
    for source_id in source_ids:
        row = sources.loc[source_id]
        rows.append(
            Source(
                source_id,
                str(row["title"]),
                str(row["publisher"]) or unstated,
                str(row["year"]) if not _blank(row["year"]) else unstated,
                str(row["rights"]) or unstated,
                str(row["url"]),
                str(row["via"]),
                str(row["redistribute"]),
            )
        )
    return rows


def designation_words(kind: str) -> str:
    """Return an OECI designation (CCC, CC or "") in words."""
    return {
        "CCC": _("OECI Comprehensive Cancer Centre"),
        "CC": _("OECI Cancer Centre"),
        "": _("no OECI designation known"),
    }[kind]


def rows(
    measure: Measure,
    names: Mapping[str, str],
    spoken: Callable[[Measure, str], str] = words.figure,
) -> list[Row]:
    """Return one row per member state, by name, known or not; `spoken` words the figure."""
    return [_row(measure, area, names[area], spoken) for area in measure.members]


def sheet(measure: Measure, names: Mapping[str, str]) -> tuple[list[str], list[list[str]]]:
    """Return the measure as a sheet: head and one line per member state, known or not."""
    head = [_("Code"), _("Country"), _(measure.label), _("Unit"), _("In words"), _("Of when")]
    head += [_("To know"), _("Sources")]
    lines = []
    for row in rows(measure, names):
        known = row.area_id in measure.table.index
        number = f"{measure.table.at[row.area_id, 'number']:.10g}" if known else ""
        figures = [row.area_id, row.name, number, words.unit(measure), row.text, row.age]
        lines.append([*figures, row.note, " ".join(row.source_ids)])
    return head, lines


def _row(measure: Measure, area: str, name: str, spoken: Callable[[Measure, str], str]) -> Row:
    text = spoken(measure, area)
    if area not in measure.table.index:
        return Row(area, name, text, "", "", (), False)
    row = measure.table.loc[area]
    return Row(
        area,
        name,
        text,
        words.age(row),
        note(str(row["flag"])),
        tuple(str(row["source_id"]).split("+")),
        True,
    )


FLAGS = {
    "area_not_stated": N_("it is not stated which area is covered"),
    "break": N_("break in the series"),
    "constant_rates": N_("projected at constant rates"),
    "contradicted": N_("another source differs"),
    "definition_differs": N_("definition differs"),
    "derived": N_("computed from two sources"),
    "estimated": N_("modelled"),
    "government_area": N_("the area under the government's control"),
    "metropolitan": N_("metropolitan France only"),
    "old": N_("old"),
    "other_release": N_("another release than the rest"),
    "pop_base_differs": N_("population base differs by over 2 %"),
    "projection": N_("projection"),
    "provisional": N_("provisional"),
    "secondary": N_("read second-hand"),
    "subnational": N_("part of the country"),
    "undated": N_("undated"),
    "whole_island": N_("the whole island"),
}


def note(flag: str) -> str:
    """Return the flags of a figure in words; flags about the reading only are left out."""
    spoken = [_(FLAGS[part.strip()]) for part in flag.split(",") if part.strip() in FLAGS]
    return "; ".join(spoken)


def _blank(value: object) -> bool:
    return bool(pd.isna(value)) or value == ""
