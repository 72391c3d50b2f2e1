"""The scenarios that come with the data, as texts; `canheal_nb.funding.scenario_file` reads
them."""

from __future__ import annotations

from pathlib import Path

FOLDER = "scenarios"
ORDER = (
    "today",
    "access_90_by_2030",
    "radiotherapy_catch_up",
    "ngs_for_all",
    "equity_first",
    "spread_evenly",
)


def shipped(folder: Path) -> dict[str, str]:
    """Return the text of each scenario in a data folder by id, in the order they are shown."""
    found = {path.stem: path for path in sorted((folder / FOLDER).glob("*.yaml"))}
    known = [name for name in ORDER if name in found]
    names = [*known, *(name for name in found if name not in ORDER)]
    return {name: found[name].read_text(encoding="utf-8") for name in names}
