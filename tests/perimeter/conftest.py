"""A real server, and connections to it by raw sockets: what no well-behaved client would send."""

from __future__ import annotations

import contextlib
import os
import random
import re
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

PROGRAM = """
import json, sys
from canheal_nb.text.home import notebooks_dir
from canheal_nb.serve import capacity, run
options = json.loads(sys.argv[1])
if options.pop("haste", False):
    capacity.IDLE_CONNECTION_SECONDS = capacity.BODY_SECONDS = 3
run(
    notebooks_dir() / "apps",
    preheat=False,
    announce=lambda address: print(address, flush=True),
    **options,
)
"""
START_SECONDS = 90
ANSWER_SECONDS = 30.0


@dataclass
class Served:
    """A server of our own, what it wrote, and the address of the team's page where it has one."""

    address: str
    process: subprocess.Popen[str]
    log: Path
    folder: Path
    team: str = ""
    port: int = field(init=False)

    def __post_init__(self) -> None:
        self.port = int(self.address.split(":")[-1].partition("/")[0])

    def connect(self, source: str = "127.0.0.1") -> socket.socket:
        """Return a new connection from an address of the loopback range."""
        to = ("127.0.0.1", self.port)
        return socket.create_connection(to, ANSWER_SECONDS, source_address=(source, 0))

    def ask(self, request: bytes, source: str = "127.0.0.1") -> bytes:
        """Send bytes on a connection of their own, no more after them; return the answer."""
        with self.connect(source) as link, contextlib.suppress(OSError):
            link.sendall(request)
            # Who says that nothing more comes is taken to have gone, on a busy machine before the
            # answer is made; a request that is whole is answered first.
            if request.endswith(b"\r\n\r\n"):
                await_answer(link)
            link.shutdown(socket.SHUT_WR)
            return read_all(link)
        return b""

    def get(
        self, path: str, headers: dict[str, str] | None = None, source: str = "127.0.0.1"
    ) -> tuple[int, str]:
        """Return status and text of one page."""
        return self.request("GET", path, headers or {}, b"", source)

    def request(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes = b"",
        source: str = "127.0.0.1",
    ) -> tuple[int, str]:
        """Return status and text of the answer to one well-formed request."""
        told = {"Host": f"127.0.0.1:{self.port}", "Connection": "close", **headers}
        if body:
            told["Content-Length"] = str(len(body))
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {said}" for name, said in told.items())]
        head = "\r\n".join(lines).encode() + b"\r\n\r\n"
        with self.connect(source) as link, contextlib.suppress(OSError):
            link.sendall(head + body)
            answer = read_all(link)
            return status_of(answer), answer.partition(b"\r\n\r\n")[2].decode(errors="replace")
        return 0, ""

    def said(self) -> str:
        """Return what the server wrote to its standard error."""
        return self.log.read_text(encoding="utf-8", errors="replace")


def await_answer(link: socket.socket, seconds: float = 20.0) -> None:
    """Wait until there is something to read, or the other side has closed."""
    poll = select.poll()
    poll.register(link, select.POLLIN)
    poll.poll(1000 * seconds)


def read_all(link: socket.socket) -> bytes:
    """Return one answer, to its stated end or until the other side closes or is long silent."""
    said = b""
    while part := link.recv(65536):
        said += part
        head, end, body = said.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
        if end and (head.startswith(b"HTTP/1.1 101") or (length and len(body) >= int(length[1]))):
            break
    return said


def status_of(answer: bytes) -> int:
    """Return the status of an answer; 0 when there was none."""
    found = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
    return int(found[1]) if found else 0


