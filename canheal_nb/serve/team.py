"""The team's page: every comment with owner, state, answer and day; only for `canheal app --team`.

It answers to this machine alone, and to whoever holds the token that the start prints, since a
proxy need not say that it is one. The token stands behind the # of the page's address, which no
browser sends to anybody; the page's script keeps it for its tab and sends it as a header. A cookie
would be sent to whatever else listens at this machine, on every port.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import secrets
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from tornado.httputil import HTTPServerRequest
from tornado.web import HTTPError, authenticated

from canheal_nb.feedback import screen
from canheal_nb.feedback.text import comment_text
from canheal_nb.serve import pages
from canheal_nb.serve.handlers import Shell
from canheal_nb.serve.posting import Posting
from canheal_nb.serve.proxies import is_proxied
from canheal_nb.serve.visitors import visitor_address
from canheal_nb.text import dates
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _, use

TOKEN_HEADER = "X-Team-Token"


def is_local(host: str) -> bool:
    """Say whether a request's host is a name of this machine, so that no other site stands in."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def refuse_strangers(request: HTTPServerRequest) -> None:
    """Answer 404 to whoever comes from elsewhere, by another name, or through a proxy."""
    near = is_local(request.host) and is_local(_bracketed(visitor_address(request)))
    if not near or is_proxied(request.headers):
        raise HTTPError(HTTPStatus.NOT_FOUND)


def has_token(request: HTTPServerRequest, token: str) -> bool:
    """Say whether a request carries the token; compared in the same time whatever is wrong."""
    given = request.headers.get(TOKEN_HEADER, "")
    return bool(token) and secrets.compare_digest(given.encode(), token.encode())


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


class Team(Shell):
    """The list of comments."""

    @authenticated
    async def get(self) -> None:
        """Show every comment; ?as_of=2026-03-02 says what was late on another day."""
        refuse_strangers(self.request)
        self.set_header("Cache-Control", "no-store")
        if not has_token(self.request, self.settings["canheal_team_token"]):
            if TOKEN_HEADER in self.request.headers:
                self.set_status(HTTPStatus.FORBIDDEN.value)
            self.finish(pages.page("team_entrance.html", title=_title, **self.frame))
            return
        frame, wanted = self.frame, self.get_query_argument("as_of", "")
        language = str(frame["language"])

        def read(store: Any, today: dt.date) -> dict[str, Any]:
            from canheal_nb.store import comments

            as_of = dates.exact(wanted) or today
            topics = {one["topic"]: one for one in screen.topics()}
            rows = comment_text.rows(comments.comments(store), topics, as_of)
            return {"rows": rows, "said": comment_text.summary(rows, as_of)}

        try:
            shown = await self.settings["canheal_desk"].do(read, language)
        except UserError as error:
            self.set_status(HTTPStatus.SERVICE_UNAVAILABLE.value)
            with use(language):
                title = _("The comments cannot be shown")
            words: dict[str, Any] = {
                "title": title,
                "heading": title,
                "sentence": str(error),
                "code": error.code,
            }
            self.finish(pages.page("error.html", **words, **frame))
            return
        self.finish(pages.page("team.html", title=_title, **shown, **frame))


class Notes(Posting):
    """Takes what the team notes about a comment: owner, answer, what changed, day, decision."""

    async def post(self) -> None:
        """Write it down; the log keeps what was there before."""
        refuse_strangers(self.request)
        if not has_token(self.request, self.settings["canheal_team_token"]):
            raise HTTPError(HTTPStatus.FORBIDDEN)
        sent = self.given()

        def note(store: Any, today: dt.date) -> dict[str, Any]:
            from canheal_nb.store import comments

            item = str(sent.get("item", ""))
            if sent.get("decision"):
                why = str(sent.get("why", ""))
                comments.decide(store, item, today, str(sent["decision"]), why)
            else:
                texts = {name: sent.get(name) for name in ("owner", "answer", "changed")}
                due = dates.exact(str(sent.get("due") or ""))
                comments.note(store, item, today, due=due, **texts)
            return {"noted": item}

        await self.answer(note, sent.get("lang", ""))


def _title() -> str:
    return f"{_('Feedback')} – {pages.PRODUCT}"
