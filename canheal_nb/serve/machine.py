"""What the machine gives: its memory and descriptors, the limits set from them, and waiting."""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
from pathlib import Path

MEGABYTE = 1024 * 1024
UNKNOWN_MB = 4096  # assumed where the system does not say how much memory there is
# A limit that a container or a service is given, where it has one.
_CONTROL_GROUPS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
_DESCRIPTORS = 65_536  # enough for every kernel that memory allows; more slows nothing, helps none
_PR_SET_PDEATHSIG = 1


def memory_mb() -> int:
    """Return the memory of this machine, or of the container that this process runs in, in MB."""
    try:
        found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    except (AttributeError, OSError, ValueError):
        found = UNKNOWN_MB
    for path in _CONTROL_GROUPS:
        try:
            found = min(found, int(path.read_text(encoding="ascii")) // MEGABYTE)
        except (OSError, ValueError):  # no such file, or "max"
            continue
    return found


def raise_descriptors() -> int:
    """Let this process open as many descriptors as it may; return how many it may now."""
    try:
        import resource
    except ImportError:
        return 512  # what Windows' C library opens
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return _DESCRIPTORS if soft == resource.RLIM_INFINITY else soft


def limit_data(megabytes: int) -> None:
    """Cap what this process may write to, in MB; 0 lifts a cap that was inherited.

    Only the soft limit is set, so that a child can lift it. Unlike a cap of the address space
    this leaves out what is mapped and never written, as the stacks of threads that sleep.
    """
    try:
        import resource
    except ImportError:
        return
    if sys.platform != "linux":  # elsewhere it leaves out what is mapped, and so most of it
        return
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    wanted = megabytes * MEGABYTE if megabytes > 0 else hard
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def end_with(parent: int) -> None:
    """End this process when the parent that it knows by this id ends, however that happens.

    Linux sends the signal when the parent's thread that started this process ends. A parent
    that was gone before it was asked for is noticed by its id.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def is_readable(descriptor: int, seconds: float | None = 0) -> bool:
    """Wait until a descriptor can be read or its other end is closed; None waits for ever.

    `select.select` would not do: it knows descriptors below 1024 only.
    """
    asked = select.poll()
    asked.register(descriptor, select.POLLIN)
    return bool(asked.poll(None if seconds is None else max(0, round(seconds * 1000))))
