"""The questions of a country's brief and of the overview of the Union."""

from __future__ import annotations

from canheal_nb.text.question import Country, Language, Question


class CountryBrief(Question):
    """Where does one country stand, and what is not known about it?"""

    country: Country
    lang: Language = "en"


class EuOverview(Question):
    """Where does the Union stand, and what is not known about it?"""

    lang: Language = "en"
