"""What matters most to you in cancer care: five ways to say it, weighed at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

import pandas as pd

from canheal_nb.data import Dataset
from canheal_nb.indicators import measures, words
from canheal_nb.priorities.model import priority_answers
from canheal_nb.priorities.question import SharePriorities
from canheal_nb.priorities.text import answers_text
from canheal_nb.screens.shell import Screen
from canheal_nb.text import offers
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import N_, _
from canheal_nb.text.question import parts

TEMPLATE = "share_priorities.html"
LONGEST = 6000
HANDS_IN = True  # whether the server takes hand-ins
PART = re.compile(r"[a-z]+(?:\.[a-z0-9_]+)+:[a-z0-9_./]{1,40}")
GROUPS = {
    "patient": N_("a patient, or somebody who cares for one"),
    "provider": N_("somebody who gives care"),
    "researcher": N_("a researcher"),
    "policymaker": N_("a policymaker"),
    "citizen": N_("a citizen"),
}
METHODS = {
    "swing": N_("Points from 0 to 100"),
    "ranking": N_("A ranking"),
    "euros": N_("100 euros to share out"),
    "bwm": N_("What matters most and least"),
    "ahp": N_("Two at a time"),
}
CHOSEN = ("bwm", "ahp")  # ways that compare only what was chosen


def vocabulary(dataset: Dataset) -> dict[str, list[str]]:
    """Return the ids that the question may name."""
    services = [str(one) for one in table(dataset, "priority_attributes")["service"]]
    return {"country": measures.members(dataset.areas), "service": services}


def screen(question: SharePriorities, dataset: Dataset, notice: str = "") -> Screen:
    """Return what is asked and, at once, what the answers weigh.

    Raises UserError where the answers are no answers, as in a file from elsewhere.
    """
    services = services_of(dataset)
    names = {one["service"]: one["label"] for one in services}
    asked = [s for s in names if s in parts(question.among)] if chooses(question) else list(names)
    answers = answers_of(question)
    try:
        weighed = priority_answers.weigh(question.method, answers, asked)
    except UserError as error:
        weighed, notice = priority_answers.Weighed({}, 0, len(asked)), str(error)
    country_names = words.country_names(dataset.areas)
    context = {
        "question": question,
        "notice": notice,
        "groups": [(key, _(name)) for key, name in GROUPS.items()],
        "countries": [(one, country_names[one]) for one in measures.members(dataset.areas)],
        "methods": [(key, _(name)) for key, name in METHODS.items()],
        "services": services,
        "chooses": chooses(question),
        "asked": [one for one in services if one["service"] in asked],
        "pairs": list(combinations(asked, 2)),
        "names": names,
        "ranks": [(str(i), str(i)) for i in range(1, len(names) + 1)],
        "best": answers.get("best", ""),
        "worst": answers.get("worst", ""),
        "answer": answers_text.answer(question.method, weighed, answers, names),
        "care": answers_text.care(weighed, names),
        "plan": offers.load("EFFECTS", "priorities_on_plan")(dataset, weighed.weights, names),
        "rows": answers_text.rows(weighed.weights, names),
        "unsaid": [names[s] for s in names if s not in weighed.weights],
        "published": published(dataset),
        "consent": consent(dataset) if HANDS_IN else {},
    }
    return Screen(question, TEMPLATE, context, {})


@lru_cache(maxsize=16)
def table(dataset: Dataset, name: str) -> pd.DataFrame:
    """Return a table of judgements, read once: the screen answers while somebody chooses."""
    return dataset.table(f"judgements/{name}")


def chooses(question: SharePriorities) -> bool:
    """Say whether the way of asking compares only services that were chosen first."""
    return question.method in CHOSEN


def services_of(dataset: Dataset) -> list[dict[str, str]]:
    """Return the services in plain words: service, label, plain, worst, best."""
    rows = table(dataset, "priority_attributes")
    return [
        {"service": str(row["service"])}
        | {key: _(str(row[key])) for key in ("label", "plain", "worst", "best")}
        for _i, row in rows.iterrows()
    ]


def answers_of(question: SharePriorities) -> dict[str, str]:
    """Return the answers to the present way of asking, by name.

    Raises UserError where they are too long or spelled otherwise than this screen spells them.
    """
    given = parts(question.answers)
    wrong = [one for one in given if not PART.fullmatch(one)]
    if wrong or len(question.answers) > LONGEST:
        raise UserError(
            _("These answers cannot be read; open a file that was saved here."),
            code="wrong-answers",
        )
    split: Sequence[Sequence[str]] = [one.partition(":") for one in given]
    before = f"{question.method}."
    return {k.removeprefix(before): v for k, _colon, v in split if k.startswith(before)}


def consent(dataset: Dataset) -> dict[str, str]:
    """Return what a person agrees to: version, sentence, kept, withdrawal."""
    row = table(dataset, "priority_consent").iloc[-1]
    texts = {key: _(str(row[key])) for key in ("sentence", "kept", "withdrawal")}
    return {"version": str(row["version"]), **texts}


def published(dataset: Dataset) -> list[Mapping[str, Any]]:
    """Return what published figures on priorities mean, weights first."""
    rows = table(dataset, "published_priorities")
    rows = rows.sort_values(["starting_set", "study"], key=lambda c: c.where(c != "no", "~"))
    return [
        {"study": _(str(r["study"])), "kind": _(str(r["kind"])), "meaning": _(str(r["meaning"]))}
        for _i, r in rows.iterrows()
    ]
