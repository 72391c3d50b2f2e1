"""The question about what groups want, from what was told of them."""

from __future__ import annotations

from typing import Annotated, Literal

from canheal_nb.text.question import Known, Language, Listed, Question


class GroupPriorities(Question):
    """What do groups want, how far do they agree, and what is not told?

    `group`: one group, or "" for all of them side by side; `way`: the pool of ways to answer that
    are averaged together; `how` groups are averaged, each counting once; `day`: what was told up
    to that day (ISO), by default all.
    """

    group: Literal["", "patient", "provider", "researcher", "policymaker", "citizen"] = ""
    way: Literal["points", "pairs", "order"] = "points"
    how: Literal["arithmetic", "geometric", "median"] = "arithmetic"
    day: str = ""
    lang: Language = "en"


class SharePriorities(Question):
    """What matters most to you in cancer care?

    `answers` (`method.name:value`, joined by commas) and who says so are never in a link.
    """

    group: Literal["", "patient", "provider", "researcher", "policymaker", "citizen"] = ""
    country: Annotated[str, Known("country_or_none")] = ""
    method: Literal["swing", "ranking", "euros", "bwm", "ahp"] = "swing"
    among: Annotated[Listed, Known("service", most=5)] = ""
    answers: str = ""
    lang: Language = "en"

    def query(self) -> str:
        """Spell the way of asking and the language as a link's query, and nothing else."""
        return Question.query(self.changed(group="", country="", among="", answers=""))
