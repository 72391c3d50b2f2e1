"""The day that the store believes: a wrong clock deletes nothing, a right one keeps the promise."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from dataclasses import replace

import pytest

from canheal_nb import cli
from canheal_nb.serve.submission_service import Desk
from canheal_nb.store import comments, days, open_store, submissions, terms
from canheal_nb.text.errors import UserError

DAY = dt.date(2026, 3, 2)
OFFER = replace(terms.offered(), topics={"data"})
KEPT = OFFER.kept_days
YEAR, TWO = KEPT["feedback"]["1"], KEPT["priorities"]["2"]


def after(n: int) -> dt.date:
    return DAY + dt.timedelta(n)


@pytest.fixture
def filled(store, feedback, priorities):
    """One answered comment, one that waits, and one person's priorities, all of the same day."""
    days.trusted(store, DAY)
    for text in ("Answered.", "Waits."):
        submissions.hand_in(store, feedback(text=text), DAY, OFFER)
    submissions.hand_in(store, priorities(consent="2"), DAY, OFFER)
    item = next(one.item for one in comments.comments(store) if one.text == "Answered.")
    comments.note(store, item, DAY, owner="Ana", answer="Yes.")
    return store


def kept(store) -> int:
    return sum(submissions.count(store).values())


def live(store, clock: dt.date) -> days.Day:
    """Do what a server does on a day."""
    day = days.trusted(store, clock)
    if not day.doubt:
        days.sweep(store, day.day, KEPT)
    return day


def test_what_is_agreed_is_kept_to_the_day(filled):
    for n in range(0, YEAR - 7, 30):
        live(filled, after(n))
    live(filled, after(YEAR - 7))
    assert days.marked(filled) == (0, None)
    live(filled, after(YEAR - 6))
    assert days.marked(filled) == (1, after(YEAR + 1))
    live(filled, after(YEAR))
    assert kept(filled) == 3
    live(filled, after(YEAR + 1))
    assert {one.text for one in comments.comments(filled)} == {"Waits."}
    for n in (*range(YEAR + 1, TWO - 7, 30), TWO - 7, TWO - 6):
        live(filled, after(n))
    assert days.marked(filled) == (1, after(TWO + 1))
    live(filled, after(TWO))
    assert submissions.count(filled)["priorities"] == 1
    live(filled, after(TWO + 1))
    assert submissions.count(filled) == {"priorities": 0, "feedback": 1}, "it is not answered yet"


@pytest.mark.parametrize("clock", [after(3653), after(41), after(-2), dt.date(1969, 12, 31)])
def test_a_clock_that_cannot_be_is_not_believed_and_deletes_nothing(filled, clock):
    for _again in range(3):
        told = live(filled, clock)
    assert told.day == DAY
    assert told.doubt == (days.AHEAD if clock > DAY else days.BACK)
    assert clock.isoformat() in told.sentence()
    assert DAY.isoformat() in told.sentence()
    assert (kept(filled), days.marked(filled)) == (3, (0, None))
    assert live(filled, after(1)) == days.Day(after(1), after(1)), "it is set right"
    assert kept(filled) == 3


def test_forty_days_are_believed_and_yesterday_is_no_wrong_clock(filled):
    assert live(filled, after(40)).day == after(40)
    told = live(filled, after(39))
    assert (told.day, told.doubt, told.sentence()) == (after(40), "", "")


def test_a_clock_a_month_ahead_deletes_nothing_before_a_week_has_passed(filled):
    for n in range(0, YEAR - 30, 30):
        live(filled, after(n))
    live(filled, after(YEAR - 20))
    live(filled, after(YEAR + 15))
    live(filled, after(YEAR + 21))
    assert (kept(filled), days.marked(filled)) == (3, (1, after(YEAR + 22)))
    live(filled, after(YEAR + 22))
    assert kept(filled) == 2


