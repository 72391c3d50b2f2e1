"""How the server gets its kernels from the nursery, and what it holds of each.

Named as a provisioner in the package's entry points, and used where the system can fork from a
process with one thread (Linux); elsewhere, and whenever the nursery does not answer, a kernel
starts by itself as Jupyter's kernels do.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from canheal_nb.serve.kernels import ENVIRONMENT
from canheal_nb.serve.machine import is_readable

MODULE = "canheal_nb.serve.prefork"
ANSWER_SECONDS = 60.0
NOTEBOOK: ContextVar[str] = ContextVar("NOTEBOOK", default="")


class Kernel:
    """A forked kernel, as far as Jupyter asks a `Popen` of it: it lives while its pipe does."""

    stdout = stderr = stdin = None

    def __init__(self, pid: int, pipe: int) -> None:
        self.pid, self._pipe, self._ended = pid, pipe, False

    def poll(self) -> int | None:
        """Return None while the kernel lives, else 1: its own code is known to its parent only."""
        if not self._ended and is_readable(self._pipe):
            self._ended = True
            os.close(self._pipe)
        return 1 if self._ended else None

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the kernel has ended."""
        until = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                raise subprocess.TimeoutExpired(MODULE, timeout or 0.0)
            is_readable(self._pipe, left)
        return 1

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the kernel has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)


class Line:
    """Who gets the next kernel: notebooks that a visitor waits for, else who asked first.

    `waited_for`: those notebooks, until the next kernel of theirs is born.
    """

    def __init__(self) -> None:
        self.waited_for: set[str] = set()
        self._asked: dict[object, str] = {}
        self._served: object = None
        self._moved = asyncio.Condition()

    @contextlib.asynccontextmanager
    async def turn(self, notebook: str) -> AsyncIterator[None]:
        """Wait for one's turn, and hold it."""
        me = object()
        self._asked[me] = notebook
        try:
            async with self._moved:
                await self._moved.wait_for(lambda: self._served is None and self._next() is me)
                self._served = me
            yield
        finally:
            del self._asked[me]
            if self._served is me:
                self._served = None
                self.waited_for.discard(notebook)
            async with self._moved:
                self._moved.notify_all()

    def _next(self) -> object:
        first = (one for one, notebook in self._asked.items() if notebook in self.waited_for)
        return next(first, next(iter(self._asked)))


class Nursery:
    """The one process that forks; started when first needed, and again when it is gone.

    `notebooks`: the folder of the apps that it makes ready while nobody asks; `first_views`: the
    folder where it puts what each shows first, as HTML. `line`: who is answered first.
    """

    def __init__(self) -> None:
        self.notebooks = Path()
        self.first_views = Path()
        self.line = Line()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def born(
        self, command: list[str], env: dict[str, str], folder: str, notebook: str = ""
    ) -> Kernel:
        """Return a new kernel; OSError when the nursery does not answer."""
        control = self._connected()
        ours, theirs = os.pipe()
        try:
            request = {"command": command, "env": env, "cwd": folder, "notebook": notebook}
            socket.send_fds(control, [json.dumps(request).encode()], [theirs])
            answer = control.recv(64)
            if not answer:
                raise ConnectionResetError(MODULE)
        except OSError:
            os.close(ours)
            self._left()
            raise
        finally:
            os.close(theirs)
        return Kernel(int(answer), ours)

    def close(self) -> None:
        """End the nursery, and with it every kernel that is left; who still waits gets OSError."""
        self._left()

    def _connected(self) -> socket.socket:
        """Return the socket to a living nursery."""
        if self._control is None or self._process is None or self._process.poll() is not None:
            self._left()
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            ours.settimeout(ANSWER_SECONDS)
            given = [str(theirs.fileno()), str(self.notebooks), str(self.first_views)]
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", MODULE, *given],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env={**os.environ, **ENVIRONMENT},
            )
            theirs.close()
            self._control = ours
            atexit.register(ours.close)
        return self._control

    def _left(self) -> None:
        if self._control is not None:
            self._control.close()
            atexit.unregister(self._control.close)
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
        self._control = self._process = None


NURSERY = Nursery()


def remember(page_config: dict[str, Any], *, notebook_path: str, **_more: Any) -> dict[str, Any]:
    """Keep which notebook the kernel that is started next is for: Voilà asks this before."""
    NOTEBOOK.set(notebook_path)
    return page_config


class Midwife(LocalProvisioner):
    """Starts a kernel by asking the nursery; else as the stock provisioner does."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel and return how to reach it."""
        folder = str(kwargs.get("cwd") or Path.cwd())
        env = dict(kwargs.get("env") or os.environ)
        try:
            async with NURSERY.line.turn(NOTEBOOK.get()):
                born = await asyncio.to_thread(NURSERY.born, cmd, env, folder, NOTEBOOK.get())
        except OSError:
            self.log.warning("The nursery did not answer: a kernel starts by itself", exc_info=True)
            return await super().launch_kernel(cmd, **kwargs)
        self.process, self.cwd = cast(Any, born), cast(Any, folder)
        self.pid = self.pgid = cast(Any, born.pid)  # it leads a group of its own
        return self.connection_info
