"""The screen of priorities without a browser: every way of asking, and what is refused."""

from __future__ import annotations

import re

import pytest

from canheal_nb.data import Dataset
from canheal_nb.finder.question import Finder
from canheal_nb.finder.screen import search
from canheal_nb.funding.model import planning, priorities_effect
from canheal_nb.funding.screen import priorities_example
from canheal_nb.priorities.model import priority_answers
from canheal_nb.priorities.question import SharePriorities
from canheal_nb.priorities.screen import share
from canheal_nb.priorities.screen.share import METHODS
from canheal_nb.screens import shell
from canheal_nb.text.errors import UserError
from canheal_nb.text.question import read

THREE = "radiotherapy,pet_ct,mri"


def shown(dataset: Dataset, answers: dict[str, str], **more: str) -> shell.Screen:
    given = {**more, "answers": ",".join(f"{k}:{v}" for k, v in answers.items())}
    question = read(SharePriorities, given, share.vocabulary(dataset))
    return share.screen(question, dataset)


@pytest.mark.parametrize("among", ["", THREE])
@pytest.mark.parametrize("method", METHODS)
def test_every_way_asks_with_a_label_for_each_answer(
    dataset: Dataset, method: str, among: str
) -> None:
    view = shown(dataset, {}, method=method, among=among)
    markup = view.markup()
    ids = re.findall(r'<(?:select|input)[^>]* id="([^"]+)"', markup)
    assert len(ids) == len(set(ids))
    boxed = {one for one in ids if one.startswith("among-")}
    assert set(ids) - boxed <= set(re.findall(r'<label for="([^"]+)"', markup))
    asked = set(re.findall(rf'data-part="{method}\.([^"]+)"', markup))
    names = [one["service"] for one in share.services_of(dataset)]
    chosen = [one for one in names if one in among.split(",")] if among else []
    wanted = chosen if method in share.CHOSEN else names
    assert asked == set(priority_answers.keys(method, wanted))  # type: ignore[arg-type]
    assert not view.context["rows"]
    assert set(view.state()["regions"]) == {*("notice", "answer", "exercise", "weighed", "plan")}
    assert view.question.query() == ("" if method == "swing" else f"method={method}")


def test_points_are_weighed_at_once_and_silence_is_not_zero(dataset: Dataset) -> None:
    view = shown(dataset, {"swing.mri": "100", "swing.palliative_home": "60", "swing.pet_ct": "0"})
    assert view.context["answer"].startswith(
        "Of 100 points, most go to: MRI scans (62) and Palliative care at home (38)."
    )
    assert view.context["answer"].endswith("3 of 10 answered so far.")
    assert [row["points"] for row in view.context["rows"]] == ["62", "38", "0"]
    assert "PET-CT scans" not in view.context["unsaid"]
    assert len(view.context["unsaid"]) == 7


def test_who_and_what_stay_out_of_the_link(dataset: Dataset) -> None:
    view = shown(dataset, {"swing.mri": "100"}, group="patient", country="SI", method="swing")
    assert view.question.query() == ""


def test_euros_say_what_is_left_and_ranks_what_is_twice(dataset: Dataset) -> None:
    view = shown(dataset, {"euros.mri": "60", "euros.pet_ct": "25"}, method="euros")
    assert view.context["answer"] == "15 euros are left to share out."
    view = shown(dataset, {"euros.mri": "80", "euros.pet_ct": "25"}, method="euros")
    assert view.context["answer"] == "5 euros too many."
    view = shown(dataset, {"euros.mri": "75", "euros.pet_ct": "25"}, method="euros")
    assert [row["points"] for row in view.context["rows"]] == ["75", "25"]
    view = shown(dataset, {"euros.mri": "lots"}, method="euros")
    assert "not a number" in view.context["notice"]
    view = shown(dataset, {"ranking.mri": "1", "ranking.pet_ct": "1"}, method="ranking")
    assert "each place once" in view.context["answer"]
    view = shown(dataset, {"ranking.mri": "2", "ranking.pet_ct": "1"}, method="ranking")
    assert [row["points"] for row in view.context["rows"]] == ["75", "25"]


