"""How often one address may hand in: counted for ten minutes in memory, never stored.

What is counted is a keyed hash of the address. The key is made by chance and thrown away with the
counts, so that nothing that was counted can be told from what comes later.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from dataclasses import dataclass, field

SECONDS = 600
MOST_OF_ONE = 30
MOST_OF_ALL = 3000


@dataclass
class Limiter:
    """Counts requests within a window of ten minutes."""

    most_of_one: int = MOST_OF_ONE
    most_of_all: int = MOST_OF_ALL
    _until: float = -1.0
    _key: bytes = b""
    _counts: Counter[bytes] = field(default_factory=Counter)
    _all: int = 0

    def allows(self, address: str, now: float) -> bool:
        """Count a request from an address at a time in seconds; say whether it may go on."""
        if now >= self._until:
            self._counts.clear()
            self._all, self._key, self._until = 0, os.urandom(32), now + SECONDS
        hashed = hashlib.blake2b(address.encode(), key=self._key, digest_size=16).digest()
        if self._counts[hashed] >= self.most_of_one or self._all >= self.most_of_all:
            return False
        self._counts[hashed] += 1
        self._all += 1
        return True

    def wait(self, now: float) -> int:
        """Return after how many seconds the counts are forgotten."""
        return max(1, round(self._until - now))


def address_of(peer: str, forwarded: str) -> str:
    """Return whom a request is counted for.

    The server listens on this machine only: behind a proxy every peer is this machine, and the
    proxy's own, last entry of X-Forwarded-For is the visitor.
    """
    last = forwarded.rpartition(",")[2].strip()
    return last[:100] or peer
