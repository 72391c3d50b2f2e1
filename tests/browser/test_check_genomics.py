"""Readiness for genomics as people fill it in: on a phone, kept over a reload."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

LIVE = "html[data-state=live]"


def test_a_level_is_chosen_on_a_phone_and_is_still_there_after_a_reload(
    phone: Page, server: object, axe: Callable[[Page], None]
) -> None:
    phone.goto(server.url("app/check_genomics?country=GR"))  # type: ignore[attr-defined]
    phone.wait_for_selector(LIVE)
    phone.locator("#d-1 summary").tap()
    phone.locator("#a-mlm01").select_option("2")
    expect(phone.locator(".answer")).to_contain_text("1 of 49 indicators assessed")
    expect(phone.locator("#d-1")).to_have_attribute("open", "")
    expect(phone.locator("[data-region=next]")).to_contain_text("remit set, still being built")
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    axe(phone)
    phone.reload()
    phone.wait_for_selector(LIVE)
    expect(phone.locator(".answer")).to_contain_text("1 of 49 indicators assessed")
    expect(phone.locator("#a-mlm01")).to_have_value("2")
    assert "mlm01" not in phone.url