def test_contradictions_are_told_with_what_to_look_at(dataset: Dataset) -> None:
    pairs = {"ahp.radiotherapy.pet_ct": "9", "ahp.pet_ct.mri": "9"}
    view = shown(dataset, pairs | {"ahp.radiotherapy.mri": "1/9"}, method="ahp", among=THREE)
    assert "contradict each other (consistency ratio 6.13" in view.context["care"]
    assert "Look again at" in view.context["care"]
    order = [row["name"] for row in view.context["rows"]]
    assert order == ["Radiotherapy", "PET-CT scans", "MRI scans"], "ties stand as they are asked"
    view = shown(dataset, pairs | {"ahp.radiotherapy.mri": "9"}, method="ahp", among=THREE)
    assert view.context["rows"][0]["name"] == "Radiotherapy"
    view = shown(dataset, pairs, method="ahp", among=THREE)
    assert view.context["answer"].startswith("2 of 3 answered")


def test_best_and_worst_unfold_the_comparisons(dataset: Dataset) -> None:
    ends = {"bwm.best": "mri", "bwm.worst": "pet_ct"}
    view = shown(dataset, ends, method="bwm", among=THREE)
    assert 'data-part="bwm.over.pet_ct"' in view.markup()
    assert 'data-part="bwm.under.radiotherapy"' in view.markup()
    all_of_it = ends | {"bwm.over.pet_ct": "4", "bwm.over.radiotherapy": "2"}
    all_of_it |= {"bwm.under.radiotherapy": "2"}
    view = shown(dataset, all_of_it, method="bwm", among=THREE)
    assert [row["points"] for row in view.context["rows"]] == ["57", "29", "14"]
    assert "0.00" in view.context["care"]
    view = shown(dataset, {"bwm.best": "mri", "bwm.worst": "mri"}, method="bwm", among=THREE)
    assert "two different services" in view.context["answer"]


PLANNED = ("radiotherapy", "pet_ct")


def points(*given: str) -> dict[str, str]:
    return {f"swing.{one}": n for one, n in zip(PLANNED, given, strict=True)}


def test_answers_show_at_once_what_a_plan_buys_more_and_less_of(dataset: Dataset) -> None:
    plan = shown(dataset, points("100", "10")).context["plan"]
    assert plan["said"] == (
        "With your answers the plan buys 59 machines more; 48 PET-CT scanners fewer."
    )
    alike, yours = ({row["name"]: row[key] for row in plan["rows"]} for key in ("alike", "yours"))
    assert int(yours["Radiotherapy"]) - int(alike["Radiotherapy"]) == 59
    assert int(alike["PET-CT scans"]) - int(yours["PET-CT scans"]) == 48
    assert "300 million euros in 2027" in plan["example"]
    assert "the most machine capacity against the benchmark" in plan["example"]
    assert plan["example"].endswith("up to 2031.")
    assert "Radiotherapy catches up" in plan["lines"][-1]
    assert plan["lines"][0].startswith("2 of 10 services can be planned today")
    same = shown(dataset, points("60", "60")).context["plan"]
    assert "the same as with all services alike" in same["said"]
    assert [row["alike"] for row in same["rows"]] == [row["yours"] for row in same["rows"]]


def test_what_no_plan_knows_and_what_is_nought_change_no_plan(dataset: Dataset) -> None:
    silent = shown(dataset, {"swing.palliative_home": "100"}).context["plan"]
    assert silent["said"].startswith("Answer something about Radiotherapy and PET-CT scans")
    assert silent["rows"] == []
    nothing = points("0", "0") | {"swing.mri": "100"}
    assert "give nothing to Radiotherapy" in shown(dataset, nothing).context["plan"]["said"]
    # A hundred for care at home and nought for scans: the other counts as the mean, 50.
    half = {"swing.palliative_home": "100", "swing.pet_ct": "0"}
    both = points("50", "0") | {"swing.palliative_home": "50"}
    rows = [shown(dataset, one).context["plan"]["rows"] for one in (half, both)]
    assert rows[0] == rows[1]


