"""Texts come in the language in use, and only in languages that have a catalogue."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo

from canheal_nb.text import locale
from canheal_nb.text.errors import UserError


@pytest.fixture
def latin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A catalogue in a language nobody will add."""
    folder = tmp_path / "la" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = Catalog(locale="la")
    catalogue.add("none", "nullum")
    catalogue.add(("{n} map", "{n} maps"), ("{n} tabula", "{n} tabulae"))
    with (folder / "canheal.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(locale, "_FOLDER", tmp_path)
    locale._catalogue.cache_clear()
    yield
    locale._catalogue.cache_clear()


@pytest.mark.usefixtures("latin")
def test_a_language_is_used_inside_its_block_only() -> None:
    assert locale.languages() == ("en", "la")
    with locale.use("la"):
        assert locale.language() == "la"
        assert locale._("none") == "nullum"
        assert locale._("not translated") == "not translated"
        assert locale.ngettext("{n} map", "{n} maps", 1) == "{n} tabula"
        assert locale.ngettext("{n} map", "{n} maps", 2) == "{n} tabulae"
        with locale.use("en"):
            assert locale._("none") == "none"
        assert locale._("none") == "nullum"
    assert locale._("none") == "none"


@pytest.mark.parametrize("language", ["xx", "../..", "", "EN"])
def test_an_unknown_language_is_refused_in_one_sentence(language: str) -> None:
    with pytest.raises(UserError, match="use one of: en") as refused, locale.use(language):
        pytest.fail("the block must not run")
    assert refused.value.code == "unknown-language"
    assert locale.language() == "en"


def test_an_error_keeps_its_sentence_and_code_between_processes() -> None:
    sent = pickle.loads(pickle.dumps(UserError("No such country.", code="unknown-country")))
    assert (str(sent), sent.code) == ("No such country.", "unknown-country")
