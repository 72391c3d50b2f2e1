"""The questions about what money can do, and what is known for it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from canheal_nb.funding.scenario_file import is_file
from canheal_nb.text.question import Known, Language, Question


def _whole(scenario: str) -> str:
    """Spell a file's path from the root: a report is made in a folder of its own."""
    return str(Path(scenario).absolute()) if is_file(scenario) else scenario


class ScenarioBrief(Question):
    """What would a scenario do, for whom, at what cost, and how sure is it?

    `scenario`: the id of a shipped scenario, or the path of a scenario file (.yaml).
    """

    scenario: Annotated[str, AfterValidator(_whole), Field(examples=["equity_first"])]
    lang: Language = "en"


class Inputs(Question):
    """What does the money model know, and from where?

    `service`: is shown cell by cell and country by country; `country`: is marked and worked out;
    `scenario`: whose assumptions stand in the matrix, "" for none.
    """

    service: Annotated[str, Known("service")] = "radiotherapy"
    country: Annotated[str, Known("country_or_none")] = ""
    scenario: Annotated[str, Known("scenario_or_none")] = ""
    lang: Language = "en"


class PlanFunding(Question):
    """What should we fund, who gains, and how sure is it?

    `scenario`: "" the first one shipped for planning, "own" the text in `own`, which is never in a
    link. `budget` (million euros), `years`, `goal`: "" as the scenario says. `equity`: 0 most need
    met, 20 the worst-off first, along the frontier; "" the goal alone. `priorities`: a published
    set by name, "none", or "" as the scenario says. `rule`: what the plan is compared with.
    `service`, `country`: what is looked at closer. `kept`: plans to compare, "a:<plan>,b:<plan>";
    `names`: what they are called, "a:<name>".
    """

    scenario: Annotated[str, Known("scenario_or_none")] = ""
    budget: str = ""
    years: Literal["", "1", "2", "3", "4", "5"] = ""
    goal: Literal["", "most_need_met", "max_min", "lexicographic"] = ""
    equity: str = ""
    priorities: Annotated[str, Known("priorities_or_none")] = ""
    rule: Literal["per_head", "per_case", "by_need", "todays_shares"] = "per_head"
    service: Annotated[str, Known("service_or_none")] = ""
    country: Annotated[str, Known("country_or_none")] = ""
    kept: str = ""
    names: str = ""
    own: str = ""
    lang: Language = "en"

    def query(self) -> str:
        """Spell the question as a link's query, without the text of a scenario of one's own."""
        return Question.query(self.changed(own=""))
