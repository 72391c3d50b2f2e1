"""The process that kernels are born from: it has imported everything, and forks for each visitor.

A kernel that starts by itself spends seconds on imports and a hundred megabytes on what every
other kernel holds too. Run as `python -P -m canheal_nb.serve.prefork DESCRIPTOR FOLDER VIEWS`, this
process imports the apps and reads the data once, then waits on the socket with that descriptor.
Each request is one message: the kernel's command, its environment, its folder and its notebook
as JSON, with the descriptor of a pipe. What the app of that notebook shows first is worked out
here, once, before the first kernel of it is born (and while nobody asks, of one after another).
Then it forks and answers with the new process's id; the kernel keeps the pipe open until it
ends, which is how the server notices. When the server ends, however it does, so does this process,
and the kernels with it. What an app shows first is also put into the folder VIEWS, for those who
wait for a kernel.

It has one thread, as forking needs: the libraries' own are switched off by its environment.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import re
import signal
import socket
import sys
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_type_hints

import canheal_nb
from canheal_nb.serve import launch, machine
from canheal_nb.text.startup import hide_iri_grammar

LONGEST = 1_000_000
KERNEL_MODULES = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.extensions.storemagic",
    "ipywidgets",
    "anywidget",
)
_SCREENS = re.compile(
    r"from (canheal_nb\.\w+) import (screen)\b|from (canheal_nb\.\w+\.screen) import (\w+)"
)
IDLE_SECONDS = 1.0


def main() -> None:
    """Import, then fork for every request until the server is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended kernels leave nothing to collect
    machine.end_with(os.getppid())  # a server that has gone before this is noticed at its socket
    machine.limit_data(0)
    hide_iri_grammar()
    control = socket.socket(fileno=int(sys.argv[1]))
    prepare()
    cold, views = apps_in(Path(sys.argv[2])), Path(sys.argv[3])
    while True:
        if cold and not machine.is_readable(control.fileno(), IDLE_SECONDS):
            notebook = next(iter(cold))
            keep(views, notebook, work_out(cold.pop(notebook)))
            continue
        message, pipes, _flags, _address = socket.recv_fds(control, LONGEST, 1)
        if not message:
            return
        request = json.loads(message)
        if request["notebook"] in cold:
            keep(views, request["notebook"], work_out(cold.pop(request["notebook"])))
        gc.freeze()  # what is shared is not touched by a kernel's collections
        parent = os.getpid()  # asked for here: the kernel's may be gone before it asks
        born = os.fork()
        if born == 0:
            control.close()
            _live(request, parent)
        for pipe in pipes:
            os.close(pipe)
        control.send(str(born).encode())


def prepare() -> None:
    """Import what a kernel and the apps import, and read the data."""
    for name in KERNEL_MODULES:
        importlib.import_module(name)
    # ipywidgets does so itself only when a kernel imports it; without, pages ask for each widget.
    importlib.import_module("ipywidgets").register_comm_target()
    from canheal_nb import data

    for name in screen_modules():
        importlib.import_module(name)
    data.load()


def screen_modules() -> list[str]:
    """Return the names of all modules that screens are made of."""
    top = Path(canheal_nb.__file__).parent
    files = [*top.glob("*/screen.py"), *top.glob("*/screen/*.py")]
    names = [path.relative_to(top.parent).with_suffix("").parts for path in files]
    return sorted(".".join(one) for one in names if one[-1] != "__init__")


def apps_in(notebooks: Path) -> dict[str, tuple[str, ...]]:
    """Return the names of the screens' modules that each notebook below a folder shows."""
    found = {}
    for notebook in sorted(notebooks.rglob("*.ipynb")):
        parts = _SCREENS.findall(notebook.read_text(encoding="utf-8"))
        screens = {".".join(filter(None, one)) for one in parts}
        if screens:
            found[str(notebook.relative_to(notebooks))] = tuple(sorted(screens))
    return found


def work_out(apps: Iterable[str]) -> str:
    """Work out what apps show first and return it as HTML: the kernels born later know it."""
    from canheal_nb.screens import shell

    shown = []
    for name in apps:
        app = importlib.import_module(name)
        model = get_type_hints(app.screen)["question"]
        started = shell.start(model, app.screen, app.vocabulary)
        shown.append((started.opening or started.show()).markup())
    return "".join(shown)


def keep(folder: Path, notebook: str, markup: str) -> None:
    """Put a notebook's first view into a folder, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{Path(notebook).stem}.draft"
    draft.write_text(markup, encoding="utf-8")
    draft.replace(draft.with_suffix(".html"))


def _live(request: Mapping[str, Any], parent: int) -> None:
    """Be the kernel that was asked for, until the process that bore it ends; never return."""
    code = 1
    try:
        machine.end_with(parent)
        os.setsid()
        for one in (signal.SIGCHLD, signal.SIGINT):
            signal.signal(one, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(request["env"])
        os.chdir(request["cwd"])
        command = request["command"]
        sys.argv = command[command.index("-m") + 1 :]
        gc.enable()
        launch.run()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
