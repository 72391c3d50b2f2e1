"""One frozen, typed model per question, and one way to read it.

A link, a command line, a YAML file and a notebook's `parameters` cell are four
spellings of the same question. All are read by `read`, so all are refused with
the same plain sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Self, TypeVar
from urllib.parse import parse_qsl, urlencode

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _, languages
from canheal_nb.text.refusals import shown as shown
from canheal_nb.text.refusals import suggestion, unknown_name, wrong_value


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
