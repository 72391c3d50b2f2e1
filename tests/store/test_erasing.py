"""What was taken back is in no file of the store, nor for ever in a copy."""

from __future__ import annotations

import datetime as dt
import json
import random
import sqlite3
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from canheal_nb.store import comments, erasing, open_store, submissions, terms, transfer
from canheal_nb.text.errors import UserError

DAY = dt.date(2026, 3, 2)
OFFER = replace(terms.offered(), topics={"data"})
MARK = "Nobody else writes this 4711"


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "state"


def found(folder: Path, text: str) -> list[str]:
    """Return the files of a store in whose bytes a text stands."""
    return [one.name for one in sorted(folder.iterdir()) if text.encode() in one.read_bytes()]


def test_a_withdrawn_text_is_in_no_file_at_once(folder, feedback):
    store = open_store(str(folder))
    code = submissions.hand_in(store, feedback(text=MARK), DAY, OFFER)
    assert found(folder, MARK), "or the test looks in the wrong place"
    submissions.withdraw(store, code)
    assert {one.name for one in folder.iterdir()} >= {"canheal.sqlite", "canheal.sqlite-wal"}
    assert found(folder, MARK) == []
    store.close()


@pytest.mark.parametrize("way", ["look", "close", "kill"])
def test_with_a_reader_in_the_way_it_goes_when_the_reader_has(folder, feedback, way):
    store = open_store(str(folder))
    code = submissions.hand_in(store, feedback(text=MARK), DAY, OFFER)
    reader = sqlite3.connect(folder / "canheal.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM feedback").fetchone()
    submissions.withdraw(store, code)
    assert found(folder, MARK), "the reader still sees it, so it must be there"
    size = (folder / "canheal.sqlite-wal").stat().st_size
    assert not erasing.erase(store)
    assert (folder / "canheal.sqlite-wal").stat().st_size == size, "waiting piles nothing up"
    reader.close()
    if way == "look":
        assert erasing.erase(store)
    elif way == "close":
        store.close()
    else:
        open_store(str(folder)).close()
    assert found(folder, MARK) == []
    store.close()


def deletions(folder: Path, feedback, count: int, gone: int, seed: int) -> list[str]:
    """Hand in texts of all lengths, take some back, and return those that still stand in a file."""
    chance, store, codes = random.Random(seed), open_store(str(folder)), {}
    for n in range(count):
        mark = f"UNIQ{n:05d}MARK"
        text = (f"{mark} " * chance.randint(1, 90))[:1990]
        key = str(UUID(int=chance.getrandbits(128)))
        given = feedback(text=text, sort="error", fact="f", key=key, link="/app/atlas")
        codes[mark] = submissions.hand_in(store, given, DAY, OFFER)
    marks = chance.sample(sorted(codes), gone)
    for mark in marks:
        submissions.withdraw(store, codes[mark])
    left = [mark for mark in marks if found(folder, mark)]
    store.close()
    return left


def test_no_text_stays_in_a_gap_between_others(folder, feedback):
    """Of these, overwriting what is deleted and emptying the write-ahead file leave one."""
    assert deletions(folder, feedback, 120, 60, seed=4) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5))
def test_no_text_of_hundreds_stays_in_a_gap_between_others(folder, feedback, seed):
    assert deletions(folder, feedback, 300, 200, seed) == []


@pytest.mark.parametrize("way", ["replaced", "removed", "forgotten"])
def test_however_a_text_goes_it_leaves_the_files(folder, feedback, way):
    store = open_store(str(folder))
    given = feedback(text=MARK)
    submissions.hand_in(store, given, DAY, OFFER)
    if way == "replaced":
        submissions.hand_in(store, given | {"text": "Another text."}, DAY, OFFER)
    elif way == "removed":
        comments.remove(store, comments.comments(store)[0].item)
    else:
        submissions.forget_before(store, DAY + dt.timedelta(1))
    assert found(folder, MARK) == []
    store.close()


def test_answers_that_were_replaced_leave_the_files(folder, priorities):
    store = open_store(str(folder))
    given = priorities(answers={"mri": "7.654321"})
    submissions.hand_in(store, given, DAY, OFFER)
    submissions.hand_in(store, given | {"answers": {"mri": "8"}}, DAY, OFFER)
    assert found(folder, "7.654321") == []
    store.close()


def test_a_store_of_an_earlier_version_is_written_anew_when_it_is_opened(folder, feedback):
    store = open_store(str(folder))
    submissions.hand_in(store, feedback(text=MARK), DAY, OFFER)
    with store.transaction() as connection:
        for table in ("feedback", "submissions"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
        for table in ("upkeep", "expiries"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")
    assert found(folder, MARK)
    other = open_store(str(folder))
    assert found(folder, MARK) == []
    other.close()
    store.close()


def test_a_copy_says_by_when_it_is_deleted_and_is_refused_afterwards(store, feedback, tmp_path):
    submissions.hand_in(store, feedback(), DAY, OFFER)
    days = OFFER.copies_days
    assert days == 30
    lines = list(transfer.export_lines(store, DAY, days))
    assert json.loads(lines[0])["delete_by"] == "2026-04-01"
    other = open_store(str(tmp_path / "other"))
    late = DAY + dt.timedelta(days + 1)
    with pytest.raises(UserError, match="was to be deleted by 2026-04-01") as refused:
        transfer.import_lines(other, lines, OFFER, late)
    assert refused.value.code == "past-term"
    assert submissions.count(other)["feedback"] == 0
    assert transfer.import_lines(other, lines, OFFER, late - dt.timedelta(1)) == (1, 0)
    other.close()


def test_what_people_are_told_about_copies_is_their_term():
    for file in terms.CONSENTS.values():
        row = terms._rows(terms.home.data_dir(), file)[-1]
        said = row["kept"] + row.get("withdrawal", "")
        assert f"within {row['copies_days']} days" in said
        assert {"365": "a year after", "730": "two years"}[row["kept_days"]] in said
