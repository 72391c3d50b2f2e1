"""The pathway as people walk it: by button, keyboard, link and phone."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

LIVE = "html[data-state=live]"


def opened(page: Page, server: object, query: str = "") -> Page:
    page.goto(server.url(f"app/pathway{query}"))  # type: ignore[attr-defined]
    page.wait_for_selector(LIVE)
    return page


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_the_stages_are_walked_by_keyboard_and_the_country_stays_marked(
    page: Page, server: object, axe: Callable[[Page], None]
) -> None:
    opened(page, server)
    page.get_by_label("Mark a country in every picture").select_option("SI")
    expect(page.locator("[data-region=stage] .ring")).not_to_have_count(0)
    page.locator("#stage-prevention").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#stage-title")).to_have_text("Screening")
    assert page.evaluate("document.activeElement.id") == "stage-screening"
    expect(page.locator("#stage-screening")).to_have_attribute("aria-current", "step")
    assert asked(page) == {"stage": ["screening"], "country": ["SI"]}
    page.locator("#step-after").click()
    expect(page.locator("#stage-title")).to_have_text("Diagnosis")
    expect(page.locator("#stage-title")).to_be_in_viewport()
    expect(page.locator("[data-region=stage] text", has_text="Slovenia").first).to_be_visible()
    axe(page)


def test_a_picture_and_its_table_choose_a_country_and_stay_open(page: Page, server: object) -> None:
    opened(page, server, "?stage=treatment")
    page.locator("#d-physicians_per_1000 summary").click()
    page.locator("#t-physicians_per_1000-AT").click()
    expect(page.locator("#d-physicians_per_1000 tr.selected")).to_contain_text("Austria")
    expect(page.locator("#field-country")).to_have_value("AT")
    assert page.evaluate("document.activeElement.id") == "t-physicians_per_1000-AT"
    page.locator(".dots [data-area=PL]").first.hover()
    expect(page.locator("[data-tip-box]")).to_contain_text("Poland: 4.7 machines")
    page.locator(".dots [data-area=PL]").first.click()
    expect(page.locator("#field-country")).to_have_value("PL")


def test_a_phone_opens_a_link_to_what_nobody_knows(
    phone: Page, server: object, axe: Callable[[Page], None]
) -> None:
    opened(phone, server, "?stage=palliative&country=BG")
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    expect(phone.locator("#open-title")).to_have_text("What is not known here, and whom to ask")
    expect(phone.get_by_text("at least 2 centres")).to_be_visible()
    axe(phone)
    phone.locator("#stage-treatment").tap()
    expect(phone.locator("#stage-title")).to_have_text("Treatment")
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
