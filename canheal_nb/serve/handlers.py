"""The routes of our own: landing page, apps, about, health, and pages that say what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from nbconvert.filters.markdown import markdown2html
from tornado.web import HTTPError, authenticated
from voila.handler import VoilaHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler

from canheal_nb import __version__
from canheal_nb.serve import pages
from canheal_nb.serve.data_notes import edition, sources
from canheal_nb.serve.entries import Entry, entries
from canheal_nb.serve.provisioner import NURSERY
from canheal_nb.serve.refusals import error_page
from canheal_nb.serve.sessions import KernelsForVisit, Sessions
from canheal_nb.serve.visitors import network_of, visitor_address
from canheal_nb.serve.waiting_page import RETRY_SECONDS, place_of, take_ticket, waiting_page
from canheal_nb.text.locale import _

_HEADING = re.compile(r"<(/?)h([1-6])\b[^>]*>")
_ANCHOR = re.compile(r'<a class="anchor-link"[^>]*>.*?</a>')
_TITLE = re.compile(r"\A#[^\n]*\n?")


class Shell(JupyterHandler):
    """A page in the shell: knows its language, its address, and the apps there are."""

    @property
    def frame(self) -> dict[str, Any]:
        """What every page is told about this request."""
        return {
            "language": pages.chosen_language(self.get_query_argument("lang", "")),
            "address": self.request.path,
            "query": self.query,
            "base_url": self.base_url,
            "edition": edition(),
        }

    @property
    def query(self) -> Mapping[str, str]:
        """The address's query, the last value of each name."""
        return {name: self.get_query_arguments(name)[-1] for name in self.request.query_arguments}

    @property
    def apps(self) -> dict[str, Entry]:
        """The app notebooks as they are now."""
        return entries(Path(self.settings["canheal_notebooks"]))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say what is wrong in plain words, without a traceback."""
        self.finish(error_page(self, status_code))


class Landing(Shell):
    """The list of questions."""

    @authenticated
    def get(self) -> None:
        """Show one entry per app notebook."""
        found = list(self.apps.values())
        title = pages.PRODUCT
        self.finish(pages.page("landing.html", title=title, entries=found, **self.frame))


class About(Shell):
    """Help, sources, method, limits, accessibility: where the footer's links lead."""

    @authenticated
    def get(self) -> None:
        """Show the page with one section per link."""
        title = f"{_('About')} – {pages.PRODUCT}"
        self.finish(pages.page("about.html", title=title, sources=sources(), **self.frame))


class Yours(Shell):
    """Where a code leads: what became of a hand-in, and taking it back."""

    @authenticated
    def get(self) -> None:
        """Show the form for the code."""
        self.finish(pages.page("yours.html", title=_yours_title, **self.frame))


class Health(JupyterHandler):
    """A line for those who watch the server."""

    async def get(self) -> None:
        """Answer with JSON: ok, version, edition, kernels (alive), warm (ready), data, store.

        `data` and `store` are "well" ("none yet" before the first hand-in) or say what fails: then
        the status is 503. `warnings` are no failure.
        """
        manager: Any = self.kernel_manager
        known = edition()
        well, parts = await self.settings["canheal_health"].told()
        self.set_status(HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE)
        self.set_header("Cache-Control", "no-store")
        self.finish(
            {
                "ok": well,
                **parts,
                "version": __version__,
                "edition": known.name if known else None,
                "kernels": len(manager.list_kernel_ids()),
                "warm": manager.count_warm(),
            }
        )


class Closed(VoilaShutdownKernelHandler):  # type: ignore[misc]  # Voilà is untyped
    """A page says that it is gone: its kernel can end.

    The kernel's id is known to that page alone, so it stands in for a token.
    """

    def check_xsrf_cookie(self) -> None:
        """Ask for no cookie: we set none."""

    async def post(self, kernel_id: str) -> None:
        """End the kernel, or do nothing if it has ended before."""
        if kernel_id in self.kernel_manager:
            await self.kernel_manager.shutdown_kernel(kernel_id)
        self.set_status(204)
        self.finish()


class Missing(Shell):
    """Every address that no other route knows."""

    async def prepare(self, **_kwargs: Any) -> None:
        """Answer 404, whatever the method."""
        raise HTTPError(404)


class Elsewhere(Shell):
    """Every address at a host that is not ours, whatever the method."""

    async def prepare(self, **_kwargs: Any) -> None:
        """Answer 421: this is not the server that was meant."""
        raise HTTPError(421)


class Kernel(KernelHandler):
    """What a page asks of its own kernel; to end one, a page has another address."""

    async def delete(self, kernel_id: str) -> None:
        """Refuse."""
        raise HTTPError(405)


class Rendered(Shell):
    """Voilà's own address of a notebook leads to the short one and keeps the query."""

    @authenticated
    def get(self, name: str) -> None:
        """Redirect to the app's address."""
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(f"{self.base_url}app/{quote(name)}{query}")


class App(Shell, VoilaHandler):  # type: ignore[misc]  # Voilà is untyped
    """One app: our shell at once, then its notebook's outputs as they come, from Voilà."""

    kernels: KernelsForVisit | None = None

    def _log(self) -> None:
        """Log the answer, unless it is that others are before: nothing is wrong with that."""
        if self.get_status() != 503:
            super()._log()

    @property
    def kernel_manager(self) -> Any:
        """The manager of kernels, for this visit."""
        return self.kernels or super().kernel_manager

    @authenticated
    async def get(self, name: str) -> None:
        """Show the app to a visitor whose turn it is, and to others the page that waits."""
        entry = self.apps.get(name)
        if entry is None:
            raise HTTPError(404)
        sessions: Sessions = self.settings["canheal_sessions"]
        network, ticket = network_of(visitor_address(self.request)), take_ticket(self.request)
        visit = sessions.enter(network, ticket)
        if visit is None:
            place = place_of(sessions, network, ticket)
            self.set_status(503)
            self.set_header("Retry-After", str(RETRY_SECONDS))
            self.set_header("Cache-Control", "no-store")
            first_views, screens = NURSERY.first_views, list(self.apps.values())
            self.finish(
                waiting_page(entry, place, sessions, first_views, screens=screens, **self.frame)
            )
            return
        self.kernels = KernelsForVisit(self.kernel_manager, visit)
        try:
            await self._show(entry)
        finally:
            sessions.loaded(visit)

    async def _show(self, entry: Entry) -> None:
        """Stream the page; a notebook that fails ends in plain words, not in a traceback."""
        before, after = pages.app_page(
            entry, about=_about(entry), screens=list(self.apps.values()), **self.frame
        )
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("X-Accel-Buffering", "no")
        self.write(before)
        self.flush()
        try:
            await self._outputs(entry.path)
        except Exception:
            self.log.exception("The app %s could not be shown", entry.name)
            self.write('<script>shell.fail("cell-error");</script>')
        self.finish(after)

    async def _outputs(self, path: str) -> None:
        manager: Any = self.kernel_manager
        NURSERY.line.waited_for.add(path)
        await manager.drop_dead(path)
        async for html in self.get_generator(path=path):
            self.write(html)
            self.flush()


def _about(entry: Entry) -> str:
    """Return a notebook's own text as HTML, without its title: the page has the only h1."""
    html = markdown2html(_TITLE.sub("", "\n\n".join(entry.markdown)))
    plain = _ANCHOR.sub("", html)
    return _HEADING.sub(lambda found: f"<{found[1]}h{max(2, int(found[2]))}>", plain)


def _yours_title() -> str:
    return f"{_('What you handed in')} – {pages.PRODUCT}"
