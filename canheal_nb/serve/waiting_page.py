"""The page of those who wait for their turn, and where it asks how long the line is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from jupyter_server.base.handlers import JupyterHandler
from markupsafe import Markup
from tornado.httputil import HTTPServerRequest

from canheal_nb.serve import pages
from canheal_nb.serve.admission import Full, Place
from canheal_nb.serve.entries import Entry
from canheal_nb.serve.sessions import Sessions
from canheal_nb.serve.visitors import network_of, visitor_address
from canheal_nb.text.locale import _

TICKET = "ticket"
ASK_SECONDS = 5  # between two questions of a page that waits
RETRY_SECONDS = 10  # told to machines, and to browsers without scripts
_NOT_OF_THE_VIEW = {TICKET, "lang"}


def take_ticket(request: HTTPServerRequest) -> str:
    """Return the ticket that a page's address holds, and take it out of the request."""
    tickets = request.query_arguments.pop(TICKET, [])
    request.arguments.pop(TICKET, None)
    if tickets:
        kept = [one for one in parse_qsl(request.query, True) if one[0] != TICKET]
        request.query = urlencode(kept)
        request.uri = f"{request.path}?{request.query}" if kept else request.path
    return tickets[-1].decode("ascii", "replace")[:64] if tickets else ""


class Turn(JupyterHandler):
    """How long it takes until a page's turn, asked by the page itself."""

    def get(self) -> None:
        """Answer with JSON: `before`, how many stand before it, and `enter`, whether it may."""
        sessions: Sessions = self.settings["canheal_sessions"]
        ticket = self.get_query_argument(TICKET, "")[:64]
        try:
            place = sessions.wait(network_of(visitor_address(self.request)), ticket)
        except Full:
            self.set_header("Retry-After", str(RETRY_SECONDS))
            self.finish({"before": None, "enter": False})
            return
        self.set_header("Cache-Control", "no-store")
        told = {"before": sessions.before(place), "enter": sessions.may_enter(place)}
        self.finish({**told, TICKET: place.ticket})


def place_of(sessions: Sessions, network: str, ticket: str) -> Place | None:
    """Return the place in the line that a visitor has now; None when no more may wait."""
    try:
        return sessions.wait(network, ticket)
    except Full:
        return None


def waiting_page(
    entry: Entry, place: Place | None, sessions: Sessions, first_views: Path, **frame: Any
) -> str:
    """Return the page of a visitor who waits, with the app's first view to be read meanwhile.

    `first_views`: the folder where the process that forks kernels puts them. `frame` is as in
    `pages.page`.
    """
    query: Mapping[str, str] = frame["query"]
    view = first_view(first_views, entry)
    before = sessions.before(place) if place else 0
    held = {**query, TICKET: place.ticket} if place else dict(query)
    return pages.page(
        "waiting.html",
        title=f"{entry.title} – {pages.PRODUCT}",
        entry=entry,
        showing=entry.name,
        personal=entry.personal,
        place=place,
        said=lambda: said(before) if place else _full(),
        words=_words,
        network_full=bool(place and sessions.admission.is_network_full(place.network)),
        enter=f"{frame['address']}?{urlencode(held)}",
        ask_seconds=ASK_SECONDS,
        retry_seconds=RETRY_SECONDS,
        view=Markup(view),
        other_view=bool(query.keys() - _NOT_OF_THE_VIEW),
        script=pages.asset("waiting.js"),
        **frame,
    )


def first_view(folder: Path, entry: Entry) -> str:
    """Return an app's first view as HTML; empty when it is not worked out yet."""
    try:
        return (folder / f"{entry.name}.html").read_text(encoding="utf-8")
    except OSError:
        return ""


def said(before: int) -> str:
    """Say how many stand before a visitor."""
    if before == 0:
        return _("You are next.")
    if before == 1:
        return _("One person is before you.")
    return _("{count} people are before you.").format(count=before)


def _words() -> dict[str, str]:
    """Return what the page says as the line moves; `{count}` is filled in there."""
    return {
        "none": said(0),
        "one": said(1),
        "many": _("{count} people are before you."),
        "enter": _("It is your turn: the page opens."),
        "lost": _("The server cannot be reached. This page goes on trying."),
    }


def _full() -> str:
    return _("So many people wait that no more can. Try again in a few minutes.")
