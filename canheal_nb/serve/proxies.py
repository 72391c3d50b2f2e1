"""Proxies: which are believed, what they say of a visitor, and how one that is not gives itself up.

Only X-Forwarded-For is read, from right to left: each proxy adds who came to it at the end, and
what stands left of the first address that we do not trust may be made up. `Forwarded` and
`X-Real-IP` are not read at all, since a proxy that writes X-Forwarded-For may pass on a visitor's
own ones.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    RequestStartLine,
    ResponseStartLine,
)

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

_SAYS_PROXY = (
    "forwarded",
    "via",
    "true-client-ip",
    "client-ip",
    "fastly-client-ip",
    "fly-client-ip",
    "cdn-loop",
    "proxy-connection",
    "max-forwards",
    "x-real-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-original-forwarded-for",
    "x-original-host",
    "x-original-url",
    "x-rewrite-url",
    "x-remote-ip",
    "x-remote-addr",
    "x-scheme",
    "x-proxycontextpath",
    "x-envoy-external-address",
    "x-appengine-user-ip",
    "x-azure-clientip",
    "x-azure-socketip",
    "x-arr-log-id",
)
_SAYS_PROXY_BEGINS = ("x-forwarded", "cf-", "x-proxy")
_MOST_SAID = 50  # entries of X-Forwarded-For that are looked at


def is_proxied(headers: HTTPHeaders) -> bool:
    """Say whether a request carries a header that only proxies add."""
    return any(
        name.lower() in _SAYS_PROXY or name.lower().startswith(_SAYS_PROXY_BEGINS)
        for name in headers
    )


@dataclass(frozen=True)
class TrustedProxies:
    """The networks of the proxies that are believed."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def trusts(self, address: str) -> bool:
        """Say whether an address is one of a proxy that is believed."""
        found = parsed(address)
        return found is not None and any(
            found.version == network.version and found in network for network in self.networks
        )

    def visitor(self, peer: str, forwarded: str) -> str:
        """Return who a request comes from: the peer, or whom a trusted proxy says was there.

        An entry that is no address ends the reading: the proxy that wrote it is counted.
        """
        last = peer
        for entry in reversed(forwarded.split(",")[-_MOST_SAID:]):
            if not self.trusts(last):
                break
            said = parsed(entry)
            if said is None:
                break
            last = str(said)
        return last


def trusted(given: Sequence[str]) -> TrustedProxies:
    """Read addresses and networks of proxies; UserError for what is neither."""
    networks = []
    for value in given:
        try:
            networks.append(ip_network(value, strict=False))
        except ValueError:
            sentence = _(
                "{value} is no address or network; --trusted-proxy takes one as 10.0.0.7 or "
                "10.0.0.0/24."
            )
            shown = f"'{ascii(value)[1:-1][:60]}'"
            raise UserError(sentence.format(value=shown), code="bad-proxy") from None
        if networks[-1].prefixlen == 0:
            sentence = _("--trusted-proxy {value} would believe everybody; name your own proxies.")
            raise UserError(sentence.format(value=value), code="bad-proxy")
    return TrustedProxies(tuple(networks))


def parsed(entry: str) -> IPv4Address | IPv6Address | None:
    """Return an address as proxies write it, also with a port; None when it is none.

    An IPv4 address written as IPv6 is one of IPv4.
    """
    text = entry.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


class FromProxy(HTTPMessageDelegate):
    """Has `remote_ip` of a request be its visitor while the request is handled.

    tornado's own `xheaders` does this for whoever connects, and prefers X-Real-IP.
    """

    def __init__(
        self, request: HTTPMessageDelegate, connection: HTTPConnection, proxies: TrustedProxies
    ) -> None:
        self._request, self._proxies = request, proxies
        self._context: Any = connection.context  # type: ignore[attr-defined]
        self._peer = str(self._context.remote_ip)

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> Awaitable[None] | None:
        """Tell the visitor's address before the request is made."""
        said = headers.get("X-Forwarded-For", "")
        self._context.remote_ip = self._proxies.visitor(self._peer, said)
        return self._request.headers_received(start_line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        """Pass on a part of the body."""
        return self._request.data_received(chunk)

    def finish(self) -> None:
        """Pass on the end; the next request of the connection is another visitor's."""
        self._request.finish()
        self._context.remote_ip = self._peer

    def on_connection_close(self) -> None:
        """Pass on that the connection is closed."""
        self._request.on_connection_close()
        self._context.remote_ip = self._peer
