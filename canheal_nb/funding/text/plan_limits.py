"""What limits a plan: what binds it, what is not in it, and why none may fit, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from canheal_nb.funding.model import plannable
from canheal_nb.funding.model.model_inputs import Case
from canheal_nb.funding.model.planning import Planned
from canheal_nb.funding.model.scenario_run import Run
from canheal_nb.indicators import words
from canheal_nb.need.text import service_words
from canheal_nb.solver.problem import Infeasible
from canheal_nb.text.locale import N_, _, ngettext

TOLD = 3
LIMITS = {
    "cap": N_("The most that may be bought is bought: {places}."),
    "floor": N_("No more is bought than what must be: {places}."),
    "locked": N_("Fixed beforehand: {places}."),
    "absorption": N_("More money could not be spent well in a year: {places}."),
    "purse": N_("The part that the country pays itself is used up: {places}."),
    "staff": N_("The people needed are all taken: {places}."),
    "places": N_("All training places are taken: {places}."),
    "least_cover": N_("The least share that must be reached holds the plan back: {places}."),
    "target": N_("The share to be reached holds the plan back: {places}."),
}
KINDS = {
    "budget": N_("the budget"),
    "absorption": N_("money that can be spent"),
    "purse": N_("the country's own part"),
    "cap": N_("the most units"),
    "floor": N_("the fewest units"),
    "locked": N_("units fixed beforehand"),
    "staff": N_("people needed"),
    "places": N_("training places"),
    "target": N_("the share to be reached"),
    "least_cover": N_("the least share"),
}


def refused(error: Infeasible, case: Case, planned: Sequence[str], names: Mapping[str, str]) -> str:
    """Return why no plan keeps all that must hold, and the least that would make room."""
    gives = []
    for one in error.relaxation:
        a, i, t = one.where
        where = " ".join(
            ([names[case.countries[a]]] if a >= 0 else [])
            + (
                [service_words.service(planned[i])]
                if i >= 0 and one.kind not in ("staff", "places")
                else []
            )
            + ([str(case.years[t])] if t >= 0 else [])
        )
        money = one.kind in ("budget", "absorption", "purse")
        share = one.kind in ("target", "least_cover")
        amount = service_words.share(one.needs) if share else service_words.people(one.needs)
        amount = service_words.euros(one.needs) if money else amount
        form = _("{kind} {where}: {amount} more") if money else _("{kind} {where}: by {amount}")
        kind = _(KINDS.get(one.kind, one.kind))
        gives.append(form.format(kind=kind, where=where, amount=amount))
    text = _("No plan keeps all that must hold. Ask for more money or years, or another goal.")
    if not gives:
        return text
    more = [*gives[:TOLD], *([_others(len(gives) - TOLD)] if len(gives) > TOLD else [])]
    least = _("The least that would make room: {list}.").format(list="; ".join(more))
    return f"{text} {least}"


def limits(planned: Planned, run: Run, names: Mapping[str, str]) -> list[str]:
    """Return what holds the plan back, in sentences."""
    case, found = run.case, []
    left = float(planned.problem.budget.sum()) - float(run.outcome.spent)
    budgets = [one for one in planned.plan.binding if one.kind == "budget"]
    if budgets:
        years = words.listed(str(case.years[one.where[2]]) for one in budgets)
        text = _("The budget of {years} is used up; {left} stay unspent in all.")
        found.append(text.format(years=years, left=service_words.euros(max(left, 0.0))))
    elif left > 1:
        found.append(_("{left} stay unspent.").format(left=service_words.euros(left)))
    by_kind: dict[str, list[str]] = {}
    for one in planned.plan.binding:
        if one.kind == "budget":
            continue
        a, i, t = one.where
        parts = [names[case.countries[a]]] if a >= 0 else []
        if i >= 0 and one.kind not in ("staff", "places"):
            parts.append(service_words.service(planned.services[i]))
        if t >= 0 and one.kind not in ("target", "least_cover"):
            parts.append(str(case.years[t]))
        by_kind.setdefault(one.kind, []).append(" ".join(parts))
    for kind, places in by_kind.items():
        each = list(dict.fromkeys(filter(None, places)))
        shown = (
            each if len(each) <= 2 * TOLD else [*each[: 2 * TOLD], _others(len(each) - 2 * TOLD)]
        )
        if kind in LIMITS and each:
            found.append(_(LIMITS[kind]).format(places="; ".join(shown)))
    return found or [_("Nothing holds the plan back: all that serves somebody is bought.")]


def left_out(planned: Planned) -> list[str]:
    """Return the services that are not in the plan, and what is not known of each."""
    text = _("Not in this plan: {service}. Not known: {lacks}.")
    return [
        text.format(
            service=service_words.service(service),
            lacks=words.listed(_(service_words.LACKS[one]) for one in lacks),
        )
        for service, lacks in planned.left_out.items()
    ]


def outside(planned: Planned, case: Case, names: Mapping[str, str]) -> list[str]:
    """Return, by planned service, the countries that are not searched."""
    text = _("Not searched for {service}, since need or what stands is not known: {list}.")
    return [
        text.format(
            service=service_words.service(service), list=words.listed(names[one] for one in areas)
        )
        for service, areas in plannable.untold(case, planned.services).items()
    ]


def late(run: Run) -> str:
    """Return which services open only after the years asked for; empty where none does."""
    case = run.case
    slow = [s for s in case.services if case.given.get(f"{s}.lag", 0.0) >= len(case.years)]
    if not slow:
        return ""
    text = _("New units of {services} open only after these years; ask for more years.")
    return text.format(services=words.listed(map(service_words.service, slow)))


def _others(n: int) -> str:
    return ngettext("{n} other", "{n} others", n).format(n=n)
