"""Measure, print a table, write results.json and the growth as a picture: `make bench`."""

from __future__ import annotations

import itertools
import json
import os
import platform
from importlib.metadata import version
from pathlib import Path

from bench import access, allocation, growth

HERE = Path(__file__).parent
PACKAGES = ("access", "inequality", "numpy", "pandas", "planx-sdk", "pulp", "scipy", "spopt")
ROW = "{name:34} {size:30} {against:28} {ours:>9} {peer:>10} {ratio:>7} {ratio_best:>7}  {checked}"


def main() -> None:
    """Run every comparison."""
    titles = {"name": "what", "size": "size", "against": "against", "ours": "ours ms"}
    titles |= {"peer": "peer ms", "ratio": "ratio", "ratio_best": "of best", "checked": "equal"}
    print(ROW.format(**titles))
    rows = []
    for line in itertools.chain(access.lines(), allocation.lines()):
        rows.append(line.as_row())
        print(ROW.format(**rows[-1]), flush=True)
    about = {
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load_at_the_end": round(os.getloadavg()[0], 1),
        "packages": {name: version(name) for name in PACKAGES},
    }
    text = json.dumps({"about": about, "results": rows}, indent=1)
    (HERE / "results.json").write_text(text + "\n", encoding="utf-8")
    (HERE / "growth.svg").write_text(growth.picture(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
