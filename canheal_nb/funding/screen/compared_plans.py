"""Plans that are kept to be compared: how a link, a draft and a button spell them.

A plan is spelled by what was asked, not by its figures: opened again it is planned again, and the
same question, data and seed give the same plan. A plan on a file of one's own carries a mark of
that file's text, so that it never turns into a plan on another file.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import quote, unquote

import numpy as np

from canheal_nb.data import Dataset
from canheal_nb.funding.question import PlanFunding
from canheal_nb.funding.screen import plan_run
from canheal_nb.funding.screen.frontier import STEPS
from canheal_nb.funding.screen.plan_run import Funding
from canheal_nb.funding.text import plan_comparison
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.text.question import read
from canheal_nb.uncertainty import results
from canheal_nb.uncertainty.results import Beats

LETTERS = ("a", "b", "c", "d")
ASKED = ("scenario", "budget", "years", "goal", "equity", "priorities")
LONGEST = 60


@dataclass(frozen=True, eq=False)
class Kept:
    """A plan in the comparison: its letter ("" the one on the screen), name, and what it does.

    `found`: None where it cannot be shown, and then `why` says so.
    """

    letter: str
    name: str
    question: PlanFunding
    found: Funding | None
    why: str = ""


def spell(question: PlanFunding) -> str:
    """Spell a plan as one text without a comma or a colon."""
    told = [str(getattr(question, name)) for name in ASKED]
    return ";".join(quote(one, safe=" ._-") for one in [*told, _mark(question)])


def split(text: str) -> dict[str, str]:
    """Return what stands under each letter of "a:<text>,b:<text>", in the order of the letters.

    Raises UserError for anything else.
    """
    found = {}
    for one in filter(None, text.split(",")):
        letter, colon, rest = one.partition(":")
        if letter not in LETTERS or not colon or not rest or letter in found:
            said = _(
                "The plans to compare in this link cannot be read; open the link that was saved."
            )
            raise UserError(said, code="kept-plans")
        found[letter] = rest
    return dict(sorted(found.items()))


def joined(held: dict[str, str]) -> str:
    """Return the text that `split` reads."""
    return ",".join(f"{letter}:{one}" for letter, one in sorted(held.items()))


def kept(question: PlanFunding, dataset: Dataset, vocabulary: dict[str, list[str]]) -> list[Kept]:
    """Return the plans that are kept, each planned again. Raises UserError for a wrong link."""
    names = split(question.names)
    found = []
    for letter, text in split(question.kept).items():
        told = [unquote(one) for one in text.split(";")]
        if len(told) != len(ASKED) + 1:
            said = _("Plan {letter} in this link is cut short; keep it anew.")
            raise UserError(said.format(letter=letter.upper()), code="kept-plans")
        fields = dict(zip(ASKED, told[:-1], strict=True)) | {"own": question.own}
        asked = read(PlanFunding, fields, vocabulary)
        name = names.get(letter, "").strip()[:LONGEST]
        if asked.scenario == plan_run.OWN and told[-1] != _mark(asked):
            why = _("It is about a scenario file that is not open now; open that file again.")
            found.append(Kept(letter, name, asked, None, why))
            continue
        try:
            found.append(Kept(letter, name, asked, plan_run.funding(asked, dataset)))
        except UserError as error:
            found.append(Kept(letter, name, asked, None, str(error)))
    return found


def with_present(question: PlanFunding, found: Funding, held: list[Kept]) -> list[Kept]:
    """Return the plans to compare: those kept, and the one on the screen where it is another."""
    same = [one for one in held if one.found is not None and _alike(one.found, found)]
    return held if same else [*held, Kept("", "", question, found)]


def keeping(question: PlanFunding, held: list[Kept], found: Funding) -> str:
    """Return the field `kept` with the present plan in it; "" where it is in it or it is full."""
    taken = split(question.kept)
    free = [letter for letter in LETTERS if letter not in taken]
    if not free or any(one.found is not None and _alike(one.found, found) for one in held):
        return ""
    return joined({**taken, free[0]: spell(question)})


def without(text: str, letter: str) -> str:
    """Return the field `kept` with one plan put away."""
    return joined({one: rest for one, rest in split(text).items() if one != letter})


def surer(plans: list[Kept]) -> list[dict[str, Beats]]:
    """Return, for each plan, how often it meets more need than the first one, by service.

    All plans meet the same draws; empty for the first plan and where a share is not known. Plans
    whose draws are not those of the first (another seed) are left out.
    """
    rows: list[dict[str, Beats]] = []
    first = next((one.found for one in plans if one.found is not None), None)
    for one in plans:
        rows.append({})
        if first is None or one.found is None or one.found is first:
            continue
        mine, theirs = one.found.run, first.run
        if mine.scenario.seed != theirs.scenario.seed:
            continue
        for service, drawn in mine.drawn_shares.items():
            if service in theirs.drawn_shares:
                rows[-1][service] = results.beats(drawn, theirs.drawn_shares[service])
    return rows


def beside(
    question: PlanFunding,
    found: Funding,
    dataset: Dataset,
    vocabulary: dict[str, list[str]],
    names: dict[str, str],
) -> dict[str, object]:
    """Return the plans that are kept beside the present one, and the buttons for them."""
    held = kept(question, dataset, vocabulary)
    plans = with_present(question, found, held) if held else []
    sure = surer(plans)
    columns = [
        None
        if one.found is None
        else plan_comparison.Column(
            one.found.scenario, one.found.run, one.found.planned, _between(one.question), better
        )
        for one, better in zip(plans, sure, strict=True)
    ]
    heads = [
        {
            "letter": one.letter,
            "name": one.name,
            "given": "" if one.found is None else plan_comparison.name(
                one.found.scenario, _between(one.question)
            ),
            "why": one.why,
            "away": without(question.kept, one.letter) if one.letter else "",
            "link": _link(question, one.question),
        }
        for one in plans
    ]  # fmt: skip
    shown = [
        (str(head["name"] or head["given"]), one.found.run)
        for one, head in zip(plans, heads, strict=True)
        if one.found is not None
    ]
    return {
        "keep": keeping(question, held, found),
        "held": len(held),
        "heads": heads,
        "compared": plan_comparison.rows(columns, names) if held else [],
        "contrast": plan_comparison.difference(shown),
    }


def _between(question: PlanFunding) -> str:
    place = plan_run.position(question)
    if place is None:
        return ""
    text = _("place {n} of {all} from most people to the worst-off")
    return text.format(n=place, all=STEPS)


def _link(question: PlanFunding, other: PlanFunding) -> str:
    """Return the link that shows a kept plan, with all that is kept."""
    told = {name: getattr(other, name) for name in ASKED}
    return "?" + question.changed(**told).query()


def _alike(one: Funding, other: Funding) -> bool:
    mine, theirs = one.run.outcome.units, other.run.outcome.units
    return one.scenario == other.scenario and bool(np.array_equal(mine, theirs))


def _mark(question: PlanFunding) -> str:
    """Return a mark of the text of a file of one's own; "" for a shipped scenario."""
    if question.scenario != plan_run.OWN:
        return ""
    return hashlib.sha256(question.own.encode()).hexdigest()[:10]
