"""Headers that every answer carries, whoever wrote it: the page may talk to this server only."""

from __future__ import annotations

import re

from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.web import OutputTransform

_HOST = re.compile(r"[\w.\-\[\]:]+")
_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
    "connect-src {connect}; frame-ancestors 'self'; base-uri 'self'; form-action 'self'; "
    "object-src 'none'"
)


def policy(host: str) -> str:
    """Return the content security policy of pages reached as `host` (name and port)."""
    known = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return _POLICY.format(connect=f"'self'{known} data: blob:")


class SafeHeaders(OutputTransform):
    """Adds the headers to the first chunk of every answer, also of files and of errors."""

    def __init__(self, request: HTTPServerRequest) -> None:
        super().__init__(request)
        self._policy = policy(request.host)

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        """Set the headers; the rest of the answer stays as it is."""
        headers["Content-Security-Policy"] = self._policy
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        return status_code, headers, chunk
