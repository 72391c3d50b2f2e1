"""Rows of tables: a country beside the Union, beside its neighbours, women beside men."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from canheal_nb.atlas.model import disparity, outliers
from canheal_nb.charts import strip_line
from canheal_nb.data import Dataset
from canheal_nb.indicators import facts, measures, words
from canheal_nb.indicators.measures import Measure
from canheal_nb.reporting.blocks import image
from canheal_nb.text.locale import _

CHOSEN = "judgements/brief_measures"


@dataclass(frozen=True)
class Line:
    """One measure in a table of many; `low` and `high` are figures with their country."""

    label: str
    unit: str
    age: str
    figure: str
    union: str
    union_kind: str
    low: tuple[str, str]
    high: tuple[str, str]
    known: str
    strip: str
    alt: str
    marks: str
    ranked: bool


def compared(dataset: Dataset) -> dict[str, Measure]:
    """Return the measures that reports compare, along the pathway (judgements/brief_measures)."""
    chosen = dataset.table(CHOSEN)
    chosen = chosen.assign(order=chosen["place"].astype(int)).sort_values("order")
    return {show: measures.measure(dataset, show) for show in map(str, chosen["indicator"])}


def rankable(dataset: Dataset) -> list[Measure]:
    """Return every measure by which countries may be ranked, known for at least 20 of them."""
    types, have = dataset.indicator_types, set(dataset.indicators["indicator"])
    wanted = types.index[(types["rank"] == "yes") & (types["kind"] == "number")]
    found = [measures.measure(dataset, show) for show in map(str, wanted) if show in have]
    return [measure for measure in found if len(measure.exact) >= outliers.FEWEST]


def line(
    measure: Measure,
    names: Mapping[str, str],
    marks: str,
    country: str = "",
    near: Collection[str] = (),
) -> Line:
    """Return a measure as a line of a table, for a country or for the Union alone."""
    union, kind = _union(measure)
    return Line(
        label=_(measure.label),
        unit=words.unit(measure),
        age=_age(measure, country),
        figure=words.value_text(measure, country) if country else "",
        union=union,
        union_kind=kind,
        low=_end(measure, names, pd.Series.idxmin),
        high=_end(measure, names, pd.Series.idxmax),
        known=str(len(measure.table)),
        strip=image(strip_line.svg(measure, country, near)),
        alt=_alt(measure, names, country),
        marks=marks,
        ranked=measure.rank != "no",
    )


def beside(measure: Measure, areas: Sequence[str]) -> list[str]:
    """Return the figures of several areas, without unit, with a dagger where something differs."""
    return [_flagged(measure, area) for area in areas]


def _flagged(measure: Measure, area: str) -> str:
    text = words.value_text(measure, area)
    if area not in measure.table.index or not facts.note(str(measure.table.at[area, "flag"])):
        return text
    return text + ("" if facts.note(str(measure.table.at[area, "flag"])) == _("modelled") else "*")


def _age(measure: Measure, country: str) -> str:
    if country and country not in measure.table.index:
        return ""
    if country:
        row = measure.table.loc[country]
        return "; ".join(filter(None, [words.age(row), facts.note(str(row["flag"]))]))
    years = measure.table["year"].dropna()
    if years.empty:
        return _("year not stated")
    low, high = int(years.min()), int(years.max())
    return str(low) if low == high else _("{low} to {high}").format(low=low, high=high)


def _union(measure: Measure) -> tuple[str, str]:
    union = measure.union
    if union is None:
        return _("not known"), ""
    if union.how == "ratio":
        return words.significant(union.number), _("EU")
    return words.decimal(union.number, words.decimals(measure)), _("median")


def _end(
    measure: Measure, names: Mapping[str, str], which: Callable[[pd.Series], object]
) -> tuple[str, str]:
    table = measure.exact
    if table.empty:
        return _("not known"), ""
    area = str(which(table["number"]))
    return words.value_text(measure, area), names[area]


def _alt(measure: Measure, names: Mapping[str, str], country: str) -> str:
    """The strip in words; the ends stand beside it in the table."""
    text = _("{label} in {n} countries: from {span}.").format(
        label=_(measure.label), n=len(measure.exact), span=words.span(measure, names)
    )
    if country and country in measure.table.index:
        own = _("{country}: {place}.")
        text += " " + own.format(country=names[country], place=words.place(measure, country))
    return text


@dataclass(frozen=True)
class Halves:
    """One series for women and for men: figures, women for every 100 men, and that elsewhere."""

    label: str
    unit: str
    year: str
    women: str
    men: str
    ratio: str
    middle: str
    low: str
    high: str
    marks: str


def halves(dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Return women's and men's figures of every burden series that has both, by indicator.

    Rates that are not adjusted for age are left out: there age, not cancer, makes the difference.
    """
    types = dataset.indicator_types
    states = measures.members(dataset.areas)
    wanted = types.index[types["group"].str.startswith("Cancer burden")]
    wanted = [str(show) for show in wanted if not str(show).endswith("crude_rate")]
    both = [s for s in wanted if disparity.published_sexes(dataset.indicators, s) == "both"]
    return {show: disparity.by_sex(dataset.indicators, show, states) for show in both}


def halves_line(
    table: pd.DataFrame,
    kind: pd.Series,
    names: Mapping[str, str],
    country: str,
    marks: str,
) -> Halves | None:
    """Return a country's line of a table by sex, or the Union's without `country`.

    None where the country is not known. The ends of the span are named only for series by
    which countries may be compared.
    """
    if country and country not in table.index:
        return None
    ratio = 100 * table["ratio"].dropna()
    own = table.loc[country] if country else None
    low, high = (str(end(ratio)) for end in (pd.Series.idxmin, pd.Series.idxmax))
    named = kind["rank"] != "no"
    said = _("{n} ({country})")

    def figure(column: str) -> str:
        return "" if own is None else f"{own[column]:g}"

    return Halves(
        label=_(str(kind["label"])),
        unit=words.counted(str(kind["unit"]), 2),
        year=str(table["year"].iloc[0]),
        women=words.as_published(figure("women")) if country else "",
        men=words.as_published(figure("men")) if country else "",
        ratio=words.decimal(float(ratio[country])) if country in ratio.index else _("not known"),
        middle=words.decimal(float(ratio.median())),
        low=said.format(n=words.decimal(float(ratio[low])), country=names[low]) if named else "",
        high=said.format(n=words.decimal(float(ratio[high])), country=names[high]) if named else "",
        marks=marks,
    )
