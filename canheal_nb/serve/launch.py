"""The kernel of one visitor: the stock Python kernel, lean and with a ceiling on its memory.

Run as `python -m canheal_nb.serve.launch -f CONNECTION_FILE`. It differs from the stock
kernel in two ways: jsonschema does without its grammar of internationalised addresses
(seconds of import, see `canheal_nb.text.startup`), and the process may not take more
address space than CANHEAL_KERNEL_MEMORY_MB, so that one visitor cannot take the machine.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from canheal_nb.serve.machine import end_with, limit_data
from canheal_nb.text.startup import hide_iri_grammar

MEMORY_VARIABLE = "CANHEAL_KERNEL_MEMORY_MB"
MEMORY_MB = 4096


def main() -> None:
    """Start the kernel; the connection file comes on the command line."""
    end_with(int(os.environ.get("JPY_PARENT_PID", os.getppid())))
    limit_data(0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # until the kernel listens to it itself
    if Path(sys.path[0] or ".").resolve() == Path.cwd():
        del sys.path[0]
    run()


def run() -> None:
    """Be the kernel from here on; `sys.argv` holds its command line."""
    hide_iri_grammar()
    limit_memory(int(os.environ.get(MEMORY_VARIABLE, MEMORY_MB)))
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()


def limit_memory(megabytes: int) -> None:
    """Cap this process's address space; 0 means no cap, as on systems that know none."""
    try:
        import resource
    except ImportError:
        return
    if megabytes > 0:
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = megabytes * 1024 * 1024
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


if __name__ == "__main__":
    main()
