"""The kernel of one report: this interpreter, this package, no other host, no home folder.

Run as a script by `execution`. It is the stock Python kernel with three differences: it
imports the very `canheal_nb` that started it, it refuses connections to other hosts, and it
writes the sentence of a UserError that ends a cell to `fault.json` in its working folder.
"""

from __future__ import annotations

import ipaddress
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

FAULT = "fault.json"
_LOCAL_NAMES = {"", "localhost", "None"}


def main() -> None:
    """Start the kernel; the connection file comes on the command line."""
    _speak_into("kernel.log")
    root = str(Path(__file__).resolve().parents[2])
    if root not in sys.path:
        sys.path.insert(0, root)
    from ipykernel.kernelapp import IPKernelApp

    from canheal_nb.reporting.light_imports import hide_iri_grammar

    hide_iri_grammar()
    app: Any = IPKernelApp.instance()
    app.initialize(sys.argv[1:])
    app.shell.events.register("post_run_cell", _fault_keeper(Path.cwd() / FAULT))
    sys.addaudithook(stay_on_this_machine)
    app.start()


def _speak_into(name: str) -> None:
    """Send what the process itself prints, such as a crash, to a file and not to the reader."""
    with Path(name).open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)


def stay_on_this_machine(event: str, args: tuple[object, ...]) -> None:
    """Refuse, as an audit hook, every connection and name look-up beyond this machine."""
    if event == "socket.getaddrinfo":
        _require_local(args[0])
    elif event in {"socket.connect", "socket.sendto"} and isinstance(args[1], tuple):
        _require_local(args[1][0])


def _require_local(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in _LOCAL_NAMES or _is_loopback(name):
        return
    refusal = f"a report makes no connection to other hosts, not to {name}"
    raise PermissionError(refusal)


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _fault_keeper(path: Path) -> Callable[[Any], None]:
    """Return what IPython calls after each cell, with the cell's result."""
    from canheal_nb.text.errors import UserError

    def keep(result: Any) -> None:
        error = result.error_in_exec
        if isinstance(error, UserError):
            path.write_text(json.dumps([str(error), error.code]), encoding="utf-8")

    return keep


if __name__ == "__main__":
    main()
