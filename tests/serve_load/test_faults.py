"""Parts of the server that end, alone or by force: what is seen, and what is left running."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest

from canheal_nb.text.home import notebooks_dir

FIXTURES = Path(__file__).parents[1] / "browser" / "fixtures"


def left(processes: Sequence[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Return which processes still run after a while; what waits to be collected does not."""
    until = time.monotonic() + seconds
    while True:
        running = [one for one in processes if is_running(one)]
        if not running or time.monotonic() > until:
            return running
        psutil.wait_procs(running, timeout=0.1)


def is_running(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


async def opened(load, server, size: int) -> list:
    """Return visitors whose pages are live."""
    client = load.http()
    crowd = load.crowd(server, "counter", size)
    for visitor in crowd:
        assert (await visitor.load(client)).code == 200
        await visitor.open()
    client.close()
    return crowd


async def told_dead(visitor) -> bool:
    """Wait until the page is told that its kernel is dead."""
    while True:
        said = await visitor.hear()
        if said["type"] == "status" and said["content"]["execution_state"] == "dead":
            return True


def test_nothing_is_left_of_a_server_that_is_killed(load):
    with load.serving(FIXTURES, preheat=False) as server:
        asyncio.run(vanish(load, server))
        family = server.family()
        assert len(family) == 2, "the process that forks, and one kernel"
        server.process.kill()
        server.process.wait()
        assert left(family, 2) == []


async def vanish(load, server) -> None:
    for visitor in await opened(load, server, 1):
        await visitor.leave()


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_is_left_of_a_server_that_ends_under_load(load, number):
    with load.serving(notebooks_dir() / "apps") as server:

        async def run() -> list[psutil.Process]:
            client = load.http()
            crowd = load.crowd(server, "atlas", 12)
            loads = [asyncio.ensure_future(visitor.load(client)) for visitor in crowd]
            until = asyncio.get_running_loop().time() + 60
            # The process that forks and one kernel at least: later on a busy machine.
            while len(server.family()) <= 2 and asyncio.get_running_loop().time() < until:
                await load.pause(0.2)
            family = server.family()
            server.process.send_signal(number)
            await asyncio.gather(*loads, return_exceptions=True)
            client.close()
            return family

        family = asyncio.run(run())
        server.process.wait(30)
        assert len(family) > 2
        assert left(family, 5) == []


@pytest.mark.long
def test_a_killed_kernel_and_a_killed_process_that_forks_are_told_and_replaced(load):
    with load.serving(FIXTURES) as server:

        async def run() -> None:
            client = load.http()
            one, other = await opened(load, server, 2)
            forks = server.own.children()[0]
            youngest = max(forks.children(), key=lambda process: process.create_time())
            youngest.kill()
            assert await asyncio.wait_for(told_dead(other), 20)
            forks.kill()
            assert await asyncio.wait_for(told_dead(one), 20)
            await one.leave()
            await other.leave()
            (again,) = await opened(load, server, 1)
            await again.leave(client)
            client.close()

        asyncio.run(run())


@pytest.mark.long
def test_a_server_goes_past_descriptor_1024(load):
    """Descriptors that are held from the start push all others past that number."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 3000:
        pytest.fail(f"this needs a hard limit of 3000 descriptors; it is {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (3000, hard))
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        with load.serving(FIXTURES, hold=held) as server:
            assert server.descriptors() > 1024

            async def run() -> None:
                client = load.http()
                for visitor in await opened(load, server, 8):
                    await visitor.leave(client)
                client.close()

            asyncio.run(run())
            assert "Traceback" not in server.said()
    finally:
        for descriptor in held:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


MINUTES = float(os.environ.get("CANHEAL_TEST_MINUTES", "20"))


@pytest.mark.long
def test_visitors_who_come_and_vanish_leave_nothing(load):
    """Half say that they go, as a page does; half only vanish, some before they ever connect."""
    with load.serving(FIXTURES, CANHEAL_MOST_VISITORS="12") as server:
        seen: list[tuple[float, int, int]] = []

        async def run() -> None:
            client = load.http()
            begun, number = time.monotonic(), 0
            while time.monotonic() < begun + MINUTES * 60:
                crowd = load.crowd(server, "counter", 4)
                for visitor in crowd:
                    page = await visitor.load(client)
                    if page.code == 200 and number % 5:
                        await visitor.open()
                    await visitor.leave(client if number % 2 else None)
                    number += 1
                    await load.pause(0.5)
                seen.append((server.memory(), server.descriptors(), len(server.family())))
            client.close()

        asyncio.run(run())
        third = len(seen) // 3
        early, late = seen[third : 2 * third], seen[2 * third :]
        for at, most in ((0, 15.0), (1, 30), (2, 4)):
            before, after = (max(one[at] for one in part) for part in (early, late))
            assert after <= before + most, (at, before, after)
        assert "Traceback" not in server.said()
