"""Who gets a kernel: so many in all and of one network, and who came first comes in first."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine

from canheal_nb.serve import admission, capacity, frames, sessions, waiting_page
from canheal_nb.serve.admission import GONE_SECONDS, PRESENT_SECONDS, Admission, Limits, Visit
from canheal_nb.text.errors import UserError

ASK = 5.0


def full(visitors: int = 2, of_one: int = 2) -> Admission:
    """A line before a house that is full, each visitor of a network of its own."""
    made = Admission(Limits(visitors, of_one))
    for number in range(visitors):
        assert made.enter(f"10.0.0.{number}", "", 0.0)
    return made


def test_who_came_first_comes_in_first_and_nobody_passes() -> None:
    line = full()
    first, second = line.wait("a", "", 1.0), line.wait("b", "", 2.0)
    assert (line.before(first, 2.0), line.before(second, 2.0)) == (0, 1)
    assert line.enter("c", "", 2.0) is None
    line.leave(line.visits[0])
    assert line.enter("c", "", 3.0) is None, "others were there before"
    assert line.enter("b", second.ticket, 3.0) is None
    assert not line.may_enter(second, 3.0)
    assert line.may_enter(first, 3.0)
    assert line.enter("a", first.ticket, 3.0)
    assert (line.before(second, 3.0), line.waiting) == (0, 1)


def test_who_does_not_ask_is_passed_over_and_then_forgotten() -> None:
    line = full()
    away, here = line.wait("a", "", 0.0), line.wait("b", "", 0.0)
    line.leave(line.visits[0])
    now = PRESENT_SECONDS + 1
    line.wait("b", here.ticket, now)
    assert line.before(here, now) == 0
    assert line.wait("a", away.ticket, now) is away, "the place is kept a while"
    assert line.may_enter(away, now)
    assert not line.may_enter(here, now)
    later = now + GONE_SECONDS + 1
    fresh = line.wait("a", away.ticket, later)
    assert fresh is not away
    assert line.waiting == 1


def test_a_full_network_keeps_no_other_waiting() -> None:
    line = Admission(Limits(3, 1))
    assert line.enter("a", "", 0.0)
    mine = line.wait("a", "", 1.0)
    assert line.enter("a", mine.ticket, 1.0) is None
    assert line.is_network_full("a")
    assert line.enter("b", "", 1.0), "there is room for another network"
    line.leave(line.visits[0])
    assert line.enter("a", mine.ticket, 2.0)


def test_one_network_cannot_fill_the_line_nor_can_all() -> None:
    line = full()
    for _ in range(admission.MOST_WAITING_OF_ONE):
        kept = line.wait("a", "", 1.0)
    with pytest.raises(admission.Full):
        line.wait("a", "", 1.0)
    assert line.wait("a", kept.ticket, 1.0) is kept, "who has a place keeps it"
    for number in range(admission.MOST_WAITING - admission.MOST_WAITING_OF_ONE):
        line.wait(f"b{number}", "", 1.0)
    with pytest.raises(admission.Full):
        line.wait("c", "", 1.0)


@given(
    st.lists(
        st.tuples(st.sampled_from("clq"), st.integers(0, 5), st.sampled_from("abc")), max_size=80
    )
)
def test_never_more_than_the_limits_and_everybody_comes_in(
    steps: list[tuple[str, int, str]],
) -> None:
    """Visitors come, leave, and ask each five seconds; when no more come, all come in, in turn."""
    limits = Limits(3, 2)
    line, now = Admission(limits), 0.0
    waiting: list[tuple[str, str]] = []
    for kind, number, network in steps:
        now += ASK
        if kind == "c" and line.enter(network, "", now) is None:
            waiting.append((network, line.wait(network, "", now).ticket))
        elif kind == "l" and line.visits:
            line.leave(line.visits[number % len(line.visits)])
        waiting = [one for one in waiting if line.enter(one[0], one[1], now) is None]
        assert len(line.visits) <= limits.visitors
        for one in "abc":
            assert sum(visit.network == one for visit in line.visits) <= limits.of_one
    for _ in range(len(waiting)):
        now += ASK
        if line.visits:
            line.leave(line.visits[0])
        waiting = [one for one in waiting if line.enter(one[0], one[1], now) is None]
        if not waiting:
            break
    for visit in list(line.visits):
        line.leave(visit)
    assert all(line.enter(network, ticket, now) for network, ticket in waiting[: limits.of_one])


@pytest.mark.parametrize(
    ("memory", "descriptors", "room"),
    [
        (24_000, 20_000, 189),
        (4096, 1024, 32),
        (24_000, 1024, 54),
        (24_000, 110, 3),
        (512, 1024, 4),
        (10, 10, 1),
    ],
)
def test_room_is_what_memory_and_descriptors_allow(memory, descriptors, room) -> None:
    assert admission.room_for_kernels(memory, descriptors) == room


class Machine:
    """Stands for the module that asks the real one."""

    def __init__(self, memory: int, descriptors: int) -> None:
        self.memory_mb, self.raise_descriptors = lambda: memory, lambda: descriptors
        self.limit_data = lambda megabytes: setattr(self, "cap", megabytes)


@pytest.mark.parametrize(
    ("memory", "expected"),
    [
        (24_000, (Limits(175, 88), True, 4096)),
        (4096, (Limits(18, 9), True, 1024)),
        (2048, (Limits(16, 8), False, 1024)),
    ],
)
def test_bounds_follow_the_machine(monkeypatch, memory, expected) -> None:
    """Fourteen apps: a small machine keeps no kernel warm, so that visitors have the room."""
    machine = Machine(memory, 20_000)
    monkeypatch.setattr(capacity, "machine", machine)
    found = capacity.set_bounds(14, preheat=True)
    assert (found.limits, found.preheat, machine.cap) == expected


def test_bounds_are_set_by_the_environment(monkeypatch) -> None:
    machine = Machine(24_000, 20_000)
    monkeypatch.setattr(capacity, "machine", machine)
    monkeypatch.setenv(capacity.MOST_VISITORS_VARIABLE, "7")
    monkeypatch.setenv(capacity.SERVER_MEMORY_VARIABLE, "0")
    assert capacity.set_bounds(14, preheat=True).limits == Limits(7, 4)
    assert machine.cap == 0
    monkeypatch.setenv(capacity.MOST_OF_ONE_VARIABLE, "1")
    assert capacity.set_bounds(14, preheat=True).limits == Limits(7, 1)
    for wrong in ("-1", "many", "1e3", "²", "1" * 10):
        monkeypatch.setenv(capacity.MOST_VISITORS_VARIABLE, wrong)
        with pytest.raises(UserError, match="CANHEAL_MOST_VISITORS is .* whole number"):
            capacity.set_bounds(14, preheat=True)


class Kernels:
    """A manager whose kernels are only names."""

    def __init__(self, *alive: str) -> None:
        self.alive = set(alive)

    def __contains__(self, kernel_id: str) -> bool:
        return kernel_id in self.alive

    async def shutdown_kernel(self, kernel_id: str) -> None:
        self.alive.remove(kernel_id)


class Connection:
    """A page that is connected."""

    told = False

    def tell_ended(self) -> None:
        self.told = True


@pytest.mark.parametrize(
    ("visit", "connected", "waiting", "ends"),
    [
        ({"loading": False, "apart": -61.0}, False, False, True),
        ({"loading": False, "apart": -59.0}, False, False, False),
        ({"loading": True, "apart": -61.0}, False, False, False),
        ({"loading": True, "apart": -601.0}, False, False, True),
        ({"loading": False, "apart": -61.0, "met": True}, False, False, False),
        ({"loading": False, "apart": -61.0, "met": True}, False, True, True),
        ({"loading": False, "apart": -601.0, "met": True}, False, False, True),
        ({"loading": False, "heard": -3599.0}, True, False, False),
        ({"loading": False, "heard": -3601.0}, True, False, True),
    ],
)
def test_kernels_that_were_left_are_ended(
    monkeypatch: pytest.MonkeyPatch,
    visit: dict[str, Any],
    connected: bool,
    waiting: bool,
    ends: bool,
) -> None:
    manager, page = Kernels("k"), Connection()
    monkeypatch.setattr(sessions.time, "monotonic", lambda: 0.0)
    monkeypatch.setattr(frames, "connections", lambda _kernel: [page] if connected else [])
    here = sessions.Sessions(Limits(1, 1), manager)
    here.admission.visits.append(
        Visit("a", **{"heard": 0.0, "apart": None, "kernel": "k", **visit})
    )
    if waiting:
        here.wait("b", "")
    asyncio.run(here.end_left())
    assert ("k" not in manager) is ends
    assert page.told is (ends and connected)
    assert (here.enter("b", "") is not None) is (ends and not waiting)


def test_a_visit_without_a_kernel_is_over_with_its_page() -> None:
    here = sessions.Sessions(Limits(1, 1), Kernels())
    visit = here.enter("a", "")
    assert visit is not None
    assert here.enter("a", "") is None
    here.loaded(visit)
    assert here.enter("a", "") is not None


def asked(query: str) -> HTTPServerRequest:
    line = RequestStartLine("GET", f"/app/atlas{query}", "HTTP/1.1")
    return HTTPServerRequest(start_line=line, headers=HTTPHeaders({"Host": "a"}))


@pytest.mark.parametrize(
    ("query", "ticket", "left"),
    [
        ("?ticket=abc", "abc", "/app/atlas"),
        ("?country=SI&ticket=abc&lang=en", "abc", "/app/atlas?country=SI&lang=en"),
        ("?country=SI,DE&x=", "", "/app/atlas?country=SI,DE&x="),
        ("?ticket=" + "a" * 500, "a" * 64, "/app/atlas"),
        ("", "", "/app/atlas"),
    ],
)
def test_a_ticket_is_no_part_of_the_view(query: str, ticket: str, left: str) -> None:
    request = asked(query)
    assert waiting_page.take_ticket(request) == ticket
    assert request.uri == left
    assert "ticket" not in request.query + request.full_url()
    assert "ticket" not in request.arguments


@pytest.mark.parametrize(
    ("before", "sentence"),
    [(0, "You are next."), (1, "One person is before you."), (27, "27 people are before you.")],
)
def test_how_many_are_before_is_said(before: int, sentence: str) -> None:
    assert waiting_page.said(before) == sentence
