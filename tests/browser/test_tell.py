"""'Tell us' in the browser: sent once, kept when it fails, read and taken back by its code."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

NOTEBOOKS = Path(__file__).parent / "fixtures"
LIVE = "html[data-state=live]"
HOSTILE = [
    "<script>window.hit=1</script><img src=x onerror=window.hit=1>",
    "</blockquote></article><svg onload=window.hit=1>",
    "</textarea><script>window.hit=1</script>",
    '" autofocus onfocus="window.hit=1',
    "{{ 7*7 }} ${window.hit=1} \u202eabc",
    '=HYPERLINK("http://example.org")',
]


@pytest.fixture(scope="module")
def desk(
    serve: Callable[..., object], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[object]:
    """Serve the three small notebooks with the team's page, on a store of their own."""
    store = str(tmp_path_factory.mktemp("store"))
    with serve(NOTEBOOKS, preheat=False, store=store, for_team=True) as started:
        yield started


def told(page: Page, text: str) -> str:
    """Write a text into the form and send it; return the code."""
    if not page.locator("#tell").evaluate("one => one.open"):
        page.get_by_text("Tell us what is wrong").click()
    page.get_by_label("Your text").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()
    said = page.locator("#tell-said")
    expect(said).to_contain_text("Keep this code")
    return said.inner_text().split()[-1]


def test_a_comment_is_sent_answered_read_and_taken_back(
    phone: Page, desk: object, axe: Callable[[Page], None], watch: object
) -> None:
    watch.expect("400")  # an answer without an owner
    phone.goto(desk.url("app/counter?lang=en"))
    phone.wait_for_selector(LIVE)
    phone.get_by_text("Tell us what is wrong").click()
    expect(phone.locator("#tell-wrong")).to_be_visible()
    expect(phone.get_by_label("Part of this page").locator("option").first).to_be_attached()
    phone.get_by_label("This is about").select_option("idea")
    expect(phone.locator("#tell-wrong")).to_be_hidden()
    phone.get_by_role("button", name="Send", exact=True).click()
    expect(phone.locator("#tell-said")).to_contain_text("Write something first")
    code = told(phone, "Count in twos.")
    expect(phone.get_by_label("Your text")).to_have_value("")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    axe(phone)
    phone.goto(desk.team)
    article = phone.locator("article", has_text="Count in twos.")
    expect(article.get_by_role("link", name="counter")).to_have_attribute(
        "href", "/app/counter?lang=en"
    )
    article.get_by_text("Note something").click()
    article.get_by_label("Answer").fill("We will.")
    article.get_by_role("button", name="Note it").click()
    expect(phone.locator("#team-said")).to_contain_text("Name first who owns")
    expect(article.get_by_label("Answer")).to_have_value("We will.")
    article.get_by_label("Owner").fill("Ana")
    with phone.expect_navigation():
        article.get_by_role("button", name="Note it").click()
    expect(phone.locator("article dd", has_text="We will.")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    axe(phone)
    phone.goto(desk.url("yours"))
    phone.get_by_label("Your code").fill(code.lower())
    phone.get_by_role("button", name="Look it up").click()
    expect(phone.locator("#yours-said")).to_contain_text("We will.")
    axe(phone)
    phone.get_by_role("button", name="Take it back").click()
    expect(phone.locator("#yours-said")).to_contain_text("taken back and deleted")
    phone.goto(desk.team)
    expect(phone.locator("article", has_text="Count in twos.")).to_have_count(0)


def test_a_failure_keeps_the_text_and_the_key_over_a_reload(
    page: Page, desk: object, watch: object
) -> None:
    watch.expect("503", "ERR_FAILED")
    sent: list[dict[str, object]] = []

    def take(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or ""))
        if len(sent) == 1:
            busy = {"code": "store-busy", "message": "The store is busy: nothing was kept."}
            route.fulfill(status=503, json=busy)
        elif len(sent) == 2:
            route.abort()
        else:
            route.fulfill(json={"code": "ABCD-EFGH"})

    page.route("**/canheal/submissions", take)
    page.goto(desk.url(""))
    page.get_by_text("Tell us what is wrong").click()
    page.get_by_label("Your text").fill("Do not lose me.")
    page.get_by_role("button", name="Send", exact=True).click()
    said = page.locator("#tell-said")
    expect(said).to_have_text(
        "Not sent. Your text is still here; try again. The store is busy: nothing was kept."
    )
    page.reload()
    expect(page.get_by_label("Your text")).to_have_value("Do not lose me.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(said).to_have_text("Not sent. Your text is still here; try again.")
    page.get_by_role("button", name="Send", exact=True).dblclick()
    expect(said).to_contain_text("ABCD-EFGH")
    assert len({str(one["key"]) for one in sent}) == 1
    assert {str(one["text"]) for one in sent} == {"Do not lose me."}


def test_hostile_texts_do_not_run_on_the_teams_page(page: Page, desk: object) -> None:
    page.goto(desk.url("about"))
    for text in HOSTILE:
        told(page, text)
    page.goto(desk.team)
    for text in HOSTILE:
        assert text in page.locator("main").inner_text()
    page.locator("article summary").evaluate_all("all => all.forEach(one => one.click())")
    assert page.evaluate("window.hit") is None
    assert page.locator("main :is(script, img, svg)").count() == 0


def test_a_personal_screen_sends_no_address_unless_asked(page: Page, server: object) -> None:
    for name, checked in (("find_centre", False), ("atlas", True)):
        page.goto(server.url(f"app/{name}"))
        page.wait_for_selector(LIVE)
        page.get_by_text("Tell us what is wrong").click()
        box = page.get_by_label("Send the address of this view along")
        assert box.is_checked() is checked


def test_priorities_are_handed_in_and_taken_back_by_their_code(page: Page, server: object) -> None:
    page.goto(server.url("app/share_priorities"))
    page.wait_for_selector(LIVE)
    page.get_by_label("I answer as").select_option("provider")
    page.get_by_label("Points: MRI scans").select_option("100")
    page.locator("input[data-consent]").check()
    page.locator("[data-hand-in]").click()
    said = page.locator("[data-hand-in-said]")
    expect(said).to_contain_text("Keep this code")
    code = said.inner_text().split()[-1]
    page.get_by_role("link", name="Look up or take back").first.click()
    page.get_by_label("Your code").fill(code)
    page.get_by_role("button", name="Look it up").click()
    expect(page.locator("#yours-said")).to_contain_text("These are your priorities")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("#yours-said")).to_contain_text("taken back and deleted")
