"""Many visitors at once on the product's own apps: who gets in, how long a click takes, its cost.

Run by `make test-long`, which prints the lines of a table with `-s`; they hold for one machine.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
from dataclasses import dataclass

import pytest

from canheal_nb.home import notebooks_dir

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


async def settled(load, server) -> None:
    """Wait until the warm kernels are there: processes and descriptors stay as they are."""
    before, same = (0, 0), 0
    while same < 4:
        await load.pause(2)
        now = (len(server.family()), server.descriptors())
        before, same = now, same + 1 if now == before else 0


@pytest.mark.long
@pytest.mark.parametrize("size", SIZES)
def test_all_are_live_and_nothing_is_left_when_they_go(load, size):
    with load.serving(notebooks_dir() / "apps") as server:
        asyncio.run(settled(load, server))
        alone = server.share(), server.descriptors()
        seen = asyncio.run(together(load, server, size))
        sys.stdout.write(seen.row(*alone) + "\n")
        assert seen.live == size
        asyncio.run(settled(load, server))
        assert server.descriptors() <= alone[1] + 20
        assert "Traceback" not in server.said()
