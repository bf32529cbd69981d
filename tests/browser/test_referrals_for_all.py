"""Can everybody use referrals? Every page in every language, by axe and by what can be measured; and paper."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from django.utils.translation import override
from playwright.sync_api import Page, expect

from portal.base import languages
from tests.browser.conftest import Watch
from tests.browser.referral_pages import LEAD_ON, Room, names
from tests.browser.test_accessibility import NARROW, STILL, Findings, look_at


@pytest.mark.parametrize("language", languages.CODES)
def test_every_page_of_referrals(open_page: Callable[..., Page], live_site: str, watch: Watch, language: str):
    """axe, headings, landmarks, width and targets: narrow and dark in every language, wide and light in Finnish too."""
    # What is refused or gone answers with a page, too.
    watch.expect("status of 4")
    browsers = {"narrow": open_page(color_scheme="dark", viewport=NARROW, **STILL)}
    if language == languages.FINNISH:
        browsers["wide"] = open_page(color_scheme="light", **STILL)
    findings, seen = Findings(), set()
    for name, come in Room(language, list(browsers.values()), live_site).looks():
        for page in browsers.values():
            come(page)
            expect(page.locator("h1")).to_have_count(1)
            assert page.get_attribute("html", "lang") == language, name
            with override(language):
                seen.add(resolve(urlsplit(page.url).path).url_name)
        look_at(browsers, name, findings)

    assert not findings.places, f"\n{findings}"
    # A page that is new belongs among those that are looked at.
    assert seen == names() - LEAD_ON
