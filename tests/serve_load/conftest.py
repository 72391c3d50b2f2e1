"""A server in a process of its own, and visitors who speak to it as a page does.

A real page per visitor would need a browser each, which a small machine has no room for: a visitor
here loads the page over HTTP, connects to its kernel by websocket, asks for the states of its
widgets as Voilà's widget manager does, and sends what the live screen sends for a click. What the
browser itself takes is not in these times.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import resource
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest
from jupyter_client.session import Session
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.websocket import WebSocketClientConnection, websocket_connect

V1 = "v1.kernel.websocket.jupyter.org"
START_SECONDS = 90
ANSWER_SECONDS = 150.0
MEGABYTE = 1024 * 1024
PROGRAM = """
import sys
from pathlib import Path
from canheal_nb.serve import run
run(
    Path(sys.argv[1]),
    port=None,
    base_url="/",
    preheat=sys.argv[2] == "warm",
    announce=lambda address: print(address, flush=True),
)
"""


@dataclass
class Served:
    """A running server: its address, with a slash at the end, its process, and its log."""

    address: str
    process: subprocess.Popen[str]
    log: Path

    @property
    def own(self) -> psutil.Process:
        """The server's process, as psutil knows it."""
        return psutil.Process(self.process.pid)

    def family(self) -> list[psutil.Process]:
        """Return every process that the server has started, and those that these have."""
        return self.own.children(recursive=True)

    def descriptors(self) -> int:
        """Return how many descriptors the server holds."""
        return self.own.num_fds()

    def memory(self) -> float:
        """Return what the server itself holds in memory, in MB."""
        return float(self.own.memory_info().rss) / MEGABYTE

    def share(self) -> float:
        """Return what server and children hold, shared pages split among them (PSS), in MB."""
        return sum(pss(one.pid) for one in [self.own, *self.family()])

    def said(self) -> str:
        """Return what the server wrote to its log."""
        return self.log.read_text(encoding="utf-8")


def pss(pid: int) -> float:
    """Return the proportional set size of a process in MB; 0 when it has ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return int(re.findall(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)[0]) / 1024


@contextlib.contextmanager
def serving(
    notebooks: Path,
    *,
    preheat: bool = True,
    descriptors: int = 0,
    address_space_mb: int = 0,
    hold: Sequence[int] = (),
    **environment: str,
) -> Iterator[Served]:
    """Serve a folder of app notebooks, in bounds that the system sets; end all that is left.

    `hold`: descriptors that the server inherits.
    """

    def bound() -> None:
        if descriptors:
            resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
        if address_space_mb:
            most = address_space_mb * MEGABYTE
            resource.setrlimit(resource.RLIMIT_AS, (most, most))

    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("w", encoding="utf-8") as errors:
            process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, str(notebooks), "warm" if preheat else "cold"],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                preexec_fn=bound,
                pass_fds=hold,
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                    "CANHEAL_STORE": folder,
                    **environment,
                },
            )
        family: list[psutil.Process] = []
        try:
            served = Served(announced(process), process, log)
            yield served
        finally:
            with contextlib.suppress(psutil.NoSuchProcess):
                family = psutil.Process(process.pid).children(recursive=True)
            process.terminate()
            process.communicate(timeout=START_SECONDS)
            for one in family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.kill()


def announced(process: subprocess.Popen[str]) -> str:
    """Wait for the address, which is printed once the first page answers."""
    assert process.stdout is not None
    asked = select.poll()  # `select.select` knows no descriptor above 1023, and one test holds many
    asked.register(process.stdout, select.POLLIN)
    ready = asked.poll(START_SECONDS * 1000)
    line = process.stdout.readline().strip() if ready else ""
    if not line.startswith("http://"):
        process.kill()
        pytest.fail(f"the server did not start; it said {line!r}")
    return line


async def pause(seconds: float) -> None:
    """Let time pass, as between what a person does."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), seconds)


