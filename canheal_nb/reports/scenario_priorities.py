"""What a scenario brief says of priorities: whose they are, and the plan with and without them."""

from __future__ import annotations

from canheal_nb.locale import _
from canheal_nb.reports.scenario import Funding
from canheal_nb.views.funding_priorities import bought, weights, whose


def lines(found: Funding) -> list[str]:
    """Return whose priorities weigh the services, what they weigh, and the plan without them."""
    named = found.priorities
    if named is None:
        return []
    planned, plain = found.run, found.unweighed
    said_lines = [whose(named), weights(named, planned.case.services)]
    if plain is None:
        text = _("Its author wrote what is bought, so the priorities change nothing in it.")
        return [*said_lines, text]
    text = _("With these priorities the money buys {mine}; with all services alike {alike}.")
    return [*said_lines, text.format(mine=bought(planned), alike=bought(plain))]
