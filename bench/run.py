"""Measure, print a table, write results.json and the growth as a picture: `make bench`.

`make bench ARGS=plans` (or `access`) measures one part again and keeps the rest as it was.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import access, allocation, growth

HERE = Path(__file__).parent
PACKAGES = (
    "access", "inequality", "numpy", "pandas", "planx-sdk", "pulp", "scipy", "spopt",
)  # fmt: skip
PARTS = {"access": access.lines, "plans": allocation.lines}
ROW = "{name:34} {size:30} {against:40} {ours:>9} {peer:>11} {ratio:>7} {ratio_best:>7}  {checked}"


def main(asked: list[str]) -> None:
    """Run every comparison of the parts asked for, of all where none is named."""
    titles = {"name": "what", "size": "size", "against": "against", "ours": "ours ms"}
    titles |= {"peer": "peer ms", "ratio": "ratio", "ratio_best": "of best", "checked": "equal"}
    kept = json.loads((HERE / "results.json").read_text(encoding="utf-8"))
    about, results = kept["about"], kept["results"]
    print(ROW.format(**titles))
    for part in asked or PARTS:
        began, rows = os.getloadavg()[0], []
        for line in PARTS[part]():
            rows.append(line.as_row())
            print(ROW.format(**rows[-1]), flush=True)
        about[part] = _about(began)
        results[part] = rows
    text = json.dumps({"about": about, "results": results}, indent=1)
    (HERE / "results.json").write_text(text + "\n", encoding="utf-8")
    (HERE / "growth.svg").write_text(growth.picture(results["access"]), encoding="utf-8")


def _about(began: float) -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load_at_the_start": round(began, 1),
        "load_at_the_end": round(os.getloadavg()[0], 1),
        "packages": {name: version(name) for name in PACKAGES},
    }


if __name__ == "__main__":
    main(sys.argv[1:])
