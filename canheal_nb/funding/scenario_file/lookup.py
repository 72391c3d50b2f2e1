"""A scenario by the id of a shipped one, or by the path of its file."""

from __future__ import annotations

from pathlib import Path

from canheal_nb.data import Dataset, given_files, scenario_files
from canheal_nb.funding.model import scenario_run
from canheal_nb.funding.model.scenario import Scenario
from canheal_nb.funding.scenario_file.nodes import MOST_BYTES
from canheal_nb.funding.scenario_file.reader import read
from canheal_nb.priorities import named_sets
from canheal_nb.text.errors import UserError
from canheal_nb.text.home import data_dir
from canheal_nb.text.locale import _

SUFFIXES = (".yaml", ".yml")


def is_file(name: str) -> bool:
    """Return whether a scenario is named by its file, not by the id of a shipped one."""
    return "/" in name or "\\" in name or name.endswith(SUFFIXES)


def shipped() -> list[str]:
    """Return the ids of the scenarios that come with the data."""
    return list(scenario_files.shipped(data_dir()))


def load(name: str, dataset: Dataset) -> Scenario:
    """Return a scenario by id or path; UserError says in one sentence what is wrong, and where."""
    if is_file(name):
        text, file = given_files.text(name, MOST_BYTES), Path(name).name
        return read(text, vocabulary(dataset, text), file)
    known = scenario_files.shipped(dataset.path)
    if name not in known:
        said = _("There is no scenario {name}; there is: {known}; or give the path of a file.")
        listed = ", ".join(known) or _("none")
        told = said.format(name=ascii(name)[1:-1][:60], known=listed)
        raise UserError(told, code="unknown-scenario")
    return read(known[name], vocabulary(dataset, known[name]), name)


def vocabulary(dataset: Dataset, text: str = "priorities") -> dict[str, list[str]]:
    """Return the ids that a scenario file may name; published priorities where it names any."""
    ids = scenario_run.vocabulary(dataset)
    return ids | {"priorities": list(named_sets.known())} if "priorities" in text else ids
