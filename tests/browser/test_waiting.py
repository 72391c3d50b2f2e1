"""The page of those who wait for their turn, in a browser: it can be read, and opens by itself."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from canheal_nb.text.home import notebooks_dir

pytestmark = pytest.mark.browser

LIVE = "html[data-state=live]"


@pytest.fixture(scope="module")
def narrow(serve):
    """Serve the apps to one visitor at a time."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CANHEAL_MOST_VISITORS", "1")
        with serve(notebooks_dir() / "apps", preheat=False) as started:
            yield started


def test_who_waits_reads_the_first_view_and_comes_in_by_turn(
    page, phone, scriptless, narrow, axe, watch
):
    watch.expect("503")
    page.goto(narrow.url("app/atlas"))
    page.wait_for_selector(LIVE)
    said = phone.goto(narrow.url("app/atlas?country=SI"))
    assert (said.status, said.headers["retry-after"]) == (503, "10")
    expect(phone.locator("#waiting-said")).to_have_text("You are next.")
    expect(phone.locator("#waiting")).to_contain_text("the view of your link opens")
    expect(phone.locator("h1")).to_have_count(1)
    first = phone.locator("fieldset.shell-plain")
    expect(first).to_contain_text("Where from?", ignore_case=True)
    assert first.locator("select, input, button").evaluate_all(
        "all => all.length > 0 && all.every(one => one.matches(':disabled'))"
    )
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(phone)
    scriptless.goto(narrow.url("app/atlas"))
    expect(scriptless.locator("#waiting-said")).to_have_text("One person is before you.")
    assert re.search(r'content="10; url=/app/atlas\?ticket=[\w-]+"', scriptless.content())
    page.goto("about:blank")
    phone.wait_for_selector(LIVE)
    assert urlsplit(phone.url).query == "country=SI"
    expect(phone.locator("body")).to_contain_text("Slovenia")


def test_a_session_that_ends_for_idleness_is_told(page, narrow, watch):
    """The words are those of the page; when the server says so is tested where it decides."""
    watch.expect("503")
    page.goto(narrow.url("app/atlas"))
    page.wait_for_selector(f"{LIVE}, #waiting")
    page.wait_for_selector(LIVE)
    page.evaluate("shell.fail('kernel-lost')")
    expect(page.locator("#shell-trouble")).to_contain_text("This session has ended")
    expect(page.locator("#shell-trouble")).to_contain_text("After an hour without a click")
    expect(page.locator("#shell-trouble")).to_contain_text("your choices are kept in its address")
