"""Funding in a browser: the slider answers while it moves, a draft and a file come back."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from canheal_nb.data import scenario_files
from canheal_nb.text.home import data_dir

LIVE = "html[data-state=live]"
TIMED = """async () => {
  const slide = document.getElementById('slide-budget');
  const answer = document.querySelector('[data-region=answer]');
  const times = [];
  for (let i = 0; i < {n}; i += 1) {
    const before = answer.textContent;
    const began = performance.now();
    slide.value = String(525 + 25 * i);
    slide.dispatchEvent(new Event('input', {bubbles: true}));
    await new Promise((done) => {
      const seen = new MutationObserver(() => {
        if (answer.textContent === before) return;
        seen.disconnect();
        requestAnimationFrame(() => requestAnimationFrame(done));
      });
      seen.observe(answer, {childList: true, subtree: true, characterData: true});
    });
    times.push(performance.now() - began);
  }
  return times;
}"""


def opened(page: Page, server: object, query: str = "") -> Page:
    page.goto(server.url(f"app/plan_funding{query}"))  # type: ignore[attr-defined]
    page.wait_for_selector(LIVE)
    return page


def opened_at_once(page: Page, server: object, folder: Path) -> Page:
    """Open a file whose author states that units open at once, for one year: it has a curve."""
    text = scenario_files.shipped(data_dir())["equity_first"]
    text = re.sub(
        r"(input: \w+\.lag\n)  value: .*\n  low: .*", r"\1  value: 0\n  low: 0", text
    ).replace("max_min", "most_need_met")
    file = folder / "at_once.yaml"
    file.write_text(text, encoding="utf-8")
    opened(page, server)
    page.get_by_label("Open a scenario file").set_input_files(file)
    page.get_by_label("Years of money").select_option("1")
    expect(page.locator("[data-region=answer]")).to_contain_text("for 27 countries in 2027")
    return page


def median_ms(page: Page, moves: int) -> float:
    """Return the median of so many moves, after three that warm up."""
    times: list[float] = page.evaluate(TIMED.replace("{n}", str(moves + 3)))
    return statistics.median(times[3:])


def test_the_slider_answers_while_it_moves(page: Page, server: object) -> None:
    opened(page, server)
    found = median_ms(page, 12)
    assert found < 1500, f"slider to repainted answer: median {found:.0f} ms"
    expect(page.locator("#field-budget")).to_have_value("875")
    assert "budget=875" in page.url
    page.get_by_role("button", name="Keep this plan to compare").click()
    page.get_by_label("Name of plan A").fill("First")
    page.get_by_label("Name of plan A").press("Enter")
    page.get_by_label("Budget, million euros").fill("200")
    page.get_by_label("Budget, million euros").press("Enter")
    page.get_by_label("What the plan is to reach").select_option("most_need_met")
    stop = page.get_by_role("button", name="Stop here")
    expect(stop).to_be_visible(timeout=30_000)
    page.get_by_label("Country", exact=True).select_option("PL")
    expect(page.locator("[data-region=before]")).to_contain_text("Poland")
    if stop.is_visible():
        stop.click()
        expect(page.get_by_role("button", name="Search on")).to_be_visible()
    plans = page.locator("[data-region=kept]")
    expect(plans).to_contain_text("On the screen now")
    page.reload()
    page.wait_for_selector(LIVE)
    expect(page.get_by_label("Name of plan A")).to_have_value("First")
    page.get_by_role("button", name="Put away First").click()
    expect(plans.locator("table")).to_have_count(0)


def test_a_plan_whose_units_open_at_once_has_a_curve(
    page: Page, server: object, tmp_path: Path
) -> None:
    opened_at_once(page, server, tmp_path)
    expect(page.locator("[data-region=line] svg")).to_be_visible()


@pytest.mark.long
def test_the_slider_answers_within_150_ms(page: Page, server: object, tmp_path: Path) -> None:
    opened_at_once(page, server, tmp_path)
    found = median_ms(page, 30)
    assert found <= 150, f"slider to repainted answer: median {found:.0f} ms"


def test_a_plan_on_a_phone_is_kept_saved_and_opened_again(
    phone: Page, server: object, axe: Callable[[Page], None], tmp_path: Path
) -> None:
    opened(phone, server)
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    phone.locator("[data-drawer] > summary").tap()
    expect(phone.get_by_label("Budget, million euros")).to_have_value("500")
    phone.get_by_label("Budget, million euros").fill("650")
    phone.get_by_label("Budget, million euros").press("Enter")
    phone.get_by_label("Budget, million euros").blur()
    expect(phone.locator(".answer")).to_contain_text("of 650 million euros")
    phone.get_by_label("Country", exact=True).select_option("PL")
    expect(phone.locator("[data-region=before]")).to_contain_text("Poland")
    axe(phone)
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    with phone.expect_download() as waiting:
        phone.get_by_role("button", name="Save the scenario", exact=True).click()
    file = tmp_path / "mine.yaml"
    waiting.value.save_as(file)
    assert "total: 650000000" in file.read_text()
    phone.goto(phone.url.split("?")[0])
    phone.wait_for_selector(LIVE)
    expect(phone.locator(".answer")).to_contain_text("of 650 million euros")
    phone.get_by_role("button", name="Start afresh").click()
    expect(phone.locator(".answer")).to_contain_text("of 500 million euros")
    phone.get_by_label("Open a scenario file").set_input_files(file)
    expect(phone.locator(".answer")).to_contain_text("of 650 million euros")
    assert "own=" not in phone.url
    file.write_text("title: [1")
    phone.get_by_label("Open a scenario file").set_input_files(file)
    expect(phone.locator("[data-region=notice]")).to_contain_text("the file")
    expect(phone.locator(".answer")).to_contain_text("million euros")
