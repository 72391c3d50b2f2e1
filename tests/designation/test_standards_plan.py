"""The path in time and for a country: months in order, owners, and what is not known."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from canheal_nb.data import Dataset
from canheal_nb.designation.model import certification_path, country_path, timetable
from canheal_nb.designation.model.certification_path import Money, Step
from canheal_nb.designation.model.self_check import Check, check
from canheal_nb.designation.text import plan_text
from canheal_nb.text.errors import UserError

NOU = "nou-bratislava"
START = dt.date(2027, 1, 15)


def step(asked: str, low: float = math.nan, high: float = math.nan, after: str = "") -> Step:
    return Step(asked, 1, asked, None, (Money(),), (low, high), math.nan, "", (), frozenset(after))


def first(year: int, month: int) -> dt.date:
    return dt.date(year, month, 1)


def test_months_are_summed_in_order_and_an_unknown_one_says_at_the_earliest() -> None:
    made = timetable.plan(
        [step("a", 6, 6), step("b", after="a"), step("c", 3, 12, "ab")], START, {}
    )
    a, b, c = made.slots
    assert (a.begin, a.end) == ((first(2027, 1),) * 2, (first(2027, 6),) * 2)
    assert (b.begin, b.end, b.at_least) == ((first(2027, 7),) * 2, None, False)
    assert (c.begin, c.at_least) == ((first(2027, 7),) * 2, True)
    assert c.end == made.finish == (first(2027, 9), first(2028, 6))
    assert (made.untimed, made.unowned) == (1, 3)
    assert plan_text.when(a) == "from Jan 2027, done Jun 2027"
    assert plan_text.when(b) == "from Jul 2027, end not known"
    assert plan_text.when(c) == "from Jul 2027, done Sept 2027 to Jun 2028; at the earliest"
    assert plan_text.finish(made) == (
        "From Jan 2027 the known times end Sept 2027 to Jun 2028, "
        "steps that need not wait for each other side by side; "
        "1 of 3 steps has no known time and adds no month, so the path ends later."
    )


def test_steps_that_need_not_wait_go_side_by_side() -> None:
    """The short one ends before the long one; the last waits for the later of both."""
    steps = [step("a", 24, 72), step("b", 3, 3), step("c", after="b"), step("d", 6, 6, "ab")]
    a, b, c, d = timetable.plan(steps, START, {}).slots
    assert a.begin == b.begin == (first(2027, 1),) * 2
    assert b.end == (first(2027, 3),) * 2
    assert c.begin == (first(2027, 4),) * 2
    assert d.begin == (first(2029, 1), first(2033, 1))
    assert [one.at_least for one in (a, b, c, d)] == [False] * 4
    assert timetable.plan(steps, START, {}).finish == (first(2029, 6), first(2033, 6))
    assert timetable.plan(steps[:2], START, {}).finish == (first(2028, 12), first(2032, 12))


def test_what_stood_behind_a_closed_gap_is_waited_for(dataset: Dataset) -> None:
    table = dataset.table("judgements/standards_steps")
    assert certification_path.waits("phase1", table) == {"studies", "own_unit", "stable"}
    every = set(table["asked"])
    assert certification_path.waits("accreditation", table) == every - {"accreditation"}
    for asked in every:  # no step waits for a later one
        certification_path.waits(asked, table)
    wrong = table.assign(after=table["after"].where(table["asked"] != "stable", "beds"))
    with pytest.raises(ValueError, match="stable waits for beds"):
        certification_path.waits("stable", wrong)


def test_without_a_start_or_a_time_no_date_is_given() -> None:
    blank = timetable.plan([step("a", 6, 6)], None, {})
    assert (blank.finish, blank.slots[0].begin, plan_text.when(blank.slots[0])) == (None, None, "")
    assert plan_text.finish(blank) == "No start is typed in, so no dates are given."
    untimed = timetable.plan([step("a")], START, {})
    assert untimed.finish is None
    assert "no end can be given" in plan_text.finish(untimed)


@pytest.mark.parametrize(("due", "early"), [("2027-05", True), ("2027-06", False), ("", False)])
def test_a_promise_sooner_than_the_known_times_is_said(due: str, early: bool) -> None:
    made = timetable.plan([step("a", 6, 9)], START, {"by-a": due, "who-a": " Anna "})
    assert (made.slots[0].early, made.slots[0].owner, made.unowned) == (early, "Anna", 0)
    assert ("sooner than the known times allow" in plan_text.promised(made.slots[0])) == early


def test_a_date_that_is_none_is_refused_and_counts_as_blank(dataset: Dataset) -> None:
    for text in ("soon", "2027-13", "2027", "2027-02-30"):
        with pytest.raises(UserError):
            timetable.day(text)
    found = read(dataset, start="soon", **{"by-beds": "May", "beds": "90"})
    assert set(found.wrong) == {"start", "by-beds"}
    assert found.plan.start is None


def read(dataset: Dataset, **said: str) -> Check:
    return check(dataset, "cc", said, NOU, dataset.edition.as_of)


def test_the_plan_follows_the_path_of_the_check(dataset: Dataset) -> None:
    found = read(dataset, start="2027-01", oncologists="20", member="yes")
    assert [slot.step.asked for slot in found.plan.slots] == ["oncologists", "accreditation"]
    assert found.plan.finish == (first(2029, 6), first(2033, 6))  # 24 to 72 months, then 6
    assert {"start", "who-beds", "by-accreditation"} <= set(found.asked)


@pytest.mark.parametrize("aim", ["cc", "ccc"])
def test_closing_any_gap_removes_its_step_and_its_costs_alone(dataset: Dataset, aim: str) -> None:
    def answered(closed: str) -> Check:
        said = {"budget_care": "1", "budget_research": "1", closed: ""}
        for one in blank.conditions + blank.results:
            limit, criterion = one.criterion.threshold, one.criterion
            good = criterion.asked == closed
            if criterion.yes_no:
                said[criterion.asked] = "yes" if good else "no"
            else:
                said[criterion.asked] = f"{limit + 1:g}" if good else f"{limit - 1:g}"
        return check(dataset, aim, said, NOU, dataset.edition.as_of)

    blank = check(dataset, aim, {}, NOU, dataset.edition.as_of)
    full = answered("")
    costs = {s.asked: certification_path.total([s]) for s in full.steps}
    assert len(full.gaps) == len(blank.conditions) + len(blank.results) == len(full.steps) - 1
    for gap in full.gaps:
        without = answered(gap.criterion.asked)
        gone = [s.asked for s in full.steps if s.asked not in {w.asked for w in without.steps}]
        assert gone == [gap.criterion.asked]
        assert full.total.unknown - without.total.unknown == costs[gone[0]].unknown
        if gap.criterion.asked != "budget_care":  # the accreditation's share rests on it
            assert full.total.yearly == without.total.yearly
        assert len(without.plan.slots) == len(full.plan.slots) - 1


def test_a_country_sums_the_next_paths_of_its_centres(dataset: Dataset) -> None:
    as_of = dataset.edition.as_of
    said = {NOU: {"budget_care": "20", "member": "yes"}, "vou-kosice": {"budget_care": "23"}}
    found = country_path.following(dataset, "SK", said, as_of)
    assert [one.aim for one in found] == ["cc"] * 3
    needs = {one.asked: one for one in country_path.needs(found)}
    assert needs["budget_care"].missing == 7_000_000  # 5 and 2, and in no sum
    assert set(needs["budget_care"].centres) == {NOU, "vou-kosice"}
    assert len(needs["member"].centres) == 2
    assert len(needs["accreditation"].centres) == 3
    assert needs["accreditation"].missing == 0  # its share is a cost, not a missing budget
    assert needs["accreditation"].total.unknown == 4  # 3 prices, and one share without a budget
    together = country_path.whole(found)
    assert together.yearly == pytest.approx((0.0003 * 43e6, 0.006 * 43e6))
    assert together.unknown == 4 + 2
    assert plan_text.country(found, "Slovakia")[0] == (
        "In Slovakia the OECI Cancer Centre comes next for 3 centres of our list."
    )
    money = {what: said for what, _n, said in plan_text.shared(found)}
    assert money["Raise the yearly budget for cancer care"] == (
        "7,000,000 euros a year more, the missing budgets themselves"
    )


def test_the_highest_certificate_has_nothing_next(dataset: Dataset) -> None:
    steps = country_path.standing(dataset, "FR")
    found = country_path.following(dataset, "FR", {}, dataset.edition.as_of)
    for one in found:
        assert (one.check is None) == (steps[one.centre] == "CCC")
        assert one.aim == {"CCC": None, "CC": "ccc"}.get(one.step, "cc")
    none = [one for one in found if one.check is None]
    assert plan_text.country(none, "France") == []
    assert country_path.needs(none) == []
