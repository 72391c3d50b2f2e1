"""The questions about readiness for genomics: as a screen, and as a report."""

from __future__ import annotations

from typing import Annotated

from canheal_nb.text.question import Known, Language, Question


class CheckGenomics(Question):
    """How ready is a country, a region or a centre for genomics in cancer care?

    `centre` goes before `country`; without both it is a place of one's own, such as a region.
    `answers` (`place.name:value`, joined by commas) is never in a link.
    """

    country: Annotated[str, Known("country_or_none")] = ""
    centre: Annotated[str, Known("centre_or_none")] = ""
    answers: str = ""
    lang: Language = "en"

    def query(self) -> str:
        """Spell country, centre and language as a link's query, never the answers."""
        return Question.query(self.changed(answers=""))


class GenomicsReadiness(Question):
    """How ready is a country for genomics in cancer care, as a report?

    `answers` as in `CheckGenomics`, here without the place: `mlm01:2,mtb02:no`.
    """

    country: Annotated[str, Known("country")]
    answers: str = ""
    lang: Language = "en"
