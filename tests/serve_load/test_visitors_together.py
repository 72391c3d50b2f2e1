"""Many visitors at once on the product's own apps: who gets in, how long a click takes, its cost.

Run by `make test-long`, which prints the lines of a table with `-s`; they hold for one machine.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from canheal_nb.text.home import notebooks_dir

APPS = ("atlas", "compare", "access")
FIELD = {"atlas": "country", "compare": "countries", "access": "country"}
COUNTRIES = ("SI", "DE", "FR", "PL", "IT", "RO")
PAUSE_SECONDS = 1.0
SIZES = (1, 5, 15, 30, 50)


@dataclass(frozen=True)
class Seen:
    """What a crowd saw: how many were live, their clicks in seconds, and what they took."""

    size: int
    live: int
    clicks: tuple[float, ...]
    pages: tuple[float, ...]
    share_mb: float
    descriptors: int

    def row(self, alone_mb: float, alone_descriptors: int) -> str:
        """Return the line of the table; per visitor beside what nobody takes."""
        tenths = statistics.quantiles(self.clicks, n=20) if len(self.clicks) > 1 else [0.0] * 19
        return (
            f"{self.size:>3} visitors: {self.live} live, "
            f"page {statistics.median(self.pages):.1f} s (slowest {max(self.pages):.1f} s), "
            f"click {statistics.median(self.clicks) * 1000:.0f} ms, "
            f"p95 {tenths[-1] * 1000:.0f} ms, "
            f"{(self.share_mb - alone_mb) / self.size:.0f} MB and "
            f"{(self.descriptors - alone_descriptors) / self.size:.1f} descriptors a visitor, "
            f"{self.descriptors} descriptors in all"
        )


async def together(load, server, size: int) -> Seen:
    """Let visitors come, four a second, click six times each, and stay until all have."""
    client = load.http()
    loop = asyncio.get_running_loop()
    clicks: list[float] = []
    pages: list[float] = []
    crowd = load.crowd(server, "", size)

    async def visit(number: int) -> None:
        visitor = crowd[number]
        visitor.app = APPS[number % len(APPS)]
        await load.pause(number / 4)
        begun = loop.time()
        answer = await visitor.load(client)
        if answer.code != 200 or not visitor.kernel:
            return
        await visitor.open()
        pages.append(loop.time() - begun)
        for country in COUNTRIES:
            await load.pause(PAUSE_SECONDS)
            value = f"{country},SE" if visitor.app == "compare" else country
            clicks.append(await visitor.click(FIELD[visitor.app], value))

    await asyncio.gather(*(visit(number) for number in range(size)), return_exceptions=True)
    seen = Seen(
        size,
        sum(visitor.live for visitor in crowd),
        tuple(clicks),
        tuple(pages),
        server.share(),
        server.descriptors(),
    )
    await asyncio.gather(*(visitor.leave(client) for visitor in crowd), return_exceptions=True)
    client.close()
    return seen


async def settled(load, server, warm: int) -> None:
    """Wait until so many kernels are warm, and processes and descriptors stay as they are."""
    client = load.http()
    before, same = (0, 0), 0
    while same < 3:
        await load.pause(2)
        health = await client.fetch(server.address + "health")
        now = (len(server.family()), server.descriptors())
        ready = json.loads(health.body)["warm"] == warm
        before, same = now, same + 1 if ready and now == before else 0
    client.close()


@pytest.mark.long
@pytest.mark.parametrize("size", SIZES)
def test_all_are_live_and_nothing_is_left_when_they_go(load, size):
    warm = len(list((notebooks_dir() / "apps").glob("*.ipynb")))
    with load.serving(notebooks_dir() / "apps") as server:
        asyncio.run(settled(load, server, warm))
        alone = server.share(), server.descriptors()
        seen = asyncio.run(together(load, server, size))
        sys.stdout.write(seen.row(*alone) + "\n")
        assert seen.live == size
        asyncio.run(settled(load, server, warm))
        assert server.descriptors() <= alone[1] + 20
        assert "Traceback" not in server.said()


@pytest.mark.long
def test_eighty_visitors_wait_in_turn_and_all_come_in(load):
    """Twenty places; who is in leaves after two clicks, and who waits asks each second."""
    fixtures = Path(__file__).parents[1] / "browser" / "fixtures"
    with load.serving(fixtures, preheat=False, CANHEAL_MOST_VISITORS="20") as server:
        waited: list[int] = []

        async def visit(visitor, client) -> None:
            page = await visitor.load(client)
            while page.code == 503:
                text = page.body.decode()
                assert "All places are taken right now" in text
                ticket = text.split('data-ticket="')[1].split('"')[0]
                told = {"enter": False}
                while not told["enter"]:
                    await load.pause(1)
                    answer = await visitor.fetch(client, f"canheal/turn?ticket={ticket}")
                    told = json.loads(answer.body)
                    ticket = told["ticket"]
                    waited.append(told["before"])
                visitor.query = f"ticket={ticket}"
                page = await visitor.load(client)
            assert page.code == 200
            await visitor.open()
            await visitor.leave(client)

        async def run() -> list:
            client = load.http()
            crowd = load.crowd(server, "counter", 80)
            await asyncio.gather(*(visit(visitor, client) for visitor in crowd))
            client.close()
            return crowd

        crowd = asyncio.run(run())
        assert all(visitor.live for visitor in crowd)
        assert max(waited) >= 40
        assert "Traceback" not in server.said()
