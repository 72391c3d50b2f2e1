"""What a self-check as a whole means for the certificate, said no further than is answered."""

from __future__ import annotations

from canheal_nb.designation.model.criteria import MET, NOT_MET, OPEN, RESEARCH
from canheal_nb.designation.model.self_check import Check
from canheal_nb.text.locale import _, ngettext


def finding(check: Check) -> str:
    """Return what that means for an application, open never taken for failed or for met.

    Gaps are counted as all there are only where every criterion is answered.
    """
    results = [*check.conditions, *check.results]
    if len(check.open) == len(results):
        return _("No criterion is answered yet, so nothing can be said about the certificate.")
    if check.verdict == MET:
        return f"{_all_met(check)} {_('What remains is the review by peers.')}"
    if check.verdict == OPEN:
        said = _("Nothing that was answered stands against the certificate.")
        return f"{said} {pending(check)}"
    n = len(check.gaps)
    if check.open:
        text = ngettext(
            "As far as is known, {n} criterion stands against the certificate.",
            "As far as is known, {n} criteria stand against the certificate.",
            n,
        )
        return f"{text.format(n=n)} {pending(check)}"
    if check.rule and check.rule.verdict == NOT_MET:
        return _short_of_the_rule(check, check.rule.fewest)
    text = ngettext(
        "As answered, {n} gap stands between the centre and the certificate.",
        "As answered, {n} gaps stand between the centre and the certificate.",
        n,
    )
    return text.format(n=n)


def pending(check: Check) -> str:
    """Return that what is open may add to the path; "" where nothing open can."""
    ruled = check.rule is not None and check.rule.verdict == MET
    n = sum(not (ruled and r.criterion.part in RESEARCH) for r in check.open)
    if not n:
        return _("What is open is not needed for the rule on research.") if check.open else ""
    text = ngettext(
        "{n} criterion is open and may add a step, with its money and time: the path is known "
        "only when it is answered.",
        "{n} criteria are open and may add steps, with their money and time: the path is known "
        "only when they are answered.",
        n,
    )
    return text.format(n=n)


def _all_met(check: Check) -> str:
    results = [*check.conditions, *check.results]
    n = {kind: sum(r.verdict == kind for r in results) for kind in (MET, NOT_MET, OPEN)}
    if n[MET] == len(results):
        return _("As answered, all criteria are met.")
    text = _(
        "As answered, what the certificate asks for is met: the rule on research is fulfilled, "
        "though {not_met} of its criteria are not met and {open} open."
    )
    return text.format(not_met=n[NOT_MET], open=n[OPEN])


def _short_of_the_rule(check: Check, fewest: int) -> str:
    research = ngettext(
        "at least {n} more research criterion must be met",
        "at least {n} more research criteria must be met",
        fewest,
    ).format(n=fewest)
    own = sum(one.criterion.part not in RESEARCH for one in check.gaps)
    if not own:
        return _("As answered, {research}.").format(research=research)
    general = ngettext(
        "{n} criterion that must be met is not",
        "{n} criteria that must all be met are not",
        own,
    ).format(n=own)
    return _("As answered, {general}, and {research}.").format(general=general, research=research)
