"""Sentences of a comparison, made from data: who lies where, and what that does not mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from canheal_nb.indicators import comparison, words
from canheal_nb.indicators.comparison import Pair
from canheal_nb.indicators.measures import Measure
from canheal_nb.text.locale import _, ngettext

Names = Mapping[str, str]


def answer(measures: Sequence[Measure], chosen: Sequence[str], names: Names) -> str:
    """Return the finding: in how many measures the chosen countries lie below the median."""
    if not measures:
        return _("Choose up to six measures to see how countries compare.")
    if not chosen:
        return _("Choose up to six countries to see where they stand among all that are known.")
    groups: dict[tuple[int, int], list[str]] = {}
    for area in chosen:
        standing = comparison.standing(measures, area)
        groups.setdefault((standing.below, standing.known), []).append(names[area])
    unknown = [name for (_below, known), who in groups.items() if not known for name in who]
    parts = [(who, *key) for key, who in groups.items() if key[1]]
    said = []
    if parts:
        also = [
            _("{names} in {below} of {known}").format(names=words.listed(who), below=b, known=k)
            for who, b, k in parts[1:]
        ]
        said.append("; ".join([_below_median(*parts[0]), *also]) + ".")
    if unknown:
        text = _("For {list} there is nothing that can be set against a median.")
        said.append(text.format(list=words.listed(unknown)))
    return " ".join(said)


def directions(measures: Sequence[Measure]) -> list[str]:
    """Return which way is better for each ranked measure: to be below is not always worse."""
    forms = {
        "more_is_better": _("More is better: {list}."),
        "more_is_worse": _("Less is better: {list}."),
        "neutral": _("Neither more nor less is better: {list}."),
    }
    ranked = [measure for measure in measures if comparison.may_rank(measure)]
    found = {
        key: [_(measure.label) for measure in ranked if measure.direction == key] for key in forms
    }
    return [forms[key].format(list="; ".join(names)) for key, names in found.items() if names]


def against_median(measure: Measure, chosen: Sequence[str], names: Names) -> str:
    """Return which of the chosen countries lie above, on and below the median of one measure."""
    middle = comparison.median(measure)
    if middle is None:
        return _("Countries are not put in an order by this figure.")
    known = [area for area in chosen if area in measure.exact.index]
    number = measure.exact["number"]
    sides = (
        (_("Above the median: {list}."), [names[a] for a in known if number[a] > middle]),
        (_("On the median: {list}."), [names[a] for a in known if number[a] == middle]),
        (_("Below the median: {list}."), [names[a] for a in known if number[a] < middle]),
    )
    return " ".join(form.format(list=words.listed(who)) for form, who in sides if who)


def pair_answer(pair: Pair, chosen: Sequence[str], names: Names) -> str:
    """Return the finding of two measures: same or opposite sides, and where the chosen lie."""
    side = comparison.quarters(pair.both)
    same = int(side.isin(["both above", "both below"]).sum())
    opposite = int(side.isin(["first above", "second above"]).sum())
    text = _(
        "Of {known} countries known for both, {same} lie on the same side of both medians and "
        "{opposite} on opposite sides."
    ).format(known=len(side), same=same, opposite=opposite)
    groups: dict[str, list[str]] = {}
    for area in chosen:
        if area in side.index:
            groups.setdefault(str(side[area]), []).append(names[area])
    parts = [f"{words.listed(who)}: {quarter_words(quarter)}" for quarter, who in groups.items()]
    return f"{text} " + "; ".join(parts) + ("." if parts else "")


def quarter_words(quarter: str) -> str:
    """Return one side of the two medians in words."""
    return {
        "both above": _("above both medians"),
        "first above": _("above the first median, below the second"),
        "second above": _("below the first median, above the second"),
        "both below": _("below both medians"),
        "on a line": _("on a median"),
    }[quarter]


def quarters(pair: Pair, names: Names) -> list[tuple[str, str]]:
    """Return each quarter in words with how many countries lie there and which."""
    side = comparison.quarters(pair.both)
    found = []
    for quarter in comparison.QUARTERS:
        inside = [names[str(area)] for area in side.index[side == quarter]]
        count = ngettext("{n} country", "{n} countries", len(inside)).format(n=len(inside))
        text = f"{count}: {words.listed(inside)}" if inside else _("no country")
        found.append((quarter_words(quarter), text))
    return found


def cautions(pair: Pair) -> list[str]:
    """Return what two measures side by side do not show, and their rank correlation."""
    said = [
        _(
            "Two measures side by side show no cause: countries differ in much else, such as "
            "age and income, that is not seen here."
        )
    ]
    number = comparison.rank_correlation(pair.both) if not pair.unrankable else None
    if number is not None:
        text = _(
            "Rank correlation (Spearman) {number} over {n} countries; 1 means the same order, "
            "0 none, −1 the opposite. It is no proof: with so few countries chance weighs much."
        )
        figure = words.decimal(number, 2).replace("-", "−")
        said.append(text.format(number=figure, n=len(pair.both)))
    return said


def no_pair(pair: Pair | None) -> str:
    """Return why there is no map of two measures; empty where there is one."""
    if pair is None:
        return _("Choose two measures to set them against each other.")
    if pair.unrankable:
        text = _(
            "{list}: countries are not put in an order by this, because it counts or sorts "
            "rather than rates. Choose another measure; the figures stand in the table."
        )
        return text.format(list="; ".join(_(measure.label) for measure in pair.unrankable))
    if pair.cells.empty:
        return _("Too few countries are known for both to split them into thirds.")
    return ""


def _below_median(who: list[str], below: int, known: int) -> str:
    text = ngettext(
        "{names} lies below the median in {below} of {known} measures",
        "{names} lie below the median in {below} of {known} measures",
        len(who),
    )
    return text.format(names=words.listed(who), below=below, known=known)
