"""The team's page: for who holds the token, on this machine, and never through a proxy."""

from __future__ import annotations

import json

import pytest

TEXT = "Only the team may read this."


@pytest.fixture(scope="module")
def commented(served):
    """Hand a comment in; return the server."""
    hand_in = {
        "kind": "feedback",
        "key": "6f1d6f0e-6b6e-4b6e-9b6e-0123456789ab",
        "lang": "en",
        "consent": "1",
        "topic": "facts",
        "sort": "idea",
        "text": TEXT,
        "screen": "atlas",
        "link": "/app/atlas",
    }
    told = {"Content-Type": "application/json"}
    status, text = served.request(
        "POST", "/canheal/submissions", told, json.dumps(hand_in).encode()
    )
    assert status == 200, text
    return served


def token(served) -> dict[str, str]:
    """Return the header that the page's script sends."""
    return {"X-Team-Token": served.team.rpartition("#token=")[2]}


def note(served, headers: dict[str, str]) -> int:
    """Send what the team would note; return the status."""
    body = json.dumps({"item": "nothing", "owner": "x"}).encode()
    told = {"Content-Type": "application/json", **headers}
    return int(served.request("POST", "/canheal/notes", told, body)[0])


def test_a_proxy_that_says_nothing_sees_no_comment(commented):
    for headers, wanted in (({}, 200), ({"X-Team-Token": "x"}, 403), ({"X-Team-Token": ""}, 403)):
        status, page = commented.get("/team", headers)
        assert (status, TEXT in page) == (wanted, False)
        assert note(commented, headers) == 403
    assert commented.get("/team?token=" + token(commented)["X-Team-Token"])[1].count(TEXT) == 0
    status, page = commented.get("/team", token(commented))
    assert (status, TEXT in page) == (200, True)
    assert note(commented, token(commented)) == 404, "no such item: it was looked for"


@pytest.mark.parametrize(
    "name",
    [
        "Forwarded", "Via", "X-Real-IP", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
        "X-Forwarded-Port", "X-Forwarded-Server", "X-Forwarded-Prefix", "CF-Connecting-IP",
        "CF-Ray", "True-Client-IP", "X-Client-IP", "X-Cluster-Client-IP", "Client-IP", "CDN-Loop",
        "X-Original-URL", "X-ProxyContextPath", "X-Scheme", "X-Envoy-External-Address",
        "Fastly-Client-IP", "Proxy-Connection", "Max-Forwards", "x-real-ip",
    ],
)  # fmt: skip
def test_whoever_says_to_be_a_proxy_is_refused_even_with_the_token(commented, name):
    headers = {**token(commented), name: "127.0.0.1"}
    status, page = commented.get("/team", headers)
    assert (status, TEXT in page) == (404, False)
    assert note(commented, headers) == 404


def test_another_name_is_refused_even_with_the_token(commented):
    assert commented.get("/team", {**token(commented), "Host": "a.example"})[0] == 421


def test_the_token_is_new_long_and_in_no_request(commented):
    address, _, word = commented.team.partition("#token=")
    assert address == f"{commented.address}team"
    assert len(word) >= 40
    assert word not in commented.said()
    answer = commented.ask(b"GET /team HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert b"Referrer-Policy: no-referrer" in answer
    assert b"Set-Cookie" not in answer
    assert word.encode() not in answer


def test_a_public_server_has_no_such_page(perimeter):
    names = {"host_names": ["atlas.example.eu"], "trusted_proxies": ["127.0.0.1"]}
    with perimeter.serving(**names) as public:
        assert public.get("/team")[0] == 404
        assert public.get("/health", {"Host": "Atlas.Example.EU"})[0] == 200
        assert public.get("/health", {"Host": "other.example.eu"})[0] == 421
