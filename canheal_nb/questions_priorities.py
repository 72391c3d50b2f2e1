"""The question about what groups want, from what was told of them."""

from __future__ import annotations

from typing import Literal

from canheal_nb.questions import Language, Question


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
