"""The comparison as people use it: choosing, refusing a seventh, both views, phone, keyboard."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

LIVE = "html[data-state=live]"


def opened(page: Page, server: object, query: str = "") -> Page:
    page.goto(server.url(f"app/compare{query}"))  # type: ignore[attr-defined]
    page.wait_for_selector(LIVE)
    return page


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_countries_are_chosen_with_the_keyboard_and_a_seventh_is_refused(
    page: Page, server: object, axe: Callable[[Page], None]
) -> None:
    opened(page, server, "?countries=SI,PL,DE,FR,IT")
    page.get_by_role("checkbox", name="Austria").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-region=chips] li")).to_have_count(6)
    expect(page.locator("[data-region=chips] li").last).to_contain_text("Austria")
    page.get_by_role("checkbox", name="Belgium").check()
    notice = page.locator("[data-region=notice]")
    expect(notice).to_contain_text("at most 6 can be chosen")
    expect(page.get_by_role("checkbox", name="Belgium")).not_to_be_checked()
    assert asked(page)["countries"] == ["SI,PL,DE,FR,IT,AT"]
    axe(page)
    page.get_by_role("button", name="take Poland away").click()
    expect(notice).to_be_empty()
    expect(page.get_by_role("checkbox", name="Poland")).not_to_be_checked()
    assert asked(page)["countries"] == ["SI,DE,FR,IT,AT"]


def test_two_measures_change_places_and_the_map_adds_a_country(
    page: Page, server: object, axe: Callable[[Page], None]
) -> None:
    opened(page, server)
    page.get_by_label("two measures against each other").check()
    expect(page.locator(".square")).to_be_visible()
    expect(page.locator(".strips")).to_be_hidden()
    first, second = page.get_by_label("First:"), page.get_by_label("Second:")
    before = first.input_value(), second.input_value()
    first.select_option(before[1])
    expect(second).to_have_value(before[0])
    assert asked(page)["measures"][0].split(",")[:2] == [before[1], before[0]]
    page.locator("#u-FR").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-region=chips]")).to_contain_text("France")
    expect(page.locator("#u-FR")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("checkbox", name="France")).to_be_checked()
    expect(page.locator(".points .wide")).to_contain_text("France")
    axe(page)


def test_a_link_opens_the_same_view_on_a_phone(
    phone: Page, server: object, axe: Callable[[Page], None]
) -> None:
    opened(phone, server, "?view=two&countries=DE,SI")
    expect(phone.locator(".points .narrow svg")).to_be_visible()
    expect(phone.locator(".points .wide")).to_be_hidden()
    wide = "document.documentElement.scrollWidth <= innerWidth"
    assert phone.evaluate(wide)
    axe(phone)
    phone.get_by_text("Change what is compared", exact=True).first.tap()
    phone.get_by_label("each measure as a row of dots").check()
    expect(phone.locator(".strip")).to_have_count(5)
    assert phone.evaluate(wide)
    small = phone.locator(".compare :is(button, summary, .choice, select):visible").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().height < 43.5)"
        ".map(one => one.outerHTML.slice(0, 80))"
    )
    assert small == []
