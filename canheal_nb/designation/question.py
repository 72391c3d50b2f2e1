"""The questions about standards: what a centre meets of them, and what it lacks."""

from __future__ import annotations

from typing import Annotated, Literal

from canheal_nb.text.question import Known, Language, Question


class CheckDesignation(Question):
    """What does a centre meet of OECI's criteria, and what would the next certificate take?

    `aim`: the certificate, Cancer Centre or Comprehensive Cancer Centre; `country`: whose centres
    are counted, by default that of the centre; `answers` (`centre.name:value`, joined by commas,
    `own` for a centre that is not in the list) is never in a link.
    """

    centre: Annotated[str, Known("centre_or_none")] = ""
    aim: Literal["cc", "ccc"] = "cc"
    country: Annotated[str, Known("country_or_none")] = ""
    answers: str = ""
    lang: Language = "en"

    def query(self) -> str:
        """Spell centre, aim, country and language as a link's query, never the answers."""
        return Question.query(self.changed(answers=""))


class DesignationCheck(Question):
    """What does a centre meet of a certificate, as a report; or what comes next in a country?

    `centre` (`own` for one that is not in the list) goes before `country`, which is told of all
    its centres, each with its next certificate. `answers` as in `CheckDesignation`, for a centre
    also without its id: `beds:120,member:yes`; or the name of a file saved there (.json, .xlsx).
    """

    centre: Annotated[str, Known("centre_or_none")] = ""
    country: Annotated[str, Known("country_or_none")] = ""
    aim: Literal["cc", "ccc"] = "cc"
    answers: str = ""
    lang: Language = "en"


class TrainingPlan(Question):
    """Which training closes which gap of a centre, or of the centres of a country, as a report?

    The fields are those of `DesignationCheck`.
    """

    centre: Annotated[str, Known("centre_or_none")] = ""
    country: Annotated[str, Known("country_or_none")] = ""
    aim: Literal["cc", "ccc"] = "cc"
    answers: str = ""
    lang: Language = "en"
