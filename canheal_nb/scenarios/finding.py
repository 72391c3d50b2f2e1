"""A scenario by the id of a shipped one, or by the path of its file."""

from __future__ import annotations

from pathlib import Path

from canheal_nb.data import Dataset, scenario_files
from canheal_nb.errors import UserError
from canheal_nb.home import data_dir
from canheal_nb.locale import _
from canheal_nb.model import scenario_run
from canheal_nb.model.scenario import Scenario
from canheal_nb.scenarios.reading import read

SUFFIXES = (".yaml", ".yml")


def is_file(name: str) -> bool:
    """Return whether a scenario is named by its file, not by the id of a shipped one."""
    return "/" in name or "\\" in name or name.endswith(SUFFIXES)


def shipped() -> list[str]:
    """Return the ids of the scenarios that come with the data."""
    return list(scenario_files.shipped(data_dir()))


def load(name: str, dataset: Dataset) -> Scenario:
    """Return a scenario by id or path; UserError says in one sentence what is wrong, and where."""
    known = scenario_files.shipped(dataset.path)
    if not is_file(name) and name not in known:
        text = _(
            "There is no scenario {name}; there is: {known}; or give the path of a .yaml file."
        )
        told = text.format(name=ascii(name)[1:-1][:60], known=", ".join(known) or _("none"))
        raise UserError(told, code="unknown-scenario")
    path = Path(name) if is_file(name) else known[name]
    return read(scenario_files.text(path), scenario_run.vocabulary(dataset), path.name)
