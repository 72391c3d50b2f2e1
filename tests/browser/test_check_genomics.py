"""Readiness for genomics as people fill it in: on a phone, kept over a reload."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

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


def test_a_sheet_that_was_filled_in_is_opened_and_a_wrong_level_is_named(
    page: Page, server: object, tmp_path: Path
) -> None:
    page.goto(server.url("app/check_genomics?country=GR"))  # type: ignore[attr-defined]
    page.wait_for_selector(LIVE)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV", exact=True).click()
    sheet = tmp_path / "mine.csv"
    waiting.value.save_as(sheet)
    rows = list(csv.reader(sheet.read_text(encoding="utf-8-sig").splitlines()))
    at = rows[0].index("Level or answer")
    for row in rows:
        if row and row[0] in ("MLM01", "MLM03"):
            row[at] = "2"

    def opened(by: str) -> None:
        with sheet.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=by).writerows(rows)
        page.locator("#draft-open").set_input_files(sheet)

    opened(";")
    expect(page.locator(".answer")).to_contain_text("2 of 49 indicators assessed")
    expect(page.locator("#a-mlm03")).to_have_value("2")
    expect(page.locator("[data-draft-said]")).to_contain_text("The sheet is read")
    rows[1][at] = "7"
    opened(",")
    expect(page.locator("[data-draft-said]")).to_contain_text("MLM01: 7")
    expect(page.locator("#a-mlm01")).to_have_value("2")
    rows[1][at] = ""
    opened("\t")
    expect(page.locator(".answer")).to_contain_text("1 of 49 indicators assessed")
