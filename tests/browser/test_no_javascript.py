"""Everything that people come for works with JavaScript off: no button does nothing, no part stays hidden."""

import re

import pytest
from playwright.sync_api import Page, expect

from directory.models import FactReport
from portal.content.models import StagePage
from tests.browser.addresses import (
    MUNICIPALITY,
    MUNICIPALITY_NAME,
    NONSENSE,
    WORDS,
    card_with_tools,
    editorial_pages,
    every_page,
    search_url,
    some_services,
    step_card,
    url,
    word,
)
from tests.browser.conftest import Watch
from tests.browser.looks import idle_buttons


@pytest.fixture
def page(page_no_js: Page) -> Page:
    """The page without JavaScript."""
    return page_no_js


def send(page: Page, button: str) -> None:
    """Press a button in the text of the page."""
    page.locator("main").get_by_role("button", name=button).first.click()


def test_a_citizen_finds_help(page: Page):
    page.goto("/")
    page.get_by_role("searchbox").fill(WORDS)
    page.get_by_role("search").get_by_role("button").click()
    page.get_by_label(word("Municipality"), exact=True).fill(MUNICIPALITY_NAME)
    page.locator("details[data-group=charge] > summary").click()
    page.locator("input[name=charge][value=free]").check()
    send(page, word("Show results"))
    expect(page).to_have_url(re.compile("charge=free"))
    expect(page.locator("#results-heading")).to_contain_text(MUNICIPALITY_NAME)
    expect(page.locator("input[name=charge][value=free]")).to_be_checked()
    results = page.url

    service = page.locator(".listing__title a").first
    title = service.inner_text().replace("\xad", "").strip()
    service.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    send(page, word("Add to my list"))
    expect(page.locator(".add-to-list .is-on")).to_have_count(1)
    page.get_by_role("link", name=word("Back to results")).click()
    expect(page).to_have_url(results)

    # A chosen filter is taken away by its link.
    chips = page.locator(".chip--remove")
    before = chips.count()
    chips.first.click()
    expect(chips).to_have_count(before - 1)


def test_each_choice_is_a_link_too(page: Page):
    page.goto(search_url(q=WORDS))
    page.locator("details[data-group=charge] > summary").click()
    page.locator("details[data-group=charge] .filter__choice a").first.click()

    expect(page).to_have_url(re.compile("charge="))
    expect(page.locator("details[data-group=charge] input:checked")).to_have_count(1)


def test_results_are_paged_and_ordered(page: Page):
    page.goto(search_url(type="service"))
    first = page.locator(".listing__title").first.inner_text()
    page.locator(".pager [rel=next]").click()
    expect(page).to_have_url(re.compile("page=2"))
    assert page.locator(".listing__title").first.inner_text() != first
    page.locator(".sorts a").last.click()
    expect(page.locator(".sorts [aria-current]")).to_have_count(1)


def test_nothing_found_shows_ways_on(page: Page):
    page.goto(search_url(q=NONSENSE, municipality=MUNICIPALITY))

    ways = page.locator(".nothing a")
    expect(ways).not_to_have_count(0)
    assert all(way.get_attribute("href") for way in ways.all())


def test_a_list_is_kept_shown_large_and_emptied(page: Page):
    services = some_services(2)
    for service in services:
        page.goto(url("directory:service", slug=service.slug))
        send(page, word("Add to my list"))
    page.goto(url("directory:my_list"))
    expect(page.locator(".compare__item")).to_have_count(2)
    message = page.locator("#message").input_value()
    assert all(service.title in message for service in services)
    assert page.locator("#share-address").input_value() in message
    # What needs a script is not shown; the way round it is.
    assert not any(button.is_visible() for button in page.locator("[data-print]").all())
    page.get_by_role("link", name=word("Show in large letters")).click()
    expect(page.locator("body")).to_have_class(re.compile("large-print"))
    send(page, word("Remove from my list"))
    expect(page.locator(".compare__item")).to_have_count(1)
    send(page, word("Empty the list"))
    expect(page.locator(".compare__item")).to_have_count(0)


def test_a_mistake_is_told(page: Page, watch: Watch):
    watch.expect("status of 400")
    service = some_services(1)[0]
    page.goto(url("directory:report", slug=service.slug))
    page.locator("#id_message").fill("Ovi on kiinni.")
    page.locator("#id_email").fill("ei-osoite")
    send(page, word("Send the report"))
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("#id_message")).to_have_value("Ovi on kiinni.")
    page.locator("#id_email").fill("")
    send(page, word("Send the report"))
    expect(page).to_have_url(re.compile(url("directory:report_sent", slug=service.slug)))
    assert FactReport.objects.count() == 1


def test_a_worker_finds_options_by_stage(page: Page):
    stage = StagePage.objects.live().get(number="1", locale__language_code="fi")
    page.goto("/fi/")
    page.locator(f"nav.path a[href='{stage.url}']").click()
    expect(page.locator(".stage__worker")).to_contain_text(stage.worker_cue)
    page.locator("#stage-municipality").select_option(MUNICIPALITY)
    page.locator(".stage__where").get_by_role("button").click()
    expect(page).to_have_url(re.compile(f"municipality={MUNICIPALITY}"))
    for number in range(1, 4):
        page.locator("#options .add-to-list button:not(.is-on)").first.click()
        expect(page.locator("#options .is-on")).to_have_count(number)
        expect(page).to_have_url(re.compile(f"municipality={MUNICIPALITY}"))
    page.goto(url("directory:my_list"))
    expect(page.locator(".compare__item")).to_have_count(3)


def test_a_worker_reads_a_card(page: Page):
    card = step_card()
    page.goto(card.url)
    expect(page.locator(".card-steps [aria-current=step]")).to_contain_text(card.title)
    expect(page.locator(".branch")).to_have_count(3)
    page.locator(".previous-next [rel=next]").click()
    expect(page.locator(".card-steps [aria-current=step]")).not_to_contain_text(card.title)

    page.goto(card_with_tools().url)
    page.locator(".part--tool_themes a").first.click()
    page.locator(".tool-row__title a").first.click()
    expect(page.locator("#tool-facts")).to_be_visible()


def test_tools_are_narrowed_by_side_and_need(page: Page):
    page.goto(editorial_pages("fi")["catalogue"])
    every = page.locator(".tool-row").count()
    page.locator(".tool-choice a[href*='side=']").first.click()
    expect(page).to_have_url(re.compile("side="))
    assert 0 < page.locator(".tool-row").count() < every


def test_the_menu_opens_on_a_phone(page: Page):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/fi/")
    page.locator("header .menu > summary").click()
    page.locator("header .nav-narrow").get_by_role("link", name=word("Service path")).click()

    expect(page).to_have_url(re.compile(editorial_pages("fi")["pathway"]))


def test_no_page_shows_a_button_that_does_nothing(page: Page, watch: Watch):
    watch.expect("status of 404")
    found = {}
    for name, address in every_page("fi").items():
        page.goto(address)
        if buttons := idle_buttons(page):
            found[name] = buttons
    # Signing in with a passkey is a matter of scripts, and the page says so.
    assert all("passkey" in button for button in found.pop("login", []))
    assert not found
