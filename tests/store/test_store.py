"""The store on both engines: one key is one row, codes open what they should, nothing is half."""

from __future__ import annotations

import datetime as dt
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import inspect, text

from canheal_nb.store import address, comments, engine, open_store, submissions, terms, transfer
from canheal_nb.store.migrating import bring_up_to_date
from canheal_nb.store.tables import METADATA
from canheal_nb.text import home
from canheal_nb.text.errors import UserError

TODAY = dt.date(2026, 3, 2)
OFFER = replace(terms.offered(), topics={"data", "other"})


def give(store, hand_in):
    return submissions.hand_in(store, hand_in, TODAY, OFFER)


def dump(store) -> str:
    return "\n".join(transfer.export_lines(store))


def test_the_same_key_is_one_row_and_one_code(store, priorities, feedback):
    for hand_in in (priorities(), feedback()):
        codes = {give(store, hand_in) for _again in range(3)}
        assert len(codes) == 1
    assert submissions.count(store) == {"priorities": 1, "feedback": 1}


def test_a_key_is_the_same_with_and_without_hyphens(store, priorities):
    key = str(uuid4())
    first = give(store, priorities(key=key))
    assert give(store, priorities(key=key.replace("-", "").upper())) == first
    assert submissions.count(store)["priorities"] == 1


def test_other_answers_with_the_same_key_replace_the_first(store, priorities):
    key = str(uuid4())
    give(store, priorities(key=key))
    give(store, priorities(key=key, method="euros", answers={"mri": "100"}))
    (kept,) = submissions.priorities(store)
    assert (kept["method"], kept["answers"]) == ("euros", {"mri": "100"})
    assert (kept["group"], kept["country"], kept["received"]) == ("patient", "SI", TODAY)


def test_the_same_key_at_the_same_moment_is_one_row(store, priorities):
    hand_in = priorities()
    with ThreadPoolExecutor(8) as pool:
        codes = set(pool.map(lambda _n: give(store, hand_in), range(16)))
    assert len(codes) == 1
    assert submissions.count(store)["priorities"] == 1


def test_neither_key_nor_code_is_kept(store, priorities, feedback):
    for hand_in in (priorities(), feedback()):
        code = give(store, hand_in)
        kept = dump(store).lower()
        key = str(hand_in["key"])
        assert key not in kept
        assert key.replace("-", "") not in kept
        assert code.lower() not in kept
        assert code.replace("-", "").lower() not in kept


def test_a_code_withdraws_its_hand_in_with_everything_that_hangs_on_it(store, feedback):
    stays = give(store, feedback(text="I stay."))
    code = give(store, feedback(text="I go.", sort="error", fact="MRI in SI", proposed="12"))
    (item,) = [one.item for one in comments.comments(store) if one.text == "I go."]
    comments.note(store, item, TODAY, owner="Ana")
    assert submissions.withdraw(store, code.lower().replace("-", " ")) == "feedback"
    assert "I go." not in dump(store)
    assert comments.history(store, item) == []
    assert submissions.status(store, stays)["state"] == "new"
    with pytest.raises(UserError, match="Nothing goes by this code") as refused:
        submissions.withdraw(store, code)
    assert refused.value.code == "unknown-code"


