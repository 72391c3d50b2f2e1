"""The questions about what money can do: one scenario, as a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from canheal_nb.questions import Language, Question
from canheal_nb.scenarios import is_file


def _whole(scenario: str) -> str:
    """Spell a file's path from the root: a report is made in a folder of its own."""
    return str(Path(scenario).absolute()) if is_file(scenario) else scenario


class ScenarioBrief(Question):
    """What would a scenario do, for whom, at what cost, and how sure is it?

    `scenario`: the id of a shipped scenario, or the path of a scenario file (.yaml).
    """

    scenario: Annotated[str, AfterValidator(_whole)]
    lang: Language = "en"
