"""What a scenario brief says of named futures: where it holds, and what is lost at worst."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from canheal_nb.funding.model.rule_comparison import COST, SHARE, mean_option
from canheal_nb.funding.model.scenario_run import NOTHING, PLAN, option
from canheal_nb.indicators import words
from canheal_nb.need.text import service_words
from canheal_nb.text.locale import _
from canheal_nb.uncertainty import named_futures, results
from canheal_nb.uncertainty.named_futures import GUESS, Faced

if TYPE_CHECKING:
    from canheal_nb.funding.report.brief_data import Funding

TINY = 5e-4


def faced(found: Funding) -> Faced | None:
    """Return doing nothing, the scenario and rules in the futures; None where none moves a thing.

    Outcomes: "cost"; "share", the mean over the services planned, or known, where there are any.
    """
    run, kept = found.run, services(found)
    none = np.zeros(run.case.shape)
    if kept:
        bought = run.outcome.units
        options = [mean_option(NOTHING, run.case, none, kept)]
        options += [mean_option(PLAN, run.case, bought, kept)]
        if found.rivals is not None:
            options += found.rivals.futures.together.options[1:]
    else:
        options = [option(PLAN, run.case, run.outcome.units)]
    seen = named_futures.faced(options, found.dataset)
    return seen if len(seen.labels) > 1 else None


def services(found: Funding) -> tuple[str, ...]:
    """Return the services whose need met is followed: those planned, or else those known."""
    return tuple(found.served) if found.run.planned is None else found.run.planned.services


def seen(found: Funding) -> dict[str, Any] | None:
    """Return rows and sentences for the block, or None."""
    made = found.faced
    if made is None:
        return None
    cost = made.outcome(COST)[PLAN]
    share = made.outcome(SHARE) if services(found) else pd.DataFrame(index=cost.index)
    best = found.rivals.best if found.rivals is not None else ""
    columns = [name for name in (NOTHING, PLAN, best) if name in share.columns]
    if not len(found.run.units):
        columns = columns[:1]
    whole = share[columns].assign(cost=cost)
    moved = [f for f in whole.index if f == GUESS or not whole.loc[f].equals(whole.loc[GUESS])]
    if len(moved) < 2:
        return None
    heads = {NOTHING: _("Doing nothing"), PLAN: _("Scenario")}
    return {
        "heads": [heads.get(name) or _(service_words.GOALS[name]) for name in columns],
        "rows": [
            {
                "future": _(made.labels[str(future)]),
                "shares": [service_words.share(float(share.at[future, name])) for name in columns],
                "cost": service_words.millions(float(cost[future])),
            }
            for future in moved
        ],
        "still": [_(made.labels[str(name)]) for name in whole.index if name not in moved],
        "told": [*_idle(found, made, share), *_lost(found, made, share)],
    }


def _idle(found: Funding, made: Faced, share: pd.DataFrame) -> list[str]:
    """Return in which futures what is bought adds nothing, as a sentence."""
    if not len(found.run.units) or PLAN not in share.columns:
        return []
    more = share[PLAN] - share[NOTHING]
    none = [_(made.labels[str(name)]) for name in share.index if not more[name] > TINY]
    if not none:
        least = str(more.idxmin())
        text = _("The scenario adds capacity that is needed in every future; least in: {future}.")
        return [text.format(future=_(made.labels[least]))]
    text = _("What is bought adds nothing to the {measure} in the last year in: {list}.")
    return [text.format(list="; ".join(none), measure=service_words.measure(services(found)))]


def _lost(found: Funding, made: Faced, share: pd.DataFrame) -> list[str]:
    """Return what plan and best rule lose at worst, in points of the share, as a sentence."""
    if found.rivals is None:
        return []
    regret = results.regret(share.drop(columns=NOTHING))
    rule = found.rivals.best
    text = _(
        "Beside the best of plan and rules in each future, the plan loses at most {mine} points "
        "of {measure} ({future}), the best rule ({rule}) {other}; least at worst: {choice}. Money "
        "is not weighed in this."
    )
    worst = str(regret.table[PLAN].idxmax())
    return [
        text.format(
            mine=words.decimal(100 * float(regret.worst[PLAN]), 1),
            measure=service_words.measure(services(found)),
            future=_(made.labels[worst]),
            rule=_(service_words.GOALS[rule]),
            other=words.decimal(100 * float(regret.worst[rule]), 1),
            choice=words.listed(
                _("the plan") if name == PLAN else _(service_words.GOALS[name])
                for name in regret.choice
            ),
        )
    ]
