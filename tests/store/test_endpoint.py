"""Hand-ins over HTTP, on a real server and both engines: what is acknowledged is there, once."""

from __future__ import annotations

import sqlite3
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from subprocess import run
from uuid import uuid4

import pytest

from canheal_nb.serve.hand_in_limits import MOST_OF_ONE, SECONDS, Limiter
from canheal_nb.serve.posting import MOST_BYTES, STATUS, is_own
from canheal_nb.serve.team import is_local
from canheal_nb.store import comments, engine, open_store, schema, submissions, transfer


def test_a_hand_in_is_looked_up_answered_and_taken_back(served, feedback, priorities):
    for hand_in in (feedback(topic="facts"), priorities()):
        status, told = served.post("submissions", hand_in)
        assert (status, list(told)) == (200, ["code"])
        assert served.post("submissions", hand_in) == (status, told)
    status, found = served.post("answers", told)
    assert (status, found["kind"]) == (200, "priorities")
    assert served.post("withdrawals", told) == (200, {"withdrawn": "priorities"})
    status, gone = served.post("withdrawals", told)
    assert (status, gone["code"]) == (404, "unknown-code")
    status, refused = served.post("submissions", hand_in)
    assert (status, refused["code"]) == (409, "withdrawn")
    assert "taken back before" in refused["message"]
    store = open_store(served.store)
    kept = "\n".join(transfer.export_lines(store))
    assert submissions.key_hash(schema.normal_key(hand_in["key"])) in kept, "as the consent says"
    assert submissions.code_hash(told["code"]) not in kept
    assert submissions.count(store) == {"priorities": 0, "feedback": 1}
    (item,) = [one.item for one in comments.comments(store)]
    store.close()
    own = {"item": item, "owner": "Ana", "answer": "Yes.", "changed": "", "due": ""}
    assert served.post("notes", own)[0] == 404, "not through a proxy"
    status, page = served.team()
    assert (status, "Show the trains as well." in page) == (200, True)
    assert served.get("/team", Host="example.org")[0] == 421
    assert served.get("/team", **{"X-Forwarded-For": "10.0.0.1"})[0] == 404


