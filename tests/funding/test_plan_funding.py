"""The screen of funding without a browser: one plan, digit for digit, and what is refused."""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import replace

import numpy as np
import pytest

from canheal_nb.data import Dataset
from canheal_nb.funding import scenario_file
from canheal_nb.funding.model import planning, rule_comparison, scenario_run
from canheal_nb.funding.model.scenario import Goal
from canheal_nb.funding.question import PlanFunding
from canheal_nb.funding.screen import frontier, plan_funding, plan_run, plan_view
from canheal_nb.funding.text import plan_limits, plan_tables, plan_text
from canheal_nb.need.model import prices
from canheal_nb.screens import shell
from canheal_nb.solver.problem import Binding, Infeasible, Relaxation
from canheal_nb.text.errors import UserError
from canheal_nb.text.question import read


def asked(dataset: Dataset, **given: str) -> PlanFunding:
    return read(PlanFunding, given, plan_funding.vocabulary(dataset))


def shown(dataset: Dataset, **given: str) -> shell.Screen:
    return plan_funding.screen(asked(dataset, **given), dataset)


def at_once(dataset: Dataset) -> dict[str, str]:
    """Return the question about a file whose author states that units open at once, in a year."""
    written = plan_run.offered(dataset)[plan_run.FIRST]
    stated = tuple(
        replace(one, value=0.0, low=0.0) if one.input.endswith(".lag") else one
        for one in written.assumptions
    )
    text = scenario_file.write(replace(written, assumptions=stated, goal=Goal()))
    return {"scenario": "own", "own": text, "years": "1"}


def test_the_screen_says_what_the_scenario_run_says_digit_for_digit(dataset: Dataset) -> None:
    found = plan_run.funding(asked(dataset, budget="600"), dataset)
    again = scenario_run.run(dataset, found.scenario)
    assert found.run.services.equals(again.services)
    assert found.run.countries.equals(again.countries)
    assert found.run.intervals.equals(again.intervals)
    for service, ends in found.run.shares.items():
        row = again.intervals.loc[f"{service}: share"]
        assert ends == pytest.approx((row["low"], row["high"]), abs=1e-12)
    assert found.scenario.budget.total == 600e6
    assert float(found.run.outcome.spent) <= 600e6
    assert 0 <= found.planned.plan.gap < 0.001
    view = shown(dataset, budget="600")
    sums = [float(row["euros"].replace(",", "")) for row in view.context["bought"]]
    assert sum(sums) == pytest.approx(float(found.run.outcome.spent) / 1e6, abs=0.06 * len(sums))


def test_every_control_has_a_label_and_every_chart_its_table(dataset: Dataset) -> None:
    view = shown(dataset, country="RO")
    markup = view.markup()
    ids = re.findall(r'<(?:select|input)[^>]* id="([^"]+)"', markup)
    assert len(ids) == len(set(ids)) >= 9
    assert set(ids) <= set(re.findall(r'<label for="([^"]+)"', markup))
    assert len(view.context["by_country"]) == 27
    assert view.context["own"]
    assert view.context["union"]
    regions = set(view.state()["regions"])
    assert {"answer", "before", "who", "buys", "limits", "not", "inputs", "taken"} <= regions
    assert "assumed" in markup
    assert "staff" in view.context["not_modelled"]
    assert "66.8 million euros" in view.context["national"] or "RON" in view.context["national"]
    counts = view.context["counts"]
    assert sum(counts.values()) == view.context["cells"] == 16


def test_a_place_on_the_slider_is_a_plan_of_the_frontier(dataset: Dataset) -> None:
    given = at_once(dataset)
    most, fair = (
        plan_run.funding(asked(dataset, equity=one, **given), dataset) for one in ("0", "20")
    )
    assert most.place == 0
    points = frontier.along(dataset, fair.scenario)
    assert fair.place == len(points) - 1
    assert [one for one, _least in points] == sorted((one for one, _least in points), reverse=True)
    assert [least for _met, least in points] == sorted(least for _met, least in points)
    assert frontier.point(fair.planned) == points[-1]
    for one in (most, fair):
        assert 0 <= one.planned.plan.gap < 0.05
        assert one.planned.plan.bound >= one.planned.plan.objective
        needed = planning.met(one.run.outcome, one.planned.services, one.planned.problem.weight)
        assert needed == pytest.approx(one.planned.plan.objective)
    told = plan_text.line(points, fair.place)
    assert f"Plan {len(points)} of {len(points)}" in told
    assert plan_text.line(points[:1], None).startswith("For this money one plan")


def test_the_plan_meets_at_least_as_much_weighted_need_as_the_rule(dataset: Dataset) -> None:
    for rule in planning.RULES:
        found = plan_run.funding(asked(dataset, rule=rule, goal="most_need_met"), dataset)
        assert found.beside is not None
        weight = found.planned.problem.weight
        theirs = planning.met(found.beside, found.planned.services, weight)
        assert theirs <= found.planned.plan.bound * (1 + 1e-9)


@pytest.mark.parametrize("given", [{}, {"scenario": "ngs_for_all"}, {"scenario": "equity_first"}])
def test_screen_and_report_set_the_plan_beside_a_rule_by_the_same_figures(
    dataset: Dataset, given: dict[str, str]
) -> None:
    found = plan_run.funding(asked(dataset, rule="per_head", **given), dataset)
    rivals = rule_comparison.rivals(replace(found.run, draws=10))
    assert rivals is not None
    more = rule_comparison.share_of(found.run) - float(rivals.table.at["per_head", "share"])
    told = plan_view.compared(found, "per_head")
    alike = "reach the same" in told
    assert alike if abs(more) < 5e-4 else f"The plan reaches {100 * more:.1f} points more" in told
    assert not any("not known" in row.values() for row in plan_view.rival(found))
    assert "Least share in any country" in told


