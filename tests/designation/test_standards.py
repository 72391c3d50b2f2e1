"""Standards without a screen: criteria at their edges, the research rule, path and calendar."""

from __future__ import annotations

import datetime as dt
import itertools
import math

import pandas as pd
import pytest

from canheal_nb.data import Dataset
from canheal_nb.designation.model import certification_path, criteria, maturity
from canheal_nb.need.model import inputs, prices
from canheal_nb.text.errors import UserError

ITEMS, CCC = "judgements/standards_items", "frameworks/ccc_criteria"
DAY = dt.date(2026, 11, 24)


def wanted(dataset: Dataset, which: str) -> list[criteria.Criterion]:
    return criteria.criteria(dataset.table(ITEMS), dataset.table(CCC), dataset.parameters, which)


def tables(dataset: Dataset) -> certification_path.Tables:
    rules = dataset.table("judgements/standards_rules")
    found = {str(r): float(v) for r, v in zip(rules["rule"], rules["value"], strict=True)}
    money = prices.from_texts(dataset.table("facts/money"), dataset.table("facts/exchange_rates"))
    return certification_path.Tables(
        dataset.table("judgements/standards_steps"),
        found | {"valid_years": 5.0},
        dataset.table("judgements/standards_training"),
        dataset.table("frameworks/training_programmes"),
        dataset.parameters,
        inputs.matrix(dataset, price_tables=money),
    )


EDGES = {  # operator -> verdict just below, exactly at, just above
    ">": ("not_met", "not_met", "met"),
    ">=": ("not_met", "met", "met"),
    "=": ("not_met", "met", "not_met"),
}
SETS = {"cc": 7, "ccc": 12, "application": 3, "volume": 3, "maturity": 5}


@pytest.mark.parametrize("which", SETS)
def test_every_criterion_below_at_above_and_missing(dataset: Dataset, which: str) -> None:
    found = wanted(dataset, which)
    assert len(found) == SETS[which]
    for one in found:
        below, at, above = EDGES[one.operator]
        assert criteria.verdict(one, one.threshold - 0.001) == below, one
        assert criteria.verdict(one, one.threshold) == at, one
        if not one.yes_no:
            assert criteria.verdict(one, one.threshold + 0.001) == above, one
        assert criteria.verdict(one, math.nan) == "open", one
        assert criteria.check([one], {})[0].verdict == "open"


def test_thresholds_are_the_published_ones(dataset: Dataset) -> None:
    got = {(w, c.asked): (c.operator, c.threshold) for w in SETS for c in wanted(dataset, w)}
    assert got["cc", "patients"] == (">", 1500)
    assert got["cc", "beds"] == (">", 100)
    assert got["cc", "oncologists"] == (">", 30)
    assert got["cc", "publications"] == (">", 35)
    assert got["cc", "studies"] == (">", 20)
    assert got["cc", "budget_care"] == (">", 25)
    assert got["ccc", "budget_care"] == (">", 50)
    assert got["ccc", "budget_research"] == (">", 8)
    assert got["ccc", "patients"] == (">", 2500)
    assert got["ccc", "accrual"] == (">", 10)
    assert got["ccc", "publications_10"] == (">", 17)
    assert got["volume", "breast_cases"] == (">=", 150)
    assert got["maturity", "pp141"] == (">=", 90)


def test_exactly_ten_percent_of_accrual_fails_and_the_gap_is_nought(dataset: Dataset) -> None:
    accrual = next(c for c in wanted(dataset, "ccc") if c.asked == "accrual")
    (result,) = criteria.check([accrual], {"accrual": 10.0})
    assert result.verdict == "not_met"
    assert result.gap == 0.0


