"""The shell around every app, on a real server: three small notebooks that lie beside this file."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Page, expect

from canheal_nb.text.home import notebooks_dir

pytestmark = pytest.mark.browser

NOTEBOOKS = Path(__file__).parent / "fixtures"
LIVE = "html[data-state=live]"
SLOW_MS = 61_000


@pytest.fixture(scope="module")
def shell(serve):
    """Serve the three notebooks as by default, each with a warm kernel."""
    with serve(NOTEBOOKS) as started:
        yield started


@pytest.fixture(scope="module")
def cold(serve):
    """Serve them below a base address, without warm kernels."""
    with serve(NOTEBOOKS, base_url="/some/where", preheat=False) as started:
        yield started


def kernels(server) -> list[psutil.Process]:
    """List the processes of a server's kernels; one that has ended meanwhile is none."""
    (nursery,) = psutil.Process(server.process.pid).children()
    assert "canheal_nb.serve.prefork" in command(nursery)
    return nursery.children()


def command(process: psutil.Process) -> list[str]:
    """Return a process's command line; empty when it ended while it was asked."""
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


def kill(processes: list[psutil.Process]) -> None:
    """End processes by their id, as the system does when memory runs out, and wait for it."""
    for process in processes:
        process.kill()
    psutil.wait_procs(processes, timeout=10)


def until_healthy(page: Page, server, condition: str) -> None:
    """Wait until /health, as `h`, meets a condition; opens the landing page to ask from."""
    page.goto(server.url(""))
    page.wait_for_function(
        f"() => fetch('{server.url('health')}').then(r => r.json()).then(h => {condition})",
        polling=200,
    )


def open_live(page: Page, address: str) -> None:
    """Open an app and wait until its widget has taken over the screen."""
    page.goto(address)
    page.wait_for_selector(LIVE)
    expect(page.get_by_role("button", name="Count one more")).to_be_enabled()


def assert_framed(page: Page, language: str = "en", navigations: int = 2) -> None:
    """The page has one h1, the landmarks once each, its language and a viewport."""
    expect(page.locator("h1")).to_have_count(1)
    expect(page.get_by_role("navigation")).to_have_count(navigations)
    for role in ("banner", "main", "contentinfo"):
        expect(page.get_by_role(role)).to_have_count(1)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("meta[name=viewport]")).to_have_count(1)


def test_landing_page_lists_every_app_with_its_decision(page, shell, axe):
    page.goto(shell.url(""))
    assert_framed(page, navigations=1)
    assert page.locator("header a, footer a").count() >= 6
    entries = page.locator(".shell-apps > li")
    expect(entries).to_have_count(3)
    expect(entries.first).to_contain_text("Does the shell hold?")
    expect(entries.first).to_contain_text("Decision: whether an app can be shown.")
    expect(page.get_by_role("main")).to_contain_text("not a medical device")
    axe(page)


def test_language_without_a_catalogue_stays_english(page, shell):
    page.goto(shell.url("?lang=tlh"))
    assert_framed(page, "en", navigations=1)


def test_every_link_of_the_frame_leads_to_something(page, shell, axe):
    page.goto(shell.url(""))
    links = page.locator("header a, footer a").evaluate_all("all => all.map(a => a.href)")
    anchors = {urlsplit(link).fragment for link in links if urlsplit(link).path == "/about"}
    assert anchors == {"help", "sources", "method", "limits", "accessibility"}
    page.goto(shell.url("about"))
    assert_framed(page, navigations=1)
    for anchor in anchors:
        assert page.locator(f"section#{anchor} h2").count() == 1, anchor
    rows = page.locator("#sources tbody tr")
    assert rows.count() > 100
    rows.evaluate_all("all => all.slice(20).forEach(row => row.remove())")  # all are alike
    axe(page)


def test_missing_page_says_so(page, shell, axe, watch):
    watch.expect("404")
    for path in ("app/nothing", "app/..%2Fconftest", "nowhere"):
        answer = page.goto(shell.url(path))
        assert answer.status == 404
        expect(page.locator("h1")).to_have_text("There is no such page")
    assert_framed(page, navigations=1)
    axe(page)


def test_app_is_shown_before_any_script_runs(scriptless, shell):
    scriptless.goto(shell.url("app/counter"))
    expect(scriptless.locator("#canheal-screen h1")).to_be_visible()
    expect(scriptless.locator("#shell-opening")).to_be_hidden()
    assert "JavaScript is switched off" in scriptless.content()