def test_national_money_only_where_it_is_not_the_euro(dataset: Dataset) -> None:
    by_area = {row["id"]: row["own"] for row in shown(dataset).context["bought"]}
    assert by_area["PL"].endswith(" PLN")
    assert by_area["ES"] == ""
    assert "PLN at the mean rate" in shown(dataset, country="PL").context["national"]
    assert "its money is the euro" in shown(dataset, country="ES").context["national"]
    told = plan_tables.national("Somewhere", 2e6, "PLN", math.nan)
    assert "no exchange rate of 2023 is known for PLN" in told
    tables = prices.of(dataset)
    assert prices.own_money("PL", tables, 1900)[0] == "PLN"
    assert prices.own_money("PL", tables)[1] == pytest.approx(4.542, abs=1e-3)
    assert math.isnan(prices.own_money("PL", tables, 1900)[1])


@pytest.mark.parametrize("typed", ["1,900", "1 900", "1900", "1,900.0", "1\u202f900"])
def test_a_budget_is_read_as_people_write_it(dataset: Dataset, typed: str) -> None:
    found = plan_run.funding(asked(dataset, budget=typed), dataset)
    assert found.scenario.budget.total == pytest.approx(1900e6)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"budget": "much"}, "The budget must be a number from 0"),
        ({"budget": "-1"}, "The budget must be a number from 0"),
        ({"budget": "nan"}, "The budget must be a number from 0"),
        ({"budget": "1.900"}, "1.900 can be read in two ways"),
        ({"equity": "21"}, "a whole number from 0 to 20"),
        ({"equity": "half"}, "a whole number from 0 to 20"),
        ({"scenario": "own"}, "open the file here"),
        ({"scenario": "own", "own": "title: [1"}, "the file"),
        ({"scenario": "own", "own": "x" * (plan_run.LONGEST + 1)}, "longer than"),
        ({"equity": "3", "years": "2"}, "only for a plan of one year"),
        ({"scenario": "ngs_for_all", "years": "1"}, "Ask for more money or years"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_a_sentence(
    dataset: Dataset, given: dict[str, str], says: str
) -> None:
    question = asked(dataset, **given)
    with pytest.raises(UserError, match=re.escape(says)):
        plan_funding.screen(question, dataset)


def test_a_wrong_change_leaves_the_plan_and_says_why(dataset: Dataset) -> None:
    known = plan_funding.vocabulary(dataset)
    app = shell.App(PlanFunding, plan_funding.screen, known, dataset, PlanFunding())
    before = app.show().context["answer"]
    after = app.handle("budget", "much")
    assert "must be a number" in after.context["notice"]
    assert after.context["answer"] == before


def test_no_money_buys_nothing_and_nobody_is_below_today(dataset: Dataset) -> None:
    view = shown(dataset, budget="0")
    assert "nothing is bought" in view.context["answer"]
    assert not view.context["bought"]
    found = plan_run.funding(asked(dataset), dataset).run.outcome
    assert np.nanmin(found.served) >= 0


def test_a_saved_scenario_opens_as_the_same_plan_and_is_never_in_a_link(dataset: Dataset) -> None:
    view = shown(dataset, budget="800")
    assert view.save is not None
    for kind in ("yaml", "plan"):
        text = view.save(kind).content.decode()
        again = shown(dataset, scenario="own", own=text)
        assert again.context["answer"] == view.context["answer"]
        assert again.question.query() == "scenario=own"
        assert ("changes:" in text) == (kind == "plan")
    saved = scenario_file.read(text, scenario_run.vocabulary(dataset), "saved")
    run = scenario_run.run(dataset, saved)
    assert run.planned is None
    assert run.services.equals(plan_run.funding(asked(dataset, budget="800"), dataset).run.services)


def test_the_sheet_holds_every_country_and_what_is_not_known_stays_empty(dataset: Dataset) -> None:
    view = shown(dataset)
    assert view.save is not None
    lines = list(csv.reader(io.StringIO(view.save("csv").content.decode("utf-8-sig"))))
    rows = [line for line in lines[1:] if len(line) == 9]
    assert len(rows) == 27 * 2
    cyprus = next(r for r in rows if r[0] == "Cyprus" and r[1] == "Radiotherapy")
    assert cyprus[5] == ""
    assert view.save("xlsx").content[:2] == b"PK"


def test_a_clash_is_told_in_units_that_can_be_acted_on(dataset: Dataset) -> None:
    case = frontier.ground(dataset, plan_run.asked(asked(dataset), dataset))
    error = Infeasible(
        (Binding("budget", (-1, -1, 0), 0.0, 1e6),),
        (
            Relaxation("budget", (-1, -1, 0), 1e6, 2.5e6),
            Relaxation("target", (0, -1, 0), 0.9, 0.125),
        ),
    )
    names = dict.fromkeys(case.countries, "Somewhere")
    text = plan_limits.refused(error, case, case.services, names)
    assert "the budget 2027: 2.50 million euros more" in text
    assert "the share to be reached Somewhere 2027: by 12.5 %" in text


def test_differences_have_a_sign_and_nought_has_none() -> None:
    assert [plan_tables.points(one) for one in (0.125, -0.01, 0.0, 1e-6, math.nan)] == [
        "+12.5", "−1.0", "0", "0", "not known",
    ]  # fmt: skip


def test_a_scenario_about_centres_is_not_offered(dataset: Dataset) -> None:
    assert "access_90_by_2030" not in plan_run.offered(dataset)
    with pytest.raises(UserError):
        asked(dataset, scenario="access_90_by_2030")
