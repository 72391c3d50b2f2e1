"""How mature a cancer infrastructure says it is, theme by theme, in the themes that were read.

The statements are those of the CCI4EU model. A level is reached when every statement of it and of
the levels below it is met; a blank answer stops the count as open, a no as not met. There is no
overall score: themes are not added up, and themes that were not read are named.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from canheal_nb.designation.model.criteria import MET, OPEN, Criterion, Verdict, together, verdict

MODEL = "CCI4EU"
_NUMBERED = re.compile(r"(\d+) ")


@dataclass(frozen=True)
class Statement:
    """One statement of the model: the answer it needs, and the number behind it where one is."""

    asked: str
    theme: str
    criterion: str
    level: int
    text: str
    source_id: str
    behind: Criterion | None = None

    def said(self, answers: Mapping[str, float]) -> Verdict:
        """Return what the answers mean for it; blank is open."""
        answer = answers.get(self.asked, math.nan)
        if self.behind is not None:
            return verdict(self.behind, answer)
        return OPEN if math.isnan(answer) else MET if answer == 1 else "not_met"


@dataclass(frozen=True)
class Reached:
    """The level reached in one criterion of a theme (0: not the first), and what stops there.

    `stop`: "open" or "not_met", "" where the highest level that was read is reached; `next`: the
    statements of the next level that are not met or open.
    """

    theme: str
    criterion: str
    level: int
    top: int
    stop: str
    next: tuple[Statement, ...]


def statements(levels: pd.DataFrame, behind: Mapping[str, Criterion]) -> list[Statement]:
    """Return the statements of the model, in the order of theme, criterion and level.

    `levels`: model, theme, code, criterion, level, description, source_id (texts); `behind`:
    criteria by the name of the answer. A statement without a code is named after its level.
    """
    rows = levels[levels["model"] == MODEL]
    found = []
    for _i, row in rows.iterrows():
        asked = str(row["code"]).lower() or f"ccc{row['level']}"
        found.append(
            Statement(
                asked,
                str(row["theme"]),
                str(row["criterion"]),
                int(str(row["level"])),
                str(row["description"]),
                str(row["source_id"]),
                behind.get(asked),
            )
        )
    return sorted(found, key=lambda one: (one.theme, one.criterion, one.level, one.asked))


def reached(wanted: list[Statement], answers: Mapping[str, float]) -> list[Reached]:
    """Return the level reached in every criterion of every theme that was read."""
    pairs = list(dict.fromkeys((one.theme, one.criterion) for one in wanted))
    return [
        _climb([one for one in wanted if (one.theme, one.criterion) == pair], answers)
        for pair in pairs
    ]


def unread(wanted: list[Statement]) -> list[int]:
    """Return the numbers of themes that were not read, below the highest number that was."""
    numbers = {int(m[1]) for one in wanted if (m := _NUMBERED.match(one.theme))}
    return [n for n in range(1, max(numbers, default=0)) if n not in numbers]


def _climb(own: list[Statement], answers: Mapping[str, float]) -> Reached:
    theme, criterion = own[0].theme, own[0].criterion
    levels = sorted({one.level for one in own})
    level = 0
    for step in levels:
        at = [one for one in own if one.level == step]
        said = together(one.said(answers) for one in at)
        if said != MET:
            left = tuple(one for one in at if one.said(answers) != MET)
            return Reached(theme, criterion, level, levels[-1], said, left)
        level = step
    return Reached(theme, criterion, level, levels[-1], "", ())