def test_app_answers_and_keeps_its_view_in_the_address(page, shell, axe):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_live(page, shell.url("app/counter?lang=en&place=L%27Aquila"))
    assert_framed(page)
    expect(page.locator("#query")).to_have_text("lang=en&place=L%27Aquila")
    expect(page.locator("#shell-opening")).to_be_hidden()
    page.get_by_role("button", name="Count one more").click()
    expect(page.locator("output")).to_have_text("2")
    page.get_by_role("link", name="Link to this view").click()
    expect(page.get_by_role("link", name="Link copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url == shell.url("app/counter?lang=en&count=1")
    page.get_by_text("About this notebook").click()
    axe(page)


def test_voilas_own_address_leads_to_the_app(page, shell):
    page.goto(shell.url("voila/render/counter.ipynb?lang=en&a=b"), wait_until="commit")
    assert page.url == shell.url("app/counter?lang=en&a=b")


def test_skip_link_is_first_and_leads_to_the_content(page, shell):
    open_live(page, shell.url("app/counter"))
    page.keyboard.press("Tab")
    expect(page.locator(".shell-skip")).to_be_focused()
    expect(page.locator(".shell-skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main#main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Count one more")).to_be_focused()


def test_everything_works_below_a_base_address_and_without_warm_kernels(page, cold):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_live(page, cold.url("app/counter?lang=en&x=1%262"))
    expect(page.locator("#query")).to_have_text("lang=en&x=1%262")
    page.get_by_role("button", name="Count one more").click()
    expect(page.locator("output")).to_have_text("2")
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith((cold.address, "blob:", "data:"))] == []


def test_phone_does_not_scroll_sideways_and_targets_are_large(phone, shell, axe):
    for path in ("", "about", "app/counter", "app/faulty"):
        phone.goto(shell.url(path))
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360, path
        boxes = phone.locator("header a, footer li a").evaluate_all(
            "all => all.map(a => a.getBoundingClientRect().height)"
        )
        assert min(boxes) >= 44, path
    axe(phone)


def test_forced_colours_keep_the_trouble_box_visible(forced, shell, axe):
    forced.goto(shell.url("app/faulty"))
    box = forced.locator("#shell-trouble")
    expect(box).to_be_visible()
    assert box.evaluate("box => getComputedStyle(box).borderTopWidth") == "1px"
    axe(forced)


def test_raising_cell_is_told_in_plain_words(page, shell, axe):
    page.goto(shell.url("app/faulty?lang=en&place=secret"))
    expect(page.locator("h1")).to_have_text("This page could not be opened")
    expect(page.locator(".shell-code")).to_contain_text("cell-error")
    expect(page.locator("#shell-trouble")).to_be_focused()
    for word in ("ValueError", "Traceback", "a secret of the server", "--debug"):
        assert word not in page.content()
    assert_framed(page)
    axe(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Load the page again").click()
    expect(page.locator("h1")).to_have_text("This page could not be opened")


def test_slow_page_says_that_it_is_opening_and_then_that_it_takes_long(page, shell, axe):
    page.clock.install()
    page.goto(shell.url("app/endless"), wait_until="commit")
    expect(page.locator("#shell-opening")).to_have_text("Opening “Does a slow page say so?” …")
    page.clock.fast_forward(SLOW_MS)
    expect(page.locator("h1")).to_have_text("Opening takes longer than it should")
    expect(page.get_by_role("button", name="Load the page again")).to_be_visible()


def test_lost_kernel_is_told_and_the_next_visit_works(page, shell, axe):
    open_live(page, shell.url("app/counter"))
    kill(kernels(shell))
    expect(page.locator("#shell-trouble h2")).to_have_text("This session has ended")
    expect(page.locator("#shell-trouble")).to_be_focused()
    assert_framed(page)
    axe(page)
    page.get_by_role("button", name="Load the page again").click()
    page.wait_for_selector(LIVE)


def test_lost_connection_is_told(page, shell, watch):
    watch.expect("WebSocket")
    doors = []

    def through(door) -> None:
        doors.append(door)
        if len(doors) == 1:
            door.connect_to_server()
        else:
            door.close()

    page.route_web_socket("**/channels*", through)
    open_live(page, shell.url("app/counter"))
    doors[0].close()
    expect(page.locator("#shell-trouble h2")).to_have_text("The connection to the server is lost")


def test_killed_warm_kernel_is_not_handed_out(page, shell):
    until_healthy(page, shell, "h.warm === 3")
    warm = kernels(shell)
    assert len(warm) >= 3
    kill(warm)
    open_live(page, shell.url("app/counter?lang=en&after=kill"))
    expect(page.locator("#query")).to_have_text("lang=en&after=kill")


def test_a_server_that_still_starts_stops_soon_and_without_a_word(serve, capfd):
    with serve(notebooks_dir() / "apps") as started:
        born = psutil.Process(started.process.pid).children(recursive=True)
        assert born
        started.process.terminate()
        started.process.wait(20)
        assert psutil.wait_procs(born, timeout=10)[1] == []
    assert capfd.readouterr().err == ""


def test_a_server_stops_without_a_word_while_a_page_closes(page, serve, capfd):
    with serve(NOTEBOOKS) as started:
        open_live(page, started.url("app/counter"))
        page.close()
        started.process.terminate()
        started.process.wait(20)
    assert capfd.readouterr().err == ""


def test_closed_page_ends_its_kernel(page, shell):
    other = page.context.new_page()
    open_live(other, shell.url("app/counter"))
    until_healthy(page, shell, "h.warm === 3 && h.kernels >= 4")
    before = len(kernels(shell))
    other.close(run_before_unload=True)
    until_healthy(page, shell, f"h.kernels < {before}")


def test_health_and_the_headers_of_every_kind_of_answer(page, shell):
    health = page.request.get(shell.url("health")).json()
    assert health["ok"] is True
    assert health["edition"]
    assert health["kernels"] >= 0
    paths = ("", "about", "health", "app/counter", "nowhere", "voila/static/voila.js")
    for path in paths:
        headers = page.request.get(shell.url(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:;" in policy
        assert f"ws://{urlsplit(shell.address).netloc}" in policy
        assert "frame-ancestors 'self'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in headers


def test_notebooks_and_files_are_not_served_as_they_are(page, shell):
    for path in ("voila/files/counter.ipynb", "voila/api/contents/", "voila/tree/", "files/x"):
        assert page.request.get(shell.url(path)).status == 404, path


def test_every_question_is_one_step_away(page: Page, server: object) -> None:
    page.goto(server.url("app/atlas"))
    page.wait_for_selector("html[data-state=live]")
    screens = page.get_by_role("navigation", name="Questions").get_by_role("link")
    assert screens.all_inner_texts()[:2] == ["Atlas", "Find a centre"]
    assert page.locator("nav [aria-current=page]").inner_text() == "Atlas"
    screens.nth(1).click()
    page.wait_for_selector("html[data-state=live]")
    assert page.locator("nav [aria-current=page]").inner_text() == "Find a centre"
