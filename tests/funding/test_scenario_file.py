"""A scenario file reads as it was written; what is wrong is said with its line."""

from __future__ import annotations

import pytest

from canheal_nb.funding import scenario_file
from canheal_nb.funding.model.scenario import (
    Add,
    Budget,
    Cofunding,
    Constraints,
    Give,
    Goal,
    Limit,
    Open,
    Role,
    Scenario,
    Spending,
)
from canheal_nb.need.model.inputs import Assumption
from canheal_nb.text.errors import UserError

VOCABULARY = {
    "country": ["AA", "BB", "GR"],
    "centre": ["first-centre"],
    "capability": ["title"],
    "priorities": ["equal"],
}
WHOLE = Scenario(
    title="t: a, # and 'quotes'",
    author="Ünal",
    why="One line\nand another",
    edition="2026-11-24",
    start=2027,
    years=5,
    budget=Budget(by_year=((2027, 1e6), (2029, 2.5))),
    services=("radiotherapy", "mri"),
    changes=(
        Add("radiotherapy", "AA", 2.0, 2027),
        Give("first-centre", "title", 2028),
        Open("New", "BB", 46.1, 14.25, "title", 2029),
    ),
    goal=Goal("max_min", 0.5, ("mri",)),
    constraints=Constraints(
        (Limit("mri", "AA", 2.0),),
        (Limit("mri", "BB", 9.0),),
        (Add("mri", "AA", 1.0, 2027),),
        (Spending("AA", 1e6),),
        (Cofunding("AA", 0.6, 1e6),),
        (Role("physicist", (("mri", 0.9),), (("AA", 3.0),), 2),),
    ),
    assumptions=(Assumption("mri.need", 0.4, 0.3, 0.5, "share", "somebody", "an example"),),
    priorities="equal",
    seed=3,
)
START = "schema: 1\ntitle: t\nauthor: a\nwhy: w\nedition: e\nstart: 2027\nyears: 2\n"


def read(text: str) -> Scenario:
    return scenario_file.read(text, VOCABULARY, "plan.yaml")


def test_what_is_written_reads_as_the_same() -> None:
    assert read(scenario_file.write(WHOLE)) == WHOLE
    assert scenario_file.write(read(scenario_file.write(WHOLE))) == scenario_file.write(WHOLE)


def test_the_least_that_a_scenario_needs() -> None:
    made = read(START)
    assert (made.title, made.start, made.years) == ("t", 2027, 2)
    assert made.budget == Budget()
    assert read(scenario_file.write(made)) == made


MORE = "services: [radiotherapy]\n"
ADD = MORE + "changes:\n- add: radiotherapy\n  country: AA\n"
ASSUMED = "assumptions:\n- {input: mri.need, value: 1, "


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", None, "is empty"),
        ("title: [", 1, "not YAML"),
        (START + "colour: red\n", 8, "has no 'colour'"),
        (START + "title: again\n", 8, "title stands twice"),
        (START.replace("author: a\n", ""), 1, "needs author"),
        (START + "services: [radiotherapie]\n", 8, "Did you mean radiotherapy"),
        (START + MORE + "changes:\n- add: radiotherapy\n  country: EL\n  units: 1\n  year: 2027\n",
         11, "Greece is written GR"),
        (START + ADD + "  units: -2\n  year: 2027\n",
         12, "-2 is not possible"),
        (START + ADD + "  units: 1\n  year: 2031\n",
         13, "from 2027 to 2028"),
        (START + MORE + "changes:\n- add: mri\n  country: AA\n  units: 1\n  year: 2027\n",
         10, "'mri' is not known"),
        (START + ADD + "  units: 1.5\n  year: 2027\n",
         12, "not a whole number"),
        (START + MORE + "changes:\n- buy: radiotherapy\n", 10, "begins with add"),
        (START + "budget: {total: 5, by_year: {2027: 5}}\n", 8, "either total or by_year"),
        (START + "budget: {by_year: {2040: 5}}\n", 8, "'2040' is no year of the scenario"),
        (START + "budget: {total: ten million}\n", 8, "is no number"),
        (START + "budget: {total: .inf}\n", 8, "is no number"),
        (START + "goal: {objective: least_cost}\n", 8, "needs a target"),
        (START + "goal: {target: 90}\n", 8, "from 0 to 1"),
        (START + ASSUMED + "unit: EUR, by: b, why: w}\n",
         9, "'EUR' is not known"),
        (START + ASSUMED + "unit: share, why: w}\n",
         9, "needs by"),
        (START + ASSUMED + "low: 2, unit: share, by: b, why: w}\n",
         9, "must lie between"),
        (START + ASSUMED + "unit: share, by: b, why: w}\n"
         "- {input: mri.need, value: 1, unit: share, by: b, why: w}\n",
         9, "stands twice in assumptions"),
        (START.replace("schema: 1", "schema: 2"), 1, "of another version"),
        (START + "why2: &a x\n", 8, "Anchors"),
        (START + "seed: !!python/name:os.system x\n", 8, "Anchors"),
        (START + "priorities: nobody\n", 8, "Use one of: equal"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_sentence_with_its_line(
    text: str, line: int | None, said: str
) -> None:
    with pytest.raises(UserError) as caught:
        read(text)
    sentence = str(caught.value)
    assert said in sentence
    assert "\n" not in sentence
    assert sentence.startswith("plan.yaml")
    if line is not None:
        assert f"line {line}:" in sentence


def test_a_text_without_end_is_refused_before_it_is_read() -> None:
    with pytest.raises(UserError, match="too long"):
        read(START + "why: " + "x" * 200_001)
