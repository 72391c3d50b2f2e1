"""What a page may send to its kernel: each frame is looked at before anything unpacks it.

A frame says of itself how many parts it has, and whoever believes it makes as many numbers: four
bytes could take the server's memory. Pages speak Jupyter's form v1; the older one, in which a text
or a count of any size would have to be unpacked, is not spoken. A bad frame closes its connection
with code 1008 and costs nobody else anything.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError
from voila.request_info_handler import RequestInfoSocketHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

V1 = "v1.kernel.websocket.jupyter.org"
FEWEST_OFFSETS = 6  # where the channel and the four parts of a message begin, and where it ends
MOST_OFFSETS = 64  # one more for each block of bytes; no screen sends any
MOST_HEADER_BYTES = 64 * 1024  # the one part that the server itself unpacks
# The largest file that a screen takes (4 MB) in base64, with room for the message around it.
MOST_BYTES = 8 * 1024 * 1024
# A control that is dragged sends some ten messages a second, a draft that is opened thirty at
# once. What is sent to a kernel that computes waits in the server's memory.
MOST_MESSAGES_A_WINDOW = 600
MOST_BYTES_A_WINDOW = 4 * MOST_BYTES
WINDOW_SECONDS = 10.0
MOST_PAGES = 3  # of one kernel: a page, and connections that it lost and the server not yet
POLICY = 1008
LOG = logging.getLogger(__name__)


def fault(frame: str | bytes) -> str:
    """Say what keeps a frame from being a message in the form v1; empty when nothing does.

    Costs no more than the frame's head: the count of offsets, the offsets, then the channel,
    header, parent's header, metadata, content and blocks of bytes. Numbers take eight bytes, the
    smallest first. In English, for the log.
    """
    if isinstance(frame, str):
        return "text"
    count = int.from_bytes(frame[:8], "little")
    if not FEWEST_OFFSETS <= count <= min(MOST_OFFSETS, len(frame) // 8 - 1):
        return f"{count} offsets in {len(frame)} bytes"
    head = 8 * (count + 1)
    offsets = [int.from_bytes(frame[at : at + 8], "little") for at in range(8, head, 8)]
    if offsets != sorted(offsets) or offsets[0] < head or offsets[-1] > len(frame):
        return "parts that do not follow each other"
    return "a long header" if offsets[2] - offsets[1] > MOST_HEADER_BYTES else ""


@dataclass
class Flow:
    """How much a page has sent within this window."""

    messages: int = 0
    size: int = 0
    _until: float = -1.0

    def allows(self, size: int, now: float) -> bool:
        """Count a frame of so many bytes at a time in seconds; say whether it is not too much."""
        if now >= self._until:
            self._until, self.messages, self.size = now + WINDOW_SECONDS, 0, 0
        self.messages += 1
        self.size += size
        return self.messages <= MOST_MESSAGES_A_WINDOW and self.size <= MOST_BYTES_A_WINDOW


class CheckedConnection(ZMQChannelsWebsocketConnection):
    """The connection of a page and its kernel, which passes on nothing that was not looked at."""

    def tell_ended(self) -> None:
        """Say to the page that its kernel has ended, and close."""
        try:
            self._send_status_message("dead")  # type: ignore[no-untyped-call]
            self.websocket_handler.close()
        except (WebSocketClosedError, StreamClosedError):
            return


class Channels(VoilaKernelWebsocketHandler):  # type: ignore[misc]  # Voilà is untyped
    """Where a page connects to its kernel."""

    def initialize(self) -> None:
        """Begin to count what the page sends."""
        self.flow = Flow()
        self.refused = False

    async def pre_get(self) -> None:
        """Make the connection; HTTPError for another form, or beside the kernel's own page."""
        offered = self.request.headers.get("Sec-WebSocket-Protocol", "")
        if V1 not in [one.strip() for one in offered.split(",")]:
            raise HTTPError(400)
        if len(connections(self.kernel_id)) >= MOST_PAGES:
            raise HTTPError(409)
        await super().pre_get()

    def write_error(self, status_code: int, **_why: Any) -> None:
        """Answer with the status alone: no page reads it."""
        self.finish({"status": status_code})

    def on_message(self, ws_message: str | bytes) -> None:
        """Pass a message on to the kernel, or close the connection for good."""
        if self.refused:
            return
        wrong = fault(ws_message)
        if not self.flow.allows(len(ws_message), time.monotonic()):
            wrong = "too much at once"
        if not wrong:
            try:
                super().on_message(ws_message)
            except Exception as error:  # a header that is none: the server is not at fault
                wrong = f"a header that cannot be read ({type(error).__name__})"
        if wrong:
            self.refused = True
            LOG.warning("A page's message is refused: %s", wrong)
            self.close(POLICY, "bad message")
        else:
            self.settings["canheal_sessions"].heard(self.kernel_id)


class AddressOfVisitor(RequestInfoSocketHandler):  # type: ignore[misc]  # Voilà is untyped
    """Where a warm kernel waits to be told its visitor's address; nobody else can wait there."""

    def prepare(self) -> None:
        """Refuse whoever names no kernel of ours, or one that waits already: 404."""
        kernel_id = self.path_kwargs["kernel_id"]
        if kernel_id not in self.settings["kernel_manager"] or kernel_id in self._waiters:
            raise HTTPError(404)

    def on_message(self, message: str | bytes) -> None:
        """Close: the kernel has nothing to say here."""
        self.close(POLICY, "bad message")


def connections(kernel_id: str) -> list[CheckedConnection]:
    """Return the open connections of a kernel."""
    opened = list(ZMQChannelsWebsocketConnection._open_sockets)
    return [
        one for one in opened if isinstance(one, CheckedConnection) and one.kernel_id == kernel_id
    ]


def forget(kernel_id: str) -> None:
    """Forget the address of a visitor whose kernel has ended."""
    RequestInfoSocketHandler._cache.pop(kernel_id, None)
