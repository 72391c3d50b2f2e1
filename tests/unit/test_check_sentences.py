"""What the self-check says of a certificate agrees with the criteria it is made from."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from canheal_nb.data import Dataset
from canheal_nb.errors import UserError
from canheal_nb.model import standards, standards_check
from canheal_nb.model.standards import NOT_MET, OPEN, RESEARCH
from canheal_nb.model.standards_tables import prepared
from canheal_nb.views import standards as told

AIMS = ("cc", "ccc")


def check(dataset: Dataset, aim: str, said: Mapping[str, str]) -> standards_check.Check:
    return standards_check.check(dataset, aim, said, "", dataset.edition.as_of)  # type: ignore[arg-type]


def all_met(dataset: Dataset, aim: str) -> dict[str, str]:
    """Answer every criterion so that it is met."""
    made = prepared(dataset)
    said = {}
    for one in [*made.criteria["application"], *made.criteria[aim]]:
        said[one.asked] = "yes" if one.yes_no else f"{one.threshold + 1:g}"
    return said


@pytest.mark.parametrize("aim", AIMS)
def test_nothing_answered_says_that_nothing_can_be_said(dataset: Dataset, aim: str) -> None:
    found = check(dataset, aim, {})
    assert len(found.open) == len([*found.conditions, *found.results])
    assert told.finding(found).startswith("No criterion is answered yet")


@pytest.mark.parametrize("aim", AIMS)
def test_gaps_are_counted_only_when_nothing_is_open(dataset: Dataset, aim: str) -> None:
    said = all_met(dataset, aim)
    for one in [r.criterion for r in check(dataset, aim, said).conditions] + [
        r.criterion for r in check(dataset, aim, said).results if r.criterion.part == "general"
    ]:
        failed = {**said, one.asked: "no" if one.yes_no else f"{one.threshold * 0.5:g}"}
        found = check(dataset, aim, failed)
        assert [r.criterion.asked for r in found.gaps] == [one.asked]
        assert not found.open
        sentence = "As answered, 1 gap stands between the centre and the certificate."
        assert told.finding(found) == sentence
        for other in [r.criterion.asked for r in [*found.conditions, *found.results]]:
            if other == one.asked:
                continue
            less = check(dataset, aim, {k: v for k, v in failed.items() if k != other})
            assert [r.criterion.asked for r in less.open] == [other]
            says = told.finding(less)
            assert "stands between" not in says
            assert f"stand against the certificate, and 1 of {len(said)} are open" in says


def test_one_gap_and_all_else_open_is_no_single_gap(dataset: Dataset) -> None:
    found = check(dataset, "ccc", {"beds": "10"})
    assert len(found.gaps) == 1
    says = told.finding(found)
    assert says.startswith("1 of the answered criteria stand against the certificate, and ")
    assert f"and {len(found.open)} of" in says
    assert "known only when those are answered" in says


def test_a_research_rule_that_fails_is_not_counted_as_all_its_criteria(dataset: Dataset) -> None:
    said = all_met(dataset, "ccc")
    made = prepared(dataset)
    research = [one for one in made.criteria["ccc"] if one.part in RESEARCH]
    for one in research[:4]:
        said[one.asked] = "no" if one.yes_no else "1"
    found = check(dataset, "ccc", said)
    assert found.rule is not None
    assert found.rule.verdict == NOT_MET
    assert len(found.gaps) == 4
    assert 0 < found.rule.fewest < 4
    assert f"at least {found.rule.fewest} more of the research criteria" in told.finding(found)
    assert "0 of the criteria that must all be met are not met" in told.finding(found)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("32 000 000", 32e6),
        ("32\u202f000\u202f000", 32e6),
        ("1\u2019500", 1500),
        ("1,900", 1900),
        ("1,900,000", 1.9e6),
        ("1.234.567", 1234567),
        ("1 900,5", 1900.5),
        ("1,900.5", 1900.5),
        ("1.900,5", 1900.5),
        ("12,5", 12.5),
        ("0.500", 0.5),
        ("-3", -3),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, read: float) -> None:
    assert standards.number(typed) == read


@pytest.mark.parametrize("typed", ["1.900", "1 50", "1e5", "1,90,00", "1.2.3", "1,2.3,4"])
def test_a_number_that_could_be_another_is_questioned(typed: str) -> None:
    with pytest.raises(UserError):
        standards.number(typed)


def test_every_number_that_is_asked_for_has_bounds_that_hold_its_threshold(
    dataset: Dataset,
) -> None:
    made = prepared(dataset)
    numbers = [one for own in made.criteria.values() for one in own if one.asked in made.yes_no]
    for one in numbers:
        if not one.yes_no:
            assert made.bounds[one.asked].low <= one.threshold < made.bounds[one.asked].high
            assert made.bounds[one.asked].unit == one.unit


@pytest.mark.parametrize("typed", ["32000000", "-1", "50 000 000"])
def test_a_figure_that_cannot_be_gives_no_cost_and_says_what_is_expected(
    dataset: Dataset, typed: str
) -> None:
    found = check(dataset, "ccc", {**all_met(dataset, "ccc"), "budget_care": typed})
    assert "budget_care" not in found.answers
    assert [r.criterion.asked for r in found.results if r.verdict == OPEN] == ["budget_care"]
    assert "between 0.1 and 5,000 is expected" in found.wrong["budget_care"]
    assert "million EUR per year" in found.wrong["budget_care"]
    for step in found.steps:
        for money in step.money:
            assert not (money.known and money.high > 1e9)


def test_a_number_is_read_back_with_its_unit(dataset: Dataset) -> None:
    found = check(dataset, "ccc", {"budget_care": "32"})
    by = {r.criterion.asked: r for r in found.results}
    assert told.read_back(by["budget_care"]) == "Read as 32 million EUR per year."
    assert told.read_back(by["beds"]) == ""
    assert told.read_back(by["departments"]) == ""


def test_commas_in_answers_survive_where_answers_are_parted_by_commas() -> None:
    said = {"own.beds": "1,900", "own.who-beds": "Ana, Ivo"}
    assert standards_check.spelled(standards_check.spell(said)) == said
