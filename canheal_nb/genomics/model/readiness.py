"""How ready a place is for genomics: 49 indicators of five levels, and statements without levels.

A blank answer is "not assessed": it is never the first level, and it stands in no rank. Nothing is
added up: levels are an order, and no mean of them is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

LEVELS = ("1", "2", "3", "4", "5")
YES_NO = ("yes", "no")


@dataclass(frozen=True)
class Indicator:
    """One row of the framework: `levels` are its five wordings, none for a yes or no statement."""

    id: str
    domain: str
    part: str
    text: str
    levels: tuple[str, ...]
    framework: str
    source_id: str

    @property
    def asked(self) -> str:
        """The name of its answer."""
        return self.id.lower()


@dataclass(frozen=True)
class Assessed:
    """An indicator with its level: 1 to 5, or None where it is not assessed."""

    indicator: Indicator
    level: int | None

    @property
    def now(self) -> str:
        """The wording of the level reached; "" where it is not assessed."""
        return self.indicator.levels[self.level - 1] if self.level else ""

    @property
    def next(self) -> str:
        """The wording of the level above; "" at the highest and where it is not assessed."""
        if self.level is None or self.level == len(self.indicator.levels):
            return ""
        return self.indicator.levels[self.level]


def indicators(rows: pd.DataFrame) -> list[Indicator]:
    """Return the rows of the framework, in its order.

    `rows`: id, domain, subdomain, criterion, level1 to level5, framework, source_id (texts).
    """
    found = []
    for _i, row in rows.iterrows():
        levels = tuple(str(row[f"level{n}"]) for n in LEVELS)
        texts = [str(row[name]) for name in ("id", "domain", "subdomain", "criterion")]
        own = levels if all(levels) else ()
        found.append(
            Indicator(
                texts[0],
                texts[1],
                texts[2],
                texts[3],
                own,
                str(row["framework"]),
                str(row["source_id"]),
            )
        )
    return found


def assess(wanted: Iterable[Indicator], said: Mapping[str, str]) -> list[Assessed]:
    """Return the indicators that have levels, each with its level.

    Raises UserError for an answer that is not a level from 1 to 5.
    """
    found = []
    for one in wanted:
        if not one.levels:
            continue
        text = said.get(one.asked, "").strip()
        if text and text not in LEVELS:
            sentence = _("{name}: {value} is no level; choose 1 to 5, or leave it blank.")
            raise UserError(sentence.format(name=one.id, value=ascii(text)), code="wrong-level")
        found.append(Assessed(one, int(text) if text else None))
    return found


def stated(wanted: Iterable[Indicator], said: Mapping[str, str]) -> list[tuple[Indicator, str]]:
    """Return the statements without levels, each with "yes", "no" or "" (not assessed).

    Raises UserError for any other answer.
    """
    found = []
    for one in wanted:
        if one.levels:
            continue
        text = said.get(one.asked, "").strip()
        if text and text not in YES_NO:
            sentence = _("{name}: {value} is no answer; say yes or no, or leave it blank.")
            raise UserError(sentence.format(name=one.id, value=ascii(text)), code="wrong-answer")
        found.append((one, text))
    return found


def ranked(found: Iterable[Assessed]) -> list[Assessed]:
    """Return what is assessed, lowest level first, in the framework's order within a level."""
    known = [one for one in found if one.level is not None]
    return sorted(known, key=lambda one: one.level or 0)


def by_domain(found: Iterable[Assessed]) -> dict[str, tuple[int, int, int | None, int | None]]:
    """Return for each domain: indicators assessed, all, lowest and highest level (None: none)."""
    domains: dict[str, list[Assessed]] = {}
    for one in found:
        domains.setdefault(one.indicator.domain, []).append(one)
    made = {}
    for domain, own in domains.items():
        levels = [one.level for one in own if one.level is not None]
        ends = (min(levels), max(levels)) if levels else (None, None)
        made[domain] = (len(levels), len(own), *ends)
    return made


def perspectives(found: Iterable[Assessed], places: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Return for each perspective how many indicators are assessed, and of how many.

    `places`: perspective, domain (the project's judgement; "" where no domain belongs to it). A
    perspective without any indicator has 0 of 0 and stays open.
    """
    domains = by_domain(found)
    made: dict[str, tuple[int, int]] = {}
    for perspective, domain in zip(places["perspective"], places["domain"], strict=True):
        known, every, _low, _high = domains.get(str(domain), (0, 0, None, None))
        before = made.get(str(perspective), (0, 0))
        made[str(perspective)] = (before[0] + known, before[1] + every)
    return made