@contextlib.contextmanager
def serving(**options: Any) -> Iterator[Served]:
    """Serve the apps without warm kernels; `options` are those of `canheal_nb.serve.run`."""
    import json

    program = PROGRAM
    if options.get("for_team"):
        program = program.replace(
            "announce=", "announce_team=lambda address: print(address, flush=True),\n    announce="
        )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = folder / "stderr"
        given = json.dumps({"store": str(folder / "store"), **options})
        with log.open("w", encoding="utf-8") as errors:
            process = subprocess.Popen(
                [sys.executable, "-c", program, given],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        try:
            *team, address = announced(process, 2 if options.get("for_team") else 1)
            yield Served(address, process, log, folder, "".join(team))
        finally:
            process.terminate()
            process.communicate(timeout=START_SECONDS)


def announced(process: subprocess.Popen[str], lines: int) -> list[str]:
    """Wait for the printed addresses: they come together."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], START_SECONDS)
    said = [process.stdout.readline().strip() if ready else "" for _ in range(lines)]
    if not all(line.startswith("http://") for line in said):
        process.kill()
        pytest.fail(f"the server did not start; it said {said!r}")
    return said


def malformed(count: int, seed: int = 1) -> Iterator[bytes]:
    """Yield requests that are wrong in every way we know of, the kinds in turn."""
    draw = random.Random(seed)
    paths = (
        b"/", b"/about", b"/app/atlas", b"/app/%s", b"/yours", b"/health", b"/canheal/answers",
        b"/canheal/submissions", b"/voila/static/%s", b"/voila/labextensions/%s", b"/team",
        b"/api/kernels/%s", b"/api/kernels/x/channels", b"/voila/query/%s", b"/static/%s",
        b"/voila/render/%s.ipynb", b"/voila/api/shutdown/%s", b"/canheal/turn", b"/voila/%s",
        b"/voila/api/themes/%s", b"/favicon.ico", b"/voila/templates/%s",
    )  # fmt: skip
    odd = (
        b"%", b"%zz", b"%ff", b"%c3%28", b"\xff\xfe", b"%00", b"a%00b", b"..%2f..%2fetc%2fpasswd",
        b"....//", b"%2e%2e/", b"x" * 3000, b"a;b", b"%0d%0aX-Evil:1", b"con", b"\\..\\", b"%u0041",
        b"%ed%a0%80", b"{{7*7}}", b"//", b"*", b"%25%30%30", b"~", b"%20", b"%F0%9F%92%A9",
    )  # fmt: skip
    host = b"Host: 127.0.0.1\r\n"

    def path() -> bytes:
        one = draw.choice(paths)
        return one.replace(b"%s", draw.choice(odd)) if b"%s" in one else one

    def line(method: bytes = b"GET", target: bytes = b"", more: bytes = b"") -> bytes:
        return method + b" " + (target or path()) + b" HTTP/1.1\r\n" + host + more + b"\r\n"

    def noise(size: int) -> bytes:
        return bytes(draw.randrange(256) for _ in range(size))

    kinds: tuple[Callable[[], bytes], ...] = (
        lambda: noise(draw.randrange(1, 300)) + b"\r\n\r\n",
        lambda: draw.choice(
            (b"GET\r\n\r\n", b"GET /\r\n\r\n", b" / HTTP/1.1\r\n\r\n", b"\r\n\r\n")
        ),
        lambda: b"GET " + path() + b" HTTP/9.9\r\n" + host + b"\r\n",
        lambda: b"GET " + path() + b" HTTP/1.1\r\n\r\n",  # no Host
        lambda: line(target=path() + b"?lang=" + draw.choice(odd)),
        lambda: line(target=path() + b"?" + draw.choice(odd) + b"=" + draw.choice(odd)),
        lambda: line(target=b"/" + draw.choice(odd) + b"/" + draw.choice(odd)),
        lambda: line(
            method=draw.choice((b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"TRACE", b"HEAD"))
        ),
        lambda: line(method=draw.choice((b"CONNECT", b"FROB", b"get", b"G\x00T", b"PROPFIND"))),
        lambda: line(target=path() + b"?lang=en&lang=sl&lang=%ff&a=1&a=2" + b"&b" * 50),
        lambda: line(target=path() + b"?" + b"a=b&" * 3000),
        lambda: line(target=path() + b"?q=" + b"y" * draw.choice((5000, 70_000))),
        lambda: line(more=b"X-Long: " + b"z" * draw.choice((5000, 70_000)) + b"\r\n"),
        lambda: line(
            more=b"Cookie: " + draw.choice(odd) + b"=" + draw.choice(odd) + b"; =;;\xff\r\n"
        ),
        lambda: line(more=b"Cookie: username-127-0-0-1=" + draw.choice(odd) + b"; _xsrf=2|x|y\r\n"),
        lambda: line(
            b"POST",
            more=b"Content-Length: " + draw.choice((b"-1", b"x", b"9" * 30, b"1,2")) + b"\r\n",
        ),
        lambda: line(b"POST", more=b"Content-Length: 50\r\n") + b"short",
        lambda: line(b"POST", more=b"Content-Length: 2000000\r\n") + b"x",
        lambda: (
            line(b"POST", more=b"Transfer-Encoding: chunked\r\n")
            + draw.choice((b"zz\r\n", b"-5\r\nx", b"5\r\nabc", noise(40)))
        ),
        lambda: (
            line(b"POST", more=b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n")
            + b"0\r\n\r\n"
        ),
        lambda: line(
            b"POST", more=b"Transfer-Encoding: " + draw.choice((b"gzip", b"x, chunked")) + b"\r\n"
        ),
        lambda: (
            line(
                b"POST",
                more=b"Content-Type: multipart/form-data; boundary=a\r\nContent-Length: 9\r\n",
            )
            + b"--b\r\nabcd"
        ),
        lambda: (
            line(
                b"POST",
                more=b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n",
            )
            + b"a=%ff&%zz"
        ),
        lambda: (
            line(
                b"POST",
                b"/canheal/" + draw.choice((b"submissions", b"answers", b"withdrawals", b"notes")),
                b"Content-Type: application/json\r\nContent-Length: 20\r\n",
            )
            + noise(20)
        ),
        lambda: line(
            more=b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
            + draw.choice(
                (
                    b"",
                    b"Sec-WebSocket-Version: 99\r\n",
                    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \xff\r\n",
                    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: a\r\nOrigin: http://other.example\r\n",
                )
            )
        ),
        lambda: line(
            target=b"/api/kernels/x/channels",
            more=b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            b"Sec-WebSocket-Protocol: v1.kernel.websocket.jupyter.org\r\n",
        ),
        lambda: (
            b"GET "
            + path()
            + b" HTTP/1.1\r\nHost: "
            + draw.choice((b"\xff", b"a b", b"[", b"a:b:c", b"", b"a/b", b"x" * 500))
            + b"\r\n\r\n"
        ),
        lambda: line(more=b"Host: two.example\r\n"),
        lambda: line(
            more=draw.choice(
                (b"no colon\r\n", b": empty\r\n", b" folded\r\n", b"A\x00B: c\r\n", b"A: \x00\r\n")
            )
        ),
        lambda: line(
            more=b"Range: bytes="
            + draw.choice((b"9-1", b"x", b"-", b"0-0,5-9", b"99999999-"))
            + b"\r\n"
        ),
        lambda: line(
            more=b"If-Modified-Since: " + draw.choice(odd[:5]) + b"\r\nIf-None-Match: \xff\r\n"
        ),
        lambda: line(
            more=b"Accept-Language: "
            + draw.choice(odd)
            + b"\r\nAuthorization: "
            + draw.choice(odd)
            + b"\r\n"
        ),
        lambda: line(
            more=b"X-Forwarded-For: "
            + draw.choice(odd)
            + b", 999.1.1.1, [::\r\nForwarded: for=\xff\r\n"
        ),
        lambda: b"GET http://" + draw.choice(odd[:8]) + b"/ HTTP/1.1\r\n" + host + b"\r\n",
    )
    for number in range(count):
        yield kinds[number % len(kinds)]()


@dataclass(frozen=True)
class Tools:
    """What the tests of this folder share."""

    serving: Callable[..., contextlib.AbstractContextManager[Served]] = serving
    malformed: Callable[..., Iterator[bytes]] = malformed
    status_of: Callable[[bytes], int] = status_of
    read_all: Callable[[socket.socket], bytes] = read_all
    now: Callable[[], float] = time.monotonic


@pytest.fixture(scope="session")
def perimeter() -> Tools:
    """Return the tools."""
    return Tools()


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """Serve with the team's page, for the tests of one file."""
    with serving(for_team=True) as server:
        yield server


@pytest.fixture(scope="module")
def served_in_haste() -> Iterator[Served]:
    """Serve with time limits of three seconds, so that a test of them is short."""
    with serving(haste=True) as server:
        yield server
