"""Write data/registry.csv: the path and SHA-256 of every other file under data/.

The data dictionary counts the same tables, so it is made again too. Where there are faults,
they are listed instead and nothing is written (exit 1). Usage:
    python build/registry.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

import dictionary

from canheal_nb.data import registry, verify

DATA = Path(__file__).resolve().parent.parent / "data"


def main(folder: Path = DATA) -> int:
    """Write the registry of one data folder; the same files give the same bytes.

    What the registry knows is trusted, so nothing is written while a file has a fault.
    """
    faults = [f for f in verify(folder) if f.rule != "registry" and f.file != registry.FILE]
    if faults:
        print(*(fault.sentence() for fault in faults), sep="\n")
        return 1
    target = folder / registry.FILE
    target.write_text(registry.text(folder), encoding="utf-8", newline="\n")
    print(f"{target}: {len(registry.read(folder))} files")
    if folder == DATA:
        dictionary.main()
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