def independent(pubs: tuple[str, ...], trials: tuple[str, ...]) -> str:
    """Say what the rule means by trying every way in which the open ones could turn out."""
    ways = []
    for p in itertools.product(*[("met", "not_met") if v == "open" else (v,) for v in pubs]):
        for t in itertools.product(*[("met", "not_met") if v == "open" else (v,) for v in trials]):
            ways.append(
                p.count("met") >= 2 and t.count("met") >= 2 and p.count("met") + t.count("met") >= 4
            )
    return "met" if all(ways) else "open" if any(ways) else "not_met"


def result(part: str, verdict: str) -> criteria.Result:
    one = criteria.Criterion("x", "ccc", part, "", "", "=", 1.0, "boolean", "", "")
    return criteria.Result(one, math.nan, verdict)  # type: ignore[arg-type]


def test_four_of_six_in_all_its_729_cases() -> None:
    kinds = ("met", "not_met", "open")
    seen = []
    for case in itertools.product(kinds, repeat=6):
        pubs, trials = case[:3], case[3:]
        results = [result("publications", v) for v in pubs] + [result("trials", v) for v in trials]
        rule = criteria.research(results, 4, {"publications": 2, "trials": 2})
        assert rule.verdict == independent(pubs, trials), case
        seen.append(rule.verdict)
    assert len(seen) == 729
    assert set(seen) == set(kinds)


@pytest.mark.parametrize(
    ("pubs", "trials", "said", "fewest"),
    [(2, 2, "met", 0), (3, 1, "not_met", 1), (1, 3, "not_met", 1), (3, 3, "met", 0)]
    + [(2, 1, "not_met", 1), (0, 0, "not_met", 4), (3, 0, "not_met", 2)],
)
def test_four_of_six_wants_two_of_each(pubs: int, trials: int, said: str, fewest: int) -> None:
    results = [result("publications", "met" if i < pubs else "not_met") for i in range(3)]
    results += [result("trials", "met" if i < trials else "not_met") for i in range(3)]
    rule = criteria.research(results, 4, {"publications": 2, "trials": 2})
    assert (rule.verdict, rule.fewest) == (said, fewest)


def test_an_unmet_research_criterion_is_no_gap_where_the_rule_is_met(dataset: Dataset) -> None:
    answers = {"publications": 200.0, "publications_5_10": 60.0, "publications_10": 1.0}
    answers |= {"studies": 80.0, "phase1": 1.0, "accrual": 5.0}
    results = criteria.check(wanted(dataset, "ccc"), answers)
    rule = criteria.research(results, 4, {"publications": 2, "trials": 2})
    assert rule.verdict == "met"
    assert criteria.gaps(results, rule) == []
    failing = criteria.check(wanted(dataset, "ccc"), answers | {"phase1": 0.0})
    rule = criteria.research(failing, 4, {"publications": 2, "trials": 2})
    assert [g.criterion.asked for g in criteria.gaps(failing, rule)] == [
        "publications_10",
        "phase1",
        "accrual",
    ]


@pytest.mark.parametrize(
    ("text", "yes_no", "value"),
    [("", False, math.nan), (" 12.5 ", False, 12.5), ("yes", True, 1.0), ("No", True, 0.0)]
    + [("1500", False, 1500.0), ("-3", False, -3.0), ("0.125", False, 0.125)],
)
def test_answers_are_read(text: str, yes_no: bool, value: float) -> None:
    read = criteria.number(text, yes_no)
    assert read == value or math.isnan(read) and math.isnan(value)


@pytest.mark.parametrize(
    ("text", "yes_no"),
    [("1.500", False), ("many", False), ("10%", False), ("1e9", False), ("nan", False)]
    + [("inf", False), ("maybe", True), ("1", True), ("<script>", False)],
)
def test_what_is_no_answer_is_refused(text: str, yes_no: bool) -> None:
    with pytest.raises(UserError) as refused:
        criteria.number(text, yes_no)
    assert refused.value.code == "wrong-answer"


def test_together_open_is_not_failed() -> None:
    assert criteria.together(["met", "open"]) == "open"
    assert criteria.together(["open", "not_met"]) == "not_met"
    assert criteria.together(["met"]) == "met"


