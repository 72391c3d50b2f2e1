"""The map of two measures at once: nine classes by thirds, and the square that explains them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from canheal_nb.charts import scatter, style
from canheal_nb.charts.maps.picture import Bin, MapPicture, Unit
from canheal_nb.indicators import words
from canheal_nb.indicators.comparison import THIRDS, Pair
from canheal_nb.indicators.measures import Measure
from canheal_nb.indicators.series_choice import has_flag
from canheal_nb.text.locale import _, ngettext


@dataclass(frozen=True)
class Cell:
    """One cell of the square: its colour, how many countries lie in it and which."""

    colour: str
    count: int
    names: str


@dataclass(frozen=True)
class Square:
    """The legend: rows from high to low, columns from low to high.

    `across`, `up`: each third of the two measures as a range in words, low first.
    """

    rows: tuple[tuple[Cell, ...], ...]
    across: tuple[str, ...]
    up: tuple[str, ...]
    unknown: int


def third_words(third: int) -> str:
    """Return a third in words."""
    return (_("low"), _("middle"), _("high"))[third]


def ranges(values: pd.Series, cells: pd.Series, measure: Measure) -> tuple[str, ...]:
    """Return for each third the lowest and the highest published figure in it."""
    return tuple(_range(values[cells == third], measure) for third in range(THIRDS))


def square(pair: Pair, names: Mapping[str, str]) -> Square:
    """Return the legend of a pair; its counts and the unknown add up to all members."""
    rows = tuple(
        tuple(_cell(pair, names, THIRDS * up + across) for across in range(THIRDS))
        for up in reversed(range(THIRDS))
    )
    both = pair.both.loc[pair.cells.index]
    return Square(
        rows,
        ranges(both["x"], pair.cells % THIRDS, pair.first),
        ranges(both["y"], pair.cells // THIRDS, pair.second),
        len(pair.first.members) - len(pair.cells),
    )


def compose(
    pair: Pair | None, geometry: Mapping[str, Any], names: Mapping[str, str], members: list[str]
) -> MapPicture:
    """Compose the map of a pair; without one, all countries are hatched."""
    cells = pair.cells if pair else pd.Series(dtype=int)
    counts = cells.value_counts()
    title = _("{across} and {up}").format(**_labels(pair)) if pair else _("No two measures chosen")
    return MapPicture(
        geometry=geometry,
        title=title,
        description=describe(pair, len(members)),
        unit="",
        units=tuple(_unit(pair, cells, area, names) for area in members),
        overseas=_overseas(pair, cells, geometry, names),
        inner=(),
        bins=tuple(Bin(i, "", int(counts.get(i, 0))) for i in range(THIRDS * THIRDS)),
        unknown=len(members) - len(cells),
        union=None,
        union_text="",
        symbols=(),
        groups=(),
        colours=style.BIVARIATE,
    )


def describe(pair: Pair | None, members: int) -> str:
    """Return the map's text alternative."""
    if pair is None or pair.cells.empty:
        return _("Map of Europe without figures.")
    text = _(
        "Map of Europe: {across} and {up}, each in thirds; {known} of {all} countries are known "
        "for both. The square beside the map counts them."
    )
    return text.format(**_labels(pair), known=len(pair.cells), all=members)


def cell_words(cell: int | None, pair: Pair) -> str:
    """Return in words in which third of the first and of the second measure a country lies."""
    if cell is None:
        return _("not both known")
    across, up = third_words(cell % THIRDS), third_words(cell // THIRDS)
    return _("{across} and {up}").format(across=across, up=up)


def _labels(pair: Pair) -> dict[str, str]:
    return {"across": _(pair.first.label), "up": _(pair.second.label)}


def _range(values: pd.Series, measure: Measure) -> str:
    if values.empty:
        return _("none")
    low, high = (
        words.value_text(measure, str(area)) for area in (values.idxmin(), values.idxmax())
    )
    return low if low == high else _("{low} to {high}").format(low=low, high=high)


def _cell(pair: Pair, names: Mapping[str, str], cell: int) -> Cell:
    inside = [names[str(area)] for area in pair.cells.index[pair.cells == cell]]
    return Cell(style.BIVARIATE[cell], len(inside), words.listed(inside) if inside else _("none"))


def _unit(pair: Pair | None, cells: pd.Series, area: str, names: Mapping[str, str]) -> Unit:
    klass = int(cells[area]) if area in cells.index else None
    text = scatter.figures(pair, area) if pair else _("not known")
    return Unit(area, names[area], klass, text)


def _overseas(
    pair: Pair | None, cells: pd.Series, geometry: Mapping[str, Any], names: Mapping[str, str]
) -> tuple[Unit, ...]:
    """Outermost regions take their country's class unless a figure leaves them out."""
    left_out = set()
    for measure in (pair.first, pair.second) if pair else ():
        flags = has_flag(measure.table["flag"], "metropolitan")
        left_out |= set(flags.index[flags])
    units = []
    for inset in geometry["insets"]:
        country = inset["country"]
        counted = country in cells.index and country not in left_out
        text = _("counted with {country}").format(country=names[country])
        klass = int(cells[country]) if counted else None
        units.append(Unit(inset["id"], inset["name"], klass, text if counted else _("not known")))
    return tuple(units)


def known_words(pair: Pair, names: Mapping[str, str]) -> str:
    """Return for how many countries both are known, and who is missing."""
    known, total = len(pair.both), len(pair.first.members)
    text = ngettext(
        "Both are known for {known} of {all} countries.",
        "Both are known for {known} of {all} countries.",
        known,
    ).format(known=known, all=total)
    if not pair.unknown:
        return text
    missing = words.listed(names[area] for area in pair.unknown)
    return f"{text} " + _("Not known for both: {list}.").format(list=missing)
