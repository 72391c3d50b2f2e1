"""The shell around every page, in the reader's language: templates, words, and their style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from canheal_nb.charts import style
from canheal_nb.feedback import screen
from canheal_nb.serve.entries import Entry
from canheal_nb.text import locale
from canheal_nb.text.locale import _

PRODUCT = "canheal"
TEMPLATES = Path(__file__).parent / "template"
_OUTPUTS = "<!-- outputs -->"


def chosen_language(wanted: str) -> str:
    """Return the language asked for if there is a catalogue for it, else English."""
    return wanted if wanted in locale.languages() else locale.SOURCE_LANGUAGE


def app_page(entry: Entry, about: str, **frame: Any) -> tuple[str, str]:
    """Return an app's page before and after the outputs of its notebook.

    `frame` is as in `page`; `about` is the notebook's own text as HTML.
    """
    made = page(
        "app.html",
        title=f"{entry.title} – {PRODUCT}",
        state="opening",
        entry=entry,
        showing=entry.name,
        personal=entry.personal,
        about=about,
        outputs=Markup(_OUTPUTS),
        words=_words,
        script=asset("shell.js"),
        **frame,
    )
    before, after = made.split(_OUTPUTS)
    return before, after


def page(
    template: str, *, language: str, address: str, query: Mapping[str, str], **more: Any
) -> str:
    """Return one page as HTML.

    `address` is the page's path, `query` its query; `more` are the template's own values,
    among them title, base_url and edition. A callable value is called in `language`.
    """
    with locale.use(language):
        own = {name: value() if callable(value) else value for name, value in more.items()}
        shared = {
            "_": _,
            "css": style.css() + asset("shell.css"),
            "language": language,
            "languages": _languages(address, query),
            "here": _href(address, query),
            "query_of_language": "" if language == locale.SOURCE_LANGUAGE else f"?lang={language}",
            "product": PRODUCT,
            "sections": _sections(),
            "state": "shown",
            "screens": (),
            "showing": "",
            "personal": False,
            "tell": screen.form(),
            "asset": asset,
        }
        return _environment().get_template(template).render(shared | own)


def _languages(address: str, query: Mapping[str, str]) -> list[dict[str, str]]:
    """Return every language by its own name, with the address of this page in it."""
    return [
        {"code": code, "name": _own_name(code), "href": _href(address, {**query, "lang": code})}
        for code in locale.languages()
    ]


def _own_name(language: str) -> str:
    with locale.use(language):
        # Translators: the name of your own language, as its speakers write it.
        return _("English")


def _href(address: str, query: Mapping[str, str]) -> str:
    return f"{address}?{urlencode(query)}" if query else address


def _sections() -> Sequence[tuple[str, str]]:
    return (
        ("method", _("Method")),
        ("limits", _("Limits")),
        ("accessibility", _("Accessibility")),
        ("sources", _("Sources")),
    )


def _words() -> dict[str, Any]:
    """Return the sentences that the page itself says: trouble by code, and the link's."""
    still = _("What you see may still be read, but its controls no longer work.")
    ended = _("After an hour without a click the server makes room for others.") + " " + still
    reload = _("Load the page again: your choices are kept in its address.")
    return {
        "link": _("Link to this view"),
        "copied": _("Link copied"),
        "uncopied": _("Copy the link from the address bar"),
        "again": _("Load the page again"),
        "code": _("Code for the helpdesk: {code}"),
        "trouble": {
            "cell-error": {
                "title": _("This page could not be opened"),
                "means": _("Something went wrong on the server. It is not something you did."),
                "next": _("Try again. If it happens twice, tell the helpdesk the code below."),
            },
            "too-slow": {
                "title": _("Opening takes longer than it should"),
                "means": _("The server is still working, or it is busy with many visitors."),
                "next": _("You can keep waiting, or load the page again."),
            },
            "kernel-lost": {
                "title": _("This session has ended"),
                "means": ended,
                "next": reload,
            },
            "widget-lost": {
                "title": _("The controls of this page did not start"),
                "means": still,
                "next": reload,
            },
            "connection-lost": {
                "title": _("The connection to the server is lost"),
                "means": still,
                "next": _("Check your network. Then load the page again: your choices are kept."),
            },
        },
    }


@cache
def asset(name: str) -> str:
    """Return a file that lies beside the templates, as text."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
