"""The question of who does what about it by when."""

from __future__ import annotations

from typing import Annotated, Literal

from canheal_nb.text.question import Known, Language, Question


class StrategySheet(Question):
    """What does a centre or a country lack, and who does what about it by when?

    `centre` goes before `country`; without both it is a place of one's own. `designation` and
    `genomics`: the answers of `CheckDesignation` and `CheckGenomics`; `answers`
    (`place.name:value`): goals, owners and dates. None of the three is ever in a link.
    """

    country: Annotated[str, Known("country_or_none")] = ""
    centre: Annotated[str, Known("centre_or_none")] = ""
    aim: Literal["cc", "ccc"] = "cc"
    designation: str = ""
    genomics: str = ""
    answers: str = ""
    lang: Language = "en"

    def query(self) -> str:
        """Spell place, aim and language as a link's query, never what was answered or typed."""
        return Question.query(self.changed(designation="", genomics="", answers=""))
