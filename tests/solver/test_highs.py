"""What C prints inside is turned away; what Python prints there, in any thread, is not."""

from __future__ import annotations

import ctypes
import os
import threading

import pytest

from canheal_nb.solver.highs import QUIET, Quiet

C = ctypes.CDLL(None) if os.name == "posix" else None
pytestmark = pytest.mark.skipif(C is None, reason="needs the C library of Linux or macOS")


def says(text: bytes) -> None:
    C.puts(text)
    C.fflush(None)


def test_only_what_c_prints_inside_is_turned_away(capfd: pytest.CaptureFixture[str]) -> None:
    says(b"before")
    with QUIET:
        says(b"inside")
        os.write(1, b"python\n")
    says(b"after")
    assert capfd.readouterr().out.split() == ["before", "python", "after"]


def test_the_last_thread_to_leave_restores_it(capfd: pytest.CaptureFixture[str]) -> None:
    one, left, quiet = threading.Event(), threading.Event(), Quiet()

    def long() -> None:
        with quiet:
            one.set()
            left.wait(5)
            says(b"long")

    thread = threading.Thread(target=long)
    thread.start()
    one.wait(5)
    with quiet:
        says(b"short")
    left.set()
    thread.join()
    says(b"after")
    assert capfd.readouterr().out.split() == ["after"]
