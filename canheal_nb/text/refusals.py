"""How a question is refused: one sentence that names the parameter, the value and what to do."""

from __future__ import annotations

import difflib
from typing import get_args

from pydantic import BaseModel, ValidationError

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

SHOWN = 40


def suggestion(value: str, ids: list[str]) -> str:
    """Return what may have been meant by an id that is not known."""
    near = [i for i in ids if i and i.lower() == value.lower()]
    near = near or difflib.get_close_matches(value, ids, n=1, cutoff=0.7)
    if near:
        return _("Did you mean {near}?").format(near=near[0])
    listed = ", ".join(sorted(i for i in ids if i)[:SHOWN])
    return _("Use one of: {listed}.").format(listed=listed)


def shown(value: object) -> str:
    """Return a value as it can be printed in a sentence: quoted, short, without control signs."""
    text = repr(str(value).encode("unicode_escape").decode("ascii")[:60])
    return text.replace("\\\\", "\\")


def unknown_name(name: str, model: type[BaseModel]) -> UserError:
    """Return the refusal of a parameter that a question does not have."""
    names = list(model.model_fields)
    near = difflib.get_close_matches(name, names, n=1)
    hint = (
        _("Did you mean {near}?").format(near=near[0])
        if near
        else _("Use one of: {listed}.").format(listed=", ".join(names))
    )
    return UserError(
        _("There is no parameter {name}. {hint}").format(name=shown(name), hint=hint),
        code="unknown-parameter",
    )


def wrong_value(error: ValidationError, model: type[BaseModel]) -> UserError:
    """Return the refusal of the first value that is missing, or wrong in itself."""
    fault = error.errors()[0]
    name = str(fault["loc"][0])
    if fault["type"] == "missing":
        text = _("The parameter {name} is missing; give it, for example {example}.")
        known = model.model_fields[name].examples or ["SI"]
        example = f"--{name} {known[0]}"
        return UserError(text.format(name=name, example=example), code="missing-parameter")
    if fault["type"] == "literal_error":
        choices = ", ".join(map(str, get_args(model.model_fields[name].annotation)))
        text = _("{name}: {value} is not known. Use one of: {choices}.")
        return UserError(
            text.format(name=name, value=shown(fault["input"]), choices=choices),
            code=f"unknown-{name}",
        )
    kinds = {"string_type": _("a text"), "int_type": _("a whole number")}
    kinds |= {"int_parsing": _("a whole number"), "int_from_float": _("a whole number")}
    kinds |= {"float_parsing": _("a number"), "float_type": _("a number")}
    kinds |= {"bool_parsing": _("yes or no"), "bool_type": _("yes or no")}
    text = _("{name} must be {kind}, not {value} (which is of type {given}).")
    return UserError(
        text.format(
            name=name,
            kind=kinds.get(fault["type"], _("of another type")),
            value=shown(fault["input"]),
            given=type(fault["input"]).__name__,
        ),
        code="wrong-type",
    )


def printed(text: str) -> str:
    """Return what somebody wrote, shortened and without signs that cannot be seen."""
    shown = "".join(sign if sign.isprintable() else "?" for sign in text)
    return f"{shown[:39]}…" if len(shown) > 40 else shown