def test_removing_a_gap_removes_its_step_and_its_cost(dataset: Dataset) -> None:
    base = {"budget_care": 20.0, "beds": 60.0, "oncologists": 12.0}
    known = tables(dataset)

    def steps(answers: dict[str, float]) -> list[certification_path.Step]:
        gaps = criteria.gaps(criteria.check(wanted(dataset, "cc"), answers), None)
        return certification_path.path(gaps, answers, known, DAY)

    full = steps(base)
    assert [s.asked for s in full] == ["oncologists", "beds", "budget_care", "accreditation"]
    assert {s.asked for s in full} - {s.asked for s in steps(base | {"beds": 101.0})} == {"beds"}
    without = steps(base | {"budget_care": 25.1})
    assert "budget_care" not in {s.asked for s in without}
    gap = next(s for s in full if s.asked == "budget_care").money[0]
    assert (gap.low, gap.high, gap.basis, gap.per) == (5e6, 5e6, "gap", "year")
    before, after = (
        certification_path.total(full),
        certification_path.total(steps(base | {"beds": 101.0})),
    )
    assert before.unknown - after.unknown == 1
    assert before.yearly == pytest.approx((6000, 120000))  # the missing budget is not added
    assert next(s for s in full if s.asked == "oncologists").staff == 18.0
    assert next(s for s in full if s.asked == "oncologists").months == (24.0, 72.0)


def test_what_is_not_priced_is_not_known_and_in_no_sum(dataset: Dataset) -> None:
    steps = certification_path.path([], {"budget_care": 30.0}, tables(dataset), DAY)
    (step,) = steps
    capital, share = step.money
    assert not capital.known
    assert "cannot be brought to euros" in capital.note
    assert [share.low, share.high] == pytest.approx([9000, 180000])
    found = certification_path.total(steps)
    assert found.yearly == (share.low, share.high)
    assert (found.known, found.unknown) == (1, 1)
    blank = certification_path.path([], {}, tables(dataset), DAY)[0].money[1]
    assert not blank.known
    assert (blank.needs, blank.basis) == ("budget_care", "none")


def test_an_assumption_prices_the_accreditation(dataset: Dataset) -> None:
    given = inputs.Assumption("accreditation.capital", 100000, 80000, 150000, "EUR", "a tester")
    known = tables(dataset)
    priced = certification_path.Tables(
        known.steps,
        known.rules,
        known.training,
        known.programmes,
        known.parameters,
        inputs.matrix(dataset, [given]),
    )
    capital = certification_path.path([], {}, priced, DAY)[0].money[0]
    assert (capital.low, capital.high, capital.per) == (80000, 150000, "once")
    assert certification_path.total(certification_path.path([], {}, priced, DAY)).once == (
        80000,
        150000,
    )


def test_ended_programmes_are_marked(dataset: Dataset) -> None:
    found = certification_path.trainings("own_unit", tables(dataset), DAY)
    assert [(t.name, t.ended) for t in found] == [
        ("CCI4EU deep dives", False),
        ("CCI4EU foundation programme", True),
    ]
    assert not certification_path.ended("May 2023 - May 2026", dt.date(2026, 5, 31))
    assert certification_path.ended("May 2023 - May 2026", dt.date(2026, 6, 1))
    for period in ("from 2024", "since 2012", "2022 onwards", "current", "from Jun 2025"):
        assert not certification_path.ended(period, dt.date(2050, 1, 1))


def test_the_calendar_of_a_certificate() -> None:
    rules = {"valid_years": 5.0, "follow_up": 12.0, "self_assessment": 6.0}
    assert certification_path.cycle(None, rules) == []
    assert certification_path.cycle(dt.date(2024, 8, 31), rules) == [
        ("certified", dt.date(2024, 8, 31)),
        ("follow_up", dt.date(2025, 8, 31)),
        ("self_assessment", dt.date(2029, 2, 28)),
        ("expires", dt.date(2029, 8, 31)),
    ]


