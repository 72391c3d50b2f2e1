"""What is said when something is refused or fails: our own page, whoever's handler it was."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Any

from tornado.web import HTTPError, RequestHandler

from canheal_nb.serve import pages
from canheal_nb.text.locale import _

LOG = logging.getLogger("canheal_nb.serve")
_IDENTIFIER = re.compile(r"[0-9a-fA-F-]{30,}")  # of a kernel: who knows it can talk to it
_LONGEST = 200


def plain_path(path: str) -> str:
    """Return a path as it may stand in a log: short, in ASCII, without a kernel's identifier."""
    return _IDENTIFIER.sub("ID", ascii(path)[1:-1])[:_LONGEST]


def error_page(handler: RequestHandler, status: int) -> str:
    """Return the page for a status, in the language that was asked for if that can be read."""
    query = _query(handler)
    title, sentence = _words(status)
    return pages.page(
        "error.html",
        title=title,
        heading=title,
        sentence=sentence,
        code=f"http-{status}",
        language=pages.chosen_language(query.get("lang", "")),
        address=handler.request.path,
        query=query,
        base_url=str(handler.settings.get("base_url", "/")),
        edition=None,
    )


def _query(handler: RequestHandler) -> Mapping[str, str]:
    """Return the query's last values; what is no text is left out."""
    found = {}
    for name, values in handler.request.query_arguments.items():
        try:
            found[name.encode("latin-1").decode("utf-8")] = values[-1].decode("utf-8")
        except UnicodeError:
            continue
    return found


class Discreet(RequestHandler):
    """A handler whose faults are logged without the visitor's address, query or headers."""

    def log_exception(
        self,
        typ: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Log a fault of ours with where it happened; what was refused is no event."""
        if not isinstance(value, HTTPError) and typ is not None and value is not None:
            path = plain_path(self.request.path)
            LOG.error("%s %s failed", self.request.method, path, exc_info=(typ, value, tb))


class InOurWords(Discreet):
    """A handler of a library, whose refusals are said on our page."""

    def write_error(self, status_code: int, **_kwargs: Any) -> None:
        """Say what is wrong in plain words."""
        self.finish()

    def finish(self, *chunk: Any, **kwargs: Any) -> Any:
        """End the answer; an error's own text is replaced by our page."""
        status = self.get_status()
        # An object is an answer that was meant: /health says what fails, with 503.
        meant = bool(chunk) and isinstance(chunk[0], dict)
        if meant or status < HTTPStatus.BAD_REQUEST.value:
            return super().finish(*chunk, **kwargs)
        self._write_buffer: list[bytes] = []
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        return RequestHandler.finish(self, error_page(self, status))


def discreet(handler: type[RequestHandler]) -> type[RequestHandler]:
    """Return a handler that has its own words for errors, with faults logged as above."""
    return type(handler.__name__, (Discreet, handler), {"__doc__": handler.__doc__})


def in_our_words(handler: type[RequestHandler]) -> type[RequestHandler]:
    """Return a library's handler with our pages for its errors."""
    return type(handler.__name__, (InOurWords, handler), {"__doc__": handler.__doc__})


def log_answer(handler: RequestHandler) -> None:
    """Log method, path, status and time of an answer, nothing of who asked."""
    status, request = handler.get_status(), handler.request
    level = logging.ERROR if status >= HTTPStatus.INTERNAL_SERVER_ERROR.value else logging.INFO
    method = ascii(request.method)[1:-1][:10]
    milliseconds = 1000 * request.request_time()
    LOG.log(level, "%s %s %d %.0f ms", method, plain_path(request.path), status, milliseconds)


def _words(status: int) -> tuple[Callable[[], str], Callable[[], str]]:
    """Return title and sentence for a status; for one without words, those of its hundred."""
    known = {
        400: (_bad_title, lambda: _("The address or what was sent with it cannot be understood.")),
        403: (_closed_title, lambda: _("This may not be asked for from here.")),
        404: (
            lambda: _("There is no such page"),
            lambda: _("The address may be mistyped, or the page has moved. Start from the list."),
        ),
        405: (
            _bad_title,
            lambda: _("This address does not take what was sent. Start again from the list."),
        ),
        413: (_bad_title, lambda: _("More was sent than is taken here. Send less.")),
        421: (
            _closed_title,
            lambda: _(
                "The server does not go by the name in this address. Use the address you were "
                "given; who runs the server can add a name with --host-name."
            ),
        ),
        500: (
            lambda: _("This page could not be made"),
            lambda: _(
                "Something went wrong on the server. Try again, or tell the helpdesk the code."
            ),
        ),
    }
    return known.get(status) or known[500 if status >= 500 else 400]


def _bad_title() -> str:
    return _("This could not be answered")


def _closed_title() -> str:
    return _("This is not open to you")
