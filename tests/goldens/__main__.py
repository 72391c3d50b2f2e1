"""Write the goldens again: all, or those whose name begins with a word that is given.

Usage:
    make goldens [ARGS="screens/atlas reports"]
"""

from __future__ import annotations

import sys
import time

from goldens import kept
from goldens.cases import GOLDENS


def main(words: list[str]) -> int:
    """Write what is wanted, remove what is no golden any more, and say what is there then."""
    for name in kept.names() - set(GOLDENS):
        kept.path(name).unlink()
    changed = []
    for name, make in GOLDENS.items():
        if words and not name.startswith(tuple(words)):
            continue
        before = kept.read(name) if name in kept.names() else ""
        began = time.process_time()
        kept.write(name, make())
        if "--times" in sys.argv:
            print(f"{time.process_time() - began:6.2f} s {kept.path(name).stat().st_size:8} {name}")
        if kept.read(name) != before:
            changed.append(name)
    size = sum(kept.path(name).stat().st_size for name in kept.names())
    print(f"{len(GOLDENS)} goldens, {size:,} bytes; changed: {' '.join(changed) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main([word for word in sys.argv[1:] if not word.startswith("--")]))
