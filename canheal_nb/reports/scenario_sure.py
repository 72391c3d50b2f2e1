"""How sure a scenario brief is: rules beside the plan, what would turn it, what is left out."""

from __future__ import annotations

from canheal_nb.locale import _
from canheal_nb.model import scenario_rivals
from canheal_nb.reports import scenario_said
from canheal_nb.reports.blocks import Block
from canheal_nb.reports.scenario import Funding
from canheal_nb.views import funding, funding_limits, words
from canheal_nb.views import scenario_words as said


def block(found: Funding) -> Block:
    """Return what would change the conclusion, which input matters, what is not modelled."""
    run, rivals = found.run, found.rivals
    left = list(run.case.not_modelled)
    if run.planned is not None:
        left += list(run.planned.plan.not_modelled)
    rules = [] if rivals is None else [
        {
            "rule": _(said.GOALS[str(name)]),
            "share": said.share(float(row["share"])),
            "cost": said.millions(float(row["cost"])),
            "better": words.decimal(100 * float(row["better"])),
        }
        for name, row in rivals.table.iterrows()
    ]  # fmt: skip
    turning = [] if rivals is None else [
        _("{input} at {value}").format(
            input=said.input_name(str(name)), value=said.number(row["break_even"])
        )
        for name, row in rivals.turning().iterrows()
    ]  # fmt: skip
    return found.block(
        "sure",
        proof=scenario_said.proof(found),
        matters=[
            (said.service(service), said.input_name(name), words.decimal(100 * part))
            for service, name, part in found.mattering
        ],
        fixed=[said.service(s) for s in found.served if s not in {m[0] for m in found.mattering}],
        rules=rules,
        own=said.share(scenario_rivals.share_of(run)) if rivals else "",
        measure=said.measure(found.served if run.planned is None else run.planned.services),
        spent=said.millions(float(run.outcome.spent)),
        same=rivals is not None
        and all(funding.same_money(float(run.outcome.spent), c) for c in rivals.table["cost"]),
        best=_(said.GOALS[rivals.best]) if rivals else "",
        turning=turning,
        behind=rivals is not None
        and float(rivals.table["share"].max()) >= scenario_rivals.share_of(run),
        futures=found.futures,
        left=said.not_modelled(left),
        out=[]
        if run.planned is None
        else [
            *funding_limits.left_out(run.planned),
            *funding_limits.outside(run.planned, run.case, found.names),
        ],
        draws=words.decimal(run.draws),
        seed=run.scenario.seed,
    )
