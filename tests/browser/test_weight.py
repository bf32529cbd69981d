"""What a first visit costs: little data, no other site, no cookie that nobody asked for."""

import gzip
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response

from tests.browser.addresses import WORDS, editorial_pages, every_page, search_url, some_services, step_card, url
from tests.browser.conftest import Watch

MOST = 100_000
# What a page needs before it can be read and used; a picture that an editor has put there is not of the frame.
COUNTED = {"document", "stylesheet", "script"}


def compressed(response: Response) -> int:
    """How many bytes of a body travel when the server compresses it, as it does in production."""
    return len(gzip.compress(response.body(), compresslevel=6))


@pytest.mark.parametrize("name", ["home", "search", "service", "card", "stage"])
def test_a_first_visit_is_light(page_phone: Page, name: str):
    addresses = {
        "home": "/fi/",
        "search": search_url(q=WORDS),
        "service": url("directory:service", slug=some_services(1)[0].slug),
        "card": step_card().url,
        "stage": editorial_pages("fi")["stage 1"],
    }
    responses: list[Response] = []
    page_phone.on("response", lambda response: responses.append(response))
    page_phone.goto(addresses[name], wait_until="networkidle")

    sizes = {
        urlsplit(response.url).path: compressed(response)
        for response in responses
        if response.request.resource_type in COUNTED
    }
    assert len(sizes) > 3, "styles and scripts were not seen"
    assert sum(sizes.values()) <= MOST, sorted(sizes.items(), key=lambda item: -item[1])


def test_no_page_asks_another_site_or_leaves_a_cookie(page_desktop: Page, watch: Watch):
    """A page whose only forms ask (GET) leaves nothing behind; the watch sees every request."""
    watch.expect("status of 404")
    left = {}
    for name, address in every_page("fi").items():
        page_desktop.context.clear_cookies()
        page_desktop.goto(address)
        cookies = {cookie["name"] for cookie in page_desktop.context.cookies()}
        if page_desktop.locator("form[method=post]").count() == 0 and cookies:
            left[name] = cookies
        assert cookies <= {"csrftoken"}, (name, cookies)
    assert not left
    assert watch.unexpected() == []


def test_nothing_is_kept_in_the_browser(page_desktop: Page):
    """Someone may be watching: no page writes into the storage of the browser."""
    for address in ("/fi/", step_card().url, search_url(q=WORDS)):
        page_desktop.goto(address)
    page_desktop.locator("#filters details[open] input").first.check()
    page_desktop.wait_for_url("**stage=1**")
    page_desktop.wait_for_load_state("networkidle")

    assert page_desktop.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
