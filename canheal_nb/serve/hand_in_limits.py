"""How often one address may hand in: counted for ten minutes in memory, never stored.

Wider networks are counted too, so that whoever has a whole one leaves the others their budget.

What is counted is a keyed hash of the address. The key is made by chance and thrown away with the
counts, so that nothing that was counted can be told from what comes later.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from dataclasses import dataclass, field

from canheal_nb.serve.visitors import networks_of

SECONDS = 600
MOST_OF_ONE = 30  # an IPv4 address, or the /64 of an IPv6 address
MOST_OF_SITE = 300  # an IPv4 /24, or an IPv6 /48
MOST_OF_PROVIDER = 1000  # an IPv4 /16, or an IPv6 /32
MOST_OF_ALL = 3000


@dataclass
class Limiter:
    """Counts requests within a window of ten minutes."""

    most_of: tuple[int, ...] = (MOST_OF_ONE, MOST_OF_SITE, MOST_OF_PROVIDER)
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
        hashed = [self._hash(network) for network in networks_of(address)]
        full = any(
            self._counts[one] >= most for one, most in zip(hashed, self.most_of, strict=True)
        )
        if full or self._all >= self.most_of_all:
            return False
        self._counts.update(hashed)
        self._all += 1
        return True

    def _hash(self, network: str) -> bytes:
        return hashlib.blake2b(network.encode(), key=self._key, digest_size=16).digest()

    def wait(self, now: float) -> int:
        """Return after how many seconds the counts are forgotten."""
        return max(1, round(self._until - now))