@pytest.mark.parametrize("code", ["", "AAAA", None, 7, {"a": 1}, "x" * 10_000])
def test_another_code_opens_nothing(store, priorities, code):
    give(store, priorities())
    with pytest.raises(UserError, match="Nothing goes by this code"):
        submissions.withdraw(store, code)
    assert submissions.count(store)["priorities"] == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "other"),
        ("key", "1"),
        ("key", None),
        ("group", "doctor"),
        ("country", "Slovenia"),
        ("method", "guess"),
        ("answers", {}),
        ("answers", {"mri": "<b>"}),
        ("answers", {"<b>": "1"}),
        ("answers", {f"a{n}": "1" for n in range(201)}),
        ("answers", {"mri": 7}),
        ("consent", ""),
        ("consent", None),
        ("name", "Ana"),
        ("email", "a@example.org"),
    ],
)
def test_malformed_priorities_are_refused_by_field_and_nothing_is_kept(
    store, priorities, field, value
):
    with pytest.raises(UserError, match=f"'{field}'") as refused:
        give(store, priorities(**{field: value}))
    assert refused.value.code == "wrong-field"
    assert submissions.count(store) == {"priorities": 0, "feedback": 0}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("topic", "nothing", "wrong-field"),
        ("topic", ["data"], "wrong-field"),
        ("sort", "rant", "wrong-field"),
        ("text", "  \n\x00 ", "empty"),
        ("text", "x" * 2001, "too-long"),
        ("text", 7, "wrong-field"),
        ("fact", "x" * 301, "too-long"),
        ("screen", "a b", "wrong-field"),
        ("link", "javascript:alert(1)", "wrong-field"),
        ("link", "//example.org/", "wrong-field"),
        ("link", "https://example.org/", "wrong-field"),
        ("link", '/a"onclick="', "wrong-field"),
        ("answer", "mine", "wrong-field"),
    ],
)
def test_malformed_feedback_is_refused(store, feedback, field, value, code):
    with pytest.raises(UserError) as refused:
        give(store, feedback(**{field: value}))
    assert refused.value.code == code
    assert submissions.count(store)["feedback"] == 0


@pytest.mark.parametrize("given", [None, [], "x", 3, {}])
def test_what_is_no_hand_in_is_refused(store, given):
    with pytest.raises(UserError):
        give(store, given)


def test_a_text_is_kept_as_written_but_for_signs_that_nobody_sees(store, feedback):
    give(store, feedback(text="\x00L'Aquila\r\n<b>ż\u0301</b> \ud800\x1b[31m\u202e{0} %s "))
    (one,) = comments.comments(store)
    assert one.text == "L'Aquila\n<b>ż\u0301</b> [31m\u202e{0} %s"


def test_owner_answer_and_what_changed_are_written_down_with_their_days(store, feedback):
    code = give(store, feedback())
    (one,) = comments.comments(store)
    assert (one.state, one.owner, one.due) == ("new", "", TODAY + dt.timedelta(days=30))
    with pytest.raises(UserError, match="Name first who owns") as refused:
        comments.note(store, one.item, TODAY, answer="Done.")
    assert refused.value.code == "no-owner"
    comments.note(store, one.item, TODAY, owner="Ana", due=dt.date(2026, 3, 20))
    later = TODAY + dt.timedelta(days=4)
    comments.note(store, one.item, later, answer="Trains are in.", changed="A layer was added.")
    assert submissions.status(store, code) == {
        "kind": "feedback",
        "received": "2026-03-02",
        "state": "answered",
        "answer": "Trains are in.",
        "changed": "A layer was added.",
        "due": "2026-03-20",
    }
    assert comments.history(store, one.item) == [
        (TODAY, "owner", "", "Ana"),
        (TODAY, "due", "2026-04-01", "2026-03-20"),
        (TODAY, "state", "new", "open"),
        (later, "answer", "", "Trains are in."),
        (later, "changed", "", "A layer was added."),
        (later, "state", "open", "answered"),
    ]


def test_late_is_a_matter_of_the_day_that_is_asked_about(store, feedback):
    give(store, feedback())
    (one,) = comments.comments(store)
    days = {n: one.late(TODAY + dt.timedelta(days=n)) for n in (0, 30, 31)}
    assert days == {0: False, 30: False, 31: True}
    comments.note(store, one.item, TODAY, owner="Ana", due=TODAY + dt.timedelta(days=90))
    (moved,) = comments.comments(store)
    assert moved.late(TODAY + dt.timedelta(days=31)), "a later day does not hide the wait"
    comments.note(store, one.item, TODAY, answer="Yes.")
    (done,) = comments.comments(store)
    assert not done.late(TODAY + dt.timedelta(days=400))


