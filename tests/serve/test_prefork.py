"""Kernels that are forked: one of each language of process, and what the server holds of them."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from canheal_nb.screens import shell
from canheal_nb.serve import kernels, prefork, provisioner, server
from canheal_nb.text.home import notebooks_dir

KEEP = """
import json, os, sys
from canheal_nb.serve import launch, prefork
prefork.prepare = lambda: None
prefork.apps_in = lambda folder: {}
def run():
    seen = {"argv": sys.argv, "folder": os.getcwd(),
            "env": sorted(os.environ), "threads": len(os.listdir("/proc/self/task"))}
    with open(sys.argv[-1], "w") as file:
        json.dump(seen, file)
    if "stay" in sys.argv:
        import time
        time.sleep(60)
launch.run = run
live = prefork._live
def late(request, *more):
    import time
    while "orphan" in request["command"] and os.getppid() == own:
        time.sleep(0.01)
    live(request, *more)
own, prefork._live = os.getpid(), late
prefork.main()
"""


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Iterator[provisioner.Nursery]:
    """A nursery whose kernels only write down what they are."""
    start = subprocess.Popen

    def popen(command: list[str], **more: object) -> object:
        return start([sys.executable, "-c", KEEP, *command[-3:]], **more)  # type: ignore[call-overload]

    monkeypatch.setattr(provisioner.subprocess, "Popen", popen)
    made = provisioner.Nursery()
    yield made
    made._left()


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "canheal_nb.serve.launch", *words]


def test_a_kernel_has_its_own_command_environment_and_folder(
    own: provisioner.Nursery, tmp_path: Path
) -> None:
    told = tmp_path / "told.json"
    born = own.born(command("-f", str(told)), {"A": "1"}, str(tmp_path))
    assert born.wait(10) == born.poll() == 1
    seen = json.loads(told.read_text())
    assert seen["argv"] == ["canheal_nb.serve.launch", "-f", str(told)]
    assert seen["env"] == ["A"]
    assert seen["folder"] == str(tmp_path)
    assert seen["threads"] == 1


def test_a_kernel_born_as_the_process_that_forks_ends_ends_too(
    own: provisioner.Nursery, tmp_path: Path
) -> None:
    """It asks to end with its parent when that has gone: the signal would never come."""
    born = own.born(command("orphan", str(tmp_path / "told")), {}, str(tmp_path))
    assert own._process is not None
    own._process.kill()
    assert born.wait(10) == 1
    assert not (tmp_path / "told").exists()


def test_a_kernel_ends_at_once_with_the_process_that_forked_it(
    own: provisioner.Nursery, tmp_path: Path
) -> None:
    born = own.born(command("stay", str(tmp_path / "told")), {}, str(tmp_path))
    assert own._process is not None
    own._process.kill()
    assert born.wait(10) == 1


ALONE = """
import pathlib, sys, threading
from canheal_nb.serve import launch
def run():
    pathlib.Path(sys.argv[1]).touch()
    threading.Event().wait(60)
launch.run = run
launch.main()
"""
SERVER = """
import os, subprocess, sys
env = {**os.environ, "JPY_PARENT_PID": str(os.getpid())}
subprocess.Popen([sys.executable, "-c", *sys.argv[1:]], env=env).wait()
"""


def test_a_kernel_that_starts_by_itself_ends_with_the_server(tmp_path: Path) -> None:
    """Without the look at its parent that ipykernel takes each second; its end closes the pipe."""
    command = [sys.executable, "-c", SERVER, ALONE, str(tmp_path / "runs")]
    server = subprocess.Popen(command, stdout=subprocess.PIPE)
    while not (tmp_path / "runs").exists():
        assert server.poll() is None
    server.kill()
    assert server.communicate(timeout=10) == (b"", None)


def test_a_child_lifts_the_cap_of_memory_that_the_server_has() -> None:
    script = (
        "import resource, subprocess, sys\n"
        "from canheal_nb.serve import machine\n"
        "machine.limit_data(900)\n"
        "code = 'import resource; from canheal_nb.serve import machine; machine.limit_data(0);'\n"
        "code += 'print(resource.getrlimit(resource.RLIMIT_DATA)[0])'\n"
        "print(resource.getrlimit(resource.RLIMIT_DATA)[0], flush=True)\n"
        "subprocess.run([sys.executable, '-c', code], check=True)\n"
    )
    told = subprocess.check_output([sys.executable, "-c", script], text=True)
    assert told.split() == [str(900 * 1024 * 1024), str(resource.RLIM_INFINITY)]


def test_a_pipe_with_a_high_number_is_waited_for() -> None:
    """`select` would refuse every descriptor from 1024 on."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(2000, most[1]), most[1]))
    ours, theirs = os.pipe()
    high = fcntl.fcntl(ours, fcntl.F_DUPFD, 1500)
    os.close(ours)
    kernel = provisioner.Kernel(os.getpid(), high)
    try:
        assert kernel.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            kernel.wait(0.01)
    finally:
        os.close(theirs)
        resource.setrlimit(resource.RLIMIT_NOFILE, most)
    assert kernel.wait(1) == 1


def test_it_lives_until_it_is_killed_and_the_end_is_noticed(
    own: provisioner.Nursery, tmp_path: Path
) -> None:
    born = own.born(command("stay", str(tmp_path / "told")), {}, str(tmp_path))
    other = own.born(command("stay", str(tmp_path / "other")), {}, str(tmp_path))
    assert born.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        born.wait(0.01)
    born.kill()
    assert born.wait(10) == 1
    assert other.poll() is None, "one kernel's end is not another's"
    with contextlib.suppress(psutil.NoSuchProcess):  # nothing is left of it to collect
        psutil.Process(born.pid).wait(10)
    born.send_signal(signal.SIGKILL)  # whoever has its number now is left alone
    other.terminate()
    assert other.wait(10) == 1


