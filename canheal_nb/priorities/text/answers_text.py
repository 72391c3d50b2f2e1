"""Sentences and rows about one person's priorities."""

from __future__ import annotations

from collections.abc import Mapping

from canheal_nb.indicators import words
from canheal_nb.priorities.model.ahp import Judgment
from canheal_nb.priorities.model.priority_answers import Weighed
from canheal_nb.text.locale import _

TOLD = 3


def answer(
    method: str, weighed: Weighed, answers: Mapping[str, str], names: Mapping[str, str]
) -> str:
    """Return what the answers weigh in one or two sentences, or what is still to be answered."""
    if not weighed.weights:
        return _missing(method, weighed, answers)
    above = [one for one in weighed.weights.items() if one[1] > 0]
    first = sorted(above, key=lambda one: -round(one[1], 9))[:TOLD]
    listed = words.listed([f"{names[key]} ({points(weight)})" for key, weight in first])
    text = _("Of 100 points, most go to: {listed}.").format(listed=listed)
    if weighed.given < weighed.asked:
        so_far = _("{given} of {asked} answered so far.")
        text += " " + so_far.format(given=weighed.given, asked=weighed.asked)
    return text


def _missing(method: str, weighed: Weighed, answers: Mapping[str, str]) -> str:
    if method == "euros" and weighed.given:
        left = 100 - sum(float(one) for one in answers.values() if one)
        text = _("{n} euros are left to share out.") if left > 0 else _("{n} euros too many.")
        return text.format(n=f"{abs(left):g}")
    if method == "ranking" and weighed.given:
        return _("Give each place once, from 1 on and without a gap; then you see the weights.")
    if method == "bwm" and answers.get("best") and answers.get("best") == answers.get("worst"):
        return _("What matters most and what matters least must be two different services.")
    if method in ("bwm", "ahp") and not weighed.asked - 2 * (method == "bwm") and not weighed.given:
        return _("Choose three to five services; then compare them.")
    text = _("{given} of {asked} answered; your weights appear here as you answer.")
    return text.format(given=weighed.given, asked=weighed.asked)


def care(weighed: Weighed, names: Mapping[str, str]) -> str:
    """Return whether answers contradict each other, and which one to look at again."""
    found = weighed.hierarchy
    if weighed.strain is not None:
        text = _("Largest contradiction between your answers: {strain} (0 means none).")
        return text.format(strain=f"{weighed.strain:.2f}")
    if found is None or len(found.weights) < 3:
        return ""
    ratio = f"{found.ratio:.2f}"
    if found.accepted or found.reconsider is None:
        return _("Your comparisons fit together (consistency ratio {ratio}, below 0.10).").format(
            ratio=ratio
        )
    text = _(
        "Your comparisons contradict each other (consistency ratio {ratio}; 0.10 is the limit). "
        "Look again at {first} and {second}: you said {given}, the others suggest {implied}."
    )
    one = found.reconsider
    return text.format(
        ratio=ratio,
        first=names[one.first],
        second=names[one.second],
        given=times(one.given, one, names),
        implied=times(one.implied, one, names),
    )


def times(factor: float, judgment: Judgment, names: Mapping[str, str]) -> str:
    """Return a comparison in words: which of the two counts how many times more."""
    more = judgment.first if factor >= 1 else judgment.second
    many = factor if factor >= 1 else 1 / factor
    if round(many, 1) == 1:
        return _("they count the same")
    return _("{name} counts {n} times as much").format(name=names[more], n=f"{many:.1f}")


def points(weight: float) -> str:
    """Return a weight as points of 100, whole."""
    return f"{100 * weight:.0f}"


def rows(weights: Mapping[str, float], names: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the rows of the table, heaviest first: name, points, width (of 100)."""
    order = sorted(weights.items(), key=lambda one: (-round(one[1], 9), list(names).index(one[0])))
    most = max(weights.values(), default=1.0)
    return [
        {"name": names[key], "points": points(one), "width": f"{100 * one / most:.1f}"}
        for key, one in order
    ]
