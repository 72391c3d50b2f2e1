"""How sure a scenario brief is: rules beside the plan, what would turn it, what is left out."""

from __future__ import annotations

from canheal_nb.funding.model import rule_comparison
from canheal_nb.funding.report import brief_text
from canheal_nb.funding.report.brief_data import Funding
from canheal_nb.funding.text import plan_limits, plan_text
from canheal_nb.indicators import words
from canheal_nb.need.text import service_words
from canheal_nb.reporting.blocks import Block
from canheal_nb.text.locale import _


def block(found: Funding) -> Block:
    """Return what would change the conclusion, which input matters, what is not modelled."""
    run, rivals = found.run, found.rivals
    left = list(run.case.not_modelled)
    if run.planned is not None:
        left += list(run.planned.plan.not_modelled)
    rules = [] if rivals is None else [
        {
            "rule": _(service_words.GOALS[str(name)]),
            "share": service_words.share(float(row["share"])),
            "cost": service_words.millions(float(row["cost"])),
            "better": words.decimal(100 * float(row["better"])),
        }
        for name, row in rivals.table.iterrows()
    ]  # fmt: skip
    turning = [] if rivals is None else [
        _("{input} at {value}").format(
            input=service_words.input_name(str(name)), value=service_words.number(row["break_even"])
        )
        for name, row in rivals.turning().iterrows()
    ]  # fmt: skip
    return found.block(
        "sure",
        proof=brief_text.proof(found),
        matters=[
            (
                service_words.service(service),
                service_words.input_name(name),
                words.decimal(100 * part),
            )
            for service, name, part in found.mattering
        ],
        fixed=[
            service_words.service(s)
            for s in found.served
            if s not in {m[0] for m in found.mattering}
        ],
        rules=rules,
        own=service_words.share(rule_comparison.share_of(run)) if rivals else "",
        measure=service_words.measure(
            found.served if run.planned is None else run.planned.services
        ),
        spent=service_words.millions(float(run.outcome.spent)),
        same=rivals is not None
        and all(plan_text.same_money(float(run.outcome.spent), c) for c in rivals.table["cost"]),
        best=_(service_words.GOALS[rivals.best]) if rivals else "",
        turning=turning,
        behind=rivals is not None
        and float(rivals.table["share"].max()) >= rule_comparison.share_of(run),
        futures=found.futures,
        left=service_words.not_modelled(left),
        out=[]
        if run.planned is None
        else [
            *plan_limits.left_out(run.planned),
            *plan_limits.outside(run.planned, run.case, found.names),
        ],
        draws=words.decimal(run.draws),
        seed=run.scenario.seed,
    )
