"""What the money model knows, in rows and words: for the screen and for a page of a report.

Five states, each with a sign and a word, so that none rests on colour: sourced, weak source,
assumed, price not usable (found, but it cannot be brought to the year), none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from canheal_nb.indicators.facts import Source
from canheal_nb.need.model import inputs, prices
from canheal_nb.need.text import service_words
from canheal_nb.text.locale import N_, _, ngettext
from canheal_nb.text.numbers import bound, decimal
from canheal_nb.uncertainty.sampling import ASSUMED, NONE, SOURCED

STATES = {
    "sourced": ("●", N_("sourced")),
    "weak": ("◐", N_("weak source")),
    "assumed": ("◆", N_("assumed")),
    "refused": ("⊘", N_("price not usable")),
    "none": ("○", N_("none")),
}
MEANINGS = {
    "sourced": N_("a source states it"),
    "weak": N_("a source states it, but it is thin: one purchase, one place, or a copy"),
    "assumed": N_("whoever wrote the scenario chose it, and says why"),
    "refused": N_("a price was found that cannot be brought to euros of one year"),
    "none": N_("no figure; what needs it is not computed, and it is never taken as 0"),
}
UNITS = {
    "fraction": N_("of those counted"),
    "fraction of new cases": N_("of all new cases"),
    "share": N_("of those counted"),
    "RTT per unit (on shift)": N_("radiation therapists on a machine at once"),
}
NUMBERS = ("value", "low", "high")
_SMALL = 1000


@dataclass(frozen=True)
class Cell:
    """One input as it is shown; texts are "" where there is nothing to say.

    `state`: a key of `STATES`; `value`: the figure with its unit, or the bounds; `when`: of which
    year; `span`: the bounds, or why the source's bounds are none; `steps`: how a price came to
    euros of one year; `refused`: why it did not; `blank`: what a scenario can assume.
    """

    service: str
    cell: str
    name: str
    state: str
    sign: str
    word: str
    value: str = ""
    when: str = ""
    span: str = ""
    steps: tuple[str, ...] = ()
    refused: str = ""
    why: str = ""
    note: str = ""
    by: str = ""
    blank: str = ""
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class ByCountry:
    """A figure that each country has its own of: known for `known` of `members`, of `years`."""

    known: int
    members: int
    years: str


@dataclass(frozen=True)
class Row:
    """One service with its cells; `said`: how many of them are sourced, assumed and none."""

    service: str
    name: str
    said: str
    cells: tuple[Cell, ...]


def rows(
    matrix: pd.DataFrame, published: pd.DataFrame, known: Mapping[str, ByCountry]
) -> list[Row]:
    """Return the matrix (see `inputs.matrix`) row by row.

    `published`: as `Dataset.parameters`, with the year of the source, "" where not stated, in
    `year`; `known`: the figures by country, by input ("mri.baseline").
    """
    found = []
    for service, cells in matrix.groupby("service", sort=False):
        shown = tuple(_cell(row, published, known) for _i, row in cells.iterrows())
        name = service_words.service(str(service))
        found.append(Row(str(service), name, counts(inputs.share(cells)), shown))
    return found


def state(row: pd.Series) -> str:
    """Return in which of `STATES` a cell of the matrix is."""
    if row["basis"] == NONE:
        return "refused" if row["key"] else "none"
    if row["basis"] == ASSUMED:
        return "assumed"
    return "weak" if row["weak"] else "sourced"


def signs(matrix: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    """Return every sign with its word, how many cells it has, and what it means, for a key."""
    states = matrix.apply(state, axis=1).value_counts()
    found = []
    for name, meaning in MEANINGS.items():
        sign, word = STATES[name]
        found.append((sign, _(word), part(int(states.get(name, 0)), len(matrix)), _(meaning)))
    return found


def totals(matrix: pd.DataFrame) -> list[tuple[str, str]]:
    """Return per input its name and of how many services it is sourced, assumed and none."""
    return [
        (_(service_words.CELLS[str(cell)]), counts(inputs.share(cells)))
        for cell, cells in matrix.groupby("cell", sort=False)
    ]


def part(number: int, whole: int) -> str:
    """Return "19 (24 %)"."""
    said = _("{number} ({share} %)")
    return said.format(number=number, share=decimal(100 * number / whole))


def counts(share: Mapping[str, int]) -> str:
    """Return "19 sourced, 2 assumed, 59 none"."""
    said = _("{sourced} sourced, {assumed} assumed, {none} none")
    return said.format(**share)


def shares(matrix: pd.DataFrame) -> str:
    """Return in a sentence or two how much of the matrix has a source."""
    share, states = inputs.share(matrix), matrix.apply(state, axis=1).value_counts()
    said = _("Of {all} inputs {sourced} have a source and {assumed} are assumed; {none} have none.")
    if not share[ASSUMED]:
        said = _("Of {all} inputs {sourced} have a source; {none} have none.")
    told = {name: part(number, len(matrix)) for name, number in share.items()}
    parts = [said.format(all=len(matrix), **told)]
    weak, refused = (int(states.get(name, 0)) for name in ("weak", "refused"))
    if weak:
        text = ngettext("{n} of the sources is weak.", "{n} of the sources are weak.", weak)
        parts.append(text.format(n=weak))
    if refused:
        text = ngettext(
            "{n} price was found that cannot be brought to euros of {year}.",
            "{n} prices were found that cannot be brought to euros of {year}.",
            refused,
        )
        parts.append(text.format(n=refused, year=prices.TARGET_YEAR))
    return " ".join(parts)


def figure(value: float, unit: str, priced: bool = False) -> str:
    """Return a figure with its unit, whole from a thousand on; prices below with two decimals."""
    whole = priced or abs(value) >= _SMALL
    number = decimal(value, 0 if abs(value) >= _SMALL else 2) if whole else bound(value)
    if unit == "years":
        unit = ngettext("year", "years", 1 if value == 1 else 2)
    return f"{number} {_(UNITS.get(unit, unit))}" if unit else number


def sheet(
    matrix: pd.DataFrame, table: Sequence[Row], sources: Mapping[str, Source]
) -> tuple[list[str], list[list[str]]]:
    """Return the matrix as a sheet: head, and a line per service and cell; numbers are plain.

    `table`: the same rows as they are shown; `sources`: by id.
    """
    head = [_("Service"), _("Input"), _("Basis"), _("Value"), _("Low"), _("High"), _("Unit")]
    head += [_("Of when"), _("In words"), _("How it came about"), _("Why"), _("Note"), _("By")]
    head += [_("Figure"), _("Sources"), _("Rights")]
    found = []
    cells = [(row.name, cell) for row in table for cell in row.cells]
    for (service, cell), line in zip(cells, matrix.to_dict("records"), strict=True):
        numbers = ["" if math.isnan(line[name]) else f"{line[name]:.10g}" for name in NUMBERS]
        cited = [sources[name] for name in cell.source_ids]
        rights = "; ".join(dict.fromkeys(source.rights for source in cited))
        found.append(
            [service, cell.name, cell.word, *numbers, str(line["unit"]), cell.when, cell.value]
            + ["; ".join(cell.steps), cell.why, cell.refused or cell.note, cell.by]
            + [str(line["key"]), " ".join(cell.source_ids), rights]
        )
    return head, found


def _cell(row: pd.Series, published: pd.DataFrame, known: Mapping[str, ByCountry]) -> Cell:
    kind = state(row)
    sign, word = STATES[kind]
    series = known.get(f"{row['service']}.{row['cell']}")
    found = published.loc[row["key"]] if row["key"] in published.index else None
    value, span, when = _value(row), "", ""
    if series is not None and row["basis"] == SOURCED and math.isnan(row["value"]):
        value = _("known for {n} of {all} countries").format(n=series.known, all=series.members)
    elif row["basis"] != NONE and not math.isnan(row["value"]):
        span = _span(row, found)
    if row["basis"] == SOURCED:
        when = _when(row, found, series)
    blank = ""
    if row["basis"] == NONE and row["unit"]:
        unit = row["unit"] if kind == "none" else _("EUR of 2023")
        blank = _("A scenario can assume it; unit: {unit}.").format(unit=_(str(unit)))
    refused = kind == "refused"
    return Cell(
        service=str(row["service"]),
        cell=str(row["cell"]),
        name=_(service_words.CELLS[str(row["cell"])]),
        state=kind,
        sign=sign,
        word=_(word),
        value=value,
        when=when,
        span=span,
        steps=_steps(row, found, value),
        refused=str(row["note"]) if refused else "",
        why=str(row["why"]),
        note="" if refused else str(row["note"]),
        by=str(row["by"]),
        blank=blank,
        source_ids=tuple(part for part in str(row["source_id"]).split("+") if part),
    )


def _when(row: pd.Series, published: pd.Series | None, series: ByCountry | None) -> str:
    if row["price_steps"]:
        return _("prices of {year}").format(year=prices.TARGET_YEAR)
    if published is None:
        years = series.years if series is not None else ""
        return _("figures of {years}").format(years=years) if years else ""
    if not published["year"]:
        return _("the source states no year")
    return _("source of {year}").format(year=published["year"])


def _value(row: pd.Series) -> str:
    if row["basis"] == NONE:
        return ""
    unit = str(row["unit"])
    if not math.isnan(row["value"]):
        return figure(float(row["value"]), unit, bool(row["price_steps"]))
    if math.isnan(row["low"]) or math.isnan(row["high"]):
        return ""
    said = _("between {low} and {high}")
    return said.format(low=bound(row["low"]), high=figure(row["high"], unit))


def _span(row: pd.Series, published: pd.Series | None) -> str:
    low, high = float(row["low"]), float(row["high"])
    if math.isnan(low) and math.isnan(high):
        if published is None or published.get("range_kind") != "contrast":
            return ""
        said = _("The source's other figures ({list}) are other cases, not a range.")
        ends = [published["low"], published["high"]]
        return said.format(list=", ".join(bound(end) for end in ends if not math.isnan(end)))
    said = _("Range: {low} to {high}.")
    if math.isnan(low) or math.isnan(high):
        said = _("At least {low}.") if math.isnan(high) else _("At most {high}.")
    return said.format(low=figure(low, ""), high=figure(high, ""))


def _steps(row: pd.Series, published: pd.Series | None, value: str) -> tuple[str, ...]:
    if not row["price_steps"] or published is None:
        return ()
    said = _("{price}, prices of {year}")
    price = figure(float(published["value"]), str(published["unit"]), priced=True)
    first = said.format(price=price, year=published["price_year"])
    last = _("= {value}, prices of {year}").format(value=value, year=prices.TARGET_YEAR)
    return (first, *str(row["price_steps"]).split("; "), last)
