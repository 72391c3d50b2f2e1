"""Keep what HiGHS prints by itself, whatever its options say, out of the program's output.

Only C's own output is turned away, at its stream and not at the file beneath it, so that what
other threads of Python write meanwhile is not lost. Where the C library has no such stream by
name (it is looked up), nothing is turned away.
"""

from __future__ import annotations

import ctypes
import os
import threading
from contextlib import AbstractContextManager
from typing import Any

NAMES = ("stdout", "__stdoutp")  # as the C libraries of Linux and macOS call it


class Quiet(AbstractContextManager[None]):
    """Turns C's standard output away while any thread is inside; the last to leave restores it."""

    def __init__(self) -> None:
        self._lock, self._inside = threading.Lock(), 0
        self._stream: Any = _stream()
        self._nowhere: Any = None
        self._kept: Any = None

    def __enter__(self) -> None:
        """Turn the output away, unless another thread has done so."""
        with self._lock:
            self._inside += 1
            if self._inside == 1 and self._stream is not None:
                if self._nowhere is None:
                    self._nowhere = _nowhere()
                self._kept, self._stream.value = self._stream.value, self._nowhere

    def __exit__(self, *_error: object) -> None:
        """Restore the output when nobody is inside any more."""
        with self._lock:
            self._inside -= 1
            if self._inside == 0 and self._stream is not None:
                self._stream.value = self._kept


def _stream() -> Any:
    library = ctypes.CDLL(None) if os.name == "posix" else None
    for name in NAMES:
        try:
            return None if library is None else ctypes.c_void_p.in_dll(library, name)
        except ValueError:
            continue
    return None


def _nowhere() -> Any:
    library = ctypes.CDLL(None)
    library.fopen.restype = ctypes.c_void_p
    return library.fopen(os.devnull.encode(), b"w")


QUIET = Quiet()
