"""The serving floor without a server: addresses, entries, words, headers, kernels' ceilings."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import NoSuchKernel

from canheal_nb.serve import entries, handlers, headers, kernels, launch, pages, server
from canheal_nb.text import locale
from canheal_nb.text.errors import UserError


def write(path: Path, *markdown: str) -> Path:
    """Write a notebook of markdown cells."""
    cells = [nbformat.v4.new_markdown_cell(source, id=f"c{n}") for n, source in enumerate(markdown)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_importing_serve_loads_no_server():
    code = (
        "import sys, canheal_nb.serve\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        "sys.exit(str(loaded & {'voila', 'jupyter_server', 'tornado', 'pandas', 'nbformat'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "set()"


def test_entry_takes_title_and_first_paragraph_as_plain_text(tmp_path):
    source = "# Where is *it*?\n\n**Decision:** where to [build](x.md) `next`\nand why.\n\nMore."
    found = entries.entry(write(tmp_path / "atlas.ipynb", source, "## Method"))
    assert (found.name, found.title) == ("atlas", "Where is it?")
    assert found.intro == "Decision: where to build next and why."
    assert found.path == "atlas.ipynb"


@pytest.mark.parametrize(
    ("source", "title", "intro"),
    [
        ("# Title\nParagraph close by.", "Title", "Paragraph close by."),
        ("# Title", "Title", ""),
        ("Only words, snake_case kept.", "app", "Only words, snake_case kept."),
        ("", "app", ""),
    ],
)
def test_entry_of_an_unusual_notebook(tmp_path, source, title, intro):
    found = entries.entry(write(tmp_path / "app.ipynb", source))
    assert (found.title, found.intro) == (title, intro)


def test_folder_without_apps_is_refused(tmp_path):
    with pytest.raises(UserError, match="no app notebook in the folder") as refused:
        entries.entries(tmp_path)
    assert refused.value.code == "no-apps"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}'])
def test_broken_notebook_is_named(tmp_path, text):
    (tmp_path / "broken.ipynb").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"broken\.ipynb cannot be read") as refused:
        entries.entries(tmp_path)
    assert refused.value.code == "unreadable-notebook"


def test_names_are_escaped_on_the_landing_page(tmp_path):
    write(tmp_path / "bad.ipynb", '# <script>alert("x")</script>\n\n<img src=x onerror=y>')
    found = list(entries.entries(tmp_path).values())
    html = pages.page("landing.html", title="t", entries=found, **frame())
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert" in html


def frame(**other: object) -> dict[str, object]:
    """Return what a page is told about its request."""
    usual = {"language": "en", "address": "/", "query": {}, "base_url": "/", "edition": None}
    return {**usual, **other}


def test_query_is_escaped_in_the_page():
    hostile = {"place": '"><script>alert(1)</script>'}
    html = pages.page(
        "error.html", title="t", heading="h", sentence="s", code="c", **frame(query=hostile)
    )
    assert "<script>alert(1)" not in html


def test_app_page_has_its_outputs_in_the_middle():
    entry = entries.Entry("atlas", "Where?", "", ())
    before, after = pages.app_page(entry, about="", **frame())
    assert '<main id="main"' in before
    assert "Opening “Where?” …" in before
    assert "</main>" in after
    assert "voila.js" in after
    assert "voila.js" not in before


def test_language_changes_the_page_and_keeps_the_query(tmp_path, monkeypatch):
    folder = tmp_path / "sl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "canheal.mo").write_bytes(catalogue({"Help": "Pomoč", "English": "Slovenščina"}))
    monkeypatch.setattr(locale, "_FOLDER", tmp_path)
    locale._catalogue.cache_clear()
    asked = frame(
        language=pages.chosen_language("sl"), address="/app/a", query={"x": "1", "lang": "sl"}
    )
    before, _after = pages.app_page(entries.Entry("a", "A", "", ()), about="", **asked)
    assert '<html lang="sl"' in before
    assert "Pomoč</a>" in before
    assert 'href="/app/a?x=1&amp;lang=en" lang="en"' in before
    assert pages.chosen_language("xx") == "en"


def catalogue(texts: dict[str, str]) -> bytes:
    """Compile a gettext catalogue: header of seven numbers, two tables, then the texts."""
    pairs = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", **texts}.items())
    size = len(pairs)
    at = 28 + 16 * size
    tables: list[list[int]] = [[], []]
    body = b""
    for side in (0, 1):
        for pair in pairs:
            data = pair[side].encode()
            tables[side] += [len(data), at + len(body)]
            body += data + b"\0"
    numbers = [0x950412DE, 0, size, 28, 28 + 8 * size, 0, 0, *tables[0], *tables[1]]
    return b"".join(number.to_bytes(4, "little") for number in numbers) + body


def test_every_trouble_has_its_words():
    script = (pages.TEMPLATES / "shell.js").read_text(encoding="utf-8")
    template = (pages.TEMPLATES / "index.html.j2").read_text(encoding="utf-8")
    for code, words in pages._words()["trouble"].items():
        assert f'"{code}"' in script + template
        assert set(words) == {"title", "means", "next"}
        assert all(words.values())


def test_notebooks_own_text_brings_no_second_h1_and_no_ids():
    entry = entries.Entry("a", "A", "", ("# A\n\nWhy.", "## Method\n\n# Loud"))
    html = handlers._about(entry)
    assert "<h1" not in html
    assert "<h2>Method</h2>" in html
    assert "<h2>Loud</h2>" in html
    assert "<p>Why.</p>" in html


def test_policy_names_the_host_only_when_it_is_one():
    assert "connect-src 'self' ws://a.eu:80 wss://a.eu:80 data: blob:;" in headers.policy("a.eu:80")
    assert "evil" not in headers.policy("a; script-src evil")


def test_port_that_is_taken_is_refused():
    with socket.create_server((server.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"Port {port} is used by another program") as refused:
            server.bound(port)
    assert refused.value.code == "port-taken"


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_port_that_does_not_exist_is_refused(port):
    with pytest.raises(UserError, match="does not exist") as refused:
        server.bound(port)
    assert refused.value.code == "no-such-port"


def test_without_a_port_a_free_one_is_found():
    first = server.bound(None)
    second = server.bound(None)
    with first, second:
        assert first.getsockname()[1] != second.getsockname()[1]


@pytest.mark.parametrize(
    ("given", "kept"), [("/", "/"), ("", "/"), ("x", "/x/"), ("//a/b", "/a/b/")]
)
def test_base_address_gets_its_slashes(given, kept):
    assert server.normal(given) == kept


@pytest.mark.parametrize("given", ["/a b/", "http://x/", "/<x>/", "/a?b"])
def test_base_address_that_is_no_path_is_refused(given):
    with pytest.raises(UserError, match="no base address"):
        server.normal(given)


def test_kernel_is_this_python_whatever_is_installed():
    specs = kernels.OwnKernels().get_all_specs()
    assert list(specs) == ["python3"]
    assert specs["python3"]["spec"]["argv"][:3] == [sys.executable, "-m", "canheal_nb.serve.launch"]
    with pytest.raises(NoSuchKernel):
        kernels.OwnKernels().get_kernel_spec("ir")


def test_memory_of_a_kernel_is_bounded():
    code = (
        "from canheal_nb.serve.launch import limit_memory\n"
        "import sys\n"
        "limit_memory(int(sys.argv[1]))\n"
        "block = bytearray(600 * 1024 * 1024)\n"
    )
    for megabytes, ends in ((512, True), (0, False)):
        command = [sys.executable, "-c", code, str(megabytes)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ("MemoryError" in done.stderr) is ends
    assert launch.MEMORY_MB > 0


class Pools(kernels.MindfulKernelManager):
    """A manager with a pool of our making: no kernel is started."""

    def __init__(self) -> None:
        super().__init__()
        self._pools: dict[str, list[asyncio.Task[dict[str, str]]]] = {}
        self.alive: set[str] = set()
        self.started = 0

    def __contains__(self, kernel_id: str) -> bool:
        return kernel_id in self.alive

    async def is_alive(self, kernel_id: str) -> bool:
        return kernel_id in self.alive

    def fill_if_needed(self, delay: float, notebook_name: str) -> None:
        self.started += 1
        self.alive.add("new")
        self._pools[notebook_name].append(kernel("new"))


def kernel(name: str) -> asyncio.Task[dict[str, str]]:
    """Return a kernel as Voilà's pool holds it: a task that names it, or fails."""

    async def start() -> dict[str, str]:
        if name == "failed":
            raise RuntimeError(name)
        return {"kernel_id": name}

    return asyncio.ensure_future(start())


