"""The facts page as people use it: choose a country, search what was left out, on a phone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

LIVE = "html[data-state=live]"


def opened(page: Page, server: object, query: str = "") -> Page:
    page.goto(server.url(f"app/facts{query}"))  # type: ignore[attr-defined]
    page.wait_for_selector(LIVE)
    return page


def test_a_country_a_group_and_a_search_change_answer_tables_and_link(
    page: Page, server: object, axe: Callable[[Page], None]
) -> None:
    opened(page, server)
    axe(page)
    page.locator("#h-indicators-CY").click()
    expect(page.locator(".answer")).to_contain_text("Cyprus:")
    page.get_by_label("Group of facts").select_option("Outcomes")
    expect(page.locator(".kinds")).to_have_count(1)
    expect(page.locator(".kinds td", has_text="not known").first).to_be_visible()
    search = page.get_by_role("searchbox")
    search.fill("survey")
    search.press("Enter")
    expect(page.locator("[data-region=left]")).to_contain_text("for “survey”")
    assert "country=CY" in page.url
    assert "group=Outcomes" in page.url
    assert "find=survey" in page.url
    axe(page)


def test_a_phone_shows_the_chosen_country_without_sideways_scroll(
    phone: Page, server: object
) -> None:
    opened(phone, server, "?country=SI")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    expect(phone.locator(".heat tbody tr").first.locator("td:visible")).to_have_count(2)
