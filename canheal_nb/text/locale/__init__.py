"""The language of what a reader sees: gettext catalogues, chosen per context.

The texts in the code are English, so English needs no catalogue. Any other language is a
folder `<language>/LC_MESSAGES` beside this file holding `canheal.po` and its `canheal.mo`.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from canheal_nb.text.errors import UserError

DOMAIN = "canheal"
SOURCE_LANGUAGE = "en"
_FOLDER = Path(__file__).parent
_language: ContextVar[str] = ContextVar("canheal_language", default=SOURCE_LANGUAGE)


def languages() -> tuple[str, ...]:
    """Return the languages that can be used: English, then every catalogue, sorted."""
    catalogues = _FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    found = {path.parent.parent.name for path in catalogues} - {SOURCE_LANGUAGE}
    return (SOURCE_LANGUAGE, *sorted(found))


def language() -> str:
    """Return the language in use here, as its code, for example "en"."""
    return _language.get()


@contextmanager
def use(language: str) -> Iterator[None]:
    """Speak `language` inside the `with` block; raise UserError when it has no catalogue."""
    if language not in languages():
        sentence = _("There is no language {language!r} here; use one of: {known}.")
        raise UserError(
            sentence.format(language=language, known=", ".join(languages())),
            code="unknown-language",
        )
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def _(message: str) -> str:
    """Return `message` in the language in use, or unchanged when it is not translated.

    An empty text stays empty: a catalogue keeps its own description under it.
    """
    return _catalogue(_language.get()).gettext(message) if message else ""


def N_(message: str) -> str:  # noqa: N802
    """Mark a text for translation where it is only named; `_` translates it later."""
    return message


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of `one`/`many` that `count` takes in the language in use."""
    return _catalogue(_language.get()).ngettext(one, many, count)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, localedir=_FOLDER, languages=[language])
