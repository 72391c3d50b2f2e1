"""The self-check as people fill it in: by keyboard, over days, with a file, and on a phone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

LIVE = "html[data-state=live]"
LINK = "app/check_designation?centre=nou-bratislava"


def opened(page: Page, server: object, link: str = LINK) -> Page:
    page.goto(server.url(link))  # type: ignore[attr-defined]
    page.wait_for_selector(LIVE)
    return page


def test_answers_are_judged_at_once_kept_and_handed_on(
    page: Page, server: object, axe: Callable[[Page], None], tmp_path: Path
) -> None:
    opened(page, server)
    expect(page.locator(".criterion", has_text="OECI member").first).to_contain_text("not met")
    page.locator("#a-budget_care").fill("20")
    page.keyboard.press("Tab")
    page.keyboard.type("140")
    page.keyboard.press("Tab")
    expect(page.locator("[data-region=path]")).to_contain_text("5,000,000 euros a year more")
    expect(page.locator(".answer")).to_contain_text("1 of 10 criteria met, 2 not met, 7 open")
    expect(page.locator("#a-beds")).to_have_value("140")
    page.locator("#a-budget_care").fill("26")
    page.keyboard.press("Tab")
    expect(page.locator("[data-region=path]")).not_to_contain_text("5,000,000 euros")
    assert "20" not in page.url.partition("?")[2]
    axe(page)
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as a file").click()
    file = tmp_path / saving.value.suggested_filename
    saving.value.save_as(file)
    assert "nou-bratislava.beds:140" in json.loads(file.read_text())["fields"]["answers"]
    page.get_by_role("button", name="Clear all answers").click()
    expect(page.locator(".answer")).to_contain_text("9 open")
    opened(page, server, "app/check_designation")
    page.locator("#draft-open").set_input_files(file)
    page.get_by_role("button", name="National Cancer Institute Bratislava").click()
    expect(page.locator("#a-beds")).to_have_value("140")
    expect(page.locator(".answer")).to_contain_text("2 of 10 criteria met")
    opened(page, server)
    expect(page.locator("#a-beds")).to_have_value("140")
    page.locator("#a-start").fill("2027-03")
    page.keyboard.press("Tab")
    page.keyboard.type("Head of finance")
    page.keyboard.press("Tab")
    expect(page.locator("[data-region=path]")).to_contain_text("From Mar 2027 the known times end")
    expect(page.locator("[data-region=path]")).to_contain_text("Head of finance")
    with page.expect_download() as saving:
        page.get_by_role("button", name="XLSX, to fill in").click()
    book = tmp_path / "filled.xlsx"
    saving.value.save_as(book)
    page.get_by_role("button", name="Clear all answers").click()
    expect(page.locator(".answer")).to_contain_text("9 open")
    page.locator("#draft-open").set_input_files(book)
    expect(page.locator("#a-beds")).to_have_value("140")
    expect(page.locator("[data-draft-said]")).to_contain_text("The sheet is read")
    sheet = load_workbook(book)
    row = next(row for row in sheet.worksheets[0].iter_rows() if row[0].value == "beds")
    row[4].value = "lots"
    sheet.save(book)
    page.locator("#draft-open").set_input_files(book)
    expect(page.locator("[data-draft-said]")).to_contain_text("lots is no number")
    expect(page.locator("#a-beds")).to_have_value("140")


def test_a_phone_aims_higher_and_every_line_says_open(
    phone: Page, server: object, axe: Callable[[Page], None]
) -> None:
    opened(phone, server, "app/check_designation")
    phone.get_by_label("Certificate aimed at").select_option("ccc")
    expect(phone.locator("#a-accrual")).to_be_visible()
    expect(phone.locator(".criterion", has_text="Accrual").first).to_contain_text("open")
    expect(phone.locator(".answer")).to_contain_text("15 open")
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    axe(phone)
