"""The atlas as people use it: in a real browser, by mouse, keyboard, phone and link."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

LIVE = "html[data-state=live]"
TIMED = """area => new Promise((resolve, reject) => {
  const root = document.getElementById("canheal-screen");
  const started = performance.now();
  const seen = new MutationObserver(() => {
    seen.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - started)));
  });
  seen.observe(root, {attributes: true, attributeFilter: ["data-views"]});
  setTimeout(() => reject(new Error("no answer")), 5000);
  document.getElementById("u-" + area).dispatchEvent(new MouseEvent("click", {bubbles: true}));
})"""


def opened(page: Page, server: object, query: str = "") -> Page:
    page.goto(server.url(f"app/atlas{query}"))  # type: ignore[attr-defined]
    page.wait_for_selector(LIVE)
    return page


def middle(page: Page, mark: str) -> tuple[float, float]:
    box = page.locator(mark).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_every_control_changes_map_answer_table_and_link(page: Page, server: object) -> None:
    opened(page, server)
    before = page.locator(".answer").inner_text()
    page.get_by_label("Show on the map").select_option("oeci_accredited")
    expect(page.locator(".answer")).to_contain_text("73 centres")
    assert page.locator(".answer").inner_text() != before
    expect(page.locator("#u-AT")).to_have_attribute("aria-label", "Austria: 0 centres")
    expect(page.locator("#t-SE >> xpath=ancestor::tr")).to_contain_text("5 centres")
    page.get_by_label("Country", exact=True).select_option("SI")
    expect(page.locator(".profile h2")).to_have_text("Slovenia")
    shown = page.locator("[data-region=points] path")
    many = shown.count()
    page.get_by_label("all in our list").check()
    expect(shown).to_have_count(235)
    page.get_by_label("none", exact=True).check()
    expect(shown).to_have_count(0)
    assert many == 73
    assert asked(page) == {"show": ["oeci_accredited"], "country": ["SI"], "centres": ["none"]}


def test_every_measure_on_offer_can_be_shown(page: Page, server: object) -> None:
    opened(page, server)
    control = page.get_by_label("Show on the map")
    ids = control.locator("option").evaluate_all("options => options.map(o => o.value)")
    assert len(ids) > 4
    for name in ids[:: max(1, len(ids) // 8)]:
        control.select_option(name)
        page.wait_for_function(
            "name => new URLSearchParams(location.search).get('show') === name"
            " || name === 'radiotherapy_machines_dirac_per_million'",
            arg=name,
        )
        expect(page.locator("[data-region=notice]")).to_be_empty()


def test_hover_focus_and_table_say_the_same(page: Page, server: object) -> None:
    opened(page, server)
    tip = page.locator("[data-tip-box]")
    page.locator("#u-SK").focus()
    expect(tip).to_have_text("Slovakia: 4.4 machines per million people")
    page.locator("h1").hover()
    expect(tip).not_to_be_visible()
    page.mouse.move(*middle(page, "#u-SK"))
    expect(tip).to_have_text("Slovakia: 4.4 machines per million people")
    expect(page.locator("#t-SK >> xpath=ancestor::tr")).to_contain_text(
        "4.4 machines per million people"
    )
    page.mouse.move(*middle(page, "[data-tip^='Institute of Oncology Ljubljana']"))
    expect(tip).to_contain_text("OECI Cancer Centre")
    expect(page.locator("#u-CY")).to_have_attribute("fill", "url(#hatch)")


def test_the_map_is_walked_and_chosen_by_keyboard_alone(page: Page, server: object) -> None:
    opened(page, server)
    page.locator("h1").click()
    for _press in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "u-AT":
            break
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "u-BE"
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.id") == "u-SE"
    assert page.locator("#halo").get_attribute("d") == page.locator("#u-SE").get_attribute("d")
    page.keyboard.press("Enter")
    expect(page.locator(".profile h2")).to_have_text("Sweden")
    expect(page.locator("#u-SE")).to_have_attribute("aria-selected", "true")
    assert page.evaluate("document.activeElement.id") == "u-SE"
    assert page.locator("#ring").get_attribute("d") == page.locator("#u-SE").get_attribute("d")


def test_a_link_opens_the_view_and_a_wrong_one_says_why(page: Page, server: object) -> None:
    opened(page, server, "?show=unmet_medical_need_pct&country=GR")
    expect(page.locator(".profile h2")).to_have_text("Greece")
    expect(page.get_by_label("Show on the map")).to_have_value("unmet_medical_need_pct")
    opened(page, server, "?country=EL")
    expect(page.locator(".notice")).to_contain_text("Greece is written GR here")
    opened(page, server, "?country=%3Cscript%3Ealert(1)%3C/script%3E")
    expect(page.locator(".notice")).to_contain_text("is not known")
    assert page.locator(".notice script").count() == 0


def test_where_from_names_source_year_and_rights(page: Page, server: object) -> None:
    opened(page, server, "?country=SI")
    page.locator(".profile .from summary").first.click()
    said = page.locator(".profile .from div").first
    expect(said).to_contain_text("DIRAC")
    expect(said).to_contain_text("no further rights")
    expect(said).to_contain_text("2026")


def test_axe_finds_nothing(page: Page, server: object, axe: Callable[[Page], None]) -> None:
    opened(page, server, "?country=SI")
    axe(page)


def test_phone_shows_the_answer_first_and_never_scrolls_sideways(
    phone: Page, server: object, axe: Callable[[Page], None]
) -> None:
    opened(phone, server, "?country=PL")
    wide = phone.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    tops = [
        phone.locator(part).bounding_box()["y"]  # type: ignore[index]
        for part in (".answer", ".atlas-map", ".profile", "table")
    ]
    assert tops == sorted(tops)
    assert not phone.get_by_label("Show on the map").is_visible()
    phone.get_by_text("Change what is shown").click()
    assert phone.get_by_label("Show on the map").is_visible()
    axe(phone)


def test_forced_colours_keep_the_map_and_the_selection(forced: Page, server: object) -> None:
    opened(forced, server, "?country=SI")
    light = forced.locator("#u-PL").evaluate("e => getComputedStyle(e).fill")
    dark = forced.locator("#u-IT").evaluate("e => getComputedStyle(e).fill")
    assert light != dark
    ring = forced.locator("#ring").evaluate("e => getComputedStyle(e).stroke")
    assert ring != forced.locator("#u-PL").evaluate("e => getComputedStyle(e).fill")


def test_a_click_repaints_the_map_soon(
    page: Page, server: object, record_property: Callable[[str, object], None]
) -> None:
    opened(page, server)
    areas = ["FR", "DE", "PL", "IT", "ES"]
    times = sorted(page.evaluate(TIMED, areas[i % 5]) for i in range(30))
    record_property("click_to_repaint_ms", {"median": times[15], "p95": times[28]})
    assert times[15] < 1000, times


def test_series_classes_and_every_fact(page: Page, server: object) -> None:
    opened(page, server, "?show=cancer_new_cases_excl_nmsc&country=PL")
    women = "women only"
    expect(page.locator(".profile")).not_to_contain_text(women)
    page.get_by_label("Sex").select_option("F")
    expect(page.locator(".profile")).to_contain_text(women)
    page.get_by_text("More choices").click()
    page.get_by_label("Classes of the legend").select_option("natural")
    page.get_by_label("Bounds of your own, such as 5,7,9").fill("5,x")
    page.get_by_label("Classes of the legend").select_option("fixed")
    expect(page.locator(".notice")).to_contain_text("is not understood")
    page.get_by_label("Bounds of your own, such as 5,7,9").fill("10000,100000")
    page.keyboard.press("Enter")
    page.get_by_label("Classes of the legend").select_option("fixed")
    expect(page.locator(".legend svg .bar")).to_have_count(4)
    page.get_by_text("Show every fact about this country").click()
    expect(page.get_by_role("heading", name="Everything known about Poland")).to_be_visible()


def test_what_is_seen_can_be_saved_with_its_citation(page: Page, server: object) -> None:
    opened(page, server, "?show=unmet_medical_need_pct&country=SI")
    for kind, start in (("CSV", b"\xef\xbb\xbf"), ("XLSX", b"PK"), ("PNG", b"\x89PNG")):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=kind, exact=True).click()
        saved = waiting.value.path().read_bytes()
        assert saved.startswith(start), kind
    with page.expect_download() as waiting:
        page.get_by_role("button", name="SVG", exact=True).click()
    picture = waiting.value.path().read_text(encoding="utf-8")
    assert "canheal_nb, edition" in picture
    assert "country=SI" in picture


def test_a_closed_source_is_not_handed_out_as_a_table(page: Page, server: object) -> None:
    opened(page, server)
    page.get_by_role("button", name="CSV", exact=True).click()
    expect(page.locator(".notice")).to_contain_text("do not allow it to be passed on")
