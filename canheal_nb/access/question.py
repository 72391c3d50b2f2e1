"""The question of who can reach what."""

from __future__ import annotations

from typing import Annotated, Literal

from canheal_nb.text.question import Known, Language, Question


class Access(Question):
    """Who can reach what?

    `centres`: a definition of the centres meant; `limit` in minutes by car; `view`: how long the
    way is, or how crowded the centres are when people share them by `method` and `decay`.
    """

    centres: Annotated[str, Known("definition")] = "oeci"
    limit: Literal["30", "45", "60", "90", "120"] = "60"
    borders: Literal["closed", "open"] = "closed"
    speed: Literal["slow", "middle", "fast"] = "middle"
    view: Literal["time", "crowding"] = "time"
    method: Literal["2sfca", "e2sfca", "m2sfca", "3sfca"] = "e2sfca"
    decay: Literal["gaussian", "step", "power"] = "gaussian"
    show: Literal["hexagons", "countries"] = "hexagons"
    country: Annotated[str, Known("country_or_none")] = ""
    lang: Language = "en"