def test_what_is_no_hand_in_of_ours_is_refused_and_nothing_is_kept(served, feedback):
    good = feedback(topic="facts")
    cases = [
        (good, {"Origin": "http://example.org"}, 403),
        (good, {"Sec-Fetch-Site": "cross-site"}, 403),
        (good, {"Sec-Fetch-Site": "same-site"}, 403),
        (good, {"Origin": "null"}, 403),
        (good, {"Content-Type": "text/plain"}, 415),
        (good, {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        (b"{", {}, 400),
        (b"[" * 20_000, {}, 400),
        (b"[]", {}, 400),
        (b"\xff\xfe", {}, 400),
        ({**good, "text": "x" * MOST_BYTES}, {}, 413),
        ({**good, "topic": "unknown"}, {}, 400),
        ({**good, "text": "x" * 2001}, {}, 400),
    ]
    for body, headers, wanted in cases:
        status, told = served.post("submissions", body, **headers)
        assert (status, headers) == (wanted, headers)
        assert told["message"].endswith(".")
        assert "Traceback" not in told["message"]
    own = {"Origin": f"http://127.0.0.1:{served.port}", "Sec-Fetch-Site": "same-origin"}
    assert served.post("submissions", good, **own)[0] == 200
    store = open_store(served.store)
    assert submissions.count(store) == {"priorities": 0, "feedback": 1}
    store.close()


def test_one_address_may_not_hand_in_for_ever(served):
    statuses = [served.post("answers", {"code": "x"}, "10.9.9.9")[0] for _n in range(MOST_OF_ONE)]
    assert set(statuses) == {404}
    status, told = served.post("answers", {"code": "x"}, "10.9.9.9")
    assert (status, told["code"]) == (429, "http-429")
    assert served.post("answers", {"code": "x"}, "1.1.1.1, 10.9.9.8")[0] == 404


def crowd(served, priorities, count: int, kills: int) -> None:
    """Let many hand in at once, each twice; kill the server meanwhile; check what is there."""
    hand_ins = [priorities(answers={"mri": str(n)}) for n in range(count)]
    codes: dict[int, set[str]] = {n: set() for n in range(count)}
    up, enough, lock = threading.Event(), threading.Semaphore(0), threading.Lock()
    lost = threading.Event()  # the server did not come back: nobody waits for it
    up.set()

    def hand_in(n: int) -> None:
        for _twice in range(2):
            while not lost.is_set():
                up.wait()
                try:
                    status, told = served.post("submissions", hand_ins[n], f"10.1.{n % 250}.{n}")
                except (OSError, HTTPException, ValueError):
                    continue  # the connection is lost: the browser tries again with the same key
                if status == 200:
                    break
                assert status == 503, told
            else:
                return
            with lock:
                codes[n].add(told["code"])
            enough.release()

    with ThreadPoolExecutor(20) as pool:
        done = [pool.submit(hand_in, n) for n in range(count)]
        for _kill in range(kills):
            for _acknowledged in range(2 * count // (kills + 2)):
                enough.acquire()
            up.clear()
            try:
                served.kill()
                with lock:
                    acknowledged = {n for n, told in codes.items() if told}
                assert_kept(served, hand_ins, codes, acknowledged)
                served.start()
            except BaseException:
                lost.set()
                raise
            finally:
                up.set()
        for one in done:
            one.result()
    assert all(len(told) == 1 for told in codes.values())
    assert_kept(served, hand_ins, codes, set(range(count)))
    store = open_store(served.store)
    kept = submissions.priorities(store)
    store.close()
    assert sorted(int(one["answers"]["mri"]) for one in kept) == list(range(count)), "none twice"


def assert_kept(served, hand_ins, codes, acknowledged: set[int]) -> None:
    store = open_store(served.store)
    kept = {int(one["answers"]["mri"]) for one in submissions.priorities(store)}
    for n in acknowledged:
        assert submissions.status(store, min(codes[n]))["kind"] == "priorities"
    store.close()
    assert acknowledged <= kept


def test_what_was_acknowledged_before_a_kill_is_there_once(served, priorities):
    crowd(served, priorities, count=40, kills=1)


@pytest.mark.long
def test_two_hundred_at_once_while_the_server_is_killed_three_times(served, priorities):
    crowd(served, priorities, count=200, kills=3)


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_locked_database_is_told_and_the_retry_is_kept(served, feedback):
    good = feedback(topic="facts")
    assert served.post("submissions", feedback(topic="facts"))[0] == 200
    other = sqlite3.connect(served.store.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    status, told = served.post("submissions", good)
    other.execute("ROLLBACK")
    other.close()
    assert (status, told["code"]) == (503, engine.BUSY)
    assert "nothing was kept" in told["message"]
    assert served.post("submissions", good)[0] == 200


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_store_out_of_reach_is_told_and_the_pages_go_on(served, feedback, tmp_path):
    Path(tmp_path / "state").rmdir() if (tmp_path / "state").is_dir() else None
    (tmp_path / "state").write_text("in the way")
    status, told = served.post("submissions", feedback(topic="facts"))
    assert (status, told["code"]) == (503, engine.UNREACHABLE)
    assert served.get("/yours")[0] == 200
    assert "the comments" in served.team()[1].lower()


def test_the_server_starts_without_the_database_libraries():
    script = (
        "import sys, canheal_nb.serve.server\n"
        "print(sorted({n.split('.')[0] for n in sys.modules} & {'sqlalchemy', 'alembic',"
        " 'psycopg', 'mako'}))"
    )
    done = run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_addresses_are_counted_for_ten_minutes_and_not_kept():
    counter = Limiter(most_of=(2, 9, 9), most_of_all=5)
    assert [counter.allows("10.0.0.1", now) for now in (0, 1, 2)] == [True, True, False]
    assert counter.allows("10.0.0.2", 3)
    assert "10.0.0.1" not in repr(counter)
    first = dict(counter._counts)
    assert counter.wait(SECONDS - 5) == 5
    assert counter.allows("10.0.0.1", SECONDS)
    assert not set(counter._counts) & set(first), "the key is another: nothing can be linked"
    others = [counter.allows(f"10.0.1.{n}", SECONDS + 1) for n in range(5)]
    assert others == [True] * 4 + [False]


def test_whose_page_may_send():
    assert is_own({}, "a.eu")
    assert is_own({"Origin": "https://A.eu"}, "a.eu")
    assert not is_own({"Origin": "https://a.eu.example.org"}, "a.eu")
    assert not is_own({"Origin": "https://a.eu", "Sec-Fetch-Site": "cross-site"}, "a.eu")


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1:8866", True),
        ("localhost", True),
        ("[::1]:80", True),
        ("example.org", False),
        ("127.0.0.1.example.org", False),
        ("10.0.0.1", False),
        ("[", False),
        ("", False),
    ],
)
def test_the_teams_page_knows_its_own_names(host, local):
    assert is_local(host) is local


def test_every_trouble_of_the_store_has_its_status():
    wanted = {engine.FULL: 507, engine.BUSY: 503, engine.UNREACHABLE: 503}
    assert {code: STATUS[code].value for code in wanted} == wanted


def test_keys_are_made_for_one_row_each():
    keys = [uuid4().hex for _n in range(1000)]
    assert len({submissions.code_of(key) for key in keys}) == 1000
    assert all(len(submissions.code_of(key)) == 19 for key in keys)
