"""What the money model knows, in rows and words: for the screen and for a page of a report.

Five states, each with a sign and a word, so that none rests on colour: sourced, weak source,
assumed, price not usable (found, but it cannot be brought to the year), none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from canheal_nb.locale import N_, _, ngettext
from canheal_nb.model import inputs, prices
from canheal_nb.views import scenario_words
from canheal_nb.views.figures import bound, decimal

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
BY_COUNTRY = ("need", "baseline")
UNITS = {
    "fraction": N_("of those counted"),
    "fraction of new cases": N_("of all new cases"),
    "share": N_("of those counted"),
    "RTT per unit (on shift)": N_("radiation therapists on a machine at once"),
}
_SMALL = 1000


@dataclass(frozen=True)
class Cell:
    """One input as it is shown; texts are "" where there is nothing to say.

    `state`: a key of `STATES`; `value`: the figure with its unit, or the bounds; `span`: the
    bounds, or why the source's bounds are none; `steps`: how a price came to euros of one year.
    """

    service: str
    cell: str
    name: str
    state: str
    sign: str
    word: str
    value: str = ""
    span: str = ""
    steps: tuple[str, ...] = ()
    why: str = ""
    note: str = ""
    by: str = ""
    blank: str = ""
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One service with its cells; `said`: how many of them are sourced, assumed and none."""

    service: str
    name: str
    said: str
    cells: tuple[Cell, ...]


def rows(
    matrix: pd.DataFrame, parameters: pd.DataFrame, known: Mapping[str, int], members: int
) -> list[Row]:
    """Return the matrix (see `inputs.matrix`) row by row.

    `parameters`: as in `Dataset.parameters`; `known`: for how many of `members` countries a
    figure is known, by input ("mri.baseline").
    """
    found = []
    for service, cells in matrix.groupby("service", sort=False):
        shown = tuple(_cell(row, parameters, known, members) for _i, row in cells.iterrows())
        name = scenario_words.service(str(service))
        found.append(Row(str(service), name, counts(inputs.share(cells)), shown))
    return found


def state(row: pd.Series) -> str:
    """Return in which of `STATES` a cell of the matrix is."""
    if row["basis"] == inputs.NONE:
        return "refused" if row["key"] else "none"
    if row["basis"] == inputs.ASSUMED:
        return "assumed"
    return "weak" if row["weak"] else "sourced"


def signs() -> list[tuple[str, str, str]]:
    """Return every sign with its word and what it means, for a key."""
    return [(STATES[name][0], _(STATES[name][1]), _(said)) for name, said in MEANINGS.items()]


def counts(share: Mapping[str, int]) -> str:
    """Return "19 sourced, 2 assumed, 59 none"."""
    said = _("{sourced} sourced, {assumed} assumed, {none} none")
    return said.format(**share)


def shares(matrix: pd.DataFrame) -> str:
    """Return in a sentence or two how much of the matrix has a source."""
    share, states = inputs.share(matrix), matrix.apply(state, axis=1).value_counts()
    said = _("Of {all} inputs {sourced} have a source and {assumed} are assumed; {none} have none.")
    if not share[inputs.ASSUMED]:
        said = _("Of {all} inputs {sourced} have a source; {none} have none.")
    parts = [said.format(all=len(matrix), **share)]
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


def sheet(table: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """Return the matrix as a sheet: head, and a line per service and cell."""
    head = [_("Service"), _("Input"), _("Basis"), _("Value"), _("Range"), _("How it came about")]
    head += [_("Why"), _("Note"), _("By"), _("Sources")]
    return head, [
        [row.name, cell.name, cell.word, cell.value, cell.span, "; ".join(cell.steps)]
        + [cell.why, cell.note, cell.by, " ".join(cell.source_ids)]
        for row in table
        for cell in row.cells
    ]


def _cell(row: pd.Series, parameters: pd.DataFrame, known: Mapping[str, int], members: int) -> Cell:
    kind = state(row)
    sign, word = STATES[kind]
    name, found = f"{row['service']}.{row['cell']}", parameters.index == row["key"]
    published = parameters[found].iloc[0] if found.any() else None
    value, span = _value(row), ""
    if row["cell"] in BY_COUNTRY and row["basis"] == inputs.SOURCED and math.isnan(row["value"]):
        value = _("known for {n} of {all} countries").format(n=known.get(name, 0), all=members)
    elif row["basis"] != inputs.NONE and not math.isnan(row["value"]):
        span = _span(row, published)
    blank = ""
    if row["basis"] == inputs.NONE and row["unit"]:
        unit = row["unit"] if kind == "none" else _("EUR of 2023")
        blank = _("A scenario can assume it; unit: {unit}.").format(unit=_(str(unit)))
    return Cell(
        service=str(row["service"]),
        cell=str(row["cell"]),
        name=_(scenario_words.CELLS[str(row["cell"])]),
        state=kind,
        sign=sign,
        word=_(word),
        value=value,
        span=span,
        steps=_steps(row, published, value),
        why=str(row["why"]),
        note=str(row["note"]),
        by=str(row["by"]),
        blank=blank,
        source_ids=tuple(part for part in str(row["source_id"]).split("+") if part),
    )


def _value(row: pd.Series) -> str:
    if row["basis"] == inputs.NONE:
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
