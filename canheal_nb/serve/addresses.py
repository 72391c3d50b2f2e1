"""Where the server listens, and by which names it may be called."""

from __future__ import annotations

import errno
import json
import re
import socket
from collections.abc import Collection, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from tornado.httputil import HTTPServerRequest
from tornado.routing import Matcher

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

HOST = "127.0.0.1"
PORT = 8866
OWN_NAMES = ("localhost", "127.0.0.1", "::1")
_LAST_PORT = 65535
_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_LONGEST_NAME = 253


def bound(port: int | None, host: str = HOST) -> socket.socket:
    """Bind a port at an address: the one asked for, else 8866, else any free one.

    UserError when the port asked for is impossible, taken, or not allowed, or the address is not
    one of this machine.
    """
    if port is None:
        try:
            return _listening(host, PORT)
        except OSError:
            pass
    elif not 0 < port <= _LAST_PORT:
        sentence = _("Port {port} does not exist; choose one between 1 and 65535 with --port.")
        raise UserError(sentence.format(port=port), code="no-such-port")
    try:
        return _listening(host, port or 0)
    except OSError as error:
        raise _refused(host, port, error) from error


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=128)
    listening.setblocking(False)
    return listening


def _refused(host: str, port: int | None, error: OSError) -> UserError:
    if error.errno == errno.EADDRINUSE:
        sentence = _(
            "Port {port} is used by another program; stop it, choose another port with --port, "
            "or leave --port out to get a free one."
        )
        return UserError(sentence.format(port=port), code="port-taken")
    reason = error.strerror or type(error).__name__
    if error.errno == errno.EADDRNOTAVAIL or port is None:
        sentence = _("{host} is no address of this machine ({reason}); change --host.")
        return UserError(sentence.format(host=host, reason=reason), code="no-such-host")
    sentence = _("Port {port} may not be used ({reason}); choose another one with --port.")
    return UserError(sentence.format(port=port, reason=reason), code="port-refused")


def normal(base_url: str) -> str:
    """Return a base address with one slash at each end; UserError when it is no path."""
    parts = [part for part in base_url.split("/") if part]
    path = "/".join(["", *parts, ""])
    if not all(character.isalnum() or character in "/-._~" for character in path):
        sentence = _("{value} is no base address; use letters, digits and slashes, as in /atlas/.")
        raise UserError(sentence.format(value=json.dumps(base_url)), code="bad-base-url")
    return path


def checked_host(given: str, names: Collection[str]) -> str:
    """Return the address to listen at; UserError when it is none, or open and without a name."""
    address = _address(given)
    if address is None:
        sentence = _("{value} is no address; --host takes one as 127.0.0.1, 0.0.0.0 or ::1.")
        raise UserError(sentence.format(value=_quoted(given)), code="bad-host")
    if not address.is_loopback and not names:
        sentence = _(
            "--host {address} lets other machines in: name the host that they use with --host-name."
        )
        raise UserError(sentence.format(address=address), code="no-host-name")
    return str(address)


def checked_names(given: Sequence[str]) -> frozenset[str]:
    """Return the names by which the server may be called, its own with them.

    UserError when one is no name of a host: it stands alone, without port, path or pattern.
    """
    for value in given:
        name = value.lower().rstrip(".")
        numeric = _address(name.strip("[]"))
        if numeric is None and (len(name) > _LONGEST_NAME or not _NAME.fullmatch(name)):
            sentence = _("{value} is no name of a host; --host-name takes one as atlas.example.eu.")
            raise UserError(sentence.format(value=_quoted(value)), code="bad-host-name")
    return frozenset({*OWN_NAMES, *(value.lower().rstrip(".").strip("[]") for value in given)})


def is_loopback(host: str) -> bool:
    """Say whether an address to listen at is reached from this machine alone."""
    return ip_address(host).is_loopback


def url_host(host: str) -> str:
    """Return an address as it stands in a link; who listens everywhere is reached at loopback."""
    address = ip_address(host)
    if address.is_unspecified:
        return "[::1]" if address.version == 6 else HOST
    return f"[{address}]" if address.version == 6 else str(address)


class ByAnotherName(Matcher):
    """Matches requests for a host that is not ours: a page that has its own name lead here."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        """Return {} for a host that is not listed, None for one that is."""
        return None if host_name(request.host) in self._names else {}


def host_name(host: str) -> str:
    """Return the name in a Host header without its port, in small letters; empty when it is none.

    Names written in another way (with a user, a path) are no names.
    """
    try:
        parts = urlsplit(f"//{host}")
        parts.port  # noqa: B018  # ValueError when it is none
    except ValueError:
        return ""
    bare = parts.netloc == host and "@" not in host
    return (parts.hostname or "").rstrip(".") if bare else ""


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _quoted(value: str) -> str:
    return f"'{ascii(value)[1:-1][:60]}'"
