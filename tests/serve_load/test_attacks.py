"""A server that somebody means harm to: it goes on for the others. Small here, whole when long."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from canheal_nb.serve import frames
from canheal_nb.text.home import notebooks_dir

FIXTURES = Path(__file__).parents[1] / "browser" / "fixtures"
MOST = 2
OLD_FORM = ""
# 386 million parts in four bytes, in the older form; 20 million offsets in eight, in v1.
OLD_FRAME = (386_000_000).to_bytes(4, "big")
V1_FRAME = (20_000_000).to_bytes(8, "little")


@pytest.fixture(scope="module")
def small(load):
    """Serve three small notebooks to two visitors, no kernel warm."""
    with load.serving(FIXTURES, preheat=False, CANHEAL_MOST_VISITORS=str(MOST)) as server:
        yield server


async def closed_with(socket, frame: bytes | str) -> int | None:
    """Send a frame; return the code that the server closes the connection with."""
    await socket.write_message(frame, binary=isinstance(frame, bytes))
    while await asyncio.wait_for(socket.read_message(), 20) is not None:
        pass
    socket.close()
    return int(socket.close_code)


def head(text: str) -> bytes:
    """Return a frame in the form v1 whose header is this text."""
    parts = [b"shell", text.encode(), b"{}", b"{}", b"{}"]
    offsets = [56]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    numbers = [len(offsets), *offsets]
    return b"".join([*(one.to_bytes(8, "little") for one in numbers), *parts])


BAD = [V1_FRAME, "{", head("null")]


def test_a_bad_frame_ends_its_own_connection_only(load, small):
    async def run() -> None:
        client = load.http()
        bad, good = load.Visitor(small, "counter"), load.Visitor(small, "counter", "127.0.0.2")
        await bad.load(client)
        await good.load(client)
        await good.open()
        before = small.memory()
        for frame in BAD:
            assert await closed_with(await bad.connect(), frame) == frames.POLICY
        with pytest.raises(HTTPClientError, match="400"):
            await bad.connect(OLD_FORM)
        assert small.memory() - before < 30
        await good.hear_again()
        await bad.leave(client)
        await good.leave(client)
        client.close()

    asyncio.run(run())
    assert "Traceback" not in small.said()


def test_one_kernel_has_few_pages_and_nobody_waits_in_a_kernels_place(load, small):
    async def run() -> None:
        client = load.http()
        visitor = load.Visitor(small, "counter")
        await visitor.load(client)
        address = small.address.replace("http://", "ws://")

        async def page(number: int) -> Any:
            url = f"{address}api/kernels/{visitor.kernel}/channels?session_id=s{number}"
            return await websocket_connect(HTTPRequest(url), subprotocols=[frames.V1])

        held = [await page(number) for number in range(frames.MOST_PAGES)]
        with pytest.raises(HTTPClientError, match="409"):
            await page(frames.MOST_PAGES)
        for socket in held:
            socket.close()
            while await asyncio.wait_for(socket.read_message(), 10) is not None:
                pass
        with pytest.raises(HTTPClientError, match="404"):
            await websocket_connect(f"{address}voila/query/1-2-3-4-5")
        await visitor.leave(client)
        client.close()

    asyncio.run(run())
    assert "Traceback" not in small.said()


def test_who_finds_no_room_waits_with_a_page_and_comes_in_by_turn(load, small):
    async def run() -> None:
        client = load.http()
        crowd = load.crowd(small, "counter", MOST + 2)
        pages = [await visitor.load(client) for visitor in crowd]
        assert [page.code for page in pages] == [200] * MOST + [503] * 2
        texts = [page.body.decode() for page in pages[MOST:]]
        assert "You are next." in texts[0]
        assert "One person is before you." in texts[1]
        assert all(page.headers["Retry-After"] == "10" for page in pages[MOST:])
        assert all("Traceback" not in text and text.count("<h1") == 1 for text in texts)
        first, second = (text.split('data-ticket="')[1].split('"')[0] for text in texts)
        told = await crowd[-1].fetch(client, f"canheal/turn?ticket={second}")
        assert json.loads(told.body) == {"before": 1, "enter": False, "ticket": second}
        await crowd[0].open()
        await crowd[0].leave(client)
        told = await crowd[-1].fetch(client, f"canheal/turn?ticket={second}")
        assert json.loads(told.body)["enter"] is False, "the first of the line comes first"
        crowd[MOST].query = f"lang=en&ticket={first}"
        assert (await crowd[MOST].load(client)).code == 200
        told = await crowd[-1].fetch(client, f"canheal/turn?ticket={second}")
        assert json.loads(told.body)["before"] == 0
        for visitor in crowd:
            await visitor.leave(client)
        crowd[-1].query = f"ticket={second}"
        assert (await crowd[-1].load(client)).code == 200
        await crowd[-1].leave(client)
        client.close()

    asyncio.run(run())
    assert "Traceback" not in small.said()


def loaded(load, server, pages: int, at_once: int) -> Counter[int]:
    """Load a page over and over without ever connecting; return how often each status came."""

    async def run() -> Counter[int]:
        client = load.http(at_once)
        visitors = [load.Visitor(server, "counter", f"127.0.0.{2 + n % 8}") for n in range(pages)]
        answers = await asyncio.gather(*(visitor.load(client) for visitor in visitors))
        client.close()
        return Counter(answer.code for answer in answers)

    return asyncio.run(run())


def test_page_loads_in_a_loop_leave_the_server_alive(load, small):
    found = loaded(load, small, 30, 10)
    assert found == {200: MOST, 503: 30 - MOST}
    assert small.process.poll() is None
    assert len(small.family()) <= 1 + MOST
    assert "Traceback" not in small.said()


@pytest.mark.long
def test_every_bad_frame_ends_its_connection(load, small):
    async def run() -> None:
        client = load.http()
        visitor = load.Visitor(small, "counter")
        await visitor.load(client)
        for frame in (b"", OLD_FRAME, b"\xff" * 4000, "[" * 100_000, head("{"), head("[" * 60_000)):
            assert await closed_with(await visitor.connect(), frame) == frames.POLICY
        await visitor.leave(client)
        client.close()

    asyncio.run(run())
    assert "Traceback" not in small.said()


@pytest.mark.long
def test_two_hundred_page_loads_with_few_descriptors(load):
    """110 is what was tried: every kernel of a visitor who never connects has ended after 60 s."""
    with load.serving(FIXTURES, descriptors=110) as server:
        found = loaded(load, server, 200, 20)
        assert set(found) == {200, 503}
        assert found.total() == 200
        assert server.descriptors() < 110
        until = time.monotonic() + 90
        while len(server.family()) > 1 and time.monotonic() < until:
            asyncio.run(load.pause(2))
        assert len(server.family()) == 1, "the process that forks is left, and no kernel"
        assert loaded(load, server, 1, 1) == {200: 1}
        assert "Traceback" not in server.said()


@pytest.mark.long
def test_many_page_loads_on_the_apps_of_the_product(load):
    with load.serving(notebooks_dir() / "apps", CANHEAL_MOST_VISITORS="10") as server:
        before = server.memory()

        async def run() -> Counter[int]:
            client = load.http(20)
            crowd = load.crowd(server, "atlas", 200)
            answers = await asyncio.gather(*(visitor.load(client) for visitor in crowd))
            client.close()
            return Counter(answer.code for answer in answers)

        assert asyncio.run(run()) == {200: 10, 503: 190}
        assert server.memory() - before < 200
        assert "Traceback" not in server.said()