def test_a_comment_is_replaced_until_somebody_works_on_it(store, feedback):
    key = str(uuid4())
    give(store, feedback(key=key, text="First."))
    give(store, feedback(key=key, text="Second.", sort="error", fact="MRI in SI"))
    (one,) = comments.comments(store)
    assert (one.text, one.proposal["reason"]) == ("Second.", "Second.")
    comments.note(store, one.item, TODAY, owner="Ana")
    give(store, feedback(key=key, text="Second.", sort="error", fact="MRI in SI"))
    with pytest.raises(UserError, match="already being looked at"):
        give(store, feedback(key=key, text="Third."))
    assert comments.comments(store)[0].text == "Second."


def test_a_correction_of_a_fact_is_kept_for_review_with_its_reason(store, feedback):
    give(store, feedback())
    give(store, feedback(sort="error", fact="MRI in SI", proposed="12", source="annual report"))
    wanted = next(one for one in comments.comments(store) if one.proposal)
    assert wanted.proposal["state"] == "waiting"
    assert wanted.proposal["reason"] == wanted.text
    with pytest.raises(UserError, match="Say why"):
        comments.decide(store, wanted.item, TODAY, "accepted", " ")
    with pytest.raises(UserError, match="'decision'"):
        comments.decide(store, wanted.item, TODAY, "maybe", "so")
    comments.decide(store, wanted.item, TODAY, "declined", "The report says 11.")
    kept = next(one for one in comments.comments(store) if one.proposal)
    assert (kept.proposal["state"], kept.proposal["why"]) == ("declined", "The report says 11.")
    assert comments.history(store, kept.item) == [(TODAY, "proposal", "waiting", "declined")]
    other = next(one for one in comments.comments(store) if not one.proposal)
    with pytest.raises(UserError, match="proposes no correction"):
        comments.decide(store, other.item, TODAY, "accepted", "so")


def test_a_comment_is_deleted_with_all_that_was_noted(store, feedback):
    give(store, feedback())
    (one,) = comments.comments(store)
    comments.note(store, one.item, TODAY, owner="Ana", answer="Yes.")
    comments.remove(store, one.item)
    assert comments.comments(store) == []
    with pytest.raises(UserError, match="There is no comment"):
        comments.remove(store, one.item)


def test_everything_before_a_day_is_deleted(store, feedback, priorities):
    give(store, priorities())
    give(store, feedback())
    later = TODAY + dt.timedelta(days=1)
    submissions.hand_in(store, priorities(), later, OFFER)
    assert submissions.forget_before(store, TODAY) == 0
    assert submissions.forget_before(store, later) == 2
    assert submissions.count(store) == {"priorities": 1, "feedback": 0}


def test_everything_moves_to_another_store_as_it_was(store, feedback, priorities, tmp_path):
    code = give(store, priorities())
    give(store, feedback(text='Żółć, "quoted"\nand a line', sort="error", fact="f", proposed="1"))
    (one,) = comments.comments(store)
    comments.note(store, one.item, TODAY, owner="Ana", answer="Yes.")
    lines = list(transfer.export_lines(store))
    other = open_store(str(tmp_path / "other"))
    assert transfer.import_lines(other, lines, OFFER, TODAY) == (2, 0)
    assert list(transfer.export_lines(other)) == lines
    assert transfer.import_lines(other, lines, OFFER, TODAY) == (0, 2)
    assert list(transfer.export_lines(other)) == lines
    assert submissions.withdraw(other, code) == "priorities"
    other.close()


@pytest.mark.parametrize("spoil", ["head", "cut", "field", "type", "twice", "binary"])
def test_a_file_that_is_no_export_adds_nothing(store, feedback, priorities, tmp_path, spoil):
    give(store, feedback())
    give(store, priorities())
    lines = list(transfer.export_lines(store))
    bad = {
        "head": lines[1:],
        "cut": [*lines[:2], lines[2][:40]],
        "field": [*lines[:2], lines[2].replace('"lang"', '"long"')],
        "type": [*lines[:2], lines[2].replace('"received": "2026', '"received": "x2026')],
        "twice": [*lines[:2], lines[2].replace('"code_hash": "', '"code_hash": 7, "x": "')],
        "binary": [*lines[:2], "\x00\x01"],
    }[spoil]
    other = open_store(str(tmp_path / "other"))
    with pytest.raises(UserError, match="is no line of an export") as refused:
        transfer.import_lines(other, bad, OFFER, TODAY)
    assert refused.value.code == "wrong-export"
    assert submissions.count(other) == {"priorities": 0, "feedback": 0}
    other.close()


