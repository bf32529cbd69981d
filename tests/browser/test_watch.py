"""The watch sees what no page of ours may do, and axe runs under a policy that forbids inline code."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.axe import assert_no_axe_violations
from tests.browser.conftest import Watch

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:"
GOOD = '<!doctype html><html lang="fi"><head><title>Koe</title></head><body><main><h1>Koe</h1>{}</main></body></html>'


@pytest.fixture
def show(page_desktop: Page) -> Callable[[str], Page]:
    """Shows a made-up page of our own address under the strict policy."""

    def show(inside: str) -> Page:
        page_desktop.route(
            "**/made-up/",
            lambda route: route.fulfill(
                body=GOOD.format(inside),
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": POLICY},
            ),
        )
        page_desktop.route("https://other.example/**", lambda route: route.abort())
        page_desktop.goto("/made-up/")
        return page_desktop

    return show


def test_a_good_page_passes(show: Callable[[str], Page], watch: Watch):
    page = show("<p>Hyvää päivää</p>")

    assert_no_axe_violations(page)
    assert watch.unexpected() == []


@pytest.mark.parametrize(
    ("inside", "fault"),
    [
        ("<script>1</script>", "CSP: script-src-elem forbids inline"),
        ('<p style="color: red">', "CSP: style-src-attr forbids inline"),
        ('<img alt="" src="https://other.example/a.png">', "asked https://other.example/a.png"),
        ('<img alt="" src="/no-such-picture.png">', "Failed to load resource"),
    ],
)
def test_a_bad_page_is_seen(show: Callable[[str], Page], watch: Watch, inside: str, fault: str):
    show(inside).wait_for_load_state("networkidle")

    assert any(fault in seen for seen in watch.unexpected()), watch.faults
    for seen in watch.unexpected():
        watch.expect(seen)


def test_axe_finds_what_is_there_to_find(show: Callable[[str], Page]):
    page = show("<button></button>")

    with pytest.raises(AssertionError, match="button-name"):
        assert_no_axe_violations(page)


def test_a_page_without_javascript_runs_none(page_no_js: Page, watch: Watch):
    page_no_js.route("**/made-up/", lambda route: route.fulfill(body="<p>1</p><script>document.body.remove()</script>"))
    page_no_js.goto("/made-up/")

    assert page_no_js.inner_text("p") == "1"
