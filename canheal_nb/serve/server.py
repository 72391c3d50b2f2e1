"""Voilà as a stand-alone server, with our routes, our template and our rules for kernels."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
import tempfile
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyter_server.utils import url_path_join
from tornado.httpclient import AsyncHTTPClient
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.iostream import StreamClosedError
from tornado.routing import Rule
from tornado.websocket import WebSocketClosedError
from traitlets.config import Config
from voila.app import Voila
from voila.paths import collect_static_paths
from voila.request_info_handler import RequestInfoSocketHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import AllowListFileHandler, TemplateStaticFileHandler
from voila.tornado.contentshandler import VoilaContentsHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.tornado.treehandler import TornadoVoilaTreeHandler

from canheal_nb.serve import (
    capacity,
    frames,
    handlers,
    kernels,
    posting,
    provisioner,
    team,
    waiting_page,
)
from canheal_nb.serve.addresses import (
    HOST,
    ByAnotherName,
    bound,
    checked_host,
    checked_names,
    normal,
    url_host,
)
from canheal_nb.serve.entries import entries
from canheal_nb.serve.headers import SafeHeaders
from canheal_nb.serve.health import Health, require_sound_data
from canheal_nb.serve.logs import write_log
from canheal_nb.serve.pages import TEMPLATES
from canheal_nb.serve.proxies import TrustedProxies, trusted
from canheal_nb.serve.refusals import discreet, in_our_words, log_answer
from canheal_nb.serve.sessions import CHECK_SECONDS, Sessions
from canheal_nb.serve.submission_service import LOOK_SECONDS, Desk
from canheal_nb.store import address
from canheal_nb.store.location import VARIABLE

MOST_BYTES = 1024 * 1024  # of any request; hand-ins have a limit of their own
_SOCKET_PATH = 104
_KERNEL = r"(?P<kernel_id>[\w-]+)"
# Voilà's manager for ipywidgets, the classes of the widgets, and anywidget: nothing else is
# loaded into a page.
_EXTENSIONS = [
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
]
_NOT_SERVED = (
    AllowListFileHandler,
    KernelHandler,
    RequestInfoSocketHandler,
    TemplateStaticFileHandler,
    TornadoVoilaHandler,
    TornadoVoilaTreeHandler,
    VoilaContentsHandler,
    VoilaKernelWebsocketHandler,
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
    announce_team: Callable[[str], None]
    desk: Desk
    bounds: capacity.Bounds
    team_token = ""
    names: frozenset[str]
    proxies: TrustedProxies

    def setup_template_dirs(self) -> None:
        """Use our template and nothing that is installed beside it."""
        self.template_paths = [str(TEMPLATES)]
        self.static_paths = collect_static_paths(["voila", "nbconvert"], "base")

    def init_settings(self) -> dict[str, Any]:
        """Tell our handlers where the notebooks are."""
        provisioner.NURSERY.first_views = Path(self.connection_dir) / "first_views"
        settings: dict[str, Any] = super().init_settings()
        settings["websocket_max_message_size"] = frames.MOST_BYTES
        settings["canheal_sessions"] = Sessions(self.bounds.limits, self.kernel_manager)
        settings["canheal_notebooks"] = self.root_dir
        settings["canheal_desk"] = self.desk
        settings["canheal_health"] = Health(self.desk)
        settings["canheal_team_token"] = self.team_token
        settings["default_handler_class"] = discreet(handlers.Missing)
        settings["log_function"] = log_answer
        return settings

    def init_handlers(self) -> list[Any]:
        """Replace Voilà's pages by ours; keep its kernels, scripts and extensions."""
        kept = [
            handler
            for handler in super().init_handlers()
            if handler[1] not in _NOT_SERVED and "/voila/api/" not in handler[0]
        ]
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
            ("/canheal/turn", waiting_page.Turn),
            (rf"/api/kernels/{_KERNEL}/channels", frames.Channels),
            (rf"/api/kernels/{_KERNEL}", handlers.Kernel),
            (rf"/voila/query/{_KERNEL}", frames.AddressOfVisitor),
            ("/canheal/submissions", posting.Submissions),
            ("/canheal/withdrawals", posting.Withdrawals),
            ("/canheal/answers", posting.Answers),
            (r"/voila/api/shutdown/([\w-]+)", handlers.Closed),
            (r"/voila/render/([\w-]+)\.ipynb", handlers.Rendered),
        ]
        if self.team_token:
            own += [("/team", team.Team), ("/canheal/notes", team.Notes)]
        routes = [(url_path_join(self.server_url, path), *rest) for path, *rest in own] + kept
        speaking = (handlers.Shell, posting.Posting)  # they have words of their own
        return [
            (path, (discreet if issubclass(of, speaking) else in_our_words)(of), *rest)
            for path, of, *rest in routes
        ]

    def listen(self) -> None:
        """Answer on the socket that was bound before, until the process is stopped."""
        self.app.add_transform(SafeHeaders)
        elsewhere = Rule(ByAnotherName(self.names), discreet(handlers.Elsewhere))
        self.app.default_router.rules.insert(0, elsewhere)
        server = capacity.BoundedServer(
            self.app,
            idle_connection_timeout=capacity.IDLE_CONNECTION_SECONDS,
            max_body_size=MOST_BYTES,
            body_timeout=capacity.BODY_SECONDS,
            max_header_size=capacity.MOST_HEADER_BYTES,
        )
        server.proxies = self.proxies
        server.serve_at_most(self.bounds.connections, self.listening)
        end_left = self.app.settings["canheal_sessions"].end_left
        PeriodicCallback(end_left, CHECK_SECONDS * 1000).start()
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
            provisioner.NURSERY.close()
            self.desk.close()

    async def _greet(self) -> None:
        address = f"http://{url_host(self.ip)}:{self.port}{self.base_url}"
        await AsyncHTTPClient().fetch(address, headers={"Host": HOST})
        if self.team_token:
            self.announce_team(f"{address}team#token={self.team_token}")
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
    announce_team: Callable[[str], None] = lambda address: None,
    host: str = HOST,
    host_names: Sequence[str] = (),
    trusted_proxies: Sequence[str] = (),
    log: str = "",
) -> None:
    """Start the server and run it until the process is stopped; see `canheal_nb.serve.run`."""
    require_sound_data()
    names, proxies = checked_names(host_names), trusted(trusted_proxies)
    host = checked_host(host, host_names)
    apps = entries(notebooks)
    bounds_ = capacity.set_bounds(len(apps), preheat=preheat)
    place = address(store)
    if store:  # kernels read what was told of groups from the same place
        os.environ[VARIABLE] = place
    # A mistyped address is no event, nor is a browser that left.
    logging.getLogger("tornado").setLevel(logging.ERROR)
    listening = bound(port, host)
    if log:
        write_log(log)
    server = Server.instance(
        config=configuration(preheat=bounds_.preheat),
        config_file_paths=[],
        root_dir=str(notebooks.resolve()),
        ip=host,
        port=listening.getsockname()[1],
        base_url=normal(base_url),
        open_browser=open_browser,
        log_level=logging.ERROR,
    )
    provisioner.NURSERY.notebooks = notebooks.resolve()
    server.listening, server.announce = listening, announce
    server.announce_team, server.names, server.proxies = announce_team, names, proxies
    server.desk, server.bounds = Desk(store), bounds_
    server.team_token = secrets.token_urlsafe(32) if for_team else ""
    server.initialize([])
    server.start()


def configuration(*, preheat: bool) -> Config:
    """Return what Voilà, its kernels and its pool of warm kernels are told."""
    return Config(
        Voila={
            "identity_provider_class": Anonymous,
            "kernel_websocket_connection_class": frames.CheckedConnection,
        },
        VoilaConfiguration={
            "template": "canheal",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "extension_allowlist": _EXTENSIONS,
            "kernel_spec_manager_class": kernels.OwnKernels,
            "multi_kernel_manager_class": kernels.MindfulKernelManager,
            "page_config_hook": provisioner.remember,
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


def _unless_closed(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Report what went wrong in the background, unless it is a reader who left."""
    if not isinstance(context.get("exception"), WebSocketClosedError | StreamClosedError):
        loop.default_exception_handler(context)
