"""What a self-check says in words: thresholds, verdicts, gaps, costs and times."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

from canheal_nb.designation.model.certification_path import Money, Step, Total
from canheal_nb.designation.model.criteria import MET, NOT_MET, OPEN, Criterion, Research, Result
from canheal_nb.designation.model.maturity import Reached
from canheal_nb.designation.model.self_check import Check
from canheal_nb.text.locale import N_, _, ngettext
from canheal_nb.text.numbers import bound, decimal, significant

AIMS = {"cc": N_("OECI Cancer Centre"), "ccc": N_("OECI Comprehensive Cancer Centre")}
VERDICTS = {MET: N_("met"), NOT_MET: N_("not met"), OPEN: N_("open")}
SIGNS = {
    ">": N_("above {n} {unit}"),
    ">=": N_("at least {n} {unit}"),
    "=": N_("{n} {unit}"),
    "<": N_("below {n} {unit}"),
    "<=": N_("at most {n} {unit}"),
}
PARTS = {
    "condition": N_("Conditions to apply"),
    "general": N_("General criteria"),
    "publications": N_("Research: publications"),
    "trials": N_("Research: trials"),
}
VOLUME = N_("Numbers of cases, apart from the certificate")
STANDING = {
    "CCC": N_("OECI Comprehensive Cancer Centre"),
    "CC": N_("OECI Cancer Centre"),
    "applying": N_("in OECI's accreditation, no certificate yet"),
    "member": N_("OECI member, not in accreditation"),
    "outside": N_("not an OECI member under its own name"),
    "unknown": N_("not known"),
}
DATES = {
    "certified": N_("The certificate was given"),
    "follow_up": N_("Follow-up, one year after the certificate"),
    "self_assessment": N_("The next self-assessment has to start (it takes about half a year)"),
    "expires": N_("The certificate ends"),
}
SELF_CHECK = N_("A self-check, not an accreditation.")
ONE_PAGE = N_(
    "The thresholds come from one national page, of the Swedish regional cancer centres, which "
    "does not say to which version of OECI's manual they belong. Only OECI's own peer review says "
    "whether a centre meets them."
)


def needed(criterion: Criterion) -> str:
    """Return what a criterion asks for: "above 1,500 patients per year", or "yes"."""
    if criterion.yes_no:
        judged = "peer review" in criterion.unit
        return _("yes; judged by peer review") if judged else _("yes")
    text = _(SIGNS[criterion.operator])
    return text.format(n=bound(criterion.threshold), unit=_(criterion.unit))


def said(result: Result) -> str:
    """Return an answer as it is read; "" where it is blank."""
    if math.isnan(result.answer):
        return ""
    if result.criterion.yes_no:
        return _("yes") if result.answer == 1 else _("no")
    return bound(result.answer)


def read_back(result: Result) -> str:
    """Return a number as it was read, with its unit: "32 million EUR per year"; else ""."""
    if result.criterion.yes_no or math.isnan(result.answer):
        return ""
    text = _("Read as {n} {unit}.")
    return text.format(n=bound(result.answer), unit=_(result.criterion.unit))


def gap(result: Result) -> str:
    """Return how far an answer is from the threshold; "" where there is no gap to count."""
    if math.isnan(result.gap):
        return ""
    if result.gap == 0:
        return _("exactly at the threshold; above is asked for")
    text = _("{n} short; {needed} is asked for")
    return text.format(n=bound(round(result.gap, 6)), needed=needed(result.criterion))


def answer(check: Check, name: str) -> str:
    """Return the answer of the whole check in one sentence."""
    text = _("{name}, {aim}: {counted}.")
    said = text.format(name=name, aim=_(AIMS[check.aim]), counted=counted(check))
    return f"{said} {_(SELF_CHECK)}"


def counted(check: Check) -> str:
    """Return how many criteria are met, not met and open."""
    results = [*check.conditions, *check.results]
    n = {kind: sum(r.verdict == kind for r in results) for kind in VERDICTS}
    text = _("{met} of {all} criteria met, {not_met} not met, {open} open")
    return text.format(met=n[MET], all=len(results), not_met=n[NOT_MET], open=n[OPEN])


def rule(found: Research) -> str:
    """Return the rule over the research criteria and where it stands."""
    text = _(
        "The rule: {least} of 6 research criteria, at least {p} on publications and {t} on trials. "
        "Met now: {pm} on publications, {tm} on trials; open: {open}. The rule is {verdict}."
    )
    return text.format(
        least=found.least,
        p=found.least_of["publications"],
        t=found.least_of["trials"],
        pm=found.met["publications"],
        tm=found.met["trials"],
        open=sum(found.open.values()),
        verdict=_(VERDICTS[found.verdict]),
    ) + (
        " " + _("At least {n} more must be met.").format(n=found.fewest)
        if found.verdict == NOT_MET
        else ""
    )


def euros(low: float, high: float) -> str:
    """Return an amount or a range in euros, rounded to two figures where it is a range."""
    if low == high:
        return _("{n} euros").format(n=decimal(round(low)))
    return _("{low} to {high} euros").format(low=significant(low), high=significant(high))


def money(cost: Money, asked: Mapping[str, str]) -> str:
    """Return one cost in words; `asked`: what the answers are called, by name."""
    if not cost.known:
        if cost.needs:
            text = _("cost not known until this is answered: {name}")
            return text.format(name=asked.get(cost.needs, cost.needs))
        why = _("cost not known")
        return f"{why}: {cost.note}" if cost.note else why
    text = euros(cost.low, cost.high)
    if cost.per == "year":
        text = _("{amount} a year").format(amount=text)
    if cost.basis == "gap":
        return _("{amount} more, the missing budget itself").format(amount=text)
    note = _("weak source") if cost.weak else ""
    return f"{text} ({note})" if note else text


def months(step: Step) -> str:
    """Return how long a step takes: "24 to 72 months", or "not known"."""
    low, high = step.months
    if math.isnan(low):
        return _("not known")
    if low == high:
        return _("about {n} months").format(n=bound(low))
    return _("{low} to {high} months").format(low=bound(low), high=bound(high))


def staff(step: Step) -> str:
    """Return the people a step needs, or "not known"."""
    if math.isnan(step.staff):
        return _("not known")
    return _("more than {n} full time").format(n=bound(round(step.staff, 6)))


def total(found: Total) -> str:
    """Return what the path costs together, and how many of its costs are not known."""
    known = []
    if found.once[1]:
        known.append(_("{amount} once").format(amount=euros(*found.once)))
    if found.yearly[1]:
        known.append(_("{amount} a year").format(amount=euros(*found.yearly)))
    unknown = ngettext("{n} cost is not known", "{n} costs are not known", found.unknown)
    said_unknown = unknown.format(n=found.unknown)
    if not known:
        text = _("No cost of this path is known: {unknown}, and none is taken for nought.")
        return text.format(unknown=said_unknown)
    text = _("At least {known}; {unknown} and not in the sum. Missing budgets are not added.")
    return text.format(known=", ".join(known), unknown=said_unknown)


def level(found: Reached) -> str:
    """Return the level of maturity in one criterion and what stops there."""
    if not found.stop:
        return _("level {n}, the highest that was read").format(n=found.level)
    if found.stop == NOT_MET:
        return _("level {n} of {top}").format(n=found.level, top=found.top)
    if found.level:
        return _("at least level {n} of {top}; open").format(n=found.level, top=found.top)
    return _("open")


def dates(found: Sequence[tuple[str, dt.date]], as_of: dt.date) -> list[tuple[str, str, str]]:
    """Return the calendar: what, its date, and whether it is past as of the edition."""
    return [
        (_(DATES[what]), day.isoformat(), _("past") if day <= as_of else _("to come"))
        for what, day in found
    ]


def steps(found: Check) -> list[dict[str, Any]]:
    """Return the path as rows: step, gap, costs, months, people, training, why."""
    asked = {r.criterion.asked: _(r.criterion.text) for r in found.results}
    return [
        {
            "text": _(step.text),
            "gap": gap(step.result) if step.result else "",
            "costs": [money(cost, asked) for cost in step.money],
            "months": months(step),
            "staff": staff(step),
            "training": [(t.name, t.period, t.ended) for t in step.trainings],
            "why": _(step.why),
        }
        for step in found.steps
    ]


def cited(found: Check) -> list[str]:
    """Return the ids of the sources behind a check, in the order of reading."""
    ids = [r.criterion.source_id for r in [*found.conditions, *found.results, *found.volume]]
    ids += [one.source_id for one in found.statements]
    ids += [fact.source_id for fact in found.facts]
    ids += [cost.source_id for step in found.steps for cost in step.money]
    return [one for one in dict.fromkeys(ids) if one]
