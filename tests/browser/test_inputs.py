"""The inputs as people look them up: from a cell to its source, by keyboard, link and phone."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

LIVE = "html[data-state=live]"


def opened(page: Page, server: object, query: str = "") -> Page:
    page.goto(server.url(f"app/inputs{query}"))  # type: ignore[attr-defined]
    page.wait_for_selector(LIVE)
    return page


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_a_cell_leads_by_keyboard_to_where_its_figure_is_from(
    page: Page, server: object, axe: Callable[[Page], None]
) -> None:
    opened(page, server)
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
    assert asked(page) == {"service": ["mri"]}
    axe(page)


def test_assumptions_of_a_scenario_stand_in_the_matrix_and_in_the_need(
    page: Page, server: object
) -> None:
    opened(page, server, "?service=pet_ct&country=SI")
    expect(page.locator("[data-region=service]")).not_to_contain_text("Worked out:")
    page.get_by_label("With the assumptions of a scenario").select_option("equity_first")
    expect(page.locator("#to-pet_ct-need")).to_contain_text("assumed")
    expect(page.locator("[data-region=service]")).to_contain_text("Slovenia: 13,719 × 0.5 =")
    expect(page.locator(".answer")).to_contain_text("are assumed")
    page.locator("#t-AT").click()
    expect(page.locator(".countries tr.selected").first).to_contain_text("Austria")
    expect(page.locator("#field-country")).to_have_value("AT")
    assert page.evaluate("document.activeElement.id") == "t-AT"
    with page.expect_download() as download:
        page.locator("[data-set='save=csv']").click()
    assert download.value.suggested_filename == "canheal-inputs.csv"


def test_a_phone_reads_the_matrix_as_cards(
    phone: Page, server: object, axe: Callable[[Page], None]
) -> None:
    opened(phone, server, "?service=pet_ct&country=FR")
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    card = phone.locator("#to-palliative_home-running")
    expect(card).to_contain_text("Running cost")
    expect(card).to_contain_text("price not usable")
    expect(phone.get_by_text("203 units are known, but not set against the need")).to_be_visible()
    axe(phone)
    card.tap()
    expect(phone.locator("#service-title")).to_have_text("Palliative care at home")
    expect(phone.locator("#cell-running")).to_be_in_viewport()
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
