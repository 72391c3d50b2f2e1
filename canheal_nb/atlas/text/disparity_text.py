"""Disparities in words: how far apart countries and sexes are, and what is to be kept in mind."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from canheal_nb.atlas.model import disparity
from canheal_nb.atlas.model.disparity import Gap
from canheal_nb.charts import value_pairs
from canheal_nb.indicators import words
from canheal_nb.indicators.measures import Measure
from canheal_nb.text.locale import _, ngettext

MOST_NAMES = 3


def number(measure: Measure, value: float) -> str:
    """Return a value worked out from figures, with no more decimals than they are published with.

    Three figures for published ones, two for a ratio computed here.
    """
    if measure.kind == "ratio" or value == 0:
        return words.significant(value)
    digits = 2 - math.floor(math.log10(abs(value)))
    return words.decimal(value, max(0, min(digits, words.decimals(measure))))


def short(measure: Measure, area: str) -> str:
    """Return one area's figure with a per cent sign, but without any other unit."""
    text = words.value_text(measure, area)
    return text + " %" if measure.unit.startswith("%") else text


def named(areas: tuple[str, ...], names: Mapping[str, str]) -> str:
    """Return areas by name, or how many they are where they are more than three."""
    if len(areas) > MOST_NAMES:
        n = len(areas)
        return ngettext("{n} country", "{n} countries", n).format(n=n)
    return words.listed(names[area] for area in areas)


def finding(measure: Measure, gap: Gap | None, names: Mapping[str, str]) -> str:
    """Return the finding of one picture: the ends and where they are."""
    if gap is None:
        return _(measure.label)
    if gap.difference == 0:
        return _("{label}: the same everywhere it is known").format(label=_(measure.label))
    return _("{label}: {low} in {low_names}, {high} in {high_names}").format(
        label=_(measure.label),
        low=short(measure, gap.lowest[0]),
        low_names=named(gap.lowest, names),
        high=short(measure, gap.highest[0]),
        high_names=named(gap.highest, names),
    )


def difference_unit(measure: Measure) -> str:
    """Return the unit of a difference: percentage points for percentages."""
    return _("percentage points") if measure.unit.startswith("%") else words.unit(measure)


def lines(measure: Measure, gap: Gap | None) -> list[tuple[str, str]]:
    """Return how unequal a measure is as terms and descriptions: the ends, the middle half."""
    if gap is None:
        return []
    apart = _("{difference} {unit} apart; {times}").format(
        difference=number(measure, gap.difference),
        unit=difference_unit(measure),
        times=_times(gap.ratio),
    )
    found = [(_("Highest and lowest"), apart)]
    if gap.quarters:
        low, high = (number(measure, bound) for bound in gap.quarters)
        middle = _("{low} to {high}; {times}").format(
            low=low, high=high, times=_times(gap.middle_ratio)
        )
        found.append((_("Middle half of countries"), middle))
    return found


def _times(ratio: float | None) -> str:
    if ratio is None:
        return _("no ratio, for the lower is 0")
    return _("the upper is {ratio} times the lower").format(ratio=words.significant(ratio))


def cautions(
    measure: Measure,
    gap: Gap | None,
    people: pd.Series,
    as_of: int,
    names: Mapping[str, str],
) -> list[str]:
    """Return what a reader must keep in mind: care, age, few people at the ends, the caveat."""
    found = []
    if measure.rank == "no":
        found.append(_("Countries are not ranked by this."))
    elif measure.rank == "with care":
        found.append(_("Compare with care."))
    if disparity.old(measure.table, as_of):
        found.append(_("Old: no figure is newer than {year}.").format(year=_last(measure)))
    if gap is not None:
        if gap.ratio is not None and measure.kind != "ratio" and rounded(measure, gap.low):
            found.append(_("The lowest figure is so rounded that the ratio to it says little."))
        few = disparity.few_people(people, [*gap.lowest, *gap.highest])
        if few:
            text = _("{names}: under a million people, so few cases move the figure.")
            found.append(text.format(names=words.listed(names[area] for area in few)))
    return [*found, _(measure.caveat)] if measure.caveat else found