def test_the_plan_shown_at_once_is_that_of_the_planner(dataset: Dataset) -> None:
    _name, _million, case, scenario, alike = priorities_example._ground(dataset)
    for weights in (None, dict.fromkeys(PLANNED, 1 / 2), {PLANNED[0]: 0.8, PLANNED[1]: 0.2}):
        quick = priorities_effect.bought(case, scenario, weights)
        best = planning.plan(case, scenario, weights)
        found = best.outcome.units.sum(axis=(0, 2))
        for service, units in quick.units.items():
            assert units == pytest.approx(found[case.services.index(service)], abs=2)
        assert quick.gap <= 0.01
    spent = sum(alike.met[one] / alike.speed[one] for one in alike.met)
    assert 270 < spent <= 300, "the last unit of a country is seldom full"


@pytest.mark.parametrize(
    "answers", ["<script>", "swing.mri", "swing.mri:<b>", "a" * 7000, "swing.mri:1:2"]
)
def test_answers_that_are_none_are_refused_and_leave_the_view(
    dataset: Dataset, answers: str
) -> None:
    known = share.vocabulary(dataset)
    app = shell.App(
        SharePriorities, share.screen, known, dataset, SharePriorities(method="ranking")
    )
    view = app.handle("answers", answers)
    assert app.question == SharePriorities(method="ranking")
    assert "cannot be read" in view.context["notice"]
    assert "<script>" not in view.markup()
    with pytest.raises(UserError, match="at most 5"):
        read(
            SharePriorities,
            {"among": "mri,pet_ct,radiotherapy,tumour_boards,accreditation,breast_screening"},
            known,
        )


def test_every_published_figure_is_said_to_mean_something(dataset: Dataset) -> None:
    rows = dataset.table("judgements/published_priorities")
    facts = dataset.table("frameworks/patient_priorities")
    both = ["study", "weight_meaning"]
    assert set(facts[both].itertuples(index=False)) == set(rows[both].itertuples(index=False))
    sets = facts.merge(rows[rows["starting_set"] != "no"], on=both)
    totals = sets["weight_or_rank"].astype(float).groupby(sets["starting_set"]).sum()
    assert totals.to_dict() == {
        "weights of criteria": pytest.approx(1),
        "weights of spending areas": pytest.approx(1),
    }
    services = dataset.table("judgements/priority_attributes")
    assert services["service"].is_unique
    assert (rows[["meaning", "chosen_by", "chosen_on", "why"]] != "").all(axis=None)


def test_no_published_weights_are_of_what_the_finder_weighs(dataset: Dataset) -> None:
    """The finder says so; where a study comes that has them, it can start from them."""
    sets = dataset.table("judgements/published_priorities")
    names = set(sets.loc[sets["starting_set"] != "no", "weight_meaning"])
    facts = dataset.table("frameworks/patient_priorities")
    published = facts.loc[facts["weight_meaning"].isin(names), "attribute"]
    assert set(published.str.partition(":")[0]) == {"criterion", "spending area"}
    said = "no study that we read gives weights for them"
    question = read(Finder, {}, search.vocabulary(dataset))
    assert said in str(search.screen(question, dataset).markup())


def test_nothing_is_to_be_handed_in_until_the_server_takes_it(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ("data-hand-in=" in shown(dataset, {}).markup()) == share.HANDS_IN
    monkeypatch.setattr(share, "HANDS_IN", True)
    markup = shown(dataset, {}).markup()
    assert 'data-hand-in="priorities"' in markup
    assert re.search(r'<input type="checkbox" data-consent value="3">', markup)
    page = re.sub(r"\s+", " ", markup)
    for kept in ("at most two years", "hashes", "After two years the server deletes them"):
        assert kept in page
