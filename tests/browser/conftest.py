"""The real server and a strict browser: what every test of a screen stands on.

A test fails when its page asks another host for anything, writes an error to the console,
or throws. `axe(page)` fails on any finding. Nothing is skipped when Chromium is missing.
"""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from canheal_nb.text.home import notebooks_dir

# The notebooks beside these tests are opened in the browser, not run as tests.
collect_ignore_glob = ["fixtures/*.ipynb"]
CHROMIUM = Path("/usr/bin/chromium")
INSTALL = "sudo apt-get update && sudo apt-get install --yes --no-install-recommends chromium"
START_SECONDS = 60
WAIT_MS = 45_000
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PROGRAM = """
import sys
from pathlib import Path
from canheal_nb.serve import run
run(
    Path(sys.argv[1]),
    port=None,
    base_url=sys.argv[2],
    preheat=sys.argv[3] == "warm",
    for_team="team" in sys.argv[4:],
    announce=lambda address: print(address, flush=True),
    announce_team=lambda address: print(address, flush=True),
)
"""


@dataclass(frozen=True)
class Server:
    """A running server: its address, with a slash at the end, and its process."""

    address: str
    process: subprocess.Popen[str]
    team: str = ""  # the address of the team's page, with its token

    def url(self, path: str) -> str:
        """Return the address of a path below the server's base address."""
        return self.address + path.lstrip("/")


@contextlib.contextmanager
def serving(
    notebooks: Path,
    *,
    base_url: str = "/",
    preheat: bool = True,
    store: str = "",
    for_team: bool = False,
) -> Iterator[Server]:
    """Serve a folder of app notebooks on a free port, as `canheal app` does, and stop it.

    What is handed in is kept in `store`, or in a folder that goes when the server stops.
    """
    with tempfile.TemporaryDirectory() as folder:
        yield from _served(notebooks, base_url, preheat, store or folder, for_team)


def _served(
    notebooks: Path, base_url: str, preheat: bool, store: str, for_team: bool
) -> Iterator[Server]:
    command = [sys.executable, "-c", PROGRAM, str(notebooks), base_url]
    process = subprocess.Popen(
        [*command, "warm" if preheat else "cold", *(["team"] if for_team else [])],
        stdout=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "CANHEAL_STORE": store,
        },
    )
    try:
        *team, address = _announced(process, 2 if for_team else 1)
        yield Server(address, process, "".join(team))
    finally:
        process.terminate()
        process.communicate(timeout=START_SECONDS)


def _announced(process: subprocess.Popen[str], lines: int) -> list[str]:
    """Wait for the addresses, which are printed together once the first page answers."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], START_SECONDS)
    said = [process.stdout.readline().strip() if ready else "" for _ in range(lines)]
    if not all(line.startswith("http://") for line in said):
        pytest.fail(f"the server did not start; it said {said!r}")
    return said


@pytest.fixture(scope="session")
def serve() -> Callable[..., contextlib.AbstractContextManager[Server]]:
    """Return `serving`, for tests that bring their own notebooks or settings."""
    return serving


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Serve the product's own apps, one server per test process."""
    with serving(notebooks_dir() / "apps") as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium once per file; Playwright's event loop ends with the file."""
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing; run this line, then test again: {INSTALL}")
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@dataclass
class Watch:
    """What a page did that it should not; `expect` names console errors that a test causes."""

    faults: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    expected: list[str] = field(default_factory=list)

    def expect(self, *parts: str) -> None:
        """Allow console errors that contain one of these words, for this test only."""
        self.expected += parts

    def follow(self, context: BrowserContext) -> None:
        """Listen to every page of a context."""
        context.on("request", lambda request: self._asked(request.url))
        context.on("weberror", lambda error: self.faults.append(f"page error: {error.error}"))
        context.on("console", lambda said: self._said(said.type, said.text))
        context.on("page", lambda page: page.on("websocket", lambda ws: self._asked(ws.url)))

    def check(self) -> None:
        """Fail on requests to other hosts, console errors and page errors."""
        foreign = self.hosts - {"127.0.0.1"}
        left = [one for one in self.faults if not any(part in one for part in self.expected)]
        assert not foreign, f"the page asked other hosts: {sorted(foreign)}"
        assert not left, f"the page had errors: {left}"

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob", "about"}:
            self.hosts.add(parts.hostname or url)

    def _said(self, kind: str, text: str) -> None:
        if kind == "error":
            self.faults.append(f"console: {text}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Judge the pages of this test when it ends."""
    watching = Watch()
    yield watching
    watching.check()


@contextlib.contextmanager
def opened(browser: Browser, watch: Watch, **settings: object) -> Iterator[Page]:
    """Open a page in a context of its own, watched from its first request."""
    context = browser.new_context(locale="en-GB", **settings)  # type: ignore[arg-type]
    context.set_default_timeout(WAIT_MS)
    watch.follow(context)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Iterator[Page]:
    """A desktop page, 1280 by 900."""
    with opened(browser, watch, viewport={"width": 1280, "height": 900}) as one:
        yield one


@pytest.fixture
def phone(browser: Browser, watch: Watch) -> Iterator[Page]:
    """A phone's page, 360 by 740, touched and not pointed at."""
    size = {"width": 360, "height": 740}
    with opened(browser, watch, viewport=size, has_touch=True, is_mobile=True) as one:
        yield one


@pytest.fixture
def forced(browser: Browser, watch: Watch) -> Iterator[Page]:
    """A page in the colours that the reader's system forces."""
    with opened(browser, watch, forced_colors="active") as one:
        yield one


@pytest.fixture
def scriptless(browser: Browser, watch: Watch) -> Iterator[Page]:
    """A page that runs no script: what a reader sees before any script has run."""
    with opened(browser, watch, java_script_enabled=False) as one:
        yield one


@pytest.fixture
def still(browser: Browser, watch: Watch) -> Iterator[Page]:
    """A page for a reader who asked for less motion."""
    with opened(browser, watch, reduced_motion="reduce") as one:
        yield one


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Return a check that fails with every finding of axe: rule, help, and where."""

    def check(page: Page) -> None:
        options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
        found = Axe().run(page, options=options).response["violations"]
        said = [
            (one["id"], one["help"], [node["target"] for node in one["nodes"]]) for one in found
        ]
        assert not found, f"axe finds: {said}"

    return check
