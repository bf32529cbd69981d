"""The checklist of partnership and help by area in a browser: usable by everybody, on a phone, and without script."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page, expect

from directory.models import County, PartnershipAnswer, PartnershipItem, PartnershipState
from portal.accounts.models import User
from tests.browser.axe import axe_faults, start_axe
from tests.browser.conftest import PHONE, Watch
from tests.browser.looks import look_faults, open_all
from tests.factories.directory import area_administrator


@pytest.fixture
def keeper(site: None) -> User:
    return area_administrator(County.objects.get(pk="15"))


def area_path(language: str = "fi") -> str:
    with translation.override(language):
        return reverse("workspace:partnership_area", args=["15"])


@pytest.mark.parametrize("code", ["fi", "sv"])
def test_the_pages_can_be_used_by_everybody(
    open_page: Callable[..., Page], sign_in: Callable, watch: Watch, keeper: User, code: str
):
    watch.expect("400")
    area_administrator(County.objects.get(pk="06"), "toinen@example.org")
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    faults = []

    def look(name: str) -> None:
        open_all(page)
        start_axe(page)
        faults.extend(f"{name}: {fault}" for fault in (*axe_faults(page), *look_faults(page)))

    with translation.override(code):
        help_path = reverse("content:help_now")
    for query in ("", "?county=15", "?county=06"):
        page.goto(help_path + query)
        look(f"help{query}")
    sign_in(page, keeper)
    page.goto(area_path(code))
    look("empty")
    # A note without an answer: the page with something to mend.
    page.locator("textarea").first.fill("Kesken.")
    page.locator(".partnership-form button").first.click()
    expect(page.locator(".error-summary")).to_be_focused()
    look("to mend")
    assert not faults, "\n".join(faults)


def test_an_area_is_answered_for_without_script(page_no_js: Page, sign_in: Callable, keeper: User):
    page = page_no_js
    sign_in(page, keeper)
    page.goto(reverse("workspace:partnership"))
    item = PartnershipItem.objects.by_group()[0][1][0]
    row = page.locator(f"#item-{item.key}")
    row.locator(f'input[value="{PartnershipState.UNDER_WAY}"]').check()
    row.locator("textarea").fill("Syksyllä.\nToinen rivi.")
    page.locator(".partnership-form button").first.click()
    expect(page.locator(".partnership-form .toast")).to_be_visible()
    answer = PartnershipAnswer.objects.get()
    assert (answer.item, answer.state, answer.note) == (item, PartnershipState.UNDER_WAY, "Syksyllä.\nToinen rivi.")
    # The page as it stands now, sent again, is no change.
    page.locator(".partnership-form button").last.click()
    answer.refresh_from_db()
    assert answer.version == 1


def test_help_of_an_area_is_found_without_script(page_no_js: Page, live_site: str):
    page = page_no_js
    page.goto(reverse("content:help_now"))
    part = page.locator("section", has=page.locator("#help-area"))
    part.locator("select").select_option("15")
    part.locator("button").click()
    expect(part.locator("select")).to_have_value("15")
    expect(part.locator('a[href^="tel:"]').first).to_be_visible()
