"""Voilà as a stand-alone server, with our routes, our template and our rules for kernels."""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import os
import socket
import tempfile
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.utils import url_path_join
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError
from traitlets.config import Config
from voila.app import Voila
from voila.paths import collect_static_paths
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import AllowListFileHandler, TemplateStaticFileHandler
from voila.tornado.contentshandler import VoilaContentsHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.treehandler import TornadoVoilaTreeHandler

from canheal_nb.errors import UserError
from canheal_nb.locale import _
from canheal_nb.serve import handlers, kernels, midwife, posting, team
from canheal_nb.serve.desk import LOOK_SECONDS, Desk
from canheal_nb.serve.entries import entries
from canheal_nb.serve.headers import SafeHeaders
from canheal_nb.serve.health import Health, require_sound_data
from canheal_nb.serve.pages import TEMPLATES
from canheal_nb.store import address
from canheal_nb.store.places import VARIABLE

HOST = "127.0.0.1"
PORT = 8866
MOST_BYTES = 1024 * 1024  # of any request; hand-ins have a limit of their own
_LAST_PORT = 65535
_SOCKET_PATH = 104
# Voilà's manager for ipywidgets, the classes of the widgets, and anywidget: nothing else is
# loaded into a page.
_EXTENSIONS = [
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
]
_NOT_SERVED = (
    AllowListFileHandler,
    TemplateStaticFileHandler,
    TornadoVoilaHandler,
    TornadoVoilaTreeHandler,
    VoilaContentsHandler,
    VoilaShutdownKernelHandler,
)


class Anonymous(IdentityProvider):
    """Nobody signs in, and nobody is recognised: no cookie is set."""

    def get_user(self, handler: Any) -> User:
        """Return the same reader for everybody."""
        return User("reader")

    def get_handlers(self) -> list[Any]:
        """Return no page to sign in or out."""
        return []


class Server(Voila):  # type: ignore[misc]  # traitlets' classes are untyped
    """Voilà without its tree, its template and its choice of port."""

    listening: socket.socket
    announce: Callable[[str], None]
    desk: Desk
    for_team = False

    def setup_template_dirs(self) -> None:
        """Use our template and nothing that is installed beside it."""
        self.template_paths = [str(TEMPLATES)]
        self.static_paths = collect_static_paths(["voila", "nbconvert"], "base")

    def init_settings(self) -> dict[str, Any]:
        """Tell our handlers where the notebooks are."""
        settings: dict[str, Any] = super().init_settings()
        settings["canheal_notebooks"] = self.root_dir
        settings["canheal_desk"] = self.desk
        settings["canheal_health"] = Health(self.desk)
        settings["default_handler_class"] = handlers.Missing
        return settings

    def init_handlers(self) -> list[Any]:
        """Replace Voilà's pages by ours; keep its kernels, scripts and extensions."""
        kept = [handler for handler in super().init_handlers() if handler[1] not in _NOT_SERVED]
        voila = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        own: list[tuple[Any, ...]] = [
            ("/", handlers.Landing),
            ("/about", handlers.About),
            ("/health", handlers.Health),
            (r"/app/([\w-]+)", handlers.App, voila),
            ("/yours", handlers.Yours),
            ("/canheal/submissions", posting.Submissions),
            ("/canheal/withdrawals", posting.Withdrawals),
            ("/canheal/answers", posting.Answers),
            (r"/voila/api/shutdown/([\w-]+)", handlers.Closed),
            (r"/voila/render/([\w-]+)\.ipynb", handlers.Rendered),
        ]
        if self.for_team:
            own += [("/team", team.Team), ("/canheal/notes", team.Notes)]
        return [(url_path_join(self.server_url, path), *rest) for path, *rest in own] + kept

    def listen(self) -> None:
        """Answer on the socket that was bound before, until the process is stopped."""
        self.app.add_transform(SafeHeaders)
        HTTPServer(self.app, max_body_size=MOST_BYTES).add_socket(self.listening)
        self.ioloop = IOLoop.current()
        asyncio.get_event_loop().set_exception_handler(_unless_closed)
        self.ioloop.add_callback(self._greet)
        PeriodicCallback(self.desk.look, 1000 * LOOK_SECONDS).start()
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            self.log.info("Stopping")
        finally:
            self.ioloop.run_sync(self.kernel_manager.give_up_starting)
            self.stop()
            midwife.NURSERY.close()
            self.desk.close()

    async def _greet(self) -> None:
        address = f"http://{HOST}:{self.port}{self.base_url}"
        await AsyncHTTPClient().fetch(address)
        self.announce(address)
        if self.open_browser:
            webbrowser.open(address)


