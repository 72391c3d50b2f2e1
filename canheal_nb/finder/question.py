"""The question of which centre could fit a person."""

from __future__ import annotations

from typing import Annotated, Literal

from canheal_nb.text.question import Known, Language, Listed, Question

Weight = Literal["0", "1", "2", "3", "4"]


PRIVATE = ("find", "place", "who", "tumour", "purpose")


class Finder(Question):
    """Which cancer centre could fit me?

    `find`: a place as it is spelled, or # and a geonameid; `place`: the geonameid it led to.
    `has`: what the centre must be known to have; the last five say how much something matters.
    What is PRIVATE is in a link only with `linked`.
    """

    find: str = ""
    place: str = ""
    travel: Literal["car", "none"] = "car"
    reach: Literal["near", "day", "far"] = "day"
    where: Literal["own", "both"] = "own"
    who: Literal["", "adult", "child"] = ""
    tumour: Annotated[str, Known("tumour_or_none")] = ""
    purpose: Literal["", "second"] = ""
    has: Annotated[Listed, Known("need", most=6)] = ""
    certified: Literal["", "oeci"] = ""
    nearness: Weight = "0"
    own_country: Weight = "0"
    certificate: Weight = "0"
    comprehensive: Weight = "0"
    university: Weight = "0"
    sort: Literal["way", "name"] = "way"
    centre: Annotated[str, Known("centre_or_none")] = ""
    linked: Literal["", "yes"] = ""
    lang: Language = "en"

    def query(self) -> str:
        """Spell the question as a link's query; what is private only where that was chosen."""
        if self.linked:
            return super().query()
        fields = type(self).model_fields
        public = self.changed(**{name: fields[name].default for name in PRIVATE})
        return Question.query(public)
