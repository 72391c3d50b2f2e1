"""Priorities on a phone: a draft survives a reload, goes into a file and comes back from one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import psutil
from playwright.sync_api import Page, Route, expect

from canheal_nb import load
from canheal_nb.priorities.question import SharePriorities
from canheal_nb.priorities.screen import share

LIVE = "html[data-state=live]"
PLANT = """markup => {
  const place = document.querySelector('.weighed');
  const made = new DOMParser().parseFromString(markup, 'text/html');
  for (const one of ['input[data-consent]', '[data-hand-in]', '[data-hand-in-said]']) {
    if (!place.querySelector(one)) place.append(made.querySelector(one));
  }
}"""


def kill_kernel(server: object, link: str) -> None:
    """End the kernel that a page's web socket leads to, as the system does, and wait for it."""
    name = link.partition("/kernels/")[2].partition("/")[0]
    born = psutil.Process(server.process.pid).children(recursive=True)  # type: ignore[attr-defined]
    (own,) = [
        one for one in born if any(name in str(s.laddr) for s in one.net_connections(kind="unix"))
    ]
    own.kill()
    own.wait(10)


def opened(page: Page, server: object, query: str = "") -> Page:
    page.goto(server.url(f"app/share_priorities{query}"))  # type: ignore[attr-defined]
    page.wait_for_selector(LIVE)
    return page


def test_a_half_finished_exercise_survives_a_reload_on_a_phone(
    phone: Page, server: object, axe: Callable[[Page], None], tmp_path: Path
) -> None:
    opened(phone, server)
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    phone.get_by_label("I answer as").select_option("patient")
    phone.get_by_label("Points: MRI scans").select_option("100")
    phone.get_by_label("Points: Cancer nurses").select_option("50")
    expect(phone.locator(".answer")).to_contain_text("MRI scans (67) and Cancer nurses (33)")
    axe(phone)
    assert "?" not in phone.url
    phone.reload()
    phone.wait_for_selector(LIVE)
    expect(phone.locator(".answer")).to_contain_text("MRI scans (67) and Cancer nurses (33)")
    expect(phone.get_by_label("I answer as")).to_have_value("patient")
    expect(phone.get_by_label("Points: MRI scans")).to_have_value("100")
    expect(phone.locator("[data-draft-said]")).to_have_text("Your answers from before are back.")
    with phone.expect_download() as waiting:
        phone.get_by_role("button", name="Save as a file").click()
    file = tmp_path / "mine.json"
    waiting.value.save_as(file)
    assert json.loads(file.read_text())["fields"]["group"] == "patient"
    phone.get_by_role("button", name="Clear my answers").click()
    expect(phone.locator(".answer")).to_contain_text("0 of 10 answered")
    phone.get_by_label("Open a file that was saved here").set_input_files(file)
    expect(phone.locator(".answer")).to_contain_text("MRI scans (67) and Cancer nurses (33)")
    file.write_text("[]")
    phone.get_by_label("Open a file that was saved here").set_input_files(file)
    expect(phone.locator("[data-draft-said]")).to_contain_text("cannot be read")
    expect(phone.get_by_label("Points: MRI scans")).to_have_value("100")


