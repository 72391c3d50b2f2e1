"""The strategy sheet without a browser: gaps become actions, orphans are flagged and counted."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re

import pytest

from canheal_nb.data import Dataset
from canheal_nb.screens import shell
from canheal_nb.strategy import screen
from canheal_nb.strategy.question import StrategySheet
from canheal_nb.text import dates
from canheal_nb.text.errors import UserError
from canheal_nb.text.question import read

NOU = "nou-bratislava"
READY = "GR.mlm05:1,GR.mlm06:1,GR.mlm35:2,GR.mtb02:no,GR.mlm06_owner:Payer,GR.mlm06_date:2028"


def shown(dataset: Dataset, **given: str) -> shell.Screen:
    return screen.screen(read(StrategySheet, given, screen.vocabulary(dataset)), dataset)


def actions(view: shell.Screen) -> dict[str, dict[str, str]]:
    return {one["id"]: one for group in view.context["groups"] for one in group["actions"]}


def test_without_either_file_it_says_what_to_do_and_takes_own_actions(dataset: Dataset) -> None:
    view = shown(dataset, country="GR")
    assert view.context["answer"] == "Greece: no gap is known yet, so the sheet is empty."
    markup = view.markup()
    assert markup.count("not opened; the sheet works without it") == 2
    assert 'href="check_genomics?country=GR"' in markup
    assert 'data-part="GR.own1_owner"' in markup
    ids = re.findall(r'<(?:select|input)[^>]* id="([^"]+)"', markup)
    assert len(ids) == len(set(ids))
    assert set(ids) <= set(re.findall(r'<label for="([^"]+)"', markup))


def test_each_gap_has_an_action_and_orphans_are_counted_by_what_they_lack(
    dataset: Dataset,
) -> None:
    view = shown(dataset, country="GR", genomics=READY)
    assert list(actions(view)) == ["g-mlm06", "g-mlm05", "g-mlm35", "g-mtb02"]
    assert view.context["answer"] == (
        "Greece: 4 actions. 4 are orphans (4 no goal, 3 no owner and 3 no date)."
    )
    assert actions(view)["g-mlm05"]["after"] == "MLM06"
    assert actions(view)["g-mlm06"]["owner"] == "Payer"
    assert actions(view)["g-mlm35"]["action"].startswith("Reach level 3:")
    assert view.context["flags"]["g-mlm06"] == "Orphan: no goal."


def test_what_is_typed_takes_an_action_off_the_orphans(dataset: Dataset) -> None:
    goal = "GR.g-ii-investment-and-economic-model_goal:Tests are paid for"
    typed = f"{goal},GR.g-mlm05_owner:Payer,GR.g-mlm05_date:2029-06,GR.g-mlm06_owner:Ministry"
    view = shown(dataset, country="GR", genomics=READY, answers=typed)
    assert "4 actions. 2 are orphans" in view.context["answer"]
    assert view.context["flags"]["g-mlm05"] == view.context["flags"]["g-mlm06"] == ""
    all_at_once = shown(dataset, country="GR", genomics=READY, answers="GR.all_goal:Ready")
    assert "no goal" not in all_at_once.context["answer"]
    early = shown(dataset, country="GR", genomics=READY, answers=typed.replace("2029", "2027"))
    assert early.context["flags"]["g-mlm05"] == ("Look again: it is due before what it rests on.")
    past = shown(dataset, country="GR", genomics=READY, answers="GR.g-mlm05_date:2026-10")
    assert "no date" not in past.context["flags"]["g-mlm05"]
    wrong = shown(dataset, country="GR", genomics=READY, answers="GR.g-mlm35_date:<soon>")
    assert "no owner and no date." in wrong.context["flags"]["g-mlm35"]
    spoken = [text for name, text in wrong.drawn.items() if name.endswith("g-mlm35")]
    assert ["&lt;soon&gt; is no date" in text for text in spoken] == [True]
    own = shown(dataset, country="GR", answers="GR.own1_date:soon")
    assert "soon is no date" in own.markup(), "a line that holds only a mistake is not dropped"


def test_a_day_that_is_over_is_said(dataset: Dataset) -> None:
    given = READY.replace("2028", "2026-10-01")
    assert (
        "the day is over"
        in shown(dataset, country="GR", genomics=given).context["flags"]["g-mlm06"]
    )


def test_a_centre_needs_no_file_since_facts_are_known_of_it(dataset: Dataset) -> None:
    view = shown(dataset, centre=NOU, designation=f"{NOU}.beds:60")
    found = actions(view)
    assert list(found) == [f"d-{NOU}-{one}" for one in ("member", "beds", "accreditation")]
    assert found[f"d-{NOU}-beds"]["gap"].endswith("is asked for")
    assert "no goal" not in view.context["answer"]
    assert "3 no owner" in view.context["answer"]
    assert "8 criteria of OECI" in view.context["open"]
    closed = shown(dataset, centre=NOU, designation=f"{NOU}.beds:400,{NOU}.member:yes")
    assert list(actions(closed)) == [f"d-{NOU}-accreditation"]


def test_who_holds_the_certificate_needs_none(dataset: Dataset) -> None:
    found = actions(shown(dataset, centre="int-milan"))
    assert [one for one in found if one.endswith("accreditation")] == []


def test_a_country_takes_its_centres_that_are_answered_and_no_others(dataset: Dataset) -> None:
    given = f"{NOU}.beds:60,int-milan.beds:1,own.beds:2"
    view = shown(dataset, country="SK", designation=given)
    assert {one.rsplit("-", 1)[0] for one in actions(view)} == {f"d-{NOU}"}
    others = view.context["others"]
    assert [set_ for set_, _name in others] == ["centre=int-milan", "centre="]
    own = shown(dataset, designation=given, genomics="own.called:North,own.mlm01:2")
    assert own.context["answer"].startswith("North:")
    assert "d-own-beds" in actions(own)
    assert "g-mlm01" in actions(own)


def test_an_own_action_without_a_gap_is_an_orphan(
    dataset: Dataset,
) -> None:
    view = shown(dataset, answers="own.own1_text:Buy a van")
    assert view.context["answer"] == (
        "A place of your own: 1 action. "
        "1 is an orphan (1 no goal, 1 no gap, 1 no owner and 1 no date)."
    )


def test_money_leads_to_the_scenario_that_funds_the_service(dataset: Dataset) -> None:
    view = shown(dataset, country="GR", genomics=READY)
    links = {name: link for name, _count, link in view.context["funded"]}
    assert links == {
        "Molecular testing": "plan_funding?"
        "scenario=ngs_for_all&service=molecular_testing&country=GR",
        "Tumour boards": "",
    }
    region = shown(dataset, genomics="own.within:GR,own.mlm35:2")
    assert region.context["funded"][0][2].endswith("&country=GR")


def test_typing_never_changes_the_plan_and_nothing_typed_is_in_the_link(dataset: Dataset) -> None:
    before = shown(dataset, country="GR", genomics=READY)
    after = shown(dataset, country="GR", genomics=READY, answers="GR.g-mlm05_owner:Payer")
    one, two = before.state()["regions"], after.state()["regions"]
    changed = {name for name, text in two.items() if one[name] != text}
    assert {name.split("-", 2)[-1] for name in changed} == {"answer", "g-mlm05"}
    assert after.question.query() == "country=GR"
    other = shown(dataset, country="GR", genomics="GR.mlm05:1").state()["regions"]
    assert not {name for name in other if name.startswith("v-")} & set(one)


def test_the_sheet_is_saved_with_a_code_for_each_answer(dataset: Dataset) -> None:
    typed = "GR.g-mlm05_owner:Payer,GR.own2_text:Buy,GR.all_goal:Ready"
    view = shown(dataset, country="GR", genomics=READY, answers=typed)
    assert view.save is not None
    lines = list(csv.reader(view.save("csv").content.decode("utf-8-sig").splitlines()))
    assert {"Code", *json.loads(view.context["columns"])} <= set(lines[0])
    sheet = {line[0]: dict(zip(lines[0], line, strict=False)) for line in lines[1:] if line}
    assert sheet["g-mlm05"]["Owner"] == "Payer"
    assert sheet["g-mlm06"]["By when"] == "2028"
    assert sheet["own2"]["Action"] == "Buy"
    assert sheet["own5"]["Action"] == ""
    assert "Orphan" in sheet["g-mlm35"]["To look at"]
    assert sheet["g-ii-investment-and-economic-model"]["Goal"] == ""
    assert sheet["all"]["Goal"] == "Ready"
    assert view.save("xlsx").content[:2] == b"PK"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("", None),
        ("2027", dt.date(2027, 12, 31)),
        (" 2028-02 ", dt.date(2028, 2, 29)),
        ("2027-6-3", dt.date(2027, 6, 3)),
    ],
)
def test_a_date_is_the_last_day_of_what_is_written(text: str, day: dt.date | None) -> None:
    assert dates.day(text) == day


@pytest.mark.parametrize("text", ["soon", "2027-13", "2027-02-30", "06.2027", "27", "0000"])
def test_a_wrong_date_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="no date"):
        dates.day(text)
