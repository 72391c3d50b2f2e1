"""The inputs as people look them up: from a cell to its source, by keyboard, link and phone."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

LIVE = "html[data-state=live]"
WIDER = "document.documentElement.scrollWidth - innerWidth"


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_inputs_are_looked_up_guessed_saved_and_corrected(
    page: Page, server: object, axe: Callable[[Page], None]
) -> None:
    page.goto(server.url("app/inputs?country=SI"))  # type: ignore[attr-defined]
    page.wait_for_selector(LIVE)
    expect(page.locator(".answer")).to_contain_text("Of 80 inputs")
    cell = page.get_by_role("link", name="MRI scans, Price of a unit: weak source")
    cell.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#service-title")).to_have_text("MRI scans")
    expect(page.locator("#cell-capital")).to_be_in_viewport()
    assert page.evaluate("document.activeElement.id") == "cell-capital"
    page.locator("#steps-capital summary").click()
    expect(page.locator("#steps-capital")).to_contain_text("prices of 2023")
    page.locator("#cell-capital .from summary").click()
    expect(page.locator("#cell-capital .from")).to_contain_text("Rights:")
    assert asked(page) == {"service": ["mri"], "country": ["SI"]}
    axe(page)

    page.get_by_label("Service to look at").select_option("pet_ct")
    region = page.locator("[data-region=service]")
    expect(region).to_contain_text("The share is not known")
    expect(region).not_to_contain_text("Worked out:")
    page.get_by_label("With the assumptions of a scenario").select_option("equity_first")
    expect(page.locator("#to-pet_ct-need")).to_contain_text("assumed")
    expect(region).to_contain_text("Slovenia: 13,719 × 0.5 =")
    expect(page.locator(".answer")).to_contain_text("are assumed")
    page.locator("#t-AT").click()
    expect(page.locator(".countries tr.selected").first).to_contain_text("Austria")
    expect(page.locator("#field-country")).to_have_value("AT")
    assert page.evaluate("document.activeElement.id") == "t-AT"
    with page.expect_download() as download:
        page.locator("[data-set='save=csv']").click()
    assert download.value.suggested_filename == "canheal-inputs.csv"
    assert (page.locator("#to-plan").get_attribute("href") or "").startswith("plan_funding?scen")

    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate(WIDER) <= 0
    table = page.locator(".countries")
    assert table.evaluate("one => one.scrollWidth - one.parentElement.clientWidth") <= 0
    axe(page)
    card = page.locator("#to-palliative_home-running")
    expect(card).to_contain_text("Running cost")
    card.click()
    expect(page.locator("#service-title")).to_have_text("Palliative care at home")
    expect(page.locator("#cell-running")).to_be_in_viewport()
    expect(page.locator("#cell-running")).to_contain_text("cannot be brought to euros of 2023")
    page.locator("#cell-running [data-tell]").click()
    expect(page.get_by_label("Which fact or figure is wrong?")).to_have_value(
        "Palliative care at home: Running cost"
    )
    assert page.evaluate("document.activeElement.id") == "tell-text"
