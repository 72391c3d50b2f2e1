"""The centres as people look for them: ticks, search, list, profile, and a map that is zoomed."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

LIVE = "html[data-state=live]"
FRAME = "#centre-map"


def opened(page: Page, server: object, query: str = "") -> Page:
    page.goto(server.url(f"app/centres{query}"))  # type: ignore[attr-defined]
    page.wait_for_selector(LIVE)
    return page


def view(page: Page) -> list[float]:
    """Return the part of the map that is shown: x, y, width, height in map units."""
    shown = page.locator(f"{FRAME} > svg").get_attribute("viewBox") or ""
    return [float(part) for part in shown.split()]


def size(page: Page, mark: str) -> float:
    box = page.locator(mark).first.bounding_box()
    assert box is not None
    return round(box["width"], 1)


def test_ticks_search_and_country_narrow_list_map_and_link(page: Page, server: object) -> None:
    opened(page, server)
    answer = page.locator(".answer")
    expect(answer).to_have_text("245 cancer centres are in our list.")
    page.get_by_role("checkbox", name="Proton therapy").check()
    expect(answer).to_contain_text("18 of 245 centres are known to meet this: Proton therapy.")
    page.get_by_role("checkbox", name="OECI accredited").check()
    expect(answer).to_contain_text("8 of 245")
    expect(page.locator("[data-region=answer]")).to_contain_text("known not to")
    expect(page.locator("[data-region=symbols] [data-set]")).to_have_count(8)
    expect(page.locator("[data-region=list] tbody tr")).to_have_count(8)
    assert page.evaluate("document.activeElement.id") == "has-oeci_accredited"
    page.get_by_label("Name or city").fill("ORSAY paris")
    page.keyboard.press("Enter")
    expect(answer).to_contain_text("“ORSAY paris”: 0 of 0")
    page.get_by_label("Name or city").fill("krakow")
    page.keyboard.press("Tab")
    page.get_by_role("checkbox", name="OECI accredited").uncheck()
    expect(page.locator("[data-region=list] tbody th")).to_contain_text("Bronowice")
    asked = parse_qs(urlsplit(page.url).query)
    assert asked == {"has": ["proton_therapy"], "find": ["krakow"]}
    page.evaluate(
        "['has-ern_paedcan', 'has-oeci_member'].forEach(i => document.getElementById(i).click())"
    )
    expect(answer).to_contain_text("Proton therapy, ERN PaedCan (cancer in children) and OECI")


def test_a_centre_is_chosen_from_the_list_and_everything_about_it_read(
    page: Page, server: object
) -> None:
    opened(page, server, "?has=proton_therapy")
    page.get_by_role("button", name="Institut Curie").click()
    heading = page.locator(".profile h2")
    expect(heading).to_have_text("Institut Curie")
    expect(heading).to_be_focused()
    expect(page.locator(".profile")).to_contain_text("Orsay")
    expect(page.locator(".profile")).to_contain_text("years old; partial list")
    page.locator(".profile dl .from summary").first.click()
    expect(page.locator(".profile dl .from div").first).to_contain_text("Rights:")
    page.get_by_text("Diagnostics (").click()
    expect(page.locator(".profile .ask").first).to_contain_text("?")
    assert "centre=institut-curie" in page.url
    before = view(page)
    page.get_by_role("button", name="show on the map").click()
    assert view(page)[2] < before[2]
    expect(page.locator(f"{FRAME} .chosen")).to_be_in_viewport()


def test_the_map_is_zoomed_by_buttons_keys_wheel_and_drag(page: Page, server: object) -> None:
    opened(page, server)
    whole = view(page)
    expect(page.get_by_label("Go further away")).to_be_disabled()
    page.locator(FRAME).hover()
    page.mouse.wheel(0, 300)
    page.wait_for_function("scrollY > 0")
    assert view(page) == whole
    many = page.locator(f"{FRAME} [data-zoom-near]:not(.off)").count()
    single = size(page, f"{FRAME} .sym:not(.off)[data-set] .pt")
    page.get_by_label("Come nearer").click()
    assert view(page)[2] == whole[2] / 2
    assert size(page, f"{FRAME} .sym:not(.off)[data-set] .pt") == pytest.approx(single, abs=0.6)
    page.locator(FRAME).focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    moved = view(page)
    assert moved[2] == pytest.approx(whole[2] / 3)
    box = page.locator(FRAME).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=3)
    page.mouse.up()
    assert view(page)[0] < moved[0]
    before = view(page)
    page.mouse.wheel(0, -400)
    page.wait_for_function(
        f"w => document.querySelector('{FRAME} > svg').viewBox.baseVal.width < w", arg=before[2]
    )
    page.keyboard.press("0")
    assert view(page) == whole
    assert page.locator(f"{FRAME} [data-zoom-near]:not(.off)").count() == many


def test_a_group_falls_apart_and_a_symbol_opens_its_profile(
    page: Page, server: object, axe: Callable[[Page], None]
) -> None:
    opened(page, server, "?country=CY")
    group = page.locator(f"{FRAME} [data-zoom-near]:not(.off)")
    expect(group).to_have_attribute("data-tip", "2 centres: come nearer")
    group.click()
    single = page.locator(f"{FRAME} [data-set]:not(.off)")
    expect(single).to_have_count(2)
    single.first.click()
    expect(page.locator(".profile h2")).not_to_have_text("No centre chosen")
    assert page.locator(".profile h2").inner_text() in (
        single.first.get_attribute("data-tip") or ""
    )
    page.get_by_text("Too little known to filter").click()
    axe(page)


def test_phone_never_scrolls_sideways_and_pinches(
    phone: Page, server: object, axe: Callable[[Page], None]
) -> None:
    opened(phone, server, "?has=proton_therapy&centre=bank-of-cyprus-oncology-centre")
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    tops = [
        phone.locator(part).bounding_box()["y"]  # type: ignore[index]
        for part in (".answer", FRAME, ".profile", "table")
    ]
    assert tops == sorted(tops)
    phone.locator(FRAME).scroll_into_view_if_needed()
    box = phone.locator(FRAME).bounding_box()
    assert box is not None
    x, y = box["x"] + 150, box["y"] + 120
    touch = phone.context.new_cdp_session(phone)
    for kind, apart in (("touchStart", 20), ("touchMove", 40), ("touchMove", 80)):
        points = [{"x": x - apart, "y": y}, {"x": x + apart, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert view(phone)[2] == pytest.approx(250, rel=0.2)
    axe(phone)