def serve(
    notebooks: Path,
    *,
    port: int | None,
    base_url: str,
    open_browser: bool,
    preheat: bool,
    announce: Callable[[str], None],
    store: str = "",
    for_team: bool = False,
) -> None:
    """Start the server and run it until the process is stopped; see `canheal_nb.serve.run`."""
    require_sound_data()
    entries(notebooks)
    place = address(store)
    if store:  # kernels read what was told of groups from the same place
        os.environ[VARIABLE] = place
    # A mistyped address is no event, nor is a browser that left.
    logging.getLogger("tornado").setLevel(logging.ERROR)
    listening = bound(port)
    server = Server.instance(
        config=configuration(preheat=preheat),
        config_file_paths=[],
        root_dir=str(notebooks.resolve()),
        ip=HOST,
        port=listening.getsockname()[1],
        base_url=normal(base_url),
        open_browser=open_browser,
        log_level=logging.ERROR,
    )
    midwife.NURSERY.notebooks = notebooks.resolve()
    server.listening, server.announce = listening, announce
    server.desk, server.for_team = Desk(store), for_team
    server.initialize([])
    server.start()


def configuration(*, preheat: bool) -> Config:
    """Return what Voilà, its kernels and its pool of warm kernels are told."""
    return Config(
        Voila={"identity_provider_class": Anonymous},
        VoilaConfiguration={
            "template": "canheal",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "extension_allowlist": _EXTENSIONS,
            "kernel_spec_manager_class": kernels.OwnKernels,
            "multi_kernel_manager_class": kernels.MindfulKernelManager,
            "page_config_hook": midwife.remember,
            "preheat_kernel": preheat,
            "default_pool_size": 1,
            "show_tracebacks": False,
        },
        MappingKernelManager={
            "cull_idle_timeout": kernels.IDLE_SECONDS,
            "cull_interval": 60,
            "cull_connected": False,
            "cull_busy": True,
        },
        KernelRestarter={"restart_limit": 0, "time_to_dead": 1.0},
        VoilaKernelManager={"fill_delay": 0.5},
        # Nothing is written to the home of whoever starts the server.
        NotebookNotary={"db_file": ":memory:", "secret": os.urandom(32)},
        KernelManager={"transport": _transport(), "shutdown_wait_time": 1.0},
    )


def _transport() -> str:
    """Return how server and kernels talk: socket files where the system has room for them."""
    longest = len(os.fsencode(tempfile.gettempdir())) + len("/voila_12345678/kernel--ipc-1") + 36
    return "ipc" if os.name == "posix" and longest < _SOCKET_PATH else "tcp"


def bound(port: int | None) -> socket.socket:
    """Bind a port on this machine: the one asked for, else 8866, else any free one.

    UserError when the port asked for is impossible, taken, or not allowed.
    """
    if port is None:
        try:
            return _listening(PORT)
        except OSError:
            return _listening(0)
    if not 0 < port <= _LAST_PORT:
        sentence = _("Port {port} does not exist; choose one between 1 and 65535 with --port.")
        raise UserError(sentence.format(port=port), code="no-such-port")
    try:
        return _listening(port)
    except OSError as error:
        raise _refused(port, error) from error


def _unless_closed(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Report what went wrong in the background, unless it is a reader who left."""
    if not isinstance(context.get("exception"), WebSocketClosedError | StreamClosedError):
        loop.default_exception_handler(context)


def _listening(port: int) -> socket.socket:
    listening = socket.create_server((HOST, port), backlog=128)
    listening.setblocking(False)
    return listening


def _refused(port: int, error: OSError) -> UserError:
    if error.errno == errno.EADDRINUSE:
        sentence = _(
            "Port {port} is used by another program; stop it, choose another port with --port, "
            "or leave --port out to get a free one."
        )
        return UserError(sentence.format(port=port), code="port-taken")
    sentence = _("Port {port} may not be used ({reason}); choose another one with --port.")
    reason = error.strerror or type(error).__name__
    return UserError(sentence.format(port=port, reason=reason), code="port-refused")


def normal(base_url: str) -> str:
    """Return a base address with one slash at each end; UserError when it is no path."""
    parts = [part for part in base_url.split("/") if part]
    path = "/".join(["", *parts, ""])
    if not all(character.isalnum() or character in "/-._~" for character in path):
        sentence = _("{value} is no base address; use letters, digits and slashes, as in /atlas/.")
        raise UserError(sentence.format(value=json.dumps(base_url)), code="bad-base-url")
    return path
