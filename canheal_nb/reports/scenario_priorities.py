"""What a scenario brief says of priorities: whose they are, and the plan with and without them."""

from __future__ import annotations

from canheal_nb.locale import N_, _, ngettext
from canheal_nb.model.priority_sets import EQUAL, PrioritySet
from canheal_nb.model.scenario_run import Run
from canheal_nb.reports.scenario import Funding
from canheal_nb.views import scenario_words as said
from canheal_nb.views import words

AGREEMENT = {
    "too_few": N_("too few people to say how far they agree"),
    "not_known": N_("how far they agree is not known"),
    "differ": N_("they differ widely"),
    "partly": N_("they agree in part"),
    "agree": N_("they largely agree"),
}


def lines(found: Funding) -> list[str]:
    """Return whose priorities weigh the services, what they weigh, and the plan without them."""
    named = found.priorities
    if named is None:
        return []
    planned, plain = found.run, found.unweighed
    said_lines = [_whose(named), _weights(named, planned)]
    if plain is None:
        text = _("Its author wrote what is bought, so the priorities change nothing in it.")
        return [*said_lines, text]
    text = _("With these priorities the money buys {mine}; with all services alike {alike}.")
    return [*said_lines, text.format(mine=_bought(planned), alike=_bought(plain))]


def _whose(named: PrioritySet) -> str:
    if named.name == EQUAL:
        return _("All services count alike; nobody's priorities are used.")
    text = ngettext(
        "Services are weighed by the priorities {name}: {n} person, {day}, {methods}; {agreement}.",
        "Services are weighed by the priorities {name}: {n} people, {day}, {methods}; {agreement}.",
        named.people,
    )
    methods = words.listed(named.methods) if named.methods else _("method not told")
    agreement = _(AGREEMENT.get(named.agreement, AGREEMENT["not_known"]))
    return text.format(
        name=named.name, n=named.people, day=named.day, methods=methods, agreement=agreement
    )


def _weights(named: PrioritySet, run: Run) -> str:
    kept = run.case.services
    whole = sum(named.weights[one] for one in kept)
    parts = [
        f"{said.service(one)} {words.decimal(100 * named.weights[one] / whole)}"
        for one in kept
        if whole > 0
    ]
    text = _("Points of 100 among the services here: {list}.").format(list=words.listed(parts))
    untold = [said.service(one) for one in kept if one in named.untold]
    if untold:
        more = _("Too few people weighed {list}; the mean of the others is taken.")
        text += " " + more.format(list=words.listed(untold))
    return text


def _bought(run: Run) -> str:
    rows = run.services[run.services["units"] > 0]
    parts = [
        said.units(str(service), float(number))
        for service, number in zip(rows["service"], rows["units"], strict=True)
    ]
    return words.listed(parts) if parts else _("nothing")
