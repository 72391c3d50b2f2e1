"""What the form of the self-check shows: criteria, statements, known facts, and verdicts."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from markupsafe import Markup

from canheal_nb.data import Dataset
from canheal_nb.designation.model import maturity
from canheal_nb.designation.model.criteria import Criterion, Result
from canheal_nb.designation.model.scheme_tables import Fact
from canheal_nb.designation.model.self_check import Check
from canheal_nb.designation.text import check_text
from canheal_nb.reporting import html
from canheal_nb.text.locale import _

VERDICT = "check_verdict.html"


def parts(results: list[Result], found: Check, dataset: Dataset) -> list[dict[str, Any]]:
    """Return the criteria by the part they belong to."""
    return [
        {
            "name": _(check_text.PARTS[part]),
            "criteria": [asked(r.criterion, found, dataset) for r in own],
        }
        for part, own in groupby(results, key=lambda r: r.criterion.part)
    ]


def asked(criterion: Criterion, found: Check, dataset: Dataset) -> dict[str, Any]:
    """Return what the form shows of a criterion; nothing in it depends on an answer."""
    return {
        "asked": criterion.asked,
        "text": _(criterion.text),
        "needed": check_text.needed(criterion),
        "yes_no": criterion.yes_no,
        "unit": "" if criterion.yes_no else _(criterion.unit),
        "scheme": criterion.scheme,
        "note": _(
            criterion.note
            if criterion.part == "volume"
            else found.counting.get(criterion.asked, "")
        ),
        "facts": [_fact(f, dataset) for f in found.facts if f.asked == criterion.asked],
    }


def themes(found: Check, dataset: Dataset) -> list[dict[str, Any]]:
    """Return the statements of maturity by theme."""
    return [
        {
            "name": theme,
            "statements": [_statement(one, found, dataset) for one in own],
        }
        for theme, own in groupby(found.statements, key=lambda one: one.theme)
    ]


def _statement(one: maturity.Statement, found: Check, dataset: Dataset) -> dict[str, Any]:
    number = one.behind is not None and not one.behind.yes_no
    return {
        "asked": one.asked,
        "text": _("Level {n}: {text}").format(n=one.level, text=_(one.text)),
        "needed": check_text.needed(one.behind) if one.behind is not None and number else "",
        "yes_no": not number,
        "unit": _(one.behind.unit) if one.behind is not None and number else "",
        "facts": [_fact(f, dataset) for f in found.facts if f.asked == one.asked],
        "scheme": "",
        "note": "",
    }


def _fact(fact: Fact, dataset: Dataset) -> dict[str, Any]:
    kind = dataset.capability_types.loc[fact.capability]
    value = {"yes": _("yes"), "no": _("no")}.get(fact.value, fact.value)
    return {
        "answers": fact.answers,
        "value": value,
        "text": _("{label}: {value}, {year}").format(
            label=_(str(kind["label"])),
            value=" ".join(filter(None, [value, _(str(kind["unit"]))])),
            year=fact.year or _("year not stated"),
        ),
        "caveat": "" if fact.answers else _(str(kind["caveat"])),
    }


def verdicts(found: Check) -> dict[str, Markup]:
    """Return what each criterion's own region says, by the name of its answer."""
    results = [*found.conditions, *found.results, *found.volume]
    shown = {r.criterion.asked: (r.verdict, check_text.gap(r)) for r in results}
    read = {r.criterion.asked: check_text.read_back(r) for r in results}
    shown |= {one.asked: (one.said(found.answers), "") for one in found.statements}
    return {
        asked: html.page(
            VERDICT,
            {
                "verdict": verdict,
                "said": _(check_text.VERDICTS[verdict]),
                "gap": gap,
                "read": read.get(asked, ""),
                "wrong": found.wrong.get(asked, ""),
            },
        )
        for asked, (verdict, gap) in shown.items()
    }
