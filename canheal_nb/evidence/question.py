"""The question of what is known, and how old it is."""

from __future__ import annotations

from typing import Annotated

from canheal_nb.text.question import Known, Language, Question


class Facts(Question):
    """What do we know, and how old is it?

    `group`: one heading of the tables of types; `find`: a text to look for in what was left out.
    """

    country: Annotated[str, Known("country_or_none")] = ""
    group: Annotated[str, Known("group")] = ""
    find: str = ""
    lang: Language = "en"
