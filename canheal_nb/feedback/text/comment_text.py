"""Comments in words: the same for the team's page and for the report."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from canheal_nb.text.locale import N_, _, ngettext

if TYPE_CHECKING:
    from canheal_nb.store.comments import Comment

SORTS = {
    "error": N_("an error in a fact or figure"),
    "idea": N_("an idea"),
    "question": N_("a question"),
    "experience": N_("an experience"),
}
STATES = {"new": N_("new"), "open": N_("being looked at"), "answered": N_("answered")}
DECISIONS = {
    "waiting": N_("waits for review"),
    "accepted": N_("accepted"),
    "declined": N_("declined"),
}

Topics = Mapping[str, Mapping[str, str]]


def rows(found: Sequence[Comment], topics: Topics, as_of: dt.date) -> list[dict[str, Any]]:
    """Return every comment with its words: late ones first, then by day; as plain texts.

    `topics`: rows of feedback_topics.csv by topic. Besides the comment's own fields each row has
    topic_label, package, sort_label, state_label, late (yes or empty), decision.
    """
    made = [_row(one, topics, as_of) for one in found]
    return sorted(made, key=lambda row: (row["late"] == "", row["received"], row["item"]))


def _row(one: Comment, topics: Topics, as_of: dt.date) -> dict[str, Any]:
    topic = topics.get(one.topic, {})
    proposal = dict(one.proposal)
    return {
        "item": one.item,
        "received": one.received.isoformat(),
        "due": one.due.isoformat(),
        "answered": one.answered.isoformat() if one.answered else "",
        "late": _("late") if one.late(as_of) else "",
        "topic_label": _(topic["label"]) if topic else one.topic,
        "package": topic.get("work_package", ""),
        "package_label": _(topic.get("work_package_label", "")),
        "sort_label": _(SORTS.get(one.sort, one.sort)),
        "state": one.state,
        "state_label": _(STATES.get(one.state, one.state)),
        "owner": one.owner,
        "answer": one.answer,
        "changed": one.changed,
        "text": one.text,
        "screen": one.screen,
        "part": one.part,
        "link": one.link,
        "proposal": proposal,
        "decision": _(DECISIONS.get(proposal["state"], proposal["state"])) if proposal else "",
    }


def packages(made: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows by work package, those without a named one last.

    Each has package, label, rows, and the numbers total, new, open, answered, late, changed.
    """
    named = sorted({row["package"] for row in made}, key=lambda name: (name == "", name))
    return [_package(name, [row for row in made if row["package"] == name]) for name in named]


def _package(name: str, found: list[Mapping[str, Any]]) -> dict[str, Any]:
    states = Counter(str(row["state"]) for row in found)
    return {
        "package": name or _("No work package named"),
        "label": found[0]["package_label"] if name else "",
        "rows": found,
        "total": len(found),
        **{state: states[state] for state in STATES},
        "late": sum(row["late"] != "" for row in found),
        "changed": sum(row["changed"] != "" for row in found),
    }


def summary(made: Sequence[Mapping[str, Any]], as_of: dt.date) -> str:
    """Return in one or two sentences how many comments there are and what is late."""
    if not made:
        return _("As of {day} there is no comment.").format(day=as_of.isoformat())
    late = sum(row["late"] != "" for row in made)
    answered = sum(row["state"] == "answered" for row in made)
    first = ngettext(
        "As of {day} there is {n} comment; {answered} answered.",
        "As of {day} there are {n} comments; {answered} answered.",
        len(made),
    ).format(day=as_of.isoformat(), n=len(made), answered=answered)
    second = ngettext(
        "{n} waits longer than 30 days or past its day.",
        "{n} wait longer than 30 days or past their day.",
        late,
    ).format(n=late)
    return f"{first} {second if late else _('None is late.')}"