def asked(dataset: Dataset) -> list[maturity.Statement]:
    behind = {c.asked: c for c in wanted(dataset, "maturity")}
    return maturity.statements(dataset.table("frameworks/maturity_levels"), behind)


def test_maturity_counts_up_to_the_first_gap_and_has_no_score(dataset: Dataset) -> None:
    found = asked(dataset)
    assert {one.theme for one in found} == {
        "01 Structure of the CCI",
        "05 Clinical research",
        "08 Patient pathway",
        "Comprehensive Cancer Centre",
    }
    assert maturity.unread(found) == [2, 3, 4, 6, 7]
    blank = maturity.reached(found, {})
    assert {(r.level, r.stop) for r in blank} == {(0, "open")}

    def scope(**answers: float) -> tuple[int, str]:
        first = maturity.reached(found, answers)[0]
        return first.level, first.stop

    assert scope(c111=1, c121=1, c122=3) == (2, "")
    assert scope(c111=1, c121=1, c122=2) == (1, "not_met")
    assert scope(c111=1, c121=1) == (1, "open")
    assert scope(c121=1, c122=5) == (0, "open")
    assert scope(c111=0, c121=1, c122=5) == (0, "not_met")


def test_every_criterion_in_the_data_has_its_place_and_every_judgement_its_reason(
    dataset: Dataset,
) -> None:
    items, rows = dataset.table(ITEMS), dataset.table(CCC)
    own = items[items["table"] == "frameworks/ccc_criteria"]
    assert set(zip(own["scheme"], own["criterion"], strict=True)) == set(
        zip(rows["scheme"], rows["criterion"], strict=True)
    )
    assert not items.duplicated(["set", "asked"]).any()
    for name in ("items", "rules", "known", "steps", "training"):
        table = dataset.table(f"judgements/standards_{name}")
        assert (table["chosen_by"] == "canheal_nb project").all()
        assert (table["why"].str.len() > 10).all()
    steps = set(dataset.table("judgements/standards_steps")["asked"])
    need = {c.asked for which in ("cc", "ccc", "application") for c in wanted(dataset, which)}
    assert steps == need | {"accreditation"}
    themes = {f"maturity:{one.theme}" for one in asked(dataset)}
    assert set(dataset.table("judgements/standards_training")["asked"]) <= steps | themes
    programmes = set(dataset.table("frameworks/training_programmes")["name"])
    assert set(dataset.table("judgements/standards_training")["programme"]) <= programmes
    known = dataset.table("judgements/standards_known")
    assert set(known["capability"]) <= set(dataset.capability_types.index)


def test_no_threshold_or_mapping_of_ours_stands_in_the_code(dataset: Dataset) -> None:
    import ast
    from pathlib import Path

    items = dataset.table(ITEMS)
    items = items[items["set"] != "rule"]
    named = {str(a) for a in items["asked"]} - {str(part) for part in items["part"]}
    limits = {float(t) for t in dataset.table(CCC)["threshold"] if t.replace(".", "").isdigit()}
    limits |= {float(v) for v in dataset.table("judgements/standards_rules")["value"]}
    harmless = {
        criteria: {0, 1},
        maturity: {0, 1},
        certification_path: {0, 1, 2, 12},
    }  # to count with
    for module in (criteria, maturity, certification_path):
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        constants = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
        texts = {c for c in constants if isinstance(c, str)}
        numbers = {float(c) for c in constants if isinstance(c, (int, float))}
        assert not texts & named, module
        assert not numbers & (limits - harmless[module]), module


def test_a_criterion_without_its_row_is_an_error(dataset: Dataset) -> None:
    frame = dataset.table(ITEMS)
    lost = pd.concat([frame, frame.iloc[:1].assign(criterion="no such row", set="cc")])
    with pytest.raises(KeyError):
        criteria.criteria(lost, dataset.table(CCC), dataset.parameters, "cc")