def test_nothing_is_lost_with_its_kernel_or_page_and_what_is_taken_back_stays_so(
    phone: Page, server: object, watch: object
) -> None:
    watch.expect("WebSocket", "409")  # type: ignore[attr-defined]
    links: list[str] = []
    phone.on("websocket", lambda link: links.append(link.url))
    opened(phone, server)
    phone.get_by_label("I answer as").select_option("patient")
    phone.get_by_label("Points: PET-CT scans").select_option("100")
    expect(phone.locator("[data-region=answer]")).to_contain_text("PET-CT scans (100)")
    kill_kernel(server, links[-1])
    expect(phone.locator("#shell-trouble h2")).to_have_text("This session has ended")
    phone.get_by_label("Points: Radiotherapy").select_option("30")  # nobody answers any more
    context = phone.context
    phone.close()
    again = opened(context.new_page(), server)
    expect(again.locator(".answer")).to_contain_text("PET-CT scans (77) and Radiotherapy (23)")
    expect(again.get_by_label("I answer as")).to_have_value("patient")
    expect(again.locator("[data-region=plan]")).to_contain_text("PET-CT scanners more")
    for kept in ("at most two years", "hashes", "only the hash of the key stays"):
        expect(again.locator(".weighed")).to_contain_text(kept)
    again.locator("input[data-consent]").check()
    button, said = again.locator("[data-hand-in]"), again.locator("[data-hand-in-said]")
    button.click()
    expect(said).to_contain_text("Handed in.")
    code = said.inner_text().split()[-1]
    answer = again.request.post(server.url("canheal/withdrawals"), data={"code": code})  # type: ignore[attr-defined]
    assert answer.ok
    button.click()
    expect(said).to_contain_text("You took these answers back before")
    button.click()
    expect(said).to_contain_text("Handed in.")
    assert said.inner_text().split()[-1] != code
    again.goto(server.url("app/group_priorities"))  # type: ignore[attr-defined]
    again.wait_for_selector(LIVE)
    expect(again.locator(".answer")).to_contain_text("No priorities are published of any group.")
    again.get_by_label("Group", exact=True).select_option("citizen")
    expect(again.locator(".answer")).to_contain_text("Citizens: no priorities are published.")
    assert again.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_two_at_a_time_and_two_answers_in_one_breath(page: Page, server: object) -> None:
    opened(page, server, "?method=ahp")
    for name in ("Radiotherapy", "PET-CT scans", "MRI scans"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_label("Radiotherapy or PET-CT scans?").select_option("3")
    page.get_by_label("Radiotherapy or MRI scans?").select_option("3")
    page.get_by_label("PET-CT scans or MRI scans?").select_option("1")
    expect(page.locator(".answer")).to_contain_text("Radiotherapy (60)")
    expect(page.locator("[data-region=answer]")).to_contain_text("fit together")
    page.reload()
    page.wait_for_selector(LIVE)
    expect(page.locator(".answer")).to_contain_text("Radiotherapy (60)")


def test_a_hand_in_keeps_its_key_over_a_failure_and_a_reload(
    page: Page, server: object, monkeypatch: object
) -> None:
    monkeypatch.setattr(share, "HANDS_IN", True)  # type: ignore[attr-defined]
    markup = str(share.screen(SharePriorities(), load()).markup())
    sent: list[dict[str, object]] = []

    def take(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or ""))
        if len(sent) == 1:
            route.fulfill(body="no JSON")  # an answer that got lost on its way
        else:
            route.fulfill(json={"code": "plum-42"})

    page.route("**/canheal/submissions", take)
    said = page.locator("[data-hand-in-said]")
    for turn in range(2):
        opened(page, server)
        page.evaluate(PLANT, markup)
        if turn == 0:
            page.locator("[data-hand-in]").click()
            expect(said).to_contain_text("as whom you answer")
            page.get_by_label("I answer as").select_option("provider")
            page.get_by_label("Points: MRI scans").select_option("100")
            page.locator("[data-hand-in]").click()
            expect(said).to_contain_text("without it nothing is sent")
            assert sent == []
        page.locator("input[data-consent]").check()
        page.locator("[data-hand-in]").dblclick()
        expect(said).to_contain_text("plum-42" if turn else "still in this browser")
    first = sent[0]
    assert {key: value for key, value in first.items() if key != "key"} == {
        "kind": "priorities",
        "group": "provider",
        "country": "",
        "method": "swing",
        "answers": {"mri": "100"},
        "consent": "3",
        "lang": "en",
    }
    assert len(str(first["key"])) >= 32
    assert all(one == first for one in sent), "one key, whatever failed"
