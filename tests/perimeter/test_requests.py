"""Malformed requests, names and routes that are not ours: refused in our words, nothing fails."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest


def refuse_all(served: Any, perimeter: Any, count: int) -> Counter[int]:
    """Send malformed requests; each error with a text has ours, and the log stays empty."""
    before, statuses = served.said(), Counter[int]()
    for request in perimeter.malformed(count):
        answer = served.ask(request)
        status = perimeter.status_of(answer)
        statuses[status] += 1
        text = answer.partition(b"\r\n\r\n")[2]
        if status >= 400 and text:
            assert b"shell-code" in text or b'"code": "http-' in text, (request[:200], text[:200])
        assert b"Traceback" not in text
    assert max(statuses) < 500
    assert served.get("/about")[0] == 200
    assert served.said() == before
    return statuses


def test_malformed_requests_are_refused_without_a_fault(served, perimeter):
    statuses = refuse_all(served, perimeter, 120)
    assert statuses[400] > 20, "they are malformed"


@pytest.mark.long
def test_a_thousand_malformed_requests(served, perimeter):
    statuses = refuse_all(served, perimeter, 1000)
    assert {400, 403, 404, 405, 421} <= set(statuses)


UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "v1.kernel.websocket.jupyter.org",
}
KERNEL = "12345678-1234-1234-1234-123456789abc"


@pytest.mark.parametrize(
    ("method", "path", "headers", "wanted"),
    [
        ("GET", "/nowhere", {}, 404),
        ("GET", "/voila/static/nothing.js", {}, 403),
        ("GET", "/voila/static/..%2f..%2fapp.py", {}, 403),
        ("GET", "/voila/labextensions/nothing.js", {}, 404),
        ("GET", f"/api/kernels/{KERNEL}", {}, 404),
        ("DELETE", f"/api/kernels/{KERNEL}", {}, 403),
        ("POST", "/about", {"Content-Length": "0"}, 403),
        ("PUT", "/health", {"Content-Length": "0"}, 403),
        ("FROB", "/", {}, 405),
        ("GET", "/about?lang=%ff", {}, 400),
        ("GET", f"/api/kernels/{KERNEL}/channels", {}, 400),
        ("GET", f"/api/kernels/{KERNEL}/channels", UPGRADE, 404),
        ("GET", f"/voila/query/{KERNEL}", UPGRADE, 404),
        ("GET", "/", {"Host": "rebound.example"}, 421),
        ("GET", "/health", {"Host": "127.0.0.1.rebound.example"}, 421),
        ("GET", "/voila/static/voila.js", {"Host": "rebound.example"}, 421),
        ("GET", f"/api/kernels/{KERNEL}/channels", {**UPGRADE, "Host": "rebound.example"}, 421),
        ("POST", "/canheal/answers", {"Host": "rebound.example", "Content-Length": "0"}, 421),
    ],
)
def test_a_refusal_is_said_on_our_page(served, method, path, headers, wanted):
    status, text = served.request(method, path, headers)
    assert status == wanted
    assert f"Code: http-{wanted}" in text
    assert text.count("<h1>") == 1


def test_too_much_is_refused_before_it_is_read(served):
    status, _text = served.request("POST", "/about", {"Content-Length": "2000000"})
    assert status == 400


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST.", "127.0.0.1", "[::1]"])
def test_this_machines_own_names_are_answered(served, name):
    assert served.get("/health", {"Host": f"{name}:{served.port}"})[0] == 200


# Every route of Jupyter's server, Voilà and JupyterLab that could start, name or end something.
CLOSED = [
    ("GET", "/api"),
    ("GET", "/api/kernels"),
    ("POST", "/api/kernels"),
    ("POST", f"/api/kernels/{KERNEL}/interrupt"),
    ("POST", f"/api/kernels/{KERNEL}/restart"),
    ("GET", "/api/kernelspecs"),
    ("GET", "/kernelspecs/python3/logo.png"),
    ("GET", "/api/sessions"),
    ("POST", "/api/sessions"),
    ("GET", "/api/contents"),
    ("GET", "/api/contents/atlas.ipynb"),
    ("PUT", "/api/contents/new.ipynb"),
    ("GET", "/api/config/notebook"),
    ("GET", "/api/terminals"),
    ("POST", "/api/terminals"),
    ("GET", "/api/status"),
    ("GET", "/api/spec.yaml"),
    ("GET", "/api/me"),
    ("GET", "/metrics"),
    ("POST", "/api/shutdown"),
    ("GET", "/api/nbconvert"),
    ("GET", "/nbconvert/html/atlas.ipynb"),
    ("GET", "/files/atlas.ipynb"),
    ("GET", "/view/atlas.ipynb"),
    ("GET", "/tree"),
    ("GET", "/lab"),
    ("GET", "/login"),
    ("GET", "/logout"),
    ("POST", "/api/security/csp-report"),
    ("GET", "/static/favicon.ico"),
    ("GET", "/voila/tree"),
    ("GET", "/voila/api/contents"),
    ("GET", "/voila/api/themes/x"),
    ("GET", "/voila/files/atlas.ipynb"),
    ("GET", "/voila/templates/base/index.html"),
    ("GET", f"/voila/execution/{KERNEL}"),
]


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_what_no_page_needs_is_not_there(served, method, path):
    assert served.request(method, path, {"Content-Length": "0"})[0] == 404


def test_every_route_is_known(tmp_path):
    """A route that a library adds in a newer version is noticed here."""
    from canheal_nb.serve import admission, capacity, server, submission_service
    from canheal_nb.serve.proxies import TrustedProxies
    from canheal_nb.text.home import notebooks_dir

    one = server.Server(
        config=server.configuration(preheat=False),
        config_file_paths=[],
        root_dir=str(notebooks_dir() / "apps"),
        ip="127.0.0.1",
        port=1,
        base_url="/",
    )
    one.bounds = capacity.Bounds(admission.Limits(1, 1), 10, preheat=False)
    one.desk, one.names, one.proxies = submission_service.Desk(), frozenset(), TrustedProxies()
    one.initialize([])
    one.connection_dir, one.team_token = str(tmp_path), "x"
    one.init_settings()
    assert sorted(path for path, *_rest in one.init_handlers()) == [
        "/",
        "/about",
        "/api/kernels/(?P<kernel_id>[\\w-]+)",
        "/api/kernels/(?P<kernel_id>[\\w-]+)/channels",
        "/app/([\\w-]+)",
        "/canheal/answers",
        "/canheal/notes",
        "/canheal/submissions",
        "/canheal/turn",
        "/canheal/withdrawals",
        "/health",
        "/team",
        "/voila/api/shutdown/([\\w-]+)",
        "/voila/labextensions/(.*)",
        "/voila/query/(?P<kernel_id>[\\w-]+)",
        "/voila/render/([\\w-]+)\\.ipynb",
        "/voila/static/(.*)",
        "/yours",
    ]