@dataclass
class Visitor:
    """One visitor: `source` is the loopback address it comes from."""

    server: Served
    app: str
    source: str = "127.0.0.1"
    query: str = ""
    kernel: str = ""
    model: str = ""
    live: bool = False
    received: list[dict[str, Any]] = field(default_factory=list)
    session: Session = field(default_factory=lambda: Session(key=b""))
    _socket: WebSocketClientConnection | None = None

    async def load(self, client: AsyncHTTPClient, **headers: str) -> HTTPResponse:
        """Load the page to its end; the kernel's id and the widget's model are kept."""
        query = f"?{self.query}" if self.query else ""
        return self.read(await self.fetch(client, f"app/{self.app}{query}", **headers))

    async def fetch(self, client: AsyncHTTPClient, path: str, **more: Any) -> HTTPResponse:
        """Fetch an address of the server's, from this visitor's own."""
        request = HTTPRequest(
            self.server.address + path,
            network_interface=self.source,
            request_timeout=ANSWER_SECONDS,
            connect_timeout=ANSWER_SECONDS,
            **more,
        )
        return await client.fetch(request, raise_error=False)

    def read(self, page: HTTPResponse) -> HTTPResponse:
        """Keep what a page says of its kernel and its widgets."""
        text = (page.body or b"").decode()
        self.kernel = (re.findall(r'"kernelId": ?"([\w-]+)"', text) or [""])[0]
        self.model = (re.findall(r'"model_id": ?"(\w+)"', text) or [""])[-1]
        return page

    async def connect(self, protocol: str = V1) -> WebSocketClientConnection:
        """Connect to the kernel by websocket."""
        address = self.server.address.replace("http://", "ws://")
        session = self.session.session
        url = f"{address}api/kernels/{self.kernel}/channels?session_id={session}"
        request = HTTPRequest(url, network_interface=self.source, request_timeout=ANSWER_SECONDS)
        self._socket = await websocket_connect(
            request, subprotocols=[protocol] if protocol else None, max_message_size=2**27
        )
        return self._socket

    async def open(self) -> None:
        """Connect and ask for the widgets' states, until the screen's own is known."""
        await self.connect()
        await self.hear_again()
        self.live = True

    async def hear_again(self) -> None:
        """Ask for the widgets' states, until the screen's own is known."""
        comm = uuid4().hex
        open_ = {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}
        await self.send("comm_open", open_, {"version": "1.0.0"})
        await self.send("comm_msg", {"comm_id": comm, "data": {"method": "request_states"}})
        while True:
            said = await self.hear()
            data = said["content"].get("data", {})
            if data.get("method") == "update_states" and self.model in said["content"].get(
                "data", {}
            ).get("states", {self.model: None}):
                return

    async def click(self, name: str, value: str) -> float:
        """Change one field as the live screen does; return the seconds until it is answered."""
        begun = time.monotonic()
        data = {"method": "custom", "content": {"field": name, "value": value}}
        await self.send("comm_msg", {"comm_id": self.model, "data": data})
        while True:
            said = await self.hear()
            state = said["content"].get("data", {}).get("state", {})
            if said["content"].get("comm_id") == self.model and "state" in state:
                return time.monotonic() - begun

    async def send(
        self, kind: str, content: dict[str, Any], metadata: dict[str, Any] | None = None
    ) -> None:
        """Send one message to the kernel."""
        assert self._socket is not None
        said = self.session.msg(kind, content=content, metadata=metadata or {})
        frame = serialize_msg_to_ws_v1(said, "shell", self.session.pack)
        await self._socket.write_message(frame, binary=True)

    async def hear(self) -> dict[str, Any]:
        """Return the next message of the kernel; EOFError when the connection is closed."""
        assert self._socket is not None
        frame = await asyncio.wait_for(self._socket.read_message(), ANSWER_SECONDS)
        if frame is None:
            raise EOFError(self._socket.close_code)
        _channel, parts = deserialize_msg_from_ws_v1(frame)
        return {
            "type": json.loads(parts[0])["msg_type"],
            "content": json.loads(parts[3]),
        }

    async def leave(self, client: AsyncHTTPClient | None = None) -> None:
        """Go: with a client the page says so, as a browser's does; without, it only vanishes."""
        if client and self.kernel:
            path = f"voila/api/shutdown/{self.kernel}"
            await self.fetch(client, path, method="POST", body=b"")
        if self._socket is not None:
            self._socket.close()
            with contextlib.suppress(TimeoutError):
                while await asyncio.wait_for(self._socket.read_message(), 5) is not None:
                    pass
        self._socket = None


def crowd(server: Served, app: str, size: int, addresses: int = 8) -> list[Visitor]:
    """Return visitors from several loopback addresses, so that no limit of one is met."""
    return [Visitor(server, app, f"127.0.0.{2 + number % addresses}") for number in range(size)]


def http(most: int = 300) -> AsyncHTTPClient:
    """Return a client of the running loop."""
    return AsyncHTTPClient(
        force_instance=True,
        defaults={"user_agent": "load"},
        max_clients=most,
        max_buffer_size=2**28,
    )


@dataclass(frozen=True)
class Tools:
    """What the tests of this folder share."""

    serving: Callable[..., contextlib.AbstractContextManager[Served]] = serving
    Visitor: type[Visitor] = Visitor
    crowd: Callable[..., list[Visitor]] = crowd
    http: Callable[..., AsyncHTTPClient] = http
    pause: Callable[[float], Any] = pause
    pss: Callable[[int], float] = pss


@pytest.fixture(scope="session")
def load() -> Tools:
    """Return the tools."""
    return Tools()