def test_the_migrations_make_the_tables_that_the_code_uses(store):
    found = inspect(store.engine)
    for table in METADATA.tables.values():
        made = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
        assert made == {column.name: column.nullable for column in table.columns}
    bring_up_to_date(store)


def test_a_store_of_a_newer_version_is_refused(store):
    with store.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UserError, match="newer version") as refused:
        bring_up_to_date(store)
    assert refused.value.code == "newer-store"


def test_many_open_the_same_empty_store_at_once(address):
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _n: open_store(address), range(4)))
    assert [submissions.count(one)["feedback"] for one in stores] == [0] * 4
    for one in stores:
        one.close()


def test_a_hand_in_that_fails_halfway_leaves_nothing(store, feedback, monkeypatch):
    monkeypatch.setattr(submissions, "_propose", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        give(store, feedback())
    assert submissions.count(store)["feedback"] == 0


# --- one engine alone ---------------------------------------------------------------------


@pytest.fixture
def file(tmp_path, monkeypatch) -> Path:
    """Return the path of an SQLite store whose locks are waited for only a moment."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    return tmp_path / "state" / "canheal.sqlite"


def test_sqlite_writes_ahead_and_waits_for_the_disk(file):
    store = open_store(str(file.parent))
    with store.transaction() as connection:
        asked = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in (
            "journal_mode", "synchronous", "foreign_keys"
        )}  # fmt: skip
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert file.parent.stat().st_mode & 0o077 == 0
    store.close()


def test_a_locked_database_is_told_in_a_plain_sentence(file, priorities):
    store = open_store(str(file.parent))
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(engine.StoreError, match="busy: nothing was kept") as refused:
        give(store, priorities())
    assert refused.value.code == engine.BUSY
    other.execute("ROLLBACK")
    other.close()
    give(store, priorities())
    assert submissions.count(store)["priorities"] == 1
    store.close()


def test_a_full_disk_is_told_in_a_plain_sentence_and_nothing_is_half_written(file, feedback):
    store = open_store(str(file.parent))

    def fill() -> None:
        for _n in range(200):
            give(store, feedback(text="x" * 2000, sort="error", fact="f"))

    with store.transaction() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    with store.engine.connect() as connection:
        raw = connection.connection.driver_connection
        raw.execute(f"PRAGMA max_page_count={pages + 20}")
    with pytest.raises(engine.StoreError, match="no room left: nothing was kept") as refused:
        fill()
    assert refused.value.code == engine.FULL
    kept = comments.comments(store)
    assert 0 < len(kept) < 200
    assert all(one.proposal for one in kept)
    store.close()


def test_a_store_out_of_reach_is_told_in_a_plain_sentence(tmp_path):
    (tmp_path / "taken").write_text("a file, no folder")
    nowhere = f"postgresql://nobody:secret@/none?host={tmp_path}"
    for given in (nowhere, str(tmp_path / "taken"), "postgresql://[::bad"):
        with pytest.raises(engine.StoreError, match="cannot be reached") as refused:
            open_store(given)
        assert refused.value.code == engine.UNREACHABLE
        assert "secret" not in str(refused.value)


def test_the_store_is_where_it_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    monkeypatch.delenv("CANHEAL_STORE", raising=False)
    assert address() == f"sqlite:///{home.notebooks_dir().parent}/state/canheal.sqlite"
    monkeypatch.setattr(home, "_SHARE", tmp_path)
    assert address() == f"sqlite:///{tmp_path}/xdg/canheal/canheal.sqlite"
    monkeypatch.setenv("CANHEAL_STORE", str(tmp_path / "mine"))
    assert address() == f"sqlite:///{tmp_path}/mine/canheal.sqlite"
    assert address("postgres://a@b/c") == "postgresql+psycopg://a@b/c"
    with pytest.raises(UserError, match="cannot be a database of the kind 'mysql'"):
        address("mysql://x")
