"""The questions about cancer centres: which have what, and all that is known of one."""

from __future__ import annotations

from typing import Annotated, Literal

from canheal_nb.text.question import Known, Language, Listed, Question


class Centres(Question):
    """Which cancer centres have what?

    `has`: capabilities that must all be known; `find`: words in the name or city.
    """

    has: Annotated[Listed, Known("capability", most=12)] = ""
    designation: Literal["", "CCC", "CC", "national", "eunetccc", "any"] = ""
    country: Annotated[str, Known("country_or_none")] = ""
    find: str = ""
    centre: Annotated[str, Known("centre_or_none")] = ""
    lang: Language = "en"


class CentreProfile(Question):
    """What is known about one centre, from where, and how old is it?"""

    centre: Annotated[str, Known("centre")]
    lang: Language = "en"