def test_a_nursery_that_died_is_started_again(own: provisioner.Nursery, tmp_path: Path) -> None:
    own.born(command(str(tmp_path / "a")), {}, str(tmp_path)).wait(10)
    assert own._process is not None
    own._process.kill()
    own._process.wait()
    own.born(command(str(tmp_path / "b")), {}, str(tmp_path)).wait(10)
    assert (tmp_path / "b").exists()


def test_a_nursery_that_cannot_answer_is_an_error_the_provisioner_knows(
    own: provisioner.Nursery, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(globals(), "KEEP", "")
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(OSError, match=r"nursery|Broken pipe|reset"):
        own.born(command("x"), {}, str(tmp_path))
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_kernels_end_with_the_server(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    made = subprocess.Popen(
        [sys.executable, "-c", KEEP, str(theirs.fileno()), ".", "."], pass_fds=[theirs.fileno()]
    )
    theirs.close()
    ours.close()
    assert made.wait(10) == 0


def test_the_provisioner_is_found_by_its_name() -> None:
    (name,) = {one["provisioner_name"] for one in kernels.FORKED.values()}
    (found,) = entry_points(group="jupyter_client.kernel_provisioners", name=name)
    assert found.load() is provisioner.Midwife
    spec = kernels.OwnKernels().get_kernel_spec(kernels.KERNEL)
    assert spec.metadata == (kernels.FORKED if sys.platform == "linux" else {})


def test_a_page_can_ask_a_kernel_for_all_its_widgets_at_once() -> None:
    script = (
        "from canheal_nb import data\n"
        "from canheal_nb.serve import prefork\n"
        "prefork.screen_modules, data.load = list, lambda: None\n"
        "prefork.prepare()\n"
        "import comm\n"
        "print(*sorted(comm.get_comm_manager().targets))"
    )
    told = subprocess.check_output([sys.executable, "-c", script], text=True)
    assert told.split() == ["jupyter.widget", "jupyter.widget.control"]


def test_every_app_is_made_ready(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the nursery starts is what the notebooks start: each app's question and screen."""
    started: list[tuple[object, ...]] = []
    first = SimpleNamespace(opening=None, show=lambda: SimpleNamespace(markup=lambda: "<p>"))
    monkeypatch.setattr(shell, "start", lambda *given: started.append(given) or first)
    folder = notebooks_dir() / "apps"
    notebooks = sorted(folder.glob("*.ipynb"))
    found = prefork.apps_in(folder)
    assert list(found) == [notebook.name for notebook in notebooks]
    for notebook in notebooks:
        assert prefork.work_out(found[notebook.name]) == "<p>" * len(started)
        ((model, screen, vocabulary),) = started
        text = notebook.read_text(encoding="utf-8")
        for one in (model.__name__, screen.__name__, vocabulary.__name__):  # type: ignore[attr-defined]
            assert re.search(rf"start\(.*\b{one}\b", text), notebook.name
        started.clear()
    (tmp_path / "plain.ipynb").write_text("from canheal_nb.screens import shell", encoding="utf-8")
    assert prefork.apps_in(tmp_path) == {}


def test_who_a_visitor_waits_for_comes_next_then_who_asked_first() -> None:
    served: list[str] = []

    async def ask(line: provisioner.Line, notebook: str, all_asked: asyncio.Event) -> None:
        if notebook == "d":
            all_asked.set()
        async with line.turn(notebook):
            await all_asked.wait()
            served.append(notebook)
            if notebook == "a":
                line.waited_for.add("c")

    async def all_ask() -> provisioner.Line:
        line, all_asked = provisioner.Line(), asyncio.Event()
        await asyncio.gather(*(ask(line, notebook, all_asked) for notebook in "abcd"))
        return line

    assert asyncio.run(all_ask()).waited_for == set()
    assert served == ["a", "c", "b", "d"]


def test_who_gives_up_keeps_nobody_waiting() -> None:
    async def ask(line: provisioner.Line, asked: asyncio.Event) -> None:
        asked.set()
        async with line.turn("b"):
            pass

    async def some_ask() -> None:
        line, asked = provisioner.Line(), asyncio.Event()
        async with line.turn("a"):
            gone = asyncio.create_task(ask(line, asked))
            await asked.wait()
            gone.cancel()
            with pytest.raises(asyncio.CancelledError):
                await gone
        async with line.turn("c"):
            pass

    asyncio.run(asyncio.wait_for(some_ask(), 5))


def test_a_kernel_is_told_its_notebook() -> None:
    assert provisioner.remember({"a": 1}, notebook_path="atlas.ipynb", base_url="/") == {"a": 1}
    assert provisioner.NOTEBOOK.get() == "atlas.ipynb"
    told = server.configuration(preheat=True).VoilaConfiguration
    assert told.page_config_hook is provisioner.remember


def test_what_was_loaded_is_loaded_again_only_when_a_file_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    loaded: list[object] = []
    monkeypatch.setattr(shell.data, "load", lambda: loaded.append(object()) or loaded[-1])
    shell._dataset.cache_clear()
    (tmp_path / "a.csv").write_text("x", encoding="utf-8")
    first = shell._dataset(shell._stamp(tmp_path))
    assert shell._dataset(shell._stamp(tmp_path)) is first
    (tmp_path / "a.csv").write_text("longer", encoding="utf-8")
    assert shell._dataset(shell._stamp(tmp_path)) is not first
    shell._dataset.cache_clear()
