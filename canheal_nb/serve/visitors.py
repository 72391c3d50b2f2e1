"""Who a visitor is, as far as limits are concerned: the address a request came from."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from tornado.httputil import HTTPServerRequest

_OF_ONE_SITE = 64  # bits of an IPv6 address: one household or firm has all addresses below
_WIDER = {4: (24, 16), 6: (48, 32)}  # bits of a site's network, and of a provider's
_LONGEST = 100  # characters kept of what is no address


def visitor_address(request: HTTPServerRequest) -> str:
    """Return the address of the peer, or whom it says was there when it is a trusted proxy.

    `canheal_nb.serve.proxies.FromProxy` has put it there; tornado's `xheaders` are not used.
    """
    return str(request.remote_ip or "")


def network_of(address: str) -> str:
    """Return whom an address is counted for: an IPv4 address itself, an IPv6 address its /64.

    An IPv4 address written as IPv6 counts as IPv4; what is no address is kept, shortened.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:_LONGEST]
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, _OF_ONE_SITE), strict=False))


def networks_of(address: str) -> tuple[str, str, str]:
    """Return whom an address is counted for, from the nearest to the widest: see `_WIDER`."""
    nearest = network_of(address)
    try:
        network = ip_network(nearest)
    except ValueError:
        return (f"1 {nearest}", f"2 {nearest}", f"3 {nearest}")
    site, provider = _WIDER[network.version]
    wider = [network.supernet(new_prefix=bits) for bits in (site, provider)]
    return (f"1 {network}", f"2 {wider[0]}", f"3 {wider[1]}")
