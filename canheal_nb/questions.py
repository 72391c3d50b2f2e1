"""One frozen, typed model per question, and one way to read it.

A link, a command line, a YAML file and a notebook's `parameters` cell are four
spellings of the same question. All are read by `read`, so all are refused with
the same plain sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self, TypeVar
from urllib.parse import parse_qsl, urlencode

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from canheal_nb.errors import UserError
from canheal_nb.locale import _, languages
from canheal_nb.refusals import shown as shown
from canheal_nb.refusals import suggestion, unknown_name, wrong_value


@dataclass(frozen=True)
class Known:
    """Marks a field whose value must be an id of the dataset's `vocabulary`.

    `most` above one: up to so many ids, joined by commas, or none.
    """

    vocabulary: str
    most: int = 1


def parts(value: str) -> list[str]:
    """Return the ids of a comma-joined list, in order, each once."""
    return list(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))


Listed = Annotated[str, AfterValidator(lambda value: ",".join(parts(value)))]
Country = Annotated[str, Known("country")]
Language = Annotated[str, Known("language")]


class Question(BaseModel):
    """What somebody asks; every field has a default or is required by name."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)

    def query(self) -> str:
        """Spell the question as a link's query, without what is default."""
        fields = type(self).model_fields
        pairs = [
            (name, str(value))
            for name, value in self.model_dump().items()
            if value != fields[name].default
        ]
        return urlencode(pairs)

    def changed(self, **changes: object) -> Self:
        """Return the same question with some fields changed (ids are not checked again)."""
        return type(self).model_validate({**self.model_dump(), **changes})


class Atlas(Question):
    """What can cancer centres and countries do, and where is it scarce?

    `sex`, `edition`, `year` ("" and 0: the default) choose the series; `classes` how the legend
    is cut, `bounds` its numbers when fixed; `every` shows every fact about the country.
    """

    show: Annotated[str, Known("show")] = "radiotherapy_machines_dirac_per_million"
    country: Annotated[str, Known("country_or_none")] = ""
    centres: Literal["oeci", "all", "none"] = "oeci"
    sex: Literal["", "T", "F", "M"] = ""
    edition: Annotated[str, Known("edition")] = ""
    year: int = 0
    classes: Literal["steps", "quantiles", "equal", "natural", "fixed"] = "steps"
    bounds: str = ""
    every: bool = False
    lang: Language = "en"


class Compare(Question):
    """How do countries compare?

    In the view "two" the first two measures are set against each other.
    """

    countries: Annotated[Listed, Known("country", most=6)] = "PL,SI"
    measures: Annotated[Listed, Known("show", most=6)] = (
        "physicians_per_1000,unmet_medical_need_pct,radiotherapy_machines_dirac_per_million,"
        "hpv_vaccination_coverage_first_dose,treatable_mortality_asr"
    )
    view: Literal["dots", "two"] = "dots"
    lang: Language = "en"


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


class Pathway(Question):
    """How unequal is each stage of cancer care, and what is not known?"""

    stage: Literal[
        "prevention", "screening", "diagnosis", "treatment", "survivorship", "palliative"
    ] = "prevention"
    country: Annotated[str, Known("country_or_none")] = ""
    lang: Language = "en"


class Facts(Question):
    """What do we know, and how old is it?

    `group`: one heading of the tables of types; `find`: a text to look for in what was left out.
    """

    country: Annotated[str, Known("country_or_none")] = ""
    group: Annotated[str, Known("group")] = ""
    find: str = ""
    lang: Language = "en"


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


class SharePriorities(Question):
    """What matters most to you in cancer care?

    `answers` (`method.name:value`, joined by commas) and who says so are never in a link.
    """

    group: Literal["", "patient", "provider", "researcher", "policymaker", "citizen"] = ""
    country: Annotated[str, Known("country_or_none")] = ""
    method: Literal["swing", "ranking", "euros", "bwm", "ahp"] = "swing"
    among: Annotated[Listed, Known("service", most=5)] = ""
    answers: str = ""
    lang: Language = "en"

    def query(self) -> str:
        """Spell the way of asking and the language as a link's query, and nothing else."""
        return Question.query(self.changed(group="", country="", among="", answers=""))


class CountryBrief(Question):
    """Where does one country stand, and what is not known about it?"""

    country: Country
    lang: Language = "en"


class EuOverview(Question):
    """Where does the Union stand, and what is not known about it?"""

    lang: Language = "en"


class CentreProfile(Question):
    """What is known about one centre, from where, and how old is it?"""

    centre: Annotated[str, Known("centre")]
    lang: Language = "en"


Q = TypeVar("Q", bound=Question)


def read(model: type[Q], given: Mapping[str, object], vocabulary: Mapping[str, Iterable[str]]) -> Q:
    """Read a question from names and values.

    `vocabulary` gives the ids that each `Known` field may take. Raises UserError
    with one sentence for an unknown name, a missing or wrong value, or an unknown id.
    """
    for name in given:
        if name not in model.model_fields:
            raise unknown_name(str(name), model)
    try:
        question = model.model_validate(dict(given))
    except ValidationError as error:
        raise wrong_value(error, model) from None
    for name, known in _known_fields(model):
        _check(name, str(getattr(question, name)), known, list(_ids(known, vocabulary)))
    return question


def read_query(model: type[Q], query: str, vocabulary: Mapping[str, Iterable[str]]) -> Q:
    """Read a question from a link's query string (`country=SI&lang=en`)."""
    return read(model, dict(parse_qsl(query.lstrip("?"), keep_blank_values=True)), vocabulary)


def _known_fields(model: type[Question]) -> list[tuple[str, Known]]:
    return [
        (name, mark)
        for name, field in model.model_fields.items()
        for mark in field.metadata
        if isinstance(mark, Known)
    ]


def _ids(known: Known, vocabulary: Mapping[str, Iterable[str]]) -> Iterable[str]:
    if known.vocabulary == "language":
        return languages()
    if known.vocabulary.endswith("_or_none"):
        return ["", *vocabulary[known.vocabulary.removesuffix("_or_none")]]
    return vocabulary[known.vocabulary]


def _check(name: str, value: str, known: Known, ids: list[str]) -> None:
    given = parts(value) if known.most > 1 else [value]
    for one in given:
        _check_id(name, one, ids)
    if len(given) > known.most:
        text = _("{name}: at most {most} can be chosen, not {n}; take some away first.")
        raise UserError(
            text.format(name=name, most=known.most, n=len(given)), code=f"too-many-{name}"
        )


def _check_id(name: str, value: str, ids: list[str]) -> None:
    if value in ids:
        return
    if name in ("country", "countries") and value == "EL":
        hint = _("Greece is written GR here.")
    else:
        hint = suggestion(value, ids)
    raise UserError(
        _("{name}: {value} is not known. {hint}").format(name=name, value=shown(value), hint=hint),
        code=f"unknown-{name}",
    )