def test_a_mark_goes_when_the_day_was_wrong_or_the_comment_is_opened_again(filled):
    with filled.transaction() as connection:
        connection.exec_driver_sql("UPDATE upkeep SET trusted = '2027-02-20'")
    live(filled, after(YEAR - 5))
    assert days.marked(filled)[0] == 1
    with pytest.raises(UserError, match="The clock says 2026-03-03, not 2027-03-03"):
        days.confirm(filled, after(1), after(366))
    days.confirm(filled, after(1), after(1))
    live(filled, after(1))
    assert (kept(filled), days.marked(filled)) == (3, (0, None))
    with filled.transaction() as connection:
        connection.exec_driver_sql("UPDATE upkeep SET trusted = '2027-02-20'")
    live(filled, after(YEAR - 5))
    item = next(one.item for one in comments.comments(filled) if one.text == "Answered.")
    comments.note(filled, item, after(YEAR - 5), answer="")
    for n in range(YEAR - 4, YEAR + 20):
        live(filled, after(n))
    assert kept(filled) == 3


def test_a_confirmed_clock_is_believed_and_still_gives_a_week(filled):
    far = after(3653)
    assert live(filled, far).doubt == days.AHEAD
    days.confirm(filled, far, far)
    assert live(filled, far).doubt == ""
    assert kept(filled) == 3
    live(filled, far + dt.timedelta(7))
    assert kept(filled) == 1


def test_a_day_that_has_not_come_yet_keeps_nothing_longer(store, priorities):
    submissions.hand_in(store, priorities(consent="2"), after(3653), OFFER)
    days.confirm(store, DAY, DAY)
    live(store, DAY)
    (one,) = submissions.priorities(store)
    assert one["received"] == DAY


def test_each_consent_is_kept_as_it_says(store, priorities):
    days.trusted(store, DAY)
    for version in ("1", "2", "3"):
        submissions.hand_in(store, priorities(consent=version), DAY, OFFER)
    kept_days = {"priorities": {"1": 10, "2": 20}}
    for n in range(11):
        days.sweep(store, after(n), kept_days)
    assert submissions.count(store)["priorities"] == 3
    days.sweep(store, after(11), kept_days)
    assert submissions.count(store)["priorities"] == 2
    for n in range(12, 60):
        days.sweep(store, after(n), kept_days)
    assert submissions.count(store)["priorities"] == 1, "for the third nothing was said"


def test_a_version_that_says_no_time_has_that_of_the_newest():
    assert KEPT == {
        "feedback": {"1": 365, "2": 365},
        "priorities": {"1": 730, "2": 730, "3": 730},
    }


def test_the_desk_dates_and_keeps_by_the_day_that_is_believed(
    address, feedback, monkeypatch, caplog
):
    def hand_in(desk: Desk) -> None:
        def keep(store, today):
            return submissions.hand_in(store, feedback(), today, OFFER)

        asyncio.run(desk.do(keep, "en"))

    monkeypatch.setattr(days, "today", lambda: DAY)
    first = Desk(address)
    hand_in(first)
    first.close()
    monkeypatch.setattr(days, "today", lambda: after(3653))
    desk = Desk(address)
    hand_in(desk)
    with caplog.at_level(logging.ERROR, "canheal"):
        asyncio.run(desk.look())
        asyncio.run(desk.look())
    (line,) = [record.getMessage() for record in caplog.records]
    assert "The clock says 2036-03-02, the store last saw 2026-03-02" in line
    store = open_store(address)
    assert [one.received for one in comments.comments(store)] == [DAY, DAY]
    store.close()
    monkeypatch.setattr(days, "today", lambda: after(1))
    asyncio.run(desk.look())
    assert desk.day == days.Day(after(1), after(1))
    desk.close()


def test_looking_makes_no_store(tmp_path):
    asyncio.run(Desk(str(tmp_path / "state")).look())
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_says_it_and_confirms_it(filled, address, capsys, monkeypatch):
    def run(*words: str, code: int = 0) -> str:
        assert cli.main(["feedback", *words, "--store", address]) == code
        told = capsys.readouterr()
        return told.out + told.err

    far = after(3653)
    monkeypatch.setattr(days, "today", lambda: far)
    assert "nothing is deleted for its age" in run("list")
    assert cli.main(["priorities", "snapshot", "--store", address]) == 2
    assert "nothing is deleted for its age" in capsys.readouterr().err
    assert "The clock says 2036-03-02, not 2036-03-03" in run(
        "clock", "--confirm", "2036-03-03", code=2
    )
    assert run("clock", "--confirm", "2036-03-02") == (
        "The clock says 2036-03-02; the store believes 2036-03-02.\n"
    )
    live(filled, far)
    assert "2 hand-ins are deleted for their age, from 2036-03-09 on." in run("list")
