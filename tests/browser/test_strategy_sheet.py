"""The strategy sheet on a phone: made from a saved check, typed in, saved, opened again."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

LIVE = "html[data-state=live]"


def test_a_sheet_is_made_from_a_saved_check_and_opened_again_elsewhere(
    phone: Page, server: object, axe: Callable[[Page], None], tmp_path: Path
) -> None:
    check = tmp_path / "check.json"
    answers = "GR.mlm05:1,GR.mlm06:1,GR.mlm06_owner:Payer,GR.mlm06_date:2028"
    kept = {"draft": "check_genomics", "fields": {"answers": answers}, "key": ""}
    check.write_text(json.dumps(kept), encoding="utf-8")
    phone.goto(server.url("app/strategy_sheet?country=GR"))  # type: ignore[attr-defined]
    phone.wait_for_selector(LIVE)
    expect(phone.locator(".answer")).to_contain_text("the sheet is empty")
    phone.locator("#draft-open").set_input_files(check)
    answer = phone.locator(".answer")
    expect(answer).to_contain_text("2 actions. 2 are orphans (2 no goal, 1 no owner and 1 no date)")
    phone.locator("#a-all").fill("Tests are paid for")
    phone.locator("#a-g-mlm05-owner").fill("Payer, unit A")
    phone.locator("#a-g-mlm05-date").fill("2029-06")
    phone.locator("#a-g-mlm05-date").blur()
    expect(answer).to_contain_text("Each has a goal, a gap, an owner and a date")
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert "mlm05" not in phone.url
    axe(phone)
    sheet, table = tmp_path / "sheet.json", tmp_path / "sheet.csv"
    with phone.expect_download() as waiting:
        phone.get_by_role("button", name="Save as a file").click()
    waiting.value.save_as(sheet)
    with phone.expect_download() as waiting:
        phone.get_by_role("button", name="CSV", exact=True).click()
    waiting.value.save_as(table)
    phone.get_by_role("button", name="Clear the sheet").click()
    expect(answer).to_contain_text("the sheet is empty")
    phone.locator("#draft-open").set_input_files(sheet)
    expect(phone.locator("#a-g-mlm05-owner")).to_have_value("Payer, unit A")
    rows = list(csv.reader(table.read_text(encoding="utf-8-sig").splitlines()))
    line = next(row for row in rows if row and row[0] == "g-mlm05")
    line[rows[0].index("Owner")], line[rows[0].index("By when")] = "Ministry", ""
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    phone.locator("#draft-open").set_input_files(table)
    expect(phone.locator("#a-g-mlm05-owner")).to_have_value("Ministry")
    expect(answer).to_contain_text("1 is an orphan (1 no date)")
    phone.reload()
    phone.wait_for_selector(LIVE)
    expect(phone.locator("#a-g-mlm05-owner")).to_have_value("Ministry")
