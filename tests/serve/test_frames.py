"""What a page may send: frames as pages make them pass, and no count is believed."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_client.session import Session
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)

from canheal_nb.serve import frames


def numbers(*values: int) -> bytes:
    return b"".join(value.to_bytes(8, "little") for value in values)


def message(size: int = 10) -> bytes:
    """A click, as Jupyter writes it."""
    session = Session(key=b"")
    said = session.msg("comm_msg", content={"comm_id": "1", "data": "x" * size})
    return bytes(serialize_msg_to_ws_v1(said, "shell", session.pack))


@pytest.mark.parametrize("size", [0, 10, 4_000_000])
def test_what_a_page_sends_passes(size: int) -> None:
    assert frames.fault(message(size)) == ""


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ("{}", "text"),
        (b"", "0 offsets in 0 bytes"),
        (b"\x17\x01\xf4\x00", "offsets in 4 bytes"),
        (numbers(20_000_000), "20000000 offsets in 8 bytes"),
        (numbers(2**64 - 1), "offsets in 8 bytes"),
        (numbers(5, 48, 48, 48, 48, 48), "5 offsets"),
        (numbers(7, 56, 56, 56, 56, 56, 56), "7 offsets in 56 bytes"),
        (numbers(65, *[528] * 65), "65 offsets"),
        (numbers(6, 56, 56, 56, 56, 56, 57), "parts that do not follow each other"),
        (numbers(6, 56, 56, 56, 56, 56, 55), "parts that do not follow each other"),
        (numbers(6, 48, 56, 56, 56, 56, 56), "parts that do not follow each other"),
        (numbers(6, 56, 2**63, 56, 56, 56, 56), "parts that do not follow each other"),
        (numbers(6, 56, 56, *[56 + 65_537] * 4) + b" " * 65_537, "a long header"),
    ],
)
def test_a_frame_that_no_page_sends_is_named(frame: str | bytes, said: str) -> None:
    assert said in frames.fault(frame)


def test_the_smallest_and_the_largest_count_pass() -> None:
    assert frames.fault(numbers(6, *[56] * 6)) == ""
    assert frames.fault(numbers(64, *[520] * 64)) == ""


@given(st.binary(max_size=700))
def test_what_passes_can_be_unpacked_within_its_size(frame: bytes) -> None:
    if not frames.fault(frame):
        parts = deserialize_msg_from_ws_v1(frame)[1]
        assert sum(map(len, parts)) <= len(frame)


def test_a_count_costs_nothing() -> None:
    """The first is 100 MB long, so that its count of 12 million would fit."""
    frame = numbers(12_000_000) + bytes(96_000_000)
    tracemalloc.start()
    begun = time.perf_counter()
    assert frames.fault(frame)
    assert time.perf_counter() - begun < 0.1
    assert tracemalloc.get_traced_memory()[1] < 100_000
    tracemalloc.stop()


def test_a_page_that_sends_too_much_is_stopped_and_starts_anew_later() -> None:
    flow = frames.Flow()
    assert all(flow.allows(10, 0.0) for _ in range(frames.MOST_MESSAGES_A_WINDOW))
    assert not flow.allows(10, frames.WINDOW_SECONDS - 0.1)
    assert flow.allows(frames.MOST_BYTES_A_WINDOW, frames.WINDOW_SECONDS)
    assert not flow.allows(1, frames.WINDOW_SECONDS + 1)