@pytest.mark.parametrize(
    ("pool", "first", "started"),
    [
        (["dead", "alive"], "alive", 0),
        (["dead", "failed"], "new", 1),
        ([], "new", 1),
        (["alive", "dead"], "alive", 0),
    ],
)
def test_first_kernel_of_a_pool_is_alive(pool, first, started):
    async def run() -> tuple[str, int]:
        manager = Pools()
        manager.alive.add("alive")
        manager._pools["a.ipynb"] = [kernel(name) for name in pool]
        await manager.drop_dead("a.ipynb")
        await manager.drop_dead("unknown.ipynb")
        return (await manager._pools["a.ipynb"][0])["kernel_id"], manager.started

    assert asyncio.run(run()) == (first, started)


def test_kernel_that_dies_in_the_pool_is_replaced():
    async def run() -> list[str]:
        manager = Pools()
        manager.notebook_data = {"a.ipynb": {"kernel_ids": {"dead", "alive"}}}
        manager._pools["a.ipynb"] = [kernel("dead"), kernel("alive")]
        await asyncio.gather(*manager._pools["a.ipynb"])
        manager._handle_kernel_died("dead")
        names = [(await task)["kernel_id"] for task in manager._pools["a.ipynb"]]
        assert manager.notebook_data["a.ipynb"]["kernel_ids"] == {"alive"}
        return names

    assert asyncio.run(run()) == ["alive", "new"]


def test_configuration_leaves_the_home_and_other_hosts_alone():
    config = server.configuration(preheat=True)
    assert config.NotebookNotary.db_file == ":memory:"
    assert config.KernelRestarter.restart_limit == 0
    assert config.MappingKernelManager.cull_connected is False
    assert 0 < config.MappingKernelManager.cull_idle_timeout <= 600
    assert json.dumps(config.VoilaConfiguration.extension_allowlist).count("anywidget") == 1
