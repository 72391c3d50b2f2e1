"""The addresses that take hand-ins: JSON in, JSON out, from this site's own pages only.

There is no cookie, so there is nothing that another site could use on a reader's behalf; what
another site's page sends is refused all the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError

from canheal_nb.serve import pages
from canheal_nb.serve.submission_service import Desk
from canheal_nb.serve.visitors import visitor_address
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _, use

MOST_BYTES = 32 * 1024
STATUS = {
    "store-full": HTTPStatus.INSUFFICIENT_STORAGE,
    "store-busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "store-unreachable": HTTPStatus.SERVICE_UNAVAILABLE,
    "store-damaged": HTTPStatus.SERVICE_UNAVAILABLE,
    "store-read-only": HTTPStatus.SERVICE_UNAVAILABLE,
    "newer-store": HTTPStatus.SERVICE_UNAVAILABLE,
    "unknown-code": HTTPStatus.NOT_FOUND,
    "unknown-item": HTTPStatus.NOT_FOUND,
    "already-handled": HTTPStatus.CONFLICT,
    "withdrawn": HTTPStatus.CONFLICT,
}


def is_own(headers: Any, host: str) -> bool:
    """Say whether a request comes from a page of this site, or from no page at all."""
    site = headers.get("Sec-Fetch-Site")
    if site:
        return bool(site in ("same-origin", "none"))
    origin = headers.get("Origin")
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()


class Posting(JupyterHandler):
    """Takes one JSON object and answers with another; refusals are {code, message}."""

    @property
    def desk(self) -> Desk:
        """The desk of this server."""
        desk: Desk = self.settings["canheal_desk"]
        return desk

    def check_xsrf_cookie(self) -> None:
        """Refuse pages of other sites; we set no cookie that could be asked for."""
        if not is_own(self.request.headers, self.request.host):
            raise HTTPError(HTTPStatus.FORBIDDEN)

    def given(self) -> dict[str, Any]:
        """Return the object that was sent; HTTPError when it is none or too large."""
        if self.request.headers.get("Content-Type", "").partition(";")[0] != "application/json":
            raise HTTPError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        if len(self.request.body) > MOST_BYTES:
            raise HTTPError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            sent = json.loads(self.request.body)
        except (ValueError, RecursionError):
            raise HTTPError(HTTPStatus.BAD_REQUEST) from None
        if not isinstance(sent, dict):
            raise HTTPError(HTTPStatus.BAD_REQUEST)
        return sent

    async def answer(self, task: Callable[..., dict[str, Any]], language: object) -> None:
        """Count the request, run a task on the store, and send what it returns, or the refusal."""
        spoken = pages.chosen_language(str(language))
        wait = self.desk.admit(visitor_address(self.request))
        if wait:
            self.set_header("Retry-After", str(wait))
            self._refuse(HTTPStatus.TOO_MANY_REQUESTS, spoken)
            return
        try:
            self._send(HTTPStatus.OK, await self.desk.do(task, spoken))
        except UserError as error:
            status = STATUS.get(error.code, HTTPStatus.BAD_REQUEST)
            self._send(status, {"code": error.code, "message": str(error)})
        except Exception as error:  # never the content: a text stays out of the server's log
            self.log.error("A hand-in could not be kept: %s", type(error).__name__)
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, spoken)

    def write_error(self, status_code: int, **_kwargs: Any) -> None:
        """Answer in JSON, in plain words, whatever went wrong."""
        self._refuse(HTTPStatus(status_code), "en")

    def _refuse(self, status: HTTPStatus, language: str) -> None:
        with use(language):
            said = {"code": f"http-{status.value}", "message": _sentence(status)}
        self._send(status, said)

    def _send(self, status: HTTPStatus, said: dict[str, Any]) -> None:
        self.set_status(status.value)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(said))


class Submissions(Posting):
    """Takes priorities and feedback."""

    async def post(self) -> None:
        """Keep what was sent and answer with the code that withdraws it."""
        sent = self.given()

        def keep(store: Any, today: Any) -> dict[str, Any]:
            from canheal_nb.store import submissions, terms

            return {"code": submissions.hand_in(store, sent, today, terms.offered())}

        await self.answer(keep, sent.get("lang", ""))


class Withdrawals(Posting):
    """Takes a code and deletes what goes by it."""

    async def post(self) -> None:
        """Delete the hand-in and say of which kind it was."""
        sent = self.given()

        def withdraw(store: Any, _today: Any) -> dict[str, Any]:
            from canheal_nb.store import submissions

            return {"withdrawn": submissions.withdraw(store, sent.get("code"))}

        await self.answer(withdraw, sent.get("lang", ""))


class Answers(Posting):
    """Takes a code and says what became of what goes by it."""

    async def post(self) -> None:
        """Send kind and day, and for feedback its state and answer."""
        sent = self.given()

        def look_up(store: Any, _today: Any) -> dict[str, Any]:
            from canheal_nb.store import submissions

            return submissions.status(store, sent.get("code"))

        await self.answer(look_up, sent.get("lang", ""))


def _sentence(status: HTTPStatus) -> str:
    words = {
        HTTPStatus.FORBIDDEN: _("This was sent by a page of another site; nothing was kept."),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("This is too long; nothing was kept. Shorten it."),
        HTTPStatus.TOO_MANY_REQUESTS: _(
            "Too much was sent from your address; nothing was kept. Try again in ten minutes."
        ),
        HTTPStatus.INTERNAL_SERVER_ERROR: _(
            "Something went wrong on the server; nothing was kept. Try again later."
        ),
    }
    return words.get(status, _("What was sent is no hand-in; nothing was kept."))
