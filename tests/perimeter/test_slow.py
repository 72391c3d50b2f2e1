"""Who sends slowly, much, or from many addresses leaves the others theirs."""

from __future__ import annotations

import contextlib
import json
import select
import socket
from typing import Any

import pytest

from canheal_nb.serve import capacity
from canheal_nb.serve.hand_in_limits import (
    MOST_OF_ALL,
    MOST_OF_ONE,
    MOST_OF_PROVIDER,
    MOST_OF_SITE,
    Limiter,
)

SLOW_HEADERS = b"GET /about HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
SLOW_BODY = (
    b"POST /canheal/answers HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: 30000\r\n\r\n"
)


def closed_after(link: socket.socket, perimeter: Any, most: float) -> float:
    """Send a byte a second; return after how many seconds the server closes, at most so many."""
    begun = perimeter.now()
    while perimeter.now() - begun < most:
        with contextlib.suppress(OSError):
            link.sendall(b"x")
        ready, _, _ = select.select([link], [], [], 1.0)
        if ready:
            with contextlib.suppress(OSError):
                if link.recv(1000):
                    continue
            break
    return float(perimeter.now() - begun)


@pytest.mark.parametrize(
    ("begun", "limit"), [(SLOW_HEADERS, "IDLE_CONNECTION_SECONDS"), (SLOW_BODY, "BODY_SECONDS")]
)
def test_slow_senders_are_closed(served_in_haste, perimeter, begun, limit):
    with served_in_haste.connect() as link:
        link.sendall(begun)
        assert closed_after(link, perimeter, 8) < 6, limit
    assert served_in_haste.get("/health")[0] == 200


@pytest.mark.long
@pytest.mark.parametrize(
    ("begun", "limit"),
    [(SLOW_HEADERS, capacity.IDLE_CONNECTION_SECONDS), (SLOW_BODY, capacity.BODY_SECONDS)],
)
def test_two_hundred_slow_senders_are_closed_in_time(served, perimeter, begun, limit):
    with contextlib.ExitStack() as opened:
        links = [opened.enter_context(served.connect(f"127.0.1.{n + 1}")) for n in range(200)]
        for link in links:
            link.sendall(begun)
        assert served.get("/health", source="127.0.9.9")[0] == 200, "meanwhile others are served"
        took = closed_after(links[0], perimeter, limit + 30)
        assert limit - 2 <= took <= limit + 10
        for link in links[1:]:
            link.settimeout(20)
            with contextlib.suppress(ConnectionError):
                assert link.recv(10) == b""
    assert served.get("/health")[0] == 200


def test_long_headers_are_not_kept(served):
    head = b"GET /about HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: "
    assert served.ask(head + b"x" * (capacity.MOST_HEADER_BYTES // 2) + b"\r\n\r\n")[9:12] == b"200"
    assert served.ask(head + b"x" * 2 * capacity.MOST_HEADER_BYTES + b"\r\n\r\n") == b""


def answers(served: Any, source: str) -> int:
    """Look up a code that nobody has; return the status: 404, or 429 when it is too often."""
    body = json.dumps({"code": "x"}).encode()
    told = {"Content-Type": "application/json"}
    return int(served.request("POST", "/canheal/answers", told, body, source)[0])


def test_one_network_leaves_the_others_their_budget(served):
    mine = [answers(served, "127.77.0.1") for _n in range(MOST_OF_ONE + 1)]
    assert mine == [404] * MOST_OF_ONE + [429]
    assert answers(served, "127.78.0.1") == 404


@pytest.mark.long
def test_three_thousand_hand_ins_from_one_network(served):
    statuses = [answers(served, f"127.66.{n // 200}.{1 + n % 200}") for n in range(3000)]
    assert statuses.count(404) == MOST_OF_PROVIDER
    assert answers(served, "127.67.0.1") == 404


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("10.1.1.1", MOST_OF_ONE),
        ("10.1.1.{n}", MOST_OF_SITE),
        ("10.1.{n}.{m}", MOST_OF_PROVIDER),
        ("2001:db8:1:1::{n}", MOST_OF_ONE),
        ("2001:db8:1:{n}::1", MOST_OF_SITE),
        ("2001:db8:{n}:{m}::1", MOST_OF_PROVIDER),
        ("10.{n}.{m}.1", MOST_OF_ALL),
    ],
)
def test_three_thousand_of_a_network_are_counted_for_it(address, most):
    counter = Limiter()
    asked = [
        counter.allows(address.format(n=n % 200 + 1, m=n % 240 + 1), 0) for n in range(MOST_OF_ALL)
    ]
    assert sum(asked) == most
    others = [counter.allows(one, 1) for one in ("192.0.2.1", "2001:db9::1")]
    assert others == [most < MOST_OF_ALL] * 2
