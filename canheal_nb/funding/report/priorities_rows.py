"""What a scenario brief says of priorities: whose they are, and the plan with and without them."""

from __future__ import annotations

from collections.abc import Mapping

from canheal_nb.funding.model.scenario_run import Run
from canheal_nb.funding.report.brief_data import Funding
from canheal_nb.funding.text import priorities_text
from canheal_nb.funding.text.plan_tables import things
from canheal_nb.funding.text.priorities_text import weights, whose
from canheal_nb.indicators import words
from canheal_nb.need.text import service_words
from canheal_nb.priorities.model.priority_sets import PrioritySet
from canheal_nb.text.locale import _, ngettext


def lines(found: Funding) -> list[str]:
    """Return whose priorities weigh the services, what they weigh, and the plan without them."""
    named = found.priorities
    if named is None:
        return []
    run = found.run
    if run.planned is None:
        text = _("Its author wrote what is bought, so the priorities change nothing in it.")
        return [whose(named), weights(named, run.case.services), text]
    return priorities_text.lines(named, run, run.planned.services, found.unweighed)


def under(named: PrioritySet, planned: Run) -> list[str]:
    """Return whose priorities these are, what they weigh, and what is bought under them."""
    return [whose(named), weights(named, planned.case.services), _plan(planned)]


def side_by_side(runs: Mapping[str, Run]) -> str:
    """Return whether plans under several sets of priorities differ, and why they cannot."""
    first, *others = runs.values()
    if len(first.case.services) == 1:
        text = _("This scenario is about one service alone: whatever weighs more, it buys that.")
        return text if all(things(one) == things(first) for one in others) else ""
    plans: dict[str, list[str]] = {}
    for name, one in runs.items():
        plans.setdefault(things(one), []).append(name)
    if len(plans) == 1:
        return _("Under all of them the money buys the same.")
    text = _("{names}: {bought}.")
    told = [text.format(names=words.listed(names), bought=b) for b, names in plans.items()]
    return " ".join([_("The plans differ."), *told])


def _plan(planned: Run) -> str:
    countries = planned.countries
    served = countries.loc[countries["units"] > 0, "country"].nunique()
    text = ngettext(
        "The money buys {bought} in {n} country, for {cost}.",
        "The money buys {bought} in {n} countries, for {cost}.",
        served,
    )
    cost = service_words.euros(float(planned.outcome.spent))
    return text.format(bought=things(planned), n=served, cost=cost)
