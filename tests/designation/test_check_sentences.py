"""What the self-check says of a certificate agrees with the criteria it is made from."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from canheal_nb.data import Dataset
from canheal_nb.designation.model import criteria, self_check
from canheal_nb.designation.model.country_path import following
from canheal_nb.designation.model.criteria import NOT_MET, OPEN, RESEARCH
from canheal_nb.designation.model.scheme_tables import prepared
from canheal_nb.designation.model.self_check import Aim
from canheal_nb.designation.question import CheckDesignation
from canheal_nb.designation.screen import check_page
from canheal_nb.designation.text import check_text, plan_text, verdict_text
from canheal_nb.text.errors import UserError

AIMS: tuple[Aim, ...] = ("cc", "ccc")


def check(
    dataset: Dataset, aim: Aim, said: Mapping[str, str], centre: str = ""
) -> self_check.Check:
    return self_check.check(dataset, aim, said, centre, dataset.edition.as_of)


def all_met(dataset: Dataset, aim: Aim) -> dict[str, str]:
    """Answer every criterion so that it is met."""
    made = prepared(dataset)
    said = {}
    for one in [*made.criteria["application"], *made.criteria[aim]]:
        said[one.asked] = "yes" if one.yes_no else f"{one.threshold + 1:g}"
    return said


@pytest.mark.parametrize("aim", AIMS)
def test_nothing_answered_says_that_nothing_can_be_said(dataset: Dataset, aim: Aim) -> None:
    found = check(dataset, aim, {})
    assert len(found.open) == len([*found.conditions, *found.results])
    assert verdict_text.finding(found).startswith("No criterion is answered yet")


@pytest.mark.parametrize("aim", AIMS)
def test_gaps_are_counted_only_when_nothing_is_open(dataset: Dataset, aim: Aim) -> None:
    said = all_met(dataset, aim)
    research = {one.asked for one in prepared(dataset).criteria[aim] if one.part in RESEARCH}
    for one in [r.criterion for r in check(dataset, aim, said).conditions] + [
        r.criterion for r in check(dataset, aim, said).results if r.criterion.part == "general"
    ]:
        failed = {**said, one.asked: "no" if one.yes_no else f"{one.threshold * 0.5:g}"}
        found = check(dataset, aim, failed)
        assert [r.criterion.asked for r in found.gaps] == [one.asked]
        assert not found.open
        sentence = "As answered, 1 gap stands between the centre and the certificate."
        assert verdict_text.finding(found) == sentence
        for other in [r.criterion.asked for r in [*found.conditions, *found.results]]:
            if other == one.asked:
                continue
            less = check(dataset, aim, {k: v for k, v in failed.items() if k != other})
            assert [r.criterion.asked for r in less.open] == [other]
            says = verdict_text.finding(less)
            assert "stands between" not in says
            assert says.startswith(
                "As far as is known, 1 criterion stands against the certificate."
            )
            ruled = other in research and less.rule is not None
            assert ("1 criterion is open and may add a step" in says) is not ruled
            assert ("What is open is not needed for the rule" in says) is ruled


def test_one_gap_and_all_else_open_is_no_single_gap(dataset: Dataset) -> None:
    found = check(dataset, "ccc", {"beds": "10"})
    assert len(found.gaps) == 1
    says = verdict_text.finding(found)
    assert says.startswith("As far as is known, 1 criterion stands against the certificate.")
    assert f"{len(found.open)} criteria are open and may add steps" in says
    assert "the path is known only when they are answered" in says


def test_what_is_open_is_said_beside_the_path_and_in_a_scenario_of_it(dataset: Dataset) -> None:
    answers = "nou-bratislava.beds:10,nou-bratislava.start:2027-01"
    asked = CheckDesignation(centre="nou-bratislava", aim="ccc", answers=answers)
    seen = check_page.screen(asked, dataset)
    found = check(dataset, "ccc", {"beds": "10"}, "nou-bratislava")
    assert seen.context["pending"] == verdict_text.pending(found)
    assert f"{len(found.open)} criteria are open" in seen.context["pending"]
    assert str(seen.markup()).count("and may add steps, with their money and time") == 2
    assert seen.save is not None
    scenario = seen.save("yaml").content.decode()
    assert f"knows {len(found.gaps)} gaps, and {len(found.open)} criteria are open" in " ".join(
        scenario.split()
    )


def test_a_country_says_that_what_is_open_may_add_to_its_paths(dataset: Dataset) -> None:
    coming = following(dataset, "SK", {}, dataset.edition.as_of)
    assert any(one.check.open for one in coming if one.check)
    assert "may add steps" in plan_text.country(coming, "Slovakia")[-1]
    done = [one for one in coming if not one.check]
    assert plan_text.country(done, "Slovakia") == []


@pytest.mark.parametrize("typed", ["1", None])
def test_all_criteria_are_met_is_said_only_where_they_are(
    dataset: Dataset, typed: str | None
) -> None:
    said = all_met(dataset, "ccc")
    assert verdict_text.finding(check(dataset, "ccc", said)).startswith(
        "As answered, all criteria are met."
    )
    found = check(dataset, "ccc", {**said, "publications": typed or ""})
    kinds = [r.verdict for r in [*found.conditions, *found.results]]
    counts = f"though {kinds.count(NOT_MET)} of its criteria are not met and {kinds.count(OPEN)}"
    assert counts in verdict_text.finding(found)
    assert "all criteria are met" not in verdict_text.finding(found)


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
    short = f"at least {found.rule.fewest} more research criteria must be met."
    assert verdict_text.finding(found) == f"As answered, {short}"
    more = check(dataset, "ccc", {**said, "beds": "10"})
    says = verdict_text.finding(more)
    assert says == f"As answered, 1 criterion that must be met is not, and {short}"


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
    assert criteria.number(typed) == read


@pytest.mark.parametrize("typed", ["1.900", "1 50", "1e5", "1,90,00", "1.2.3", "1,2.3,4"])
def test_a_number_that_could_be_another_is_questioned(typed: str) -> None:
    with pytest.raises(UserError):
        criteria.number(typed)


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
    assert "0.1 to 5,000 is expected, by our judgement" in found.wrong["budget_care"]
    assert "million EUR per year" in found.wrong["budget_care"]
    for step in found.steps:
        for money in step.money:
            assert not (money.known and money.high > 1e9)


def test_a_number_is_read_back_with_its_unit(dataset: Dataset) -> None:
    found = check(dataset, "ccc", {"budget_care": "32"})
    by = {r.criterion.asked: r for r in found.results}
    assert check_text.read_back(by["budget_care"]) == "Read as 32 million EUR per year."
    assert check_text.read_back(by["beds"]) == ""
    assert check_text.read_back(by["departments"]) == ""


def test_commas_in_answers_survive_where_answers_are_parted_by_commas() -> None:
    said = {"own.beds": "1,900", "own.who-beds": "Ana, Ivo"}
    assert self_check.spelled(self_check.spell(said)) == said
