"""Ten broken scenario files and the one sentence that each is refused with."""

from __future__ import annotations

from pathlib import Path

import pytest

from canheal_nb.funding import scenario_file
from canheal_nb.text.errors import UserError
from tests.funding.test_scenario_file import ASSUMED, MORE, START, VOCABULARY, WHOLE, read

FOLDER = Path(__file__).parents[1] / "fixtures" / "scenarios"
SAID = {
    "unknown_key": "line 8: the scenario has no 'budjet'. Did you mean budget?",
    "unknown_country": "line 11: country: Greece is written GR here.",
    "unknown_service": "line 8: services: 'radiotheraphy' is not known. Did you mean radiotherapy?",
    "year_outside": "line 13: year: 2035 is not possible; give a number from 2027 to 2029.",
    "minus_units": "line 12: units: -2 is not possible; give a number from 0 to 100000.",
    "two_budgets": "line 10: the budget needs either total or by_year, not both.",
    "wrong_unit": "line 12: unit: 'euros' is not known. Use one of: a year per unit.",
    "said_twice": "line 9: years stands twice; keep one.",
    "broken_yaml": "line 11: this is not YAML (expected ',' or ']', but got ':'). "
    "Look at indents, colons, quotes.",
    "tagged": "line 9: Anchors (&, *) and tags (!) are not read here; write the value itself.",
}


def test_every_broken_file_has_its_sentence() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(SAID)
    assert len(SAID) == 10


@pytest.mark.parametrize("name", SAID)
def test_a_broken_file_is_refused_in_one_sentence(name: str) -> None:
    path = FOLDER / f"{name}.yaml"
    with pytest.raises(UserError) as caught:
        scenario_file.read(path.read_text(encoding="utf-8"), VOCABULARY, path.name)
    assert str(caught.value) == f"{path.name}, {SAID[name]}"


GUESS = "- {input: mri.%s, value: %s, unit: %s, by: b, why: w}\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (START + "changes: " + "[" * 5000 + "]" * 5000, 8, "lie in one another"),
        (START + "seed: \x07", 8, "cannot be printed"),
        (START + 'budget: {by_year: {"a\\nb": 1}}', 8, "'a\\nb' is no year"),
        (START + "budget: {by_year: {[1]: 1}}", 8, "'' is no year"),
        (START + "assumptions:\n" + GUESS % ("need", 1.5, "share"), 9, "from 0 to 1"),
        (START + "assumptions:\n" + GUESS % ("life", 0, "years"), 9, "above 0"),
        (START + MORE + "constraints: {staff: [{role: r}]}", 9, "needs per_unit"),
        (START + MORE + "constraints: {staff: [{role: r, per_unit: {radio: 1}}]}", 9,
         "Use one of: radiotherapy."),
    ],
)  # fmt: skip
def test_what_a_file_can_be_abused_for_is_refused_too(text: str, line: int, said: str) -> None:
    with pytest.raises(UserError) as caught:
        read(text)
    assert f"line {line}:" in str(caught.value)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_spoilt_line_gets_past_as_another_kind_of_error() -> None:
    lines = scenario_file.write(WHOLE).splitlines(keepends=True)
    sentences: list[str] = []
    for place in range(len(lines)):
        for spoilt in ("", "- [\n", "x: {y: 1}\n", lines[place] * 2, lines[place].upper()):
            try:
                made = read("".join([*lines[:place], spoilt, *lines[place + 1 :]]))
            except UserError as error:
                sentences.append(str(error))
            else:
                assert read(scenario_file.write(made)) == made
    assert len(sentences) > 2 * len(lines)
    assert all("line " in said and "\n" not in said for said in sentences)


def test_an_assumption_of_nought_is_read_where_nought_is_possible() -> None:
    made = read(START + ASSUMED + "unit: share, by: b, why: w}\n")
    assert made.assumptions[0].value == 1.0
    made = read(START + "assumptions:\n" + GUESS % ("lag", 0, "years"))
    assert made.assumptions[0].value == 0.0
