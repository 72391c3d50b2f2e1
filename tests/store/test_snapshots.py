"""Snapshots of groups on both engines: when one is told, what stays, and what never comes back."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from canheal_nb import cli
from canheal_nb.priorities import snapshot_store
from canheal_nb.store import open_store, submissions, terms, transfer
from canheal_nb.store.tables import PRINTS, SNAPSHOTS
from canheal_nb.text.errors import UserError

pytestmark = pytest.mark.usefixtures("few_are_enough")
DAY = dt.date(2026, 3, 2)
OFFER = replace(terms.offered(), topics={"data"})
NEXT = DAY + dt.timedelta(30)
SERVICES = ["radiotherapy", "mri"]


def give(store, priorities, n: int, **other: object) -> list[str]:
    return [submissions.hand_in(store, priorities(**other), DAY, OFFER) for _each in range(n)]


def rows(store, table) -> list[dict[str, object]]:
    with store.transaction() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def test_five_are_told_with_day_people_and_method_and_four_are_not(store, priorities):
    give(store, priorities, 5)
    give(store, priorities, 4, group="citizen")
    made, waiting = snapshot_store.publish(store, SERVICES, DAY)
    (one,) = made
    assert (one.name, one.told.people, one.told.methods) == ("patient-2026-03-02", 5, ("swing",))
    assert one.told.agreement == "too_few"
    assert snapshot_store.published(store) == made
    assert snapshot_store.Standing("citizen", 4, 4) in waiting
    with pytest.raises(UserError, match="no snapshot"):
        snapshot_store.one(store, "citizen-2026-03-02")


def test_what_is_told_is_in_steps_and_no_answer_is_in_it(store, priorities):
    give(store, priorities, 7, country="SI")
    snapshot_store.publish(store, SERVICES, DAY)
    (kept,) = rows(store, SNAPSHOTS)
    told = json.loads(kept["told"])
    assert set(told) == {"step", "weights", "methods", "agreement"}
    assert all(round(weight / 0.1, 6).is_integer() for weight in told["weights"].values())
    assert "SI" not in json.dumps(kept, default=str)


def test_the_next_one_waits_for_five_changes_and_thirty_days(store, priorities):
    give(store, priorities, 5)
    snapshot_store.publish(store, SERVICES, DAY)
    give(store, priorities, 4)
    assert snapshot_store.publish(store, SERVICES, NEXT)[0] == []
    give(store, priorities, 1)
    for early in (DAY, NEXT - dt.timedelta(1)):
        assert snapshot_store.publish(store, SERVICES, early)[0] == []
    made, _waiting = snapshot_store.publish(store, SERVICES, NEXT)
    assert [one.told.people for one in made] == [10]
    assert [one.day for one in snapshot_store.published(store, DAY)] == [DAY]


def test_four_who_withdraw_and_answer_anew_are_four_changes(store, priorities):
    codes = give(store, priorities, 5)
    snapshot_store.publish(store, SERVICES, DAY)
    for code in codes[:4]:
        submissions.withdraw(store, code)
    give(store, priorities, 4, answers={"radiotherapy": "1", "mri": "100"})
    made, waiting = snapshot_store.publish(store, SERVICES, NEXT)
    assert made == []
    assert snapshot_store.Standing("patient", 5, 4) in waiting


def test_no_print_is_left_of_an_answer_that_was_withdrawn(store, priorities):
    code, *_others = give(store, priorities, 5)
    snapshot_store.publish(store, SERVICES, DAY)
    submissions.withdraw(store, code)
    assert sorted(len(str(row["print"])) for row in rows(store, PRINTS)) == [0, 64, 64, 64, 64]


def test_ways_that_mean_other_things_are_counted_apart(store, priorities, tmp_path):
    one_service = {"radiotherapy": "100"}
    give(store, priorities, 3, answers=one_service)
    give(store, priorities, 2, method="euros", answers=one_service)
    give(store, priorities, 4, method="ranking", answers={"radiotherapy": "1", "mri": "2"})
    pair = {"radiotherapy.mri": "9"}
    give(store, priorities, 5, method="ahp", answers=pair)
    made, waiting = snapshot_store.publish(store, SERVICES, DAY)
    assert [one.name for one in made] == ["patient-2026-03-02", "patient-pairs-2026-03-02"]
    assert [one.told.people for one in made] == [5, 5]
    assert [one.told.methods for one in made] == [(), ("ahp",)]
    assert snapshot_store.Standing("patient-order", 4, 4) in waiting
    new = open_store(str(tmp_path / "new"))
    transfer.import_lines(new, list(transfer.export_lines(store)), OFFER, DAY)
    assert snapshot_store.published(new) == made
    new.close()


def test_answers_that_weigh_nothing_do_not_count(store, priorities):
    give(store, priorities, 4)
    for bad in ("nonsense", "nan", "inf", "1e999"):
        with pytest.raises(UserError, match="is not a number"):
            give(store, priorities, 1, answers={"radiotherapy": bad})
    give(store, priorities, 1, answers={"radiotherapy": "0"})
    assert snapshot_store.publish(store, SERVICES, DAY)[0] == []


def test_a_late_retry_after_withdrawal_makes_no_new_row(store, priorities, feedback):
    for hand_in in (priorities(), feedback()):
        code = submissions.hand_in(store, hand_in, DAY, OFFER)
        submissions.withdraw(store, code)
        with pytest.raises(UserError, match="taken back before") as refused:
            submissions.hand_in(store, hand_in, DAY, OFFER)
        assert refused.value.code == "withdrawn"
    assert submissions.count(store) == {"priorities": 0, "feedback": 0}


def test_snapshots_from_the_command_line(store, address, priorities, capsys, tmp_path):
    give(store, priorities, 5)
    at = ["--store", address]

    def run(*words: str) -> str:
        assert cli.main(["priorities", *words]) == 0
        return capsys.readouterr().out

    assert run("list", *at) == "No snapshot is published.\n"
    said = run("snapshot", *at)
    name = said.split()[0]
    assert "5 people  swing  too few people" in said
    assert "citizen: no snapshot today; 0 of 5 people, 0 changed." in said
    assert run("list", *at).startswith(name)
    assert "Points of 100, in steps of 10:" in run("show", name, *at)
    assert run("list", "--as-of", "2020-01-01", *at) == "No snapshot is published.\n"
    run("export", str(tmp_path / "told.jsonl"), *at)
    (line,) = (tmp_path / "told.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["people"] == 5
    assert cli.main(["priorities", "list", "--as-of", "soon", *at]) == 2
    assert "is no day" in capsys.readouterr().err


def test_moving_house_keeps_snapshots_the_rule_and_what_was_withdrawn(store, priorities, tmp_path):
    gone = priorities()
    give(store, priorities, 4)
    code = submissions.hand_in(store, gone, DAY, OFFER)
    snapshot_store.publish(store, SERVICES, DAY)
    lines = list(transfer.export_lines(store))
    submissions.withdraw(store, code)
    after = list(transfer.export_lines(store))
    new = open_store(str(tmp_path / "new"))
    assert transfer.import_lines(new, after, OFFER, DAY) == (4, 0)
    assert list(transfer.export_lines(new)) == after
    again = transfer.import_lines(new, lines, OFFER, DAY)
    assert again == (0, 5), "the withdrawn one stays withdrawn"
    assert snapshot_store.published(new) == snapshot_store.published(store)
    assert snapshot_store.publish(new, SERVICES, NEXT)[0] == []
    with pytest.raises(UserError, match="taken back before"):
        submissions.hand_in(new, gone, DAY, OFFER)
    bad = json.dumps({"table": "snapshots", "row": {"name": "<b>"}})
    with pytest.raises(UserError, match="Line 2"):
        transfer.import_lines(new, [lines[0], bad], OFFER, DAY)
    new.close()
