"""Whom limits count: one visitor per IPv4 address, one per IPv6 network of a site."""

from __future__ import annotations

import pytest
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine

from canheal_nb.serve.visitors import network_of, visitor_address


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("127.0.0.2", "127.0.0.2"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", ""),
        ("no address", "no address"),
        ("x" * 5000, "x" * 100),
    ],
)
def test_an_address_is_counted_for_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_what_a_visitor_says_of_its_address_is_not_believed() -> None:
    headers = HTTPHeaders({"Host": "a", "X-Forwarded-For": "192.0.2.1", "X-Real-IP": "192.0.2.2"})
    line = RequestStartLine("GET", "/", "HTTP/1.1")
    request = HTTPServerRequest(headers=headers, start_line=line)
    request.remote_ip = "192.0.2.9"
    assert visitor_address(request) == "192.0.2.9"
