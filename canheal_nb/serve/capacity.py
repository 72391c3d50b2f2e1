"""How much the server takes of its machine: set once at its start, from what the machine has."""

from __future__ import annotations

import os
import socket
from collections import Counter
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPConnection, HTTPMessageDelegate
from tornado.iostream import IOStream

from canheal_nb.serve import machine
from canheal_nb.serve.admission import Limits, kept_descriptors, room_for_kernels
from canheal_nb.serve.launch import MEMORY_MB, MEMORY_VARIABLE
from canheal_nb.serve.proxies import FromProxy, TrustedProxies
from canheal_nb.serve.visitors import network_of
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

SERVER_MEMORY_VARIABLE = "CANHEAL_SERVER_MEMORY_MB"
MOST_VISITORS_VARIABLE = "CANHEAL_MOST_VISITORS"
MOST_OF_ONE_VARIABLE = "CANHEAL_MOST_VISITORS_OF_ONE_ADDRESS"
LEAST_SERVER_MB, MOST_SERVER_MB = 1024, 4096
OWN_DESCRIPTORS = 24  # what the server holds of files, sockets and the store when nobody is there
# Browsers keep connections that they may need again; all headers must be there in that time.
IDLE_CONNECTION_SECONDS = 60
BODY_SECONDS = 20  # for the whole body of a request, at most a megabyte
MOST_HEADER_BYTES = 32 * 1024


@dataclass(frozen=True)
class Bounds:
    """What the server allows: visitors, connections, and whether kernels are kept warm."""

    limits: Limits
    connections: int
    preheat: bool


def set_bounds(apps: int, *, preheat: bool) -> Bounds:
    """Cap this process's memory, let it open what it may, and return what there is room for.

    A machine with room for fewer than twice as many kernels as there are apps keeps none warm.
    UserError when a variable of the environment is no whole number.
    """
    memory = machine.memory_mb()
    descriptors = machine.raise_descriptors()
    share = min(max(memory // 4, LEAST_SERVER_MB), MOST_SERVER_MB)
    cap = number(SERVER_MEMORY_VARIABLE, share)
    number(MEMORY_VARIABLE, MEMORY_MB)  # read by each kernel, which could tell nobody
    room = room_for_kernels(memory, descriptors)
    preheat = preheat and room >= 2 * apps
    visitors = max(1, number(MOST_VISITORS_VARIABLE, room - apps if preheat else room))
    of_one = max(1, number(MOST_OF_ONE_VARIABLE, (visitors + 1) // 2))
    machine.limit_data(cap)
    connections = kept_descriptors(descriptors) - OWN_DESCRIPTORS
    return Bounds(Limits(visitors, of_one), connections, preheat)


def number(variable: str, usual: int) -> int:
    """Return a whole number from the environment; UserError when it is none, or below 0."""
    said = os.environ.get(variable, "").strip()
    if not said:
        return usual
    if not (said.isascii() and said.isdigit() and len(said) <= 9):
        sentence = _("{variable} is {value!r}; it must be a whole number, 0 or more.")
        raise UserError(sentence.format(variable=variable, value=said[:40]), code="bad-number")
    return int(said)


class BoundedServer(HTTPServer):
    """A server that closes what is beyond its connections, in all or from one network (half)."""

    most: int
    proxies = TrustedProxies()
    _open: WeakKeyDictionary[IOStream, str]

    def serve_at_most(self, most: int, listening: socket.socket) -> None:
        """Begin to serve on a socket, so many connections at a time."""
        self.most, self._open = most, WeakKeyDictionary()
        self.add_socket(listening)

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Serve a connection, or close it."""
        network = network_of(str(address[0])) if address else ""
        opened = Counter(of for one, of in self._open.items() if not one.closed())
        if opened.total() >= self.most or (
            opened[network] >= max(1, self.most // 2) and not self.proxies.trusts(network)
        ):
            stream.close()
            return
        self._open[stream] = network
        super().handle_stream(stream, address)

    def start_request(
        self, server_conn: object, request_conn: HTTPConnection
    ) -> HTTPMessageDelegate:
        """Begin a request, from whom a trusted proxy says."""
        request = super().start_request(server_conn, request_conn)
        return FromProxy(request, request_conn, self.proxies)