def rounded(measure: Measure, value: float) -> bool:
    """Return whether a figure is under ten steps of its rounding, so that ratios to it are rough.

    The step is that of the last decimal that is published.
    """
    return value < 10 * 10.0 ** -words.decimals(measure)


def _last(measure: Measure) -> str:
    span = disparity.years(measure.table)
    return str(span[1]) if span else ""


def when(measure: Measure) -> str:
    """Return the years of a measure's figures: "2024", "2017 to 2022", or "year not stated"."""
    span = disparity.years(measure.table)
    if span is None:
        return _("year not stated")
    first, last = span
    return str(last) if first == last else _("{first} to {last}").format(first=first, last=last)


def sexes_note(measure: Measure, published: str) -> str:
    """Return what a measure says of women and men; empty where the picture says it."""
    if measure.kind == "ratio":
        return _("counts machines, not people")
    return {
        "both": "",
        "F": _("women only"),
        "M": _("men only"),
        "T": _("by sex not published in the source read"),
    }[published]


def sexes_finding(label: str, table: pd.DataFrame) -> str:
    """Return in how many countries women or men have more, and how far the ratio goes."""
    known = table.dropna(subset=["ratio"])
    if known.empty:
        return _("{label}: nothing is known for women and men apart").format(label=label)
    men, women = int((known["ratio"] < 1).sum()), int((known["ratio"] > 1).sum())
    text = (
        _("{label}: more among men in {n} of {all} countries known")
        if men >= women
        else _("{label}: more among women in {n} of {all} countries known")
    )
    return text.format(label=label, n=max(men, women), all=len(known))


def sexes_lines(table: pd.DataFrame, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the ends of the ratio of women to men and of their difference."""
    known = table.dropna(subset=["ratio"])
    if known.empty:
        return []
    low, high = str(known["ratio"].idxmin()), str(known["ratio"].idxmax())
    ratio = _("{low} in {low_name} to {high} in {high_name}").format(
        low=words.significant(float(known.at[low, "ratio"])),
        low_name=names[low],
        high=words.significant(float(known.at[high, "ratio"])),
        high_name=names[high],
    )
    wide = str(known["difference"].abs().idxmax())
    apart = _("{difference} in {name}").format(
        difference=words.significant(abs(float(known.at[wide, "difference"])), 3), name=names[wide]
    )
    return [(_("Women divided by men"), ratio), (_("Widest difference"), apart)]


def sexes_pair(table: pd.DataFrame, area: str, name: str) -> value_pairs.Pair:
    """Return one country's row of women and men, known or not."""
    if area not in table.index:
        return value_pairs.Pair(area, name, None, None, _("not known"))
    women, men = float(table.at[area, "women"]), float(table.at[area, "men"])
    ratio = float(table.at[area, "ratio"])
    said = "" if math.isnan(ratio) else words.significant(ratio)
    text = _("women {women}, men {men}").format(
        women=words.significant(women, 3), men=words.significant(men, 3)
    )
    return value_pairs.Pair(area, name, women, men, text, said)


def goal_text(row: Mapping[str, str]) -> str:
    """Return what a policy aims at: "at least 90 %", "45 to 74 years", "no figure set"."""
    unit = _(row["unit"])
    if not row["value"]:
        return _("no figure set: {unit}").format(unit=unit) if unit else _("no figure set")
    if row["unit"] == "yes/no":
        return _("to be done")
    value, upper = (words.as_published(row[end]) if row[end] else "" for end in ("value", "upper"))
    unit = unit.replace("percent", "%", 1)
    if row["operator"] == "range":
        return _("{low} to {high} {unit}").format(low=value, high=upper, unit=unit)
    form = {
        ">=": _("at least {value} {unit}"),
        "<=": _("at most {value} {unit}"),
        "<": _("under {value} {unit}"),
    }.get(row["operator"], "{value} {unit}")
    return form.format(value=value, unit=unit)
