"""The finder on a phone, by touch and keyboard: an answer, and nothing private in the address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SMALL = """[...document.querySelectorAll('#canheal-screen :is(button, a, select, summary)')]
  .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 43)
  .map((one) => one.outerHTML.slice(0, 80))"""


def test_a_phone_leads_from_a_name_to_centres_and_keeps_the_place_to_itself(
    phone: Page, server: object, axe: Callable[[Page], None]
) -> None:
    phone.goto(server.url("app/find_centre"))  # type: ignore[attr-defined]
    phone.wait_for_selector("html[data-state=live]")
    answer = phone.locator(".answer")
    phone.get_by_label("The place where you live").fill("Frankfurt")
    phone.keyboard.press("Enter")
    expect(answer).to_contain_text("2 places have this name")
    phone.get_by_role("button", name="Frankfurt am Main").tap()
    expect(answer).to_contain_text("From Frankfurt am Main (Germany)")
    phone.locator(".drawer > summary").tap()
    phone.get_by_label("Which cancer?").select_option("rare")
    expect(phone.locator("[data-region=list]")).to_contain_text("EURACAN")
    phone.get_by_label("nearness").select_option("4")
    expect(phone.locator("h2#group-well")).to_be_visible()
    phone.wait_for_function("location.search === '?nearness=4'")
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert phone.evaluate(SMALL) == []
    axe(phone)
    phone.get_by_label("Put all of it into the link").check()
    phone.wait_for_function("location.search.includes('place=')")


CUT = """[...document.querySelectorAll("#finder-map .sym:not(.off) > text:not(.count)")]
  .filter((name) => {
    const frame = document.querySelector("#finder-map svg").getBoundingClientRect();
    const box = name.getBoundingClientRect();
    const seen = box.right > frame.left && box.left < frame.right
      && box.bottom > frame.top && box.top < frame.bottom;
    return seen && (box.left < frame.left || box.right > frame.right || box.top < frame.top);
  }).map((name) => name.textContent)"""


@pytest.mark.parametrize("place", ["Turku", "Vidin"])
@pytest.mark.parametrize("width", [360, 1280])
def test_times_are_by_car_and_no_name_is_cut_at_the_edge_of_the_map(
    page: Page, server: object, place: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(server.url("app/find_centre"))  # type: ignore[attr-defined]
    page.wait_for_selector("html[data-state=live]")
    expect(page.locator("h1 + div")).to_contain_text("Times are by car")
    page.get_by_label("The place where you live").fill(place)
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_contain_text(f"From {place}")
    names = page.locator("#finder-map .sym:not(.off) > text:not(.count)")
    expect(names.first).to_be_attached()
    assert page.evaluate(CUT) == []


def test_print_is_large_and_without_controls(page: Page, server: object) -> None:
    page.goto(server.url("app/find_centre?travel=none&reach=far"))  # type: ignore[attr-defined]
    page.wait_for_selector("html[data-state=live]")
    page.get_by_label("The place where you live").fill("Vidin")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_contain_text("From Vidin (Bulgaria), 2 centres")
    page.emulate_media(media="print")
    for hidden in (".drawer", ".go", "[data-print]", "figure"):
        expect(page.locator(f".finder {hidden}").first).to_be_hidden()
    size = page.locator(".finder .way").first.evaluate(
        "e => parseFloat(getComputedStyle(e).fontSize)"
    )
    assert size >= 21  # 16 pt
